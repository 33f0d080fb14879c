/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One typed value as it stands in an event. Text is a borrowed span: into the batch where the source
 * had no escapes, else into the batch's arena; both die with the batch.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum np_value_kind {
    NP_VALUE_ABSENT, /* 0, so that zeroed slots are absent */
    NP_VALUE_NULL,
    NP_VALUE_BOOL,
    NP_VALUE_INT,    /* fits int64 */
    NP_VALUE_UINT,   /* above INT64_MAX, fits uint64 */
    NP_VALUE_DOUBLE, /* has a fraction or an exponent, or is beyond 64 bits */
    NP_VALUE_TEXT,
    NP_VALUE_ADDRESS, /* an IP address; text is how it was written */
    NP_VALUE_LIST,    /* what a path over an array gives: its elements, not their nesting */
    NP_VALUE_OBJECT,  /* text is its raw bytes */
    NP_VALUE_KIND_MAX
};

enum {
    NP_VALUE_TRUNCATED = 1, /* flag: a limit cut this value */
    NP_VALUE_LOOKED_UP = 2  /* flag: asked for before, whatever came of it */
};

struct np_value {
    uint8_t kind; /* enum np_value_kind */
    uint8_t flags;
    uint32_t count; /* of a list's items */
    /* Decoded text; a number, true or false as written; an object's raw bytes; else empty. */
    struct np_span text;
    union {
        bool boolean;
        int64_t integer;
        uint64_t uinteger;
        double real;
        const struct np_value *items; /* of a list; never lists themselves */
    };
};

/* Whether the record has it as a number, rather than as the text of one. */
static inline bool np_value_is_number(const struct np_value *value)
{
    return value->kind >= NP_VALUE_INT && value->kind <= NP_VALUE_DOUBLE;
}

/* Whether a value is text, a number or a boolean. */
static inline bool np_value_has_text(const struct np_value *value)
{
    return value->kind >= NP_VALUE_BOOL && value->kind <= NP_VALUE_ADDRESS;
}
