/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which deeds of a strand are the attacker's. A strand from a strange place that does little else than explore, take and
 * change rights is his as a whole. Of one that its owner works with too, those calls are that stand out, and that are
 * not part of a piece of ordinary work, as when a tool compares and builds what it describes. A strand that only shares
 * its credential with his is the owner's, and out.
 */
#pragma once

#include "incident/story.h"

/* When the attacker was at work: the time of the strands of a story that are his beyond doubt. */
enum { NP_CORE_CALLS_MAX = 128 };
struct np_core {
    const struct np_stories *stories;
    np_time_ns begin;      /* of the first of those strands */
    np_time_ns first_look; /* from when on a thief may have tried what he took, where he took it */
    np_time_ns from;
    np_time_ns until;
    uint64_t calls[NP_CORE_CALLS_MAX]; /* hashes of some calls of those strands */
    size_t call_count;
};

struct np_core np_story_core(const struct np_stories *stories, const struct np_story *story);

/* Counts a distinct call of the strand into its heat. */
void np_strand_warm(struct np_strand *strand, const struct np_deed *deed);

/* Whether what the strand did is the attacker's by itself. */
bool np_strand_is_hot(const struct np_strand *strand);

/* Whether all of the strand is the attacker's. */
bool np_strand_is_whole(const struct np_strand *strand, const struct np_core *core);

/* Whether the deed at `index` belongs to the incident. */
bool np_deed_belongs(const struct np_strand *strand, size_t index, const struct np_core *core);
