/* SPDX-License-Identifier: Apache-2.0 */
/* From steps to calls: see plan.h. Recursion goes as deep as groups nest in a file, which its loader bounds. */
#include "simulate/play/plan.h"

enum { GROUP_MAX_STEPS = 256 };

struct planner {
    const struct np_plan_source *source;
    struct np_plan *plan;
    struct np_random random;
    np_time_ns time;
};

static int plan_step(struct planner *planner, const struct np_step *step);

static int64_t pick(struct planner *planner, struct np_range range)
{
    return np_random_between(&planner->random, range.low, range.high);
}

/* Whether a service acts, by itself or for somebody: it does not slow down with the attacker. */
static bool is_by_service(const struct np_scenario *scenario, const struct np_step *step)
{
    if (step->kind != NP_STEP_CALL)
        return false;
    const struct np_entry *by = np_cast_member_entry(&scenario->cast[step->by]);
    return step->via.len > 0 || by->is == NP_IS_SERVICE ||
           by->texts[NP_ATTRIBUTE_INVOKED].count > 0;
}

static int pause(struct planner *planner, const struct np_step *step)
{
    const struct np_scenario *scenario = planner->source->scenario;
    bool is_slow = planner->source->slow && !is_by_service(scenario, step);
    int64_t ns = pick(planner, step->after);
    int64_t times = is_slow ? pick(planner, scenario->slow) : 1;
    if (__builtin_mul_overflow(ns, NP_MAX(times, 1), &ns) ||
        __builtin_add_overflow(planner->time, ns, &planner->time))
        return -E2BIG;
    return 0;
}

/* The number of regions that a step may be repeated in, at most all there are. */
static size_t count_regions(const struct np_world *world, int64_t wanted)
{
    return wanted > 0 && (uint64_t) wanted < world->region_count ? (size_t) wanted
                                                                 : world->region_count;
}

/* The i-th region of a step that goes through several: home, then the others in their order. */
static uint16_t region_at(const struct planner *planner, size_t i)
{
    size_t home = planner->source->home;
    size_t region = i == 0 ? home : i <= home ? i - 1 : i;
    return (uint16_t) region;
}

/* One round of a call: as often as it says, for one value in one region. */
static int plan_calls(struct planner *planner, struct np_planned *call)
{
    int64_t times = pick(planner, call->step->times);
    int r = 0;
    for (int64_t i = 0; i < times && r == 0; i++) {
        r = pause(planner, call->step);
        call->time = planner->time;
        call->refused = np_random_chance(&planner->random, call->step->refused);
        if (r == 0)
            r = np_vec_push(&planner->plan->calls, *call, NP_SIMULATE_MAX_EVENTS_PER_PLAY);
        call->index++;
    }
    return r;
}

static int plan_call(struct planner *planner, const struct np_step *step)
{
    bool moves = step->regions.high > 0;
    size_t regions =
        moves ? count_regions(planner->source->world, pick(planner, step->regions)) : 1;
    size_t values = NP_MAX(step->each_count, (size_t) 1);
    struct np_planned call = {.step = step};
    int r = 0;
    for (size_t i = 0; i < regions; i++)
        for (size_t v = 0; v < values && r == 0; v++) {
            call.region = moves ? region_at(planner, i) : NP_PLAN_NO_REGION;
            call.value = step->each_count > 0 ? (uint16_t) v : NP_PLAN_NO_VALUE;
            r = plan_calls(planner, &call);
        }
    return r;
}

static int plan_in_order(struct planner *planner, const struct np_step *group)
{
    int r = 0;
    for (size_t i = 0; i < group->step_count && r == 0; i++)
        r = plan_step(planner, &group->steps[i]);
    return r;
}

static int plan_mixed(struct planner *planner, const struct np_step *group)
{
    uint8_t order[GROUP_MAX_STEPS];
    int r = 0;
    if (group->step_count > GROUP_MAX_STEPS)
        return -E2BIG;
    for (size_t i = 0; i < group->step_count; i++)
        order[i] = (uint8_t) i;
    for (size_t i = 0; i < group->step_count && r == 0; i++) {
        size_t last = group->step_count - 1;
        size_t j = (size_t) np_random_between(&planner->random, (int64_t) i, (int64_t) last);
        uint8_t chosen = order[j];
        order[j] = order[i];
        r = plan_step(planner, &group->steps[chosen]);
    }
    return r;
}

/* Some of the steps in their order: each is taken with the chance that gives the wanted number in the end. */
static int plan_any(struct planner *planner, const struct np_step *group)
{
    int64_t wanted = pick(planner, group->any);
    int r = 0;
    for (size_t i = 0; i < group->step_count && wanted > 0 && r == 0; i++) {
        int64_t left = (int64_t) (group->step_count - i);
        if (np_random_between(&planner->random, 1, left) > wanted)
            continue;
        wanted--;
        r = plan_step(planner, &group->steps[i]);
    }
    return r;
}

static int plan_group(struct planner *planner, const struct np_step *group)
{
    int64_t times = pick(planner, group->times);
    int r = 0;
    for (int64_t i = 0; i < times && r == 0; i++) {
        r = pause(planner, group);
        if (r < 0)
            break;
        r = group->kind == NP_STEP_MIX   ? plan_mixed(planner, group)
            : group->kind == NP_STEP_ANY ? plan_any(planner, group)
                                         : plan_in_order(planner, group);
    }
    return r;
}

static int plan_step(struct planner *planner, const struct np_step *step)
{
    if (!np_random_chance(&planner->random, step->chance))
        return 0;
    return step->kind == NP_STEP_CALL ? plan_call(planner, step) : plan_group(planner, step);
}

int np_plan_make(struct np_plan *plan, const struct np_plan_source *source)
{
    struct planner planner = {
        .source = source,
        .plan = plan,
        .random = np_random_for(source->seed, NP_SPAN("plan"), 0),
        .time = source->start,
    };
    return plan_step(&planner, &source->scenario->steps);
}

/* The middle of a range, in thousandths. */
static uint64_t milli(struct np_range range)
{
    return range.high > 0 ? (uint64_t) (range.low + NP_MAX(range.high, range.low)) * 500 : 0;
}

static uint64_t mean_milli(const struct np_step *step, const struct np_world *world)
{
    uint64_t calls = 1000;
    if (step->kind == NP_STEP_CALL) {
        uint64_t regions = count_regions(world, (step->regions.low + step->regions.high) / 2);
        calls *= NP_MAX(step->each_count, (size_t) 1) * (step->regions.high > 0 ? regions : 1);
    } else {
        calls = 0;
        for (size_t i = 0; i < step->step_count; i++)
            calls += mean_milli(&step->steps[i], world);
    }
    if (step->kind == NP_STEP_ANY && step->step_count > 0)
        calls = calls * NP_MIN(milli(step->any), step->step_count * 1000) / 1000 / step->step_count;
    return calls * milli(step->times) / 1000 * step->chance / 10000;
}

uint64_t np_plan_mean_milli_calls(const struct np_scenario *scenario, const struct np_world *world)
{
    return mean_milli(&scenario->steps, world);
}
