/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each principal did, counted: its APIs, regions, addresses and agents. Bounded; what finds no room is counted too.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "event/event.h"

enum {
    NP_PRINCIPALS_MAX = 200 * 1000,
    NP_PRINCIPAL_TRAITS_MAX = 2 * 1000 * 1000, /* of all principals */
    NP_PRINCIPALS_MAX_BYTES = 512 * 1024 * 1024
};

enum np_trait_kind {
    NP_TRAIT_API,
    NP_TRAIT_REGION,
    NP_TRAIT_ADDRESS,
    NP_TRAIT_AGENT,
    NP_TRAIT_KIND_MAX
};

/* One API, region ... of a principal, with its events. */
struct np_trait {
    uint32_t principal;
    enum np_trait_kind kind;
    struct np_span text; /* of an API: "iam:ListUsers" */
    uint64_t count;
    uint64_t refused; /* of these: failed for lack of rights */
    uint64_t failed;  /* of these: failed for another reason */
};

struct np_principal {
    struct np_span name; /* an ARN where there is one; of a role's sessions, the role's */
    struct np_span account;
    uint64_t count;
    uint64_t refused;
    uint64_t failed;
    np_time_ns first;
    np_time_ns last;
    size_t traits[NP_TRAIT_KIND_MAX];       /* where they begin, after the sort */
    size_t trait_counts[NP_TRAIT_KIND_MAX]; /* how many there are */
};

struct np_principals {
    NP_VEC(struct np_principal) items;
    NP_VEC(struct np_trait) traits;
    struct np_map index;
    struct np_map trait_index;
    struct np_arena texts;
    uint64_t uncounted;        /* events of principals that found no room */
    uint64_t uncounted_traits; /* times that an API, region ... found none */
};

void np_principals_init(struct np_principals *principals);
void np_principals_done(struct np_principals *principals);

/* Counts an event: 0 or -ENOMEM. */
NP_NODISCARD int np_principals_add(struct np_principals *principals, struct np_event *event);

/*
 * Puts principals in the order of reading, the most active first, and the traits of each behind one another, the most
 * frequent first. Nothing may be added afterwards.
 */
void np_principals_sort(struct np_principals *principals);
