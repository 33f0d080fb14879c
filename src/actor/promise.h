/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a thread made, passed or began, and that will be met again: a key, a session, a user, a role handed to a service. Whoever
 * then uses it hangs on that thread. A table of buckets, which grows up to a fixed size: in a full bucket the promise that ends first
 * leaves for a new one.
 */
#pragma once

#include "actor/thread.h"

/* What is promised; part of the key. */
enum np_promise_kind {
    NP_PROMISE_KEY,
    NP_PROMISE_SESSION,
    NP_PROMISE_USER,
    NP_PROMISE_LOGIN, /* a console password */
    NP_PROMISE_SIGN_IN,
    NP_PROMISE_ROLE,      /* passed */
    NP_PROMISE_WORK_ROLE, /* the role of a stack, project, job ... */
    NP_PROMISE_STARTED,   /* a service took a role that nobody had passed */
    NP_PROMISE_SERVICE,   /* a service began to work in an account and region */
    NP_PROMISE_ERRAND,    /* a service was asked by a principal */
    NP_PROMISE_INSTANCE,
    NP_PROMISE_FUNCTION,
    NP_PROMISE_BUILD,
    NP_PROMISE_SHARED,   /* one event of several accounts */
    NP_PROMISE_ENDPOINT, /* a foreign one that was used before */
    NP_PROMISE_GUEST,    /* an account that data was shared with */
    NP_PROMISE_KIND_MAX
};

/* How long promises are of use: who looks for one looks back so far, and in a full bucket the one that ends first leaves. */
#define NP_PROMISE_ERRAND_NS (120 * NP_NS_PER_MIN) /* what a service does for who asked for it */
#define NP_PROMISE_KEY_NS    (36 * 60 * NP_NS_PER_MIN) /* a session token lives that long at most */
#define NP_PROMISE_LONG_KEY_NS                                                                     \
    (400 * 24 * 60 * NP_NS_PER_MIN) /* an access key: as long as it is remembered */
#define NP_PROMISE_ROLE_NS   (24 * 60 * NP_NS_PER_MIN) /* from passing a role to its first use */
#define NP_PROMISE_SHARED_NS (30 * NP_NS_PER_MIN) /* copies of one event have one time, or nearly */
#define NP_PROMISE_USER_NS                                                                         \
    (7 * 24 * 60 * NP_NS_PER_MIN) /* from making a user to the user's first own thread */
#define NP_PROMISE_WORK_NS                                                                         \
    (400 * 24 * 60 * NP_NS_PER_MIN) /* of a stack's role: as long as it is remembered */

struct np_promise {
    uint64_t key;   /* np_promise_key(); 0 = none */
    uint64_t extra; /* what else it says: of a stack or job, its role's key */
    np_time_ns time;
    np_time_ns used; /* when a service took it first; NP_TIME_NONE = not yet */
    np_thread_id thread;
    uint32_t serial;  /* of that thread: it may have left */
    np_name event_id; /* held */
    uint8_t join;     /* enum np_join */
    bool met;         /* by a session that no call told of */
};

struct np_promises;

NP_NODISCARD int np_promises_new(struct np_promises **out_promises, struct np_names *names,
                                 const struct np_threads *threads);
void np_promises_free(struct np_promises **promises);

/* Keeps a promise in place of one with the same key (of the same thread with the event that was first); `serial`, `used` and `met` are set here. */
void np_promises_put(struct np_promises *promises, const struct np_promise *promise);

/* The promise with this key, not older than `max_age` at `now`, of a thread that is still there; else NULL. */
struct np_promise *np_promises_get(const struct np_promises *promises, uint64_t key, np_time_ns now,
                                   np_time_ns max_age);

/*
 * Whether there may have been a promise with this key, made at `since` or later, also where np_promises_get() finds none: it had
 * to leave, or its thread has.
 */
bool np_promises_may_have_had(const struct np_promises *promises, uint64_t key, np_time_ns since);

/* How many promises had to leave for others. */
uint64_t np_promises_lost(const struct np_promises *promises);

/* Joins hashes; the order counts. */
static inline uint64_t np_mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9e3779b97f4a7c15) + (a << 6) + (a >> 2))) *
                 UINT64_C(0xff51afd7ed558ccd);
    return x ^ (x >> 32);
}

/*
 * The key of a thing, however it is written: users, roles and stacks by account and last name, whether given as a name or as an
 * ARN (a role also by its instance profile's, which bears its name); sessions by role and session name.
 */
uint64_t np_promise_key(enum np_promise_kind kind, struct np_span text, struct np_span account);
