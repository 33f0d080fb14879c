/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered of values: exactly, and within bounds. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "rule/index/cache.h"
#include "support/fake_event.h"

static void expect(struct np_cache *cache, uint32_t probe, struct np_value value, uint32_t first,
                   uint32_t count)
{
    uint32_t got = 99;
    const uint32_t *slots = np_cache_get(cache, probe, &value, &got);
    assert_non_null(slots);
    assert_int_equal(got, count);
    if (count > 0)
        assert_int_equal(slots[0], first);
}

static void expect_nothing(struct np_cache *cache, uint32_t probe, struct np_value value)
{
    uint32_t count = 0;
    assert_null(np_cache_get(cache, probe, &value, &count));
}

static void remembers_by_probe_kind_and_text(void **state)
{
    (void) state;
    struct np_cache cache;
    assert_int_equal(np_cache_init(&cache, 3), 0);
    struct np_value text = text_value("10");
    struct np_value number = int_value(10, "10");
    struct np_value empty = text_value("");
    const uint32_t slots[] = {7, 8};
    expect_nothing(&cache, 0, empty); /* nothing is there, not even what is empty */
    np_cache_put(&cache, 1, &text, slots, 2);
    np_cache_put(&cache, 1, &number, slots + 1, 1);
    np_cache_put(&cache, 2, &empty, NULL, 0);
    for (int again = 0; again < 2; again++) {
        expect(&cache, 1, text, 7, 2);
        expect(&cache, 1, number, 8, 1);
        expect(&cache, 2, empty, 0, 0);
        expect_nothing(&cache, 0, text);
        expect_nothing(&cache, 2, text);
        expect_nothing(&cache, 1, text_value("11"));
        expect_nothing(&cache, 1, text_value("1"));
    }
    np_cache_done(&cache);
}

static void keeps_no_long_values(void **state)
{
    (void) state;
    struct np_cache cache;
    assert_int_equal(np_cache_init(&cache, 1), 0);
    static char bytes[NP_CACHE_KEY_MAX_BYTES + 1];
    memset(bytes, 'x', sizeof(bytes));
    struct np_value value = text_value("");
    const uint32_t slot = 5;
    value.text = np_span_make(bytes, sizeof(bytes));
    np_cache_put(&cache, 0, &value, &slot, 1);
    expect_nothing(&cache, 0, value);
    value.text.len--;
    np_cache_put(&cache, 0, &value, &slot, 1);
    expect(&cache, 0, value, 5, 1);
    np_cache_done(&cache);
}

static void begins_again_when_its_lists_are_full(void **state)
{
    (void) state;
    enum { LONG = NP_CACHE_LISTS_MAX / 2 };
    struct np_cache cache;
    assert_int_equal(np_cache_init(&cache, 1), 0);
    static uint32_t slots[NP_CACHE_LISTS_MAX + 1];
    struct np_value a = text_value("a");
    struct np_value b = text_value("b");
    struct np_value c = text_value("c");
    np_cache_put(&cache, 0, &a, slots, LONG);
    np_cache_put(&cache, 0, &b, slots, LONG);
    expect(&cache, 0, a, 0, LONG);
    np_cache_put(&cache, 0, &c, slots, 1);
    expect_nothing(&cache, 0, a);
    expect_nothing(&cache, 0, b);
    expect(&cache, 0, c, 0, 1);
    np_cache_put(&cache, 0, &a, slots, NP_CACHE_LISTS_MAX + 1); /* never fits */
    expect_nothing(&cache, 0, a);
    expect(&cache, 0, c, 0, 1);
    np_cache_done(&cache);
}

static void mixes_no_values_up(void **state)
{
    (void) state;
    enum { VALUES = 3 * NP_CACHE_PLACES };
    struct np_cache cache;
    assert_int_equal(np_cache_init(&cache, 1), 0);
    size_t known = 0;
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < VALUES; i++) {
            char text[16];
            (void) snprintf(text, sizeof(text), "value %u", i);
            struct np_value value = text_value(text);
            uint32_t count = 0;
            const uint32_t *slots = np_cache_get(&cache, 0, &value, &count);
            if (slots != NULL) {
                assert_int_equal(slots[0], i);
                known++;
            }
            np_cache_put(&cache, 0, &value, &i, 1);
        }
    assert_true(known < NP_CACHE_PLACES);
    np_cache_done(&cache);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_cache cache;
        np_alloc_fail_at(n);
        r = np_cache_init(&cache, 2);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (r == 0)
            np_cache_done(&cache);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembers_by_probe_kind_and_text),
        cmocka_unit_test(keeps_no_long_values),
        cmocka_unit_test(begins_again_when_its_lists_are_full),
        cmocka_unit_test(mixes_no_values_up),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
