/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of the task state (names, argument lists, environments, paths). A clone shares all texts of
 * its parent, so that they are counted references to bytes that never change. One thread.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"

struct np_text {
    uint32_t refs;
    uint32_t len;
    char bytes[];
};

/* The bytes; NULL is the empty text. */
static inline struct np_span np_text_span(const struct np_text *text)
{
    return text != NULL ? (struct np_span){text->bytes, text->len} : (struct np_span){"", 0};
}

/*
 * Makes `*text` a copy of `bytes`, giving back what it held: 0, -ENOMEM or -E2BIG (4 GiB); `*text`
 * is unchanged on failure. Empty bytes make NULL.
 */
NP_NODISCARD int np_text_set(struct np_text **text, struct np_span bytes);

/* Makes `*text` one more reference to `other` (NULL allowed), giving back what it held. */
void np_text_share(struct np_text **text, struct np_text *other);

/* Gives the reference back and clears the pointer; NULL-safe. */
void np_text_drop(struct np_text **text);
