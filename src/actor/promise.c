/* SPDX-License-Identifier: Apache-2.0 */
/* The table of promises, and how things are named alike; ARN forms from the IAM user guide, "IAM identifiers". */
#include "actor/promise.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { WAYS = 4, BUCKET_COUNT = 16384 };

/* What tells a promise, and which is the oldest, stands first, in one cache line. */
struct bucket {
    uint64_t keys[WAYS]; /* 0 = empty */
    np_time_ns times[WAYS];
    struct np_promise promises[WAYS];
};

struct np_promises {
    struct np_names *names;           /* borrowed */
    const struct np_threads *threads; /* borrowed */
    struct bucket *buckets;
};

int np_promises_new(struct np_promises **out_promises, struct np_names *names,
                    const struct np_threads *threads)
{
    struct np_promises *promises = np_alloc(sizeof(*promises));
    if (promises == NULL)
        return -ENOMEM;
    *promises = (struct np_promises){.names = names, .threads = threads};
    promises->buckets = np_alloc_array(BUCKET_COUNT, sizeof(struct bucket));
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
    for (size_t i = 0; i < BUCKET_COUNT; i++)
        for (size_t j = 0; j < WAYS; j++)
            np_names_release((*promises)->names, (*promises)->buckets[i].promises[j].event_id);
    np_free((*promises)->buckets);
    np_free(*promises);
    *promises = NULL;
}

static struct bucket *bucket_of(const struct np_promises *promises, uint64_t key)
{
    return &promises->buckets[(key >> 20) % BUCKET_COUNT];
}

/* The way of a key; WAYS where it is not there. */
static size_t find_key(const struct bucket *bucket, uint64_t key)
{
    size_t way = 0;
    while (way < WAYS && bucket->keys[way] != key)
        way++;
    return way;
}

/* The way for a new key: an empty one, else that of the oldest promise. */
static size_t find_room(const struct bucket *bucket)
{
    size_t oldest = 0;
    for (size_t way = 0; way < WAYS; way++) {
        if (bucket->keys[way] == 0)
            return way;
        if (bucket->times[way] < bucket->times[oldest])
            oldest = way;
    }
    return oldest;
}

void np_promises_put(struct np_promises *promises, const struct np_promise *promise)
{
    struct bucket *bucket = bucket_of(promises, promise->key);
    size_t way = find_key(bucket, promise->key);
    uint32_t serial = np_threads_get(promises->threads, promise->thread)->serial;
    bool known = way < WAYS;
    if (!known)
        way = find_room(bucket);
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
    bucket->times[way] = promise->time;
}

struct np_promise *np_promises_get(const struct np_promises *promises, uint64_t key, np_time_ns now,
                                   np_time_ns max_age)
{
    struct bucket *bucket = bucket_of(promises, key);
    size_t way = find_key(bucket, key);
    if (way == WAYS || now - bucket->times[way] > max_age)
        return NULL;
    struct np_promise *promise = &bucket->promises[way];
    return np_threads_get(promises->threads, promise->thread)->serial == promise->serial ? promise
                                                                                         : NULL;
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
