/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shell patterns as fnmatch(3) means them without flags in the C locale: "*" and "?" match "/" and a leading ".", too, "[...]" has
 * ranges and classes, a backslash takes the next byte as it is. Bytes, not characters. Time is at most the product of both lengths,
 * which fnmatch() does not promise.
 */
#pragma once

#include <stdbool.h>

#include "base/span.h"

/* Whether all of `text` matches; with `fold` ASCII letters in any case. */
bool np_glob_matches(struct np_span pattern, struct np_span text, bool fold);

/*
 * Whether the path `text` is `path`, or lies below it, part by part between slashes: a part of `path` that holds one of "?*[" is a
 * pattern. Empty parts do not count, so that "/" holds everything.
 */
bool np_glob_holds(struct np_span path, struct np_span text);

/* The longest part of `path` that is no pattern: every text that np_glob_holds() has it. */
struct np_span np_glob_longest_part(struct np_span path);
