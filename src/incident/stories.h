/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it adds up to: acts of one actor that matter become a story; a story whose score passes the threshold is an
 * incident.
 *
 * Every act of a thread that is not its owner's usual one matters; of a usual thread, or one without history, only those with a
 * signal (a finding, a behaviour, a refusal) or of a sensitive call near to such. Acts are kept from before it is known
 * that they matter, so that an incident holds the quiet reconnaissance too; what does not grow into one leaves first.
 *
 * In: acts in the order of event time, each with its insight and signals. Out: incidents, each whole with a new revision:
 * opened, updated, closed (idle for a day, or the end). Not here: how they look (sink/).
 * One writer; everything bounded. Tests: tests/unit/incident, tests/e2e/incidents.py.
 */
#pragma once

#include "actor/actor.h"
#include "base/buf.h"
#include "incident/incident.h"
#include "incident/incoming.h"

enum { NP_STORIES_MAX_BYTES = 64 * 1024 * 1024 };
#define NP_STORY_IDLE_NS (24 * 60 * NP_NS_PER_MIN)

struct np_signal {
    const struct np_rule_info *rule; /* of a rule or a behaviour; lives as long as its set */
    struct np_hash128 finding_id;
};

/* What speaks on one act. */
struct np_signals {
    const struct np_signal *items;
    size_t count;
};

/* The level of the strongest; informational where there is none. */
static inline enum np_level np_signals_level(struct np_signals signals)
{
    enum np_level level = NP_LEVEL_INFORMATIONAL;
    for (size_t i = 0; i < signals.count; i++)
        level = NP_MAX(level, signals.items[i].rule->level);
    return level;
}

struct np_stories;

struct np_stories_params {
    struct np_names *names;
    struct np_actors *actors;
    size_t max_bytes;
    /* Called with each revision of an incident; the incident lives during the call. Negative ends the run. */
    int (*tell)(void *context, const struct np_incident *incident, struct np_err *err);
    void *context;
    struct np_span explain; /* the id of an event whose fate is wanted; empty = none; borrowed */
};

NP_NODISCARD int np_stories_new(struct np_stories **out_stories,
                                const struct np_stories_params *params);
void np_stories_free(struct np_stories **stories);

/* Takes an act with its signals: 0, -ENOMEM, or what `tell` returned. */
NP_NODISCARD int np_stories_take(struct np_stories *stories, const struct np_incoming *incoming,
                                 struct np_signals signals, struct np_err *err);

/*
 * An everyday act of a thread, which is not kept unless the thread drew attention: whether it did, so that the act has to
 * be taken.
 */
bool np_stories_watch(struct np_stories *stories, np_thread_id thread, np_time_ns time);

/* Closes what was idle until `now` (event time); with NP_TIME_NONE everything, at the end of the input. */
NP_NODISCARD int np_stories_advance(struct np_stories *stories, np_time_ns now, struct np_err *err);

/*
 * Why the event of params.explain is, or is not, in an incident: appends a text of a few lines to `buf`. -ENOENT where
 * it was not met.
 */
NP_NODISCARD int np_stories_explain(const struct np_stories *stories, struct np_buf *buf);

/* Acts that could not be kept for lack of memory. */
uint64_t np_stories_lost(const struct np_stories *stories);
