/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory with one lifetime: many small pieces that die together (a batch, a rule set). Pieces are
 * never freed alone. A reset keeps the memory for the next round and poisons it under
 * AddressSanitizer, so that a span kept too long is caught in tests. One thread at a time.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"
#include "base/span.h"

struct np_arena_block;

struct np_arena {
    struct np_arena_block *first;
    struct np_arena_block *current;
    size_t used_bytes; /* of all blocks */
    size_t held_bytes; /* the blocks' sizes */
    size_t max_bytes;
};

/* An empty arena of at most `max_bytes`; allocates nothing yet. */
void np_arena_init(struct np_arena *arena, size_t max_bytes);

/* Frees everything; NULL-safe. */
void np_arena_done(struct np_arena *arena);

/* Ends the life of all pieces and keeps the memory. */
void np_arena_reset(struct np_arena *arena);

/* `size` bytes, not zeroed, aligned for any type; NULL when memory or the maximum is out. */
NP_NODISCARD void *np_arena_alloc(struct np_arena *arena, size_t size);

/* The same, zeroed. */
NP_NODISCARD void *np_arena_zalloc(struct np_arena *arena, size_t size);

/*
 * Copies the bytes of `*span` into the arena, with a NUL behind them, and points `*span` at the
 * copy: 0 or -ENOMEM.
 */
NP_NODISCARD int np_arena_keep(struct np_arena *arena, struct np_span *span);

/* A NUL-terminated copy of `span`; NULL when memory is out. */
NP_NODISCARD char *np_arena_strdup(struct np_arena *arena, struct np_span span);

#define np_auto_arena NP_CLEANUP(np_arena_done)
