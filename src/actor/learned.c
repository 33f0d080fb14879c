/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets of eight things of 16 bytes; times in seconds since 1970, which 32 bits hold until 2106. */
#include "actor/learned.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

enum { WAYS = 8, BUCKETS_MIN = 1024 };

struct thing {
    uint32_t tag; /* high half of the key, whose low bits say the bucket */
    uint32_t first;
    uint32_t last;
    uint16_t tag_low;  /* of its low half; 48 bits in all */
    uint8_t occasions; /* 0 = empty */
    uint8_t suspect;
};

struct bucket {
    struct thing things[WAYS];
};

struct np_learned {
    struct bucket *buckets;
    uint32_t *forgot;    /* of each bucket: when what left it was met last; 0 = nothing left it */
    size_t bucket_count; /* a power of two */
    size_t max_count;
    size_t live;
    uint64_t lost;
};

int np_learned_new(struct np_learned **out_learned, size_t max_bytes)
{
    struct np_learned *learned = np_alloc(sizeof(*learned));
    if (learned == NULL)
        return -ENOMEM;
    learned->max_count = BUCKETS_MIN;
    while (learned->max_count * 2 * sizeof(struct bucket) <= max_bytes)
        learned->max_count *= 2;
    learned->bucket_count = BUCKETS_MIN;
    learned->buckets = np_alloc_array(BUCKETS_MIN, sizeof(struct bucket));
    learned->forgot = np_alloc_array(BUCKETS_MIN, sizeof(learned->forgot[0]));
    if (learned->buckets == NULL || learned->forgot == NULL) {
        np_learned_free(&learned);
        return -ENOMEM;
    }
    *out_learned = learned;
    return 0;
}

void np_learned_free(struct np_learned **learned)
{
    if (learned == NULL || *learned == NULL)
        return;
    np_free((*learned)->buckets);
    np_free((*learned)->forgot);
    np_free(*learned);
    *learned = NULL;
}

static uint32_t seconds_of(np_time_ns time)
{
    return time > 0 ? (uint32_t) (time / NP_NS_PER_S) : 0;
}

static struct thing *find_in(struct bucket *bucket, uint64_t key)
{
    for (size_t i = 0; i < WAYS; i++) {
        struct thing *thing = &bucket->things[i];
        if (thing->tag == (uint32_t) (key >> 32) && thing->tag_low == (uint16_t) key &&
            thing->occasions != 0)
            return thing;
    }
    return NULL;
}

static size_t bucket_number(const struct np_learned *learned, uint32_t tag)
{
    return tag & (learned->bucket_count - 1);
}

static struct bucket *bucket_of(const struct np_learned *learned, uint32_t tag)
{
    return &learned->buckets[bucket_number(learned, tag)];
}

void np_learned_prefetch(const struct np_learned *learned, uint64_t key)
{
    const struct bucket *bucket = bucket_of(learned, (uint32_t) (key >> 32));
    __builtin_prefetch(bucket);
    __builtin_prefetch(&bucket->things[WAYS / 2]);
}

/* The place for a new thing: an empty one, else that of the thing met longest ago. */
static struct thing *take_place(struct bucket *bucket)
{
    struct thing *oldest = &bucket->things[0];
    for (size_t i = 0; i < WAYS; i++) {
        struct thing *thing = &bucket->things[i];
        if (thing->occasions == 0)
            return thing;
        if (thing->last < oldest->last)
            oldest = thing;
    }
    return oldest;
}

/* Doubles the table; where memory is out it stays as it is. */
static void grow(struct np_learned *learned)
{
    struct np_learned grown = {.bucket_count = learned->bucket_count * 2};
    grown.buckets = np_alloc_array(grown.bucket_count, sizeof(struct bucket));
    grown.forgot = np_alloc_array(grown.bucket_count, sizeof(grown.forgot[0]));
    if (grown.buckets == NULL || grown.forgot == NULL) {
        np_free(grown.buckets);
        np_free(grown.forgot);
        return;
    }
    for (size_t i = 0; i < grown.bucket_count; i++)
        grown.forgot[i] = learned->forgot[i & (learned->bucket_count - 1)];
    for (size_t i = 0; i < learned->bucket_count; i++)
        for (size_t j = 0; j < WAYS; j++) {
            const struct thing *thing = &learned->buckets[i].things[j];
            if (thing->occasions != 0)
                *take_place(bucket_of(&grown, thing->tag)) = *thing;
        }
    np_free(learned->buckets);
    np_free(learned->forgot);
    learned->buckets = grown.buckets;
    learned->forgot = grown.forgot;
    learned->bucket_count = grown.bucket_count;
}

static struct np_learned_thing tell(const struct thing *thing)
{
    return (struct np_learned_thing){.first = thing->first * NP_NS_PER_S,
                                     .last = thing->last * NP_NS_PER_S,
                                     .occasions = thing->occasions,
                                     .suspect = thing->suspect != 0};
}

struct np_learned_thing np_learned_get(const struct np_learned *learned, uint64_t key)
{
    const struct thing *thing = find_in(bucket_of(learned, (uint32_t) (key >> 32)), key);
    return thing != NULL ? tell(thing) : (struct np_learned_thing){.first = NP_TIME_NONE};
}

static void add(struct np_learned *learned, uint64_t key, uint32_t now, bool suspect)
{
    struct thing *place = take_place(bucket_of(learned, (uint32_t) (key >> 32)));
    if (place->occasions != 0 && learned->live > learned->bucket_count * WAYS / 4 &&
        learned->bucket_count < learned->max_count) {
        grow(learned);
        place = take_place(bucket_of(learned, (uint32_t) (key >> 32)));
    }
    if (place->occasions != 0) {
        uint32_t *forgot = &learned->forgot[bucket_number(learned, (uint32_t) (key >> 32))];
        *forgot = NP_MAX(*forgot, place->last);
        if (learned->bucket_count == learned->max_count &&
            now - place->last < NP_FORGET_NS / NP_NS_PER_S)
            learned->lost++;
    }
    learned->live += place->occasions == 0;
    *place = (struct thing){.tag = (uint32_t) (key >> 32),
                            .tag_low = (uint16_t) key,
                            .first = now,
                            .last = now,
                            .occasions = 1,
                            .suspect = suspect};
}

struct np_learned_thing np_learned_meet(struct np_learned *learned, uint64_t key, np_time_ns time,
                                        bool suspect)
{
    uint32_t now = seconds_of(time);
    struct thing *thing = find_in(bucket_of(learned, (uint32_t) (key >> 32)), key);
    if (thing == NULL) {
        add(learned, key, now, suspect);
        return (struct np_learned_thing){.first = NP_TIME_NONE};
    }
    struct np_learned_thing known = tell(thing);
    if (now > thing->last) {
        if (now - thing->last > NP_OCCASION_NS / NP_NS_PER_S && thing->occasions < NP_OCCASIONS_MAX)
            thing->occasions++;
        thing->last = now;
    }
    return known;
}

np_time_ns np_learned_forgot(const struct np_learned *learned, uint64_t key)
{
    uint32_t forgot = learned->forgot[bucket_number(learned, (uint32_t) (key >> 32))];
    return forgot != 0 ? forgot * NP_NS_PER_S : NP_TIME_NONE;
}

void np_learned_count(struct np_learned *learned, uint64_t key, np_time_ns time)
{
    struct thing *thing = find_in(bucket_of(learned, (uint32_t) (key >> 32)), key);
    if (thing == NULL) {
        (void) np_learned_meet(learned, key, time, false);
        return;
    }
    thing->last = NP_MAX(thing->last, seconds_of(time));
    if (thing->occasions < NP_OCCASIONS_MAX)
        thing->occasions++;
}

uint64_t np_learned_lost(const struct np_learned *learned)
{
    return learned->lost;
}

size_t np_learned_bytes(const struct np_learned *learned)
{
    return learned->bucket_count * (sizeof(struct bucket) + sizeof(learned->forgot[0]));
}
