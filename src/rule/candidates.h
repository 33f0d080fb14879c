/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that an event may match, as its probes find them. A rule that is narrowed is one once
 * a probe that narrows it has found it, too, and such a probe is run only where it may. Rules
 * are bits, so that one that is found twice comes out once, and in order. Nothing is cleared for a
 * new event: the bits are when they are taken out. Belongs to one thread.
 */
#pragma once

#include "rule/index/index.h"

enum { NP_CANDIDATES_WORD = 64 }; /* bits */

struct np_candidates {
    const struct np_rule_index *index;
    uint64_t *words;   /* a bit a rule */
    uint64_t *summary; /* a bit for each word that is not empty */
    size_t summary_count;
    uint64_t event;     /* number of the one at hand, from 1 */
    uint64_t *found_in; /* by rule: the last event in which it was found and narrowed */
    bool narrows;       /* the event is of one type, by which rules are narrowed */
    uint64_t narrowers; /* that are to be run for this event, as np_rule_index.narrowers */
};

/* 0 or -ENOMEM; np_candidates_done() in any case. */
NP_NODISCARD int np_candidates_init(struct np_candidates *candidates,
                                    const struct np_rule_index *index);
void np_candidates_done(struct np_candidates *candidates);

/* Begins with an event; all of the last one were taken out. */
static inline void np_candidates_begin(struct np_candidates *candidates, struct np_event *event)
{
    np_field_id type = candidates->index->call_type;
    candidates->narrows =
        type != NP_FIELD_NONE && np_event_field(event, type)->kind == NP_VALUE_TEXT;
    candidates->event++;
    candidates->narrowers = 0;
}

/* Adds a run of the index's `rule_lists`. */
void np_candidates_add(struct np_candidates *candidates, struct np_run rules);

/* Adds the rules of a slot that came out, or notes that they wait for what narrows them. */
void np_candidates_take_slot(struct np_candidates *candidates, const struct np_slot *slot);

/* Adds the rules of a slot of a probe that narrows: those that wait for it. */
void np_candidates_take_narrowed(struct np_candidates *candidates, const struct np_slot *slot);

/* Takes out the rule with the lowest number: false where none is left. */
static inline bool np_candidates_next(struct np_candidates *candidates, uint32_t *out_rule)
{
    for (size_t i = 0; i < candidates->summary_count; i++) {
        uint64_t summary = candidates->summary[i];
        if (summary == 0)
            continue;
        size_t at = i * NP_CANDIDATES_WORD + (size_t) __builtin_ctzll(summary);
        uint64_t word = candidates->words[at];
        *out_rule = (uint32_t) (at * NP_CANDIDATES_WORD + (size_t) __builtin_ctzll(word));
        candidates->words[at] = word & (word - 1);
        if (candidates->words[at] == 0)
            candidates->summary[i] = summary & (summary - 1);
        return true;
    }
    return false;
}
