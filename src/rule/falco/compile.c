/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a condition, with its macros written out. Macros are shared, so that a small text may stand for a huge condition: the
 * nodes that are visited are counted. Expressions whose parent is not complete wait on a stack.
 */
#include "rule/falco/compile.h"

#include "rule/falco/operand.h"
#include "rule/falco/words.h"

/* Whether an expression that comes out true, or false, tells the types of event that it can be about. */
struct pins {
    bool when_true;
    bool when_false;
};

static int compile(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                   np_expr_id *out_expr, struct pins *out_pins);

static int compile_check(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                         np_expr_id *out_expr, struct pins *out_pins)
{
    bool is_event_type = false;
    int r = np_falco_check_compile(compiler, node, out_expr, &is_event_type);
    bool is_named = node->op == NP_FALCO_OP_EQUAL || node->op == NP_FALCO_OP_IN;
    *out_pins = (struct pins){
        .when_true = is_event_type && is_named,
        .when_false = is_event_type && node->op == NP_FALCO_OP_NOT_EQUAL,
    };
    if (r == 0)
        r = np_falco_note_check(compiler->target, node, *out_expr);
    return np_falco_tell_size(compiler, node->offset, r);
}

static int compile_not(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                       np_expr_id *out_expr, struct pins *out_pins)
{
    np_expr_id inner = 0;
    struct pins pins = {};
    int r = compile(compiler, node->children[0], &inner, &pins);
    if (r < 0)
        return r;
    *out_pins = (struct pins){.when_true = pins.when_false, .when_false = pins.when_true};
    return np_falco_tell_size(compiler, node->offset,
                              np_ir_not(compiler->target->ir, inner, out_expr));
}

/* ---- neighbours that ask one field */

/* The predicate of an expression that asks whether a field matches anything of a list, or, with `negated`, whether it does not. */
static const struct np_pred *find_match(const struct np_ir *ir, np_expr_id id, bool negated)
{
    const struct np_expr *expr = &ir->exprs.items[id];
    if (negated) {
        if (expr->kind != NP_EXPR_NOT)
            return NULL;
        expr = &ir->exprs.items[ir->children.items[expr->first_child]];
    }
    const struct np_pred *pred = expr->kind == NP_EXPR_PRED ? &ir->preds.items[expr->pred] : NULL;
    return pred != NULL && pred->op == NP_PRED_MATCH && !pred->every ? pred : NULL;
}

/* How many expressions from `from` on ask the field of the first of them; 1 where that cannot be merged. */
static size_t count_neighbours(const struct np_falco_compiler *compiler, size_t from, bool negated)
{
    const struct np_ir *ir = compiler->target->ir;
    const struct np_pred *first = find_match(ir, compiler->exprs.items[from], negated);
    size_t count = 1;
    while (first != NULL && from + count < compiler->exprs.len) {
        const struct np_pred *next = find_match(ir, compiler->exprs.items[from + count], negated);
        if (next == NULL || next->field != first->field)
            break;
        count++;
    }
    return count;
}

/* One predicate for the `count` expressions from `from` on: it matches what any of them matches. */
static int merge(struct np_falco_compiler *compiler, size_t from, size_t count, bool negated,
                 np_expr_id *out_expr)
{
    struct np_ir *ir = compiler->target->ir;
    const np_expr_id *exprs = compiler->exprs.items + from;
    struct np_pred merged = *find_match(ir, exprs[0], negated);
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += find_match(ir, exprs[i], negated)->literal_count;
    struct np_literal *literals = np_arena_zalloc(&compiler->arena, total * sizeof(*literals));
    if (literals == NULL)
        return -ENOMEM;
    merged.literals = literals;
    merged.literal_count = total;
    for (size_t i = 0; i < count; i++) {
        const struct np_pred *pred = find_match(ir, exprs[i], negated);
        memcpy(literals, pred->literals, pred->literal_count * sizeof(*literals));
        literals += pred->literal_count;
    }
    int r = np_ir_leaf(ir, &merged, out_expr);
    return r == 0 && negated ? np_ir_not(ir, *out_expr, out_expr) : r;
}

/* Merges neighbours among the expressions from `first` on: parts of an OR, or, turned round, of an AND. One list is looked up at once. */
static int merge_neighbours(struct np_falco_compiler *compiler, size_t first, bool negated)
{
    size_t kept = first;
    for (size_t i = first; i < compiler->exprs.len;) {
        size_t count = count_neighbours(compiler, i, negated);
        np_expr_id expr = compiler->exprs.items[i];
        int r = count > 1 ? merge(compiler, i, count, negated, &expr) : 0;
        if (r < 0)
            return r;
        compiler->exprs.items[kept++] = expr;
        i += count;
    }
    compiler->exprs.len = kept;
    return 0;
}

/* ---- nodes */

static int compile_join(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                        np_expr_id *out_expr, struct pins *out_pins)
{
    bool is_and = node->kind == NP_FALCO_AND;
    size_t first = compiler->exprs.len;
    *out_pins = (struct pins){.when_true = !is_and, .when_false = is_and};
    for (size_t i = 0; i < node->count; i++) {
        np_expr_id expr = 0;
        struct pins pins = {};
        int r = compile(compiler, node->children[i], &expr, &pins);
        if (r == 0)
            r = np_falco_tell_size(compiler, node->offset,
                                   np_vec_push(&compiler->exprs, expr, NP_CHILDREN_MAX));
        if (r < 0)
            return r;
        if (is_and) { /* one child is enough for true, all are needed for false */
            out_pins->when_true |= pins.when_true;
            out_pins->when_false &= pins.when_false;
        } else {
            out_pins->when_true &= pins.when_true;
            out_pins->when_false |= pins.when_false;
        }
    }
    /* An explanation tells check by check. */
    int r = compiler->target->notes != NULL ? 0 : merge_neighbours(compiler, first, is_and);
    if (r == 0)
        r = np_ir_join(compiler->target->ir, is_and ? NP_EXPR_AND : NP_EXPR_OR,
                       compiler->exprs.items + first, compiler->exprs.len - first, out_expr);
    compiler->exprs.len = first;
    return np_falco_tell_size(compiler, node->offset, r);
}

static int compile_macro(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                         np_expr_id *out_expr, struct pins *out_pins)
{
    if (node->definition == NULL)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_MACRO, node->offset,
                               "the macro '%.*s' is not defined", NP_SPAN_ARGS(node->name));
    struct np_span outside = compiler->macro;
    compiler->macro = node->name;
    int r = compile(compiler, node->definition, out_expr, out_pins);
    compiler->macro = outside;
    if (r == 0)
        r = np_falco_note_macro(compiler->target, node->name, *out_expr);
    return np_falco_tell_size(compiler, node->offset, r);
}

static int compile_kind(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                        np_expr_id *out_expr, struct pins *out_pins)
{
    switch (node->kind) {
    case NP_FALCO_OR:
    case NP_FALCO_AND:
        return compile_join(compiler, node, out_expr, out_pins);
    case NP_FALCO_NOT:
        return compile_not(compiler, node, out_expr, out_pins);
    case NP_FALCO_MACRO:
        return compile_macro(compiler, node, out_expr, out_pins);
    case NP_FALCO_CHECK:
        break;
    }
    return compile_check(compiler, node, out_expr, out_pins);
}

static int compile(struct np_falco_compiler *compiler, const struct np_falco_node *node,
                   np_expr_id *out_expr, struct pins *out_pins)
{
    if (compiler->depth == NP_FALCO_MAX_DEPTH || compiler->nodes == NP_FALCO_NODES_MAX)
        return np_falco_tell_size(compiler, node->offset, -E2BIG);
    compiler->depth++;
    compiler->nodes++;
    int r = compile_kind(compiler, node, out_expr, out_pins);
    compiler->depth--;
    return r;
}

static void begin(struct np_falco_compiler *compiler, const struct np_falco_target *target,
                  struct np_falco_compiled *out, struct np_falco_fault *fault)
{
    *compiler = (struct np_falco_compiler){.target = target, .out = out, .fault = fault};
    np_arena_init(&compiler->arena, SIZE_MAX);
}

static void end(struct np_falco_compiler *compiler)
{
    np_vec_done(&compiler->exprs);
    np_arena_done(&compiler->arena);
}

int np_falco_compile(const struct np_falco_target *target, const struct np_falco_node *tree,
                     struct np_falco_compiled *out_compiled, struct np_falco_fault *out_fault)
{
    struct np_falco_compiler compiler;
    struct np_falco_compiled compiled = {};
    struct pins pins = {};
    begin(&compiler, target, &compiled, out_fault);
    int r = compile(&compiler, tree, &compiled.expr, &pins);
    end(&compiler);
    if (r < 0) {
        np_falco_compiled_done(&compiled);
        return r;
    }
    compiled.pins_event_type = pins.when_true;
    *out_compiled = compiled;
    return 0;
}

int np_falco_compile_term(const struct np_falco_target *target, const struct np_falco_term *term,
                          np_field_id *out_field, enum np_falco_type *out_type,
                          struct np_falco_fault *out_fault)
{
    struct np_falco_compiler compiler;
    struct np_falco_compiled compiled = {};
    struct np_falco_operand operand;
    begin(&compiler, target, &compiled, out_fault);
    int r = np_falco_operand_find(&compiler, term, &operand);
    if (r == 0) {
        *out_field = operand.field;
        *out_type = operand.type;
    }
    end(&compiler);
    np_falco_compiled_done(&compiled);
    return r;
}

void np_falco_compiled_done(struct np_falco_compiled *compiled)
{
    np_vec_done(&compiled->fields);
}
