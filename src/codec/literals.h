/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many literals looked for in one pass over a text, whatever the case of its ASCII letters.
 *
 * Each literal is known by two overlapping groups of three bytes, its rarest. The pass looks at
 * every second place of the text, so that it meets one of the two, and asks a bit map first; only
 * where a group is known are the literals that it belongs to compared.
 * docs/adr/0010-many-literals.md has the comparison with other ways.
 *
 * Immutable once built, shared by threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"

enum { NP_LITERALS_MIN_BYTES = 4, NP_LITERALS_MAX = 1 << 24 };

struct np_literals;

/*
 * A set of `literals`, folded (fold.h), at least NP_LITERALS_MIN_BYTES long each, copied; literals
 * are known by their index from then on. 0, -EINVAL (one is too short), -E2BIG (too many, or too
 * long in all) or -ENOMEM.
 */
NP_NODISCARD int np_literals_new(struct np_literals **out_literals, const struct np_span *literals,
                                 size_t count);
void np_literals_free(struct np_literals **literals);

/* What np_literals_scan() calls for a literal that occurs. */
typedef void np_literals_fn(void *context, uint32_t literal);

/*
 * Calls `fn` for each occurrence of a literal in `text` (ASCII, or folded), in no promised order;
 * a literal that occurs more than once is told more than once.
 */
void np_literals_scan(const struct np_literals *literals, struct np_span text, np_literals_fn *fn,
                      void *context);
