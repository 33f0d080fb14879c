/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking into JSON text that a reader has found to be valid, without a plan: for the few values that are asked for seldom, and by place
 * rather than by path (an element of an array, a whole array as text). A value is the span of its bytes.
 *
 * Nothing here trusts the text all the same: the reader passes over what its plan does not want, so what is malformed is simply not
 * found.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/span.h"

/* A walk over the members of an object or the elements of an array. */
struct np_json_walk {
    struct np_span rest;
    bool is_object;
};

/* Begins a walk over `value`: false where it is neither object nor array. */
bool np_json_walk_begin(struct np_json_walk *walk, struct np_span value);

/* The next member or element: false at the end. `*out_key` is what stands between the quotes, empty in an array. */
bool np_json_walk_next(struct np_json_walk *walk, struct np_span *out_key,
                       struct np_span *out_value);

/*
 * One step down: the first member of that name of an object, or the element of that number of an array (from 0, in decimal). Names
 * are compared with the text as written: one that is written with escapes is not found.
 */
bool np_json_step(struct np_span value, struct np_span name, struct np_span *out_value);

/* Whether `value` is a string, an array. */
static inline bool np_json_is_text(struct np_span value)
{
    return value.len > 1 && value.ptr[0] == '"';
}

static inline bool np_json_is_array(struct np_span value)
{
    return value.len > 0 && value.ptr[0] == '[';
}

/*
 * A value as text: what a string says, anything else as JSON without white space. Made in `arena` where it is not in the value; 0,
 * -EINVAL (a malformed string) or -ENOMEM.
 */
NP_NODISCARD int np_json_value_text(struct np_span value, struct np_arena *arena,
                                    struct np_span *out_text);

/* Appends `value` with a line for each member and element, indented by two blanks a level: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_json_indent(struct np_buf *out, struct np_span value);
