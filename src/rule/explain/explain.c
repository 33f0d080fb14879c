/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See explain.h. Every test is asked plainly, one by one: this is about being right and complete,
 * not fast. Recursion is bounded by NP_EXPR_MAX_DEPTH.
 */
#include "rule/explain/explain.h"

#include <errno.h>

#include "rule/cost.h"
#include "rule/index/index.h"

struct np_explainer {
    const struct np_rule_set *set;
    struct np_evaluator evaluator;
};

int np_explainer_new(struct np_explainer **out_explainer, const struct np_rule_set *set)
{
    struct np_explainer *explainer = np_alloc(sizeof(*explainer));
    if (explainer == NULL)
        return -ENOMEM;
    explainer->set = set;
    int r = np_evaluator_init(&explainer->evaluator, set->index->ready);
    if (r < 0) {
        np_free(explainer);
        return r;
    }
    *out_explainer = explainer;
    return 0;
}

void np_explainer_free(struct np_explainer **explainer)
{
    if (explainer == NULL || *explainer == NULL)
        return;
    np_evaluator_done(&(*explainer)->evaluator);
    np_free(NP_TAKE(*explainer));
}

static uint32_t add_changes(uint32_t one, uint32_t two)
{
    return one > NP_EXPLAINED_NEVER - two ? NP_EXPLAINED_NEVER : one + two;
}

static const char *limit_of(enum np_truth truth)
{
    switch (truth) {
    case NP_TRUTH_STEPS_LIMIT:
        return "too many steps";
    case NP_TRUTH_MEMORY_LIMIT:
        return "too much memory";
    case NP_TRUTH_FALSE:
    case NP_TRUTH_TRUE:
        break;
    }
    return NULL;
}

static void explain_test(struct np_explainer *explainer, np_pred_id id, struct np_explained *node)
{
    const struct np_pred *pred = &explainer->set->ir.preds.items[id];
    struct np_event *event = explainer->evaluator.event;
    enum np_truth truth = np_evaluator_ask_plainly(&explainer->evaluator, id);
    bool has_field = pred->op != NP_PRED_KEYWORD;
    bool has_other = pred->op == NP_PRED_SAME;
    node->kind = NP_EXPLAINED_TEST;
    node->is_true = truth == NP_TRUTH_TRUE;
    node->limit = limit_of(truth);
    node->changes = 1;
    node->field = has_field ? pred->field : NP_FIELD_NONE;
    node->value = has_field ? np_event_field(event, pred->field) : NULL;
    node->other = has_other ? pred->other : NP_FIELD_NONE;
    node->other_value = has_other ? np_event_field(event, pred->other) : NULL;
}

/* Where the children do not decide alone, what they come to together. */
static void join(struct np_explained *node)
{
    bool decides = node->kind == NP_EXPLAINED_ANY; /* the answer of one child that is enough */
    uint32_t fewest = NP_EXPLAINED_NEVER;          /* for one child to give it */
    uint32_t all = 0;                              /* for no child to give it */
    node->is_true = !decides;
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct np_explained *child = &node->children[i];
        if (child->is_true == decides) {
            node->is_true = decides;
            all = add_changes(all, child->changes);
        } else {
            fewest = NP_MIN(fewest, child->changes);
        }
    }
    node->changes = node->is_true == decides ? all : fewest;
}

static int explain_expr(struct np_explainer *explainer, struct np_arena *arena, np_expr_id id,
                        struct np_explained *node);

static int explain_children(struct np_explainer *explainer, struct np_arena *arena,
                            const struct np_expr *expr, struct np_explained *node)
{
    const struct np_ir *ir = &explainer->set->ir;
    struct np_explained *children = np_arena_alloc(arena, expr->child_count * sizeof(*children));
    if (children == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < expr->child_count; i++) {
        int r =
            explain_expr(explainer, arena, ir->children.items[expr->first_child + i], &children[i]);
        if (r < 0)
            return r;
    }
    node->children = children;
    node->child_count = expr->child_count;
    if (expr->kind == NP_EXPR_NOT) {
        node->kind = NP_EXPLAINED_NOT;
        node->is_true = !children[0].is_true;
        node->changes = children[0].changes;
        return 0;
    }
    node->kind = expr->kind == NP_EXPR_AND ? NP_EXPLAINED_ALL : NP_EXPLAINED_ANY;
    join(node);
    return 0;
}

static int explain_expr(struct np_explainer *explainer, struct np_arena *arena, np_expr_id id,
                        struct np_explained *node)
{
    const struct np_rule_set *set = explainer->set;
    const struct np_expr *expr = &set->ir.exprs.items[id];
    *node = (struct np_explained){
        .selection = np_notes_find(&set->notes, id, NP_NOTE_SELECTION),
        .field = NP_FIELD_NONE,
        .other = NP_FIELD_NONE,
    };
    switch (expr->kind) {
    case NP_EXPR_PRED:
        explain_test(explainer, expr->pred, node);
        node->test = np_notes_find(&set->notes, id, NP_NOTE_TEST);
        return 0;
    case NP_EXPR_NOT:
    case NP_EXPR_AND:
    case NP_EXPR_OR:
        return explain_children(explainer, arena, expr, node);
    case NP_EXPR_TRUE:
    case NP_EXPR_FALSE:
    case NP_EXPR_KIND_MAX:
        break;
    }
    node->kind = NP_EXPLAINED_CONSTANT;
    node->is_true = expr->kind == NP_EXPR_TRUE;
    node->changes = NP_EXPLAINED_NEVER;
    return 0;
}

/* Marks the fewest tests that would turn the answer of `node`, which is possible. */
static void mark(struct np_explained *node)
{
    struct np_explained *children = (struct np_explained *) (uintptr_t) node->children;
    bool one_is_enough = node->kind == NP_EXPLAINED_ALL ? node->is_true : !node->is_true;
    node->decides = node->kind == NP_EXPLAINED_TEST;
    for (uint32_t i = 0; i < node->child_count; i++) {
        struct np_explained *child = &children[i];
        bool is_meant =
            one_is_enough ? child->changes == node->changes : child->is_true == node->is_true;
        if (!is_meant && node->kind != NP_EXPLAINED_NOT)
            continue;
        mark(child);
        if (one_is_enough)
            return;
    }
}

/* The tree of one condition that is needed to be true. */
static int explain_condition(struct np_explainer *explainer, struct np_arena *arena, np_expr_id id,
                             struct np_explanation *explanation,
                             const struct np_explained **out_root)
{
    struct np_explained *root = np_arena_alloc(arena, sizeof(*root));
    int r = root == NULL ? -ENOMEM : explain_expr(explainer, arena, id, root);
    if (r < 0)
        return r;
    explanation->tests += explainer->set->ir.exprs.items[id].leaves;
    if (!root->is_true) {
        explanation->changes = add_changes(explanation->changes, root->changes);
        if (root->changes != NP_EXPLAINED_NEVER)
            mark(root);
    }
    *out_root = root;
    return 0;
}

static int explain_filters(struct np_explainer *explainer, struct np_arena *arena,
                           const struct np_rule *rule, struct np_explanation *explanation)
{
    struct np_explained_filter *filters =
        np_arena_alloc(arena, rule->filter_count * sizeof(*filters));
    int r = filters == NULL && rule->filter_count > 0 ? -ENOMEM : 0;
    for (size_t i = 0; r == 0 && i < rule->filter_count; i++) {
        filters[i].doc = &explainer->set->docs.items[rule->filters[i].doc];
        r = explain_condition(explainer, arena, rule->filters[i].condition, explanation,
                              &filters[i].condition);
    }
    explanation->filters = filters;
    explanation->filter_count = rule->filter_count;
    return r;
}

int np_explain(struct np_explainer *explainer, uint32_t rule, struct np_event *event,
               struct np_arena *arena, struct np_explanation *out_explanation)
{
    const struct np_rule *of = &explainer->set->rules.items[rule];
    struct np_explanation explanation = {
        .rule = rule,
        .is_of_logsource = np_rule_takes(explainer->set, rule, event->logsource),
        .logsource = {of->product, of->category, of->service},
    };
    np_evaluator_begin(&explainer->evaluator, event);
    int r =
        explain_condition(explainer, arena, of->filter_count > 0 ? of->unfiltered : of->condition,
                          &explanation, &explanation.condition);
    if (r == 0)
        r = explain_filters(explainer, arena, of, &explanation);
    explanation.matches = explanation.is_of_logsource && explanation.changes == 0;
    if (r == 0)
        *out_explanation = explanation;
    return r;
}
