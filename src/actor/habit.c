/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is usual for whom. A place is one of ours when it has points enough: two of each principal that it became usual for, one
 * of each person who was met there with single sign-on.
 */
#include "actor/taking.h"

#define SUSPECT_LEARN_NS (24 * 60 * NP_NS_PER_MIN) /* of a place that a foreign thread brought */
#define WEAK_NS          (4 * 60 * NP_NS_PER_MIN)  /* until somebody new is believed */

enum { OURS_POINTS = 4 };

bool np_habit_is_usual(struct np_learned_thing thing, np_time_ns now)
{
    np_time_ns learning = thing.suspect ? SUSPECT_LEARN_NS : NP_LEARN_NS;
    return thing.first != NP_TIME_NONE && thing.occasions > 1 && now - thing.first >= learning;
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
    if (usual)
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

static uint32_t meet_all(const struct np_taking *taking)
{
    struct met met[MET_MAX];
    size_t count = list_met(taking, met);
    uint32_t is_new = 0;
    for (size_t i = 0; i < count; i++) {
        struct np_learned_thing known =
            np_learned_meet(taking->actors->learned, met[i].key, taking->act->time, false);
        if (!np_habit_is_usual(known, taking->act->time))
            is_new |= (uint32_t) met[i].bit;
    }
    if (!taking->place.is_inside_aws)
        is_new |= learn_place(taking, np_taking_thread(taking));
    return is_new;
}

/* All that may be new in an act, as one key. */
static uint64_t key_of_all(const struct np_taking *taking)
{
    static const enum np_act_text texts[] = {NP_ACT_SERVICE, NP_ACT_API, NP_ACT_REGION,
                                             NP_ACT_AGENT, NP_ACT_ENDPOINT};
    const struct np_thread *thread = np_taking_thread(taking);
    uint64_t key = np_mix(thread->principal, taking->place.hash);
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++)
        key = np_mix(key, np_taking_hash(taking, texts[i]));
    return key;
}

/* Most acts are what their principal did a while ago, with nothing new: that is remembered as a whole until the next occasion. */
void np_habit_learn(const struct np_taking *taking)
{
    struct np_actors *actors = taking->actors;
    uint64_t key = key_of_all(taking);
    size_t slot = key % NP_HABITS_CACHED;
    uint16_t settled = NP_THREAD_USUAL | NP_THREAD_INSIDE;
    if (actors->cached[slot].key == key &&
        taking->act->time - actors->cached[slot].time <= NP_OCCASION_NS / 2 &&
        (np_taking_thread(taking)->flags & settled) != 0)
        return;
    taking->insight->is_new = meet_all(taking);
    if (taking->insight->is_new == 0) {
        actors->cached[slot].key = key;
        actors->cached[slot].time = taking->act->time;
    }
}
