/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Incidents and findings for a person at a terminal. Folded, which is the rule, all is printed at the end: the incidents, the worst
 * first, then of the findings that belong to none a row for each (rule, principal, outcome). Unfolded (--all), each
 * finding is a row at once, in columns of fixed width, and the incidents follow. The summary comes last in both.
 */
#include "sink/sink_internal.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "sink/figure.h"
#include "sink/folded.h"
#include "sink/grid.h"
#include "sink/incident/pending.h"
#include "sink/incident/store.h"
#include "sink/incident/timeline.h"
#include "sink/rollup.h"
#include "sink/summary.h"
#include "sink/terminal.h"

enum { TIME, LEVEL, RULE, EVENT, PRINCIPAL, ADDRESS, OUTCOME, TARGET, ID, COLUMN_MAX };

/*
 * Of --all. Nothing is known of the cells beforehand: what is wanted here fits most of what comes.
 */
static const struct np_grid unfolded_grid = {
    .count = COLUMN_MAX,
    .essential = 6,
    .columns = /* title, rank */
    {
        [TIME] = {"TIME", 1, .min = 19, .good = 19, .want = 19},
        [LEVEL] = {"LEVEL", 0, .min = 8, .good = 8, .want = 8},
        [RULE] = {"RULE", 2, .min = 16, .good = 32, .want = 48, .eager = 1},
        [EVENT] = {"EVENT", 4, .min = 12, .good = 20, .want = 28},
        [PRINCIPAL] = {"PRINCIPAL", 3, .min = 12, .good = 20, .want = 40, .keep = NP_KEEP_NAMES},
        [ADDRESS] = {"ADDRESS", 7, .min = 15, .good = 15, .want = 24},
        [OUTCOME] = {"OUTCOME", 5, .min = 7, .good = 12, .want = 24},
        [TARGET] = {"TARGET", 6, .min = 16, .good = 24, .want = 40},
        [ID] = {"EVENT ID", 8, .min = 36, .good = 36, .want = 36},
    },
};

struct table {
    struct np_sink sink;
    struct np_sink_params params;
    struct np_rollup rollup;
    struct np_pending pending; /* before the rollup, where incidents are told too */
    struct np_incident_store incidents;
    struct np_grid grid;   /* of --all */
    struct np_buf targets; /* scratch: the cell of the targets */
    bool has_titles;       /* they are shown already */
    char time_title[NP_TIME_TITLE_BYTES];
};

static void table_destroy(struct np_sink *sink)
{
    struct table *self = (struct table *) sink;
    np_rollup_done(&self->rollup);
    np_pending_done(&self->pending);
    np_incident_store_done(&self->incidents);
    np_buf_done(&self->targets);
    np_free(self);
}

static int table_open(struct np_sink **out_sink, const struct np_sink_params *params,
                      struct np_err *err)
{
    struct table *self = np_alloc(sizeof(*self));
    if (self == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    self->sink.ops = &np_sink_table;
    self->params = *params;
    self->grid = unfolded_grid;
    self->grid.width = np_params_columns(params);
    self->grid.charset = np_params_charset(params);
    np_time_title(self->time_title, "TIME", params);
    self->grid.columns[TIME].title = self->time_title;
    np_grid_fit(&self->grid);
    np_rollup_init(&self->rollup);
    np_pending_init(&self->pending, &self->rollup);
    np_incident_store_init(&self->incidents);
    np_buf_init(&self->targets, SIZE_MAX); /* it holds one cell */
    *out_sink = &self->sink;
    return 0;
}

static void make_cells(struct table *self, const struct np_finding *finding,
                       char time[NP_TIME_TEXT_BYTES], struct np_cell cells[COLUMN_MAX])
{
    const struct np_list targets = {
        .items = finding->targets, .count = finding->target_count, .total = finding->target_count};
    np_time_format_local(time, finding->time);
    np_buf_reset(&self->targets);
    np_fit_targets(&self->targets, &targets, finding->account,
                   np_grid_cell_columns(&self->grid, TARGET), self->grid.charset);
    cells[TIME].text = np_span_of(time);
    cells[LEVEL] = np_level_cell(&self->params, finding->rule->level);
    cells[RULE].text = np_span_of(finding->rule->title);
    cells[EVENT].text = finding->event.name;
    cells[PRINCIPAL].text = np_arn_short(finding->event.principal, finding->account);
    cells[ADDRESS].text = finding->event.address;
    cells[OUTCOME].text = finding->event.outcome;
    cells[TARGET].text = np_buf_span(&self->targets);
    cells[ID].text = finding->event_id;
}

static int show_finding(struct table *self, const struct np_finding *finding, struct np_err *err)
{
    struct np_cell cells[COLUMN_MAX] = {};
    char time[NP_TIME_TEXT_BYTES];
    struct np_buf *buf = np_out_buf(self->params.out);
    make_cells(self, finding, time, cells);
    if (self->targets.error < 0)
        return np_fail(err, self->targets.error, "out of memory");
    if (!self->has_titles)
        np_terminal_titles(buf, &self->grid, &self->params);
    self->has_titles = true;
    np_grid_row(&self->grid, buf, cells);
    return np_out_commit(self->params.out, err);
}

static int table_finding(struct np_sink *sink, const struct np_finding *finding, struct np_err *err)
{
    struct table *self = (struct table *) sink;
    int r = self->params.incidents ? np_pending_add(&self->pending, finding)
                                   : np_rollup_add(&self->rollup, finding);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    return self->params.unfold ? show_finding(self, finding, err) : 0;
}

static int table_incident(struct np_sink *sink, const struct np_incident *incident,
                          struct np_err *err)
{
    struct table *self = (struct table *) sink;
    int r = np_incident_store_put(&self->incidents, incident);
    if (r == 0)
        r = np_pending_tell(&self->pending, incident);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

static void add_note(struct table *self, const char *text)
{
    struct np_buf *buf = np_out_buf(self->params.out);
    np_fit(buf, np_span_of(text), self->grid.width, NP_KEEP_HEAD, self->grid.charset);
    np_buf_add_char(buf, '\n');
}

/* What stands between the rows and the summary. */
static void add_notes(struct table *self)
{
    char figure[NP_FIGURE_BYTES];
    char text[128];
    if (self->rollup.added == 0)
        add_note(self, self->incidents.items.len == 0 ? "No findings."
                                                      : "No findings beside the incidents.");
    if (self->rollup.missed > 0 && !self->params.unfold) {
        np_figure_count(figure, self->rollup.missed);
        (void) snprintf(text, sizeof(text),
                        "%s more findings in rows beyond the table's bound; -o ndjson has all",
                        figure);
        add_note(self, text);
    }
    np_buf_add_char(np_out_buf(self->params.out), '\n');
}

/* The incidents, each with an empty line behind it. */
static int show_incidents(struct table *self, struct np_err *err)
{
    int r = 0;
    char figure[NP_FIGURE_BYTES];
    char id[NP_INCIDENT_SHORT_BYTES];
    char whole_id[NP_INCIDENT_SHORT_BYTES];
    char text[128];
    struct np_buf *buf = np_out_buf(self->params.out);
    struct np_timeline_look look = {.params = &self->params,
                                    .id = id,
                                    .whole_id = whole_id,
                                    .steps_max = NP_TIMELINE_STEPS,
                                    .says_how = true};
    np_incident_store_sort(&self->incidents);
    for (size_t i = 0; i < self->incidents.items.len && r == 0; i++) {
        const struct np_incident *incident = &self->incidents.items.items[i].incident;
        np_incident_store_short_id(&self->incidents, incident->id, id);
        np_incident_store_short_id(&self->incidents, incident->merged_into, whole_id);
        np_timeline_write(buf, incident, &look);
        np_buf_add_char(buf, '\n');
        r = np_out_commit(self->params.out, err);
    }
    if (r == 0 && self->incidents.missed > 0) {
        np_figure_count(figure, self->incidents.missed);
        (void) snprintf(text, sizeof(text),
                        "%s more incidents beyond the table's bound; -o ndjson has all", figure);
        add_note(self, text);
    }
    return r;
}

static int table_finish(struct np_sink *sink, const struct np_summary *summary, struct np_err *err)
{
    struct table *self = (struct table *) sink;
    struct np_rollup_tops tops;
    int r = np_pending_settle(&self->pending);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    r = show_incidents(self, err);
    if (r == 0 && !self->params.unfold && self->rollup.rows.len > 0)
        r = np_folded_show(&self->rollup, &self->params, err);
    if (r < 0)
        return r;
    add_notes(self);
    np_rollup_find_tops(&self->rollup, &tops);
    np_summary_write(np_out_buf(self->params.out), summary, &tops, &self->params);
    r = np_out_commit(self->params.out, err);
    return r < 0 ? r : np_out_flush(self->params.out, err);
}

const struct np_sink_ops np_sink_table = {
    .name = "table",
    .open = table_open,
    .finding = table_finding,
    .incident = table_incident,
    .finish = table_finish,
    .destroy = table_destroy,
};
