/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All rows are walked twice: to learn what the columns want, then to print. What is the same in all
 * rows (account, region, on narrow terminals the year) is no column.
 */
#include "sink/folded.h"

#include <errno.h>
#include <stdio.h>

#include "sink/figure.h"
#include "sink/grid.h"
#include "sink/terminal.h"

enum { FULL_TIME_COLUMNS = 140 }; /* of a terminal that has room for dates in full */

enum { LEVEL, RULE, PRINCIPAL, ACCOUNT, OUTCOME, COUNT, FIRST, LAST, TARGETS, REGION, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 6,
    .columns = /* title, rank */
    {
        [LEVEL] = {"LEVEL", 0, .min = 8, .good = 8},
        [RULE] = {"RULE", 1, .min = 16, .good = 36, .eager = 1},
        [PRINCIPAL] = {"PRINCIPAL", 3, .min = 12, .good = 20, .keep = NP_KEEP_NAMES},
        [ACCOUNT] = {"ACCOUNT", 6, .min = 7, .good = 12, .eager = 4, .keep = NP_KEEP_TAIL},
        [OUTCOME] = {"OUTCOME", 5, .min = 7, .good = 12},
        [COUNT] = {"COUNT", 2, .min = 10, .good = 10, .align_right = true},
        [FIRST] = {"FIRST", 4, .min = 19, .good = 19},
        [LAST] = {"LAST", 7, .min = 19, .good = 19},
        [TARGETS] = {"TARGETS", 8, .min = 14, .good = 24},
        [REGION] = {"REGION", 9, .min = 9, .good = 14},
    },
};

/* Texts of np_time_format_local(), and how much of them is shown where there is less room. */
enum time_form {
    TIME_FULL, /* 2023-07-10 11:45:01 */
    TIME_DAY,  /* 07-10 11:45, where all are of one year, which is in the title then */
    TIME_DATE, /* 2023-07-10 */
};
enum { YEAR_LEN = 4, MONTH_AT = 5, DATE_LEN = 10, CLOCK_AT = 11, DAY_LEN = 11, MINUTES_LEN = 5 };

struct view {
    const struct np_rollup *rollup;
    const struct np_sink_params *params;
    struct np_grid grid;
    struct np_buf targets; /* scratch: the cell of the targets */
    enum time_form time_form;
    char time_title[NP_TIME_TITLE_BYTES]; /* for the grid */
};

/* The texts behind the cells of a row. */
struct texts {
    char count[NP_FIGURE_BYTES];
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
};

static bool is_known_time(const char *text)
{
    return strlen(text) > CLOCK_AT;
}

static struct np_span time_cell(const char *text, enum time_form form)
{
    struct np_span span = np_span_of(text);
    if (form == TIME_DAY && is_known_time(text))
        return np_span_head(np_span_from(span, MONTH_AT), DAY_LEN);
    return form == TIME_DATE ? np_span_head(span, DATE_LEN) : span;
}

/* The time of the last finding as far as it differs: nothing, the clock, or all of it. */
static struct np_span last_cell(const struct texts *texts, enum time_form form)
{
    if (strcmp(texts->first, texts->last) == 0)
        return (struct np_span){};
    if (strncmp(texts->first, texts->last, DATE_LEN) != 0)
        return time_cell(texts->last, form);
    struct np_span clock = np_span_from(np_span_of(texts->last), CLOCK_AT);
    return form == TIME_FULL ? clock : np_span_head(clock, MINUTES_LEN);
}

/* Fills the cells of a row; they live until the next one: 0 or -ENOMEM. */
static int make_cells(struct view *view, const struct np_rollup_row *row, struct texts *texts,
                      struct np_cell cells[NP_GRID_COLUMNS_MAX])
{
    const struct np_list targets = {.items = row->targets,
                                    .count = row->targets_kept,
                                    .total = row->target_count,
                                    .at_least = row->more_targets};
    size_t columns = np_grid_cell_columns(&view->grid, TARGETS); /* 0 while measuring */
    np_figure_times(texts->count, row->count, view->grid.charset);
    np_time_format_local(texts->first, row->first);
    np_time_format_local(texts->last, row->last);
    cells[LEVEL] = np_level_cell(view->params, row->rule->level);
    cells[RULE].text = np_span_of(row->rule->title);
    cells[PRINCIPAL].text = np_arn_short(row->principal, row->account);
    cells[OUTCOME].text = row->outcome;
    cells[COUNT].text = np_span_of(texts->count);
    cells[FIRST].text = time_cell(texts->first, view->time_form);
    cells[LAST].text = last_cell(texts, view->time_form);
    np_buf_reset(&view->targets);
    np_fit_targets(&view->targets, &targets, row->account,
                   columns > 0 ? columns : NP_GRID_CELL_MAX_COLUMNS, view->grid.charset);
    cells[TARGETS].text = np_buf_span(&view->targets);
    if (view->rollup->many_accounts)
        cells[ACCOUNT].text = row->many_accounts ? NP_SPAN("several") : row->account;
    if (view->rollup->many_regions)
        cells[REGION].text = row->many_regions ? NP_SPAN("several") : row->region;
    return view->targets.error;
}

/* Whether all times are of one year, which is written to `out_year`. */
static bool find_year(const struct np_rollup *rollup, char out_year[YEAR_LEN + 1])
{
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
    out_year[0] = '\0';
    for (size_t i = 0; i < rollup->rows.len; i++) {
        np_time_format_local(first, rollup->rows.items[i].first);
        np_time_format_local(last, rollup->rows.items[i].last);
        if (!is_known_time(first))
            continue;
        if (out_year[0] == '\0')
            (void) snprintf(out_year, YEAR_LEN + 1, "%.4s", first);
        if (strncmp(first, out_year, YEAR_LEN) != 0 || strncmp(last, out_year, YEAR_LEN) != 0)
            return false;
    }
    return out_year[0] != '\0';
}

/* On a narrow terminal the year goes from each row into the title, or the clock goes. */
static void choose_times(struct view *view)
{
    char year[YEAR_LEN + 1] = "";
    if (view->grid.width < FULL_TIME_COLUMNS)
        view->time_form = find_year(view->rollup, year) ? TIME_DAY : TIME_DATE;
    np_time_title(view->time_title, view->time_form == TIME_DAY ? year : "FIRST", view->params);
    view->grid.columns[FIRST].title = view->time_title;
}

/* Learns what the columns want from all rows. */
static int measure(struct view *view)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    struct np_grid *grid = &view->grid;
    for (size_t i = 0; i < view->rollup->rows.len; i++) {
        int r = make_cells(view, &view->rollup->rows.items[i], &texts, cells);
        if (r < 0)
            return r;
        for (size_t c = 0; c < grid->count; c++) {
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset);
            grid->columns[c].want = NP_MAX(grid->columns[c].want, width);
        }
    }
    np_grid_fit(grid);
    return 0;
}

static int show_rows(struct view *view, struct np_err *err)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    struct np_out *out = view->params->out;
    np_terminal_titles(np_out_buf(out), &view->grid, view->params);
    int r = np_out_commit(out, err);
    for (size_t i = 0; i < view->rollup->rows.len && r == 0; i++) {
        r = make_cells(view, &view->rollup->rows.items[i], &texts, cells);
        if (r < 0)
            return np_fail(err, r, "out of memory");
        np_grid_row(&view->grid, np_out_buf(out), cells);
        r = np_out_commit(out, err);
    }
    return r;
}

int np_folded_show(struct np_rollup *rollup, const struct np_sink_params *params,
                   struct np_err *err)
{
    struct view view = {.rollup = rollup, .params = params, .grid = grid_template};
    view.grid.width = np_params_columns(params);
    view.grid.charset = np_params_charset(params);
    np_buf_init(&view.targets, SIZE_MAX); /* it holds one cell */
    np_rollup_sort(rollup);
    choose_times(&view);
    int r = measure(&view);
    r = r < 0 ? np_fail(err, r, "out of memory") : show_rows(&view, err);
    np_buf_done(&view.targets);
    return r;
}
