/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions as short programs: a step asks one predicate and says where to go on either answer,
 * so AND, OR and NOT cost nothing when a rule runs. Cheap questions come first. A limit counts as
 * false and is noticed on the way.
 */
#pragma once

#include "rule/eval.h"

#define NP_STEP_TRUE  UINT32_MAX
#define NP_STEP_FALSE (UINT32_MAX - 1)

enum { NP_STEPS_MAX = 1 << 30 };

struct np_step {
    np_pred_id pred;
    uint32_t if_true; /* a step, NP_STEP_TRUE or NP_STEP_FALSE */
    uint32_t if_false;
};

/* The programs of many rules in one run of steps. */
struct np_programs {
    NP_VEC(struct np_step) steps;
    const uint8_t *field_costs; /* by field; what it takes, roughly, to have its value, in ns */
    size_t field_count;         /* beyond it nothing is known */
};

/*
 * Appends the program of `condition` and gives the step that it begins with: 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_program_add(struct np_programs *programs, const struct np_ir *ir,
                                np_expr_id condition, uint32_t *out_start);

/*
 * Runs the program that begins at `start`. `*limits` gets bit NP_TRUTH_..._LIMIT for each limit
 * that an answer ran into.
 */
static inline bool np_program_run(const struct np_programs *programs, uint32_t start,
                                  struct np_evaluator *evaluator, unsigned *limits)
{
    uint32_t at = start;
    while (at < NP_STEP_FALSE) {
        const struct np_step *step = &programs->steps.items[at];
        enum np_truth truth = np_evaluator_answer(evaluator, step->pred);
        *limits |= 1u << truth;
        at = truth == NP_TRUTH_TRUE ? step->if_true : step->if_false;
    }
    return at == NP_STEP_TRUE;
}

/*
 * The same straight from the expression, with every predicate asked plainly: for tests of all that
 * is faster.
 */
bool np_condition_run_plainly(const struct np_ir *ir, np_expr_id condition,
                              struct np_evaluator *evaluator, unsigned *limits);
