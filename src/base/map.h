/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash map from bytes to a 32-bit number, usually an index into a vector. Keys are copied into
 * the map's arena and never removed. Open addressing; one writer, any number of readers once it is
 * built.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

#define NP_MAP_NONE UINT32_MAX

struct np_map_entry {
    struct np_span key;
    uint64_t hash;
    uint32_t value; /* NP_MAP_NONE marks an empty place */
};

struct np_map {
    struct np_map_entry *entries;
    size_t cap; /* 0 or a power of two */
    size_t len;
    size_t max_len;
    struct np_arena keys;
};

/* An empty map of at most `max_len` keys; allocates nothing yet. */
void np_map_init(struct np_map *map, size_t max_len);

/* Frees everything; NULL-safe. */
void np_map_done(struct np_map *map);

/* The value of `key`, or NP_MAP_NONE. */
uint32_t np_map_get(const struct np_map *map, struct np_span key);

/* Sets the value of `key` (any but NP_MAP_NONE): 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_map_put(struct np_map *map, struct np_span key, uint32_t value);

/*
 * The map's own copy of `key`, valid as long as the map; the empty span where it is not in the map.
 */
struct np_span np_map_key(const struct np_map *map, struct np_span key);
