/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much room hostile text takes on a terminal, and how to show it in less. Every function here
 * escapes what it writes (escape.h), so a cell that was fitted is safe. Widths are columns; errors
 * stay in the buffer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "sink/escape.h"

#define NP_COLUMNS_UNLIMITED SIZE_MAX

/*
 * The columns of `text`, counted up to the first glyph that reaches `limit`: longer texts cost no
 * more.
 */
size_t np_width(struct np_span text, size_t limit, enum np_charset charset);

/* What stays of a text that is too long. */
enum np_keep {
    NP_KEEP_HEAD, /* the beginning, as of a sentence */
    NP_KEEP_TAIL, /* the end, as of a path; from a ':' or '/' on where one is near */
    /* the beginnings of what stands before and behind the last '/': role and session */
    NP_KEEP_NAMES,
    NP_KEEP_MAX
};

/*
 * Appends `text` in at most `columns`; what was cut is marked with an ellipsis. Returns the columns
 * written.
 */
size_t np_fit(struct np_buf *buf, struct np_span text, size_t columns, enum np_keep keep,
              enum np_charset charset);

/* Some of many things. */
struct np_list {
    const struct np_span *items;
    size_t count;
    uint64_t total; /* how many there are; at least `count` */
    bool at_least;  /* there may be more than `total` */
};

/*
 * Appends "a, b +3": as many items as fit and how many more there are. Returns the columns written.
 */
size_t np_fit_list(struct np_buf *buf, const struct np_list *list, size_t columns,
                   enum np_charset charset);

/* A part of a line that is shown whole or not at all. Its text is ours, in ASCII; no data. */
struct np_part {
    char text[48];
    unsigned rank; /* the lowest goes first when room is short; NP_PART_LEFT_OUT never shows */
};

enum { NP_PART_LEFT_OUT = 0 };

/*
 * Appends those of `parts` that fit, with `gap` between them, the one of the highest rank always
 * (cut if need be). Returns the columns written.
 */
size_t np_fit_parts(struct np_buf *buf, const struct np_part *parts, size_t count, const char *gap,
                    size_t columns);

/*
 * The part of an ARN that tells things apart: "user/ann" of arn:aws:iam::123456789012:user/ann,
 * "role/session" of an assumed role; with the account in front where it is not `account`. Any other
 * text as it is.
 */
struct np_span np_arn_short(struct np_span text, struct np_span account);
