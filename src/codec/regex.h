/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions: PCRE2 with its just-in-time compiler, in UTF-8. A search is bounded in
 * steps and memory; one that runs into the bound says so and is never taken for "no".
 *
 * A text that is not UTF-8 is searched with U+FFFD in place of each byte that is wrong, so that
 * such a byte can neither stop a match on its left from reaching its right nor crash the matcher.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct np_regex_source {
    struct np_span pattern;
    bool ignore_case;
    bool multi_line; /* ^ and $ at each line */
    bool dot_all;    /* . matches a newline too */
};

enum {
    NP_REGEX_PATTERN_MAX_BYTES = 64 * 1024,
    NP_REGEX_STEPS_MAX =
        1000 * 1000, /* of one search, in PCRE2's measure ("match limit"): some 2 ms */
    NP_REGEX_DEPTH_MAX =
        20 * 1000, /* of nested backtracking where there is no JIT ("depth limit") */
    NP_REGEX_STACK_MAX_BYTES = 512 * 1024 /* of the JIT's own stack */
};

enum np_regex_result { NP_REGEX_NO, NP_REGEX_YES, NP_REGEX_STEPS_LIMIT, NP_REGEX_MEMORY_LIMIT };

struct np_regex;
struct np_regex_scratch;

/*
 * Whether `source` is a regular expression: 0, -EINVAL with `*out_offset`, the byte of the pattern
 * where the error was seen, or -ENOMEM.
 */
NP_NODISCARD int np_regex_check(const struct np_regex_source *source, size_t *out_offset,
                                struct np_err *err);

/* A compiled expression, immutable and shared by threads: 0, -EINVAL or -ENOMEM. */
NP_NODISCARD int np_regex_new(struct np_regex **out_regex, const struct np_regex_source *source,
                              struct np_err *err);
void np_regex_free(struct np_regex **regex);

/* What searches of one thread need; serves any number of expressions. 0 or -ENOMEM. */
NP_NODISCARD int np_regex_scratch_new(struct np_regex_scratch **out_scratch);
void np_regex_scratch_free(struct np_regex_scratch **scratch);

/*
 * Looks for a match anywhere in `text`. Allocates only for a text that is not UTF-8 and longer
 * than those before.
 */
enum np_regex_result np_regex_search(const struct np_regex *regex, struct np_regex_scratch *scratch,
                                     struct np_span text);
