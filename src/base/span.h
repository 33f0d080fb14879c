/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A span is a borrowed run of bytes: pointer and length, never NUL-terminated by promise. Its bytes
 * live as long as their owner (a batch, an arena, a rule set); a span owns nothing. An empty span
 * may have a NULL pointer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct np_span {
    const char *ptr;
    size_t len;
};

/* A span over a string literal. */
#define NP_SPAN(literal) ((struct np_span){(literal), sizeof("" literal) - 1})

/* A span over a C string; NULL gives the empty span. */
static inline struct np_span np_span_of(const char *text)
{
    return (struct np_span){text, text != NULL ? strlen(text) : 0};
}

static inline struct np_span np_span_make(const char *ptr, size_t len)
{
    return (struct np_span){ptr, len};
}

static inline bool np_span_eq(struct np_span a, struct np_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool np_span_is(struct np_span a, const char *text)
{
    return np_span_eq(a, np_span_of(text));
}

static inline bool np_span_starts(struct np_span a, struct np_span prefix)
{
    return a.len >= prefix.len && (prefix.len == 0 || memcmp(a.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool np_span_ends(struct np_span a, struct np_span suffix)
{
    return a.len >= suffix.len &&
           (suffix.len == 0 || memcmp(a.ptr + a.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* The part from `from` (at most the length) to the end. */
static inline struct np_span np_span_from(struct np_span a, size_t from)
{
    size_t start = from < a.len ? from : a.len;
    return (struct np_span){a.len > 0 ? a.ptr + start : a.ptr, a.len - start};
}

/* The first `len` bytes, or all where there are fewer. */
static inline struct np_span np_span_head(struct np_span a, size_t len)
{
    return (struct np_span){a.ptr, len < a.len ? len : a.len};
}

/* The span without blanks, tabs, CR and LF at both ends. */
struct np_span np_span_trim(struct np_span a);

/* Compares bytes as unsigned, shorter first on a tie: negative, 0 or positive. */
int np_span_compare(struct np_span a, struct np_span b);

/* Whether both are equal when ASCII letters are folded. */
bool np_span_eq_ascii_fold(struct np_span a, struct np_span b);

/* For printf("%.*s", NP_SPAN_ARGS(span)); a span longer than INT_MAX is cut. */
#define NP_SPAN_ARGS(span)                                                                         \
    (int) ((span).len > 0x7fffffff ? 0x7fffffff : (span).len), (span).len > 0 ? (span).ptr : ""
