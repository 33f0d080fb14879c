/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a scenario expanded into calls, a flat list in the order of time: groups, repetitions, chances, regions
 * and pauses are decided here, at once.
 */
#pragma once

#include "base/time.h"
#include "base/vec.h"
#include "simulate/scenario.h"

#define NP_PLAN_NO_VALUE  UINT16_MAX
#define NP_PLAN_NO_REGION UINT16_MAX

struct np_planned {
    np_time_ns time;
    const struct np_step *step;
    uint32_t index;  /* how often the step was made before */
    uint16_t value;  /* which of `each` */
    uint16_t region; /* which of the world; NP_PLAN_NO_REGION = as the step says */
    bool refused;
};

struct np_plan {
    NP_VEC(struct np_planned) calls;
};

struct np_plan_source {
    const struct np_scenario *scenario;
    const struct np_world *world;
    uint64_t seed;
    size_t home; /* region */
    np_time_ns start;
    bool slow;
};

/* Fills an empty plan: 0, -ENOMEM, or -E2BIG where it is longer than a play may be or than time can be written. */
NP_NODISCARD int np_plan_make(struct np_plan *plan, const struct np_plan_source *source);

/* How many calls a scenario makes, on average, in thousandths. */
uint64_t np_plan_mean_milli_calls(const struct np_scenario *scenario, const struct np_world *world);
