/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulation: plays, scheduled by their next calls, and records that wait in the delivery. Time is that of the next call
 * or start, whichever is first; what was to be delivered before it goes out.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "simulate/background.h"
#include "simulate/delivery.h"
#include "simulate/play/play.h"
#include "simulate/schedule.h"
#include "simulate/simulate.h"

enum {
    MAX_PLAYS = 4096, /* at a time; beyond it the background starts nothing new */
    MAX_ORGANIZATION_BYTES = 256,
    MAX_NAMES = 1000
};

#define NEVER UINT64_MAX

/* A scenario that the user named. */
struct named {
    const struct np_named *what;
    uint64_t after; /* begins when the background has made so many events; NEVER = has begun */
};

struct np_simulation {
    const struct np_scenario_set *set;
    struct np_stage stage;
    struct np_delivery delivery;
    struct np_background background;
    struct named *named;
    size_t named_count;
    uint64_t next_after;      /* the least of them */
    struct np_schedule plays; /* by their next calls */
    struct np_play *spare_play;
    uint64_t plays_begun;
    uint64_t wanted; /* events of the background */
    uint64_t made;
    np_time_ns now;
    struct np_waiting *shown; /* what the caller sees */
    struct np_buf organization;
};

/* ---- making and freeing */

static const struct np_named *find_named(const struct np_scenario_set *set, const char *name)
{
    for (size_t i = 0; i < set->named_count; i++)
        if (strcmp(set->named[i].info.name, name) == 0)
            return &set->named[i];
    return NULL;
}

static int fail_unknown(const struct np_scenario_set *set, const char *name, struct np_err *err)
{
    const char **names = np_alloc_array(set->named_count, sizeof(names[0]));
    for (size_t i = 0; names != NULL && i < set->named_count; i++)
        names[i] = set->named[i].info.name;
    const char *near = names != NULL ? np_suggest(np_span_of(name), names, set->named_count) : NULL;
    np_free(names);
    if (near == NULL)
        return np_fail(err, -ENOENT, "there is no scenario '%s'; 'list' shows them", name);
    return np_fail(err, -ENOENT, "there is no scenario '%s'; did you mean '%s'?", name, near);
}

/* Each named scenario gets its place in the middle half of the background. */
static int place_named(struct np_simulation *simulation, const struct np_simulation_params *params,
                       struct np_err *err)
{
    simulation->named = np_alloc_array(params->scenario_count, sizeof(simulation->named[0]));
    if (simulation->named == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < params->scenario_count; i++) {
        struct np_random random = np_random_for(params->seed, NP_SPAN("place"), i);
        const struct np_named *what = find_named(simulation->set, params->scenarios[i]);
        if (what == NULL)
            return fail_unknown(simulation->set, params->scenarios[i], err);
        uint64_t share = (uint64_t) np_random_between(&random, 2500, 7500);
        simulation->named[i].what = what;
        simulation->named[i].after =
            (uint64_t) (((unsigned __int128) params->background * share) / 10000);
        simulation->named_count++;
    }
    return 0;
}

/* The first of the named scenarios that have not begun; NULL where all have. */
static struct named *next_named(struct np_simulation *simulation)
{
    struct named *next = NULL;
    for (size_t i = 0; i < simulation->named_count; i++)
        if (simulation->named[i].after != NEVER &&
            (next == NULL || simulation->named[i].after < next->after))
            next = &simulation->named[i];
    simulation->next_after = next != NULL ? next->after : NEVER;
    return next;
}

static int fill_organization(struct np_simulation *simulation, uint64_t seed)
{
    struct np_random random = np_random_for(seed, NP_SPAN("organization"), 0);
    struct np_fill fill = {.random = &random};
    np_buf_init(&simulation->organization, MAX_ORGANIZATION_BYTES);
    np_text_fill(&simulation->organization, &simulation->set->world.organization, &fill);
    return simulation->organization.error;
}

static int check(const struct np_simulation_params *params, struct np_err *err)
{
    if (params->accounts < 1 || params->accounts > NP_SIMULATE_MAX_ACCOUNTS)
        return np_fail(err, -EINVAL, "there can be 1 to %d accounts, not %u",
                       NP_SIMULATE_MAX_ACCOUNTS, params->accounts);
    if (params->start < 0)
        return np_fail(err, -EINVAL, "the start cannot be before 1970");
    if (params->scenario_count > MAX_NAMES)
        return np_fail(err, -EINVAL, "at most %d scenarios can be named at once", MAX_NAMES);
    return 0;
}

static int init(struct np_simulation *simulation, const struct np_simulation_params *params,
                struct np_err *err)
{
    np_delivery_init(&simulation->delivery, params->seed);
    int r = np_stage_init(&simulation->stage, simulation->set, params->seed, params->accounts);
    if (r == 0)
        r = fill_organization(simulation, params->seed);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    simulation->now = params->start;
    simulation->wanted = params->background;
    r = place_named(simulation, params, err);
    (void) next_named(simulation);
    if (r == 0 && params->background > 0)
        r = np_background_init(&simulation->background, simulation->set,
                               &simulation->stage.accounts, params->start, err);
    return r;
}

int np_simulation_new(struct np_simulation **out_simulation, const struct np_scenario_set *set,
                      const struct np_simulation_params *params, struct np_err *err)
{
    int r = check(params, err);
    if (r < 0)
        return r;
    struct np_simulation *simulation = np_alloc(sizeof(*simulation));
    if (simulation == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    simulation->set = set;
    r = init(simulation, params, err);
    if (r < 0)
        np_simulation_free(&simulation);
    else
        *out_simulation = simulation;
    return r;
}

static void free_play(struct np_play *play)
{
    np_play_done(play);
    np_free(play);
}

void np_simulation_free(struct np_simulation **simulation)
{
    struct np_simulation *self = *simulation;
    if (self == NULL)
        return;
    *simulation = NULL;
    if (self->shown != NULL)
        np_delivery_give_back(&self->delivery, self->shown);
    while (self->plays.due.len > 0)
        free_play(np_schedule_take(&self->plays));
    while (self->spare_play != NULL) {
        struct np_play *play = self->spare_play;
        self->spare_play = play->next_spare;
        free_play(play);
    }
    np_schedule_done(&self->plays);
    np_delivery_done(&self->delivery);
    np_background_done(&self->background);
    np_stage_done(&self->stage);
    np_buf_done(&self->organization);
    np_free(self->named);
    np_free(self);
}

struct np_span np_simulation_organization(const struct np_simulation *simulation)
{
    return np_buf_span(&simulation->organization);
}

/* ---- the course of time */

static bool is_background_over(const struct np_simulation *simulation)
{
    return simulation->made >= simulation->wanted;
}

/* Whether the background's next start comes before the next call. */
static bool starts_next(const struct np_simulation *simulation)
{
    if (is_background_over(simulation) || simulation->plays.due.len >= MAX_PLAYS)
        return false;
    return simulation->plays.due.len == 0 ||
           simulation->background.next <= simulation->plays.due.items[0].time;
}

static void give_back(struct np_simulation *simulation, struct np_play *play)
{
    play->next_spare = simulation->spare_play;
    simulation->spare_play = play;
}

static int begin(struct np_simulation *simulation, struct np_play_source source, struct np_err *err)
{
    struct np_play *play = simulation->spare_play;
    if (play != NULL)
        simulation->spare_play = play->next_spare;
    else
        play = np_alloc(sizeof(*play));
    if (play == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    source.number = simulation->plays_begun++;
    source.start = simulation->now;
    int r = np_play_begin(play, &simulation->stage, &source, err);
    if (r == 0 && !np_play_is_over(play)) {
        struct np_due due = {np_play_time(play), play->number, play};
        r = np_schedule_add(&simulation->plays, due, MAX_PLAYS + MAX_NAMES);
        if (r == 0)
            return 0;
        r = np_fail(err, r, "out of memory");
    }
    give_back(simulation, play);
    return r;
}

static int begin_background(struct np_simulation *simulation, struct np_err *err)
{
    uint32_t account = 0;
    simulation->now = NP_MAX(simulation->now, simulation->background.next);
    const struct np_scenario *activity = np_background_start(&simulation->background, &account);
    if (activity == NULL)
        return 0;
    uint64_t seed = simulation->stage.accounts.seed;
    struct np_play_source source = {
        .scenario = activity,
        .seed = np_random_for(seed, NP_SPAN("play"), simulation->plays_begun).state,
        .home = account,
    };
    return begin(simulation, source, err);
}

/* Begins a scenario that the user named: in an account, and with a cast, that no figure but the seed decides. */
static int begin_named(struct np_simulation *simulation, struct named *named, struct np_err *err)
{
    uint64_t seed = simulation->stage.accounts.seed;
    size_t number = (size_t) (named - simulation->named);
    const char *name = named->what->info.name;
    struct np_random random = np_random_for(seed, np_span_of(name), number);
    int64_t last = (int64_t) simulation->stage.accounts.count - 1;
    struct np_play_source source = {
        .scenario = named->what->scenario,
        .name = name,
        .home = (uint32_t) np_random_between(&random, 0, last),
        .seed = random.state,
        .slow = named->what->info.slow,
    };
    named->after = NEVER;
    (void) next_named(simulation);
    return begin(simulation, source, err);
}

/* Makes the next call of all plays. */
static int play_first(struct np_simulation *simulation, struct np_err *err)
{
    struct np_play *play = simulation->plays.due.items[0].what;
    bool is_background = play->name == NULL;
    if (is_background && is_background_over(simulation)) {
        give_back(simulation, np_schedule_take(&simulation->plays));
        return 0;
    }
    uint64_t max = is_background ? simulation->wanted - simulation->made : UINT64_MAX;
    simulation->now = np_play_time(play);
    int made = np_play_call(play, &simulation->stage, &simulation->delivery, max, err);
    if (made < 0)
        return made;
    simulation->made += is_background ? (uint64_t) made : 0;
    if (np_play_is_over(play))
        give_back(simulation, np_schedule_take(&simulation->plays));
    else
        np_schedule_put_off(&simulation->plays, np_play_time(play));
    return 0;
}

static bool is_over(const struct np_simulation *simulation)
{
    return simulation->plays.due.len == 0 && is_background_over(simulation) &&
           simulation->next_after == NEVER;
}

static int advance(struct np_simulation *simulation, struct np_err *err)
{
    struct named *named =
        simulation->made >= simulation->next_after ? next_named(simulation) : NULL;
    if (named != NULL)
        return begin_named(simulation, named, err);
    return starts_next(simulation) ? begin_background(simulation, err)
                                   : play_first(simulation, err);
}

/* No event of an earlier time is still to come. */
static np_time_ns frontier(const struct np_simulation *simulation)
{
    if (is_over(simulation))
        return INT64_MAX;
    if (simulation->made >= simulation->next_after || simulation->plays.due.len == 0)
        return simulation->now;
    return starts_next(simulation) ? NP_MAX(simulation->now, simulation->background.next)
                                   : simulation->plays.due.items[0].time;
}

static struct np_simulated show(const struct np_waiting *waiting)
{
    const char *text = waiting->text.data;
    return (struct np_simulated){
        .record = np_buf_span(&waiting->text),
        .time = waiting->time,
        .delivered = waiting->delivered,
        .account = np_span_make(text + waiting->places.account, NP_ACCOUNT_DIGITS),
        .region = np_span_make(text + waiting->places.region, waiting->places.region_bytes),
        .event_id = np_span_make(text + waiting->places.event_id, NP_EVENT_ID_BYTES),
        .repeated = waiting->repeated,
        .scenario = waiting->scenario,
        .step = waiting->step,
        .attack = waiting->attack,
    };
}

int np_simulation_next(struct np_simulation *simulation, struct np_simulated *out_event,
                       struct np_err *err)
{
    struct np_delivery *delivery = &simulation->delivery;
    if (simulation->shown != NULL)
        np_delivery_give_back(delivery, simulation->shown);
    simulation->shown = np_delivery_take(delivery, frontier(simulation));
    while (simulation->shown == NULL && !is_over(simulation)) {
        int r = advance(simulation, err);
        if (r < 0)
            return r;
        simulation->shown = np_delivery_take(delivery, frontier(simulation));
    }
    if (simulation->shown == NULL)
        return 0;
    *out_event = show(simulation->shown);
    return 1;
}
