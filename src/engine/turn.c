/* SPDX-License-Identifier: Apache-2.0 */
/* See turn.h. */
#include "engine/turn.h"

#include <errno.h>

/* The act's place on the clock: one without a time happens now, an older one is late. */
static void set_time(const struct np_stateful *stateful, struct np_act *act)
{
    if (act->time == NP_TIME_NONE)
        act->time = stateful->clock != NP_TIME_NONE ? stateful->clock : 0;
    else if (act->time < stateful->clock)
        act->flags |= NP_ACT_LATE;
}

/* Stories say why they end a run, but where memory is out. */
int np_turns_say_why(int r, struct np_err *err)
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
    return np_turns_say_why(np_stories_advance(stateful->stories, minute, err), err);
}

/* Tells the finding of a behaviour and adds its signal. */
static int tell_behaviour(struct np_stateful *stateful, struct np_turn *turn,
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

static struct np_incoming incoming_of(const struct np_turn *turn)
{
    return (struct np_incoming){
        .act = &turn->act, .insight = &turn->insight, .meaning = turn->meaning};
}

static int add_behaviours(struct np_stateful *stateful, struct np_turn *turn, struct np_err *err)
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
static struct np_asked what_is_known(const struct np_stateful *stateful, const struct np_turn *turn)
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
static int ask_rules(struct np_stateful *stateful, struct np_turn *turn, struct np_err *err)
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

static struct np_known_call *place_of_call(struct np_stateful *stateful, uint64_t print)
{
    return &stateful->calls[print % NP_KNOWN_CALLS_MAX];
}

static struct np_call_meaning meaning_of(struct np_stateful *stateful, const struct np_act *act)
{
    struct np_known_call *known = place_of_call(stateful, act->prints.call);
    if (known->print == act->prints.call)
        return known->meaning;
    struct np_call_meaning meaning = np_tactics_of(
        stateful->params.engine->incidents->tactics,
        np_names_text(stateful->names, act->texts[NP_ACT_SERVICE]),
        np_names_text(stateful->names, act->texts[NP_ACT_API]), (act->flags & NP_ACT_READS) != 0);
    *known = (struct np_known_call){.print = act->prints.call, .meaning = meaning};
    return meaning;
}

static int take_turn(struct np_stateful *stateful, struct np_turn *turn, struct np_err *err)
{
    int r = np_actors_take(stateful->actors, &turn->act, &turn->insight);
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
    return np_turns_say_why(np_stories_take(stateful->stories, &incoming, signals, err), err);
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
    const struct np_known_call *known = place_of_call(stateful, call);
    return known->print == call && known->meaning.weight != NP_WEIGHT_SENSITIVE;
}

/*
 * Most acts are what their caller does every day: they are taken without being read. They would change nothing but the time when
 * their thread was met last.
 */
static bool is_everyday(struct np_stateful *stateful, const struct np_held *held)
{
    struct np_insight insight;
    if (!is_plain(held) || stateful->explains || held->time < stateful->clock ||
        !is_small(stateful, held->prints.call) ||
        !np_actors_recognise(stateful->actors, held->prints, held->time, &insight) ||
        np_stories_watch(stateful->stories, insight.thread, held->time))
        return false;
    return stateful->behaviours == NULL ||
           !np_behaviours_watches(stateful->behaviours, insight.actor, held->time);
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
static int take_first(struct np_stateful *stateful, const struct np_held *const *acts, size_t count,
                      struct np_err *err)
{
    struct np_turn turn;
    int r = 0;
    turn.held = acts[0];
    if (turn.held->time > stateful->clock) {
        stateful->clock = turn.held->time;
        r = advance(stateful, err);
    }
    if (r == 0 && !is_everyday(stateful, turn.held)) {
        np_held_act(turn.held, stateful->names, &turn.act);
        set_time(stateful, &turn.act);
        look_ahead(stateful, acts, count, &turn.act);
        stateful->cut += turn.held->was_cut ? 1 : 0;
        r = take_turn(stateful, &turn, err);
    }
    np_names_release(stateful->names, turn.held->object);
    return r;
}

int np_turns_take(struct np_stateful *stateful, const struct np_held *const *acts, size_t count,
                  struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = take_first(stateful, &acts[i], count - i, err);
    return r;
}
