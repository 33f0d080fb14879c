/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is due when: a heap by time, equal times by number. The keys stand in the heap itself, as what they belong to
 * is spread over more memory than a cache holds.
 */
#pragma once

#include <stddef.h>

#include "base/time.h"
#include "base/vec.h"

struct np_due {
    np_time_ns time;
    uint64_t number;
    void *what;
};

struct np_schedule {
    NP_VEC(struct np_due) due; /* the first one is the next */
};

/* Adds something, of at most `max` in all: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_schedule_add(struct np_schedule *schedule, struct np_due due, size_t max);

/* Takes the next one out. There has to be one. */
void *np_schedule_take(struct np_schedule *schedule);

/* Puts the next one off to a later time. There has to be one. */
void np_schedule_put_off(struct np_schedule *schedule, np_time_ns time);

/* Frees the schedule, not what is in it. */
void np_schedule_done(struct np_schedule *schedule);
