/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "simulate/accounts.h"

static void ids_have_twelve_digits_and_differ(void **state)
{
    struct np_accounts accounts = {.seed = 1, .count = 3};
    uint64_t last = 0;
    (void) state;
    for (uint32_t i = 0; i < 1000; i++) {
        char id[NP_ACCOUNT_DIGITS + 1] = {};
        uint64_t number = np_account_number(&accounts, i);
        np_account_id(&accounts, i, id);
        assert_in_range(number, UINT64_C(100000000000), UINT64_C(999999999999));
        assert_true(number != last);
        assert_int_equal(strtoull(id, NULL, 10), number);
        last = number;
    }
}

static void the_first_region_is_used_most(void **state)
{
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_accounts accounts = {.world = &set->world, .seed = 1, .count = 3};
    size_t first = 0;
    (void) state;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(np_account_home(&accounts, i) < set->world.used_region_count);
        first += np_account_home(&accounts, i) == 0 ? 1 : 0;
    }
    assert_in_range(first, 450, 550);
    np_scenario_set_free(&set);
}

static void other_accounts_differ_as_far_as_there_are_so_many(void **state)
{
    struct np_accounts accounts = {.seed = 1, .count = 4};
    struct np_random random = np_random_for(1, NP_SPAN("test"), 0);
    unsigned seen = 1u << 2;
    (void) state;
    for (uint32_t nth = 0; nth < 3; nth++) {
        uint32_t other = np_account_other(&accounts, 2, nth, random);
        assert_true(other < 4 && (seen & 1u << other) == 0);
        seen |= 1u << other;
    }
    accounts.count = 1;
    assert_int_equal(np_account_other(&accounts, 0, 0, random), 1);
}

static void strangers_are_none_of_ours(void **state)
{
    struct np_random random = np_random_for(1, NP_SPAN("test"), 0);
    (void) state;
    for (int i = 0; i < 100; i++)
        assert_false(np_account_is_ours(np_account_foreign(&random)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_have_twelve_digits_and_differ),
        cmocka_unit_test(the_first_region_is_used_most),
        cmocka_unit_test(other_accounts_differ_as_far_as_there_are_so_many),
        cmocka_unit_test(strangers_are_none_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
