/* SPDX-License-Identifier: Apache-2.0 */
/* The witnesses of all rules are found once more, as the index finds them, but kept by rule. */
#include "rule/cost.h"

#include <errno.h>

#include "rule/index/index.h"

struct entry {
    struct np_rule_traits traits;
    struct np_run witnesses;
};

struct np_rule_trial {
    const struct np_rule_index *index;
    struct np_evaluator evaluator;
    struct np_witness_list list;
    struct entry *entries; /* by rule */
};

static bool has_regex(const struct np_pred *pred)
{
    for (size_t i = 0; i < pred->literal_count; i++)
        if (pred->literals[i].kind == NP_LITERAL_REGEX)
            return true;
    return false;
}

/* Notes what the expression asks. Recursion is bounded by NP_EXPR_MAX_DEPTH. */
static void find_questions(struct np_rule_traits *traits, const struct np_ir *ir, np_expr_id id)
{
    const struct np_expr *expr = &ir->exprs.items[id];
    if (expr->kind == NP_EXPR_PRED) {
        const struct np_pred *pred = &ir->preds.items[expr->pred];
        traits->regex = traits->regex || has_regex(pred);
        traits->keywords = traits->keywords || pred->op == NP_PRED_KEYWORD;
    }
    for (uint32_t i = 0; i < expr->child_count; i++)
        find_questions(traits, ir, ir->children.items[expr->first_child + i]);
}

static int find_witnesses(struct np_rule_trial *trial, const struct np_field_values *values,
                          uint32_t rule)
{
    const struct np_rule_set *set = trial->index->set;
    struct entry *entry = &trial->entries[rule];
    size_t first = trial->list.witnesses.len;
    switch (np_witness_find(&trial->list, &set->ir, values,
                            np_rule_asked_of_record(&set->rules.items[rule]))) {
    case NP_WITNESS_NO_MEMORY:
        return -ENOMEM;
    case NP_WITNESS_NONE:
        entry->traits.every_event = true;
        break;
    case NP_WITNESS_NEVER:
        entry->traits.never = true;
        break;
    case NP_WITNESS_FOUND:
        entry->witnesses =
            (struct np_run){(uint32_t) first, (uint32_t) (trial->list.witnesses.len - first)};
        return 0;
    }
    trial->list.witnesses.len = first; /* what was appended has no meaning */
    return 0;
}

static int init(struct np_rule_trial *trial)
{
    const struct np_rule_set *set = trial->index->set;
    struct np_field_values values = {};
    trial->entries = np_alloc_array(set->rules.len, sizeof(trial->entries[0]));
    if (trial->entries == NULL)
        return -ENOMEM;
    int r = np_evaluator_init(&trial->evaluator, trial->index->ready);
    if (r == 0)
        r = np_field_values_init(&values, &set->ir, set->field_names);
    for (size_t i = 0; i < set->rules.len && r == 0; i++) {
        find_questions(&trial->entries[i].traits, &set->ir, set->rules.items[i].condition);
        r = find_witnesses(trial, &values, (uint32_t) i);
    }
    np_field_values_done(&values);
    return r;
}

int np_rule_trial_new(struct np_rule_trial **out_trial, const struct np_rule_set *set)
{
    struct np_rule_trial *trial = np_alloc(sizeof(*trial));
    if (trial == NULL)
        return -ENOMEM;
    trial->index = set->index;
    int r = init(trial);
    if (r < 0) {
        np_rule_trial_free(&trial);
        return r;
    }
    *out_trial = trial;
    return 0;
}

void np_rule_trial_free(struct np_rule_trial **trial)
{
    if (*trial == NULL)
        return;
    np_evaluator_done(&(*trial)->evaluator);
    np_vec_done(&(*trial)->list.witnesses);
    np_free((*trial)->entries);
    np_free(NP_TAKE(*trial));
}

void np_rule_trial_begin(struct np_rule_trial *trial, struct np_event *event)
{
    np_evaluator_begin(&trial->evaluator, event);
}

enum np_trial_result np_rule_trial_run(struct np_rule_trial *trial, uint32_t rule)
{
    const struct np_rule_set *set = trial->index->set;
    const struct np_rule *asked = &set->rules.items[rule];
    unsigned limits = 0;
    bool is_true =
        asked->asks_who
            ? np_condition_run_plainly(&set->ir, asked->condition, &trial->evaluator, &limits)
            : np_program_run(&trial->index->programs, trial->index->starts[rule], &trial->evaluator,
                             &limits);
    if (is_true)
        return NP_TRIAL_TRUE;
    return limits >> NP_TRUTH_STEPS_LIMIT != 0 ? NP_TRIAL_LIMIT : NP_TRIAL_FALSE;
}

bool np_rule_trial_is_candidate(struct np_rule_trial *trial, uint32_t rule)
{
    const struct entry *entry = &trial->entries[rule];
    for (uint32_t i = 0; i < entry->witnesses.count; i++) {
        struct np_witness witness = trial->list.witnesses.items[entry->witnesses.first + i];
        enum np_truth truth = np_evaluator_answer(&trial->evaluator, witness.pred);
        if (truth >= NP_TRUTH_STEPS_LIMIT || (truth == NP_TRUTH_TRUE) != witness.negative)
            return true;
    }
    return entry->traits.every_event;
}

const struct np_rule_traits *np_rule_trial_traits(const struct np_rule_trial *trial, uint32_t rule)
{
    return &trial->entries[rule].traits;
}

bool np_rule_takes(const struct np_rule_set *set, uint32_t rule,
                   const struct np_logsource *logsource)
{
    const struct np_rule *asked = &set->rules.items[rule];
    struct np_bucket bucket = {
        .product = np_span_of(asked->product),
        .category = np_span_of(asked->category),
        .service = np_span_of(asked->service),
    };
    return np_bucket_takes(&bucket, logsource);
}
