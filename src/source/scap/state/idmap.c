/* SPDX-License-Identifier: Apache-2.0 */
/* The map of ids: linear probing, at most three quarters full. */
#include "source/scap/state/idmap.h"

#include <errno.h>

#include "base/alloc.h"

enum { CAP_MIN = 8 };

static size_t place_of(const struct np_idmap *map, int64_t id)
{
    uint64_t mixed = (uint64_t) id * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
    return (size_t) (mixed >> 32) & (map->cap - 1);
}

/* The place of `id`, or the empty one where it would go. */
static size_t find(const struct np_idmap *map, int64_t id)
{
    size_t at = place_of(map, id);
    while (map->entries[at].value != NULL && map->entries[at].id != id)
        at = (at + 1) & (map->cap - 1);
    return at;
}

static int grow(struct np_idmap *map)
{
    struct np_idmap bigger = {.cap = map->cap > 0 ? map->cap * 2 : CAP_MIN, .len = map->len};
    bigger.entries = np_alloc_array(bigger.cap, sizeof(bigger.entries[0]));
    if (bigger.entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < map->cap; i++) {
        if (map->entries[i].value != NULL)
            bigger.entries[find(&bigger, map->entries[i].id)] = map->entries[i];
    }
    np_free(map->entries);
    *map = bigger;
    return 0;
}

void np_idmap_done(struct np_idmap *map)
{
    if (map == NULL)
        return;
    np_free(map->entries);
    *map = (struct np_idmap){};
}

void *np_idmap_get(const struct np_idmap *map, int64_t id)
{
    return map->len > 0 ? map->entries[find(map, id)].value : NULL;
}

int np_idmap_put(struct np_idmap *map, int64_t id, void *value)
{
    if ((map->len + 1) * 4 > map->cap * 3) {
        int r = grow(map);
        if (r < 0)
            return r;
    }
    size_t at = find(map, id);
    if (map->entries[at].value == NULL)
        map->len++;
    map->entries[at] = (struct np_idmap_entry){id, value};
    return 0;
}

void *np_idmap_remove(struct np_idmap *map, int64_t id)
{
    if (map->len == 0)
        return NULL;
    size_t mask = map->cap - 1;
    size_t hole = find(map, id);
    void *removed = map->entries[hole].value;
    if (removed == NULL)
        return NULL;
    for (size_t at = (hole + 1) & mask; map->entries[at].value != NULL; at = (at + 1) & mask) {
        size_t home = place_of(map, map->entries[at].id);
        /* What lies at or behind its own place seen from the hole cannot move in front of it. */
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        map->entries[hole] = map->entries[at];
        hole = at;
    }
    map->entries[hole].value = NULL;
    map->len--;
    return removed;
}

void *np_idmap_next(const struct np_idmap *map, size_t *at)
{
    while (*at < map->cap) {
        void *value = map->entries[(*at)++].value;
        if (value != NULL)
            return value;
    }
    return NULL;
}
