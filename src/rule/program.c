/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A condition is compiled from its last question to its first, since a step must know where its
 * answers lead. Recursion is bounded by NP_EXPR_MAX_DEPTH.
 */
#include "rule/program.h"

#include <stdlib.h>

/* What a question costs, roughly, in nanoseconds. */
enum {
    COST_EXISTS = 1,
    COST_PATTERN = 3,
    COST_ADDRESS = 50,
    COST_REGEX = 200,
    COST_SOUGHT = 20, /* a regular expression whose literal is mostly absent */
    COST_SAME = 100,
    COST_KEYWORD = 5000,
    COST_UNREAD_FIELD = 100, /* of which nothing is known: it may have to be read from the record */
    COST_LIST_MAX = 100,     /* a long list of patterns is looked up */
    COST_UNDECIDED = 20,     /* times what a question costs whose answer mostly decides nothing */
    COST_MAX = 1 << 28
};

struct child {
    np_expr_id expr;
    uint32_t cost;
    uint32_t order; /* in the rule */
};

struct compiler {
    struct np_programs *programs;
    const struct np_ir *ir;
    NP_VEC(struct child) children; /* a stack: of the joins that are being compiled */
};

static uint32_t literal_cost(const struct np_literal *literal)
{
    switch (literal->kind) {
    case NP_LITERAL_REGEX:
        return literal->needs.count > 0 ? COST_SOUGHT : COST_REGEX;
    case NP_LITERAL_CIDR:
        return COST_ADDRESS;
    case NP_LITERAL_COMPARE:
        return COST_SOUGHT;
    case NP_LITERAL_PATTERN:
    case NP_LITERAL_NUMBER:
    case NP_LITERAL_NULL:
    case NP_LITERAL_KIND_MAX:
        break;
    }
    return COST_PATTERN;
}

static uint32_t field_cost(const struct np_programs *programs, np_field_id field)
{
    if (field < programs->field_count)
        return programs->field_costs[field];
    return field >= NP_FIELD_FIXED_COUNT ? COST_UNREAD_FIELD : 0;
}

static uint32_t pred_cost(const struct np_programs *programs, const struct np_pred *pred)
{
    if (pred->op == NP_PRED_KEYWORD)
        return COST_KEYWORD;
    uint32_t cost = field_cost(programs, pred->field);
    if (pred->op == NP_PRED_SAME)
        return cost + COST_SAME;
    uint32_t patterns = COST_EXISTS;
    for (size_t i = 0; i < pred->literal_count; i++) {
        uint32_t one = literal_cost(&pred->literals[i]);
        if (one == COST_PATTERN)
            patterns = NP_MIN(patterns + one, (uint32_t) COST_LIST_MAX);
        else
            cost = NP_MIN(cost + one, (uint32_t) COST_MAX);
    }
    return cost + patterns;
}

static uint32_t expr_cost(const struct compiler *compiler, np_expr_id id)
{
    const struct np_ir *ir = compiler->ir;
    const struct np_expr *expr = &ir->exprs.items[id];
    if (expr->kind == NP_EXPR_PRED)
        return pred_cost(compiler->programs, &ir->preds.items[expr->pred]);
    uint32_t cost = 0;
    for (uint32_t i = 0; i < expr->child_count; i++)
        cost = NP_MIN(cost + expr_cost(compiler, ir->children.items[expr->first_child + i]),
                      (uint32_t) COST_MAX);
    return cost;
}

/*
 * Whether it is mostly true: a field is mostly not what it is compared with, and so mostly not
 * what is denied.
 */
static bool is_mostly_true(const struct np_ir *ir, np_expr_id id)
{
    const struct np_expr *expr = &ir->exprs.items[id];
    bool all = expr->kind == NP_EXPR_TRUE || expr->kind == NP_EXPR_AND;
    if (expr->kind == NP_EXPR_PRED)
        return ir->preds.items[expr->pred].op == NP_PRED_EXISTS;
    if (expr->kind == NP_EXPR_NOT)
        return !is_mostly_true(ir, ir->children.items[expr->first_child]);
    for (uint32_t i = 0; i < expr->child_count; i++)
        if (is_mostly_true(ir, ir->children.items[expr->first_child + i]) != all)
            return !all;
    return all;
}

/* Cheapest first; of equal ones in the order of the rule. */
static int compare_children(const void *a, const void *b)
{
    const struct child *one = a;
    const struct child *two = b;
    if (one->cost != two->cost)
        return one->cost < two->cost ? -1 : 1;
    return one->order < two->order ? -1 : 1;
}

struct targets {
    uint32_t if_true;
    uint32_t if_false;
};

static int compile(struct compiler *compiler, np_expr_id id, struct targets targets,
                   uint32_t *out_start);

static int compile_pred(struct compiler *compiler, np_pred_id pred, struct targets targets,
                        uint32_t *out_start)
{
    struct np_step step = {pred, targets.if_true, targets.if_false};
    int r = np_vec_push(&compiler->programs->steps, step, NP_STEPS_MAX);
    if (r == 0)
        *out_start = (uint32_t) compiler->programs->steps.len - 1;
    return r;
}

static int compile_join(struct compiler *compiler, const struct np_expr *join,
                        struct targets targets, uint32_t *out_start)
{
    const struct np_ir *ir = compiler->ir;
    size_t base = compiler->children.len;
    for (uint32_t i = 0; i < join->child_count; i++) {
        np_expr_id id = ir->children.items[join->first_child + i];
        struct child child = {id, expr_cost(compiler, id), i};
        if (is_mostly_true(ir, id) == (join->kind == NP_EXPR_AND)) /* then the next is asked, too */
            child.cost = NP_MIN(child.cost * COST_UNDECIDED, (uint32_t) COST_MAX);
        int r = np_vec_push(&compiler->children, child, NP_CHILDREN_MAX);
        if (r < 0)
            return r;
    }
    if (join->child_count > 1)
        qsort(&compiler->children.items[base], join->child_count, sizeof(struct child),
              compare_children);
    for (size_t i = join->child_count; i-- > 0;) {
        uint32_t start = 0;
        int r = compile(compiler, compiler->children.items[base + i].expr, targets, &start);
        if (r < 0)
            return r;
        /* What comes before leads here where it does not decide. */
        if (join->kind == NP_EXPR_AND)
            targets.if_true = start;
        else
            targets.if_false = start;
        *out_start = start;
    }
    compiler->children.len = base;
    return 0;
}

static int compile(struct compiler *compiler, np_expr_id id, struct targets targets,
                   uint32_t *out_start)
{
    const struct np_expr *expr = &compiler->ir->exprs.items[id];
    struct targets swapped = {targets.if_false, targets.if_true};
    switch (expr->kind) {
    case NP_EXPR_TRUE:
        *out_start = targets.if_true;
        return 0;
    case NP_EXPR_PRED:
        return compile_pred(compiler, expr->pred, targets, out_start);
    case NP_EXPR_NOT:
        return compile(compiler, compiler->ir->children.items[expr->first_child], swapped,
                       out_start);
    case NP_EXPR_AND:
    case NP_EXPR_OR:
        return compile_join(compiler, expr, targets, out_start);
    case NP_EXPR_FALSE:
    case NP_EXPR_KIND_MAX:
        break;
    }
    *out_start = targets.if_false;
    return 0;
}

int np_program_add(struct np_programs *programs, const struct np_ir *ir, np_expr_id condition,
                   uint32_t *out_start)
{
    struct compiler compiler = {.programs = programs, .ir = ir};
    struct targets targets = {NP_STEP_TRUE, NP_STEP_FALSE};
    int r = compile(&compiler, condition, targets, out_start);
    np_vec_done(&compiler.children);
    return r;
}

bool np_condition_run_plainly(const struct np_ir *ir, np_expr_id condition,
                              struct np_evaluator *evaluator, unsigned *limits)
{
    const struct np_expr *expr = &ir->exprs.items[condition];
    if (expr->kind == NP_EXPR_PRED) {
        enum np_truth truth = np_evaluator_ask_plainly(evaluator, expr->pred);
        *limits |= 1u << truth;
        return truth == NP_TRUTH_TRUE;
    }
    if (expr->kind == NP_EXPR_TRUE || expr->kind == NP_EXPR_FALSE)
        return expr->kind == NP_EXPR_TRUE;
    const np_expr_id *children = &ir->children.items[expr->first_child];
    if (expr->kind == NP_EXPR_NOT)
        return !np_condition_run_plainly(ir, children[0], evaluator, limits);
    bool decides = expr->kind == NP_EXPR_OR;
    for (uint32_t i = 0; i < expr->child_count; i++)
        if (np_condition_run_plainly(ir, children[i], evaluator, limits) == decides)
            return decides;
    return !decides;
}
