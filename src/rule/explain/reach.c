/* SPDX-License-Identifier: Apache-2.0 */
/* Three-valued logic over a condition: tests of fields that do not occur have their answer. */
#include "rule/explain/reach.h"

#include "rule/eval.h"
#include "rule/rule_internal.h"

enum answer { NO, OPEN, YES };

static enum answer answer_of(const struct np_pred *pred, const uint8_t *occurrences)
{
    if (pred->op == NP_PRED_KEYWORD || occurrences[pred->field] == NP_OCCURS)
        return pred->op != NP_PRED_SAME || occurrences[pred->other] == NP_OCCURS ? OPEN : NO;
    if (pred->op == NP_PRED_SAME)
        return NO;
    bool of_absent = np_pred_of_missing(pred, false);
    bool of_null = np_pred_of_missing(pred, true);
    if (occurrences[pred->field] == NP_OCCURS_AS_NULL && of_absent != of_null)
        return OPEN;
    return of_absent ? YES : NO;
}

/* Recursion is bounded by NP_EXPR_MAX_DEPTH. */
static enum answer evaluate(const struct np_ir *ir, np_expr_id id, const uint8_t *occurrences)
{
    const struct np_expr *expr = &ir->exprs.items[id];
    const np_expr_id *children = ir->children.items + expr->first_child;
    if (expr->kind == NP_EXPR_PRED)
        return answer_of(&ir->preds.items[expr->pred], occurrences);
    if (expr->kind == NP_EXPR_NOT)
        return YES - evaluate(ir, children[0], occurrences);
    if (expr->kind == NP_EXPR_TRUE || expr->kind == NP_EXPR_FALSE)
        return expr->kind == NP_EXPR_TRUE ? YES : NO;
    enum answer answer = expr->kind == NP_EXPR_AND ? YES : NO;
    for (uint32_t i = 0; i < expr->child_count; i++) {
        enum answer child = evaluate(ir, children[i], occurrences);
        answer = expr->kind == NP_EXPR_AND ? NP_MIN(answer, child) : NP_MAX(answer, child);
    }
    return answer;
}

bool np_rule_can_match(const struct np_rule_set *set, uint32_t rule, const uint8_t *occurrences)
{
    return evaluate(&set->ir, set->rules.items[rule].condition, occurrences) != NO;
}
