/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing one value with the literals of a predicate. */
#pragma once

#include "rule/eval.h"

/* Any of several questions: true wins, a limit is kept, false changes nothing. */
static inline void np_truth_merge(enum np_truth *truth, enum np_truth other)
{
    if (*truth != NP_TRUTH_TRUE && other != NP_TRUTH_FALSE)
        *truth = other;
}

/* Whether `value`, which has a text, matches any literal of the predicate. */
enum np_truth np_match_one(struct np_evaluator *evaluator, const struct np_ready *ready,
                           const struct np_value *value);

/* The same of any value but a list: null has no text, an object several. */
enum np_truth np_match_element(struct np_evaluator *evaluator, const struct np_ready *ready,
                               const struct np_value *value);

/*
 * The texts that `value` is compared as: itself, or those of an object; returns how many. Not for
 * lists.
 */
size_t np_value_texts(struct np_event *event, const struct np_value *value,
                      struct np_span out_texts[3]);
