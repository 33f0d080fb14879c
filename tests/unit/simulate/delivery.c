/* SPDX-License-Identifier: Apache-2.0 */
#include "support/unit.h"

#include "simulate/delivery.h"

enum { MANY = 20000 };

/* Sends a record of `len` bytes in a given account and region. */
static void send(struct np_delivery *delivery, np_time_ns time, size_t len)
{
    static const char head[] = "123456789012us-east-1";
    struct np_waiting *waiting = np_delivery_new(delivery);
    assert_non_null(waiting);
    assert_int_equal(np_buf_add(&waiting->text, head, sizeof(head) - 1), 0);
    for (size_t i = sizeof(head) - 1; i < len; i++)
        assert_int_equal(np_buf_add_char(&waiting->text, 'x'), 0);
    waiting->places = (struct np_record_places){.account = 0, .region = 12, .region_bytes = 9};
    waiting->time = time;
    assert_int_equal(np_delivery_send(delivery, waiting), 0);
}

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a;
    const int64_t *right = b;
    return *left < *right ? -1 : *left > *right ? 1 : 0;
}

/* Delay to the minute that names the file, as a reader of the files sees it. */
static int64_t delay_of(const struct np_waiting *waiting)
{
    return (waiting->delivered - waiting->delivered % NP_NS_PER_MIN - waiting->time) / NP_NS_PER_S;
}

static void delays_are_those_of_cloudtrail(void **state)
{
    (void) state;
    static int64_t delays[2 * MANY];
    struct np_delivery delivery;
    size_t count = 0;
    size_t repeated = 0;
    np_delivery_init(&delivery, 1);
    for (size_t i = 0; i < MANY; i++)
        send(&delivery, (np_time_ns) i * NP_NS_PER_S, 30);
    for (struct np_waiting *waiting = np_delivery_take(&delivery, INT64_MAX); waiting != NULL;
         waiting = np_delivery_take(&delivery, INT64_MAX)) {
        if (waiting->repeated)
            repeated++;
        else
            delays[count++] = delay_of(waiting);
        np_delivery_give_back(&delivery, waiting);
    }
    np_delivery_done(&delivery);
    assert_int_equal(count, MANY);
    assert_in_range(repeated, MANY / 140, MANY / 70);
    qsort(delays, count, sizeof(delays[0]), by_value);
    assert_true(delays[0] > 0);
    assert_in_range(delays[count / 2], 180, 225);        /* 3.0 to 3.7 minutes */
    assert_in_range(delays[count * 95 / 100], 390, 450); /* at most 7.5 minutes */
    assert_true(delays[count - 1] > 15 * 60);            /* some come very late */
    assert_true(delays[count * 998 / 1000] < 15 * 60);   /* but few */
    assert_true(delays[count - 1] < 125 * 60);
}

static void delivers_in_order_and_not_before_its_time(void **state)
{
    (void) state;
    struct np_delivery delivery;
    np_time_ns last = 0;
    size_t count = 0;
    np_delivery_init(&delivery, 2);
    for (size_t i = 0; i < 1000; i++)
        send(&delivery, (np_time_ns) i * NP_NS_PER_S, 30);
    assert_null(np_delivery_take(&delivery, 0));
    for (np_time_ns now = 0; now < 24 * 60 * NP_NS_PER_MIN; now += NP_NS_PER_MIN) {
        struct np_waiting *waiting = np_delivery_take(&delivery, now);
        for (; waiting != NULL; waiting = np_delivery_take(&delivery, now)) {
            assert_true(waiting->delivered >= last && waiting->delivered <= now);
            last = waiting->delivered;
            count++;
            np_delivery_give_back(&delivery, waiting);
        }
    }
    assert_true(count >= 1000);
    np_delivery_done(&delivery);
}

static void what_does_not_fit_leaves_early(void **state)
{
    (void) state;
    enum { BIG = 1024 * 1024 };
    struct np_delivery delivery;
    size_t early = 0;
    np_delivery_init(&delivery, 3);
    for (size_t i = 0; i < 100; i++) {
        send(&delivery, NP_NS_PER_S, BIG);
        struct np_waiting *waiting = np_delivery_take(&delivery, NP_NS_PER_S);
        if (waiting == NULL)
            continue;
        assert_int_equal(waiting->delivered, NP_NS_PER_S);
        early++;
        np_delivery_give_back(&delivery, waiting);
        assert_true(delivery.held_bytes <= NP_SIMULATE_MAX_WAITING_BYTES + 4 * BIG);
    }
    assert_in_range(early, 30, 70);
    np_delivery_done(&delivery);
}

static void tells_of_a_record_that_could_not_be_written(void **state)
{
    (void) state;
    struct np_delivery delivery;
    np_delivery_init(&delivery, 4);
    struct np_waiting *waiting = np_delivery_new(&delivery);
    assert_non_null(waiting);
    waiting->text.error = -E2BIG;
    assert_int_equal(np_delivery_send(&delivery, waiting), -E2BIG);
    assert_null(np_delivery_take(&delivery, INT64_MAX));
    np_delivery_done(&delivery);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delays_are_those_of_cloudtrail),
        cmocka_unit_test(delivers_in_order_and_not_before_its_time),
        cmocka_unit_test(what_does_not_fit_leaves_early),
        cmocka_unit_test(tells_of_a_record_that_could_not_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
