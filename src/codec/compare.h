/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of texts byte by byte, for rules, that no pattern with wildcards can say. */
#pragma once

#include <stdbool.h>

#include "base/span.h"

enum np_compare {
    NP_COMPARE_ICONTAINS, /* ASCII letters in any case; what is looked for has no capital ones */
    NP_COMPARE_GLOB,      /* np_glob_matches() */
    NP_COMPARE_IGLOB,     /* the same with ASCII letters in any case */
    NP_COMPARE_PATH,      /* np_glob_holds() */
    NP_COMPARE_LESS,      /* in the order of bytes */
    NP_COMPARE_LESS_EQUAL,
    NP_COMPARE_GREATER,
    NP_COMPARE_GREATER_EQUAL,
    NP_COMPARE_MAX
};

/* Whether `text` compares with `with`: contains it, matches it, lies below it, is less. */
bool np_compare_texts(enum np_compare how, struct np_span text, struct np_span with);

/* An ASCII text that occurs, in any case, in every text that compares; empty where there is none. */
struct np_span np_compare_guard(enum np_compare how, struct np_span with);
