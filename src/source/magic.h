/* SPDX-License-Identifier: Apache-2.0 */
/* What bytes that are no JSON are instead, as far as their first ones tell. */
#pragma once

#include "base/span.h"

/*
 * Words for a format whose files begin with `head` (NP_SPLIT_HEAD_BYTES are enough), with the
 * remedy where there is one: a literal; NULL where it is not known.
 */
const char *np_magic_words(struct np_span head);
