/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What travels through the engine: one batch with all that the stateless step made of it. Owned by one thread at a time and used
 * again and again, so a steady state allocates nothing.
 */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "engine/engine.h"

/* What the ordered step needs of each event. */
struct np_note {
    np_time_ns time;
    struct np_hash128 key;
    bool has_key;
    uint32_t findings;  /* how many of `found` belong to it; they follow one another */
    uint32_t act_bytes; /* of its act in `acts`; these too follow one another. 0 = it has none */
    uint64_t quiet;     /* not one event but so many that no rule wanted, the newest at `time` */
};

/* One thread's means for the stateless step. */
struct np_worker;

struct np_work {
    const struct np_worker *worker; /* that ran it last, in whose cache it is; NULL = none */
    struct np_batch batch;
    struct np_arena texts; /* decoded texts; dies with the batch */
    struct np_arena kept;  /* findings */
    NP_VEC(struct np_note) notes;
    NP_VEC(struct np_finding *) found;
    struct np_buf acts; /* packed acts (held.h), where incidents are wanted */
    size_t next_piece;  /* of the batch, for the next part */
    bool has_more;      /* the findings filled their memory: tell them, then run the work again */
    struct np_tally tally; /* records that could not be read */
    int result;            /* 0, or what ended the run */
    struct np_err err;
};

void np_work_init(struct np_work *work);
void np_work_done(struct np_work *work);

NP_NODISCARD int np_worker_new(struct np_worker **out_worker,
                               const struct np_engine_params *params);
void np_worker_free(struct np_worker **worker);

/*
 * Decodes and matches the pieces of the work's batch: all, or, where the findings fill their memory, a first part. Then `has_more`
 * says that it is to be called again for the next part once these findings were told. What goes wrong for good is in
 * `work->result`.
 */
void np_worker_run(struct np_worker *worker, struct np_work *work);

/* The matcher, for its limits. */
const struct np_matcher *np_worker_matcher(const struct np_worker *worker);

/* The ordered step. */
struct np_order;

NP_NODISCARD int np_order_new(struct np_order **out_order, const struct np_engine_params *params);
void np_order_free(struct np_order **order);

/* Takes the works in the order in which their batches were read, one at a time: counts, finds duplicates, tells findings and incidents. 0 or a sink's error. */
NP_NODISCARD int np_order_take(struct np_order *order, struct np_work *work, struct np_err *err);

/* Tells the incidents that waited for later events. 0 or a sink's error. */
NP_NODISCARD int np_order_end(struct np_order *order, struct np_err *err);

/* Adds what could not be read of a worker's records. */
void np_order_add_tally(struct np_order *order, const struct np_tally *tally);

/* Adds the limits that a matcher ran into. */
NP_NODISCARD int np_order_add_limits(struct np_order *order, const struct np_matcher *matcher);

/* Writes what was counted into the result, together with the source's tally. */
NP_NODISCARD int np_order_finish(struct np_order *order, struct np_engine_result *result);

/* How far it has come. */
void np_order_progress(const struct np_order *order, struct np_progress_figures *out_figures);
