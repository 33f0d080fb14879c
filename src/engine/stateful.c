/* SPDX-License-Identifier: Apache-2.0 */
/* See stateful.h. */
#include "engine/stateful.h"

#include <errno.h>

#include "actor/actor.h"
#include "base/alloc.h"
#include "engine/asker.h"
#include "engine/hold.h"
#include "engine/shown.h"
#include "incident/behaviour.h"

/* Names, actors, stories and the hold together stay below the 500 MB that a run with incidents may take. */
enum {
    NAMES_MAX_BYTES = 64 * 1024 * 1024,
    SIGNALS_MAX = NP_HELD_SIGNALS_MAX + NP_BEHAVIOURS_AT_ONCE
};

struct np_stateful {
    struct np_stateful_params params;
    struct np_names *names;
    struct np_hold *hold;
    struct np_actors *actors;
    struct np_behaviours *behaviours; /* NULL = they are silent */
    struct np_stories *stories;
    struct np_asker *asker; /* NULL = no rule asks who acted */
    struct np_shown shown;  /* means to make findings of behaviours */
    np_name object;         /* of the acts that come; held */
    np_time_ns clock;       /* the newest event time that has left the hold */
    np_time_ns advanced;    /* when stories were last told the time */
    uint64_t cut;           /* acts whose texts were too long */
    uint64_t unasked;       /* acts whose rules could not be asked */
};

static int leave(void *context, const struct np_held *held, struct np_err *err);

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

/* An act whose turn it is, with what becomes known of it step by step. */
struct turn {
    const struct np_held *held;
    struct np_act_view view;
    struct np_act act;
    struct np_insight insight;
    struct np_call_meaning meaning;
    struct np_signal signals[SIGNALS_MAX];
    size_t signal_count;
};

/* The act's place on the clock: one without a time happens now, an older one is late. */
static void set_time(struct np_stateful *stateful, struct np_act_view *view)
{
    if (view->time == NP_TIME_NONE)
        view->time = stateful->clock != NP_TIME_NONE ? stateful->clock : 0;
    else if (view->time < stateful->clock)
        view->flags |= NP_ACT_LATE;
    else
        stateful->clock = view->time;
}

/* Once a minute of event time is often enough for what closes after a day. */
static int advance(struct np_stateful *stateful, struct np_err *err)
{
    np_time_ns minute = stateful->clock - stateful->clock % NP_NS_PER_MIN;
    if (stateful->clock == NP_TIME_NONE || minute == stateful->advanced)
        return 0;
    stateful->advanced = minute;
    return np_stories_advance(stateful->stories, minute, err);
}

/* Tells the finding of a behaviour and adds its signal. */
static int tell_behaviour(struct np_stateful *stateful, struct turn *turn,
                          const struct np_rule_info *rule, struct np_err *err)
{
    struct np_finding finding;
    const struct np_shown_act act = {
        .view = &turn->view,
        .held = turn->held,
        .object = np_names_text(stateful->names, turn->held->object),
    };
    int r = np_shown_make(&stateful->shown, &act, rule, &finding);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    turn->signals[turn->signal_count++] =
        (struct np_signal){.rule = rule, .finding_id = finding.id};
    return stateful->params.tell_finding(stateful->params.context, &finding, err);
}

static bool is_silent(const struct np_stateful *stateful, const struct np_rule_info *rule)
{
    const struct np_incident_params *incidents = stateful->params.engine->incidents;
    size_t i = 0;
    while (i < incidents->silent_count && incidents->silent[i] != rule)
        i++;
    return i < incidents->silent_count;
}

static struct np_incoming incoming_of(const struct turn *turn)
{
    return (struct np_incoming){
        .act = &turn->act, .insight = &turn->insight, .meaning = turn->meaning};
}

static int add_behaviours(struct np_stateful *stateful, struct turn *turn, struct np_err *err)
{
    const struct np_rule_info *rules[NP_BEHAVIOURS_AT_ONCE];
    if (stateful->behaviours == NULL)
        return 0;
    struct np_incoming incoming = incoming_of(turn);
    int found = np_behaviours_take(stateful->behaviours, &incoming, rules);
    int r = found < 0 ? np_fail(err, found, "out of memory") : 0;
    for (int i = 0; i < found && r == 0; i++)
        r = is_silent(stateful, rules[i]) ? 0 : tell_behaviour(stateful, turn, rules[i], err);
    return r;
}

/* What rules ask for of the act. */
static struct np_asked what_is_known(const struct np_stateful *stateful, const struct turn *turn)
{
    struct np_asked asked = {
        .held = turn->held,
        .object = np_names_text(stateful->names, turn->held->object),
        .insight = &turn->insight,
        .meaning = turn->meaning,
        .is_late = (turn->view.flags & NP_ACT_LATE) != 0,
    };
    if (turn->insight.actor != NP_THREAD_NONE) {
        struct np_thread_info root = np_actors_thread(stateful->actors, turn->insight.actor);
        asked.root = np_names_text(stateful->names, root.principal);
    }
    return asked;
}

/* Asks the rules that wanted to know who did it; tells their findings and adds their signals. */
static int ask_rules(struct np_stateful *stateful, struct turn *turn, struct np_err *err)
{
    struct np_finding *finding = NULL;
    stateful->unasked += turn->held->unasked ? 1 : 0;
    if (np_likely(turn->held->asked_count == 0))
        return 0;
    struct np_asked asked = what_is_known(stateful, turn);
    int more = np_asker_begin(stateful->asker, &asked);
    stateful->unasked += more == 0 ? 1 : 0;
    while (more > 0 && (more = np_asker_next(stateful->asker, &finding)) > 0) {
        struct np_signal signal = {.rule = finding->rule, .finding_id = finding->id};
        turn->signal_count = np_signals_add(turn->signals, turn->signal_count, signal);
        int r = stateful->params.tell_finding(stateful->params.context, finding, err);
        if (r < 0)
            return r;
    }
    return more < 0 ? np_fail(err, more, "out of memory") : 0;
}

static int take_turn(struct np_stateful *stateful, struct turn *turn, struct np_err *err)
{
    np_act_make(&turn->act, stateful->names, &turn->view);
    int r = np_actors_take(stateful->actors, &turn->act, &turn->insight);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    turn->signal_count = turn->held->signal_count;
    memcpy(turn->signals, np_held_signals(turn->held),
           turn->signal_count * sizeof(turn->signals[0]));
    turn->meaning =
        np_tactics_of(stateful->params.engine->incidents->tactics, turn->view.texts[NP_ACT_SERVICE],
                      turn->view.texts[NP_ACT_API], (turn->view.flags & NP_ACT_READS) != 0);
    r = ask_rules(stateful, turn, err);
    if (r == 0)
        r = add_behaviours(stateful, turn, err);
    if (r < 0)
        return r;
    struct np_incoming incoming = incoming_of(turn);
    struct np_signals signals = {turn->signals, turn->signal_count};
    return np_stories_take(stateful->stories, &incoming, signals, err);
}

static int leave(void *context, const struct np_held *held, struct np_err *err)
{
    struct np_stateful *stateful = context;
    struct turn turn;
    turn.held = held;
    np_held_view(held, &turn.view);
    set_time(stateful, &turn.view);
    stateful->cut += held->was_cut ? 1 : 0;
    int r = advance(stateful, err);
    if (r == 0)
        r = take_turn(stateful, &turn, err);
    np_names_release(stateful->names, held->object);
    return r;
}

int np_stateful_finish(struct np_stateful *stateful, struct np_err *err)
{
    int r = np_hold_finish(stateful->hold, err);
    return r == 0 ? np_stories_advance(stateful->stories, NP_TIME_NONE, err) : r;
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
    add_limit(out_limits, &count, "events that could not be kept for incidents",
              np_stories_lost(stateful->stories));
    add_limit(out_limits, &count, "events too large for rules that ask who acted",
              stateful->unasked);
    return count;
}
