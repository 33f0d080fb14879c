/* SPDX-License-Identifier: Apache-2.0 */
/* What all that is written for a terminal has in common. */
#pragma once

#include "base/buf.h"
#include "sink/escape.h"
#include "sink/grid.h"
#include "sink/sink.h"
#include "sink/width.h"

#define NP_SGR_TITLE "1" /* bold */

static inline enum np_charset np_params_charset(const struct np_sink_params *params)
{
    return params->unicode ? NP_CHARSET_UNICODE : NP_CHARSET_ASCII;
}

static inline size_t np_params_columns(const struct np_sink_params *params)
{
    return params->width > 0 ? params->width : NP_COLUMNS_UNLIMITED;
}

/* The name of a level, "informational" shortened. */
const char *np_level_short(enum np_level level);

/* The cell of a level, in its colour. */
struct np_cell np_level_cell(const struct np_sink_params *params, enum np_level level);

/*
 * Appends a list of at most NP_FINDING_TARGETS_MAX targets in `columns`, without what is common to
 * the ARNs of `account`.
 */
void np_fit_targets(struct np_buf *buf, const struct np_list *targets, struct np_span account,
                    size_t columns, enum np_charset charset);

enum { NP_TIME_TITLE_BYTES = 64 };

/* The title of a column of times: `word` and the name of the zone, e.g. "TIME (UTC)". */
void np_time_title(char out_text[NP_TIME_TITLE_BYTES], const char *word,
                   const struct np_sink_params *params);

/* Appends the titles of a grid as a row. */
void np_terminal_titles(struct np_buf *buf, const struct np_grid *grid,
                        const struct np_sink_params *params);
