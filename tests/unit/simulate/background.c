/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "simulate/background.h"

#define HOUR (60 * NP_NS_PER_MIN)
#define WEEK (7 * 24 * HOUR)

/* What starts in a week. */
struct week {
    size_t work;
    size_t
        work_by_day; /* Monday to Friday, 3 to 23 h: whatever the time zone of the account, all its hours */
    size_t hum;
    size_t hum_by_day;
};

static bool is_day(np_time_ns time)
{
    int64_t weekday = (time / (24 * HOUR) + 4) % 7;
    int64_t hour = time / HOUR % 24;
    return weekday >= 1 && weekday <= 5 && hour >= 3 && hour < 23;
}

static struct week play(const struct np_scenario_set *set, uint32_t accounts)
{
    struct np_accounts world = {.world = &set->world, .seed = 1, .count = accounts};
    struct np_background background;
    struct week week = {};
    np_time_ns start = np_time_of_utc(2026, 3, 2, 0, 0, 0);
    assert_int_equal(np_background_init(&background, set, &world, start, NULL), 0);
    while (background.next < start + WEEK) {
        np_time_ns time = background.next;
        uint32_t account = 0;
        const struct np_scenario *activity = np_background_start(&background, &account);
        assert_true(account < accounts);
        assert_true(background.next >= time);
        if (activity == NULL)
            continue;
        bool is_work = strcmp(activity->name, "work") == 0;
        *(is_work ? &week.work : &week.hum) += 1;
        *(is_work ? &week.work_by_day : &week.hum_by_day) += is_day(time) ? 1 : 0;
    }
    np_background_done(&background);
    return week;
}

static void makes_about_eight_events_in_ten_seconds_and_account(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_world(NULL, NULL);
    for (uint32_t accounts = 1; accounts <= 4; accounts += 3) {
        struct week week = play(set, accounts);
        /* Work makes 3 calls on average, the hum 1 and then 2. */
        size_t events = 3 * week.work + 3 * week.hum;
        size_t wanted = (size_t) (WEEK / NP_NS_PER_S) * accounts * 8 / 10;
        assert_in_range(events, wanted * 95 / 100, wanted * 105 / 100);
    }
    np_scenario_set_free(&set);
}

static void people_work_by_day_and_machines_always(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct week week = play(set, 3);
    assert_true(week.work_by_day * 100 > week.work * 90);
    assert_in_range(week.hum_by_day * 1000 / week.hum, 570, 620); /* 100 of 168 hours */
    np_scenario_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_about_eight_events_in_ten_seconds_and_account),
        cmocka_unit_test(people_work_by_day_and_machines_always),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
