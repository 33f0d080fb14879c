/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing, at most three quarters full. */
#include "base/map.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/hash.h"

void np_map_init(struct np_map *map, size_t max_len)
{
    *map = (struct np_map){.max_len = max_len};
    np_arena_init(&map->keys, SIZE_MAX);
}

void np_map_done(struct np_map *map)
{
    if (map == NULL)
        return;
    np_free(map->entries);
    np_arena_done(&map->keys);
    np_map_init(map, map->max_len);
}

/* The place of `key`: its entry, or the empty one where it belongs. The map has a free place. */
static struct np_map_entry *find(const struct np_map *map, struct np_span key, uint64_t hash)
{
    for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        struct np_map_entry *entry = &map->entries[i];
        if (entry->value == NP_MAP_NONE || (entry->hash == hash && np_span_eq(entry->key, key)))
            return entry;
    }
}

static int grow(struct np_map *map)
{
    size_t cap = map->cap > 0 ? map->cap * 2 : 16;
    struct np_map_entry *old = map->entries;
    struct np_map_entry *entries = np_alloc_array(cap, sizeof(*entries));
    if (entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < cap; i++)
        entries[i].value = NP_MAP_NONE;
    size_t old_cap = map->cap;
    map->entries = entries;
    map->cap = cap;
    for (size_t i = 0; i < old_cap; i++)
        if (old[i].value != NP_MAP_NONE)
            *find(map, old[i].key, old[i].hash) = old[i];
    np_free(old);
    return 0;
}

uint32_t np_map_get(const struct np_map *map, struct np_span key)
{
    return map->cap > 0 ? find(map, key, np_hash64(key, 0))->value : NP_MAP_NONE;
}

struct np_span np_map_key(const struct np_map *map, struct np_span key)
{
    if (np_map_get(map, key) == NP_MAP_NONE)
        return (struct np_span){};
    return find(map, key, np_hash64(key, 0))->key;
}

int np_map_put(struct np_map *map, struct np_span key, uint32_t value)
{
    uint64_t hash = np_hash64(key, 0);
    if (np_map_get(map, key) != NP_MAP_NONE) {
        find(map, key, hash)->value = value;
        return 0;
    }
    if (map->len >= map->max_len)
        return -E2BIG;
    if ((map->len + 1) * 4 > map->cap * 3) {
        int r = grow(map);
        if (r < 0)
            return r;
    }
    int r = np_arena_keep(&map->keys, &key);
    if (r < 0)
        return r;
    *find(map, key, hash) = (struct np_map_entry){.key = key, .hash = hash, .value = value};
    map->len++;
    return 0;
}
