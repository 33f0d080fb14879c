/* SPDX-License-Identifier: Apache-2.0 */
/* Growable bytes with a maximum: see buf.h. */
#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

void np_buf_init(struct np_buf *buf, size_t max_bytes)
{
    *buf = (struct np_buf){.max_bytes = max_bytes};
}

void np_buf_done(struct np_buf *buf)
{
    if (buf == NULL)
        return;
    np_free(buf->data);
    *buf = (struct np_buf){.max_bytes = buf->max_bytes};
}

void np_buf_reset(struct np_buf *buf)
{
    buf->len = 0;
    buf->error = 0;
}

static int fail(struct np_buf *buf, int code)
{
    if (buf->error == 0)
        buf->error = code;
    return code;
}

static int grow(struct np_buf *buf, size_t more)
{
    size_t need = 0;
    if (__builtin_add_overflow(buf->len, more, &need) || need > buf->max_bytes)
        return fail(buf, -E2BIG);
    size_t cap = NP_MAX(need, NP_MIN(buf->cap * 2, buf->max_bytes));
    cap = NP_MAX(cap, NP_MIN((size_t) 64, buf->max_bytes));
    size_t bytes = 0; /* one more than the capacity: a C string of it always has room for its NUL */
    if (__builtin_add_overflow(cap, 1, &bytes))
        return fail(buf, -ENOMEM);
    char *grown = np_realloc_array(buf->data, bytes, 1);
    if (grown == NULL)
        return fail(buf, -ENOMEM);
    buf->data = grown;
    buf->cap = cap;
    return 0;
}

/* Nearly always there is room, and most pieces are short. */
static inline int reserve(struct np_buf *buf, size_t more)
{
    bool fits = more <= buf->cap - buf->len && buf->data != NULL;
    return fits ? 0 : grow(buf, more);
}

int np_buf_reserve(struct np_buf *buf, size_t more)
{
    return reserve(buf, more);
}

static inline int add(struct np_buf *buf, const void *bytes, size_t len)
{
    int r = reserve(buf, len);
    if (r < 0)
        return r;
    if (len > 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    return 0;
}

int np_buf_add(struct np_buf *buf, const void *bytes, size_t len)
{
    return add(buf, bytes, len);
}

int np_buf_add_span(struct np_buf *buf, struct np_span span)
{
    return add(buf, span.ptr, span.len);
}

int np_buf_add_str(struct np_buf *buf, const char *text)
{
    return add(buf, text, strlen(text));
}

int np_buf_add_char(struct np_buf *buf, char c)
{
    return add(buf, &c, 1);
}

int np_buf_printf(struct np_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    int r = len < 0 ? fail(buf, -EINVAL) : reserve(buf, (size_t) len);
    if (r == 0) {
        (void) vsnprintf(buf->data + buf->len, (size_t) len + 1, fmt, again); /* measured above */
        buf->len += (size_t) len;
    }
    va_end(again);
    return r;
}

const char *np_buf_cstr(struct np_buf *buf)
{
    if (buf->data == NULL)
        return "";
    buf->data[buf->len] = '\0';
    return buf->data;
}
