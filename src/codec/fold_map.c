/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; see fold_map.h. */
#include "codec/fold_map.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/fold.h"

enum { START_CAP = 16 };

void np_fold_map_done(struct np_fold_map *map)
{
    np_free(map->entries);
    *map = (struct np_fold_map){};
}

/* The place of the text: its entry, or the empty one where it belongs. */
static struct np_fold_map_entry *find(const struct np_fold_map *map, struct np_span text,
                                      uint64_t hash)
{
    for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        struct np_fold_map_entry *entry = &map->entries[i];
        if (entry->text.ptr == NULL || (entry->hash == hash && np_fold_ascii_eq(text, entry->text)))
            return entry;
    }
}

static int grow(struct np_fold_map *map)
{
    if (map->len >= UINT32_MAX / 4)
        return -E2BIG;
    struct np_fold_map grown = {.cap = map->cap > 0 ? map->cap * 2 : START_CAP, .len = map->len};
    grown.entries = np_alloc_array(grown.cap, sizeof(grown.entries[0]));
    if (grown.entries == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < map->cap; i++) {
        const struct np_fold_map_entry *entry = &map->entries[i];
        if (entry->text.ptr != NULL)
            *find(&grown, entry->text, entry->hash) = *entry;
    }
    np_free(map->entries);
    *map = grown;
    return 0;
}

int np_fold_map_add(struct np_fold_map *map, struct np_span folded, uint32_t *out_value)
{
    uint64_t hash = np_fold_ascii_hash(folded);
    struct np_fold_map_entry *entry = map->cap > 0 ? find(map, folded, hash) : NULL;
    if (entry == NULL || entry->text.ptr == NULL) {
        if (map->len * 2 >= map->cap) {
            int r = grow(map);
            if (r < 0)
                return r;
        }
        entry = find(map, folded, hash);
        *entry = (struct np_fold_map_entry){
            .hash = hash,
            .text = np_span_make(folded.len > 0 ? folded.ptr : "", folded.len),
            .value = (uint32_t) map->len++,
        };
    }
    *out_value = entry->value;
    return 0;
}

uint32_t np_fold_map_get(const struct np_fold_map *map, struct np_span text)
{
    if (map->cap == 0)
        return NP_FOLD_MAP_NONE;
    const struct np_fold_map_entry *entry = find(map, text, np_fold_ascii_hash(text));
    return entry->text.ptr != NULL ? entry->value : NP_FOLD_MAP_NONE;
}
