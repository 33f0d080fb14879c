/* SPDX-License-Identifier: Apache-2.0 */
/* The table from which keys may leave, against a plain array. */
#include "support/unit.h"

#include "incident/table.h"

enum { KEYS = 500, ROUNDS = 20000 };

static void keeps_what_is_put_and_forgets_what_is_removed(void **state)
{
    uint32_t expected[KEYS];
    struct np_table table = {};
    uint64_t random = 1;
    (void) state;
    for (size_t i = 0; i < KEYS; i++)
        expected[i] = NP_TABLE_NONE;
    for (uint32_t round = 0; round < test_rounds(ROUNDS); round++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t at = (size_t) (random >> 33) % KEYS;
        bool removes = (random >> 60 & 1) != 0;
        if (removes)
            np_table_remove(&table, at + 1);
        else
            assert_int_equal(np_table_put(&table, at + 1, round), 0);
        expected[at] = removes ? NP_TABLE_NONE : round;
    }
    for (size_t i = 0; i < KEYS; i++)
        assert_int_equal(np_table_get(&table, i + 1), expected[i]);
    np_table_done(&table);
}

static void an_empty_table_has_nothing(void **state)
{
    struct np_table table = {};
    (void) state;
    assert_int_equal(np_table_get(&table, 1), NP_TABLE_NONE);
    np_table_remove(&table, 1);
    np_table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_put_and_forgets_what_is_removed),
        cmocka_unit_test(an_empty_table_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
