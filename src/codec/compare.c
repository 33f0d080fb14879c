/* SPDX-License-Identifier: Apache-2.0 */
/* See compare.h. */
#include "codec/compare.h"

#include "codec/fold.h"
#include "codec/glob.h"

bool np_compare_texts(enum np_compare how, struct np_span text, struct np_span with)
{
    switch (how) {
    case NP_COMPARE_ICONTAINS: /* bytes above 127 stand for themselves there */
        return with.len == 0 || np_fold_ascii_find(text, with) != NP_FOLD_NOT_FOUND;
    case NP_COMPARE_GLOB:
        return np_glob_matches(with, text, false);
    case NP_COMPARE_IGLOB:
        return np_glob_matches(with, text, true);
    case NP_COMPARE_PATH:
        return np_glob_holds(with, text);
    case NP_COMPARE_LESS:
        return np_span_compare(text, with) < 0;
    case NP_COMPARE_LESS_EQUAL:
        return np_span_compare(text, with) <= 0;
    case NP_COMPARE_GREATER:
        return np_span_compare(text, with) > 0;
    case NP_COMPARE_GREATER_EQUAL:
        return np_span_compare(text, with) >= 0;
    case NP_COMPARE_MAX:
        break;
    }
    return false;
}

struct np_span np_compare_guard(enum np_compare how, struct np_span with)
{
    struct np_span guard = {};
    if (how == NP_COMPARE_ICONTAINS)
        guard = with;
    else if (how == NP_COMPARE_PATH)
        guard = np_glob_longest_part(with);
    return np_fold_is_ascii(guard) ? guard : (struct np_span){};
}
