/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of threads: found by a 64-bit identity, listed by credential, hung on each other in trees. Bounded: what was not used
 * for longest leaves (a clock hand passes over what was used since it came by last), but never what is held or has
 * others hanging on it.
 */
#pragma once

#include "actor/actor.h"

enum np_thread_flag {
    NP_THREAD_LIVE = 1,
    NP_THREAD_USED = 2,       /* since the clock hand came by */
    NP_THREAD_FOREIGN = 4,    /* see np_thread_info */
    NP_THREAD_INSIDE = 8,     /* its place is inside AWS */
    NP_THREAD_PERSON = 16,    /* its principal is counted with the session's name */
    NP_THREAD_ROOT = 32,      /* an actor begins here though it hangs on another thread */
    NP_THREAD_USUAL = 64,     /* its place became usual for its principal */
    NP_THREAD_WEAK = 128,     /* foreign only because nobody knows its principal yet */
    NP_THREAD_MACHINE = 256,  /* the session of an instance */
    NP_THREAD_ENDPOINT = 512, /* its place is an endpoint */
    NP_THREAD_DOUBTED = 1024, /* a machine's second way out, or somebody else's: see standing.h */
    NP_THREAD_SHARED = 2048,  /* another thread has the same credential */
    NP_THREAD_NETWORK =
        4096, /* its place is a private address, or an endpoint that is not foreign */
    NP_THREAD_FEDERATED = 8192, /* the session of a federated sign-in */
    NP_THREAD_SSO = 16384,      /* the session of a role of IAM Identity Center */
    NP_THREAD_LINKED = 32768    /* the session of a service-linked role */
};

/* What is asked of each act stands first, in one cache line. */
struct np_thread {
    uint64_t id;         /* of credential, place and what else tells it from others */
    uint64_t credential; /* hash */
    uint64_t principal;  /* key of what is learned of it */
    uint64_t place_hash;
    np_time_ns last;
    np_thread_id next_same_id; /* chain of the hash table */
    np_thread_id parent;
    uint32_t serial; /* tells a thread from one that had its number before */
    uint16_t flags;
    uint8_t identity;
    uint8_t join;
    np_time_ns first;
    np_time_ns edge_time;
    np_name names[5];   /* by NP_THREAD_PRINCIPAL ...: held */
    np_name edge_event; /* held */
    uint32_t holds;
    uint32_t children;
    np_thread_id first_child;
    np_thread_id next_child;
    np_thread_id previous_child;
    np_thread_id next_same_credential; /* newest first; others of the table's chain between */
};

enum { NP_THREAD_PRINCIPAL, NP_THREAD_OWNER, NP_THREAD_SESSION, NP_THREAD_KEY, NP_THREAD_PLACE };

struct np_threads;

NP_NODISCARD int np_threads_new(struct np_threads **out_threads, struct np_names *names,
                                size_t max_bytes);
void np_threads_free(struct np_threads **threads);

/* A thread by its number; until the next np_threads_add(). */
struct np_thread *np_threads_get(const struct np_threads *threads, np_thread_id thread);

/* The thread with this identity, or NP_THREAD_NONE. */
np_thread_id np_threads_find(const struct np_threads *threads, uint64_t id);

/* So many threads of one credential are looked at, from the newest. */
enum { NP_THREADS_SAME_CREDENTIAL_MAX = 16 };

/* The newest thread of a credential, or NP_THREAD_NONE, and the one made before `thread`. */
np_thread_id np_threads_of_credential(const struct np_threads *threads, uint64_t credential);
np_thread_id np_threads_before(const struct np_threads *threads, np_thread_id thread);

/*
 * Adds a copy of `thread` (its names are held here, its links are set here), for which others may leave. NP_THREAD_NONE where
 * memory is out or nothing may leave: counted as lost.
 */
np_thread_id np_threads_add(struct np_threads *threads, const struct np_thread *thread);

/* Hangs `child`, which hangs on nothing, on `parent`; `edge_event` is held. False where that would close a circle. */
bool np_threads_hang(struct np_threads *threads, np_thread_id child, const struct np_edge *edge);

/* Where the actor of a thread begins, and how many edges away that is (NULL = not asked). */
np_thread_id np_threads_root(const struct np_threads *threads, np_thread_id thread,
                             uint32_t *out_hops);

/* Goes through `top` and all that hangs on it, from above: the one behind `at`, NP_THREAD_NONE at the end. */
np_thread_id np_threads_next(const struct np_threads *threads, np_thread_id at, np_thread_id top);

/* Marks a thread, and all that hangs on it, as foreign. */
void np_threads_mark_foreign(struct np_threads *threads, np_thread_id thread);

/* How many threads were added so far, those that left included. */
uint32_t np_threads_begun(const struct np_threads *threads);

uint64_t np_threads_lost(const struct np_threads *threads);
size_t np_threads_count(const struct np_threads *threads);
