/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the program: see ir.h. Two predicates are equal when their canonical bytes are, and
 * those are known by a 128-bit hash.
 */
#include "rule/ir.h"

#include "base/hash.h"

void np_ir_init(struct np_ir *ir)
{
    *ir = (struct np_ir){};
    np_arena_init(&ir->arena, SIZE_MAX);
    np_map_init(&ir->pred_ids, NP_PREDS_MAX);
    np_buf_init(&ir->key, SIZE_MAX / 2);
}

void np_ir_done(struct np_ir *ir)
{
    if (ir == NULL)
        return;
    np_vec_done(&ir->preds);
    np_vec_done(&ir->exprs);
    np_vec_done(&ir->children);
    np_map_done(&ir->pred_ids);
    np_buf_done(&ir->key);
    np_arena_done(&ir->arena);
}

/*
 * The canonical bytes: numbers of fixed width, texts behind their length. Errors stay in the
 * buffer.
 */

static void add_u64(struct np_buf *key, uint64_t number)
{
    (void) np_buf_add(key, &number, sizeof(number));
}

static void add_text(struct np_buf *key, struct np_span text)
{
    add_u64(key, text.len);
    (void) np_buf_add_span(key, text);
}

static void add_pattern(struct np_buf *key, const struct np_pattern *pattern)
{
    add_u64(key, (uint64_t) pattern->kind << 1 | pattern->fold);
    add_text(key, pattern->text);
    add_u64(key, pattern->part_count);
    for (size_t i = 0; i < pattern->part_count; i++) {
        add_u64(key, pattern->parts[i].kind);
        add_text(key, pattern->parts[i].text);
    }
}

static void add_literal(struct np_buf *key, const struct np_literal *literal)
{
    add_u64(key, literal->kind);
    switch (literal->kind) {
    case NP_LITERAL_PATTERN:
        add_pattern(key, &literal->pattern);
        add_u64(key, literal->spells_number);
        break;
    case NP_LITERAL_NUMBER:
        add_u64(key, literal->number.kind);
        add_u64(key, literal->number.uinteger);
        break;
    case NP_LITERAL_CIDR:
        (void) np_buf_add(key, literal->cidr.bytes, sizeof(literal->cidr.bytes));
        add_u64(key, (uint64_t) literal->cidr.prefix << 1 | literal->cidr.is_ipv6);
        break;
    case NP_LITERAL_REGEX:
        add_text(key, literal->regex.pattern);
        add_u64(key, (literal->regex.ignore_case ? 1u : 0u) |
                         (literal->regex.multi_line ? 2u : 0u) |
                         (literal->regex.dot_all ? 4u : 0u));
        break;
    case NP_LITERAL_COMPARE:
        add_u64(key, literal->compare.how);
        add_text(key, literal->compare.text);
        break;
    case NP_LITERAL_NULL:
    case NP_LITERAL_KIND_MAX:
        break;
    }
}

static void add_other(struct np_buf *key, const struct np_pred *pred)
{
    add_u64(key, pred->other);
    add_u64(key, pred->other_by);
    if (pred->other_by == NP_SAME_COMPARE)
        add_u64(key, pred->other_compare);
    else if (pred->other_by == NP_SAME_ORDER)
        add_u64(key, pred->order);
    else
        add_u64(key, (uint64_t) pred->other_match << 1 | pred->other_cased);
}

static int make_key(struct np_buf *key, const struct np_pred *pred, struct np_hash128 *out_hash)
{
    np_buf_reset(key);
    add_u64(key, (uint64_t) pred->op << 1 | pred->every);
    add_u64(key, pred->field);
    if (pred->op == NP_PRED_SAME) {
        add_other(key, pred);
    } else if (pred->op == NP_PRED_TIME) {
        add_u64(key, pred->part);
        add_u64(key, pred->order);
    }
    for (size_t i = 0; i < pred->literal_count; i++)
        add_literal(key, &pred->literals[i]);
    if (key->error == 0)
        *out_hash = np_hash128(np_buf_span(key), 0);
    return key->error;
}

static int copy_parts(struct np_arena *arena, struct np_pattern *pattern)
{
    if (pattern->part_count == 0)
        return 0;
    struct np_pattern_part *parts = np_arena_alloc(arena, pattern->part_count * sizeof(*parts));
    if (parts == NULL)
        return -ENOMEM;
    memcpy(parts, pattern->parts, pattern->part_count * sizeof(*parts));
    for (size_t i = 0; i < pattern->part_count; i++)
        if (np_arena_keep(arena, &parts[i].text) < 0)
            return -ENOMEM;
    pattern->parts = parts;
    return 0;
}

/* Makes what `literal` points to the arena's own. */
static int copy_literal(struct np_arena *arena, struct np_literal *literal)
{
    if (literal->kind == NP_LITERAL_REGEX) {
        int r = np_arena_keep(arena, &literal->regex.pattern);
        return r == 0 ? np_regex_needs_find(&literal->needs, arena, literal->regex.pattern) : r;
    }
    if (literal->kind == NP_LITERAL_COMPARE)
        return np_arena_keep(arena, &literal->compare.text);
    if (literal->kind != NP_LITERAL_PATTERN)
        return 0;
    int r = np_arena_keep(arena, &literal->pattern.text);
    return r == 0 ? copy_parts(arena, &literal->pattern) : r;
}

static int copy_literals(struct np_arena *arena, struct np_pred *pred)
{
    if (pred->literal_count == 0)
        return 0;
    struct np_literal *literals = np_arena_alloc(arena, pred->literal_count * sizeof(*literals));
    if (literals == NULL)
        return -ENOMEM;
    memcpy(literals, pred->literals, pred->literal_count * sizeof(*literals));
    for (size_t i = 0; i < pred->literal_count; i++)
        if (copy_literal(arena, &literals[i]) < 0)
            return -ENOMEM;
    pred->literals = literals;
    return 0;
}

int np_ir_pred(struct np_ir *ir, const struct np_pred *pred, np_pred_id *out_pred)
{
    struct np_hash128 hash;
    int r = make_key(&ir->key, pred, &hash);
    if (r < 0)
        return r;
    struct np_span key = np_span_make((const char *) &hash, sizeof(hash));
    uint32_t known = np_map_get(&ir->pred_ids, key);
    if (known != NP_MAP_NONE) {
        *out_pred = known;
        return 0;
    }
    struct np_pred copy = *pred;
    r = copy_literals(&ir->arena, &copy);
    if (r == 0)
        r = np_vec_reserve(&ir->preds, ir->preds.len + 1, NP_PREDS_MAX);
    if (r == 0)
        r = np_map_put(&ir->pred_ids, key, (uint32_t) ir->preds.len);
    if (r < 0)
        return r;
    *out_pred = (np_pred_id) ir->preds.len;
    ir->preds.items[ir->preds.len++] = copy;
    return 0;
}

static int add_expr(struct np_ir *ir, struct np_expr expr, np_expr_id *out_expr)
{
    if (expr.depth > NP_EXPR_MAX_DEPTH || expr.leaves > NP_EXPR_MAX_LEAVES)
        return -E2BIG;
    np_expr_id id = (np_expr_id) ir->exprs.len;
    int r = np_vec_push(&ir->exprs, expr, NP_EXPRS_MAX);
    if (r == 0)
        *out_expr = id;
    return r;
}

int np_ir_leaf(struct np_ir *ir, const struct np_pred *pred, np_expr_id *out_expr)
{
    np_pred_id id = 0;
    int r = np_ir_pred(ir, pred, &id);
    if (r < 0)
        return r;
    return add_expr(ir, (struct np_expr){.kind = NP_EXPR_PRED, .pred = id, .depth = 1, .leaves = 1},
                    out_expr);
}

int np_ir_constant(struct np_ir *ir, bool value, np_expr_id *out_expr)
{
    enum np_expr_kind kind = value ? NP_EXPR_TRUE : NP_EXPR_FALSE;
    return add_expr(ir, (struct np_expr){.kind = kind, .depth = 1}, out_expr);
}

/* Adds an expression of `kind` over children that are the last `count` of the IR's. */
static int add_parent(struct np_ir *ir, enum np_expr_kind kind, size_t count, np_expr_id *out_expr)
{
    struct np_expr expr = {
        .kind = kind,
        .first_child = (uint32_t) (ir->children.len - count),
        .child_count = (uint32_t) count,
    };
    for (size_t i = 0; i < count; i++) {
        const struct np_expr *child = &ir->exprs.items[ir->children.items[expr.first_child + i]];
        expr.depth = NP_MAX(expr.depth, child->depth + 1);
        expr.leaves = NP_MIN(expr.leaves + child->leaves, (uint32_t) NP_EXPR_MAX_LEAVES + 1);
    }
    return add_expr(ir, expr, out_expr);
}

int np_ir_not(struct np_ir *ir, np_expr_id expr, np_expr_id *out_expr)
{
    const struct np_expr *inner = &ir->exprs.items[expr];
    if (inner->kind == NP_EXPR_TRUE || inner->kind == NP_EXPR_FALSE)
        return np_ir_constant(ir, inner->kind == NP_EXPR_FALSE, out_expr);
    if (inner->kind == NP_EXPR_NOT) {
        *out_expr = ir->children.items[inner->first_child];
        return 0;
    }
    size_t before = ir->children.len;
    int r = np_vec_push(&ir->children, expr, NP_CHILDREN_MAX);
    if (r == 0)
        r = add_parent(ir, NP_EXPR_NOT, 1, out_expr);
    if (r < 0)
        ir->children.len = before;
    return r;
}

int np_ir_join(struct np_ir *ir, enum np_expr_kind and_or, const np_expr_id *children, size_t count,
               np_expr_id *out_expr)
{
    /* What decides at once, and what changes nothing. */
    enum np_expr_kind final = and_or == NP_EXPR_AND ? NP_EXPR_FALSE : NP_EXPR_TRUE;
    enum np_expr_kind neutral = and_or == NP_EXPR_AND ? NP_EXPR_TRUE : NP_EXPR_FALSE;
    size_t before = ir->children.len;
    size_t kept = 0;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        enum np_expr_kind kind = ir->exprs.items[children[i]].kind;
        if (kind == final) {
            ir->children.len = before;
            return np_ir_constant(ir, final == NP_EXPR_TRUE, out_expr);
        }
        if (kind == neutral)
            continue;
        r = np_vec_push(&ir->children, children[i], NP_CHILDREN_MAX);
        kept++;
    }
    if (r == 0 && kept == 0)
        return np_ir_constant(ir, neutral == NP_EXPR_TRUE, out_expr);
    if (r == 0 && kept == 1) {
        *out_expr = ir->children.items[before];
        ir->children.len = before;
        return 0;
    }
    if (r == 0)
        r = add_parent(ir, and_or, kept, out_expr);
    if (r < 0)
        ir->children.len = before;
    return r;
}

/* ---- what a record can answer: the constructors fold the constants, so that a test vanishes with all that it decides */

struct relaxer {
    struct np_ir *ir;
    NP_VEC(np_expr_id) children; /* a stack: those of the expressions under way */
};

static bool asks_who(const struct np_pred *pred)
{
    if (pred->op == NP_PRED_KEYWORD)
        return false;
    return np_field_asks_who(pred->field) ||
           (pred->op == NP_PRED_SAME && np_field_asks_who(pred->other));
}

static int relax(struct relaxer *relaxer, np_expr_id id, bool negated, np_expr_id *out_expr);

static int relax_join(struct relaxer *relaxer, struct np_expr join, bool negated,
                      np_expr_id *out_expr)
{
    size_t base = relaxer->children.len;
    int r = 0;
    for (uint32_t i = 0; i < join.child_count && r == 0; i++) {
        np_expr_id child = relaxer->ir->children.items[join.first_child + i];
        r = relax(relaxer, child, negated, &child);
        if (r == 0)
            r = np_vec_push(&relaxer->children, child, NP_CHILDREN_MAX);
    }
    if (r == 0)
        r = np_ir_join(relaxer->ir, join.kind, relaxer->children.items + base,
                       relaxer->children.len - base, out_expr);
    relaxer->children.len = base;
    return r;
}

/* Recursion is bounded by NP_EXPR_MAX_DEPTH. Expressions are taken by value: the IR's move as it grows. */
static int relax(struct relaxer *relaxer, np_expr_id id, bool negated, np_expr_id *out_expr)
{
    struct np_ir *ir = relaxer->ir;
    struct np_expr expr = ir->exprs.items[id];
    switch (expr.kind) {
    case NP_EXPR_PRED:
        if (asks_who(&ir->preds.items[expr.pred]))
            return np_ir_constant(ir, !negated, out_expr);
        break;
    case NP_EXPR_NOT: {
        int r = relax(relaxer, ir->children.items[expr.first_child], !negated, &id);
        return r < 0 ? r : np_ir_not(ir, id, out_expr);
    }
    case NP_EXPR_AND:
    case NP_EXPR_OR:
        return relax_join(relaxer, expr, negated, out_expr);
    case NP_EXPR_FALSE:
    case NP_EXPR_TRUE:
    case NP_EXPR_KIND_MAX:
        break;
    }
    *out_expr = id;
    return 0;
}

int np_ir_relax(struct np_ir *ir, np_expr_id condition, np_expr_id *out_relaxed)
{
    struct relaxer relaxer = {.ir = ir};
    int r = relax(&relaxer, condition, false, out_relaxed);
    np_vec_done(&relaxer.children);
    return r;
}
