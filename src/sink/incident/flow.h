/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A labelled list in lines: "why     one; two; three", broken between items where a line is full, never within one. Items are
 * hostile text and are made safe on the way. Errors stay in the buffer.
 */
#pragma once

#include "sink/terminal.h"

enum { NP_FLOW_LABEL_COLUMNS = 8 };

struct np_flow {
    struct np_buf *buf;
    const struct np_sink_params *params;
    const char *gap; /* between items, of ours */
    enum np_charset charset;
    size_t columns; /* of a line */
    size_t indent;
    size_t at;    /* columns used in this line */
    size_t items; /* in this line */
};

/* Begins a list with its label; `gap` (ASCII or, where the terminal has it, Unicode) stands between items. */
struct np_flow np_flow_begin(struct np_buf *buf, const char *label, const char *gap,
                             const struct np_sink_params *params);

/* Adds an item, cut where it is wider than a line; `sgr` as of a cell. */
void np_flow_add(struct np_flow *flow, struct np_span item, const char *sgr);

/* Adds an item that is put together as printf() does, cut where it is very long. */
void np_flow_addf(struct np_flow *flow, const char *sgr, const char *fmt, ...) NP_PRINTF(3, 4);

/*
 * Adds a command of the shell as lines of its own: broken between words, with a backslash, so that it can be copied; a word
 * is never cut.
 */
void np_flow_add_command(struct np_flow *flow, struct np_span command);

/* Ends the last line. */
void np_flow_end(struct np_flow *flow);
