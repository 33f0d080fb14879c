/* SPDX-License-Identifier: Apache-2.0 */
/* Writes answers: see query.h. */
#include "source/scap/fields/query.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum { NUMBER_TEXT_BYTES = 32 };

int np_put_text(const struct np_query *query, struct np_span text)
{
    *query->out = (struct np_value){.kind = NP_VALUE_TEXT, .text = text};
    return 0;
}

int np_put_literal(const struct np_query *query, const char *text)
{
    return np_put_text(query, np_span_of(text));
}

/* Gives the value that is put its text, copied. */
static int keep_text(const struct np_query *query, const char *text, size_t len)
{
    struct np_span span = np_span_make(text, len);
    int r = np_arena_keep(query->arena, &span);
    if (r < 0) {
        *query->out = (struct np_value){};
        return r;
    }
    query->out->text = span;
    return 0;
}

/* The digits of a number, at the end of `room`. */
static struct np_span digits_of(char room[NUMBER_TEXT_BYTES], uint64_t value)
{
    char *at = room + NUMBER_TEXT_BYTES;
    do {
        *--at = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return np_span_make(at, (size_t) (room + NUMBER_TEXT_BYTES - at));
}

void np_write_int(struct np_buf *out, int64_t value)
{
    char room[NUMBER_TEXT_BYTES];
    uint64_t magnitude = value < 0 ? -(uint64_t) value : (uint64_t) value;
    if (value < 0)
        (void) np_buf_add_char(out, '-');
    (void) np_buf_add_span(out, digits_of(room, magnitude));
}

int np_put_uint(const struct np_query *query, uint64_t value)
{
    char room[NUMBER_TEXT_BYTES];
    *query->out = (struct np_value){
        .kind = value <= INT64_MAX ? NP_VALUE_INT : NP_VALUE_UINT,
        .uinteger = value,
    };
    struct np_span digits = digits_of(room, value);
    return keep_text(query, digits.ptr, digits.len);
}

int np_put_int(const struct np_query *query, int64_t value)
{
    char text[NUMBER_TEXT_BYTES];
    if (value >= 0)
        return np_put_uint(query, (uint64_t) value);
    *query->out = (struct np_value){.kind = NP_VALUE_INT, .integer = value};
    int len = snprintf(text, sizeof(text), "%" PRId64, value);
    return keep_text(query, text, (size_t) len);
}

int np_put_bool(const struct np_query *query, bool value)
{
    *query->out = (struct np_value){
        .kind = NP_VALUE_BOOL,
        .boolean = value,
        .text = value ? NP_SPAN("true") : NP_SPAN("false"),
    };
    return 0;
}

int np_put_double(const struct np_query *query, double value)
{
    char text[NUMBER_TEXT_BYTES];
    *query->out = (struct np_value){.kind = NP_VALUE_DOUBLE, .real = value};
    int len = snprintf(text, sizeof(text), "%.1lf", value);
    return keep_text(query, text, NP_MIN((size_t) len, sizeof(text) - 1));
}

static const char *address_text(struct np_span address, char text[INET6_ADDRSTRLEN])
{
    int family = address.len == 4 ? AF_INET : AF_INET6;
    return inet_ntop(family, address.ptr, text, INET6_ADDRSTRLEN);
}

int np_put_address(const struct np_query *query, struct np_span address)
{
    char text[INET6_ADDRSTRLEN];
    const char *written = address_text(address, text);
    if (written == NULL)
        return 0;
    *query->out = (struct np_value){.kind = NP_VALUE_ADDRESS};
    return keep_text(query, written, strlen(written));
}

void np_write_address(struct np_buf *out, struct np_span address)
{
    char text[INET6_ADDRSTRLEN];
    const char *written = address_text(address, text);
    (void) np_buf_add_str(out, written != NULL ? written : "");
}

int np_put_buf(const struct np_query *query, const struct np_buf *buf)
{
    if (buf->error < 0)
        return -ENOMEM;
    *query->out = (struct np_value){.kind = NP_VALUE_TEXT};
    return keep_text(query, buf->data, buf->len);
}

int np_put_items(const struct np_query *query, const struct np_value *items, size_t count)
{
    *query->out =
        (struct np_value){.kind = NP_VALUE_LIST, .count = (uint32_t) count, .items = items};
    return 0;
}

bool np_next_part(struct np_span *rest, struct np_span *out_part)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, '\0', rest->len);
    size_t len = end != NULL ? (size_t) (end - rest->ptr) : rest->len;
    *out_part = np_span_head(*rest, len);
    *rest = np_span_from(*rest, end != NULL ? len + 1 : len);
    return true;
}

int np_put_joined(const struct np_query *query, const struct np_span *first, struct np_span parts,
                  char joiner)
{
    bool ends = parts.len > 0 && parts.ptr[parts.len - 1] == '\0';
    size_t tail = parts.len - (ends ? 1 : 0);
    size_t head = first != NULL ? first->len + (parts.len > 0 ? 1 : 0) : 0;
    char *text = np_arena_alloc(query->arena, head + tail);
    if (text == NULL)
        return -ENOMEM;
    if (first != NULL && first->len > 0)
        memcpy(text, first->ptr, first->len);
    if (first != NULL && parts.len > 0)
        text[first->len] = joiner;
    for (size_t i = 0; i < tail; i++)
        text[head + i] = parts.ptr[i] != '\0' ? parts.ptr[i] : joiner;
    return np_put_text(query, np_span_make(text, head + tail));
}

const char *np_errno_name(int64_t error)
{
    /* What a kernel keeps to itself, and a probe sees all the same. */
    static const char *const internal[] = {
        "ERESTARTSYS",
        "ERESTARTNOINTR",
        "ERESTARTNOHAND",
        "ENOIOCTLCMD",
        "ERESTART_RESTARTBLOCK",
        "EPROBE_DEFER",
        "EOPENSTALE",
        "ENOPARAM",
        "",
        "EBADHANDLE",
        "ENOTSYNC",
        "EBADCOOKIE",
        "ENOTSUPP",
        "ETOOSMALL",
        "ESERVERFAULT",
        "EBADTYPE",
        "EJUKEBOX",
        "EIOCBQUEUED",
        "ERECALLCONFLICT",
    };
    enum { INTERNAL_FIRST = 512 };
    if (error >= INTERNAL_FIRST && error < INTERNAL_FIRST + (int64_t) NP_ARRAY_LEN(internal))
        return internal[error - INTERNAL_FIRST][0] != '\0' ? internal[error - INTERNAL_FIRST]
                                                           : NULL;
    return error > 0 && error < INTERNAL_FIRST ? strerrorname_np((int) error) : NULL;
}
