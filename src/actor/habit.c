/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is usual for whom. A place is one of ours when it has points enough: two of each principal that it became usual for, one
 * of each person who was met there with single sign-on.
 */
#include "actor/taking.h"

#define SUSPECT_LEARN_NS (24 * 60 * NP_NS_PER_MIN) /* of a place that a foreign thread brought */
#define WEAK_NS          (4 * 60 * NP_NS_PER_MIN)  /* until somebody new is believed */
#define EVERYDAY_NS                                                                                \
    (60 * NP_NS_PER_MIN) /* what is usual is met again so late: its last time is as much too old */

enum { OURS_POINTS = 4 };

bool np_habit_is_usual(struct np_learned_thing thing, np_time_ns now)
{
    np_time_ns learning = thing.suspect ? SUSPECT_LEARN_NS : NP_LEARN_NS;
    return thing.first != NP_TIME_NONE && thing.occasions > 1 && now - thing.first >= learning;
}

bool np_habit_may_be_forgotten(const struct np_taking *taking, uint64_t key)
{
    np_time_ns forgot = np_learned_forgot(taking->actors->learned, key);
    return forgot != NP_TIME_NONE && taking->act->time - forgot < NP_FORGET_NS;
}

static bool is_ours(const struct np_taking *taking)
{
    uint64_t key = np_habit_key(0, NP_HABIT_PLACE_OF_ALL, taking->place.hash);
    return np_learned_get(taking->actors->learned, key).occasions >= OURS_POINTS;
}

bool np_habit_knows_place(const struct np_taking *taking, uint64_t principal)
{
    uint64_t key = np_habit_key(principal, NP_HABIT_PLACE, taking->place.hash);
    return np_habit_is_usual(np_learned_get(taking->actors->learned, key), taking->act->time) ||
           is_ours(taking);
}

bool np_habit_is_signed_on(const struct np_thread *thread)
{
    return (thread->flags & NP_THREAD_PERSON) != 0 && thread->identity == NP_IDENTITY_SESSION;
}

static void give_points(const struct np_taking *taking, int points)
{
    uint64_t key = np_habit_key(0, NP_HABIT_PLACE_OF_ALL, taking->place.hash);
    for (int i = 0; i < points; i++)
        np_learned_count(taking->actors->learned, key, taking->act->time);
}

static void meet_first(const struct np_taking *taking, const struct np_thread *thread)
{
    np_learned_count(taking->actors->learned,
                     np_habit_key(thread->principal, NP_HABIT_PLACE_COUNT, 0), taking->act->time);
    if (np_habit_is_signed_on(thread))
        give_points(taking, 1);
}

/* A place that is usual for the principal of a thread. */
static void meet_usual(const struct np_taking *taking, struct np_thread *thread)
{
    uint64_t key = np_habit_key(thread->principal, NP_HABIT_PLACE_SHARED, taking->place.hash);
    np_time_ns now = taking->act->time;
    thread->flags |= NP_THREAD_USUAL;
    if ((thread->flags & NP_THREAD_WEAK) != 0 && now - thread->first >= WEAK_NS)
        thread->flags &= (uint16_t) ~(NP_THREAD_FOREIGN | NP_THREAD_WEAK);
    if ((thread->flags & NP_THREAD_FOREIGN) == 0 &&
        np_learned_meet(taking->actors->learned, key, now, false).first == NP_TIME_NONE)
        give_points(taking, 2);
}

/* Places: those that a foreign thread brings become usual slowly, and say nothing of others. */
static uint32_t learn_place(const struct np_taking *taking, struct np_thread *thread)
{
    uint64_t key = np_habit_key(thread->principal, NP_HABIT_PLACE, taking->place.hash);
    bool foreign = (thread->flags & NP_THREAD_FOREIGN) != 0;
    bool suspect = foreign && (thread->flags & NP_THREAD_WEAK) == 0;
    struct np_learned_thing known =
        np_learned_meet(taking->actors->learned, key, taking->act->time, suspect);
    bool usual = np_habit_is_usual(known, taking->act->time);
    if (known.first == NP_TIME_NONE && !foreign)
        meet_first(taking, thread);
    if (usual && !suspect)
        meet_usual(taking, thread);
    if (usual || (known.first == NP_TIME_NONE && np_habit_may_be_forgotten(taking, key)))
        return 0;
    return is_ours(taking) ? NP_NEW_PLACE : NP_NEW_PLACE | NP_NEW_PLACE_FOR_ALL;
}

/* A thing that may be new, and its bit of np_new. */
struct met {
    uint64_t key;
    enum np_new bit;
};

enum { MET_MAX = 6 };

/* Lists what an act meets, and asks memory for it. Returns how much it is. */
static size_t list_met(const struct np_taking *taking, struct met out_met[MET_MAX])
{
    uint64_t principal = np_taking_thread(taking)->principal;
    uint64_t service = np_taking_hash(taking, NP_ACT_SERVICE);
    uint64_t api = np_mix(service, np_taking_hash(taking, NP_ACT_API));
    const struct {
        enum np_habit habit;
        uint64_t thing;
        enum np_new bit;
    } all[MET_MAX] = {
        {NP_HABIT_PRINCIPAL, 0, NP_NEW_PRINCIPAL},
        {NP_HABIT_API, api, NP_NEW_API},
        {NP_HABIT_SERVICE, service, NP_NEW_SERVICE},
        {NP_HABIT_REGION, np_taking_hash(taking, NP_ACT_REGION), NP_NEW_REGION},
        {NP_HABIT_AGENT, np_taking_hash(taking, NP_ACT_AGENT), NP_NEW_AGENT},
        {NP_HABIT_ENDPOINT, np_taking_hash(taking, NP_ACT_ENDPOINT), NP_NEW_ENDPOINT},
    };
    size_t count = taking->insight->endpoint != NP_ENDPOINT_NONE ? MET_MAX : MET_MAX - 1;
    for (size_t i = 0; i < count; i++) {
        out_met[i].key = np_habit_key(principal, all[i].habit, all[i].thing);
        out_met[i].bit = all[i].bit;
        np_learned_prefetch(taking->actors->learned, out_met[i].key);
    }
    return count;
}

/* Whether a thing is new, as far as that can be known. */
static bool is_new(const struct np_taking *taking, struct np_learned_thing known, uint64_t key)
{
    if (known.first == NP_TIME_NONE)
        return !np_habit_may_be_forgotten(taking, key);
    return !np_habit_is_usual(known, taking->act->time);
}

static uint32_t meet_all(const struct np_taking *taking)
{
    struct met met[MET_MAX];
    size_t count = list_met(taking, met);
    uint32_t all_new = 0;
    for (size_t i = 0; i < count; i++) {
        struct np_learned_thing known =
            np_learned_meet(taking->actors->learned, met[i].key, taking->act->time, false);
        if (is_new(taking, known, met[i].key))
            all_new |= (uint32_t) met[i].bit;
    }
    if (!taking->place.is_inside_aws)
        all_new |= learn_place(taking, np_taking_thread(taking));
    return all_new;
}

uint64_t np_habit_of_caller(const struct np_taking *taking)
{
    const struct np_thread *thread = np_taking_thread(taking);
    uint64_t key = np_mix(thread->principal, taking->place.hash);
    key = np_mix(key, np_taking_hash(taking, NP_ACT_AGENT));
    return np_mix(key, np_taking_hash(taking, NP_ACT_ENDPOINT));
}

static uint64_t everyday_key(uint64_t caller, uint64_t call)
{
    return np_mix(caller, call) | 1;
}

static struct np_everyday *place_of(struct np_actors *actors, uint64_t caller, uint64_t call)
{
    return &actors->everyday[(everyday_key(caller, call) >> 8) % NP_EVERYDAY_MAX];
}

bool np_habit_is_everyday(struct np_actors *actors, uint64_t caller, uint64_t call, np_time_ns now)
{
    const struct np_everyday *place = place_of(actors, caller, call);
    return place->key == everyday_key(caller, call) && now - place->time <= EVERYDAY_NS;
}

/* Most acts are what their principal did a while ago, with nothing new: that is remembered as a whole. */
void np_habit_learn(const struct np_taking *taking)
{
    uint64_t caller = np_habit_of_caller(taking);
    uint64_t call = taking->act->prints.call;
    uint16_t settled = NP_THREAD_USUAL | NP_THREAD_INSIDE;
    if (np_habit_is_everyday(taking->actors, caller, call, taking->act->time) &&
        (np_taking_thread(taking)->flags & settled) != 0)
        return;
    taking->insight->is_new = meet_all(taking);
    if (taking->insight->is_new == 0)
        *place_of(taking->actors, caller, call) =
            (struct np_everyday){.key = everyday_key(caller, call), .time = taking->act->time};
}
