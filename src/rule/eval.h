/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answering predicates for an event. Each is answered at most once an event: the answers carry the
 * number of the event that they are for, so nothing has to be cleared. An evaluator belongs to one
 * thread.
 */
#pragma once

#include "event/event.h"
#include "rule/ready.h"
#include "rule/recall.h"

/*
 * What a predicate comes to. One that ran into a limit counts as false; it is told apart so that
 * it can be counted.
 */
enum np_truth { NP_TRUTH_FALSE, NP_TRUTH_TRUE, NP_TRUTH_STEPS_LIMIT, NP_TRUTH_MEMORY_LIMIT };

enum {
    NP_TRUTH_BITS = 2,
    NP_SAME_PAIRS_MAX = 100000, /* elements of one list times those of the other; then a limit */
    NP_SAME_WORK_MAX = 1 << 26  /* bytes of a text times those of a shell pattern; the same */
};

/* Memory that a text is folded into; two that are in use at the same time need two. */
enum np_fold_use { NP_FOLD_VALUE, NP_FOLD_OTHER, NP_FOLD_PROBE, NP_FOLD_USE_MAX };

/* Answers that hold for all events of a subject. */
struct np_kept_answers {
    uint64_t subject; /* 0 = of none */
    uint32_t *items;  /* as those of an event, with an epoch of their own */
    uint32_t epoch;
};

enum { NP_KEPT_SUBJECTS = 16 }; /* a power of two */

struct np_evaluator {
    const struct np_ready_set *ready; /* borrowed */
    struct np_event *event;
    uint32_t epoch;    /* number of the event, from 1 */
    uint32_t *answers; /* by predicate: epoch << NP_TRUTH_BITS | truth */
    struct np_kept_answers kept[NP_KEPT_SUBJECTS];
    struct np_kept_answers *of_subject; /* of the event's; NULL = it has none */
    struct np_recall recall;
    struct np_regex_scratch *regex;
    struct np_buf folded[NP_FOLD_USE_MAX];
    bool plain; /* compare every literal, use no table */
};

NP_NODISCARD int np_evaluator_init(struct np_evaluator *evaluator,
                                   const struct np_ready_set *ready);
void np_evaluator_done(struct np_evaluator *evaluator);

/* Begins with `event`: no predicate is answered yet. */
void np_evaluator_begin(struct np_evaluator *evaluator, struct np_event *event);

/* Forgets the answers that are kept of subjects. */
void np_evaluator_forget(struct np_evaluator *evaluator);

/* Answers `pred` whether it was answered before or not. */
enum np_truth np_evaluator_ask(struct np_evaluator *evaluator, np_pred_id pred);

/*
 * The same by comparing every literal one by one, for tests of all that is faster. Remembers
 * nothing.
 */
enum np_truth np_evaluator_ask_plainly(struct np_evaluator *evaluator, np_pred_id pred);

/* Sets the answer to `pred`. */
static inline void np_evaluator_know(struct np_evaluator *evaluator, np_pred_id pred,
                                     enum np_truth truth)
{
    evaluator->answers[pred] = evaluator->epoch << NP_TRUTH_BITS | truth;
}

/* Sets the answer to `pred` where it has none yet: one that ran into a limit stays. */
static inline void np_evaluator_learn(struct np_evaluator *evaluator, np_pred_id pred, bool is_true)
{
    if (evaluator->answers[pred] >> NP_TRUTH_BITS != evaluator->epoch)
        np_evaluator_know(evaluator, pred, is_true ? NP_TRUTH_TRUE : NP_TRUTH_FALSE);
}

/* The answer to `pred`. */
static inline enum np_truth np_evaluator_answer(struct np_evaluator *evaluator, np_pred_id pred)
{
    uint32_t answer = evaluator->answers[pred];
    if (answer >> NP_TRUTH_BITS == evaluator->epoch)
        return (enum np_truth)(answer & ((1u << NP_TRUTH_BITS) - 1));
    return np_evaluator_ask(evaluator, pred);
}

/*
 * The form of `text` that folded literals are compared with: itself where it is ASCII. False where
 * memory is out.
 */
bool np_evaluator_fold(struct np_evaluator *evaluator, enum np_fold_use use, struct np_span text,
                       struct np_span *out_text);

/*
 * What `pred` comes to where its field is absent, or, with `is_null`, there but null. Not for SAME
 * and KEYWORD.
 */
bool np_pred_of_missing(const struct np_pred *pred, bool is_null);
