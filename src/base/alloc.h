/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only door to the C allocator for our own code (banned.h closes the others). All functions
 * return NULL when memory is out, which callers turn into -ENOMEM; size products are checked.
 * Test builds (NP_FAULT_INJECTION) can make the n-th allocation fail and count what is alive.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"

/* Zeroed memory for `count` items of `size` bytes; NULL on overflow or when memory is out. */
NP_NODISCARD void *np_alloc_array(size_t count, size_t size);

/* Zeroed memory of `size` bytes (a size of 0 gives a valid pointer). */
NP_NODISCARD void *np_alloc(size_t size);

/*
 * Resizes to `count` items of `size` bytes; on NULL the old memory stays valid. New bytes are not
 * zeroed.
 */
NP_NODISCARD void *np_realloc_array(void *memory, size_t count, size_t size);

/* Gives memory back; NULL is allowed. */
void np_free(void *memory);

/* A NUL-terminated copy of `len` bytes; caller frees. */
NP_NODISCARD char *np_strndup(const char *text, size_t len);

/* For `np_auto_free char *p = NULL;`: frees what the variable points to at the end of its scope. */
void np_free_cleanup(void *pointer_to_pointer);
#define np_auto_free NP_CLEANUP(np_free_cleanup)

/*
 * Number of allocations made by this thread so far; the exact tests of "no allocation per event"
 * read it.
 */
size_t np_alloc_count(void);

#ifdef NP_FAULT_INJECTION
/*
 * Makes the n-th allocation from now on (0 = the next) fail, once, in this thread; a negative n
 * switches it off.
 */
void np_alloc_fail_at(long n);
#endif
