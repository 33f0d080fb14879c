/* SPDX-License-Identifier: Apache-2.0 */
/* What was met, since when and how often. */
#include "support/unit.h"

#include <errno.h>

#include "actor/learned.h"
#include "base/alloc.h"
#include "base/hash.h"

static const np_time_ns start = 1000000 * NP_NS_PER_S;

static uint64_t key_of(uint64_t i)
{
    return np_hash64(np_span_make((const char *) &i, sizeof(i)), 1);
}

static void remembers_first_last_and_occasions(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 1 << 20), 0);
    assert_true(np_learned_get(learned, 7).first == NP_TIME_NONE);
    assert_true(np_learned_meet(learned, 7, start, true).first == NP_TIME_NONE);
    struct np_learned_thing thing = np_learned_meet(learned, 7, start + NP_NS_PER_MIN, false);
    assert_true(thing.first == start && thing.suspect);
    assert_int_equal(thing.occasions, 1);
    (void) np_learned_meet(learned, 7, start + 30 * NP_NS_PER_MIN, false);
    thing = np_learned_get(learned, 7);
    assert_int_equal(thing.occasions, 2);
    assert_true(thing.last == start + 30 * NP_NS_PER_MIN);
    np_learned_free(&learned);
    np_learned_free(&learned);
}

static void counts_without_regard_to_time(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 1 << 20), 0);
    for (int i = 0; i < NP_OCCASIONS_MAX + 5; i++)
        np_learned_count(learned, 9, start);
    assert_int_equal(np_learned_get(learned, 9).occasions, NP_OCCASIONS_MAX);
    np_learned_free(&learned);
}

static void keeps_all_while_it_grows(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 64 << 20), 0);
    for (uint64_t i = 0; i < 100000; i++)
        (void) np_learned_meet(learned, key_of(i), start, false);
    size_t found = 0;
    for (uint64_t i = 0; i < 100000; i++)
        found += np_learned_get(learned, key_of(i)).first == start;
    assert_in_range(found, 99900, 100000); /* a bucket may overflow before the table grows */
    assert_int_equal(np_learned_lost(learned), 0);
    np_learned_free(&learned);
}

static void forgets_the_oldest_when_full(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 256 * 1024), 0);
    for (uint64_t i = 0; i < 200000; i++)
        (void) np_learned_meet(learned, key_of(i), start + (np_time_ns) i * NP_NS_PER_S, false);
    assert_true(np_learned_bytes(learned) <= 256 * 1024 / 32 * 33);
    assert_true(np_learned_get(learned, key_of(0)).first == NP_TIME_NONE);
    assert_true(np_learned_get(learned, key_of(199999)).first != NP_TIME_NONE);
    assert_true(np_learned_lost(learned) > 0);
    np_learned_free(&learned);
}

static void knows_until_when_it_may_have_forgotten(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 128 * 1024), 0);
    assert_true(np_learned_forgot(learned, key_of(0)) == NP_TIME_NONE);
    for (uint64_t i = 0; i < 20000; i++)
        (void) np_learned_meet(learned, key_of(i), start + (np_time_ns) i * NP_NS_PER_S, false);
    np_time_ns forgot = np_learned_forgot(learned, key_of(0));
    assert_true(forgot >= start && forgot < start + 20000 * NP_NS_PER_S);
    (void) np_learned_meet(learned, key_of(0), start + 20000 * NP_NS_PER_S, false);
    assert_true(np_learned_forgot(learned, key_of(0)) > forgot); /* it took another's place */
    np_learned_free(&learned);
}

static void keeps_what_is_counted_from_leaving(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    assert_int_equal(np_learned_new(&learned, 128 * 1024), 0);
    for (uint64_t i = 0; i < 50000; i++) {
        np_time_ns now = start + (np_time_ns) i * NP_NS_PER_S;
        if (i % 100 == 0)
            np_learned_count(learned, 9, now);
        (void) np_learned_meet(learned, key_of(i), now, false);
    }
    assert_int_equal(np_learned_get(learned, 9).occasions, NP_OCCASIONS_MAX);
    np_learned_free(&learned);
}

#ifdef NP_FAULT_INJECTION
static void survives_lack_of_memory(void **state)
{
    (void) state;
    struct np_learned *learned = NULL;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_learned_new(&learned, 64 << 20);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || learned == NULL);
    }
    for (uint64_t i = 0; i < 50000; i++) { /* growing fails each time */
        np_alloc_fail_at(0);
        (void) np_learned_meet(learned, key_of(i), start, false);
    }
    np_alloc_fail_at(-1);
    assert_true(np_learned_get(learned, key_of(49999)).first == start);
    np_learned_free(&learned);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembers_first_last_and_occasions),
        cmocka_unit_test(counts_without_regard_to_time),
        cmocka_unit_test(keeps_all_while_it_grows),
        cmocka_unit_test(forgets_the_oldest_when_full),
        cmocka_unit_test(knows_until_when_it_may_have_forgotten),
        cmocka_unit_test(keeps_what_is_counted_from_leaving),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_lack_of_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
