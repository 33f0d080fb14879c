/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the tokens of a record stand: the C face of simdjson's first stage, which finds them with
 * vector instructions and checks on the way that the bytes are UTF-8 and that strings close and
 * hold no control characters. What the tokens mean is decided by whoever walks over them. The
 * record's bytes stay where they are; nothing here points into simdjson's memory but the list of
 * places itself.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

struct np_json_index;

/*
 * Offsets of all tokens in ascending order: of each bracket, colon and comma, of each string's
 * opening quote, and of the first byte of anything else (numbers, true, garbage). Between a token
 * and the next is nothing but its own rest and white space. `*end` may be read: it is the length
 * of the record. Valid until the next build.
 */
struct np_json_tokens {
    const uint32_t *begin;
    const uint32_t *end;
};

enum np_json_index_status {
    NP_JSON_INDEX_OK,
    NP_JSON_INDEX_NO_TOKEN, /* nothing but white space */
    NP_JSON_INDEX_NOT_UTF8,
    NP_JSON_INDEX_OPEN_STRING,
    NP_JSON_INDEX_CONTROL, /* a control character in a string */
    NP_JSON_INDEX_TOO_LONG,
    NP_JSON_INDEX_NO_MEMORY
};

/* An index for one thread: 0 or -ENOMEM. It grows to the longest record seen. */
NP_NODISCARD int np_json_index_new(struct np_json_index **out_index);
void np_json_index_free(struct np_json_index **index);

/* Finds the tokens of `len` bytes at `text`, behind which NP_JSON_PADDING bytes are readable. */
NP_NODISCARD enum np_json_index_status np_json_index_build(struct np_json_index *index,
                                                           const char *text, size_t len,
                                                           struct np_json_tokens *out_tokens);

#ifdef __cplusplus
}
#endif
