/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash map from a 64-bit id to a pointer, from which ids can be removed: open addressing, and a
 * removal moves what follows back, so that no marks stay behind. It owns its places, not what the
 * pointers lead to. One thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct np_idmap_entry {
    int64_t id;
    void *value; /* NULL marks an empty place */
};

struct np_idmap {
    struct np_idmap_entry *entries;
    size_t cap; /* 0 or a power of two */
    size_t len;
};

/* Frees the places; NULL-safe, and an all-zero map is an empty one. */
void np_idmap_done(struct np_idmap *map);

/* The value of `id`, or NULL. */
void *np_idmap_get(const struct np_idmap *map, int64_t id);

/* Sets the value of `id` (not NULL), which replaces what was there: 0 or -ENOMEM. */
NP_NODISCARD int np_idmap_put(struct np_idmap *map, int64_t id, void *value);

/* Removes `id` and returns its value; NULL where it is not there. */
void *np_idmap_remove(struct np_idmap *map, int64_t id);

/* The first value at or behind place `*at`, which goes on behind it; NULL at the end. */
void *np_idmap_next(const struct np_idmap *map, size_t *at);
