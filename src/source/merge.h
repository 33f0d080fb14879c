/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several open objects in one order. Each reader holds a batch ahead; the time of its next piece is
 * its key. The oldest comes first and gives a run of its pieces, up to where another one's are
 * older.
 *
 * A run may go on a little longer than that (NP_MERGE_GRAIN_NS), because one batch comes from one
 * object and a batch of one record each would cost more than it is worth. That is far below what
 * CloudTrail itself delivers late.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/time.h"
#include "base/vec.h"
#include "event/decoder.h"
#include "source/reader.h"

#define NP_MERGE_GRAIN_NS (2 * NP_NS_PER_MIN)

/* How much older than one before it a record of an object is taken to be at most. */
#define NP_MERGE_CALM_NS (15 * NP_NS_PER_MIN)

/* Places in the order that are no times. */
#define NP_MERGE_FIRST INT64_MIN /* at once */
#define NP_MERGE_LAST  INT64_MAX /* after everything that has a time */

struct np_merge {
    NP_VEC(struct np_reader *) heap; /* the one with the lowest key first */
};

/* Adds a reader, whose key is set: 0 or -ENOMEM. The merge borrows it until it is popped. */
NP_NODISCARD int np_merge_push(struct np_merge *merge, struct np_reader *reader);

/* Takes out the reader with the lowest key; NULL where there is none. */
struct np_reader *np_merge_pop(struct np_merge *merge);

/* The lowest key, NP_MERGE_LAST where there is no reader. */
np_time_ns np_merge_key(const struct np_merge *merge);

/* What tells records' times. */
struct np_clock {
    const struct np_decode_plan *plan; /* borrowed */
    struct np_decoder *decoder;
    struct np_arena texts;
};

/* A clock for the records of `plan`: 0 or -ENOMEM. */
NP_NODISCARD int np_clock_init(struct np_clock *clock, const struct np_decode_plan *plan);
void np_clock_done(struct np_clock *clock);

/* The time of a piece of a batch, NP_TIME_NONE where it gives none. */
np_time_ns np_clock_time(struct np_clock *clock, const struct np_batch *batch, size_t piece);

/*
 * How many pieces of `reader->ahead` from `reader->next_piece` on may go before something of time
 * `limit`: one at least. A reader with the key NP_MERGE_FIRST gives all.
 */
size_t np_merge_run(struct np_clock *clock, const struct np_reader *reader, np_time_ns limit);

/* Moves the next `count` pieces of `reader->ahead` into `batch`: 0 or -ENOMEM. */
NP_NODISCARD int np_merge_take(struct np_reader *reader, size_t count, struct np_batch *batch);
