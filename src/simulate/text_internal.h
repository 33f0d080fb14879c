/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the compiler of texts: segments (text_compile.c), JSON (text_json.c), one hole (text_hole.c). */
#pragma once

#include "base/vec.h"
#include "simulate/text.h"

enum { NP_TEXT_MAX_SEGMENTS = 20000 };

/* What stands between `${` and `}`, and where: it begins at the byte `offset` of the text of `node`. */
struct np_hole_source {
    const struct np_yaml_node *node;
    size_t offset;
    struct np_span inside;
    bool json;
    bool optional; /* stands in a member that may be left out */
};

/*
 * Reads a hole into `out_segment`, all but its literal text. What is wrong is added to the diagnostics, and the hole
 * is NP_HOLE_NONE. 0 or -ENOMEM.
 */
NP_NODISCARD int np_hole_read(struct np_segment *out_segment, const struct np_text_scope *scope,
                              const struct np_hole_source *source);

/* Whether a hole gives a number, which within JSON stands without quotes. */
bool np_hole_is_number(const struct np_segment *segment);

/* Appends `text` as it stands within the quotes of JSON. */
void np_text_escape(struct np_buf *buf, struct np_span text);

/* The stem of a problem at the byte `offset` of the text of `node`. */
struct np_diag np_text_problem(const struct np_text_scope *scope, const struct np_yaml_node *node,
                               size_t offset, const char *code);

/* A text that is being compiled. Problems of memory with the literal stay in its `error`. */
struct np_text_compiler {
    const struct np_text_scope *scope;
    struct np_buf literal; /* before the next hole */
    NP_VEC(struct np_segment) segments;
    bool json;
    bool too_many;     /* segments: the text is refused in the end */
    unsigned optional; /* members that may be left out, around this place */
};

/* Appends literal text, within JSON escaped. */
void np_text_add_literal(struct np_text_compiler *compiler, struct np_span text);

/* Ends the literal with a hole. 0 or -ENOMEM. */
NP_NODISCARD int np_text_add_segment(struct np_text_compiler *compiler, struct np_segment segment);

/* Ends the literal, so that what follows begins a segment of its own. 0 or -ENOMEM. */
NP_NODISCARD int np_text_end_literal(struct np_text_compiler *compiler);

/* The length of the hole at the start of `text`, with its braces; 0 where it does not end. */
size_t np_text_hole_length(struct np_span text);

/* Reads the hole of `len` bytes at `offset`: see np_hole_read(). */
NP_NODISCARD int np_text_read_hole(struct np_text_compiler *compiler,
                                   struct np_segment *out_segment, const struct np_yaml_node *node,
                                   size_t offset, size_t len);

/* Adds the text of a scalar with its holes. 0 or -ENOMEM. */
NP_NODISCARD int np_text_add_scalar(struct np_text_compiler *compiler,
                                    const struct np_yaml_node *node);

/*
 * Adds a node as JSON; `*out_sure` is false where it is an object that has no member that is always there.
 * 0 or -ENOMEM.
 */
NP_NODISCARD int np_text_add_json(struct np_text_compiler *compiler,
                                  const struct np_yaml_node *node, bool *out_sure);
