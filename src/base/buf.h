/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable run of bytes that is born with its maximum. A failed append leaves the buffer
 * unchanged and is remembered in `error`, so that a writer of many pieces may check once at the
 * end.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"
#include "base/span.h"

struct np_buf {
    char *data; /* not NUL-terminated; see np_buf_cstr() */
    size_t len;
    size_t cap; /* without a byte behind it that is kept for the NUL of np_buf_cstr() */
    size_t max_bytes;
    int error; /* 0, or the first failure: -E2BIG or -ENOMEM */
};

/* An empty buffer that never holds more than `max_bytes`; allocates nothing yet. */
void np_buf_init(struct np_buf *buf, size_t max_bytes);

/* Frees the bytes; NULL-safe. The buffer may be initialised again. */
void np_buf_done(struct np_buf *buf);

/* Empties the buffer, keeps its memory, forgets the error. */
void np_buf_reset(struct np_buf *buf);

/* Makes room for `more` further bytes: 0, -E2BIG or -ENOMEM. */
int np_buf_reserve(struct np_buf *buf, size_t more);

/* Appends bytes, a span, a C string, one byte, formatted text: 0, -E2BIG or -ENOMEM. */
int np_buf_add(struct np_buf *buf, const void *bytes, size_t len);
int np_buf_add_span(struct np_buf *buf, struct np_span span);
int np_buf_add_str(struct np_buf *buf, const char *text);
int np_buf_add_char(struct np_buf *buf, char c);
int np_buf_printf(struct np_buf *buf, const char *fmt, ...) NP_PRINTF(2, 3);

/* The content as a C string that lives until the next change. It cannot fail. */
const char *np_buf_cstr(struct np_buf *buf);

static inline struct np_span np_buf_span(const struct np_buf *buf)
{
    return (struct np_span){buf->data, buf->len};
}

#define np_auto_buf NP_CLEANUP(np_buf_done)
