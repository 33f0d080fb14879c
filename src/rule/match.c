/* SPDX-License-Identifier: Apache-2.0 */
/* See match.h. From the outside in: a value, its texts, the literals. */
#include "rule/match.h"

#include "codec/fold.h"
#include "rule/pattern.h"

/* One text on its way through the literals of a predicate. */
struct subject {
    struct np_evaluator *evaluator;
    const struct np_ready *ready;
    const struct np_value *value; /* for literals that are numbers; its text is what patterns see */
    struct np_span folded;        /* where a literal of the predicate folds */
    enum np_truth truth;          /* so far */
};

/* Whether the regular expression can match: one of the literals that it needs is there. */
static bool may_match(const struct subject *subject, const struct np_regex_needs *needs)
{
    for (size_t i = 0; i < needs->count; i++)
        if (np_fold_ascii_find(subject->folded, needs->literals[i]) != NP_FOLD_NOT_FOUND)
            return true;
    return needs->count == 0;
}

static enum np_truth search(const struct subject *subject, size_t literal)
{
    if (!subject->evaluator->plain &&
        !may_match(subject, &subject->ready->pred->literals[literal].needs))
        return NP_TRUTH_FALSE;
    switch (np_regex_search(subject->ready->regexes[literal], subject->evaluator->regex,
                            subject->value->text)) {
    case NP_REGEX_NO:
        return NP_TRUTH_FALSE;
    case NP_REGEX_YES:
        return NP_TRUTH_TRUE;
    case NP_REGEX_STEPS_LIMIT:
        return NP_TRUTH_STEPS_LIMIT;
    case NP_REGEX_MEMORY_LIMIT:
        break;
    }
    return NP_TRUTH_MEMORY_LIMIT;
}

static bool equals_number(const struct np_value *value, const struct np_literal *literal)
{
    struct np_number number;
    return np_number_of_value(value, &number) && np_number_compare(number, literal->number) == 0;
}

static enum np_truth compare_literal(const struct subject *subject, size_t index)
{
    const struct np_literal *literal = &subject->ready->pred->literals[index];
    bool fits = false;
    switch (literal->kind) {
    case NP_LITERAL_PATTERN:
        fits = np_pattern_matches(&literal->pattern,
                                  literal->pattern.fold ? subject->folded : subject->value->text,
                                  subject->value->text) ||
               (literal->spells_number && np_value_is_number(subject->value) &&
                equals_number(subject->value, literal));
        break;
    case NP_LITERAL_NUMBER:
        fits = equals_number(subject->value, literal);
        break;
    case NP_LITERAL_CIDR:
        fits = np_cidr_contains(&literal->cidr, subject->value->text);
        break;
    case NP_LITERAL_COMPARE:
        fits = np_compare_texts(literal->compare.how, subject->value->text, literal->compare.text);
        break;
    case NP_LITERAL_REGEX:
        return search(subject, index);
    case NP_LITERAL_NULL:
    case NP_LITERAL_KIND_MAX:
        break;
    }
    return fits ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
}

static void compare_tagged(void *context, uint32_t literal)
{
    struct subject *subject = context;
    if (subject->truth != NP_TRUTH_TRUE)
        np_truth_merge(&subject->truth, compare_literal(subject, literal));
}

/* Compares by the predicate's tables. */
static void look_up(struct subject *subject, const struct np_lookup *lookup)
{
    if (np_fold_map_get(&lookup->exact, subject->folded) != NP_FOLD_MAP_NONE ||
        (lookup->cased.len > 0 &&
         np_map_get(&lookup->cased, subject->value->text) != NP_MAP_NONE)) {
        subject->truth = NP_TRUTH_TRUE;
        return;
    }
    np_sieve_run(&lookup->sieve, subject->folded, compare_tagged, subject);
    if (np_value_is_number(subject->value))
        for (size_t i = 0; i < lookup->spelt_count && subject->truth != NP_TRUTH_TRUE; i++)
            np_truth_merge(&subject->truth, compare_literal(subject, lookup->spelt[i]));
    for (size_t i = 0; i < lookup->rest_count && subject->truth != NP_TRUTH_TRUE; i++)
        np_truth_merge(&subject->truth, compare_literal(subject, lookup->rest[i]));
}

enum np_truth np_match_one(struct np_evaluator *evaluator, const struct np_ready *ready,
                           const struct np_value *value)
{
    struct subject subject = {.evaluator = evaluator, .ready = ready, .value = value};
    const struct np_lookup *lookup = evaluator->plain ? NULL : ready->lookup;
    if ((ready->folds || lookup != NULL) &&
        !np_evaluator_fold(evaluator, NP_FOLD_VALUE, value->text, &subject.folded))
        return NP_TRUTH_MEMORY_LIMIT;
    if (lookup != NULL) {
        look_up(&subject, lookup);
        return subject.truth;
    }
    for (size_t i = 0; i < ready->pred->literal_count && subject.truth != NP_TRUTH_TRUE; i++)
        np_truth_merge(&subject.truth, compare_literal(&subject, i));
    return subject.truth;
}

size_t np_value_texts(struct np_event *event, const struct np_value *value,
                      struct np_span out_texts[3])
{
    if (value->kind == NP_VALUE_OBJECT)
        return np_event_object_texts(event, value, out_texts);
    if (value->kind < NP_VALUE_BOOL || value->kind > NP_VALUE_ADDRESS)
        return 0;
    out_texts[0] = value->text;
    return 1;
}

enum np_truth np_match_element(struct np_evaluator *evaluator, const struct np_ready *ready,
                               const struct np_value *value)
{
    if (value->kind == NP_VALUE_NULL)
        return ready->matches_missing ? NP_TRUTH_TRUE : NP_TRUTH_FALSE;
    if (value->kind != NP_VALUE_OBJECT)
        return value->kind == NP_VALUE_LIST ? NP_TRUTH_FALSE
                                            : np_match_one(evaluator, ready, value);
    struct np_span texts[3];
    size_t count = np_value_texts(evaluator->event, value, texts);
    enum np_truth truth = NP_TRUTH_FALSE;
    for (size_t i = 0; i < count && truth != NP_TRUTH_TRUE; i++) {
        struct np_value text = {.kind = NP_VALUE_OBJECT, .text = texts[i]};
        np_truth_merge(&truth, np_match_one(evaluator, ready, &text));
    }
    return truth;
}
