/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings that wait to be folded until it is known whether they belong to an incident: what a told incident holds is not told
 * again. The wait is bounded, a level by itself: what waits for longest is folded first, and shown in both places where an
 * incident takes it up later. One thread.
 */
#pragma once

#include "incident/incident.h"
#include "sink/rollup.h"

enum {
    NP_PENDING_BYTES_PER_LEVEL_MAX = 8 * 1024 * 1024, /* of copies */
    NP_PENDING_TOLD_MAX = 256 * 1024 /* findings of incidents that are remembered */
};

struct np_pending_finding;

/* Findings that came one after another, and their texts. */
struct np_pending_run {
    NP_VEC(struct np_pending_finding) findings;
    struct np_arena texts;
};

struct np_pending {
    struct np_rollup *rollup;                    /* borrowed */
    struct np_pending_run runs[NP_LEVEL_MAX][2]; /* the newer, the older */
    struct np_map told;                          /* ids of findings that incidents hold */
    uint64_t dropped;                            /* findings that were not folded for that */
};

/* Nothing waits yet; what is folded goes to `rollup`. Allocates nothing. */
void np_pending_init(struct np_pending *pending, struct np_rollup *rollup);
void np_pending_done(struct np_pending *pending);

/* Takes a finding, to be folded later: 0 or -ENOMEM. */
NP_NODISCARD int np_pending_add(struct np_pending *pending, const struct np_finding *finding);

/* Takes note of what an incident holds: 0 or -ENOMEM. */
NP_NODISCARD int np_pending_tell(struct np_pending *pending, const struct np_incident *incident);

/* Folds all that waits and no incident holds: 0 or -ENOMEM. */
NP_NODISCARD int np_pending_settle(struct np_pending *pending);
