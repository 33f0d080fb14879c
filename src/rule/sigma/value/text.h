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

/*
 * Adds one text to `texts`, counting those that a value is multiplied into: 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_texts_add(struct np_sigma_document *document,
                                    struct np_sigma_texts *texts, struct np_sigma_text text);

/* Room for np_sigma_text_modify(), used again for value after value. Begin with a zeroed one. */
struct np_sigma_text_work {
    struct np_sigma_texts now; /* the result */
    struct np_sigma_texts before;
    struct np_sigma_texts filled; /* of `expand`: the texts before other modifiers */
};

/* The result becomes what was before; the new result is empty. */
void np_sigma_text_work_swap(struct np_sigma_text_work *work);
void np_sigma_text_work_done(struct np_sigma_text_work *work);
