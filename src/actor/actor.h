/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who did it: every act gets a *thread* and an *actor*.
 *
 * A credential (access key; of a caller without one, the principal and session) is used in *places* (address group
 * or VPC endpoint). One credential in one place is a *thread*: the unit that may be the attacker's while the same
 * credential elsewhere is its owner's. Threads are joined by typed edges, each with its reason and event:
 * AssumeRole made a session, CreateAccessKey made a key, a role was passed to a service, an instance got credentials ...
 * All threads that hang together are an *actor*; its root is the first credential of it. An address alone never joins
 * (an endpoint in a foreign account is more than an address: only its owner can let others use it);
 * a thread of a place that is known for its principal (its office, its pipeline) is joined to what it makes,
 * but what it makes does not pull the rest of that credential's threads along.
 *
 * For each principal it is learned what is usual: APIs, services, regions, places, agents, endpoints, each once it was seen for
 * NP_LEARN_NS on more than one occasion. All of it bounded: what was not used for longest leaves first.
 *
 * In: acts in the order of event time. Out: an insight for each act. Not here: what it adds up to (incident/).
 * One writer. Tests: tests/unit/actor.
 */
#pragma once

#include "actor/act.h"
#include "actor/endpoints.h"

enum { NP_ACTORS_MAX_BYTES = 128 * 1024 * 1024 };
#define NP_LEARN_NS                                                                                \
    (60 * NP_NS_PER_MIN) /* a thing is usual for a principal this long after it was first seen */

typedef uint32_t np_thread_id; /* NP_THREAD_NONE */
#define NP_THREAD_NONE UINT32_MAX

/* Why two threads are one actor. */
enum np_join {
    NP_JOIN_NONE,
    NP_JOIN_SAME_KEY,      /* the same credential from another place, both new to its owner */
    NP_JOIN_ASSUMED_ROLE,  /* AssumeRole* made this session */
    NP_JOIN_SESSION_TOKEN, /* GetSessionToken, GetFederationToken */
    NP_JOIN_CREATED_KEY,   /* CreateAccessKey made this key */
    NP_JOIN_CREATED_USER,  /* CreateUser made this user */
    NP_JOIN_LOGIN_PROFILE, /* the console password was set by it */
    NP_JOIN_SIGNED_IN,     /* ConsoleLogin made this session */
    NP_JOIN_PASSED_ROLE,   /* a service used the role passed to it */
    NP_JOIN_SERVICE_FOR,   /* a service called on behalf of it (invokedBy, its own identity) */
    NP_JOIN_INSTANCE,      /* credentials of an instance or function that it made or changed */
    NP_JOIN_SHARED_EVENT,  /* copies of one event in two accounts */
    NP_JOIN_SAME_ENDPOINT, /* came through the same endpoint of a foreign account */
    NP_JOIN_SHARED_WITH,   /* an account that it shared data with took it */
    NP_JOIN_MAX
};

const char *np_join_name(enum np_join join); /* "created-key" ... for output */

enum np_new {
    NP_NEW_API = 1,
    NP_NEW_SERVICE = 2,
    NP_NEW_REGION = 4,
    NP_NEW_PLACE = 8, /* for the principal */
    NP_NEW_AGENT = 16,
    NP_NEW_ENDPOINT = 32,
    NP_NEW_PRINCIPAL =
        64, /* the principal itself was never seen before, or not for NP_LEARN_NS: the others say little */
    NP_NEW_PLACE_FOR_ALL = 128, /* nobody of ours came from there before */
};

struct np_insight {
    np_thread_id thread; /* NONE where no place could be made for one, as is the actor */
    np_thread_id actor;  /* the root thread of it at this moment; may be joined to another later */
    enum np_join join;   /* how this thread became part of the actor, if by this act */
    np_thread_id joined; /* the other end of that edge */
    uint32_t is_new;     /* enum np_new, before this act was learned */
    enum np_endpoint_owner endpoint;
    bool foreign;            /* as of the thread */
    bool place_is_private;   /* RFC 1918 and its like */
    bool moved;              /* the credential was used from another place within the last hour */
    bool instance_elsewhere; /* credentials of an instance, used from where it is not */
    uint32_t hops;           /* edges from the root */
};

/* One end of an edge, for output and `--explain`. */
struct np_edge {
    np_thread_id from;
    np_thread_id to;
    enum np_join join;
    np_name event_id;
    np_time_ns time;
};

struct np_actors;

struct np_actors_params {
    struct np_names *names;         /* borrowed */
    struct np_endpoints *endpoints; /* borrowed */
    size_t max_bytes;
};

NP_NODISCARD int np_actors_new(struct np_actors **out_actors,
                               const struct np_actors_params *params);
void np_actors_free(struct np_actors **actors);

/*
 * Whether an act by these prints at `time` is what a known caller does every day, from where that is usual, so that it need not
 * be read: then it is taken, and its thread and actor are written. Only for acts that give nothing and begin nothing.
 */
bool np_actors_recognise(struct np_actors *actors, struct np_prints prints, np_time_ns time,
                         struct np_insight *out_insight);

/* Takes an act, not older than those before it but for equal seconds: 0 or -ENOMEM. */
NP_NODISCARD int np_actors_take(struct np_actors *actors, const struct np_act *act,
                                struct np_insight *out_insight);

/* The root of a thread's actor now. */
np_thread_id np_actors_root(const struct np_actors *actors, np_thread_id thread);

/* What a thread is: names are held as long as the thread. */
struct np_thread_info {
    enum np_identity identity;
    np_name principal;
    np_name owner; /* account */
    np_name session;
    np_name key;
    np_name place; /* address group or endpoint */
    np_time_ns first;
    np_time_ns last;
    np_thread_id from; /* that it hangs on, also where an actor begins with it; NONE = nothing */
    bool
        inside; /* the place is within AWS or a network: a service's name, a private address, an endpoint not foreign */
    bool usual; /* the place is usual for the principal */
    bool sso;   /* a role of IAM Identity Center: only its sign-in can take that on */
    bool service_linked; /* only its service can take the role on, and it does so by itself */
    bool federated; /* the session of a federated sign-in, in no other place than that belongs to */
    uint32_t serial; /* tells it from one that had its number before */
    /*
     * When the thread began, its place was new to its principal, of which something was known, and to all of ours; or a foreign thread
     * made it. It stays so: an attacker who takes his time does not become usual.
     */
    bool foreign;
};
struct np_thread_info np_actors_thread(const struct np_actors *actors, np_thread_id thread);

/*
 * The edges of an actor in the order of time, into `out_edges`; returns how many there are, which may be more than `max`: then those
 * nearest to the root are given.
 */
size_t np_actors_edges(const struct np_actors *actors, np_thread_id actor,
                       struct np_edge *out_edges, size_t max);

/* Keeps a thread, with what it hangs on, from leaving for lack of use; counted. */
void np_actors_hold(struct np_actors *actors, np_thread_id thread);
void np_actors_release(struct np_actors *actors, np_thread_id thread);

/* Acts that got no thread for lack of memory. */
uint64_t np_actors_lost(const struct np_actors *actors);

/* Habits, and credentials given, that left for lack of memory: what they would tell is unknown, and nobody is accused for it. */
uint64_t np_actors_forgotten(const struct np_actors *actors);
