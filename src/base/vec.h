/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable array as a plain struct: `NP_VEC(struct np_x) xs = {};`. Members `items`, `len` and
 * `cap` are read directly; only growth goes through here. Owner frees with np_vec_done(). Items
 * move when the vector grows: keep indexes, not pointers.
 */
#pragma once

#include <stddef.h>

#include "base/alloc.h"
#include "base/compiler.h"

#define NP_VEC(type)                                                                               \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t len;                                                                                \
        size_t cap;                                                                                \
    }

/*
 * Makes room for `need` items of `size` bytes in all. Returns 0, -E2BIG when `need` exceeds `max`,
 * or -ENOMEM; the vector is unchanged on failure. Use np_vec_reserve().
 */
NP_NODISCARD int np_vec_grow(void **items, size_t *cap, size_t need, size_t max, size_t size);

#define np_vec_reserve(vec, need, max)                                                             \
    ((need) <= (vec)->cap && (need) <= (size_t) (max)                                              \
         ? 0                                                                                       \
         : np_vec_grow((void **) &(vec)->items, &(vec)->cap, (need), (max),                        \
                       sizeof((vec)->items[0])))

/* Appends one item, with `max` items at most: 0, -E2BIG or -ENOMEM. */
#define np_vec_push(vec, item, max)                                                                \
    __extension__({                                                                                \
        int np_push_ = np_vec_reserve((vec), (vec)->len + 1, (max));                               \
        if (np_push_ == 0)                                                                         \
            (vec)->items[(vec)->len++] = (item);                                                   \
        np_push_;                                                                                  \
    })

/* Frees the items (not what they own) and leaves an empty vector. */
#define np_vec_done(vec)                                                                           \
    do {                                                                                           \
        np_free((vec)->items);                                                                     \
        (vec)->items = NULL;                                                                       \
        (vec)->len = (vec)->cap = 0;                                                               \
    } while (0)
