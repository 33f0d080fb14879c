/* SPDX-License-Identifier: Apache-2.0 */
/* The buffer that is born with its maximum. */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/buf.h"

static void joins_what_is_added(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 1000);
    assert_int_equal(np_buf_add(&buf, "ab", 2), 0);
    assert_int_equal(np_buf_add_span(&buf, NP_SPAN("cd")), 0);
    assert_int_equal(np_buf_add_str(&buf, "ef"), 0);
    assert_int_equal(np_buf_add_char(&buf, 'g'), 0);
    assert_int_equal(np_buf_printf(&buf, "-%d-%s", 42, "x"), 0);
    assert_int_equal(np_buf_add(&buf, NULL, 0), 0);
    assert_span_equal(np_buf_span(&buf), "abcdefg-42-x");
    assert_string_equal(np_buf_cstr(&buf), "abcdefg-42-x");
    assert_int_equal(buf.error, 0);
}

static void is_an_empty_string_at_first(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 0);
    assert_string_equal(np_buf_cstr(&buf), "");
    assert_int_equal(np_buf_add_str(&buf, ""), 0);
    assert_int_equal(np_buf_printf(&buf, "%s", ""), 0);
    assert_string_equal(np_buf_cstr(&buf), "");
    assert_int_equal(buf.error, 0);
}

static void holds_exactly_its_maximum(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 6);
    assert_int_equal(np_buf_printf(&buf, "%s", "abcdef"), 0);
    assert_int_equal(np_buf_add_char(&buf, 'g'), -E2BIG);
    assert_string_equal(np_buf_cstr(&buf), "abcdef"); /* the NUL does not count */
}

static void is_unchanged_by_a_failed_append(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 5);
    assert_int_equal(np_buf_add_str(&buf, "abc"), 0);
    assert_int_equal(np_buf_add_str(&buf, "def"), -E2BIG);
    assert_int_equal(np_buf_printf(&buf, "%d", 1000), -E2BIG);
    assert_span_equal(np_buf_span(&buf), "abc");
}

static void remembers_the_first_failure(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 100);
    np_alloc_fail_at(0);
    assert_int_equal(np_buf_add_str(&buf, "abc"), -ENOMEM);
    assert_int_equal(np_buf_reserve(&buf, 101), -E2BIG);
    assert_int_equal(np_buf_add_str(&buf, "abc"), 0); /* a later success does not hide it */
    assert_int_equal(buf.error, -ENOMEM);
    np_buf_reset(&buf);
    assert_int_equal(buf.error, 0);
    assert_int_equal(buf.len, 0);
}

static void refuses_lengths_that_overflow(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX);
    assert_int_equal(np_buf_add_char(&buf, 'a'), 0);
    assert_int_equal(np_buf_reserve(&buf, SIZE_MAX), -E2BIG);
    assert_int_equal(np_buf_reserve(&buf, SIZE_MAX - 1), -ENOMEM);
    assert_span_equal(np_buf_span(&buf), "a");
}

static void keeps_its_memory_over_a_reset(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 10000);
    for (int i = 0; i < 100; i++)
        assert_int_equal(np_buf_printf(&buf, "%d,", i), 0);
    np_buf_reset(&buf);
    size_t before = np_alloc_count();
    for (int i = 0; i < 100; i++)
        assert_int_equal(np_buf_printf(&buf, "%d,", i), 0);
    assert_int_equal(np_alloc_count(), before);
}

static void grows_by_doubling(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 1 << 20);
    size_t before = np_alloc_count();
    for (int i = 0; i < 1 << 20; i++)
        assert_int_equal(np_buf_add_char(&buf, 'x'), 0);
    assert_true(np_alloc_count() - before < 20);
}

static void may_be_ended_twice_and_used_again(void **state)
{
    (void) state;
    struct np_buf buf;
    np_buf_init(&buf, 10);
    assert_int_equal(np_buf_add_str(&buf, "abc"), 0);
    np_buf_done(&buf);
    np_buf_done(&buf);
    assert_int_equal(np_buf_add_str(&buf, "0123456789"), 0);
    assert_int_equal(np_buf_add_char(&buf, 'x'), -E2BIG);
    np_buf_done(&buf);
    np_buf_done(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_what_is_added),
        cmocka_unit_test(is_an_empty_string_at_first),
        cmocka_unit_test(holds_exactly_its_maximum),
        cmocka_unit_test(is_unchanged_by_a_failed_append),
        cmocka_unit_test(remembers_the_first_failure),
        cmocka_unit_test(refuses_lengths_that_overflow),
        cmocka_unit_test(keeps_its_memory_over_a_reset),
        cmocka_unit_test(grows_by_doubling),
        cmocka_unit_test(may_be_ended_twice_and_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
