/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a thread is its owner's. It is foreign when its place is new to a principal of whom something is known, and to all of
 * ours; when it comes through an endpoint of a foreign account; or when a foreign thread made it.
 *
 * Not foreign for being new: a session that its user fetched from an identity provider right there, or that AWS gave to a
 * machine or function; a role that is used in new places every day; a machine that leaves its network by two ways, an endpoint for
 * some services and a gateway for others.
 */
#include "actor/taking.h"

#define MOVED_NS (60 * NP_NS_PER_MIN)

enum {
    ROAMING_PLACES = 4, /* a role that was used in so many places is met in new ones every day */
    HUB_CHILDREN = 8    /* a thread that made so many others is a pipeline: each run is an actor */
};

/* The newest other thread of the credential outside of AWS that has all of `flags`; NULL if there is none. */
static const struct np_thread *find_other(const struct np_taking *taking, uint16_t flags,
                                          np_time_ns since)
{
    const struct np_threads *threads = taking->actors->threads;
    const struct np_thread *self = np_taking_thread(taking);
    if ((self->flags & NP_THREAD_SHARED) == 0)
        return NULL;
    np_thread_id at = np_threads_of_credential(threads, self->credential);
    for (int i = 0; i < NP_THREADS_SAME_CREDENTIAL_MAX && at != NP_THREAD_NONE; i++) {
        const struct np_thread *other = np_threads_get(threads, at);
        if (other != self && (other->flags & NP_THREAD_INSIDE) == 0 &&
            (other->flags & flags) == flags && other->last >= since)
            return other;
        at = np_threads_before(threads, at);
    }
    return NULL;
}

bool np_standing_has_moved(const struct np_taking *taking)
{
    return find_other(taking, 0, taking->act->time - MOVED_NS) != NULL;
}

bool np_standing_is_first_place(const struct np_taking *taking)
{
    return find_other(taking, 0, NP_TIME_NONE) == NULL;
}

static bool has_history(const struct np_taking *taking, uint64_t principal)
{
    uint64_t key = np_habit_key(principal, NP_HABIT_PRINCIPAL, 0);
    return np_habit_is_usual(np_learned_get(taking->actors->learned, key), taking->act->time);
}

/* Whether memory may have lost that the principal was here before, or that there is such a principal. */
static bool is_beyond_memory(const struct np_taking *taking, uint64_t principal)
{
    const struct np_learned *learned = taking->actors->learned;
    uint64_t place = np_habit_key(principal, NP_HABIT_PLACE, taking->place.hash);
    uint64_t who = np_habit_key(principal, NP_HABIT_PRINCIPAL, 0);
    np_time_ns first = np_learned_get(learned, who).first;
    bool half_known = np_habit_may_be_forgotten(taking, who);
    if (first == NP_TIME_NONE)
        return half_known;
    return np_learned_get(learned, place).first == NP_TIME_NONE &&
           np_habit_may_be_forgotten(taking, place) &&
           (half_known || first <= np_learned_forgot(learned, place));
}

static bool is_roaming(const struct np_taking *taking, const struct np_thread *thread)
{
    uint64_t key = np_habit_key(thread->principal, NP_HABIT_PLACE_COUNT, 0);
    if ((thread->flags & NP_THREAD_PERSON) != 0 ||
        (thread->identity != NP_IDENTITY_SESSION && thread->identity != NP_IDENTITY_ACCOUNT))
        return false;
    return np_learned_get(taking->actors->learned, key).occasions >= ROAMING_PLACES;
}

/* Whether how the credential was given says that its first place is its owner's. */
static bool is_vouched(const struct np_taking *taking, const struct np_thread *thread)
{
    if (np_habit_is_signed_on(thread))
        return true;
    if (thread->parent == NP_THREAD_NONE)
        return false;
    const struct np_thread *maker = np_threads_get(taking->actors->threads, thread->parent);
    switch ((enum np_join) thread->join) {
    case NP_JOIN_INSTANCE:
    case NP_JOIN_PASSED_ROLE:
        return true;
    case NP_JOIN_ASSUMED_ROLE:
        return maker->identity == NP_IDENTITY_SERVICE ||
               (maker->identity == NP_IDENTITY_WEB && maker->place_hash == thread->place_hash);
    default:
        return false;
    }
}

static uint64_t federated_key(const struct np_thread *thread)
{
    return np_habit_key(thread->principal, NP_HABIT_FEDERATED, 0);
}

/* Whether a federated sign-in gave the session; where its record did not come, one that gave the role to others says so. */
static bool is_federated(const struct np_taking *taking, const struct np_thread *thread)
{
    if (thread->identity != NP_IDENTITY_SESSION)
        return false;
    if (thread->parent == NP_THREAD_NONE)
        return np_learned_get(taking->actors->learned, federated_key(thread)).first != NP_TIME_NONE;
    return np_threads_get(taking->actors->threads, thread->parent)->identity == NP_IDENTITY_WEB;
}

/* Whether a machine is met by a gateway that so far called through endpoints alone. */
static bool may_be_gateway(const struct np_taking *taking, const struct np_thread *thread)
{
    return (thread->flags & NP_THREAD_MACHINE) != 0 &&
           find_other(taking, NP_THREAD_ENDPOINT, NP_TIME_NONE) != NULL &&
           find_other(taking, NP_THREAD_FOREIGN, NP_TIME_NONE) == NULL;
}

/* Of the first place of a credential: whether it says nothing that it is new. What gave it was looked for before. */
static bool is_excused(const struct np_taking *taking, const struct np_thread *thread)
{
    bool is_loose = thread->parent == NP_THREAD_NONE;
    return is_vouched(taking, thread) || is_roaming(taking, thread) ||
           (is_loose &&
            (is_federated(taking, thread) || np_lineage_is_lost(&taking->lineage, taking->act)));
}

enum judgement { OWN, WEAK, DOUBTED, FOREIGN };

static enum judgement judge(const struct np_taking *taking, const struct np_thread *thread)
{
    enum np_endpoint_owner owner = taking->insight->endpoint;
    bool is_long_lived =
        thread->identity == NP_IDENTITY_USER || thread->identity == NP_IDENTITY_ROOT;
    if (owner == NP_ENDPOINT_FOREIGN)
        return FOREIGN;
    if (owner == NP_ENDPOINT_OURS || (thread->flags & NP_THREAD_INSIDE) != 0 ||
        thread->identity == NP_IDENTITY_WEB || np_habit_knows_place(taking, thread->principal))
        return OWN;
    if ((np_standing_is_first_place(taking) && is_excused(taking, thread)) ||
        is_beyond_memory(taking, thread->principal))
        return OWN;
    if (has_history(taking, thread->principal))
        return may_be_gateway(taking, thread) ? DOUBTED : FOREIGN;
    /* Leaked keys are often forgotten ones. */
    return is_long_lived && taking->act->time - taking->actors->began > NP_LEARN_NS ? WEAK : OWN;
}

static void mark(const struct np_taking *taking)
{
    static const uint16_t flags[] = {
        [OWN] = 0,
        [WEAK] = NP_THREAD_FOREIGN | NP_THREAD_WEAK,
        [DOUBTED] = NP_THREAD_DOUBTED,
        [FOREIGN] = NP_THREAD_FOREIGN,
    };
    struct np_thread *thread = np_taking_thread(taking);
    if ((thread->flags & NP_THREAD_FOREIGN) == 0)
        thread->flags |= flags[judge(taking, thread)];
}

static struct np_edge find_maker(const struct np_taking *taking, struct np_edge edge)
{
    if (edge.from == NP_THREAD_NONE)
        edge = np_lineage_find(&taking->lineage, taking->act, taking->thread);
    if (taking->insight->endpoint == NP_ENDPOINT_FOREIGN)
        edge = np_lineage_endpoint(&taking->lineage, taking->act, taking->thread, edge);
    return edge;
}

/*
 * Whether an actor begins with a thread though it hangs on another: what a pipeline or a service gives to so many, and what was
 * stolen, is not one story with the owner's doings.
 */
static bool begins_an_actor(const struct np_thread *thread, const struct np_thread *maker)
{
    if ((maker->flags & NP_THREAD_FOREIGN) != 0)
        return false;
    if ((maker->flags & NP_THREAD_INSIDE) != 0 && maker->parent == NP_THREAD_NONE)
        return true;
    return maker->children > HUB_CHILDREN ||
           ((thread->flags & NP_THREAD_FOREIGN) != 0 &&
            (maker->flags & (NP_THREAD_INSIDE | NP_THREAD_USUAL)) != 0);
}

void np_standing_begin(const struct np_taking *taking, struct np_edge edge)
{
    struct np_threads *threads = taking->actors->threads;
    struct np_thread *thread = np_taking_thread(taking);
    bool first = np_standing_is_first_place(taking);
    if (np_habit_knows_place(taking, thread->principal))
        thread->flags |= NP_THREAD_USUAL;
    if (!first) /* its place says with whom of the same credential it hangs together */
        mark(taking);
    edge = find_maker(taking, edge);
    bool hangs = edge.from != NP_THREAD_NONE && np_threads_hang(threads, taking->thread, &edge);
    if (first) /* what it hangs on says whose it is */
        mark(taking);
    if ((first || hangs) && is_federated(taking, thread))
        thread->flags |= NP_THREAD_FEDERATED;
    if (!hangs)
        return;
    const struct np_thread *maker = np_threads_get(threads, edge.from);
    if ((thread->flags & NP_THREAD_FEDERATED) != 0)
        (void) np_learned_meet(taking->actors->learned, federated_key(thread), taking->act->time,
                               false);
    if (begins_an_actor(thread, maker))
        thread->flags |= NP_THREAD_ROOT;
    if ((maker->flags & NP_THREAD_FOREIGN) != 0)
        thread->flags |= NP_THREAD_FOREIGN;
}

void np_standing_settle(const struct np_taking *taking)
{
    struct np_thread *thread = np_taking_thread(taking);
    if ((thread->flags & NP_THREAD_MACHINE) == 0)
        return;
    uint64_t machine = np_mix(thread->principal, np_taking_hash(taking, NP_ACT_SESSION));
    uint64_t key =
        np_habit_key(machine, NP_HABIT_BY_ENDPOINT, np_taking_hash(taking, NP_ACT_SERVICE));
    if ((thread->flags & NP_THREAD_ENDPOINT) != 0)
        (void) np_learned_meet(taking->actors->learned, key, taking->act->time, false);
    else if ((thread->flags & NP_THREAD_DOUBTED) != 0 &&
             np_learned_get(taking->actors->learned, key).first != NP_TIME_NONE) {
        thread->flags &= (uint16_t) ~NP_THREAD_DOUBTED;
        np_threads_mark_foreign(taking->actors->threads, taking->thread);
    }
}
