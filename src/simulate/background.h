/* SPDX-License-Identifier: Apache-2.0 */
/* The ordinary day: which activity starts when, and in which account. */
#pragma once

#include "simulate/accounts.h"

struct np_background {
    const struct np_accounts *accounts;
    const struct np_scenario **activities;
    uint64_t *weights; /* of the activities up to each */
    size_t count;
    struct np_random random;
    np_time_ns next;   /* start */
    uint64_t pause_ns; /* between two starts, on average */
};

/*
 * The activities of a set from `start` on, so many that they make about 0.8 events a second and account. 0, -ENOMEM,
 * or -EINVAL where the set has none that makes events. np_background_done() in any case.
 */
NP_NODISCARD int np_background_init(struct np_background *background,
                                    const struct np_scenario_set *set,
                                    const struct np_accounts *accounts, np_time_ns start,
                                    struct np_err *err);
void np_background_done(struct np_background *background);

/*
 * Decides about the start at `next`, and sets `next` to the one after it. NULL where at that hour nobody in the
 * account does what was chosen.
 */
const struct np_scenario *np_background_start(struct np_background *background,
                                              uint32_t *out_account);
