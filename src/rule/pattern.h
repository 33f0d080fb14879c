/* SPDX-License-Identifier: Apache-2.0 */
/* Matching a text against a pattern of ir.h. */
#pragma once

#include "rule/ir.h"

/*
 * Whether `text` matches. For a folding pattern `text` must be ASCII (in any case) or folded; `raw`
 * is what it was folded from, else `text` again. Time is at most the product of both lengths. "Any
 * one character" is one code point of `raw`, or one byte that is no UTF-8.
 */
bool np_pattern_matches(const struct np_pattern *pattern, struct np_span text, struct np_span raw);

/* How many bytes the dash that `text` begins with has (NP_PART_DASH); 0 = it begins with none. */
size_t np_pattern_dash(struct np_span text);

/*
 * A text that occurs in every text that matches, when both are folded: the longest literal; empty
 * where there is none. Of a pattern that does not fold, only ASCII literals count: what they fold
 * to is found in the folded text in any case.
 */
struct np_span np_pattern_guard(const struct np_pattern *pattern);
