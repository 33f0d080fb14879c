/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/dedup.h"

#include "support/unit.h"

#include "base/alloc.h"

enum { ENTRY_BYTES = 24, MANY_BYTES = 64 * 1024 * 1024 };

static struct np_hash128 key_of(uint64_t number)
{
    return np_hash128(np_span_make((const char *) &number, sizeof(number)), 0);
}

static void finds_repeats_and_nothing_else(void **state)
{
    (void) state;
    struct np_dedup *dedup = NULL;
    assert_int_equal(np_dedup_new(&dedup, MANY_BYTES), 0);
    for (uint64_t i = 0; i < 100000; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 0);
    for (uint64_t i = 0; i < 100000; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 1);
    assert_int_equal(np_dedup_unchecked(dedup), 0);
    np_dedup_free(&dedup);
}

static void lets_the_oldest_leave_when_full(void **state)
{
    (void) state;
    enum { ENTRIES = 1000, ADDED = 5000 };
    struct np_dedup *dedup = NULL;
    assert_int_equal(np_dedup_new(&dedup, ENTRIES * ENTRY_BYTES), 0);
    for (uint64_t i = 0; i < ADDED; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 0);
    assert_int_equal(np_dedup_unchecked(dedup), 0);
    for (uint64_t i = ADDED - ENTRIES / 2; i < ADDED; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 1);
    assert_int_equal(np_dedup_add(dedup, key_of(3), 3), 0);
    assert_int_equal(np_dedup_unchecked(dedup), 1);
    np_dedup_free(&dedup);
}

static void lets_events_of_any_order_leave_by_time(void **state)
{
    (void) state;
    enum { ENTRIES = 1000, ADDED = 3000 };
    struct np_dedup *dedup = NULL;
    assert_int_equal(np_dedup_new(&dedup, ENTRIES * ENTRY_BYTES), 0);
    for (uint64_t i = 0; i < 200; i++) /* the newest come first */
        assert_int_equal(np_dedup_add(dedup, key_of(1000000 + i), 1000000), 0);
    for (uint64_t i = 0; i < ADDED; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 0);
    for (uint64_t i = 0; i < 200; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(1000000 + i), 1000000), 1);
    np_dedup_free(&dedup);
}

static void survives_equal_times(void **state)
{
    (void) state;
    struct np_dedup *dedup = NULL;
    assert_int_equal(np_dedup_new(&dedup, 100 * ENTRY_BYTES), 0);
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(np_dedup_add(dedup, key_of(i), 5), 0);
    assert_true(np_dedup_unchecked(dedup) > 0);
    np_dedup_free(&dedup);
}

static void takes_the_all_zero_key_for_a_key(void **state)
{
    (void) state;
    struct np_dedup *dedup = NULL;
    assert_int_equal(np_dedup_new(&dedup, MANY_BYTES), 0);
    assert_int_equal(np_dedup_add(dedup, (struct np_hash128){}, 0), 0);
    assert_int_equal(np_dedup_add(dedup, (struct np_hash128){}, 0), 1);
    np_dedup_free(&dedup);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    for (long n = 0; n < 4; n++) {
        struct np_dedup *dedup = NULL;
        np_alloc_fail_at(n);
        int r = np_dedup_new(&dedup, MANY_BYTES);
        for (uint64_t i = 0; r == 0 && i < 10000; i++)
            assert_int_equal(np_dedup_add(dedup, key_of(i), (np_time_ns) i), 0);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || dedup == NULL);
        np_dedup_free(&dedup);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_repeats_and_nothing_else),
        cmocka_unit_test(lets_the_oldest_leave_when_full),
        cmocka_unit_test(lets_events_of_any_order_leave_by_time),
        cmocka_unit_test(survives_equal_times),
        cmocka_unit_test(takes_the_all_zero_key_for_a_key),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
