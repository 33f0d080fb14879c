/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded numbers: the same again, within their ranges, and evenly spread. */
#include "support/unit.h"

#include "simulate/random.h"

static void gives_the_numbers_of_the_paper(void **state)
{
    (void) state;
    struct np_random random = {1234567};
    assert_true(np_random_next(&random) == UINT64_C(6457827717110365317));
    assert_true(np_random_next(&random) == UINT64_C(3203168211198807973));
    assert_true(np_random_next(&random) == UINT64_C(9817491932198370423));
}

static void depends_on_seed_purpose_and_number(void **state)
{
    (void) state;
    struct np_random first = np_random_for(1, NP_SPAN("user"), 0);
    struct np_random again = np_random_for(1, NP_SPAN("user"), 0);
    assert_true(first.state == again.state);
    assert_true(first.state != np_random_for(2, NP_SPAN("user"), 0).state);
    assert_true(first.state != np_random_for(1, NP_SPAN("role"), 0).state);
    assert_true(first.state != np_random_for(1, NP_SPAN("user"), 1).state);
}

static void stays_between_both_ends(void **state)
{
    (void) state;
    struct np_random random = np_random_for(1, NP_SPAN("test"), 0);
    unsigned seen[5] = {};
    for (int i = 0; i < 5000; i++) {
        int64_t number = np_random_between(&random, -2, 2);
        assert_true(number >= -2 && number <= 2);
        seen[number + 2]++;
    }
    for (size_t i = 0; i < 5; i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(np_random_between(&random, 7, 7), 7);
    assert_int_equal(np_random_between(&random, 7, 3), 7);
    (void) np_random_between(&random, INT64_MIN, INT64_MAX); /* 2^64 numbers: no overflow */
}

static void is_true_as_often_as_the_chance_says(void **state)
{
    (void) state;
    struct np_random random = np_random_for(1, NP_SPAN("test"), 0);
    unsigned hits = 0;
    for (int i = 0; i < 10000; i++) {
        hits += np_random_chance(&random, 2500);
        assert_false(np_random_chance(&random, 0));
        assert_true(np_random_chance(&random, 10000));
    }
    assert_in_range(hits, 2300, 2700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_numbers_of_the_paper),
        cmocka_unit_test(depends_on_seed_purpose_and_number),
        cmocka_unit_test(stays_between_both_ends),
        cmocka_unit_test(is_true_as_often_as_the_chance_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
