/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a regular expression (the first line) and a text (the others): what the expression is
 * said to need is well formed, and in the text when PCRE2 says that it matches.
 */
#include <stdint.h>

#include "base/buf.h"
#include "codec/fold.h"
#include "codec/literals.h"
#include "codec/regex.h"
#include "codec/regex_needs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_need(const struct np_regex_needs *needs, struct np_span text)
{
    struct np_buf folded;
    np_buf_init(&folded, SIZE_MAX / 2);
    NP_ASSERT(np_fold_append(&folded, text) == 0);
    bool has = false;
    for (size_t i = 0; i < needs->count; i++)
        has |= np_fold_ascii_find(np_buf_span(&folded), needs->literals[i]) != NP_FOLD_NOT_FOUND;
    np_buf_done(&folded);
    return has;
}

static bool matches(struct np_span pattern, uint8_t options, struct np_span text)
{
    struct np_regex_source source = {
        .pattern = pattern,
        .ignore_case = (options & 1) != 0,
        .multi_line = (options & 2) != 0,
        .dot_all = (options & 4) != 0,
    };
    struct np_regex *regex = NULL;
    struct np_regex_scratch *scratch = NULL;
    if (np_regex_new(&regex, &source, NULL) < 0)
        return false;
    NP_ASSERT(np_regex_scratch_new(&scratch) == 0);
    bool found = np_regex_search(regex, scratch, text) == NP_REGEX_YES;
    np_regex_scratch_free(&scratch);
    np_regex_free(&regex);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct np_span input = np_span_make((const char *) data + 1, size - 1);
    const char *end = input.len > 0 ? memchr(input.ptr, '\n', input.len) : NULL;
    size_t len = end != NULL ? (size_t) (end - input.ptr) : input.len;
    struct np_span pattern = np_span_head(input, len);
    struct np_span text = np_span_from(input, len + 1);
    struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    struct np_regex_needs needs;
    NP_ASSERT(np_regex_needs_find(&needs, &arena, pattern) == 0);
    NP_ASSERT(needs.count <= NP_REGEX_NEEDS_MAX);
    for (size_t i = 0; i < needs.count; i++)
        NP_ASSERT(needs.literals[i].len >= NP_LITERALS_MIN_BYTES &&
                  np_fold_is_ascii(needs.literals[i]));
    if (needs.count > 0 && matches(pattern, data[0], text))
        NP_ASSERT(has_need(&needs, text));
    np_arena_done(&arena);
    return 0;
}
