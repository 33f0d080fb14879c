/* SPDX-License-Identifier: Apache-2.0 */
/* A run from the first batch to the summary, with or without threads. */
#include "engine/engine.h"

#include <errno.h>

#include "engine/run.h"

/* Tells the caller that a batch was told: 0, or negative to end the run. */
static int tell_progress(struct np_run *run, struct np_err *err)
{
    if (run->params->on_batch == NULL)
        return 0;
    struct np_progress_figures figures = {
        .bytes_done = run->params->source->bytes_read,
        .bytes_total = run->params->source->bytes_total,
    };
    np_order_progress(run->order, &figures);
    return run->params->on_batch(run->params->context, &figures, err);
}

static bool is_interrupted(const struct np_run *run)
{
    return run->params->interrupted != NULL && *run->params->interrupted != 0;
}

int np_run_read(struct np_run *run, struct np_batch *batch, struct np_err *err)
{
    struct np_source *source = run->params->source;
    int r = -EINTR;
    while (r == -EINTR && !is_interrupted(run))
        r = source->ops->next(source, batch, err);
    return r == -EINTR ? 0 : r;
}

int np_run_finish_work(struct np_run *run, struct np_worker *worker, struct np_work *work,
                       struct np_err *err)
{
    for (;;) {
        int r = work->result < 0 ? np_fail(err, work->result, "%s", work->err.msg)
                                 : np_order_take(run->order, work, err);
        if (r == 0)
            r = tell_progress(run, err);
        if (r < 0 || !work->has_more)
            return r;
        np_worker_run(worker, work);
    }
}

/* Everything in the caller's thread: the same stages in the same order, and the plainest way to test them. */
static int run_inline(struct np_run *run, struct np_err *err)
{
    struct np_worker *worker = NULL;
    struct np_work work;
    int r = np_worker_new(&worker, run->params);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    np_work_init(&work);
    while ((r = np_run_read(run, &work.batch, err)) > 0) {
        np_worker_run(worker, &work);
        r = np_run_finish_work(run, worker, &work, err);
        if (r < 0)
            break;
    }
    np_order_add_tally(run->order, &work.tally);
    int limits = np_order_add_limits(run->order, np_worker_matcher(worker));
    np_work_done(&work);
    np_worker_free(&worker);
    return r < 0 || limits == 0 ? NP_MIN(r, 0) : np_fail(err, limits, "out of memory");
}

int np_engine_run(struct np_engine_result *out_result, const struct np_engine_params *params,
                  struct np_err *err)
{
    struct np_run run = {.params = params};
    np_mono_ns start = np_mono_now();
    *out_result = (struct np_engine_result){};
    int r = np_order_new(&run.order, params);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    r = params->threads <= 1 ? run_inline(&run, err) : np_run_threads(&run, err);
    if (r == 0)
        r = np_order_end(run.order, err);
    int finish = np_order_finish(run.order, out_result);
    out_result->interrupted = is_interrupted(&run);
    if (r < 0 || out_result->interrupted)
        out_result->summary.complete = false;
    out_result->summary.seconds = (double) (np_mono_now() - start) / (double) NP_NS_PER_S;
    np_order_free(&run.order);
    return r < 0 || finish == 0 ? r : np_fail(err, finish, "out of memory");
}
