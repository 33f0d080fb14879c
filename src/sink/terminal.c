/* SPDX-License-Identifier: Apache-2.0 */
/* Colours and cells that more than one view shows: see terminal.h. */
#include "sink/terminal.h"

#include <stdio.h>

const char *np_level_short(enum np_level level)
{
    return level == NP_LEVEL_INFORMATIONAL ? "info" : np_level_name(level);
}

struct np_cell np_level_cell(const struct np_sink_params *params, enum np_level level)
{
    static const char *const sgr[NP_LEVEL_MAX] = {
        [NP_LEVEL_INFORMATIONAL] = NULL,
        [NP_LEVEL_LOW] = "36",       /* cyan */
        [NP_LEVEL_MEDIUM] = "33",    /* yellow */
        [NP_LEVEL_HIGH] = "31",      /* red */
        [NP_LEVEL_CRITICAL] = "1;31" /* bold red */
    };
    return (struct np_cell){np_span_of(np_level_short(level)), params->colour ? sgr[level] : NULL};
}

void np_fit_targets(struct np_buf *buf, const struct np_list *targets, struct np_span account,
                    size_t columns, enum np_charset charset)
{
    struct np_span items[NP_FINDING_TARGETS_MAX];
    struct np_list list = *targets;
    list.items = items;
    list.count = NP_MIN(list.count, NP_ARRAY_LEN(items));
    for (size_t i = 0; i < list.count; i++)
        items[i] = np_arn_short(targets->items[i], account);
    np_fit_list(buf, &list, columns, charset);
}

void np_time_title(char out_text[NP_TIME_TITLE_BYTES], const char *word,
                   const struct np_sink_params *params)
{
    const char *zone = params->zone != NULL ? params->zone : "local";
    (void) snprintf(out_text, NP_TIME_TITLE_BYTES, "%s (%s)", word, zone);
}

void np_terminal_titles(struct np_buf *buf, const struct np_grid *grid,
                        const struct np_sink_params *params)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    for (size_t i = 0; i < grid->count; i++)
        cells[i] = (struct np_cell){np_span_of(grid->columns[i].title),
                                    params->colour ? NP_SGR_TITLE : NULL};
    np_grid_row(grid, buf, cells);
}
