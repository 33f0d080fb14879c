/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The allocator's door: overflow, zeroing, and the injection of failures that all other tests rely
 * on.
 */
#include "support/unit.h"

#include "base/alloc.h"

static void gives_zeroed_memory(void **state)
{
    (void) state;
    unsigned char *bytes = np_alloc_array(16, 4);
    assert_non_null(bytes);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(bytes[i], 0);
    np_free(bytes);
}

static void gives_a_pointer_for_no_bytes(void **state)
{
    (void) state;
    void *one = np_alloc(0);
    void *two = np_alloc_array(0, 8);
    void *three = np_realloc_array(NULL, 0, 8);
    assert_non_null(one);
    assert_non_null(two);
    assert_non_null(three);
    np_free(one);
    np_free(two);
    np_free(three);
    np_free(NULL);
}

static void refuses_sizes_that_overflow(void **state)
{
    (void) state;
    /* Through volatile variables, or the compiler warns of the very mistake that is tested. */
    volatile size_t half = SIZE_MAX / 2;
    assert_null(np_alloc_array(half, 3));
    assert_null(np_realloc_array(NULL, half, 3));
    assert_null(np_strndup("", half * 2 + 1));
}

static void keeps_the_old_memory_when_growing_fails(void **state)
{
    (void) state;
    char *text = np_strndup("kept", 4);
    assert_non_null(text);
    np_alloc_fail_at(0);
    assert_null(np_realloc_array(text, 100, 1));
    assert_string_equal(text, "kept");
    char *grown = np_realloc_array(text, 100, 1);
    assert_non_null(grown);
    assert_string_equal(grown, "kept");
    np_free(grown);
}

static void copies_exactly_the_length_asked_for(void **state)
{
    (void) state;
    char *copy = np_strndup("abcdef", 3);
    assert_string_equal(copy, "abc");
    np_free(copy);
    copy = np_strndup(NULL, 0);
    assert_string_equal(copy, "");
    np_free(copy);
}

static void frees_and_nulls_at_the_end_of_a_scope(void **state)
{
    (void) state;
    char *text = np_strndup("x", 1);
    np_free_cleanup(&text);
    assert_null(text);
    np_auto_free char *scoped =
        np_strndup("y", 1); /* the leak checker tells when this does not work */
    assert_non_null(scoped);
}

static void fails_the_nth_allocation_once(void **state)
{
    (void) state;
    np_alloc_fail_at(2);
    void *first = np_alloc(1);
    void *second = np_alloc_array(1, 1);
    void *third = np_alloc(1);
    void *fourth = np_alloc(1);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(third);
    assert_non_null(fourth);
    np_free(first);
    np_free(second);
    np_free(fourth);
}

static void stops_failing_when_told(void **state)
{
    (void) state;
    np_alloc_fail_at(0);
    np_alloc_fail_at(-1);
    void *memory = np_alloc(1);
    assert_non_null(memory);
    np_free(memory);
}

static void counts_every_allocation(void **state)
{
    (void) state;
    size_t before = np_alloc_count();
    char *text = np_strndup("a", 1);
    text = np_realloc_array(text, 10, 1);
    np_free(text);
    assert_int_equal(np_alloc_count() - before, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_memory),
        cmocka_unit_test(gives_a_pointer_for_no_bytes),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(keeps_the_old_memory_when_growing_fails),
        cmocka_unit_test(copies_exactly_the_length_asked_for),
        cmocka_unit_test(frees_and_nulls_at_the_end_of_a_scope),
        cmocka_unit_test(fails_the_nth_allocation_once),
        cmocka_unit_test(stops_failing_when_told),
        cmocka_unit_test(counts_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
