/* SPDX-License-Identifier: Apache-2.0 */
/* A text value with its wildcards, and what Sigma's text modifiers make of it. */
#pragma once

#include "rule/sigma/modifier.h"

struct np_sigma_text {
    const struct np_pattern_part *parts;
    size_t count;
};

/* Texts of one value. */
struct np_sigma_texts {
    struct np_sigma_text *items;
    size_t len;
    size_t cap;
};

/*
 * Reads wildcards and escapes: a backslash is one, but before '*', '?' or '\' it takes away what
 * they mean. The parts live in `arena` or in `value`. 0 or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_parse(struct np_arena *arena, struct np_span value,
                                     struct np_sigma_text *out_text);

/* Puts a run of any characters in front of the text, behind it, or both: 0 or -ENOMEM. */
NP_NODISCARD int np_sigma_text_open(struct np_arena *arena, struct np_sigma_text *text, bool front,
                                    bool back);

/*
 * Writes the text as a rule would, its wildcards and escapes included: a text in `arena`, or an
 * empty one with a NULL pointer where memory is out.
 */
struct np_span np_sigma_text_write(struct np_arena *arena, struct np_sigma_text text);

/* The text of a value; of a boolean, which is written in several ways, as events have it. */
struct np_span np_sigma_written(const struct np_yaml_node *node);

/* Room for np_sigma_text_modify(), used again for value after value. Begin with a zeroed one. */
struct np_sigma_text_work {
    struct np_sigma_texts now; /* the result */
    struct np_sigma_texts before;
    struct np_sigma_texts filled; /* of `expand`: the texts before other modifiers */
};

/* The result becomes what was before; the new result is empty. */
void np_sigma_text_work_swap(struct np_sigma_text_work *work);
void np_sigma_text_work_done(struct np_sigma_text_work *work);

/*
 * Puts into `work->now` what the modifiers of `key` make of the value `node`, in their order, but
 * for `expand`, which comes first wherever it stands; what that gave is kept in `work->filled`. The
 * parts live in the set's scratch. 0, -EINVAL where it is refused, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_modify(struct np_sigma_document *document,
                                      const struct np_sigma_key *key,
                                      const struct np_yaml_node *node,
                                      struct np_sigma_text_work *work);

/*
 * Of encode.c: adds what an encoding modifier makes of one text. `node` is where it stands. Results
 * as above.
 */
NP_NODISCARD int np_sigma_text_encode(struct np_sigma_document *document,
                                      const struct np_yaml_node *node,
                                      enum np_sigma_modifier modifier, struct np_sigma_text text,
                                      struct np_sigma_texts *texts);

/* Of windash.c: adds the text with a part of its own for each dash: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_text_windash(struct np_sigma_document *document,
                                       struct np_sigma_text text, struct np_sigma_texts *texts);

/*
 * Of windash.c: adds a text for each combination of the dashes that may stand for those parts; the
 * text itself where it has none. `node` is where it stands. 0, -EINVAL where they are too many,
 * -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_spell_dashes(struct np_sigma_document *document,
                                            const struct np_yaml_node *node,
                                            struct np_sigma_text text,
                                            struct np_sigma_texts *texts);

/*
 * Adds one text to `texts`, counting those that a value is multiplied into: 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_texts_add(struct np_sigma_document *document,
                                    struct np_sigma_texts *texts, struct np_sigma_text text);
