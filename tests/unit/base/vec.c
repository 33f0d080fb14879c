/* SPDX-License-Identifier: Apache-2.0 */
/* The growable array. */
#include "support/unit.h"

#include <errno.h>

#include "base/vec.h"

struct pair {
    int left;
    int right;
};

static void keeps_items_through_growth(void **state)
{
    (void) state;
    NP_VEC(struct pair) pairs = {};
    size_t before = np_alloc_count();
    for (int i = 0; i < 10000; i++) {
        struct pair pair = {i, -i};
        assert_int_equal(np_vec_push(&pairs, pair, 10000), 0);
    }
    assert_int_equal(pairs.len, 10000);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(pairs.items[i].left, i);
        assert_int_equal(pairs.items[i].right, -i);
    }
    assert_true(np_alloc_count() - before < 25);
    np_vec_done(&pairs);
    assert_null(pairs.items);
    assert_int_equal(pairs.len, 0);
    np_vec_done(&pairs);
}

static void refuses_more_than_its_maximum(void **state)
{
    (void) state;
    NP_VEC(int) numbers = {};
    for (int i = 0; i < 3; i++)
        assert_int_equal(np_vec_push(&numbers, i, 3), 0);
    assert_int_equal(np_vec_push(&numbers, 3, 3), -E2BIG);
    assert_int_equal(numbers.len, 3);
    assert_int_equal(np_vec_reserve(&numbers, 4, 3), -E2BIG);
    np_vec_done(&numbers);
    assert_int_equal(np_vec_push(&numbers, 1, 0), -E2BIG);
}

static void holds_its_maximum_even_where_there_is_room(void **state)
{
    (void) state;
    NP_VEC(int) numbers = {};
    assert_int_equal(np_vec_reserve(&numbers, 100, 100), 0);
    assert_int_equal(np_vec_push(&numbers, 1, 1), 0);
    assert_int_equal(np_vec_push(&numbers, 2, 1), -E2BIG);
    np_vec_done(&numbers);
}

static void reserves_in_one_step(void **state)
{
    (void) state;
    NP_VEC(int) numbers = {};
    assert_int_equal(np_vec_reserve(&numbers, 1000, SIZE_MAX), 0);
    size_t before = np_alloc_count();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(np_vec_push(&numbers, i, SIZE_MAX), 0);
    assert_int_equal(np_alloc_count(), before);
    np_vec_done(&numbers);
}

static void refuses_sizes_that_overflow(void **state)
{
    (void) state;
    NP_VEC(struct pair) pairs = {};
    assert_int_equal(np_vec_reserve(&pairs, SIZE_MAX, SIZE_MAX), -ENOMEM);
    assert_int_equal(np_vec_reserve(&pairs, SIZE_MAX / 2, SIZE_MAX), -ENOMEM);
    assert_null(pairs.items);
}

static void is_unchanged_when_growing_fails(void **state)
{
    (void) state;
    NP_VEC(int) numbers = {};
    for (int i = 0; i < 8; i++)
        assert_int_equal(np_vec_push(&numbers, i, 100), 0);
    np_alloc_fail_at(0);
    assert_int_equal(np_vec_push(&numbers, 8, 100), -ENOMEM);
    assert_int_equal(numbers.len, 8);
    assert_int_equal(numbers.items[7], 7);
    assert_int_equal(np_vec_push(&numbers, 8, 100), 0);
    np_vec_done(&numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_items_through_growth),
        cmocka_unit_test(refuses_more_than_its_maximum),
        cmocka_unit_test(holds_its_maximum_even_where_there_is_room),
        cmocka_unit_test(reserves_in_one_step),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(is_unchanged_when_growing_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
