/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocation with overflow checks. In test builds two counters per thread allow exact cost tests
 * and the injection of failures; a release build carries neither, so that it has no writable state.
 */
#include "base/alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef NP_FAULT_INJECTION
static _Thread_local long fail_countdown = -1;
static _Thread_local size_t allocations;

void np_alloc_fail_at(long n)
{
    fail_countdown = n;
}

size_t np_alloc_count(void)
{
    return allocations;
}

static bool fails_now(void)
{
    allocations++;
    return fail_countdown >= 0 && fail_countdown-- == 0;
}
#else
size_t np_alloc_count(void)
{
    return 0;
}

static bool fails_now(void)
{
    return false;
}
#endif

/* The size in bytes; false where no object can be that large. */
static bool size_in_bytes(size_t count, size_t size, size_t *out_bytes)
{
    return !__builtin_mul_overflow(count, size, out_bytes) && *out_bytes <= PTRDIFF_MAX;
}

void *np_alloc_array(size_t count, size_t size)
{
    size_t bytes = 0;
    if (!size_in_bytes(count, size, &bytes) || fails_now())
        return NULL;
    return calloc(1, bytes > 0 ? bytes : 1);
}

void *np_alloc(size_t size)
{
    return np_alloc_array(1, size);
}

void *np_realloc_array(void *memory, size_t count, size_t size)
{
    size_t bytes = 0;
    if (!size_in_bytes(count, size, &bytes) || fails_now())
        return NULL;
    return realloc(memory, bytes > 0 ? bytes : 1);
}

void np_free(void *memory)
{
    free(memory);
}

char *np_strndup(const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? np_alloc_array(len + 1, 1) : NULL;
    if (copy != NULL && len > 0)
        memcpy(copy, text, len);
    return copy;
}

void np_free_cleanup(void *pointer_to_pointer)
{
    void **pointer = pointer_to_pointer;
    np_free(*pointer);
    *pointer = NULL;
}
