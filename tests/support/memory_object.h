/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes in memory as an object of a source, which gives them some at a time. */
#pragma once

#include <string.h>

#include "source/object.h"

struct memory_object {
    struct np_span left;
    size_t step; /* at most so many at a time */
};

static inline int memory_object_feed(void *context, char *out, size_t cap, size_t *out_len,
                                     struct np_err *err)
{
    struct memory_object *memory = context;
    (void) err;
    *out_len = NP_MIN(NP_MIN(cap, memory->step), memory->left.len);
    if (*out_len > 0)
        memcpy(out, memory->left.ptr, *out_len);
    memory->left = np_span_from(memory->left, *out_len);
    return 0;
}

/* Opens an object over `memory`, which must outlive it. */
static inline void memory_object_open(struct np_object *object, struct memory_object *memory)
{
    np_object_init(object);
    np_object_open_part(object, memory_object_feed, memory, NP_OBJECT_SIZE_UNKNOWN);
}
