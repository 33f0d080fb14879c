/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "simulate/play/plan.h"

/* A set with one scenario `probe` that has the steps given. */
static struct np_scenario_set *open_steps(const char *steps)
{
    char text[2048];
    (void) snprintf(
        text, sizeof(text),
        "name: probe\nkind: attack\ntitle: Probe\nslow: 10\ntwin: theft-twin\n"
        "sources: [none]\n"
        "cast:\n  u: {is: user, name: c}\n  p: {is: place, address: 203.0.113.9, agent: a}\n"
        "steps:\n%s",
        steps);
    return open_world("attack/probe.yml", text);
}

static const struct np_scenario *probe_of(const struct np_scenario_set *set)
{
    for (size_t i = 0; i < set->scenario_count; i++)
        if (strcmp(set->scenarios[i].name, "probe") == 0)
            return &set->scenarios[i];
    return NULL;
}

static struct np_plan plan_of(const struct np_scenario_set *set, uint64_t seed, bool slow)
{
    struct np_plan plan = {};
    struct np_plan_source source = {
        .scenario = probe_of(set), .world = &set->world, .seed = seed, .home = 1, .slow = slow};
    assert_int_equal(np_plan_make(&plan, &source), 0);
    for (size_t i = 1; i < plan.calls.len; i++)
        assert_true(plan.calls.items[i].time >= plan.calls.items[i - 1].time);
    return plan;
}

#define STEP(name, rest) "{step: " name ", call: iam GetUser, by: u, from: p" rest "}"

struct expectation {
    const char *steps;
    size_t fewest;
    size_t most;
    size_t mean_milli;
};

static const struct expectation expectations[] = {
    {"  - " STEP("a", "") "\n", 1, 1, 1000},
    {"  - " STEP("a", ", times: 2..4") "\n", 2, 4, 3000},
    {"  - " STEP("a", ", chance: 50%") "\n", 0, 1, 500},
    {"  - " STEP("a", ", each: {userName: [x, y, z]}") "\n", 3, 3, 3000},
    {"  - " STEP("a", ", regions: all") "\n", 3, 3, 3000},
    {"  - " STEP("a", ", regions: 1..2, times: 2") "\n", 2, 4, 2000},
    {"  - {do: [" STEP("a", "") ", " STEP("b", "") "], times: 3}\n", 6, 6, 6000},
    {"  - {mix: [" STEP("a", "") ", " STEP("b", "") ", " STEP("c", "") "]}\n", 3, 3, 3000},
    {"  - {any: 1..2, of: [" STEP("a", "") ", " STEP("b", "") ", " STEP("c", "") "]}\n", 1, 2,
     1500},
};

static void makes_as_many_calls_as_the_steps_say(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(expectations); i++) {
        struct np_scenario_set *set = open_steps(expectations[i].steps);
        size_t fewest = SIZE_MAX;
        size_t most = 0;
        for (uint64_t seed = 0; seed < 60; seed++) {
            struct np_plan plan = plan_of(set, seed, false);
            fewest = NP_MIN(fewest, plan.calls.len);
            most = NP_MAX(most, plan.calls.len);
            np_vec_done(&plan.calls);
        }
        assert_int_equal(fewest, expectations[i].fewest);
        assert_int_equal(most, expectations[i].most);
        assert_int_equal(np_plan_mean_milli_calls(probe_of(set), &set->world),
                         expectations[i].mean_milli);
        np_scenario_set_free(&set);
    }
}

static void mixes_into_every_order(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_steps("  - {mix: [" STEP("a", "") ", " STEP("b", "") "]}\n");
    size_t first_a = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct np_plan plan = plan_of(set, seed, false);
        assert_int_equal(plan.calls.len, 2);
        assert_ptr_not_equal(plan.calls.items[0].step, plan.calls.items[1].step);
        first_a += strcmp(plan.calls.items[0].step->name, "a") == 0 ? 1 : 0;
        np_vec_done(&plan.calls);
    }
    assert_in_range(first_a, 30, 70);
    np_scenario_set_free(&set);
}

static void goes_through_regions_from_home(void **state)
{
    (void) state;
    static const uint16_t order[] = {1, 0, 2};
    struct np_scenario_set *set = open_steps("  - " STEP("a", ", regions: all") "\n");
    struct np_plan plan = plan_of(set, 1, false);
    assert_int_equal(plan.calls.len, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(plan.calls.items[i].region, order[i]);
    np_vec_done(&plan.calls);
    np_scenario_set_free(&set);
}

static void counts_repetitions_and_refuses_by_chance(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_steps("  - " STEP("a", ", times: 200, refused: 25%") "\n");
    struct np_plan plan = plan_of(set, 1, false);
    size_t refused = 0;
    for (size_t i = 0; i < plan.calls.len; i++) {
        assert_int_equal(plan.calls.items[i].index, i);
        refused += plan.calls.items[i].refused ? 1 : 0;
    }
    assert_in_range(refused, 30, 70);
    np_vec_done(&plan.calls);
    np_scenario_set_free(&set);
}

static void slow_form_stretches_every_pause(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_steps("  - " STEP("a", ", times: 5, after: 1m") "\n");
    struct np_plan quick = plan_of(set, 1, false);
    struct np_plan slow = plan_of(set, 1, true);
    assert_int_equal(quick.calls.items[4].time, 5 * NP_NS_PER_MIN);
    assert_int_equal(slow.calls.items[4].time, 50 * NP_NS_PER_MIN);
    np_vec_done(&quick.calls);
    np_vec_done(&slow.calls);
    np_scenario_set_free(&set);
}

static void services_keep_their_pace_in_the_slow_form(void **state)
{
    (void) state;
    struct np_scenario_set *set = open_steps(
        "  - " STEP("a", ", times: 5, after: 1m, via: cloudformation.amazonaws.com") "\n");
    struct np_plan slow = plan_of(set, 1, true);
    assert_int_equal(slow.calls.items[4].time, 5 * NP_NS_PER_MIN);
    np_vec_done(&slow.calls);
    np_scenario_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_as_many_calls_as_the_steps_say),
        cmocka_unit_test(mixes_into_every_order),
        cmocka_unit_test(goes_through_regions_from_home),
        cmocka_unit_test(counts_repetitions_and_refuses_by_chance),
        cmocka_unit_test(slow_form_stretches_every_pause),
        cmocka_unit_test(services_keep_their_pace_in_the_slow_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
