/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is asked for together is laid side by side: the parts of an and, those of an or under a
 * not, through as many levels as there are. Then each two of them are compared. Groups of a usual
 * size only: a larger one is a list of keywords, not a mistake.
 */
#include "codec/fold.h"
#include "rule/pattern.h"
#include "rule/sigma/lint/lint.h"

enum { GROUP_MAX = 64, COMPARISONS_MAX = 100000 };

static const char two_values[] = "one field is asked for two different values at once";
static const char opposites[] = "a test is asked for together with its opposite";
static const char value_excluded[] = "every value that one test asks for is excluded by another";
static const char absent_value[] = "a field is asked to be absent and to have a value";
static const char all_excluded[] = "what is excluded is the same as what is asked for";

/* Fields of the catalogue, by their type: those that are no list in any log but for one. */
static const bool scalars[] = {
#define SCALAR_TEXT                     true
#define SCALAR_BOOL                     true
#define SCALAR_NUMBER                   true
#define SCALAR_ADDRESS                  false /* sourceIPs */
#define SCALAR_OBJECT                   false
#define X(identifier, name, type, help) [NP_FIELD_##identifier] = SCALAR_##type,
#include "event/fields.def"
#undef X
};

static bool is_scalar(np_field_id field)
{
    return field < NP_FIELD_FIXED_COUNT && scalars[field] &&
           field != NP_FIELD_GCP_CURRENT_LOCATIONS;
}

/* An expression that has to be true, or false. */
struct part {
    np_expr_id expr;
    bool negated;
};

struct group {
    const struct np_ir *ir;
    struct part parts[GROUP_MAX];
    size_t count;
    bool full; /* there are more */
};

static const struct np_expr *expr_of(const struct np_ir *ir, np_expr_id id)
{
    return &ir->exprs.items[id];
}

static const np_expr_id *children_of(const struct np_ir *ir, const struct np_expr *expr)
{
    return ir->children.items + expr->first_child;
}

/* ---- comparing two parts */

/* Whether two expressions are written the same. */
static bool is_same(const struct np_ir *ir, np_expr_id a, np_expr_id b)
{
    const struct np_expr *x = expr_of(ir, a);
    const struct np_expr *y = expr_of(ir, b);
    if (a == b)
        return true;
    if (x->kind != y->kind || x->child_count != y->child_count || x->leaves != y->leaves)
        return false;
    if (x->kind == NP_EXPR_PRED)
        return x->pred == y->pred;
    for (uint32_t i = 0; i < x->child_count; i++)
        if (!is_same(ir, children_of(ir, x)[i], children_of(ir, y)[i]))
            return false;
    return true;
}

/* The texts that a predicate lists, where it asks for nothing but whole texts. */
static bool is_list_of_texts(const struct np_pred *pred)
{
    if (pred->op != NP_PRED_MATCH)
        return false;
    for (size_t i = 0; i < pred->literal_count; i++) {
        const struct np_literal *literal = &pred->literals[i];
        if (literal->kind != NP_LITERAL_PATTERN || !literal->pattern.fold ||
            literal->pattern.kind != NP_PATTERN_EXACT)
            return false;
    }
    return true;
}

/* Whether both spell one number, which may stand in an event in a third way. */
static bool is_one_number(const struct np_literal *a, const struct np_literal *b)
{
    return a->spells_number && b->spells_number && np_number_compare(a->number, b->number) == 0;
}

/*
 * Whether what `value`, a folded text, stands for matches a predicate: 1 or 0; -1 where that is not
 * decided here.
 */
static int fits(const struct np_pred *pred, const struct np_literal *value)
{
    struct np_span text = value->pattern.text;
    bool unknown = false;
    if (pred->op != NP_PRED_MATCH)
        return -1;
    for (size_t i = 0; i < pred->literal_count; i++) {
        const struct np_literal *literal = &pred->literals[i];
        bool is_plain = literal->kind == NP_LITERAL_PATTERN && literal->pattern.fold;
        if (is_plain && np_pattern_matches(&literal->pattern, text, text))
            return 1;
        if (!is_plain || is_one_number(literal, value))
            unknown = true;
    }
    return unknown ? -1 : 0;
}

/* Whether all texts that `list` allows come out as `wanted`; not where that is much work. */
static bool all_fit(const struct np_pred *list, const struct np_pred *pred, int wanted)
{
    if (list->literal_count > COMPARISONS_MAX / (pred->literal_count + 1))
        return false;
    for (size_t i = 0; i < list->literal_count; i++)
        if (fits(pred, &list->literals[i]) != wanted)
            return false;
    return true;
}

/* Whether the predicate is false wherever its field is missing. */
static bool needs_value(const struct np_pred *pred)
{
    if (pred->op == NP_PRED_EXISTS || pred->op == NP_PRED_KEYWORD)
        return false;
    for (size_t i = 0; i < pred->literal_count; i++)
        if (pred->literals[i].kind == NP_LITERAL_NULL)
            return false;
    return true;
}

/* Why `a`, which has to be true, and `b` cannot be had together; NULL where they can. */
static const char *compare_preds(const struct np_pred *a, const struct np_pred *b, bool b_negated)
{
    if (a->op == NP_PRED_KEYWORD || b->op == NP_PRED_KEYWORD || a->field != b->field)
        return NULL;
    if (b_negated && b->op == NP_PRED_EXISTS)
        return needs_value(a) ? absent_value : NULL;
    if (!is_list_of_texts(a))
        return NULL;
    if (b_negated)
        return all_fit(a, b, 1) ? value_excluded : NULL;
    return is_scalar(a->field) && all_fit(a, b, 0) ? two_values : NULL;
}

static const char *compare_parts(const struct np_ir *ir, struct part a, struct part b)
{
    const struct np_expr *x = expr_of(ir, a.expr);
    const struct np_expr *y = expr_of(ir, b.expr);
    if (a.negated || x->kind != NP_EXPR_PRED || y->kind != NP_EXPR_PRED)
        return NULL;
    return compare_preds(&ir->preds.items[x->pred], &ir->preds.items[y->pred], b.negated);
}

/* ---- groups */

/* Whether the children of `expr` all have to be true, where it has to be true (or false). */
static bool is_joint(const struct np_expr *expr, bool negated)
{
    return expr->kind == (negated ? NP_EXPR_OR : NP_EXPR_AND);
}

/* Adds what has to be true for the part to be true. Depth is that of the expression. */
static void gather(struct group *group, struct part part)
{
    const struct np_expr *expr = expr_of(group->ir, part.expr);
    if (group->full)
        return;
    if (expr->kind == NP_EXPR_NOT) {
        gather(group, (struct part){children_of(group->ir, expr)[0], !part.negated});
    } else if (is_joint(expr, part.negated)) {
        for (uint32_t i = 0; i < expr->child_count; i++)
            gather(group, (struct part){children_of(group->ir, expr)[i], part.negated});
    } else if (group->count == GROUP_MAX) {
        group->full = true;
    } else {
        group->parts[group->count++] = part;
    }
}

static bool has_part(const struct group *group, struct part part)
{
    for (size_t i = 0; i < group->count; i++)
        if (group->parts[i].negated == part.negated &&
            is_same(group->ir, group->parts[i].expr, part.expr))
            return true;
    return false;
}

/* Why `part` cannot be had: the group asks for its opposite too. NULL where it does not. */
static const char *find_opposite(const struct group *group, struct part part)
{
    struct group opposite = {.ir = group->ir};
    gather(&opposite, (struct part){part.expr, !part.negated});
    for (size_t i = 0; i < opposite.count; i++)
        if (!has_part(group, opposite.parts[i]))
            return NULL;
    if (opposite.full)
        return NULL;
    return opposite.count == 1 ? opposites : all_excluded;
}

static const char *compare_all(const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const char *why = find_opposite(group, group->parts[i]);
        for (size_t j = 0; j < group->count && why == NULL; j++)
            if (i != j)
                why = compare_parts(group->ir, group->parts[i], group->parts[j]);
        if (why != NULL)
            return why;
    }
    return NULL;
}

/* Depth is that of the expression, which is bounded. */
static const char *examine(const struct np_ir *ir, struct part part)
{
    struct group group = {.ir = ir};
    gather(&group, part);
    if (group.full)
        return NULL;
    const char *why = compare_all(&group);
    for (size_t i = 0; i < group.count && why == NULL; i++) {
        const struct np_expr *expr = expr_of(ir, group.parts[i].expr);
        for (uint32_t c = 0; c < expr->child_count && why == NULL; c++)
            why = examine(ir, (struct part){children_of(ir, expr)[c], group.parts[i].negated});
    }
    return why;
}

const char *np_sigma_lint_contradiction(const struct np_ir *ir, np_expr_id expr)
{
    return examine(ir, (struct part){expr, false});
}
