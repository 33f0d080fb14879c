/* SPDX-License-Identifier: Apache-2.0 */
/* One scenario at play: its cast, and the calls that are still to come. */
#pragma once

#include "simulate/delivery.h"
#include "simulate/play/plan.h"
#include "simulate/play/record.h"

struct np_play {
    struct np_play *next_spare;
    const struct np_scenario *scenario;
    const char *name; /* as the user named it; NULL = background */
    uint64_t seed;
    uint64_t number; /* plays of equal time take turns by it */
    uint32_t home;   /* account */
    struct np_cast cast;
    struct np_planned *calls;
    size_t call_count;
    size_t done; /* calls made */
    void *block; /* cast and calls */
    size_t block_bytes;
};

/* What all plays share. */
struct np_stage {
    struct np_accounts accounts;
    struct np_recorder recorder;
    struct np_arena arena; /* a cast while it is made */
    struct np_plan plan;   /* likewise */
    struct np_buf scratch;
};

NP_NODISCARD int np_stage_init(struct np_stage *stage, const struct np_scenario_set *set,
                               uint64_t seed, uint32_t accounts);
void np_stage_done(struct np_stage *stage);

struct np_play_source {
    const struct np_scenario *scenario;
    const char *name;
    uint64_t seed;
    uint64_t number;
    uint32_t home;
    np_time_ns start;
    bool slow;
};

/*
 * Begins a play in a zeroed or ended one, whose memory is used again. 0, -ENOMEM, or -E2BIG where it has more events
 * than a play may have, with `err`.
 */
NP_NODISCARD int np_play_begin(struct np_play *play, struct np_stage *stage,
                               const struct np_play_source *source, struct np_err *err);
void np_play_done(struct np_play *play);

static inline bool np_play_is_over(const struct np_play *play)
{
    return play->done == play->call_count;
}

/* The time of the next call. */
static inline np_time_ns np_play_time(const struct np_play *play)
{
    return play->calls[play->done].time;
}

/*
 * Makes the next call: its records, one or two, at most `max`, go into the delivery. How many they are, or -ENOMEM or
 * -E2BIG with `err`.
 */
NP_NODISCARD int np_play_call(struct np_play *play, struct np_stage *stage,
                              struct np_delivery *delivery, uint64_t max, struct np_err *err);
