/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One place a hash; the place of the probe's last value is tried before anything is hashed. See
 * cache.h.
 */
#include "rule/index/cache.h"

#include "base/hash.h"

int np_cache_init(struct np_cache *cache, size_t probes)
{
    *cache = (struct np_cache){
        .places = np_alloc_array(NP_CACHE_PLACES, sizeof(cache->places[0])),
        .keys = np_alloc_array(NP_CACHE_PLACES, sizeof(cache->keys[0])),
        .lists = np_alloc_array(NP_CACHE_LISTS_MAX, sizeof(cache->lists[0])),
        .last = np_alloc_array(probes, sizeof(cache->last[0])),
    };
    if (cache->places == NULL || cache->keys == NULL || cache->lists == NULL ||
        cache->last == NULL) {
        np_cache_done(cache);
        return -ENOMEM;
    }
    for (size_t i = 0; i < probes; i++)
        cache->last[i] = &cache->places[0];
    return 0;
}

void np_cache_done(struct np_cache *cache)
{
    np_free(NP_TAKE(cache->places));
    np_free(NP_TAKE(cache->keys));
    np_free(NP_TAKE(cache->lists));
    np_free(NP_TAKE(cache->last));
}

static size_t place_of(uint64_t tag, struct np_span text)
{
    return (np_hash64(text, 0) + tag * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & (NP_CACHE_PLACES - 1);
}

const struct np_cache_place *np_cache_look_up(struct np_cache *cache, uint32_t probe, uint64_t tag,
                                              struct np_span text)
{
    const struct np_cache_place *place = &cache->places[place_of(tag, text)];
    if (!np_cache_holds(place, tag, text))
        return NULL;
    cache->last[probe] = place;
    return place;
}

void np_cache_put(struct np_cache *cache, uint32_t probe, const struct np_value *value,
                  const uint32_t *slots, uint32_t count)
{
    if (value->text.len > NP_CACHE_KEY_MAX_BYTES || count > NP_CACHE_LISTS_MAX)
        return;
    if (count > NP_CACHE_LISTS_MAX - cache->lists_used) {
        memset(cache->places, 0, NP_CACHE_PLACES * sizeof(cache->places[0]));
        cache->lists_used = 0;
    }
    uint64_t tag = np_cache_tag(probe, value);
    size_t number = place_of(tag, value->text);
    cache->places[number] = (struct np_cache_place){
        .tag = tag,
        .key = cache->keys[number],
        .slots = {cache->lists_used, count},
    };
    if (value->text.len > 0)
        memcpy(cache->keys[number], value->text.ptr, value->text.len);
    if (count > 0)
        memcpy(&cache->lists[cache->lists_used], slots, count * sizeof(*slots));
    cache->lists_used += count;
}
