/* SPDX-License-Identifier: Apache-2.0 */
/* Which answers a rule is found by. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "rule/index/witness.h"
#include "support/ir_kit.h"

enum {
    NAME = NP_FIELD_EVENT_NAME,
    SOURCE = NP_FIELD_EVENT_SOURCE,
    AGENT = NP_FIELD_USER_AGENT,
    REQUEST = NP_FIELD_REQUEST_PARAMETERS,
    PARAMETER = NP_FIELD_FIXED_COUNT
};

static np_expr_id is(struct ir_kit *kit, np_field_id field, const char *pattern)
{
    return kit_match(kit, field, kit_pattern(kit, pattern));
}

/*
 * The witnesses of `condition` are those of the leaves, ended by UINT32_MAX; "not" of a leaf is
 * NOT(leaf).
 */
#define NOT(leaf) ((leaf) | 1u << 31)

static void expect(struct ir_kit *kit, np_expr_id condition, const np_expr_id *leaves)
{
    struct np_field_values values;
    struct np_witness_list list = {};
    assert_int_equal(np_field_values_init(&values, &kit->set.ir, kit->set.field_names), 0);
    assert_int_equal(np_witness_find(&list, &kit->set.ir, &values, condition), NP_WITNESS_FOUND);
    size_t i = 0;
    for (; leaves[i] != UINT32_MAX; i++) {
        assert_true(i < list.witnesses.len);
        const struct np_witness *witness = &list.witnesses.items[i];
        assert_int_equal(witness->negative, leaves[i] >> 31);
        assert_int_equal(witness->pred, kit->set.ir.exprs.items[leaves[i] & ~NOT(0)].pred);
    }
    assert_int_equal(list.witnesses.len, i);
    np_vec_done(&list.witnesses);
    np_field_values_done(&values);
}

#define EXPECT(kit, condition, ...)                                                                \
    expect((kit), (condition), (const np_expr_id[]){__VA_ARGS__, UINT32_MAX})

static enum np_witness_result result_of(struct ir_kit *kit, np_expr_id condition)
{
    struct np_field_values values;
    struct np_witness_list list = {};
    assert_int_equal(np_field_values_init(&values, &kit->set.ir, kit->set.field_names), 0);
    enum np_witness_result result = np_witness_find(&list, &kit->set.ir, &values, condition);
    np_vec_done(&list.witnesses);
    np_field_values_done(&values);
    return result;
}

static void takes_the_best_of_what_holds_together(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (int i = 0; i < 50; i++) { /* many names are known, and few sources */
        char name[16];
        (void) snprintf(name, sizeof(name), "Call%d", i);
        (void) is(&kit, NAME, name);
        (void) is(&kit, SOURCE, i % 5 == 0 ? name : "iam");
    }
    np_expr_id name = is(&kit, NAME, "CreateUser");
    np_expr_id source = is(&kit, SOURCE, "iam");
    np_expr_id literal = is(&kit, AGENT, "*kali-linux*");
    np_expr_id in_object = is(&kit, REQUEST, "*long-literal*");
    np_expr_id short_literal = is(&kit, AGENT, "*abc*");
    np_expr_id middling_literal = is(&kit, AGENT, "*kali*");
    np_expr_id wildcard = is(&kit, NAME, "List*Users");
    np_expr_id regex = kit_match(&kit, AGENT, kit_regex("x"));
    np_expr_id sought = kit_match(&kit, AGENT, kit_regex("kali-linux|parrot-os"));
    np_expr_id short_sought = kit_match(&kit, AGENT, kit_regex("kali"));
    np_expr_id network = kit_match(&kit, AGENT, kit_cidr("10.0.0.0/8"));
    np_expr_id exists = kit_exists(&kit, AGENT);
    np_expr_id null = kit_match(&kit, AGENT, kit_null());
    np_expr_id unread = is(&kit, PARAMETER, "*kali-linux*");
    np_expr_id same = kit_same(&kit, NAME, SOURCE, NP_PATTERN_EXACT);
    struct np_literal word = kit_pattern(&kit, "*word*");
    np_expr_id keyword = kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1);
    EXPECT(&kit, kit_and(&kit, source, name), name);
    EXPECT(&kit, kit_and(&kit, name, source), name);
    EXPECT(&kit, kit_and(&kit, source, in_object), source);
    EXPECT(&kit, kit_and(&kit, literal, source), literal);
    EXPECT(&kit, kit_and(&kit, regex, source), source);
    EXPECT(&kit, kit_and(&kit, regex, short_literal), short_literal);
    EXPECT(&kit, kit_and(&kit, regex, network), network);
    EXPECT(&kit, kit_and(&kit, middling_literal, wildcard), wildcard);
    EXPECT(&kit, kit_and(&kit, sought, source), sought);
    EXPECT(&kit, kit_and(&kit, sought, literal), literal);
    EXPECT(&kit, kit_and(&kit, short_sought, source), short_sought);
    EXPECT(&kit, kit_and(&kit, short_literal, short_sought), short_sought);
    EXPECT(&kit, kit_and(&kit, exists, regex), regex);
    EXPECT(&kit, kit_and(&kit, kit_not(&kit, exists), null), NOT(exists));
    EXPECT(&kit, kit_and(&kit, unread, literal), literal);
    EXPECT(&kit, kit_and(&kit, kit_not(&kit, name), regex), regex);
    EXPECT(&kit, kit_and(&kit, keyword, exists), exists);
    EXPECT(&kit, kit_and(&kit, keyword, same), keyword);
    ir_kit_done(&kit);
}

static void takes_no_service_for_rare(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (int i = 0; i < 200; i++) {
        char service[24];
        (void) snprintf(service, sizeof(service), "service%d", i);
        (void) is(&kit, SOURCE, service);
    }
    np_expr_id source = is(&kit, SOURCE, "service7");
    np_expr_id wildcard = is(&kit, NAME, "Create*Role");
    EXPECT(&kit, kit_and(&kit, source, wildcard), wildcard);
    ir_kit_done(&kit);
}

static void needs_all_of_what_holds_by_itself(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id a = is(&kit, NAME, "a");
    np_expr_id b = is(&kit, AGENT, "*b-is-long*");
    np_expr_id c = is(&kit, SOURCE, "c");
    EXPECT(&kit, a, a);
    EXPECT(&kit, kit_or(&kit, a, b), a, b);
    EXPECT(&kit, kit_and(&kit, kit_or(&kit, a, b), kit_exists(&kit, AGENT)), a, b);
    EXPECT(&kit, kit_not(&kit, a), NOT(a));
    EXPECT(&kit, kit_not(&kit, kit_and(&kit, a, c)), NOT(a), NOT(c));
    EXPECT(&kit,
           kit_not(&kit, kit_or(&kit, kit_not(&kit, b), kit_not(&kit, kit_exists(&kit, NAME)))), b);
    ir_kit_done(&kit);
}

static void tells_when_there_is_none(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id same = kit_same(&kit, NAME, SOURCE, NP_PATTERN_EXACT);
    np_expr_id name = is(&kit, NAME, "a");
    struct np_literal word = kit_pattern(&kit, "*word*");
    np_expr_id keyword = kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1);
    np_expr_id always = 0;
    np_expr_id never = 0;
    assert_int_equal(np_ir_constant(&kit.set.ir, true, &always), 0);
    assert_int_equal(np_ir_constant(&kit.set.ir, false, &never), 0);
    assert_int_equal(result_of(&kit, same), NP_WITNESS_NONE);
    assert_int_equal(result_of(&kit, kit_not(&kit, same)), NP_WITNESS_NONE);
    assert_int_equal(result_of(&kit, kit_or(&kit, same, name)), NP_WITNESS_NONE);
    assert_int_equal(result_of(&kit, kit_not(&kit, keyword)), NP_WITNESS_NONE);
    assert_int_equal(result_of(&kit, always), NP_WITNESS_NONE);
    assert_int_equal(result_of(&kit, never), NP_WITNESS_NEVER);
    assert_int_equal(result_of(&kit, keyword), NP_WITNESS_FOUND);
    assert_int_equal(result_of(&kit, kit_and(&kit, same, name)), NP_WITNESS_FOUND);
    ir_kit_done(&kit);
}

static void counts_each_value_of_a_field_once(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    const struct np_literal literals[] = {
        kit_pattern(&kit, "a"), kit_pattern(&kit, "A"), kit_pattern(&kit, "b*"),
        kit_number("5"),        kit_number("6"),        kit_null(),
        kit_pattern(&kit, "b"),
    };
    (void) kit_leaf(&kit, NP_PRED_MATCH, NAME, literals, NP_ARRAY_LEN(literals));
    (void) kit_leaf(&kit, NP_PRED_MATCH, NAME, literals, 4);
    (void) kit_leaf(&kit, NP_PRED_MATCH, SOURCE, literals, 1);
    (void) kit_leaf(&kit, NP_PRED_GT, SOURCE, &literals[3], 1);
    struct np_field_values values;
    assert_int_equal(np_field_values_init(&values, &kit.set.ir, kit.set.field_names), 0);
    assert_int_equal(values.counts[NAME], 4);
    assert_int_equal(values.counts[SOURCE], 1);
    np_field_values_done(&values);
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id name = is(&kit, NAME, "a");
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_field_values values;
        np_alloc_fail_at(n);
        r = np_field_values_init(&values, &kit.set.ir, kit.set.field_names);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (r < 0)
            continue;
        struct np_witness_list list = {};
        np_alloc_fail_at(0);
        assert_int_equal(np_witness_find(&list, &kit.set.ir, &values, name), NP_WITNESS_NO_MEMORY);
        np_field_values_done(&values);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_best_of_what_holds_together),
        cmocka_unit_test(takes_no_service_for_rare),
        cmocka_unit_test(needs_all_of_what_holds_by_itself),
        cmocka_unit_test(tells_when_there_is_none),
        cmocka_unit_test(counts_each_value_of_a_field_once),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
