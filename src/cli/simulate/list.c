/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho simulate list`: a row for each scenario, its slow form and its twin beside it. */
#include "cli/simulate/list.h"

#include "base/alloc.h"
#include "cli/message.h"
#include "cli/outputs.h"
#include "sink/terminal.h"

enum { NAME, KIND, TITLE, TWIN, SLOW, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 3,
    .columns = /* title, rank */
    {
        [NAME] = {"SCENARIO", 0, .min = 16, .good = 32, .eager = 1},
        [KIND] = {"KIND", 2, .min = 6, .good = 6},
        [TITLE] = {"TITLE", 1, .min = 24, .good = 48, .eager = 1},
        [TWIN] = {"BENIGN TWIN", 3, .min = 16, .good = 32},
        [SLOW] = {"SLOW FORM", 4, .min = 16, .good = 36},
    },
};

static const char *kind_name(enum np_scenario_kind kind)
{
    static const char *const names[NP_SCENARIO_KIND_MAX] = {
        [NP_SCENARIO_ATTACK] = "attack",
        [NP_SCENARIO_TWIN] = "twin",
        [NP_SCENARIO_BACKGROUND] = "background",
    };
    return names[kind];
}

/* The name of the slow form of a scenario; NULL where it has none. */
static const char *slow_name(const struct np_scenario_set *set, struct np_span name)
{
    for (size_t i = 0; i < np_scenario_set_count(set); i++) {
        struct np_scenario_info info = np_scenario_set_info(set, i);
        struct np_span other = np_span_of(info.name);
        if (info.slow && np_span_starts(other, name) &&
            np_span_is(np_span_from(other, name.len), "-slow"))
            return info.name;
    }
    return NULL;
}

/* Fills the cells of a row; false where the entry has none, as it stands in that of its ordinary form. */
static bool make_cells(const struct np_scenario_set *set, size_t index,
                       struct np_cell cells[COLUMN_MAX])
{
    struct np_scenario_info info = np_scenario_set_info(set, index);
    if (info.slow)
        return false;
    cells[NAME].text = np_span_of(info.name);
    cells[KIND].text = np_span_of(kind_name(info.kind));
    cells[TITLE].text = np_span_of(info.title);
    cells[TWIN].text = np_span_of(info.twin);
    cells[SLOW].text = np_span_of(slow_name(set, cells[NAME].text));
    return true;
}

static void measure(const struct np_scenario_set *set, struct np_grid *grid)
{
    for (size_t i = 0; i < np_scenario_set_count(set); i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        if (!make_cells(set, i, cells))
            continue;
        for (size_t c = 0; c < COLUMN_MAX; c++)
            grid->columns[c].want =
                NP_MAX(grid->columns[c].want,
                       np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset));
    }
}

static int write_rows(const struct np_scenario_set *set, const struct np_grid *grid,
                      struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < np_scenario_set_count(set) && r == 0; i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        if (!make_cells(set, i, cells))
            continue;
        np_grid_row(grid, np_out_buf(out), cells);
        r = np_out_commit(out, err);
    }
    return r == 0 ? np_out_flush(out, err) : r;
}

int np_simulate_list(const struct np_scenario_set *set, struct np_err *err)
{
    struct np_out *out = NULL;
    int r = np_out_stdout(&out);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    struct np_sink_params params = {
        .out = out,
        .width = np_output_width(out),
        .colour = np_output_wants_colour(out),
        .unicode = np_message_charset() == NP_CHARSET_UNICODE,
    };
    struct np_grid grid = grid_template;
    grid.width = np_params_columns(&params);
    grid.charset = np_params_charset(&params);
    measure(set, &grid);
    np_grid_fit(&grid);
    np_terminal_titles(np_out_buf(out), &grid, &params);
    r = np_out_commit(out, err);
    if (r == 0)
        r = write_rows(set, &grid, out, err);
    np_out_free(&out);
    return r;
}
