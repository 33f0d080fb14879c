/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a probe found for a value, remembered: user agents, ARNs and addresses come back thousands
 * of times, and often at once. Exact: the whole value is compared. Bounded: a fixed number of
 * places, a value takes the place of another with the same hash, longer values are not kept.
 * Belongs to one thread.
 */
#pragma once

#include "base/err.h"
#include "codec/value.h"
#include "rule/index/probe.h"

enum {
    NP_CACHE_PLACES = 4096,
    NP_CACHE_KEY_MAX_BYTES = 320,
    NP_CACHE_LISTS_MAX =
        64 * 1024 /* slots kept in all; when they are full, everything is forgotten */
};

struct np_cache_place {
    uint64_t tag; /* of probe, kind and length; 0 = empty */
    const char *key;
    struct np_run slots; /* in `lists` */
};

struct np_cache {
    struct np_cache_place *places;
    char (
        *keys)[NP_CACHE_KEY_MAX_BYTES]; /* by place: apart, so that a miss touches little memory */
    uint32_t *lists;
    uint32_t lists_used;
    const struct np_cache_place *
        *last; /* by probe: that of the value before, most often the same */
};

/* A cache for `probes` probes: 0 or -ENOMEM. */
NP_NODISCARD int np_cache_init(struct np_cache *cache, size_t probes);
void np_cache_done(struct np_cache *cache);

/* What names a value within a probe, but for its text. Never 0: no value in the cache is absent. */
static inline uint64_t np_cache_tag(uint32_t probe, const struct np_value *value)
{
    return (uint64_t) probe << 32 | (uint64_t) value->text.len << 8 | value->kind;
}

static inline bool np_cache_holds(const struct np_cache_place *place, uint64_t tag,
                                  struct np_span text)
{
    return place->tag == tag && (text.len == 0 || memcmp(place->key, text.ptr, text.len) == 0);
}

/* The same as np_cache_get() where `value` is not the probe's last one. */
const struct np_cache_place *np_cache_look_up(struct np_cache *cache, uint32_t probe, uint64_t tag,
                                              struct np_span text);

/*
 * The slots that `probe` found for `value` (no list), and how many: they live until the next put.
 * NULL where they are not remembered; then np_cache_put() may be told of them.
 */
static inline const uint32_t *np_cache_get(struct np_cache *cache, uint32_t probe,
                                           const struct np_value *value, uint32_t *out_count)
{
    if (value->text.len > NP_CACHE_KEY_MAX_BYTES)
        return NULL;
    uint64_t tag = np_cache_tag(probe, value);
    const struct np_cache_place *place = cache->last[probe];
    if (!np_cache_holds(place, tag, value->text)) {
        place = np_cache_look_up(cache, probe, tag, value->text);
        if (place == NULL)
            return NULL;
    }
    *out_count = place->slots.count;
    return &cache->lists[place->slots.first];
}

/* Remembers `slots` if `value` is short enough. */
void np_cache_put(struct np_cache *cache, uint32_t probe, const struct np_value *value,
                  const uint32_t *slots, uint32_t count);
