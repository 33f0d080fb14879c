/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho incidents list`: a row for each incident, the worst first. */
#include <math.h>
#include <stdio.h>

#include "cli/incidents/gather.h"
#include "sink/figure.h"
#include "sink/incident/line.h"
#include "sink/terminal.h"

enum { ID, LEVEL, SCORE, TITLE, ROOT, ACCOUNT, FIRST, LASTED, EVENTS, FINDINGS, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 6,
    .columns = /* title, rank */
    {
        [ID] = {"ID", 0, .min = 8, .good = 8},
        [LEVEL] = {"LEVEL", 1, .min = 6, .good = 8},
        [SCORE] = {"SCORE", 7, .min = 5, .good = 5, .align_right = true},
        [TITLE] = {"TITLE", 2, .min = 20, .good = 28, .eager = 1},
        [ROOT] = {"BEGAN WITH", 5, .min = 12, .good = 20, .keep = NP_KEEP_NAMES},
        [ACCOUNT] = {"ACCOUNT", 8, .min = 12, .good = 12},
        [FIRST] = {"FIRST", 3, .min = 16, .good = 19},
        [LASTED] = {"LASTED", 6, .min = 6, .good = 8, .align_right = true},
        [EVENTS] = {"EVENTS", 4, .min = 6, .good = 6, .align_right = true},
        [FINDINGS] = {"FINDINGS", 9, .min = 8, .good = 8, .align_right = true},
    },
};

/* The texts behind the cells of a row. */
struct texts {
    char id[NP_INCIDENT_SHORT_BYTES];
    char merged[NP_INCIDENT_SHORT_BYTES + 16];
    char score[NP_FIGURE_BYTES];
    char first[NP_TIME_TEXT_BYTES];
    char lasted[NP_FIGURE_BYTES];
    char events[NP_FIGURE_BYTES];
    char findings[NP_FIGURE_BYTES];
};

static uint64_t findings_of(const struct np_incident *incident)
{
    uint64_t count = 0;
    for (size_t i = 0; i < incident->step_count; i++)
        count += incident->steps[i].finding_count;
    return count;
}

static void make_cells(const struct np_incident_store *store, const struct np_incident *incident,
                       const struct np_sink_params *params, struct texts *texts,
                       struct np_cell cells[COLUMN_MAX])
{
    static const struct np_incident_link no_link;
    char whole_id[NP_INCIDENT_SHORT_BYTES];
    const struct np_incident_link *root = incident->chain_count > 0 ? incident->chain : &no_link;
    double lasted = ((double) incident->last - (double) incident->first) / NP_NS_PER_S;
    np_incident_store_short_id(store, incident->id, texts->id);
    np_incident_store_short_id(store, incident->merged_into, whole_id);
    (void) snprintf(texts->merged, sizeof(texts->merged), "became part of %s", whole_id);
    (void) snprintf(texts->score, sizeof(texts->score), "%.0f",
                    fmin(fmax(incident->score, 0), 100));
    np_time_format_local(texts->first, incident->first);
    np_figure_clock(texts->lasted, (uint64_t) fmax(lasted, 0));
    np_figure_count(texts->events, incident->event_count);
    np_figure_count(texts->findings, findings_of(incident));
    cells[ID].text = np_span_of(texts->id);
    cells[LEVEL] = np_level_cell(params, incident->level);
    cells[SCORE].text = np_span_of(texts->score);
    cells[TITLE].text =
        np_incident_is_merged(incident) ? np_span_of(texts->merged) : incident->title;
    cells[ROOT].text = np_arn_short(root->value, root->account);
    cells[ACCOUNT].text = root->account;
    cells[FIRST].text = np_span_of(texts->first);
    cells[LASTED].text = np_span_of(texts->lasted);
    cells[EVENTS].text = np_span_of(texts->events);
    cells[FINDINGS].text = np_span_of(texts->findings);
}

static void measure(struct np_grid *grid, const struct np_incident_store *store,
                    const struct np_sink_params *params)
{
    struct np_cell cells[COLUMN_MAX] = {};
    struct texts texts;
    for (size_t i = 0; i < store->items.len; i++) {
        make_cells(store, &store->items.items[i].incident, params, &texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset);
            grid->columns[c].want = NP_MAX(grid->columns[c].want, width);
        }
    }
    np_grid_fit(grid);
}

static int write_table(const struct np_gathered *gathered, const struct np_sink_params *params,
                       struct np_err *err)
{
    const struct np_incident_store *store = &gathered->incidents;
    struct np_grid grid = grid_template;
    struct np_cell cells[COLUMN_MAX] = {};
    struct texts texts;
    char title[NP_TIME_TITLE_BYTES];
    struct np_buf *buf = np_out_buf(params->out);
    if (store->items.len == 0) {
        (void) np_buf_add_str(buf, "No incidents.\n");
        return np_out_commit(params->out, err);
    }
    grid.width = np_params_columns(params);
    grid.charset = np_params_charset(params);
    np_time_title(title, "FIRST", params);
    grid.columns[FIRST].title = title;
    measure(&grid, store, params);
    np_terminal_titles(buf, &grid, params);
    int r = np_out_commit(params->out, err);
    for (size_t i = 0; i < store->items.len && r == 0; i++) {
        make_cells(store, &store->items.items[i].incident, params, &texts, cells);
        np_grid_row(&grid, buf, cells);
        r = np_out_commit(params->out, err);
    }
    return r;
}

static int write_ndjson(const struct np_gathered *gathered, struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < gathered->incidents.items.len && r == 0; i++) {
        np_incident_line(np_out_buf(out), &gathered->incidents.items.items[i].incident);
        r = np_out_commit(out, err);
    }
    return r;
}

static int write_all(struct np_gathered *gathered, struct np_err *err)
{
    struct np_outputs *outputs = &gathered->hunt.outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++) {
        const struct np_output *output = &outputs->items[i];
        const struct np_sink_params params = np_gathered_look(gathered, output);
        r = np_span_is(output->format, "ndjson") ? write_ndjson(gathered, output->out, err)
                                                 : write_table(gathered, &params, err);
    }
    return r < 0 ? r : np_outputs_flush(outputs, err);
}

int np_cli_incidents_list(const struct np_args *args)
{
    struct np_gathered gathered = {};
    struct np_err err = {};
    int status = np_gathered_run(&gathered, args, 0, (struct np_span){});
    if (status == NP_EXIT_OK)
        status = np_hunt_status(&gathered.hunt, write_all(&gathered, &err), &err);
    np_gathered_done(&gathered);
    return status;
}
