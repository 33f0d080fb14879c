/* SPDX-License-Identifier: Apache-2.0 */
/* The nearest right word for a mistyped one. */
#pragma once

#include <stddef.h>

#include "base/span.h"

/*
 * The word of `words` nearest to `wrong` by Damerau-Levenshtein distance (adjacent letters may be
 * swapped), ignoring ASCII case; NULL where none is near: at most a third of the letters, at least
 * one, may differ.
 */
const char *np_suggest(struct np_span wrong, const char *const *words, size_t count);
