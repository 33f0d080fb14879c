/* SPDX-License-Identifier: Apache-2.0 */
/* A reader's life, the checks that every record passes first, and the walk over all texts. */
#include "codec/json/reader.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/json/token.h"

const signed char np_json_nesting[256] = {['{'] = 1, ['['] = 1, ['}'] = -1, [']'] = -1};

int np_json_reader_new(struct np_json_reader **out_reader)
{
    struct np_json_reader *reader = np_alloc(sizeof(*reader));
    if (reader == NULL)
        return -ENOMEM;
    int r = np_json_index_new(&reader->index);
    if (r < 0) {
        np_free(reader);
        return r;
    }
    *out_reader = reader;
    return 0;
}

void np_json_reader_free(struct np_json_reader **reader)
{
    struct np_json_reader *old = *reader;
    *reader = NULL;
    if (old == NULL)
        return;
    np_json_index_free(&old->index);
    np_vec_done(&old->marks);
    np_free(old);
}

/* Whether more than NP_JSON_MAX_DEPTH levels are open anywhere. */
static bool is_too_deep(const char *text, const struct np_json_tokens *tokens)
{
    if (tokens->end - tokens->begin <= NP_JSON_MAX_DEPTH)
        return false;
    long depth = 0;
    for (const uint32_t *at = tokens->begin; at < tokens->end; at++) {
        depth += np_json_nesting[(unsigned char) text[*at]];
        if (depth > NP_JSON_MAX_DEPTH)
            return true;
    }
    return false;
}

static const char *reason_of(enum np_json_index_status status)
{
    static const char *const reasons[] = {
        [NP_JSON_INDEX_NO_TOKEN] = "not a JSON object",
        [NP_JSON_INDEX_NOT_UTF8] = "not UTF-8",
        [NP_JSON_INDEX_OPEN_STRING] = "a string does not close",
        [NP_JSON_INDEX_CONTROL] = "control character in a string",
        [NP_JSON_INDEX_TOO_LONG] = "longer than 4 GiB",
    };
    return reasons[status];
}

enum np_json_result np_json_reader_index(struct np_json_reader *reader, struct np_span record,
                                         struct np_json_tokens *out_tokens, const char **out_reason)
{
    reader->record = (struct np_span){};
    enum np_json_index_status status =
        np_json_index_build(reader->index, record.ptr, record.len, out_tokens);
    if (status == NP_JSON_INDEX_NO_MEMORY)
        return NP_JSON_NO_MEMORY;
    if (status != NP_JSON_INDEX_OK)
        *out_reason = reason_of(status);
    else if (record.ptr[*out_tokens->begin] != '{')
        *out_reason = "not a JSON object";
    else if (!is_too_deep(record.ptr, out_tokens)) {
        reader->record = record;
        reader->tokens = *out_tokens;
        return NP_JSON_OK;
    } else {
        *out_reason = "deeper than 1024 levels";
        return NP_JSON_TOO_DEEP;
    }
    return NP_JSON_INVALID;
}

bool np_json_reader_mark_room(struct np_json_reader *reader, size_t edges)
{
    size_t len = reader->marks.len;
    if (edges <= len)
        return true;
    if (np_vec_reserve(&reader->marks, edges, SIZE_MAX) < 0)
        return false;
    memset(reader->marks.items + len, 0, (edges - len) * sizeof(*reader->marks.items));
    reader->marks.len = edges;
    return true;
}

/*
 * A string or key as the caller shall see it; the bytes of escaped ones go to `*scratch`, made
 * when first needed.
 */
static bool take_text(struct np_span record, const uint32_t *at, struct np_arena *arena,
                      char **scratch, struct np_span *out_text)
{
    struct np_span raw;
    if (!np_json_token_quoted(record.ptr, at, &raw))
        return false;
    *out_text = raw;
    if (raw.len == 0 || memchr(raw.ptr, '\\', raw.len) == NULL)
        return true;
    if (*scratch == NULL)
        *scratch = np_arena_alloc(arena, record.len);
    if (*scratch == NULL)
        return false;
    out_text->ptr = *scratch;
    return np_json_text_decode(raw, *scratch, &out_text->len);
}

bool np_json_each_text(struct np_json_reader *reader, struct np_span record, struct np_arena *arena,
                       np_json_text_fn *fn, void *context)
{
    struct np_json_tokens tokens;
    const char *reason;
    if (np_json_reader_index(reader, record, &tokens, &reason) != NP_JSON_OK)
        return false;
    char *scratch = NULL;
    long depth = 0;
    for (const uint32_t *at = tokens.begin; at < tokens.end; at++) {
        char c = record.ptr[*at];
        depth += np_json_nesting[(unsigned char) c];
        struct np_span text;
        if (depth <= 0)
            return at + 1 == tokens.end;
        if (c == '"' && !(take_text(record, at, arena, &scratch, &text) && fn(context, text)))
            return false;
    }
    return false;
}
