/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a regular expression cannot match without: literals, at least one of which is in every text
 * that matches. They tell "no" from a search that is much cheaper than the expression's own, and of
 * many expressions in one pass (literals.h).
 *
 * Read from the pattern's text, and cautiously: a pattern with anything that is not understood
 * (backtracking verbs, conditions, calls, \Q, extended syntax ...) needs nothing that is known.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/span.h"

enum { NP_REGEX_NEEDS_MAX = 32 };

struct np_regex_needs {
    const struct np_span *literals; /* ASCII, folded, NP_LITERALS_MIN_BYTES or more each */
    size_t count;                   /* at most NP_REGEX_NEEDS_MAX; 0 = nothing is known */
};

/*
 * What `pattern`, a regular expression of regex.h, needs whatever its options: a text that matches
 * has one of the literals when it is folded (fold.h). The literals are made in `arena`. 0 or
 * -ENOMEM.
 */
NP_NODISCARD int np_regex_needs_find(struct np_regex_needs *out_needs, struct np_arena *arena,
                                     struct np_span pattern);
