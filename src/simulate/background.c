/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts are a Poisson process over all accounts. Work outside of working hours is dropped, so that its share grows and
 * shrinks with the day while all else stays as it is.
 */
#include "simulate/background.h"

#include "base/alloc.h"
#include "base/compiler.h"
#include "simulate/play/plan.h"

enum {
    EVENTS_IN_10_S = 8, /* of an account, on average */
    OVERTIME = 500,     /* of 10,000: work that is done outside of working hours */
    WORK_FROM_H = 7,
    WORK_UNTIL_H = 19,
    MAX_SHIFT_H = 4
};

#define HOUR (60 * NP_NS_PER_MIN)
#define DAY  (24 * HOUR)

/* The share of the week's activities of a kind that take place, of 10,000. */
static uint64_t share_of(const struct np_scenario *activity)
{
    uint64_t work_h = (uint64_t) 5 * (WORK_UNTIL_H - WORK_FROM_H);
    uint64_t rest_h = (uint64_t) 7 * 24 - work_h;
    return activity->work_hours ? (work_h * 10000 + rest_h * OVERTIME) / (7 * 24) : 10000;
}

static void collect(struct np_background *background, const struct np_scenario_set *set,
                    uint64_t *out_milli_events)
{
    uint64_t weight = 0;
    for (size_t i = 0; i < set->scenario_count; i++) {
        const struct np_scenario *scenario = &set->scenarios[i];
        uint64_t calls = np_plan_mean_milli_calls(scenario, &set->world);
        if (scenario->kind != NP_SCENARIO_BACKGROUND || scenario->weight == 0 || calls == 0)
            continue;
        weight += scenario->weight;
        *out_milli_events += scenario->weight * calls * share_of(scenario) / 10000;
        background->activities[background->count] = scenario;
        background->weights[background->count++] = weight;
    }
    if (weight > 0)
        *out_milli_events /= weight;
}

/*
 * A number of the exponential distribution with the mean 1, in 32 bits behind the point, from comparisons alone: no
 * logarithm, whose last bits differ from machine to machine (von Neumann: Various Techniques Used in Connection With
 * Random Digits, 1951).
 */
static uint64_t draw_exponential(struct np_random *random)
{
    for (uint64_t whole = 0;; whole++) {
        uint64_t first = np_random_next(random) >> 32;
        uint64_t last = first;
        unsigned runs = 1;
        for (uint64_t next = np_random_next(random) >> 32; next < last;
             next = np_random_next(random) >> 32) {
            last = next;
            runs++;
        }
        if (runs % 2 == 1)
            return whole << 32 | first;
    }
}

static void advance(struct np_background *background)
{
    uint64_t part = draw_exponential(&background->random);
    background->next += (np_time_ns) (((unsigned __int128) background->pause_ns * part) >> 32);
}

int np_background_init(struct np_background *background, const struct np_scenario_set *set,
                       const struct np_accounts *accounts, np_time_ns start, struct np_err *err)
{
    uint64_t milli_events = 0; /* of one start */
    size_t count = NP_MAX(set->scenario_count, (size_t) 1);
    *background = (struct np_background){
        .accounts = accounts,
        .random = np_random_for(accounts->seed, NP_SPAN("background"), 0),
        .next = start,
    };
    background->activities = np_alloc_array(count, sizeof(background->activities[0]));
    background->weights = np_alloc_array(count, sizeof(background->weights[0]));
    if (background->activities == NULL || background->weights == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    collect(background, set, &milli_events);
    if (milli_events == 0)
        return np_fail(err, -EINVAL, "no scenario of kind 'background' makes an event");
    background->pause_ns =
        milli_events * (NP_NS_PER_S / 1000) * 10 / EVENTS_IN_10_S / NP_MAX(accounts->count, 1u);
    advance(background);
    return 0;
}

void np_background_done(struct np_background *background)
{
    np_free(background->activities);
    np_free(background->weights);
    background->activities = NULL;
    background->weights = NULL;
}

/* Whether people of an account are at work; accounts live in different time zones. */
static bool is_work_time(const struct np_background *background, uint32_t account)
{
    struct np_random random =
        np_random_for(background->accounts->seed, NP_SPAN("time zone"), account);
    np_time_ns local =
        background->next + np_random_between(&random, -MAX_SHIFT_H, MAX_SHIFT_H) * HOUR;
    int64_t weekday = (local / DAY + 4) % 7; /* 1970 began on a Thursday; 0 is Sunday */
    int64_t hour = local % DAY / HOUR;
    return weekday >= 1 && weekday <= 5 && hour >= WORK_FROM_H && hour < WORK_UNTIL_H;
}

const struct np_scenario *np_background_start(struct np_background *background,
                                              uint32_t *out_account)
{
    struct np_random *random = &background->random;
    uint64_t last = background->weights[background->count - 1] - 1;
    uint64_t weight = (uint64_t) np_random_between(random, 0, (int64_t) last);
    size_t chosen = 0;
    while (background->weights[chosen] <= weight)
        chosen++;
    *out_account =
        (uint32_t) np_random_between(random, 0, (int64_t) background->accounts->count - 1);
    const struct np_scenario *activity = background->activities[chosen];
    bool takes_place = !activity->work_hours || is_work_time(background, *out_account) ||
                       np_random_chance(random, OVERTIME);
    advance(background);
    return takes_place ? activity : NULL;
}
