/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threaded run. All threads are alike; each does what is most urgent: it reads the next batch where few are waiting and nobody
 * else reads, or it takes the oldest waiting one, decodes and matches it. Whoever finishes the batch whose turn it is tells
 * it, and those behind it that are finished. So no thread waits while there is work, and one reads and one tells at a time.
 *
 * A large batch goes to whoever read it, in whose cache it is. Of small ones some wait, so that nobody stops for each.
 *
 * The number of works is fixed, so memory is bounded: where all are under way the one that would read waits, and a slow sink
 * holds back the source. Each fills the work again that it had last, for the cache's sake too.
 *
 * A signal is to interrupt the one that reads, as that may wait for a pipe. So nobody else takes signals.
 */
#include "engine/run.h"

#include <errno.h>
#include <pthread.h>

#include "base/alloc.h"

enum {
    WORKS_PER_THREAD = 3,
    AHEAD_BYTES = 256 * 1024, /* of waiting batches, then nobody reads more */
};

struct crew;

struct member {
    struct crew *crew;
    struct np_worker *worker;
    pthread_t thread; /* not of the first one, which is the caller */
};

/* A batch's place in the order: that of batch n is n modulo their number. */
struct turn {
    struct np_work *work;
    bool is_finished; /* matched, not told yet */
};

struct crew {
    struct np_run *run;
    struct member members[NP_THREADS_MAX];
    unsigned member_count;
    struct np_work *works;
    size_t work_count;
    sigset_t signals;       /* the caller's mask */
    bool is_alone;          /* the system gave no other thread */
    struct np_err read_err; /* of whoever reads */
    struct np_err told_err; /* of whoever tells */

    pthread_mutex_t lock;  /* guards all below; nobody holds it who reads, matches or tells */
    pthread_cond_t change; /* a batch waits, somebody may read, or nothing is left to do */
    pthread_cond_t room;   /* a work is idle, or the run has failed */
    struct np_work **idle; /* a stack */
    size_t idle_count;
    struct turn *turns; /* as many as works */
    uint64_t read;      /* so many batches are read, taken for matching and told */
    uint64_t taken;
    uint64_t told;
    size_t waiting_bytes; /* of batches that are read and not taken */
    bool is_reading;
    bool is_telling;
    bool has_ended;  /* there are no more batches */
    int read_result; /* 0, or what the source failed with */
    int told_result; /* 0, or what ended the run */
};

static struct turn *turn_of(const struct crew *crew, uint64_t number)
{
    return &crew->turns[number % crew->work_count];
}

/* Takes the idle work that the worker ran last, else the one that was told last. */
static struct np_work *take_idle(struct crew *crew, const struct np_worker *worker)
{
    size_t last = --crew->idle_count;
    size_t i = last;
    while (i > 0 && crew->idle[i]->worker != worker)
        i--;
    if (crew->idle[i]->worker != worker)
        i = last;
    struct np_work *work = crew->idle[i];
    memmove(&crew->idle[i], &crew->idle[i + 1], (last - i) * sizeof(struct np_work *));
    return work;
}

/* Reads into an idle work without the lock: as np_run_read(), 0 where the run has failed. */
static int read_batch(struct crew *crew, const struct np_worker *worker, struct np_work **out_work)
{
    sigset_t none;
    int r = 0;
    (void) pthread_sigmask(SIG_SETMASK, &crew->signals, &none);
    while (crew->idle_count == 0 && crew->told_result == 0)
        (void) pthread_cond_wait(&crew->room, &crew->lock);
    if (crew->told_result == 0) {
        *out_work = take_idle(crew, worker);
        (void) pthread_mutex_unlock(&crew->lock);
        r = np_run_read(crew->run, &(*out_work)->batch, &crew->read_err);
        (void) pthread_mutex_lock(&crew->lock);
    }
    (void) pthread_sigmask(SIG_SETMASK, &none, NULL);
    return r;
}

/* Whether the next batch is to be read now. One thread alone would let those that wait stand while it waits for a pipe. */
static bool wants_batch(const struct crew *crew)
{
    bool has_few =
        crew->taken == crew->read || (!crew->is_alone && crew->waiting_bytes < AHEAD_BYTES);
    return has_few && !crew->is_reading && !crew->has_ended;
}

static void read_next(struct crew *crew, const struct np_worker *worker)
{
    struct np_work *work = NULL;
    crew->is_reading = true;
    int r = read_batch(crew, worker, &work);
    crew->is_reading = false;
    if (r > 0) {
        turn_of(crew, crew->read++)->work = work;
        crew->waiting_bytes += work->batch.len;
        (void) pthread_cond_signal(&crew->change);
    } else {
        crew->has_ended = true;
        crew->read_result = r;
        (void) pthread_cond_broadcast(&crew->change);
    }
}

/* Tells all works whose turn it is, unless somebody is at it, who will then tell these too. */
static void tell(struct crew *crew, struct np_worker *worker)
{
    struct turn *turn = NULL;
    if (crew->is_telling)
        return;
    while (crew->told_result == 0 && (turn = turn_of(crew, crew->told))->is_finished) {
        crew->is_telling = true;
        (void) pthread_mutex_unlock(&crew->lock);
        int r = np_run_finish_work(crew->run, worker, turn->work, &crew->told_err);
        (void) pthread_mutex_lock(&crew->lock);
        crew->is_telling = false;
        turn->is_finished = false;
        crew->idle[crew->idle_count++] = turn->work;
        crew->told++;
        crew->told_result = r;
        (void) pthread_cond_signal(&crew->room); /* only one reads, so only one waits */
    }
    if (crew->told_result < 0)
        (void) pthread_cond_broadcast(&crew->change);
}

static void match_next(struct crew *crew, struct np_worker *worker)
{
    struct turn *turn = turn_of(crew, crew->taken++);
    crew->waiting_bytes -= turn->work->batch.len;
    (void) pthread_mutex_unlock(&crew->lock);
    turn->work->worker = worker;
    np_worker_run(worker, turn->work);
    (void) pthread_mutex_lock(&crew->lock);
    turn->is_finished = true;
    tell(crew, worker);
}

static void *work(void *argument)
{
    struct member *member = argument;
    struct crew *crew = member->crew;
    bool goes_on = true;
    (void) pthread_mutex_lock(&crew->lock);
    while (goes_on && crew->told_result == 0) {
        if (wants_batch(crew))
            read_next(crew, member->worker);
        else if (crew->taken < crew->read)
            match_next(crew, member->worker);
        else if (!crew->has_ended)
            (void) pthread_cond_wait(&crew->change, &crew->lock);
        else
            goes_on = false;
    }
    (void) pthread_mutex_unlock(&crew->lock);
    return NULL;
}

static int make_works(struct crew *crew, size_t count)
{
    crew->works = np_alloc_array(count, sizeof(*crew->works));
    crew->idle = np_alloc_array(count, sizeof(struct np_work *));
    crew->turns = np_alloc_array(count, sizeof(*crew->turns));
    if (crew->works == NULL || crew->idle == NULL || crew->turns == NULL)
        return -ENOMEM;
    for (; crew->work_count < count; crew->work_count++) {
        struct np_work *work = &crew->works[crew->work_count];
        np_work_init(work);
        crew->idle[crew->idle_count++] = work;
    }
    return 0;
}

static int make_members(struct crew *crew, unsigned count)
{
    int r = 0;
    while (crew->member_count < count && r == 0) {
        struct member *member = &crew->members[crew->member_count++];
        member->crew = crew;
        r = np_worker_new(&member->worker, crew->run->params);
    }
    return r;
}

static void crew_done(struct crew *crew)
{
    for (size_t i = 0; i < crew->work_count; i++)
        np_work_done(&crew->works[i]);
    np_free(crew->works);
    np_free(crew->idle);
    np_free(crew->turns);
    for (unsigned i = 0; i < crew->member_count; i++)
        np_worker_free(&crew->members[i].worker);
}

/* Works with as many threads as the system gives until nothing is left. */
static void work_together(struct crew *crew)
{
    sigset_t all;
    unsigned started = 1;
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_BLOCK, &all, &crew->signals);
    while (started < crew->member_count &&
           pthread_create(&crew->members[started].thread, NULL, work, &crew->members[started]) == 0)
        started++;
    if (started == 1)
        crew->is_alone = true;
    (void) work(&crew->members[0]);
    (void) pthread_sigmask(SIG_SETMASK, &crew->signals, NULL);
    for (unsigned i = 1; i < started; i++)
        (void) pthread_join(crew->members[i].thread, NULL);
}

/* Adds up what the works and matchers counted. */
static int add_counts(const struct crew *crew)
{
    int r = 0;
    for (size_t i = 0; i < crew->work_count; i++)
        np_order_add_tally(crew->run->order, &crew->works[i].tally);
    for (unsigned i = 0; i < crew->member_count && r == 0; i++)
        r = np_order_add_limits(crew->run->order, np_worker_matcher(crew->members[i].worker));
    return r;
}

int np_run_threads(struct np_run *run, struct np_err *err)
{
    struct crew crew = {
        .run = run,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .change = PTHREAD_COND_INITIALIZER,
        .room = PTHREAD_COND_INITIALIZER,
    };
    unsigned threads = run->params->threads;
    int r = make_works(&crew, (size_t) threads * WORKS_PER_THREAD);
    if (r == 0)
        r = make_members(&crew, threads);
    if (r == 0) {
        work_together(&crew);
        r = add_counts(&crew);
    }
    crew_done(&crew);
    if (crew.told_result < 0) /* it comes before the end of the source */
        return np_fail(err, crew.told_result, "%s", crew.told_err.msg);
    if (crew.read_result < 0)
        return np_fail(err, crew.read_result, "%s", crew.read_err.msg);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}
