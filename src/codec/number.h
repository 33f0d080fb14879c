/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as records and rules write them, compared by their exact mathematical value: a 64-bit
 * integer never passes through a double, so 9007199254740993 is not 9007199254740992.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "codec/value.h"

struct np_number {
    enum { NP_NUMBER_INT, NP_NUMBER_UINT, NP_NUMBER_DOUBLE } kind;
    union {
        int64_t integer;
        uint64_t uinteger;
        double real;
    };
};

enum { NP_NUMBER_TEXT_MAX_BYTES = 512 }; /* a longer text is no number */

/* Reads a number in the grammar of JSON, nothing before or behind it; false where it is none. */
bool np_number_parse(struct np_span text, struct np_number *out_number);

/* The number that `value` is, or, of text, that it spells; false where it is none. */
bool np_number_of_value(const struct np_value *value, struct np_number *out_number);

/* Negative, 0 or positive. There is no NaN: np_number_parse() gives none. */
int np_number_compare(struct np_number a, struct np_number b);

/* The one form of all equal numbers: INT where it fits, else UINT, else DOUBLE. */
struct np_number np_number_canonical(struct np_number number);
