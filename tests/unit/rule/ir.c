/* SPDX-License-Identifier: Apache-2.0 */
/* The IR: equal predicates are one, constants fold away, bounds hold. */
#include "support/unit.h"

#include <errno.h>

#include "support/ir_kit.h"

static np_pred_id pred_of(struct ir_kit *kit, struct np_pred pred)
{
    np_pred_id id = 0;
    assert_int_equal(np_ir_pred(&kit->set.ir, &pred, &id), 0);
    return id;
}

static void shares_equal_predicates(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    char text[] = "CreateUser";
    struct np_literal one = kit_pattern_of(&kit, np_span_of(text), true);
    struct np_pred pred = {.op = NP_PRED_MATCH, .field = 3, .literals = &one, .literal_count = 1};
    np_pred_id first = pred_of(&kit, pred);
    memset(text, 'x', sizeof(text)); /* the IR has its own copies */
    struct np_literal again = kit_pattern(&kit, "CREATEUSER");
    pred.literals = &again;
    assert_int_equal(pred_of(&kit, pred), first);
    assert_span_equal(kit.set.ir.preds.items[first].literals[0].pattern.text, "createuser");
    ir_kit_done(&kit);
}

static void tells_predicates_apart_by_every_part(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_regex_source plain = {.pattern = NP_SPAN("a")};
    struct np_regex_source cased = {.pattern = NP_SPAN("a"), .ignore_case = true};
    struct np_regex_source lines = {.pattern = NP_SPAN("a"), .multi_line = true};
    struct np_regex_source dots = {.pattern = NP_SPAN("a"), .dot_all = true};
    const struct np_literal literals[] = {
        kit_pattern(&kit, "a"),
        kit_cased(&kit, "a"),
        kit_pattern(&kit, "a*"),
        kit_pattern(&kit, "*a"),
        kit_pattern(&kit, "*a*"),
        kit_pattern(&kit, "*"),
        kit_pattern(&kit, "a?"),
        kit_pattern(&kit, "?a"),
        kit_pattern(&kit, "a*b*c"),
        kit_pattern(&kit, "a*bc"),
        kit_number("1"),
        kit_number("1.5"),
        kit_cidr("10.0.0.0/8"),
        kit_cidr("10.0.0.0/9"),
        kit_null(),
        {.kind = NP_LITERAL_REGEX, .regex = plain},
        {.kind = NP_LITERAL_REGEX, .regex = cased},
        {.kind = NP_LITERAL_REGEX, .regex = lines},
        {.kind = NP_LITERAL_REGEX, .regex = dots},
    };
    enum { COUNT = NP_ARRAY_LEN(literals) };
    for (size_t i = 0; i < COUNT; i++)
        (void) pred_of(&kit, (struct np_pred){.literals = &literals[i], .literal_count = 1});
    assert_int_equal(kit.set.ir.preds.len, COUNT);
    /* Two literals, another field, another operator, the other field and how it is compared. */
    (void) pred_of(&kit, (struct np_pred){.literals = literals, .literal_count = 2});
    (void) pred_of(&kit, (struct np_pred){.literals = literals, .literal_count = 1, .field = 1});
    (void) pred_of(&kit, (struct np_pred){.op = NP_PRED_EXISTS});
    (void) pred_of(&kit, (struct np_pred){.op = NP_PRED_SAME, .other = 1});
    (void) pred_of(&kit, (struct np_pred){.op = NP_PRED_SAME, .other = 2});
    (void) pred_of(&kit, (struct np_pred){.op = NP_PRED_SAME, .other = 2, .other_match = 1});
    assert_int_equal(kit.set.ir.preds.len, COUNT + 6);
    for (size_t i = 0; i < COUNT; i++)
        (void) pred_of(&kit, (struct np_pred){.literals = &literals[i], .literal_count = 1});
    assert_int_equal(kit.set.ir.preds.len, COUNT + 6);
    ir_kit_done(&kit);
}

static enum np_expr_kind kind_of(const struct ir_kit *kit, np_expr_id expr)
{
    return kit->set.ir.exprs.items[expr].kind;
}

static void folds_constants(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id yes = 0;
    np_expr_id no = 0;
    assert_int_equal(np_ir_constant(&kit.set.ir, true, &yes), 0);
    assert_int_equal(np_ir_constant(&kit.set.ir, false, &no), 0);
    np_expr_id leaf = kit_exists(&kit, 1);
    assert_int_equal(kind_of(&kit, kit_join(&kit, NP_EXPR_AND, NULL, 0)), NP_EXPR_TRUE);
    assert_int_equal(kind_of(&kit, kit_join(&kit, NP_EXPR_OR, NULL, 0)), NP_EXPR_FALSE);
    assert_int_equal(kit_join(&kit, NP_EXPR_AND, &leaf, 1), leaf);
    assert_int_equal(kit_and(&kit, leaf, yes), leaf);
    assert_int_equal(kit_or(&kit, no, leaf), leaf);
    assert_int_equal(kind_of(&kit, kit_and(&kit, leaf, no)), NP_EXPR_FALSE);
    assert_int_equal(kind_of(&kit, kit_or(&kit, leaf, yes)), NP_EXPR_TRUE);
    assert_int_equal(kind_of(&kit, kit_and(&kit, yes, yes)), NP_EXPR_TRUE);
    assert_int_equal(kind_of(&kit, kit_not(&kit, yes)), NP_EXPR_FALSE);
    assert_int_equal(kind_of(&kit, kit_not(&kit, no)), NP_EXPR_TRUE);
    np_expr_id not_leaf = kit_not(&kit, leaf);
    assert_int_equal(kind_of(&kit, not_leaf), NP_EXPR_NOT);
    assert_int_equal(kit_not(&kit, not_leaf), leaf);
    ir_kit_done(&kit);
}

static void keeps_children_in_order(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id a = kit_exists(&kit, 1);
    np_expr_id b = kit_exists(&kit, 2);
    np_expr_id both = kit_and(&kit, b, a);
    const struct np_expr *expr = &kit.set.ir.exprs.items[both];
    assert_int_equal(expr->child_count, 2);
    assert_int_equal(kit.set.ir.children.items[expr->first_child], b);
    assert_int_equal(kit.set.ir.children.items[expr->first_child + 1], a);
    assert_int_equal(expr->depth, 2);
    assert_int_equal(expr->leaves, 2);
    ir_kit_done(&kit);
}

static void refuses_what_is_too_deep_or_too_wide(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    np_expr_id leaf = kit_exists(&kit, 1);
    np_expr_id deep = leaf;
    int r = 0;
    int depth = 1;
    for (; r == 0; depth++)
        r = np_ir_join(&kit.set.ir, depth % 2 == 0 ? NP_EXPR_AND : NP_EXPR_OR,
                       (np_expr_id[]){deep, leaf}, 2, &deep);
    assert_int_equal(r, -E2BIG);
    assert_int_equal(depth, NP_EXPR_MAX_DEPTH + 1);
    /* A child that is used twice counts twice: twenty doublings pass the bound. */
    np_expr_id wide = leaf;
    r = 0;
    int doublings = 0;
    for (; r == 0 && doublings < 64; doublings++)
        r = np_ir_join(&kit.set.ir, NP_EXPR_AND, (np_expr_id[]){wide, wide}, 2, &wide);
    assert_int_equal(r, -E2BIG);
    assert_int_equal(doublings, 20);
    size_t children = kit.set.ir.children.len;
    assert_int_equal(np_ir_join(&kit.set.ir, NP_EXPR_AND, (np_expr_id[]){wide, wide}, 2, &wide),
                     -E2BIG);
    assert_int_equal(kit.set.ir.children.len, children);
    ir_kit_done(&kit);
}

static int build(struct ir_kit *kit, const struct np_literal *literals, size_t count)
{
    struct np_pred pred = {.op = NP_PRED_MATCH, .literals = literals, .literal_count = count};
    np_expr_id leaf = 0;
    np_expr_id constant = 0;
    np_expr_id expr = 0;
    int r = np_ir_leaf(&kit->set.ir, &pred, &leaf);
    if (r == 0)
        r = np_ir_constant(&kit->set.ir, true, &constant);
    if (r == 0)
        r = np_ir_not(&kit->set.ir, leaf, &expr);
    return r == 0 ? np_ir_join(&kit->set.ir, NP_EXPR_OR, (np_expr_id[]){leaf, expr}, 2, &expr) : r;
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit from;
    ir_kit_init(&from);
    const struct np_literal literals[] = {kit_pattern(&from, "a*b?c"), kit_regex("x"), kit_null()};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct ir_kit kit;
        ir_kit_init(&kit);
        np_alloc_fail_at(n);
        r = build(&kit, literals, NP_ARRAY_LEN(literals));
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        assert_int_equal(build(&kit, literals, NP_ARRAY_LEN(literals)), 0); /* still usable */
        assert_int_equal(kit.set.ir.preds.len, 1);
        ir_kit_done(&kit);
    }
    ir_kit_done(&from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_equal_predicates),
        cmocka_unit_test(tells_predicates_apart_by_every_part),
        cmocka_unit_test(folds_constants),
        cmocka_unit_test(keeps_children_in_order),
        cmocka_unit_test(refuses_what_is_too_deep_or_too_wide),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
