/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks in a list; each new one is at least as large as all before it, so that there are few of
 * them and what is held stays within four times the most that was ever in use, whatever the order
 * of sizes. A reset goes back to the first block, so a steady state allocates nothing.
 */
#include "base/arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

#if defined(__SANITIZE_ADDRESS__)
#define NP_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NP_ASAN 1
#endif
#endif
#ifdef NP_ASAN
#include <sanitizer/asan_interface.h>
#define poison(ptr, len)   ASAN_POISON_MEMORY_REGION((ptr), (len))
#define unpoison(ptr, len) ASAN_UNPOISON_MEMORY_REGION((ptr), (len))
#else
#define poison(ptr, len)   ((void) (ptr), (void) (len))
#define unpoison(ptr, len) ((void) (ptr), (void) (len))
#endif

enum { BLOCK_MIN_BYTES = 64 * 1024 };

struct np_arena_block {
    struct np_arena_block *next;
    size_t cap;
    size_t used;
    alignas(max_align_t) char data[];
};

void np_arena_init(struct np_arena *arena, size_t max_bytes)
{
    *arena = (struct np_arena){.max_bytes = max_bytes};
}

void np_arena_done(struct np_arena *arena)
{
    if (arena == NULL)
        return;
    struct np_arena_block *block = arena->first;
    while (block != NULL) {
        struct np_arena_block *next = block->next;
        unpoison(block->data, block->cap);
        np_free(block);
        block = next;
    }
    np_arena_init(arena, arena->max_bytes);
}

void np_arena_reset(struct np_arena *arena)
{
    for (struct np_arena_block *block = arena->first; block != NULL; block = block->next) {
        block->used = 0;
        poison(block->data, block->cap);
    }
    arena->current = arena->first;
    arena->used_bytes = 0;
}

/* A new block behind the current one, with room for `size` bytes. */
static struct np_arena_block *add_block(struct np_arena *arena, size_t size)
{
    size_t cap = NP_MAX(NP_MAX((size_t) BLOCK_MIN_BYTES, arena->held_bytes), size);
    size_t bytes = 0;
    if (__builtin_add_overflow(sizeof(struct np_arena_block), cap, &bytes))
        return NULL;
    struct np_arena_block *block =
        np_realloc_array(NULL, bytes, 1); /* zeroing would touch it all */
    if (block == NULL)
        return NULL;
    block->next = NULL;
    block->cap = cap;
    block->used = 0;
    arena->held_bytes += cap;
    poison(block->data, cap);
    if (arena->current == NULL) {
        arena->first = block;
    } else {
        block->next = arena->current->next;
        arena->current->next = block;
    }
    arena->current = block;
    return block;
}

/*
 * The first block from the current one on that has room; blocks passed over stay empty until a
 * reset.
 */
static struct np_arena_block *block_with_room(struct np_arena *arena, size_t size)
{
    struct np_arena_block *block = arena->current;
    while (block != NULL && block->cap - block->used < size) {
        if (block->next == NULL)
            return add_block(arena, size);
        block = block->next;
        arena->current = block;
    }
    return block != NULL ? block : add_block(arena, size);
}

void *np_arena_alloc(struct np_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align || size > arena->max_bytes)
        return NULL;
    size_t taken = (NP_MAX(size, (size_t) 1) + align - 1) & ~(align - 1);
    if (arena->used_bytes > arena->max_bytes - NP_MIN(taken, arena->max_bytes))
        return NULL;
    struct np_arena_block *block = block_with_room(arena, taken);
    if (block == NULL)
        return NULL;
    void *piece = block->data + block->used;
    unpoison(piece, size); /* what rounding adds stays poisoned */
    block->used += taken;
    arena->used_bytes += taken;
    return piece;
}

void *np_arena_zalloc(struct np_arena *arena, size_t size)
{
    void *piece = np_arena_alloc(arena, size);
    if (piece != NULL)
        memset(piece, 0, size);
    return piece;
}

char *np_arena_strdup(struct np_arena *arena, struct np_span span)
{
    char *copy = span.len < SIZE_MAX ? np_arena_alloc(arena, span.len + 1) : NULL;
    if (copy == NULL)
        return NULL;
    if (span.len > 0)
        memcpy(copy, span.ptr, span.len);
    copy[span.len] = '\0';
    return copy;
}

int np_arena_keep(struct np_arena *arena, struct np_span *span)
{
    char *copy = np_arena_strdup(arena, *span);
    if (copy == NULL)
        return -ENOMEM;
    span->ptr = copy;
    return 0;
}
