/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index: buckets by log source, the probes that rules lead to. What it finds is tested in
 * tests/property/index.c.
 */
#include "support/unit.h"

#include <errno.h>

#include "rule/index/index.h"
#include "support/ir_kit.h"

enum { NAME = NP_FIELD_EVENT_NAME, SOURCE = NP_FIELD_EVENT_SOURCE, AGENT = NP_FIELD_USER_AGENT };

static void build(struct ir_kit *kit)
{
    assert_int_equal(np_rule_index_new(&kit->set.index, &kit->set), 0);
}

static np_expr_id is(struct ir_kit *kit, np_field_id field, const char *pattern)
{
    return kit_match(kit, field, kit_pattern(kit, pattern));
}

static void sorts_rules_by_what_they_name(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    static const char *const named[][3] = {
        {"aws", "", "cloudtrail"}, {"", "", ""},           {"AWS", "", "CloudTrail"},
        {"aws", "", ""},           {"", "cloudtrail", ""}, {"aws", "", "cloudtrail"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(named); i++) {
        struct np_rule *rule = kit_rule(&kit, is(&kit, NAME, "x"));
        rule->product = named[i][0];
        rule->category = named[i][1];
        rule->service = named[i][2];
    }
    build(&kit);
    const struct np_rule_index *index = kit.set.index;
    assert_int_equal(index->buckets.len, 4);
    struct np_run rules = index->buckets.items[0].rules;
    assert_int_equal(rules.count, 3);
    assert_int_equal(index->rule_lists.items[rules.first], 0);
    assert_int_equal(index->rule_lists.items[rules.first + 1], 2);
    assert_int_equal(index->rule_lists.items[rules.first + 2], 5);
    ir_kit_done(&kit);
}

static void takes_events_by_each_key_that_is_named(void **state)
{
    (void) state;
    static const struct {
        struct np_bucket bucket;
        struct np_logsource logsource;
        bool takes;
    } cases[] = {
        {{}, {}, true},
        {{}, {.product = {"aws", 3}}, true},
        {{.product = {"aws", 3}}, {}, false},
        {{.product = {"aws", 3}}, {.product = {"AWS", 3}}, true},
        {{.product = {"aws", 3}}, {.category = {"aws", 3}}, false},
        {{.product = {"aws", 3}, .service = {"cloudtrail", 10}}, {.product = {"aws", 3}}, false},
        {{.product = {"aws", 3}},
         {.product = {"aws", 3}, .service = {"cloudtrail", 10}, .category = {"x", 1}},
         true},
        {{.category = {"process_creation", 16}}, {.category = {"Process_Creation", 16}}, true},
        {{.service = {"audi", 4}}, {.service = {"audit", 5}}, false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_bucket_takes(&cases[i].bucket, &cases[i].logsource), cases[i].takes);
    assert_true(np_bucket_takes(&cases[0].bucket, NULL));
    assert_false(np_bucket_takes(&cases[2].bucket, NULL));
}

static void makes_one_probe_a_field_and_one_slot_a_witness(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    /* Names are known in many forms, so they tell more than the one source that all rules have. */
    static const char *const names[] = {"CreateUser", "DeleteUser", "GetUser", "CreateUser"};
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++)
        (void) kit_rule(&kit, kit_and(&kit, is(&kit, SOURCE, "iam"), is(&kit, NAME, names[i])));
    (void) kit_rule(&kit, is(&kit, AGENT, "*kali*"));
    build(&kit);
    const struct np_rule_index *index = kit.set.index;
    assert_int_equal(index->probes.len, 2);
    const struct np_probe *name = &index->probes.items[0];
    assert_int_equal(name->field, NAME);
    assert_int_equal(name->slots.count, 3);
    assert_int_equal(name->exact.len, 3);
    assert_int_equal(index->slots.slots.items[name->slots.first].rules.count, 2);
    assert_int_equal(index->probes.items[1].field, AGENT);
    assert_int_equal(index->buckets.items[0].always.count, 0);
    ir_kit_done(&kit);
}

static void keeps_rules_without_a_witness_apart(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_literal word = kit_pattern(&kit, "*word*");
    np_expr_id keyword = kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1);
    np_expr_id always = 0;
    np_expr_id never = 0;
    assert_int_equal(np_ir_constant(&kit.set.ir, true, &always), 0);
    assert_int_equal(np_ir_constant(&kit.set.ir, false, &never), 0);
    (void) kit_rule(&kit, kit_same(&kit, NAME, SOURCE, NP_PATTERN_EXACT));
    (void) kit_rule(&kit, kit_not(&kit, keyword));
    (void) kit_rule(&kit, always);
    (void) kit_rule(&kit, never);
    (void) kit_rule(&kit, keyword);
    (void) kit_rule(&kit, kit_not(&kit, is(&kit, NAME, "x")));
    build(&kit);
    const struct np_bucket *bucket = &kit.set.index->buckets.items[0];
    assert_int_equal(bucket->always.count, 3);
    assert_int_equal(bucket->keywords.count, 1);
    assert_int_equal(bucket->probes.count, 1);
    /* "not x" comes out where the field is not there, too. */
    assert_int_equal(kit.set.index->probes.items[0].absent.count, 1);
    ir_kit_done(&kit);
}

/* Which fields narrow `rule` where the event is of `type`, sorted by id; "" = none. */
static void expect_narrowed(const struct ir_kit *kit, np_pred_id type, uint32_t rule,
                            const char *fields)
{
    const struct np_rule_index *index = kit->set.index;
    np_auto_buf struct np_buf names;
    np_buf_init(&names, 1024);
    for (uint32_t i = 0; i < index->slots.slots.len; i++) {
        const struct np_slot *slot = &index->slots.slots.items[i];
        for (uint32_t j = 0; j < slot->rules.count; j++) {
            uint32_t place = slot->rules.first + j;
            if (slot->pred != type || index->slots.slot_rules.items[place] != rule)
                continue;
            for (uint64_t rest = index->narrowers[place]; rest != 0; rest &= rest - 1) {
                uint32_t probe = index->first_narrower + (uint32_t) __builtin_ctzll(rest);
                np_field_id field = index->probes.items[probe].field;
                (void) np_buf_add_str(&names, names.len > 0 ? " " : "");
                (void) np_buf_add_span(&names, np_field_name(kit->set.field_names, field));
            }
        }
    }
    assert_span_equal(np_buf_span(&names), fields);
}

static np_pred_id pred_of(const struct ir_kit *kit, np_expr_id expr)
{
    return kit->set.ir.exprs.items[expr].pred;
}

static void narrows_rules_that_are_found_by_the_type_of_a_call(void **state)
{
    (void) state;
    struct ir_kit kit;
    np_field_id type = 0;
    np_field_id character = 0;
    ir_kit_init(&kit);
    assert_int_equal(np_field_intern(kit.set.field_names, NP_SPAN("evt.type"), &type), 0);
    assert_int_equal(np_field_intern(kit.set.field_names, NP_SPAN("fd.typechar"), &character), 0);
    np_expr_id open = kit_match(&kit, type, kit_cased(&kit, "open"));
    np_expr_id rename = kit_match(&kit, type, kit_cased(&kit, "rename"));
    np_expr_id shadow = is(&kit, AGENT, "*/etc/shadow");
    np_expr_id passwd = is(&kit, NAME, "*/etc/passwd");
    np_expr_id lonely = is(&kit, SOURCE, "*/etc/group");
    np_expr_id often = is(&kit, character, "f");
    (void) kit_rule(&kit, kit_and(&kit, open, shadow));
    (void) kit_rule(&kit, kit_and(&kit, open, kit_or(&kit, shadow, passwd)));
    (void) kit_rule(&kit, kit_or(&kit, kit_and(&kit, open, shadow), kit_and(&kit, rename, passwd)));
    (void) kit_rule(&kit, kit_and(&kit, open, kit_or(&kit, lonely, shadow)));
    (void) kit_rule(&kit, open);
    (void) kit_rule(&kit, kit_and(&kit, open, often));
    (void) kit_rule(&kit, kit_and(&kit, open, kit_not(&kit, shadow)));
    (void) kit_rule(&kit, rename);
    (void) kit_rule(&kit, kit_and(&kit, kit_or(&kit, open, rename), kit_and(&kit, shadow, often)));
    build(&kit);
    np_pred_id by_open = pred_of(&kit, open);
    np_pred_id by_rename = pred_of(&kit, rename);
    expect_narrowed(&kit, by_open, 0, "userAgent");
    expect_narrowed(&kit, by_open, 1, "eventName userAgent");
    expect_narrowed(&kit, by_open, 2, "userAgent");
    expect_narrowed(&kit, by_rename, 2, "eventName");
    expect_narrowed(&kit, by_open, 8, "userAgent");
    expect_narrowed(&kit, by_rename, 8, "userAgent");
    for (uint32_t i = 3; i < 8; i++)
        expect_narrowed(&kit, by_open, i, "");
    assert_int_equal(kit.set.index->first_narrower, kit.set.index->buckets.items[0].probes.count);
    ir_kit_done(&kit);
}

static void holds_no_rules(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    build(&kit);
    assert_int_equal(kit.set.index->buckets.len, 0);
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_literal word = kit_pattern(&kit, "*keyword*");
    np_expr_id parts[] = {
        is(&kit, NAME, "*User*"),
        kit_match(&kit, NAME, kit_cased(&kit, "CreateUser")),
        kit_match(&kit, NAME, kit_number("5")),
        kit_not(&kit, is(&kit, AGENT, "x")),
        kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1),
    };
    (void) kit_rule(&kit, kit_join(&kit, NP_EXPR_OR, parts, NP_ARRAY_LEN(parts)));
    (void) kit_rule(&kit, kit_same(&kit, NAME, AGENT, NP_PATTERN_EXACT));
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        np_alloc_fail_at(n);
        r = np_rule_index_new(&kit.set.index, &kit.set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && kit.set.index == NULL));
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_rules_by_what_they_name),
        cmocka_unit_test(takes_events_by_each_key_that_is_named),
        cmocka_unit_test(makes_one_probe_a_field_and_one_slot_a_witness),
        cmocka_unit_test(keeps_rules_without_a_witness_apart),
        cmocka_unit_test(narrows_rules_that_are_found_by_the_type_of_a_call),
        cmocka_unit_test(holds_no_rules),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
