/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Case folding for comparison: full Unicode folding (CaseFolding.txt, status C and F: "ß" is
 * "ss"), code point by code point, without normalisation. Bytes that are not UTF-8 stand for
 * themselves.
 *
 * Nearly all text is ASCII, so a literal is folded once when it is compiled, and an ASCII text is
 * compared with it in place. Only a text with other characters is folded into memory first. The
 * np_fold_ascii_* functions take both: a text that is ASCII, or one that is folded already.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/span.h"

enum { NP_FOLD_GROWTH_MAX = 3 }; /* a folded text has at most this many times the bytes */

#define NP_FOLD_NOT_FOUND SIZE_MAX

bool np_fold_is_ascii(struct np_span text);

/* Appends `text` folded: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_fold_append(struct np_buf *out, struct np_span text);

/*
 * How many bytes the first character of `text` has when it is folded, and in `*out_used` how many it
 * has there; both 0 for the empty text.
 */
size_t np_fold_next(struct np_span text, size_t *out_used);

/* Whether `text` (ASCII or folded) equals the folded text `folded`. */
bool np_fold_ascii_eq(struct np_span text, struct np_span folded);

/* Where `folded` first occurs in `text` (ASCII or folded), or NP_FOLD_NOT_FOUND. */
size_t np_fold_ascii_find(struct np_span text, struct np_span folded);

/*
 * A hash that is equal for texts (ASCII or folded) whose ASCII letters differ in case only. Not
 * for secrets.
 */
uint64_t np_fold_ascii_hash(struct np_span text);

/* One byte with A-Z made small. */
static inline char np_fold_byte(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

/* Eight bytes with A-Z made small; others, bytes above 127 too, stay. */
static inline uint64_t np_fold_word(uint64_t word)
{
    const uint64_t low_bits = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t low = word & low_bits;
    uint64_t from_a = low + UINT64_C(0x3f3f3f3f3f3f3f3f);   /* top bit: at least 'A' */
    uint64_t behind_z = low + UINT64_C(0x2525252525252525); /* top bit: above 'Z' */
    uint64_t upper = (from_a ^ behind_z) & ~word & ~low_bits;
    return word | upper >> 2;
}
