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
    SIGNALS_MAX = NP_HELD_SIGNALS_MAX + NP_BEHAVIOURS_AT_ONCE,
    /* Acts before its turn when an act is read, and when memory is asked for what it needs. */
    READ_AHEAD = 9,
    APPROACH_AHEAD = 6,
    NEAR_AHEAD = 3,
    UNDER_WAY = 16, /* a power of two above these */
    CALLS_MAX = 4096
};

_Static_assert(UNDER_WAY *(NP_ACT_TEXT_MAX + NP_ACT_ENTITIES_MAX) <= NP_NAMES_PASSING,
               "the texts of all acts under way pass at a time");

/* An act on its way, with what becomes known of it step by step. */
struct turn {
    const struct np_held *held;
    bool is_read;
    struct np_act act; /* when it has been read, as is the caller */
    struct np_caller caller;
    struct np_insight insight;
    struct np_call_meaning meaning;
    struct np_signal signals[SIGNALS_MAX];
    size_t signal_count;
};

/* A call that was met before. */
struct known_call {
    uint64_t print; /* 0 = none */
    struct np_call_meaning meaning;
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
    np_time_ns looked_at;   /* a second whose accounts were all met */
    uint64_t cut;           /* acts whose texts were too long */
    uint64_t unasked;       /* acts whose rules could not be asked */
    bool explains;          /* one event's fate is to be told, so all are read */
    struct turn turns[UNDER_WAY];
    struct known_call calls[CALLS_MAX];
};

static int leave(void *context, const struct np_held *const *acts, size_t count,
                 struct np_err *err);

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

/* The act's place on the clock: one without a time happens now, an older one is late. */
static void set_time(const struct np_stateful *stateful, struct np_act *act)
{
    if (act->time == NP_TIME_NONE)
        act->time = stateful->clock != NP_TIME_NONE ? stateful->clock : 0;
    else if (act->time < stateful->clock)
        act->flags |= NP_ACT_LATE;
}

/* Stories say why they end a run, but where memory is out. */
static int say_why(int r, struct np_err *err)
{
    return r == -ENOMEM && err != NULL && err->msg[0] == '\0' ? np_fail(err, r, "out of memory")
                                                              : r;
}

/* Once a minute of event time is often enough for what closes after a day. */
static int advance(struct np_stateful *stateful, struct np_err *err)
{
    np_time_ns minute = stateful->clock - stateful->clock % NP_NS_PER_MIN;
    if (stateful->clock == NP_TIME_NONE || minute == stateful->advanced)
        return 0;
    stateful->advanced = minute;
    return say_why(np_stories_advance(stateful->stories, minute, err), err);
}

/* Tells the finding of a behaviour and adds its signal. */
static int tell_behaviour(struct np_stateful *stateful, struct turn *turn,
                          const struct np_rule_info *rule, struct np_err *err)
{
    struct np_finding finding;
    const struct np_shown_act act = {
        .held = turn->held,
        .act = &turn->act,
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
        .is_late = (turn->act.flags & NP_ACT_LATE) != 0,
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

static struct known_call *place_of_call(struct np_stateful *stateful, uint64_t print)
{
    return &stateful->calls[print % CALLS_MAX];
}

static struct np_call_meaning meaning_of(struct np_stateful *stateful, const struct np_act *act)
{
    struct known_call *known = place_of_call(stateful, act->prints.call);
    if (known->print == act->prints.call)
        return known->meaning;
    struct np_call_meaning meaning = np_tactics_of(
        stateful->params.engine->incidents->tactics,
        np_names_text(stateful->names, act->texts[NP_ACT_SERVICE]),
        np_names_text(stateful->names, act->texts[NP_ACT_API]), (act->flags & NP_ACT_READS) != 0);
    *known = (struct known_call){.print = act->prints.call, .meaning = meaning};
    return meaning;
}

static int take_turn(struct np_stateful *stateful, struct turn *turn, struct np_err *err)
{
    int r = np_actors_take(stateful->actors, &turn->act, turn->caller, &turn->insight);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    turn->signal_count = turn->held->signal_count;
    memcpy(turn->signals, np_held_signals(turn->held),
           turn->signal_count * sizeof(turn->signals[0]));
    turn->meaning = meaning_of(stateful, &turn->act);
    r = ask_rules(stateful, turn, err);
    if (r == 0)
        r = add_behaviours(stateful, turn, err);
    if (r < 0)
        return r;
    struct np_incoming incoming = incoming_of(turn);
    struct np_signals signals = {turn->signals, turn->signal_count};
    return say_why(np_stories_take(stateful->stories, &incoming, signals, err), err);
}

/* Whether nothing in the record itself calls for attention, and it neither gives nor begins anything. */
static bool is_plain(const struct np_held *held)
{
    bool has_news = held->signal_count > 0 || held->asked_count > 0 || held->unasked ||
                    held->was_cut || held->entity_count > 0 ||
                    held->text_lens[NP_ACT_SHARED_ID] > 0;
    return !has_news && (held->flags & (NP_ACT_READS | NP_ACT_DATA)) != 0 &&
           (held->flags & NP_ACT_REFUSED) == 0 && held->identity != NP_IDENTITY_SERVICE &&
           held->identity != NP_IDENTITY_ACCOUNT;
}

/* Whether the call is known and nobody's concern when its caller makes it every day. */
static bool is_small(struct np_stateful *stateful, uint64_t call)
{
    const struct known_call *known = place_of_call(stateful, call);
    return known->print == call && known->meaning.weight != NP_WEIGHT_SENSITIVE;
}

/*
 * Most acts are what their caller does every day: they are taken without being read. They would change nothing but the time when
 * their thread was met last.
 */
static bool is_everyday(struct np_stateful *stateful, const struct turn *turn)
{
    const struct np_held *held = turn->held;
    struct np_insight insight;
    if (!is_plain(held) || stateful->explains || held->time < stateful->clock ||
        !is_small(stateful, held->prints.call) ||
        !np_actors_recognise(stateful->actors, held->prints, held->time, &insight) ||
        np_stories_watch(stateful->stories, insight.thread, held->time))
        return false;
    return stateful->behaviours == NULL ||
           !np_behaviours_watches(stateful->behaviours, insight.actor, held->time);
}

static void begin_turn(struct np_stateful *stateful, struct turn *turn, const struct np_held *held)
{
    turn->held = held;
    turn->is_read = false;
    np_actors_expect_prints(stateful->actors, held->prints);
}

static void read_act(struct np_stateful *stateful, struct turn *turn)
{
    turn->is_read = true;
    np_held_act(turn->held, stateful->names, &turn->act);
    turn->caller = np_actors_expect(stateful->actors, &turn->act);
}

static void approach_turn(struct np_stateful *stateful, struct turn *turn)
{
    if (np_actors_approach_prints(stateful->actors, turn->held->prints) && is_plain(turn->held))
        return;
    read_act(stateful, turn);
}

static void come_near(struct np_stateful *stateful, const struct turn *turn)
{
    if (turn->is_read)
        np_actors_approach(stateful->actors, &turn->act, turn->caller);
}

/*
 * Before an account is told not to be ours: whether it gets its first event within the same second, where the order says
 * nothing. `acts` are all that are left of that second, and more.
 */
static void look_ahead(struct np_stateful *stateful, const struct np_held *const *acts,
                       size_t count, const struct np_act *first)
{
    struct np_endpoints *endpoints = stateful->params.engine->incidents->endpoints;
    np_time_ns second = acts[0]->time / NP_NS_PER_S;
    struct np_span owner = np_names_text(stateful->names, first->texts[NP_ACT_ENDPOINT_OWNER]);
    struct np_span account = np_names_text(stateful->names, first->texts[NP_ACT_ACCOUNT]);
    if (np_likely(owner.len == 0 || np_span_eq(owner, account)) || second == stateful->looked_at ||
        np_endpoints_is_ours(endpoints, owner))
        return;
    stateful->looked_at = second;
    for (size_t i = 0; i < count && acts[i]->time / NP_NS_PER_S == second; i++) {
        struct np_act_view view;
        np_held_view(acts[i], &view);
        np_endpoints_meet_account(endpoints, view.texts[NP_ACT_ACCOUNT]);
    }
}

/* The turn of the first of `acts`. */
static int end_turn(struct np_stateful *stateful, struct turn *turn,
                    const struct np_held *const *acts, size_t count, struct np_err *err)
{
    int r = 0;
    if (turn->held->time > stateful->clock) {
        stateful->clock = turn->held->time;
        r = advance(stateful, err);
    }
    if (r == 0 && !is_everyday(stateful, turn)) {
        if (!turn->is_read)
            read_act(stateful, turn);
        set_time(stateful, &turn->act);
        look_ahead(stateful, acts, count, &turn->act);
        stateful->cut += turn->held->was_cut ? 1 : 0;
        r = take_turn(stateful, turn, err);
    }
    np_names_release(stateful->names, turn->held->object);
    return r;
}

/* Each act is read, and memory asked for what it needs, while others before it have their turn. */
static int leave(void *context, const struct np_held *const *acts, size_t count, struct np_err *err)
{
    struct np_stateful *stateful = context;
    struct turn *turns = stateful->turns;
    int r = 0;
    for (size_t i = 0; i < count + READ_AHEAD && r == 0; i++) {
        size_t next = i - READ_AHEAD;
        size_t near = next + NEAR_AHEAD;
        size_t middle = next + APPROACH_AHEAD;
        if (i + 1 < count)
            __builtin_prefetch(acts[i + 1] + 1);
        if (i < count)
            begin_turn(stateful, &turns[i % UNDER_WAY], acts[i]);
        if (middle < count)
            approach_turn(stateful, &turns[middle % UNDER_WAY]);
        if (near < count)
            come_near(stateful, &turns[near % UNDER_WAY]);
        if (next < count)
            r = end_turn(stateful, &turns[next % UNDER_WAY], &acts[next], count - next, err);
    }
    return r;
}

int np_stateful_finish(struct np_stateful *stateful, struct np_err *err)
{
    int r = np_hold_finish(stateful->hold, err);
    return r == 0 ? say_why(np_stories_advance(stateful->stories, NP_TIME_NONE, err), err) : r;
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
