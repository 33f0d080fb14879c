/* SPDX-License-Identifier: Apache-2.0 */
/* The table of promises, and how things are named alike; ARN forms from the IAM user guide, "IAM identifiers". */
#include "actor/promise.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { WAYS = 8, BUCKETS_MIN = 8 * 1024, BUCKETS_MAX = 64 * 1024 };

#define ROLE_SESSION_NS (12 * 60 * NP_NS_PER_MIN) /* no session of a role is longer */

/* What tells a promise stands first: most are looked for in vain. */
struct bucket {
    uint64_t keys[WAYS]; /* 0 = empty */
    struct np_promise promises[WAYS];
    np_time_ns forgot; /* time of the newest one that left though it still held; 0 = none did */
};

struct np_promises {
    struct np_names *names;           /* borrowed */
    const struct np_threads *threads; /* borrowed */
    struct bucket *buckets;
    size_t bucket_count; /* a power of two */
    uint64_t lost;
};

int np_promises_new(struct np_promises **out_promises, struct np_names *names,
                    const struct np_threads *threads)
{
    struct np_promises *promises = np_alloc(sizeof(*promises));
    if (promises == NULL)
        return -ENOMEM;
    *promises = (struct np_promises){.names = names, .threads = threads};
    promises->bucket_count = BUCKETS_MIN;
    promises->buckets = np_alloc_array(BUCKETS_MIN, sizeof(struct bucket));
    if (promises->buckets == NULL) {
        np_free(promises);
        return -ENOMEM;
    }
    *out_promises = promises;
    return 0;
}

void np_promises_free(struct np_promises **promises)
{
    if (promises == NULL || *promises == NULL)
        return;
    for (size_t i = 0; i < (*promises)->bucket_count; i++)
        for (size_t j = 0; j < WAYS; j++)
            np_names_release((*promises)->names, (*promises)->buckets[i].promises[j].event_id);
    np_free((*promises)->buckets);
    np_free(*promises);
    *promises = NULL;
}

static struct bucket *bucket_of(const struct np_promises *promises, uint64_t key)
{
    return &promises->buckets[(key >> 20) & (promises->bucket_count - 1)];
}

/* The way of a key; WAYS where it is not there. */
static size_t find_key(const struct bucket *bucket, uint64_t key)
{
    size_t way = 0;
    while (way < WAYS && bucket->keys[way] != key)
        way++;
    return way;
}

/* How long a promise of a kind is of use; one that is there longer is found all the same. */
static np_time_ns life_of(const struct np_promise *promise)
{
    switch ((enum np_join) promise->join) {
    case NP_JOIN_SHARED_EVENT:
        return NP_PROMISE_SHARED_NS;
    case NP_JOIN_SERVICE_FOR:
        return NP_PROMISE_ERRAND_NS;
    case NP_JOIN_PASSED_ROLE:
        return promise->extra != 0 ? NP_PROMISE_WORK_NS : NP_PROMISE_ROLE_NS;
    case NP_JOIN_CREATED_KEY:
        return NP_PROMISE_LONG_KEY_NS;
    case NP_JOIN_ASSUMED_ROLE:
        return ROLE_SESSION_NS;
    case NP_JOIN_CREATED_USER:
    case NP_JOIN_SAME_ENDPOINT:
        return NP_PROMISE_USER_NS;
    default:
        return NP_PROMISE_KEY_NS;
    }
}

static np_time_ns end_of(const struct np_promise *promise)
{
    return promise->time + life_of(promise);
}

/* The way for a new key: an empty one, else that of the promise that ends first. */
static size_t find_room(const struct bucket *bucket)
{
    size_t first = 0;
    for (size_t way = 0; way < WAYS; way++) {
        if (bucket->keys[way] == 0)
            return way;
        if (end_of(&bucket->promises[way]) < end_of(&bucket->promises[first]))
            first = way;
    }
    return first;
}

/* Doubles the table; where memory is out it stays as it is. */
static void grow(struct np_promises *promises)
{
    size_t count = promises->bucket_count;
    struct bucket *grown = np_alloc_array(2 * count, sizeof(struct bucket));
    if (grown == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct bucket *from = &promises->buckets[i];
        grown[i].forgot = grown[i + count].forgot = from->forgot;
        for (size_t way = 0; way < WAYS; way++) {
            struct bucket *to = &grown[(from->keys[way] >> 20) & (2 * count - 1)];
            size_t room = find_room(to);
            if (from->keys[way] == 0)
                continue;
            to->keys[room] = from->keys[way];
            to->promises[room] = from->promises[way];
        }
    }
    np_free(promises->buckets);
    promises->buckets = grown;
    promises->bucket_count = 2 * count;
}

/* Whether what is there now would have to leave while it still holds. */
static bool is_of_use(const struct bucket *bucket, size_t way, np_time_ns now)
{
    return bucket->keys[way] != 0 && end_of(&bucket->promises[way]) > now;
}

/* Finds a place for a new key, for which others may leave. */
static struct bucket *make_room(struct np_promises *promises, uint64_t key, np_time_ns now,
                                size_t *out_way)
{
    struct bucket *bucket = bucket_of(promises, key);
    size_t way = find_room(bucket);
    if (is_of_use(bucket, way, now) && promises->bucket_count < BUCKETS_MAX) {
        grow(promises);
        bucket = bucket_of(promises, key);
        way = find_room(bucket);
    }
    if (is_of_use(bucket, way, now)) {
        bucket->forgot = NP_MAX(bucket->forgot, bucket->promises[way].time);
        promises->lost++;
    }
    *out_way = way;
    return bucket;
}

void np_promises_put(struct np_promises *promises, const struct np_promise *promise)
{
    struct bucket *bucket = bucket_of(promises, promise->key);
    size_t way = find_key(bucket, promise->key);
    uint32_t serial = np_threads_get(promises->threads, promise->thread)->serial;
    bool known = way < WAYS;
    if (!known)
        bucket = make_room(promises, promise->key, promise->time, &way);
    struct np_promise *place = &bucket->promises[way];
    np_name event_id = place->event_id;
    if (!known || place->serial != serial || place->join != promise->join) {
        event_id = np_names_hold(promises->names, promise->event_id);
        np_names_release(promises->names, place->event_id);
    }
    *place = *promise;
    place->event_id = event_id;
    place->used = NP_TIME_NONE;
    place->met = false;
    place->serial = serial;
    bucket->keys[way] = promise->key;
}

struct np_promise *np_promises_get(const struct np_promises *promises, uint64_t key, np_time_ns now,
                                   np_time_ns max_age)
{
    struct bucket *bucket = bucket_of(promises, key);
    size_t way = find_key(bucket, key);
    if (way == WAYS)
        return NULL;
    struct np_promise *promise = &bucket->promises[way];
    bool is_there = np_threads_get(promises->threads, promise->thread)->serial == promise->serial;
    return is_there && now - promise->time <= max_age ? promise : NULL;
}

bool np_promises_may_have_had(const struct np_promises *promises, uint64_t key, np_time_ns since)
{
    const struct bucket *bucket = bucket_of(promises, key);
    return find_key(bucket, key) < WAYS || bucket->forgot >= since;
}

uint64_t np_promises_lost(const struct np_promises *promises)
{
    return promises->lost;
}

/* The `index`-th part of an ARN between colons, the last one to its end. */
static struct np_span arn_part(struct np_span arn, size_t index, bool to_end)
{
    for (size_t i = 0; i < index; i++) {
        const char *colon = arn.len > 0 ? memchr(arn.ptr, ':', arn.len) : NULL;
        if (colon == NULL)
            return (struct np_span){};
        arn = np_span_from(arn, (size_t) (colon - arn.ptr) + 1);
    }
    const char *end = arn.len > 0 && !to_end ? memchr(arn.ptr, ':', arn.len) : NULL;
    return end != NULL ? np_span_head(arn, (size_t) (end - arn.ptr)) : arn;
}

static struct np_span behind_last_slash(struct np_span text)
{
    const char *slash = text.len > 0 ? memrchr(text.ptr, '/', text.len) : NULL;
    return slash != NULL ? np_span_from(text, (size_t) (slash - text.ptr) + 1) : text;
}

/* "NAME" of "stack/NAME/0a1b2c". */
static struct np_span second_step(struct np_span text)
{
    const char *slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    if (slash == NULL)
        return text;
    text = np_span_from(text, (size_t) (slash - text.ptr) + 1);
    slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    return slash != NULL ? np_span_head(text, (size_t) (slash - text.ptr)) : text;
}

/* The name of a thing within its account. */
static struct np_span bare_name(enum np_promise_kind kind, struct np_span text, bool is_arn)
{
    switch (kind) {
    case NP_PROMISE_WORK_ROLE:
        return is_arn ? second_step(arn_part(text, 5, true)) : text;
    case NP_PROMISE_FUNCTION:
        return arn_part(text, is_arn ? 6 : 0, false);
    case NP_PROMISE_SESSION: {
        struct np_span steps = is_arn ? arn_part(text, 5, true) : text;
        const char *slash = steps.len > 0 ? memchr(steps.ptr, '/', steps.len) : NULL;
        return slash != NULL ? np_span_from(steps, (size_t) (slash - steps.ptr) + 1) : steps;
    }
    default:
        return behind_last_slash(is_arn ? arn_part(text, 5, true) : text);
    }
}

uint64_t np_promise_key(enum np_promise_kind kind, struct np_span text, struct np_span account)
{
    bool is_arn = np_span_starts(text, NP_SPAN("arn:"));
    struct np_span owner = is_arn ? arn_part(text, 4, false) : account;
    struct np_span name = bare_name(kind, text, is_arn);
    uint64_t key = np_mix(kind + 1, np_hash64(owner, 0));
    return np_mix(key, np_hash64(name.len > 0 ? name : text, 0)) | 1;
}
