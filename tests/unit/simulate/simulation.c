/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "base/hash.h"

enum { MANY = 4000 };

static const char *const theft[] = {"theft"};

static struct np_simulation_params params_of(const char *const *scenarios, size_t count,
                                             uint64_t background)
{
    return (struct np_simulation_params){
        .scenarios = scenarios,
        .scenario_count = count,
        .seed = 7,
        .start = np_time_of_utc(2026, 3, 2, 8, 0, 0),
        .background = background,
        .accounts = 3,
    };
}

/* What a whole run gives. */
struct run {
    uint64_t hash; /* of all bytes and times */
    size_t records;
    size_t repeated;
    size_t labelled;
    size_t attack;
    size_t background;
    np_time_ns first;
    np_time_ns last;
};

static void count(struct run *run, const struct np_simulated *event)
{
    run->hash = np_hash64(event->record, run->hash + (uint64_t) event->delivered);
    run->records++;
    run->repeated += event->repeated;
    if (event->scenario == NULL && !event->repeated)
        run->background++;
    if (event->scenario != NULL && !event->repeated) {
        assert_non_null(event->step);
        run->labelled++;
        run->attack += event->attack;
        run->first = run->labelled == 1 ? event->time : NP_MIN(run->first, event->time);
        run->last = NP_MAX(run->last, event->time);
    }
}

static struct run play(const struct np_simulation_params *params)
{
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct np_err err = {};
    struct run run = {};
    np_time_ns delivered = 0;
    assert_int_equal(np_simulation_new(&simulation, set, params, &err), 0);
    while (np_simulation_next(simulation, &event, &err) == 1) {
        assert_true(event.delivered >= delivered);
        assert_true(event.delivered >= event.time);
        delivered = event.delivered;
        count(&run, &event);
    }
    assert_int_equal(err.code, 0);
    np_simulation_free(&simulation);
    np_scenario_set_free(&set);
    return run;
}

static void same_seed_gives_the_same_bytes(void **state)
{
    (void) state;
    struct np_simulation_params params = params_of(theft, 1, MANY);
    uint64_t hash = play(&params).hash;
    assert_true(play(&params).hash == hash);
    params.seed = 8;
    assert_true(play(&params).hash != hash);
}

static void makes_as_many_background_events_as_wanted(void **state)
{
    (void) state;
    for (uint64_t wanted = 1; wanted <= MANY; wanted *= 8) {
        struct np_simulation_params params = params_of(NULL, 0, wanted);
        assert_int_equal(play(&params).background, wanted);
    }
}

static void repeats_about_one_in_a_hundred(void **state)
{
    (void) state;
    struct np_simulation_params params = params_of(NULL, 0, (uint64_t) MANY * 4);
    struct run run = play(&params);
    assert_in_range(run.repeated, MANY * 4 / 150, MANY * 4 / 60);
}

static void labels_the_steps_of_named_scenarios(void **state)
{
    (void) state;
    struct np_simulation_params params = params_of(theft, 1, 0);
    struct run run = play(&params);
    /* look, refused, hop in two accounts, scan in three regions, mine two to four times */
    assert_in_range(run.labelled, 9, 11);
    assert_int_equal(run.attack, run.labelled - 1); /* look is ordinary */
    assert_int_equal(run.background, 0);
}

static void slow_form_takes_longer(void **state)
{
    (void) state;
    static const char *const slow[] = {"theft-slow"};
    struct np_simulation_params params = params_of(theft, 1, 0);
    struct run quick = play(&params);
    params.scenarios = slow;
    struct run slowly = play(&params);
    assert_true(slowly.last - params.start > 5 * (quick.last - params.start));
}

static void places_scenarios_within_the_background(void **state)
{
    (void) state;
    struct np_simulation_params params = params_of(theft, 1, MANY);
    struct run run = play(&params);
    assert_true(run.first > params.start + NP_NS_PER_MIN);
}

static void plays_a_scenario_as_often_as_it_is_named(void **state)
{
    (void) state;
    static const char *const twice[] = {"theft-twin", "theft-twin"};
    struct np_simulation_params params = params_of(twice, 2, 0);
    struct run run = play(&params);
    assert_int_equal(run.labelled, 4);
    assert_int_equal(run.attack, 0);
}

static void names_the_nearest_scenario(void **state)
{
    (void) state;
    static const char *const wrong[] = {"thef"};
    static const char *const background[] = {"hum"};
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation *simulation = NULL;
    struct np_err err = {};
    struct np_simulation_params params = params_of(wrong, 1, 0);
    assert_int_equal(np_simulation_new(&simulation, set, &params, &err), -ENOENT);
    assert_non_null(strstr(err.msg, "'theft'"));
    params.scenarios = background;
    assert_int_equal(np_simulation_new(&simulation, set, &params, &err), -ENOENT);
    assert_null(simulation);
    np_scenario_set_free(&set);
}

static void rejects_figures_out_of_range(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation *simulation = NULL;
    struct np_simulation_params params = params_of(theft, 1, 0);
    params.accounts = 0;
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), -EINVAL);
    params.accounts = NP_SIMULATE_MAX_ACCOUNTS + 1;
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), -EINVAL);
    params = params_of(theft, 1, 0);
    params.start = -1;
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), -EINVAL);
    np_scenario_set_free(&set);
}

static void tells_of_a_play_that_is_too_long(void **state)
{
    (void) state;
    static const char *const named[] = {"flood"};
    static const char flood[] =
        "name: flood\nkind: twin\ntitle: Too much\n"
        "cast:\n  u: {is: user, pool: user}\n  p: {is: place, pool: office}\n"
        "steps:\n"
        "  - do: [{step: a, call: iam GetUser, by: u, from: p, times: 1000}]\n"
        "    times: 1000\n";
    struct np_scenario_set *set = open_world("twin/flood.yml", flood);
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct np_err err = {};
    struct np_simulation_params params = params_of(named, 1, 0);
    assert_int_equal(np_simulation_new(&simulation, set, &params, &err), 0);
    assert_int_equal(np_simulation_next(simulation, &event, &err), -E2BIG);
    assert_non_null(strstr(err.msg, "'flood'"));
    np_simulation_free(&simulation);
    np_scenario_set_free(&set);
}

static void needs_no_allocation_in_the_steady_state(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct np_simulation_params params = params_of(NULL, 0, (uint64_t) 8 * MANY);
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), 0);
    for (size_t i = 0; i < 4 * MANY; i++)
        assert_int_equal(np_simulation_next(simulation, &event, NULL), 1);
    size_t before = np_alloc_count();
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(np_simulation_next(simulation, &event, NULL), 1);
    /* More plays or records than ever before at one time, and blocks that fit them, need some still. */
    assert_in_range(np_alloc_count() - before, 0, MANY / 20);
    np_simulation_free(&simulation);
    np_scenario_set_free(&set);
}

/* A whole run in which the n-th allocation fails; whether it came to its end. */
static bool survives(const struct np_scenario_set *set, const struct np_simulation_params *params,
                     long n)
{
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct np_err err = {};
    np_alloc_fail_at(n);
    int r = np_simulation_new(&simulation, set, params, &err);
    assert_true((r == 0) == (simulation != NULL));
    while (r == 0) {
        r = np_simulation_next(simulation, &event, &err);
        if (r == 0)
            break;
        r = r == 1 ? 0 : r;
    }
    np_alloc_fail_at(-1);
    np_simulation_free(&simulation);
    assert_true(r == 0 || r == -ENOMEM);
    return r == 0;
}

static void survives_any_failed_allocation(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation_params params = params_of(theft, 1, 60);
    long n = 0;
    while (!survives(set, &params, n))
        n++;
    assert_true(n > 20);
    np_scenario_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_the_same_bytes),
        cmocka_unit_test(makes_as_many_background_events_as_wanted),
        cmocka_unit_test(repeats_about_one_in_a_hundred),
        cmocka_unit_test(labels_the_steps_of_named_scenarios),
        cmocka_unit_test(slow_form_takes_longer),
        cmocka_unit_test(places_scenarios_within_the_background),
        cmocka_unit_test(plays_a_scenario_as_often_as_it_is_named),
        cmocka_unit_test(names_the_nearest_scenario),
        cmocka_unit_test(rejects_figures_out_of_range),
        cmocka_unit_test(tells_of_a_play_that_is_too_long),
        cmocka_unit_test(needs_no_allocation_in_the_steady_state),
        cmocka_unit_test(survives_any_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
