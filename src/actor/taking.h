/* SPDX-License-Identifier: Apache-2.0 */
/* Inside actors: the parts, and an act on its way through them. */
#pragma once

#include "actor/known.h"
#include "actor/learned.h"
#include "actor/lineage.h"
#include "actor/place.h"

/* What is learned, as part of its key. */
enum np_habit {
    NP_HABIT_PRINCIPAL = 1,
    NP_HABIT_API,
    NP_HABIT_SERVICE,
    NP_HABIT_REGION,
    NP_HABIT_PLACE,
    NP_HABIT_AGENT,
    NP_HABIT_ENDPOINT,
    NP_HABIT_PLACE_OF_ALL, /* of nobody: points that a place has got, see habit.c */
    NP_HABIT_PLACE_SHARED, /* whether a principal has given its points */
    NP_HABIT_PLACE_COUNT,
    NP_HABIT_BY_ENDPOINT, /* a service that was called through an endpoint */
    NP_HABIT_FEDERATED    /* a role that a federated sign-in took on */
};

/* All that an act may show to be new, and did not. */
struct np_everyday {
    uint64_t key;
    np_time_ns time;
};

enum { NP_EVERYDAY_MAX = 16384 };

struct np_actors {
    struct np_names *names;         /* borrowed */
    struct np_endpoints *endpoints; /* borrowed */
    struct np_places *places;
    struct np_threads *threads;
    struct np_promises *promises;
    struct np_learned *learned;
    np_time_ns began;                                   /* time of the first act */
    struct np_known_caller known[NP_KNOWN_CALLERS_MAX]; /* by print */
    struct np_everyday everyday[NP_EVERYDAY_MAX];
};

struct np_taking {
    struct np_actors *actors;
    struct np_lineage lineage;
    const struct np_act *act;
    struct np_insight *insight;
    struct np_whereabouts place;
    np_thread_id thread;
};

static inline struct np_thread *np_taking_thread(const struct np_taking *taking)
{
    return np_threads_get(taking->actors->threads, taking->thread);
}

static inline uint64_t np_taking_hash(const struct np_taking *taking, enum np_act_text text)
{
    return np_names_hash(taking->actors->names, taking->act->texts[text]);
}

static inline uint64_t np_habit_key(uint64_t principal, enum np_habit habit, uint64_t thing)
{
    return np_mix(np_mix(principal, habit), thing);
}

/* Habits (habit.c). */

/* Whether a thing that was met is usual: long enough ago, and more than once. */
bool np_habit_is_usual(struct np_learned_thing thing, np_time_ns now);

/*
 * Whether a thing that is not known may have been met and forgotten, not long ago, for lack of memory. Then it is not new, but
 * unknown: nobody is accused for it.
 */
bool np_habit_may_be_forgotten(const struct np_taking *taking, uint64_t key);

/* Whether the place of the act is usual for the principal, or one of ours. */
bool np_habit_knows_place(const struct np_taking *taking, uint64_t principal);

/* A person's session that only single sign-on gives. */
bool np_habit_is_signed_on(const struct np_thread *thread);

/* Says what is new in the act, and learns it. */
void np_habit_learn(const struct np_taking *taking);

/* Of the act's caller, the part of what np_habit_is_everyday() asks for that is the same in all its calls. */
uint64_t np_habit_of_caller(const struct np_taking *taking);

/* Whether this caller's making this call was found to be nothing new, and lately. */
bool np_habit_is_everyday(struct np_actors *actors, uint64_t caller, uint64_t call, np_time_ns now);

/* Standing (standing.c): whose a thread is. */

/* Hangs a thread that begins on what it comes from (`edge`, if its `from` is set, else what is found) and says whether it is its owner's. */
void np_standing_begin(const struct np_taking *taking, struct np_edge edge);

/* Settles whether a machine's second way out is its own. */
void np_standing_settle(const struct np_taking *taking);

/* Whether the credential was used elsewhere within the last hour. */
bool np_standing_has_moved(const struct np_taking *taking);

/* Whether the credential was used nowhere else outside of AWS. */
bool np_standing_is_first_place(const struct np_taking *taking);
