/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single tokens of JSON text: where they end, what they mean. A token begins where index.h
 * says and ends before the white space in front of the next one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"
#include "codec/value.h"

/* JSON's white space. */
static inline bool np_json_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The token at `*at`; `at[1]` must be readable: the next token's offset or the record's length. */
static inline struct np_span np_json_token(const char *text, const uint32_t *at)
{
    size_t start = at[0];
    size_t end = at[1];
    while (end > start && np_json_is_blank(text[end - 1]))
        end--;
    return np_span_make(text + start, end - start);
}

/*
 * What stands between the quotes of the string token at `*at`: escaped text. False where it is no
 * whole string.
 */
static inline bool np_json_token_quoted(const char *text, const uint32_t *at,
                                        struct np_span *out_raw)
{
    size_t start = (size_t) at[0] + 1;
    size_t end = at[1];
    while (np_unlikely(np_json_is_blank(text[end - 1])))
        end--;
    *out_raw = np_span_make(text + start, end - 1 - start);
    return end > start && text[end - 1] == '"';
}

static inline bool np_json_is_number_start(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

/* Reads null, true, false or a number: false where the token is none of them. */
bool np_json_token_scalar(struct np_span token, struct np_value *out_value);

enum { NP_JSON_ESCAPE_MAX_BYTES = 4 }; /* that an escape decodes to */

/*
 * Decodes the escape at the start of `raw`, both halves of a surrogate pair at once; half a pair
 * gives U+FFFD. Returns how many bytes of `raw` it takes, 0 where it is malformed.
 */
size_t np_json_escape_decode(struct np_span raw, char out_text[NP_JSON_ESCAPE_MAX_BYTES],
                             size_t *out_len);

/*
 * Decodes what stands between the quotes of a string into `out`, which has room for `raw.len`
 * bytes (decoding never lengthens). False where an escape is malformed.
 */
bool np_json_text_decode(struct np_span raw, char *out, size_t *out_len);
