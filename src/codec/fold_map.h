/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash table from folded texts to numbers that is asked with texts as they stand: a text that is
 * ASCII in any case, or folded (fold.h). One writer, any number of readers once it is built. Keys
 * are borrowed.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"

#define NP_FOLD_MAP_NONE UINT32_MAX

struct np_fold_map_entry {
    uint64_t hash;
    struct np_span text; /* of an empty place: NULL */
    uint32_t value;
};

struct np_fold_map {
    struct np_fold_map_entry *entries;
    size_t cap; /* 0 or a power of two, at most half of it taken */
    size_t len;
};

/* Frees the table, not the keys; a zeroed table is empty. */
void np_fold_map_done(struct np_fold_map *map);

/*
 * The number of `folded`, which is set to the table's length where the key is new: so keys get the
 * numbers 0, 1, 2 ... 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_fold_map_add(struct np_fold_map *map, struct np_span folded,
                                 uint32_t *out_value);

/* The number of `text`, or NP_FOLD_MAP_NONE. */
uint32_t np_fold_map_get(const struct np_fold_map *map, struct np_span text);
