/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of a JSON object, one behind the other. Their names are literals that need no escape, so that a macro makes
 * each one text with its comma and colon. Errors stay in the buffer.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "simulate/text_internal.h"

struct np_fields {
    struct np_buf *buf;
    bool any; /* one stands already */
};

static inline struct np_fields np_fields_begin(struct np_buf *buf)
{
    (void) np_buf_add_char(buf, '{');
    return (struct np_fields){.buf = buf};
}

static inline void np_fields_end(struct np_fields *fields)
{
    (void) np_buf_add_char(fields->buf, '}');
}

#define NP_FIELD_HEAD(name) NP_SPAN(",\"" name "\":")

/* Writes the name; the caller appends the value to the buffer that it gets. */
#define np_field_raw(fields, name) np_fields_name((fields), NP_FIELD_HEAD(name))

/* A text; a text, or nothing where it is empty; a boolean. */
#define np_field(fields, name, text)       np_fields_text((fields), NP_FIELD_HEAD(name), (text))
#define np_field_given(fields, name, text) np_fields_given((fields), NP_FIELD_HEAD(name), (text))
#define np_field_bool(fields, name, value) np_fields_bool((fields), NP_FIELD_HEAD(name), (value))

static inline struct np_buf *np_fields_name(struct np_fields *fields, struct np_span head)
{
    (void) np_buf_add_span(fields->buf, np_span_from(head, fields->any ? 0 : 1));
    fields->any = true;
    return fields->buf;
}

static inline void np_fields_text(struct np_fields *fields, struct np_span head,
                                  struct np_span text)
{
    struct np_buf *buf = np_fields_name(fields, head);
    (void) np_buf_add_char(buf, '"');
    np_text_escape(buf, text);
    (void) np_buf_add_char(buf, '"');
}

static inline void np_fields_given(struct np_fields *fields, struct np_span head,
                                   struct np_span text)
{
    if (text.len > 0)
        np_fields_text(fields, head, text);
}

static inline void np_fields_bool(struct np_fields *fields, struct np_span head, bool value)
{
    (void) np_buf_add_span(np_fields_name(fields, head),
                           value ? NP_SPAN("true") : NP_SPAN("false"));
}
