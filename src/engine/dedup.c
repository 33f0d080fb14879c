/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open addressing with linear probing, at most three quarters full. Removal shifts the entries behind back, so there are no
 * tombstones and a full table is thinned out in place.
 */
#include "engine/dedup.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"

enum { FIRST_CAP = 4096, SAMPLES = 4096 };

struct entry {
    struct np_hash128 key; /* all zero = empty */
    np_time_ns time;
};

struct np_dedup {
    struct entry *entries;
    size_t cap;
    size_t len;
    size_t max_cap;
    np_time_ns horizon; /* the newest time that has left */
    bool has_thinned;
    uint64_t unchecked;
};

int np_dedup_new(struct np_dedup **out_dedup, size_t max_bytes)
{
    struct np_dedup *dedup = np_alloc(sizeof(*dedup));
    if (dedup == NULL)
        return -ENOMEM;
    dedup->max_cap = NP_MAX(max_bytes / sizeof(struct entry), (size_t) 16);
    dedup->cap = NP_MIN((size_t) FIRST_CAP, dedup->max_cap);
    dedup->entries = np_alloc_array(dedup->cap, sizeof(*dedup->entries));
    if (dedup->entries == NULL) {
        np_free(dedup);
        return -ENOMEM;
    }
    *out_dedup = dedup;
    return 0;
}

void np_dedup_free(struct np_dedup **dedup)
{
    if (dedup == NULL || *dedup == NULL)
        return;
    np_free((*dedup)->entries);
    np_free(*dedup);
    *dedup = NULL;
}

static bool is_empty(const struct entry *entry)
{
    return entry->key.low == 0 && entry->key.high == 0;
}

/* Where the search for a key begins: the hash scaled to the capacity, which need not be a power of two. */
static size_t home(const struct np_dedup *dedup, struct np_hash128 key)
{
    return (size_t) (((unsigned __int128) key.low * dedup->cap) >> 64);
}

static size_t next(const struct np_dedup *dedup, size_t i)
{
    return i + 1 == dedup->cap ? 0 : i + 1;
}

/* The entry of the key, or the empty one where it belongs. */
static struct entry *find(const struct np_dedup *dedup, struct np_hash128 key)
{
    size_t i = home(dedup, key);
    for (;;) {
        struct entry *entry = &dedup->entries[i];
        if (is_empty(entry) || (entry->key.low == key.low && entry->key.high == key.high))
            return entry;
        i = next(dedup, i);
    }
}

/* Doubles the table, up to the maximum; false where that is reached or memory is out. */
static bool grow(struct np_dedup *dedup)
{
    size_t cap = NP_MIN(dedup->cap * 2, dedup->max_cap);
    if (cap == dedup->cap)
        return false;
    struct entry *entries = np_alloc_array(cap, sizeof(*entries));
    if (entries == NULL)
        return false;
    struct np_dedup bigger = {.entries = entries, .cap = cap};
    for (size_t i = 0; i < dedup->cap; i++)
        if (!is_empty(&dedup->entries[i]))
            *find(&bigger, dedup->entries[i].key) = dedup->entries[i];
    np_free(dedup->entries);
    dedup->entries = entries;
    dedup->cap = cap;
    return true;
}

static int compare_times(const void *a, const void *b)
{
    np_time_ns left = *(const np_time_ns *) a;
    np_time_ns right = *(const np_time_ns *) b;
    return (left > right) - (left < right);
}

/* The time that about a quarter of the entries do not exceed, from a sample taken evenly. */
static np_time_ns quarter_time(const struct np_dedup *dedup)
{
    np_time_ns times[SAMPLES];
    size_t count = 0;
    size_t step = NP_MAX(dedup->cap / SAMPLES, (size_t) 1);
    for (size_t i = 0; i < dedup->cap && count < SAMPLES; i += step)
        if (!is_empty(&dedup->entries[i]))
            times[count++] = dedup->entries[i].time;
    if (count == 0)
        return NP_TIME_NONE;
    qsort(times, count, sizeof(times[0]), compare_times);
    return times[count / 4];
}

/* Empties place `hole` and shifts back what could then not be found any more. */
static void remove_at(struct np_dedup *dedup, size_t hole)
{
    for (size_t i = next(dedup, hole); !is_empty(&dedup->entries[i]); i = next(dedup, i)) {
        size_t want = home(dedup, dedup->entries[i].key);
        bool stays = hole < i ? want > hole && want <= i : want > hole || want <= i;
        if (stays)
            continue;
        dedup->entries[hole] = dedup->entries[i];
        hole = i;
    }
    dedup->entries[hole] = (struct entry){};
    dedup->len--;
}

/* Lets the entries with the oldest times leave, about a quarter; all, where they are of one time. */
static void thin_out(struct np_dedup *dedup)
{
    np_time_ns limit = quarter_time(dedup);
    for (size_t i = 0; i < dedup->cap; i++)
        while (!is_empty(&dedup->entries[i]) && dedup->entries[i].time <= limit)
            remove_at(dedup, i);
    dedup->horizon = dedup->has_thinned ? NP_MAX(dedup->horizon, limit) : limit;
    dedup->has_thinned = true;
}

void np_dedup_prefetch(const struct np_dedup *dedup, struct np_hash128 key)
{
    __builtin_prefetch(&dedup->entries[home(dedup, key)], 1);
}

int np_dedup_add(struct np_dedup *dedup, struct np_hash128 key, np_time_ns time)
{
    if (key.low == 0 && key.high == 0)
        key.low = 1;
    struct entry *entry = find(dedup, key);
    if (!is_empty(entry))
        return 1;
    if (dedup->has_thinned && time <= dedup->horizon)
        dedup->unchecked++;
    if ((dedup->len + 1) * 4 > dedup->cap * 3) {
        if (!grow(dedup))
            thin_out(dedup);
        entry = find(dedup, key);
    }
    *entry = (struct entry){.key = key, .time = time};
    dedup->len++;
    return 0;
}

uint64_t np_dedup_unchecked(const struct np_dedup *dedup)
{
    return dedup->unchecked;
}
