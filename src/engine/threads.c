/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threaded run. A reading thread numbers the batches; workers take them in any order; the caller's thread puts them back
 * in order and tells them. A fixed number of works goes round: idle -> read -> done -> idle. So memory is bounded, and
 * whoever is ahead waits. Each queue has room for all works, so no push ever waits.
 */
#include "engine/run.h"

#include <errno.h>
#include <pthread.h>

#include "base/alloc.h"
#include "base/queue.h"

enum { WORKS_PER_THREAD = 3 };

struct pool {
    struct np_run *run;
    struct np_queue *idle; /* works to be filled */
    struct np_queue *read; /* filled batches */
    struct np_queue *done; /* matched batches, and the reader's last word */
    struct np_work *works;
    size_t work_count;
    struct np_work end; /* number = how many batches there were; result = how reading ended */
    struct np_worker *workers[NP_THREADS_MAX];
    struct np_worker *own_worker; /* of the caller's thread, for what is left of a batch */
    pthread_t threads[NP_THREADS_MAX];
    unsigned started;
    pthread_t reader;
    sigset_t signals; /* the caller's mask */
};

struct worker_start {
    struct pool *pool;
    struct np_worker *worker;
};

/* Fills idle works until the source ends; the end travels behind the last batch. */
static void *read_thread(void *argument)
{
    struct pool *pool = argument;
    struct np_work *work = NULL;
    uint64_t number = 0;
    int r = 1;
    (void) pthread_sigmask(SIG_SETMASK, &pool->signals, NULL); /* this thread may wait in a read */
    while (r > 0 && (work = np_queue_pop(pool->idle)) != NULL) {
        r = np_run_read(pool->run, &work->batch, &pool->end.err);
        if (r <= 0)
            break;
        work->number = number++;
        if (np_queue_push(pool->read, work) < 0)
            break;
    }
    pool->end.number = number;
    pool->end.result = NP_MIN(r, 0);
    np_queue_close(pool->read);
    NP_IGNORE(np_queue_push(pool->done, &pool->end)); /* closed: nobody waits for it */
    return NULL;
}

static void *worker_thread(void *argument)
{
    struct worker_start *start = argument;
    struct np_work *work = NULL;
    while ((work = np_queue_pop(start->pool->read)) != NULL) {
        np_worker_run(start->worker, work);
        if (np_queue_push(start->pool->done, work) < 0)
            break;
    }
    return NULL;
}

/* Tells the works in order; those that come early wait in `waiting` at their number modulo its size. */
static int tell_all(struct pool *pool, struct np_work **waiting, struct np_err *err)
{
    uint64_t next = 0;
    bool ended = false;
    while (!ended || next < pool->end.number) {
        struct np_work *work = np_queue_pop(pool->done);
        if (work == &pool->end) {
            ended = true;
            continue;
        }
        waiting[work->number % pool->work_count] = work;
        while ((work = waiting[next % pool->work_count]) != NULL && work->number == next) {
            waiting[next % pool->work_count] = NULL;
            int r = np_run_finish_work(pool->run, pool->own_worker, work, err);
            if (r < 0)
                return r;
            next++;
            if (np_queue_push(pool->idle, work) < 0)
                break;
        }
    }
    return pool->end.result < 0 ? np_fail(err, pool->end.result, "%s", pool->end.err.msg) : 0;
}

static int make_works(struct pool *pool)
{
    pool->work_count = (size_t) pool->run->params->threads * WORKS_PER_THREAD;
    pool->works = np_alloc_array(pool->work_count, sizeof(*pool->works));
    if (pool->works == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < pool->work_count; i++)
        np_work_init(&pool->works[i]);
    int r = np_queue_new(&pool->idle, pool->work_count);
    if (r == 0)
        r = np_queue_new(&pool->read, pool->work_count);
    if (r == 0)
        r = np_queue_new(&pool->done, pool->work_count + 1);
    for (size_t i = 0; i < pool->work_count && r == 0; i++)
        r = np_queue_push(pool->idle, &pool->works[i]);
    for (unsigned i = 0; i < pool->run->params->threads && r == 0; i++)
        r = np_worker_new(&pool->workers[i], pool->run->params);
    return r < 0 ? r : np_worker_new(&pool->own_worker, pool->run->params);
}

static void free_works(struct pool *pool)
{
    for (size_t i = 0; i < pool->work_count && pool->works != NULL; i++)
        np_work_done(&pool->works[i]);
    np_free(pool->works);
    np_queue_free(&pool->idle);
    np_queue_free(&pool->read);
    np_queue_free(&pool->done);
    for (unsigned i = 0; i < NP_THREADS_MAX; i++)
        np_worker_free(&pool->workers[i]);
    np_worker_free(&pool->own_worker);
}

/* Starts the workers, as many as the system gives, then the reader; -EAGAIN where there is not even one of each. */
static int start(struct pool *pool, struct worker_start *starts)
{
    for (unsigned i = 0; i < pool->run->params->threads; i++) {
        starts[i] = (struct worker_start){.pool = pool, .worker = pool->workers[i]};
        if (pthread_create(&pool->threads[i], NULL, worker_thread, &starts[i]) != 0)
            break;
        pool->started++;
    }
    if (pool->started > 0 && pthread_create(&pool->reader, NULL, read_thread, pool) == 0)
        return 0;
    np_queue_close(pool->read);
    for (unsigned i = 0; i < pool->started; i++)
        (void) pthread_join(pool->threads[i], NULL);
    return -EAGAIN;
}

/* Ends all threads, whatever state they are in. */
static void stop(struct pool *pool)
{
    np_queue_close(pool->idle);
    np_queue_close(pool->read);
    np_queue_close(pool->done);
    (void) pthread_join(pool->reader, NULL);
    for (unsigned i = 0; i < pool->started; i++)
        (void) pthread_join(pool->threads[i], NULL);
}

/* Adds up what the works and matchers counted, in the order of their numbers. */
static int add_counts(struct pool *pool)
{
    for (size_t i = 0; i < pool->work_count; i++)
        np_order_add_tally(pool->run->order, &pool->works[i].tally);
    for (unsigned i = 0; i < pool->run->params->threads; i++) {
        int r = np_order_add_limits(pool->run->order, np_worker_matcher(pool->workers[i]));
        if (r < 0)
            return r;
    }
    return np_order_add_limits(pool->run->order, np_worker_matcher(pool->own_worker));
}

int np_run_threads(struct np_run *run, struct np_err *err)
{
    struct pool pool = {.run = run};
    sigset_t all;
    struct worker_start starts[NP_THREADS_MAX];
    np_auto_free struct np_work **waiting = NULL;
    int r = make_works(&pool);
    if (r == 0) {
        waiting = np_alloc_array(pool.work_count, sizeof(struct np_work *));
        r = waiting == NULL ? -ENOMEM : 0;
    }
    if (r < 0) {
        free_works(&pool);
        return np_fail(err, r, "out of memory");
    }
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_BLOCK, &all, &pool.signals); /* signals go to the reader */
    r = start(&pool, starts);
    if (r < 0) {
        (void) pthread_sigmask(SIG_SETMASK, &pool.signals, NULL);
        free_works(&pool);
        return np_fail(err, r, "the system gives no threads; try --threads 0");
    }
    r = tell_all(&pool, waiting, err);
    stop(&pool);
    (void) pthread_sigmask(SIG_SETMASK, &pool.signals, NULL);
    int counts = add_counts(&pool);
    free_works(&pool);
    return r < 0 || counts == 0 ? r : np_fail(err, counts, "out of memory");
}
