/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue between threads. No test sleeps: each is decided by what the queue promises, not by
 * time.
 */
#include "support/unit.h"

#include <errno.h>
#include <pthread.h>

#include "base/alloc.h"
#include "base/queue.h"

enum { ITEMS = 20000 };

static void gives_items_in_order(void **state)
{
    (void) state;
    struct np_queue *queue = NULL;
    int items[3];
    assert_int_equal(np_queue_new(&queue, 3), 0);
    for (int round = 0; round < 4; round++) { /* the ring wraps */
        for (int i = 0; i < 2; i++)
            assert_int_equal(np_queue_push(queue, &items[i]), 0);
        for (int i = 0; i < 2; i++)
            assert_ptr_equal(np_queue_pop(queue), &items[i]);
    }
    np_queue_free(&queue);
    assert_null(queue);
}

static void drains_after_it_is_closed(void **state)
{
    (void) state;
    struct np_queue *queue = NULL;
    int item = 0;
    assert_int_equal(np_queue_new(&queue, 2), 0);
    assert_int_equal(np_queue_push(queue, &item), 0);
    np_queue_close(queue);
    np_queue_close(queue);
    assert_int_equal(np_queue_push(queue, &item), -EPIPE);
    assert_ptr_equal(np_queue_pop(queue), &item);
    assert_null(np_queue_pop(queue));
    assert_null(np_queue_pop(queue));
    np_queue_free(&queue);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct np_queue *queue = NULL;
    int r = -ENOMEM;
    long n = 0;
    for (; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_queue_new(&queue, 4);
        np_alloc_fail_at(-1);
        if (r < 0)
            assert_null(queue);
    }
    assert_int_equal(n, 3); /* two allocations, so two failures */
    np_queue_free(&queue);
    np_queue_free(&queue);
    np_queue_free(NULL);
}

struct shared {
    struct np_queue *queue;
    int items[ITEMS];
};

static void *push_half(struct shared *shared, int first)
{
    for (int i = first; i < ITEMS; i += 2)
        if (np_queue_push(shared->queue, &shared->items[i]) < 0)
            return shared;
    return NULL;
}

static void *push_even(void *context)
{
    return push_half(context, 0);
}

static void *push_odd(void *context)
{
    return push_half(context, 1);
}

/*
 * Counts each item that it gets in place; an item belongs to one popper only, so no lock is needed.
 */
static void *pop_all(void *context)
{
    struct shared *shared = context;
    for (int *item = np_queue_pop(shared->queue); item != NULL; item = np_queue_pop(shared->queue))
        ++*item;
    return NULL;
}

static void passes_each_item_once_between_many_threads(void **state)
{
    (void) state;
    static struct shared shared;
    assert_int_equal(np_queue_new(&shared.queue, 3), 0);
    pthread_t pushers[2];
    pthread_t poppers[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&poppers[i], NULL, pop_all, &shared), 0);
    assert_int_equal(pthread_create(&pushers[0], NULL, push_even, &shared), 0);
    assert_int_equal(pthread_create(&pushers[1], NULL, push_odd, &shared), 0);
    for (int i = 0; i < 2; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(pushers[i], &failed), 0);
        assert_null(failed);
    }
    np_queue_close(shared.queue);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(poppers[i], NULL), 0);
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(shared.items[i], 1);
    np_queue_free(&shared.queue);
}

/* Pushes until the queue refuses; the result is how many it took. */
static void *push_until_closed(void *context)
{
    struct shared *shared = context;
    intptr_t taken = 0;
    while (np_queue_push(shared->queue, shared) == 0)
        taken++;
    return (void *) taken;
}

static void releases_a_waiting_pusher_when_closed(void **state)
{
    (void) state;
    struct shared *shared = np_alloc(sizeof(*shared));
    assert_non_null(shared);
    assert_int_equal(np_queue_new(&shared->queue, 2), 0);
    pthread_t pusher;
    assert_int_equal(pthread_create(&pusher, NULL, push_until_closed, shared), 0);
    for (int i = 0; i < 5; i++) /* five taken and two in the queue: the pusher can be no further */
        assert_ptr_equal(np_queue_pop(shared->queue), shared);
    np_queue_close(shared->queue);
    void *taken = NULL;
    assert_int_equal(pthread_join(pusher, &taken), 0);
    assert_in_range((uintptr_t) taken, 5, 7);
    np_queue_free(&shared->queue);
    np_free(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_items_in_order),
        cmocka_unit_test(drains_after_it_is_closed),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(passes_each_item_once_between_many_threads),
        cmocka_unit_test(releases_a_waiting_pusher_when_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
