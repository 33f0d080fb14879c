/* SPDX-License-Identifier: Apache-2.0 */
#include "support/unit.h"

#include "simulate/random.h"
#include "simulate/schedule.h"

enum { COUNT = 500 };

static void gives_back_by_time_then_number(void **state)
{
    struct np_random random = np_random_for(1, NP_SPAN("schedule"), 0);
    struct np_schedule schedule = {};
    struct np_due items[COUNT];
    const struct np_due *last = NULL;
    (void) state;
    for (uint64_t i = 0; i < COUNT; i++) {
        items[i] = (struct np_due){np_random_between(&random, 0, 50), i, &items[i]};
        assert_int_equal(np_schedule_add(&schedule, items[i], COUNT), 0);
    }
    for (size_t i = 0; i < COUNT; i++) {
        const struct np_due *due = np_schedule_take(&schedule);
        if (last != NULL)
            assert_true(due->time > last->time ||
                        (due->time == last->time && due->number > last->number));
        last = due;
    }
    assert_int_equal(schedule.due.len, 0);
    np_schedule_done(&schedule);
}

static void puts_the_first_one_off(void **state)
{
    struct np_schedule schedule = {};
    int a = 0;
    int b = 0;
    (void) state;
    assert_int_equal(np_schedule_add(&schedule, (struct np_due){1, 1, &a}, 2), 0);
    assert_int_equal(np_schedule_add(&schedule, (struct np_due){2, 2, &b}, 2), 0);
    assert_int_equal(np_schedule_add(&schedule, (struct np_due){3, 3, &b}, 2), -E2BIG);
    np_schedule_put_off(&schedule, 3);
    assert_ptr_equal(np_schedule_take(&schedule), &b);
    assert_int_equal(schedule.due.items[0].time, 3);
    assert_ptr_equal(np_schedule_take(&schedule), &a);
    np_schedule_done(&schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_by_time_then_number),
        cmocka_unit_test(puts_the_first_one_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
