/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two halves of the splitter share: split.c stands between values and in text,
 * json_split_value.c inside a value.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "codec/json/split.h"
#include "codec/json/token.h"

enum np_split_state {
    NP_SPLIT_BETWEEN,         /* where a value may begin */
    NP_SPLIT_INSIDE,          /* in a value in brackets */
    NP_SPLIT_STRING,          /* in a string that is no part of a record */
    NP_SPLIT_SCALAR,          /* in a word that may be a number, true, false or null */
    NP_SPLIT_TEXT,            /* in bytes that are no JSON */
    NP_SPLIT_TEXT_LINE_START, /* in the blanks that begin a line of such bytes */
    NP_SPLIT_STATE_MAX
};

/* What stands around the values that are cut out. */
enum np_split_container { NP_SPLIT_TOP, NP_SPLIT_ARRAY, NP_SPLIT_ENVELOPE };

/* What `scan` is inside of. */
enum np_split_value {
    NP_SPLIT_RECORD, /* an object; at the top level it may turn out to be an envelope */
    NP_SPLIT_NESTED_ARRAY,
    NP_SPLIT_ENVELOPE_REST /* an envelope behind an array of records */
};

enum np_split_step {
    NP_STEP_GO_ON, /* the state has changed: call the function of the new one */
    NP_STEP_PIECE, /* a piece was given */
    NP_STEP_MORE   /* the window is used up */
};

/* What one call of np_split_next() got. */
struct np_split_view {
    const char *bytes;
    uint64_t end; /* offset in the stream */
    bool final;
    struct np_piece *out_piece;
};

/* A byte that is no blank, and the offset behind it. */
struct np_split_solid {
    char byte;
    uint64_t end;
};

static inline const char *np_split_at(const struct np_split *split,
                                      const struct np_split_view *view, uint64_t offset)
{
    return view->bytes + (offset - split->base);
}

static inline struct np_span np_split_span(const struct np_split *split,
                                           const struct np_split_view *view, uint64_t from,
                                           uint64_t to)
{
    return np_span_make(np_split_at(split, view, from), (size_t) (to - from));
}

static inline struct np_span np_split_trim_end(struct np_span span)
{
    while (span.len > 0 && np_json_is_blank(span.ptr[span.len - 1]))
        span.len--;
    return span;
}

/* Whether valid JSON may have `{` at the start of a line behind this byte. */
static inline bool np_split_may_precede_object(char solid)
{
    return solid == '[' || solid == ',' || solid == ':';
}

/* The last byte before `offset` that is no blank. */
struct np_split_solid np_split_solid_before(const struct np_split *split,
                                            const struct np_split_view *view, uint64_t offset);

/* Goes on between values at `offset`: in the same container, or at the top level. */
void np_split_go_between(struct np_split *split, uint64_t offset);
void np_split_go_top(struct np_split *split, uint64_t offset);

/* Enters `state` with something that starts at `scan`. */
void np_split_begin(struct np_split *split, enum np_split_state state);

/* Keeps the first bytes of what began at `start`, which the window need not hold any longer. */
void np_split_let_go(struct np_split *split, const struct np_split_view *view);

/* Gives what began at `start` as a piece up to `end`. */
enum np_split_step np_split_give(struct np_split *split, const struct np_split_view *view,
                                 enum np_piece_kind kind, uint64_t end);

/* Gives the array or envelope around the values as BROKEN, up to `end`. */
enum np_split_step np_split_give_container(const struct np_split *split,
                                           const struct np_split_view *view, uint64_t end);

/* Steps behind the bracket at `scan` and into the value. */
void np_split_value_begin(struct np_split *split, enum np_split_value value);

/* The step of the state NP_SPLIT_INSIDE. */
enum np_split_step np_split_value_step(struct np_split *split, const struct np_split_view *view);

/* Ends a value that does not close: a boundary or the end of input is at `offset`. */
enum np_split_step np_split_value_end(struct np_split *split, const struct np_split_view *view,
                                      uint64_t offset);
