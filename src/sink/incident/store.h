/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Incidents kept until they are shown: copies of the last revision of each. Bounded: where there is no room, the one of the lowest
 * level and score leaves, and is counted. One thread.
 */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "incident/incident.h"

enum {
    NP_STORE_INCIDENTS_MAX = 2048,
    NP_STORE_MAX_BYTES = 64 * 1024 * 1024, /* of copies */
};

struct np_stored_incident {
    struct np_incident incident; /* borrows from `arena`, its rules from their set */
    struct np_arena arena;
};

struct np_incident_store {
    NP_VEC(struct np_stored_incident) items;
    size_t held_bytes;
    uint64_t missed; /* incidents that found no room */
};

/* An empty store; allocates nothing yet. */
void np_incident_store_init(struct np_incident_store *store);
void np_incident_store_done(struct np_incident_store *store);

/* Keeps a copy of the incident in place of its earlier revision: 0 (also where `missed` grew) or -ENOMEM. */
NP_NODISCARD int np_incident_store_put(struct np_incident_store *store,
                                       const struct np_incident *incident);

/*
 * Puts them in the order of reading: the highest level first, then the highest score, then by first event; behind all others those that
 * are part of another.
 */
void np_incident_store_sort(struct np_incident_store *store);

/*
 * The incident whose id begins with these hex digits, in either case: NULL where none or several do; `*out_count` says how
 * many.
 */
const struct np_incident *np_incident_store_find(const struct np_incident_store *store,
                                                 struct np_span prefix, size_t *out_count);

enum { NP_INCIDENT_SHORT_BYTES = 33, NP_INCIDENT_SHORT_MIN = 8 };

/* Writes the id of an incident as it is shown: so many digits, at least 8, as tell all in the store apart. */
void np_incident_store_short_id(const struct np_incident_store *store, struct np_hash128 id,
                                char out_text[NP_INCIDENT_SHORT_BYTES]);
