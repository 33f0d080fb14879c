/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the tokens. The path of the innermost member stands in a buffer; each open bracket
 * remembers how much of it is its own.
 */
#include "codec/json/paths.h"

#include "codec/json/reader.h"
#include "codec/json/token.h"

#define TOO_LONG UINT16_MAX

_Static_assert(NP_JSON_PATH_GIVEN_MAX_BYTES < TOO_LONG, "lengths fit 16 bits");

struct walk {
    struct np_span record;
    char path[NP_JSON_PATH_GIVEN_MAX_BYTES];
    uint16_t value_len;                   /* of the path of the value that comes next */
    uint16_t lens[NP_JSON_MAX_DEPTH + 1]; /* of the path of each open bracket */
    unsigned depth;
};

/* Puts the key at `at` behind the path of its object; false where it is malformed. */
static bool take_key(struct walk *walk, const uint32_t *at)
{
    struct np_span raw;
    size_t len = walk->lens[walk->depth];
    if (!np_json_token_quoted(walk->record.ptr, at, &raw))
        return false;
    walk->value_len = TOO_LONG;
    if (len + 1 + raw.len > sizeof(walk->path))
        return true;
    if (len > 0)
        walk->path[len++] = '.';
    size_t decoded = 0; /* not more than what is escaped */
    if (!np_json_text_decode(raw, walk->path + len, &decoded))
        return false;
    walk->value_len = (uint16_t) (len + decoded);
    return true;
}

/* Enters or leaves what the bracket at hand opens or closes; false behind the last one. */
static bool take_bracket(struct walk *walk, signed char step)
{
    if (step > 0)
        walk->lens[++walk->depth] = walk->value_len; /* the index has checked that there is room */
    else if (walk->depth > 0 && --walk->depth > 0)
        walk->value_len = walk->lens[walk->depth]; /* of an array; an object goes on with a key */
    return walk->depth > 0;
}

static bool is_key(const struct np_json_tokens *tokens, const char *text, const uint32_t *at)
{
    return text[*at] == '"' && at + 1 < tokens->end && text[at[1]] == ':';
}

bool np_json_each_path(struct np_json_reader *reader, struct np_span record, np_json_text_fn *fn,
                       void *context)
{
    struct np_json_tokens tokens;
    const char *reason;
    if (np_json_reader_index(reader, record, &tokens, &reason) != NP_JSON_OK)
        return false;
    struct walk walk = {.record = record};
    for (const uint32_t *at = tokens.begin; at < tokens.end; at++) {
        signed char step = np_json_nesting[(unsigned char) record.ptr[*at]];
        if (step != 0 && !take_bracket(&walk, step))
            return at + 1 == tokens.end;
        if (!is_key(&tokens, record.ptr, at))
            continue;
        if (!take_key(&walk, at))
            return false;
        if (walk.value_len != TOO_LONG && !fn(context, np_span_make(walk.path, walk.value_len)))
            return false;
    }
    return false;
}
