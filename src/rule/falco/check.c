/* SPDX-License-Identifier: Apache-2.0 */
/* One check as an expression: what an operator takes, and how values, lists and other fields are compared. */
#include "rule/falco/operand.h"
#include "rule/falco/parse.h"

/* A check on its way. */
struct check {
    struct np_falco_compiler *compiler;
    const struct np_falco_node *node;
    struct np_falco_operand left;
};

/* ---- what goes together */

#define OP_BIT(name) (1u << NP_FALCO_OP_##name)

enum {
    EQUALITY_OPS =
        OP_BIT(EXISTS) | OP_BIT(EQUAL) | OP_BIT(NOT_EQUAL) | OP_BIT(IN) | OP_BIT(INTERSECTS),
    ORDER_OPS = OP_BIT(LESS) | OP_BIT(LESS_EQUAL) | OP_BIT(GREATER) | OP_BIT(GREATER_EQUAL),
    PART_OPS = OP_BIT(CONTAINS) | OP_BIT(STARTSWITH) | OP_BIT(ENDSWITH),
    LIST_OPS = OP_BIT(EXISTS) | OP_BIT(IN) | OP_BIT(INTERSECTS),
    TEXT_OPS = EQUALITY_OPS | ORDER_OPS | PART_OPS | OP_BIT(ICONTAINS) | OP_BIT(GLOB) |
               OP_BIT(IGLOB) | OP_BIT(REGEX) | OP_BIT(PMATCH),
    BYTES_OPS = EQUALITY_OPS | PART_OPS | OP_BIT(BCONTAINS) | OP_BIT(BSTARTSWITH)
};

static unsigned ops_of(const struct np_falco_operand *operand)
{
    static const unsigned by_type[] = {
        [NP_FALCO_STRING] = TEXT_OPS,
        [NP_FALCO_NUMBER] = EQUALITY_OPS | ORDER_OPS,
        [NP_FALCO_BOOL] = EQUALITY_OPS,
        [NP_FALCO_ADDRESS] = EQUALITY_OPS,
        [NP_FALCO_NET] = EQUALITY_OPS,
        [NP_FALCO_BYTES] = BYTES_OPS,
        [NP_FALCO_TIME] = EQUALITY_OPS | ORDER_OPS,
    };
    return operand->is_list ? (unsigned) LIST_OPS : by_type[operand->type];
}

static int refuse_op(const struct check *check)
{
    const struct np_falco_operand *left = &check->left;
    return NP_FALCO_REFUSE(check->compiler, NP_FALCO_FAULT_VALUE, check->node->offset,
                           "the operator '%s' does not take a %s%s",
                           np_falco_op_name(check->node->op), left->is_list ? "list of " : "",
                           np_falco_type_name(left->type));
}

/* ---- predicates and what is made of them */

static int tell(const struct check *check, int r)
{
    return np_falco_tell_size(check->compiler, check->node->offset, r);
}

static int add_leaf(const struct check *check, const struct np_pred *pred, np_expr_id *out_expr)
{
    return tell(check, np_ir_leaf(check->compiler->target->ir, pred, out_expr));
}

/* Whether the field has a value: any text begins with the empty one. */
static int add_existence(const struct check *check, np_field_id field, np_expr_id *out_expr)
{
    struct np_literal any = {.kind = NP_LITERAL_PATTERN, .pattern = {.kind = NP_PATTERN_PREFIX}};
    struct np_pred pred = {
        .op = NP_PRED_MATCH, .field = field, .literals = &any, .literal_count = 1};
    return add_leaf(check, &pred, out_expr);
}

static int add_constant(const struct check *check, bool value, np_expr_id *out_expr)
{
    return tell(check, np_ir_constant(check->compiler->target->ir, value, out_expr));
}

static int add_join(const struct check *check, enum np_expr_kind kind, const np_expr_id *exprs,
                    size_t count, np_expr_id *out_expr)
{
    return tell(check, np_ir_join(check->compiler->target->ir, kind, exprs, count, out_expr));
}

/* Turns `*expr` round, but so that it stays false where a field is missing. */
static int turn(const struct check *check, np_field_id other, np_expr_id *expr)
{
    np_expr_id parts[3];
    size_t count = 2;
    int r = tell(check, np_ir_not(check->compiler->target->ir, *expr, &parts[0]));
    if (r == 0)
        r = add_existence(check, check->left.field, &parts[1]);
    if (r == 0 && other != NP_FIELD_NONE)
        r = add_existence(check, other, &parts[count++]);
    return r < 0 ? r : add_join(check, NP_EXPR_AND, parts, count, expr);
}

/* ---- comparing with another field */

static bool set_other(const struct check *check, struct np_pred *pred)
{
    static const enum np_pred_op number_orders[] = {
        [NP_FALCO_OP_LESS] = NP_PRED_LT,
        [NP_FALCO_OP_LESS_EQUAL] = NP_PRED_LTE,
        [NP_FALCO_OP_GREATER] = NP_PRED_GT,
        [NP_FALCO_OP_GREATER_EQUAL] = NP_PRED_GTE,
    };
    static const enum np_compare compares[NP_FALCO_OP_MAX] = {
        [NP_FALCO_OP_LESS] = NP_COMPARE_LESS,
        [NP_FALCO_OP_LESS_EQUAL] = NP_COMPARE_LESS_EQUAL,
        [NP_FALCO_OP_GREATER] = NP_COMPARE_GREATER,
        [NP_FALCO_OP_GREATER_EQUAL] = NP_COMPARE_GREATER_EQUAL,
        [NP_FALCO_OP_ICONTAINS] = NP_COMPARE_ICONTAINS,
        [NP_FALCO_OP_GLOB] = NP_COMPARE_GLOB,
        [NP_FALCO_OP_IGLOB] = NP_COMPARE_IGLOB,
    };
    enum np_falco_op op = check->node->op;
    pred->other_cased = true;
    switch (op) {
    case NP_FALCO_OP_PMATCH:
    case NP_FALCO_OP_REGEX:
        return false;
    case NP_FALCO_OP_LESS:
    case NP_FALCO_OP_LESS_EQUAL:
    case NP_FALCO_OP_GREATER:
    case NP_FALCO_OP_GREATER_EQUAL:
        pred->order = number_orders[op];
        pred->other_compare = compares[op];
        pred->other_by = check->left.type == NP_FALCO_STRING ? NP_SAME_COMPARE : NP_SAME_ORDER;
        return true;
    case NP_FALCO_OP_ICONTAINS:
    case NP_FALCO_OP_GLOB:
    case NP_FALCO_OP_IGLOB:
        pred->other_compare = compares[op];
        pred->other_by = NP_SAME_COMPARE;
        return true;
    case NP_FALCO_OP_CONTAINS:
    case NP_FALCO_OP_BCONTAINS:
        pred->other_match = NP_PATTERN_CONTAINS;
        return true;
    case NP_FALCO_OP_STARTSWITH:
    case NP_FALCO_OP_BSTARTSWITH:
        pred->other_match = NP_PATTERN_PREFIX;
        return true;
    case NP_FALCO_OP_ENDSWITH:
        pred->other_match = NP_PATTERN_SUFFIX;
        return true;
    default:
        pred->other_match = NP_PATTERN_EXACT;
        return true;
    }
}

static int add_other(const struct check *check, np_expr_id *out_expr)
{
    struct np_falco_compiler *compiler = check->compiler;
    const struct np_falco_node *node = check->node;
    struct np_falco_operand right;
    int r = np_falco_operand_find(compiler, &node->right, &right);
    if (r < 0)
        return r;
    struct np_pred pred = {.op = NP_PRED_SAME,
                           .field = check->left.field,
                           .every = check->left.is_list && node->op == NP_FALCO_OP_IN,
                           .other = right.field};
    if (check->left.type == NP_FALCO_NET || !set_other(check, &pred))
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_VALUE, node->right.offset,
                               "no field can stand behind '%s' here", np_falco_op_name(node->op));
    if (right.type != check->left.type || right.is_list != check->left.is_list)
        return NP_FALCO_REFUSE(
            compiler, NP_FALCO_FAULT_VALUE, node->right.offset, "a %s%s is compared with a %s%s",
            check->left.is_list ? "list of " : "", np_falco_type_name(check->left.type),
            right.is_list ? "list of " : "", np_falco_type_name(right.type));
    r = add_leaf(check, &pred, out_expr);
    return r == 0 && node->op == NP_FALCO_OP_NOT_EQUAL ? turn(check, right.field, out_expr) : r;
}

/* ---- comparing with values */

static enum np_pred_op pred_op_of(const struct check *check)
{
    if (check->left.type == NP_FALCO_STRING && !check->left.is_raw)
        return NP_PRED_MATCH;
    switch (check->node->op) {
    case NP_FALCO_OP_LESS:
        return NP_PRED_LT;
    case NP_FALCO_OP_LESS_EQUAL:
        return NP_PRED_LTE;
    case NP_FALCO_OP_GREATER:
        return NP_PRED_GT;
    case NP_FALCO_OP_GREATER_EQUAL:
        return NP_PRED_GTE;
    default:
        return NP_PRED_MATCH;
    }
}

/* Whether the field compares with any of `values`, or, for "!=", with none of them. */
static int add_values(const struct check *check, const struct np_falco_term *values, size_t count,
                      np_expr_id *out_expr)
{
    struct np_falco_compiler *compiler = check->compiler;
    bool is_unequal = check->node->op == NP_FALCO_OP_NOT_EQUAL;
    struct np_literal *literals = np_arena_zalloc(&compiler->arena, count * sizeof(*literals));
    if (literals == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        int r =
            np_falco_literal_make(compiler, &check->left, check->node, &values[i], &literals[i]);
        if (r < 0)
            return r;
    }
    struct np_pred pred = {
        .op = pred_op_of(check),
        .field = check->left.field,
        /* One ancestor that is another is enough. */
        .every = (check->left.is_list && check->node->op == NP_FALCO_OP_IN) ||
                 (check->left.is_ancestors && is_unequal),
        .literals = literals,
        .literal_count = count,
    };
    int r = add_leaf(check, &pred, out_expr);
    return r == 0 && is_unequal ? turn(check, NP_FIELD_NONE, out_expr) : r;
}

/* The values one by one, on the compiler's stack. */
static int push_each(const struct check *check)
{
    const struct np_falco_term *list = &check->node->right;
    for (size_t i = 0; i < list->count; i++) {
        np_expr_id expr = 0;
        int r = add_values(check, &list->items[i], 1, &expr);
        if (r == 0)
            r = tell(check, np_vec_push(&check->compiler->exprs, expr, NP_CHILDREN_MAX));
        if (r < 0)
            return r;
    }
    return 0;
}

/* Exactly one of the `count` expressions from `first` on: one is true, and none is so together with one before it. */
static int add_exactly_one(const struct check *check, size_t first, size_t count,
                           np_expr_id *out_expr)
{
    struct np_ir *ir = check->compiler->target->ir;
    np_expr_id two = 0; /* two at least are true */
    int r = add_constant(check, false, &two);
    for (size_t i = 1; i < count && r == 0; i++) {
        const np_expr_id *exprs = check->compiler->exprs.items + first;
        np_expr_id pair[2] = {exprs[i], 0};
        np_expr_id either[2] = {two, 0};
        r = add_join(check, NP_EXPR_OR, exprs, i, &pair[1]);
        if (r == 0)
            r = add_join(check, NP_EXPR_AND, pair, 2, &either[1]);
        if (r == 0)
            r = add_join(check, NP_EXPR_OR, either, 2, &two);
    }
    np_expr_id both[2] = {0, 0};
    if (r == 0)
        r = add_join(check, NP_EXPR_OR, check->compiler->exprs.items + first, count, &both[0]);
    if (r == 0)
        r = tell(check, np_ir_not(ir, two, &both[1]));
    return r < 0 ? r : add_join(check, NP_EXPR_AND, both, 2, out_expr);
}

/* A list behind a modifier. */
static int add_modified(const struct check *check, np_expr_id *out_expr)
{
    const struct np_falco_term *list = &check->node->right;
    enum np_falco_modifier modifier = check->node->modifier;
    if (list->count == 0)
        return add_constant(check, false, out_expr);
    bool is_one_pred = check->node->op == NP_FALCO_OP_NOT_EQUAL ? modifier == NP_FALCO_ALLOF
                                                                : modifier == NP_FALCO_ANYOF;
    if (is_one_pred && !check->left.is_ancestors)
        return add_values(check, list->items, list->count, out_expr);
    size_t first = check->compiler->exprs.len;
    int r = push_each(check);
    if (r == 0 && modifier == NP_FALCO_ONEOF)
        r = add_exactly_one(check, first, list->count, out_expr);
    else if (r == 0)
        r = add_join(check, modifier == NP_FALCO_ALLOF ? NP_EXPR_AND : NP_EXPR_OR,
                     check->compiler->exprs.items + first, list->count, out_expr);
    check->compiler->exprs.len = first;
    return r;
}

static int add_right(const struct check *check, np_expr_id *out_expr)
{
    const struct np_falco_term *right = &check->node->right;
    if (check->node->modifier != NP_FALCO_PLAIN && right->kind == NP_FALCO_LIST)
        return add_modified(check, out_expr);
    switch (right->kind) {
    case NP_FALCO_LIST:
        return right->count == 0 ? add_constant(check, false, out_expr)
                                 : add_values(check, right->items, right->count, out_expr);
    case NP_FALCO_TEXT:
        return add_values(check, right, 1, out_expr);
    case NP_FALCO_FIELD:
    case NP_FALCO_CALL:
        break;
    }
    return add_other(check, out_expr);
}

int np_falco_check_compile(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                           np_expr_id *out_expr, bool *out_is_event_type)
{
    struct check check = {.compiler = compiler, .node = node};
    int r = np_falco_operand_find(compiler, &node->left, &check.left);
    if (r < 0)
        return r;
    if ((ops_of(&check.left) >> node->op & 1) == 0)
        return refuse_op(&check);
    *out_is_event_type = check.left.is_event_type && node->right.kind != NP_FALCO_FIELD &&
                         node->right.kind != NP_FALCO_CALL;
    if (node->op == NP_FALCO_OP_EXISTS)
        return add_existence(&check, check.left.field, out_expr);
    return add_right(&check, out_expr);
}
