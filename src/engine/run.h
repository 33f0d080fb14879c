/* SPDX-License-Identifier: Apache-2.0 */
/* What engine.c and threads.c share of one run. */
#pragma once

#include "engine/work.h"

struct np_run {
    const struct np_engine_params *params;
    struct np_order *order;
};

/*
 * Tells a work that has been run once, and runs what is left of its batch by `worker`, part by part: 0, or what ended
 * the run.
 */
NP_NODISCARD int np_run_finish_work(struct np_run *run, struct np_worker *worker,
                                    struct np_work *work, struct np_err *err);

/* The next batch: 1, 0 at the end of the source or when the run is interrupted, or what the source failed with. */
NP_NODISCARD int np_run_read(struct np_run *run, struct np_batch *batch, struct np_err *err);

/* The run with `params->threads` threads, two or more: the caller's and new ones, which have ended when it returns. */
NP_NODISCARD int np_run_threads(struct np_run *run, struct np_err *err);
