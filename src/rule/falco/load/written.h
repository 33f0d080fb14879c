/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of conditions, put together of pieces of YAML and of texts made for them, that know for every byte where it comes from;
 * and Falco's lists, which are a matter of text: wherever a list's name stands alone between delimiters, its items stand instead.
 */
#pragma once

#include "rule/falco/load/book.h"

/* An empty text; np_falco_written_done() in any case. */
void np_falco_written_init(struct np_falco_written *written);
void np_falco_written_done(struct np_falco_written *written);

/* Appends `text`, all of which stands for one place, or is the node's text from there on: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_falco_write(struct np_falco_written *written, struct np_span text,
                                struct np_falco_mark from);

/* Appends the texts of pieces, a blank between two. Results as above. */
NP_NODISCARD int np_falco_write_pieces(struct np_falco_written *written,
                                       const struct np_falco_pieces *pieces);

/* Appends `text` in quotes where it holds a blank and has none. Results as above. */
NP_NODISCARD int np_falco_write_quoted(struct np_falco_written *written, struct np_span text,
                                       struct np_falco_mark from);

/* Where the byte at `offset` comes from: `at` is 0, `offset` that in the node's text. */
struct np_falco_mark np_falco_written_from(const struct np_falco_written *written, size_t offset);

/* Makes what the names of lists are replaced by, but for lists that get too large: 0 or -ENOMEM. */
NP_NODISCARD int np_falco_lists_make(struct np_falco_book *book);

/* Fills the lists into `written`, in the order of their definition, and notes which are used. Results as above. */
NP_NODISCARD int np_falco_lists_fill(struct np_falco_book *book, struct np_falco_written *written);
