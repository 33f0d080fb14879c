/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as programs: the same truth as the expression, in the order of what questions cost. */
#include "support/unit.h"

#include <errno.h>

#include "rule/program.h"
#include "support/fake_event.h"
#include "support/ir_kit.h"

enum { LEAVES = 4, NAME = NP_FIELD_EVENT_NAME };

/* Leaf i of a kit is true when field i exists. */
static np_expr_id random_condition(struct ir_kit *kit, uint64_t *seed, int depth)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    unsigned kind = *seed >> 40 & 7;
    if (depth == 0 || kind < 2)
        return kit_exists(kit, *seed >> 50 & (LEAVES - 1));
    if (kind == 2)
        return kit_not(kit, random_condition(kit, seed, depth - 1));
    np_expr_id children[5];
    size_t count = *seed >> 45 & 3;
    for (size_t i = 0; i < count; i++)
        children[i] = random_condition(kit, seed, depth - 1);
    return kit_join(kit, kind < 5 ? NP_EXPR_AND : NP_EXPR_OR, children, count);
}

static void comes_to_what_the_expression_comes_to(void **state)
{
    (void) state;
    enum { CONDITIONS = 400 };
    uint64_t seed = 7;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_programs programs = {};
    static np_expr_id conditions[CONDITIONS];
    static uint32_t starts[CONDITIONS];
    for (size_t i = 0; i < CONDITIONS; i++) {
        conditions[i] = random_condition(&kit, &seed, 5);
        assert_int_equal(np_program_add(&programs, &kit.set.ir, conditions[i], &starts[i]), 0);
    }
    struct np_ready_set *ready = NULL;
    struct np_evaluator evaluator;
    assert_int_equal(np_ready_set_new(&ready, &kit.set.ir), 0);
    assert_int_equal(np_evaluator_init(&evaluator, ready), 0);
    for (unsigned truths = 0; truths < 1 << LEAVES; truths++) {
        struct fake_event fake;
        fake_event_init(&fake);
        for (size_t i = 0; i < LEAVES; i++)
            if ((truths >> i & 1) != 0)
                fake.values[i] = null_value();
        np_evaluator_begin(&evaluator, &fake.event);
        for (size_t i = 0; i < CONDITIONS; i++) {
            unsigned limits = 0;
            assert_int_equal(
                np_program_run(&programs, starts[i], &evaluator, &limits),
                np_condition_run_plainly(&kit.set.ir, conditions[i], &evaluator, &limits));
        }
    }
    np_evaluator_done(&evaluator);
    np_ready_set_free(&ready);
    np_vec_done(&programs.steps);
    ir_kit_done(&kit);
}

static void asks_cheap_questions_first(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_literal word = kit_pattern(&kit, "*word*");
    struct np_literal texts[20];
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++)
        texts[i] = kit_pattern(&kit, "text");
    np_expr_id leaves[] = {
        /* dearest first */
        kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1),
        kit_match(&kit, NP_FIELD_FIXED_COUNT, kit_regex("x")),
        kit_match(&kit, NAME, kit_regex("x")),
        kit_same(&kit, NAME, NP_FIELD_EVENT_SOURCE, NP_PATTERN_EXACT),
        kit_leaf(&kit, NP_PRED_MATCH, NAME, texts, NP_ARRAY_LEN(texts)),
        kit_match(&kit, NAME, kit_cidr("1.2.3.4")),
        kit_exists(&kit, NAME), /* cheap, but mostly true */
        kit_match(&kit, NAME, kit_pattern(&kit, "text")),
    };
    np_expr_id condition = kit_join(&kit, NP_EXPR_AND, leaves, NP_ARRAY_LEN(leaves));
    struct np_programs programs = {};
    uint32_t at = 0;
    assert_int_equal(np_program_add(&programs, &kit.set.ir, condition, &at), 0);
    for (size_t i = NP_ARRAY_LEN(leaves); i-- > 0;) {
        const struct np_step *step = &programs.steps.items[at];
        assert_int_equal(step->pred, kit.set.ir.exprs.items[leaves[i]].pred);
        assert_int_equal(step->if_false, NP_STEP_FALSE);
        at = step->if_true;
    }
    assert_int_equal(at, NP_STEP_TRUE);
    np_vec_done(&programs.steps);
    ir_kit_done(&kit);
}

/* The predicate that the condition is asked first. */
static np_pred_id first_pred(struct ir_kit *kit, np_expr_id condition)
{
    struct np_programs programs = {};
    uint32_t at = 0;
    assert_int_equal(np_program_add(&programs, &kit->set.ir, condition, &at), 0);
    np_pred_id first = programs.steps.items[at].pred;
    np_vec_done(&programs.steps);
    return first;
}

static void asks_first_what_mostly_decides(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id short_one = kit_match(&kit, NAME, kit_pattern(&kit, "text"));
    np_expr_id long_one = kit_match(&kit, NAME, kit_cidr("1.2.3.4"));
    np_expr_id any = kit_or(&kit, kit_not(&kit, short_one), kit_not(&kit, short_one));
    np_pred_id is_short = kit.set.ir.exprs.items[short_one].pred;
    np_pred_id is_long = kit.set.ir.exprs.items[long_one].pred;
    assert_int_equal(first_pred(&kit, kit_and(&kit, long_one, short_one)), is_short);
    assert_int_equal(first_pred(&kit, kit_and(&kit, kit_not(&kit, short_one), long_one)), is_long);
    assert_int_equal(first_pred(&kit, kit_and(&kit, any, long_one)), is_long);
    assert_int_equal(first_pred(&kit, kit_or(&kit, short_one, kit_not(&kit, long_one))), is_long);
    assert_int_equal(first_pred(&kit, kit_or(&kit, long_one, kit_not(&kit, short_one))), is_short);
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id condition = kit_or(&kit, kit_exists(&kit, 1), kit_not(&kit, kit_exists(&kit, 2)));
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_programs programs = {};
        uint32_t start = 0;
        np_alloc_fail_at(n);
        r = np_program_add(&programs, &kit.set.ir, condition, &start);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_vec_done(&programs.steps);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_to_what_the_expression_comes_to),
        cmocka_unit_test(asks_cheap_questions_first),
        cmocka_unit_test(asks_first_what_mostly_decides),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
