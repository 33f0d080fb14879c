/* SPDX-License-Identifier: Apache-2.0 */
/* See stateful.h. */
#include "engine/stateful.h"

#include <errno.h>

#include "base/alloc.h"
#include "engine/turn.h"

/* Names, actors, stories and the hold together stay below the 500 MB that a run with incidents may take. */
enum { NAMES_MAX_BYTES = 64 * 1024 * 1024 };

static int leave(void *context, const struct np_held *const *acts, size_t count, struct np_err *err)
{
    return np_turns_take(context, acts, count, err);
}

static int tell_incident(void *context, const struct np_incident *incident, struct np_err *err)
{
    const struct np_stateful *stateful = context;
    return stateful->params.tell_incident(stateful->params.context, incident, err);
}

static int make_hold(struct np_stateful *stateful)
{
    struct np_hold_params params = {
        .lateness = stateful->params.engine->lateness,
        .max_bytes = NP_HOLD_MAX_BYTES,
        .leave = leave,
        .context = stateful,
    };
    return np_hold_new(&stateful->hold, &params);
}

static int make_actors(struct np_stateful *stateful)
{
    struct np_actors_params params = {
        .names = stateful->names,
        .endpoints = stateful->params.engine->incidents->endpoints,
        .max_bytes = NP_ACTORS_MAX_BYTES,
    };
    return np_actors_new(&stateful->actors, &params);
}

static int make_behaviours(struct np_stateful *stateful)
{
    struct np_behaviours_params params = {.names = stateful->names, .actors = stateful->actors};
    return stateful->params.engine->incidents->behaviours
               ? np_behaviours_new(&stateful->behaviours, &params)
               : 0;
}

static int make_stories(struct np_stateful *stateful)
{
    struct np_stories_params params = {
        .names = stateful->names,
        .actors = stateful->actors,
        .max_bytes = NP_STORIES_MAX_BYTES,
        .explain = stateful->params.engine->incidents->explain,
        .tell = tell_incident,
        .context = stateful,
    };
    return np_stories_new(&stateful->stories, &params);
}

static int make_asker(struct np_stateful *stateful)
{
    const struct np_engine_params *params = stateful->params.engine;
    size_t count = np_rule_set_loaded(params->rules);
    for (uint32_t i = 0; i < count; i++)
        if (np_rule_set_asks_who(params->rules, i))
            return np_asker_new(&stateful->asker, params);
    return 0;
}

int np_stateful_new(struct np_stateful **out_stateful, const struct np_stateful_params *params)
{
    struct np_stateful *stateful = np_alloc(sizeof(*stateful));
    if (stateful == NULL)
        return -ENOMEM;
    stateful->params = *params;
    stateful->clock = NP_TIME_NONE;
    stateful->explains = params->engine->incidents->explain.len > 0;
    stateful->looked_at = NP_TIME_NONE;
    np_shown_init(&stateful->shown);
    int r = np_names_new(&stateful->names, NAMES_MAX_BYTES);
    if (r == 0)
        r = make_hold(stateful);
    if (r == 0)
        r = make_actors(stateful);
    if (r == 0)
        r = make_behaviours(stateful);
    if (r == 0)
        r = make_stories(stateful);
    if (r == 0)
        r = make_asker(stateful);
    if (r < 0) {
        np_stateful_free(&stateful);
        return r;
    }
    *out_stateful = stateful;
    return 0;
}

void np_stateful_free(struct np_stateful **stateful)
{
    if (stateful == NULL || *stateful == NULL)
        return;
    np_asker_free(&(*stateful)->asker);
    np_stories_free(&(*stateful)->stories);
    np_behaviours_free(&(*stateful)->behaviours);
    np_actors_free(&(*stateful)->actors);
    np_hold_free(&(*stateful)->hold);
    np_names_free(&(*stateful)->names);
    np_shown_done(&(*stateful)->shown);
    np_free(*stateful);
    *stateful = NULL;
}

void np_stateful_begin_object(struct np_stateful *stateful, const char *object)
{
    np_name name = np_names_put(stateful->names, np_span_of(object));
    if (name == stateful->object)
        return;
    np_names_hold(stateful->names, name);
    np_names_release(stateful->names, stateful->object);
    stateful->object = name;
}

int np_stateful_take(struct np_stateful *stateful, struct np_held *held, struct np_err *err)
{
    held->object = np_names_hold(stateful->names, stateful->object);
    return np_hold_take(stateful->hold, held, err);
}

int np_stateful_finish(struct np_stateful *stateful, struct np_err *err)
{
    int r = np_hold_finish(stateful->hold, err);
    return r == 0 ? np_turns_say_why(np_stories_advance(stateful->stories, NP_TIME_NONE, err), err)
                  : r;
}

int np_stateful_explain(const struct np_stateful *stateful, struct np_buf *buf)
{
    int r = np_stories_explain(stateful->stories, buf);
    return r == -ENOENT ? 0 : r;
}

static void add_limit(struct np_limit *limits, size_t *count, const char *what, uint64_t number)
{
    if (number > 0)
        limits[(*count)++] = (struct np_limit){.what = what, .count = number};
}

const struct np_matcher *np_stateful_matcher(const struct np_stateful *stateful)
{
    return stateful->asker != NULL ? np_asker_matcher(stateful->asker) : NULL;
}

size_t np_stateful_limits(const struct np_stateful *stateful,
                          struct np_limit out_limits[NP_STATEFUL_LIMITS_MAX])
{
    size_t count = 0;
    add_limit(out_limits, &count, "events that came after their time was told",
              np_hold_missed(stateful->hold));
    add_limit(out_limits, &count, "events with texts cut for incidents", stateful->cut);
    add_limit(out_limits, &count, "names that could not be told apart",
              np_names_lost(stateful->names));
    add_limit(out_limits, &count, "events whose caller could not be followed",
              np_actors_lost(stateful->actors));
    add_limit(out_limits, &count, "habits and credentials forgotten for lack of memory",
              np_actors_forgotten(stateful->actors));
    add_limit(out_limits, &count, "events that could not be kept for incidents",
              np_stories_lost(stateful->stories));
    add_limit(out_limits, &count, "events too large for rules that ask who acted",
              stateful->unasked);
    return count;
}
