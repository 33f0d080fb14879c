/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules fields`: which fields of the rules occur in the logs, and which rules that kills. */
#include <errno.h>
#include <inttypes.h>

#include "cli/message.h"
#include "cli/inspect/logs.h"
#include "cli/inspect/occurrence.h"
#include "sink/grid.h"
#include "sink/line.h"
#include "sink/terminal.h"

enum { FIELD, RULES, EVENTS, WITH, SHARE, NEAR, COLUMN_MAX };
enum { NUMBER_BYTES = 24, NEAR_COLUMNS = 100, REASON_COLUMNS = 100, RULE_FIELDS_MAX = 64 };

static const char *const formats[] = {"table", "ndjson"};

struct fields {
    const struct np_args *args;
    struct np_loaded loaded;
    struct np_logs logs;
    struct np_occurrences *occurrences;
    const struct np_field_figure *figures;
    size_t figure_count;
    int status; /* the exit status of what fails next */
};

static void fields_done(struct fields *fields)
{
    np_occurrences_free(&fields->occurrences);
    np_logs_done(&fields->logs);
    np_loaded_done(&fields->loaded);
}

static int take_event(void *context, struct np_event *event)
{
    struct fields *fields = context;
    return np_occurrences_add(fields->occurrences, event);
}

/* The fields for which a rule is dead; at most RULE_FIELDS_MAX. */
static size_t dead_fields(const struct fields *fields, uint32_t rule,
                          struct np_span out_names[RULE_FIELDS_MAX])
{
    size_t count = 0;
    size_t found = 0;
    const np_field_id *ids = np_rule_set_fields(fields->loaded.set, rule, &count);
    for (size_t i = 0; i < count && found < RULE_FIELDS_MAX; i++)
        if (np_occurrences_is_dead(fields->occurrences, rule, ids[i]))
            out_names[found++] = np_field_name(fields->loaded.fields, ids[i]);
    return found;
}

/* ---- ndjson */

static int write_field(const struct fields *fields, const struct np_field_figure *figure,
                       struct np_out *out, struct np_err *err)
{
    static const char *const fates[NP_FIELD_FATE_MAX] = {
        [NP_FIELD_OCCURS] = "occurs",
        [NP_FIELD_NO_EVENTS] = "no_events",
        [NP_FIELD_ONLY_NULL] = "only_null",
        [NP_FIELD_DEAD] = "dead",
    };
    struct np_json_writer json;
    np_line_begin(&json, np_out_buf(out), "field");
    np_json_text(&json, "name", np_field_name(fields->loaded.fields, figure->field));
    np_json_cstr(&json, "fate", fates[figure->fate]);
    np_json_uint(&json, "rules", figure->rules);
    np_json_uint(&json, "events", figure->events);
    np_json_uint(&json, "with", figure->with);
    np_json_uint(&json, "with_null", figure->with_null);
    np_json_begin_array(&json, "near");
    for (size_t i = 0; i < figure->near_count; i++)
        np_json_cstr(&json, NULL, figure->near[i]);
    np_json_end_array(&json);
    np_line_end(&json);
    return np_out_commit(out, err);
}

static int write_dead_rule(const struct fields *fields, uint32_t rule, struct np_out *out,
                           struct np_err *err)
{
    const struct np_rule_info *info = np_rule_set_info(fields->loaded.set, rule);
    struct np_span names[RULE_FIELDS_MAX];
    size_t count = dead_fields(fields, rule, names);
    struct np_json_writer json;
    np_line_begin(&json, np_out_buf(out), "dead_rule");
    np_json_cstr(&json, "id", info->id);
    np_json_cstr(&json, "title", info->title);
    np_json_cstr(&json, "file", info->file);
    np_json_uint(&json, "line", info->line);
    np_json_begin_array(&json, "fields");
    for (size_t i = 0; i < count; i++)
        np_json_text(&json, NULL, names[i]);
    np_json_end_array(&json);
    np_line_end(&json);
    return np_out_commit(out, err);
}

static int write_ndjson(const struct fields *fields, struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < fields->figure_count && r == 0; i++)
        r = write_field(fields, &fields->figures[i], out, err);
    for (uint32_t i = 0; i < np_rule_set_loaded(fields->loaded.set) && r == 0; i++)
        if (np_occurrences_rule_fate(fields->occurrences, i) == NP_RULE_DEAD)
            r = write_dead_rule(fields, i, out, err);
    return r;
}

/* ---- table */

static const struct np_grid field_grid = {
    .count = COLUMN_MAX,
    .essential = COLUMN_MAX,
    .columns = /* title, rank */
    {
        [FIELD] = {"FIELD", 0, .min = 20, .good = 36, .eager = 1, .keep = NP_KEEP_TAIL},
        [RULES] = {"RULES", 3, .min = 5, .good = 5, .align_right = true},
        [EVENTS] = {"EVENTS", 4, .min = 6, .good = 9, .align_right = true},
        [WITH] = {"WITH IT", 2, .min = 7, .good = 9, .align_right = true},
        [SHARE] = {"SHARE", 1, .min = 9, .good = 9, .align_right = true},
        [NEAR] = {"THERE IS", 5, .min = 16, .good = 24},
    },
};

/* The texts of a row. */
struct row {
    char numbers[COLUMN_MAX][NUMBER_BYTES];
    struct np_buf near;
    struct np_cell cells[COLUMN_MAX];
};

static void make_share(char out_text[NUMBER_BYTES], const struct np_field_figure *figure)
{
    static const char *const fates[NP_FIELD_FATE_MAX] = {
        [NP_FIELD_NO_EVENTS] = "no events",
        [NP_FIELD_ONLY_NULL] = "only null",
        [NP_FIELD_DEAD] = "never",
    };
    double percent =
        figure->events > 0 ? 100.0 * (double) figure->with / (double) figure->events : 0;
    if (figure->fate != NP_FIELD_OCCURS)
        (void) snprintf(out_text, NUMBER_BYTES, "%s", fates[figure->fate]);
    else if (percent < 0.05)
        (void) snprintf(out_text, NUMBER_BYTES, "<0.1%%");
    else
        (void) snprintf(out_text, NUMBER_BYTES, "%.1f%%", percent);
}

static void make_row(const struct fields *fields, const struct np_field_figure *figure,
                     struct row *row)
{
    (void) snprintf(row->numbers[RULES], NUMBER_BYTES, "%u", figure->rules);
    (void) snprintf(row->numbers[EVENTS], NUMBER_BYTES, "%" PRIu64, figure->events);
    (void) snprintf(row->numbers[WITH], NUMBER_BYTES, "%" PRIu64, figure->with);
    make_share(row->numbers[SHARE], figure);
    np_buf_reset(&row->near);
    for (size_t i = 0; i < figure->near_count; i++)
        (void) np_buf_printf(&row->near, "%s%s", i > 0 ? ", " : "", figure->near[i]);
    for (size_t i = RULES; i <= SHARE; i++)
        row->cells[i].text = np_span_of(row->numbers[i]);
    row->cells[FIELD].text = np_field_name(fields->loaded.fields, figure->field);
    row->cells[NEAR].text = np_buf_span(&row->near);
}

/* Widens the columns to what the row wants. */
static void widen(struct np_grid *grid, const struct row *row)
{
    for (size_t i = 0; i < COLUMN_MAX; i++) {
        size_t want = np_width(row->cells[i].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset);
        grid->columns[i].want = NP_MAX(grid->columns[i].want, want);
    }
}

static int write_rows(const struct fields *fields, struct np_out *out, struct np_err *err)
{
    uint32_t width = np_output_width(out);
    struct np_cell titles[COLUMN_MAX] = {};
    struct np_grid grid = field_grid;
    struct row row = {};
    np_buf_init(&row.near, SIZE_MAX / 2);
    grid.width = width > 0 ? width : NP_COLUMNS_UNLIMITED;
    grid.charset = np_message_charset();
    for (size_t i = 0; i < fields->figure_count; i++) {
        make_row(fields, &fields->figures[i], &row);
        widen(&grid, &row);
    }
    np_grid_fit(&grid);
    for (size_t i = 0; i < COLUMN_MAX; i++)
        titles[i].text = np_span_of(grid.columns[i].title);
    np_grid_row(&grid, np_out_buf(out), titles);
    int r = np_out_commit(out, err);
    for (size_t i = 0; i < fields->figure_count && r == 0; i++) {
        make_row(fields, &fields->figures[i], &row);
        np_grid_row(&grid, np_out_buf(out), row.cells);
        r = row.near.error < 0 ? np_fail(err, row.near.error, "out of memory")
                               : np_out_commit(out, err);
    }
    np_buf_done(&row.near);
    return r;
}

/* One line of the list of dead rules. */
static int write_dead_line(const struct fields *fields, uint32_t rule, struct np_out *out,
                           struct np_err *err)
{
    const struct np_rule_info *info = np_rule_set_info(fields->loaded.set, rule);
    struct np_span names[RULE_FIELDS_MAX];
    size_t count = dead_fields(fields, rule, names);
    struct np_list list = {.items = names, .count = count, .total = count};
    struct np_buf *buf = np_out_buf(out);
    (void) np_buf_add_str(buf, "  ");
    np_add_safe(buf, info->title);
    (void) np_buf_add_str(buf, " (");
    np_add_safe(buf, info->file);
    (void) np_buf_printf(buf, ":%u): ", info->line);
    (void) np_fit_list(buf, &list, REASON_COLUMNS, np_message_charset());
    (void) np_buf_add_char(buf, '\n');
    return np_out_commit(out, err);
}

static int write_sum(const struct fields *fields, const size_t by_rule_fate[3], struct np_out *out,
                     struct np_err *err)
{
    size_t by_fate[NP_FIELD_FATE_MAX] = {};
    for (size_t i = 0; i < fields->figure_count; i++)
        by_fate[fields->figures[i].fate]++;
    (void) np_buf_printf(np_out_buf(out),
                         "%zu fields of %zu rules in %" PRIu64
                         " events: %zu occur, %zu are only null, %zu never occur, %zu are of rules "
                         "without events here\n%zu rules can match, %zu are dead, %zu have no "
                         "events here\n",
                         fields->figure_count, np_rule_set_loaded(fields->loaded.set),
                         fields->logs.events, by_fate[NP_FIELD_OCCURS], by_fate[NP_FIELD_ONLY_NULL],
                         by_fate[NP_FIELD_DEAD], by_fate[NP_FIELD_NO_EVENTS],
                         by_rule_fate[NP_RULE_ALIVE], by_rule_fate[NP_RULE_DEAD],
                         by_rule_fate[NP_RULE_NO_EVENTS]);
    return np_out_commit(out, err);
}

static int write_table(const struct fields *fields, struct np_out *out, struct np_err *err)
{
    size_t by_fate[3] = {};
    int r = write_rows(fields, out, err);
    for (uint32_t i = 0; i < np_rule_set_loaded(fields->loaded.set) && r == 0; i++) {
        enum np_rule_fate fate = np_occurrences_rule_fate(fields->occurrences, i);
        if (by_fate[fate]++ == 0 && fate == NP_RULE_DEAD)
            (void) np_buf_add_str(np_out_buf(out),
                                  "\nDead rules: what they need never occurs in these events\n");
        if (fate == NP_RULE_DEAD)
            r = write_dead_line(fields, i, out, err);
    }
    (void) np_buf_add_char(np_out_buf(out), '\n');
    return r < 0 ? r : write_sum(fields, by_fate, out, err);
}

/* ---- the command */

static int write_all(struct fields *fields, struct np_err *err)
{
    struct np_outputs *outputs = &fields->loaded.outputs;
    for (size_t i = 0; i < outputs->count; i++) {
        struct np_out *out = outputs->items[i].out;
        int r = np_span_is(outputs->items[i].format, "ndjson") ? write_ndjson(fields, out, err)
                                                               : write_table(fields, out, err);
        if (r < 0)
            return r;
    }
    return np_outputs_flush(outputs, err);
}

static int prepare(struct fields *fields, struct np_err *err)
{
    struct np_loaded_params params = {
        .defaults = np_args_has(fields->args, NP_OPT_NO_DEFAULT_RULES) ? NP_DEFAULT_RULES_NEVER
                                                                       : NP_DEFAULT_RULES_ALWAYS,
        .formats = formats,
        .format_count = NP_ARRAY_LEN(formats),
    };
    fields->status = NP_EXIT_USAGE;
    int r = np_loaded_open(&fields->loaded, fields->args, &params, err);
    if (r < 0)
        return r;
    if (np_rule_set_loaded(fields->loaded.set) == 0)
        return np_fail(err, -EINVAL, "no rule is loaded; name rules with -r");
    if (np_rule_set_refused(fields->loaded.set) > 0)
        np_message("%zu rule documents are refused and not looked at; 'nepho rules lint' says why",
                   np_rule_set_refused(fields->loaded.set));
    r = np_occurrences_new(&fields->occurrences, fields->loaded.set, fields->loaded.fields);
    return r < 0 ? r
                 : np_logs_open(&fields->logs, fields->args, &fields->loaded, &fields->status, err);
}

static void tell_limits(const struct fields *fields)
{
    uint64_t uncounted = np_occurrences_uncounted(fields->occurrences);
    if (uncounted > 0)
        np_message("%" PRIu64 " events are not counted: there are more than %d log sources",
                   uncounted, NP_SEEN_LOGSOURCES_MAX);
    if (np_occurrences_near_is_cut(fields->occurrences))
        np_message("the logs have too many names: some near ones may be missing");
}

static int run(struct fields *fields, struct np_err *err)
{
    int r = prepare(fields, err);
    if (r < 0)
        return r;
    fields->status = NP_EXIT_FAILURE;
    r = np_logs_each(&fields->logs, take_event, fields, err);
    if (r == 0 && fields->logs.events == 0)
        return np_fail(err, -ENODATA, "no record was read");
    if (r == 0)
        r = np_occurrences_figures(fields->occurrences, &fields->figures, &fields->figure_count);
    if (r < 0)
        return r;
    tell_limits(fields);
    return write_all(fields, err);
}

int np_cli_rules_fields(const struct np_args *args)
{
    struct fields fields = {.args = args};
    struct np_err err = {};
    int r = run(&fields, &err);
    int status = np_loaded_status(r, &err, r < 0 && r != -EPIPE ? fields.status : NP_EXIT_OK);
    fields_done(&fields);
    return status;
}
