/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho rules bench`: what each rule costs on the user's own events. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/message.h"
#include "cli/rules/loaded.h"
#include "cli/rules/measure.h"
#include "cli/settings.h"
#include "codec/json/json.h"
#include "engine/each.h"
#include "sink/figure.h"
#include "sink/line.h"
#include "sink/terminal.h"

enum {
    EVENTS_MAX = 50000,
    EVENTS_MIN = 1000, /* however many rules there are */
    BYTES_MAX = 64 * 1024 * 1024,
    EVALUATIONS_MAX = 50 * 1000 * 1000, /* a round; keeps thousands of rules below a minute */
    CELL_BYTES = 32,
    NOTES_BYTES = 96,
};

/* Everything that one run owns. */
struct run {
    const struct np_args *args;
    struct np_loaded loaded;
    struct np_logsource generic; /* of --as */
    struct np_decode_plan *plan;
    struct np_source *source;
    struct np_tally tally;
    struct np_measure_input input;
    size_t events_max;
    bool is_cut; /* there is more input than was taken in */
    struct np_rule_trial *trial;
    struct np_measure *measures;
    double sum_ns; /* of all rules, for one event each */
    struct np_grid grid;
};

static void run_done(struct run *run)
{
    np_free(run->measures);
    np_rule_trial_free(&run->trial);
    np_buf_done(&run->input.bytes);
    np_vec_done(&run->input.records);
    np_tally_done(&run->tally);
    np_source_free(&run->source);
    np_decode_plan_free(&run->plan);
    np_loaded_done(&run->loaded);
}

/* ---- measuring */

/* Takes an event in; 1 where there is no room for more. */
static int take_event(void *context, struct np_event *event)
{
    static const char padding[NP_JSON_PADDING];
    struct run *run = context;
    struct np_buf *bytes = &run->input.bytes;
    struct np_measure_record record = {bytes->len, event->raw.len};
    run->is_cut =
        run->input.records.len == run->events_max || bytes->len + record.len > (size_t) BYTES_MAX;
    if (run->is_cut)
        return 1;
    if (np_buf_add_span(bytes, event->raw) < 0 || np_buf_add(bytes, padding, sizeof(padding)) < 0)
        return bytes->error;
    return np_vec_push(&run->input.records, record, EVENTS_MAX);
}

static int read_events(struct run *run, struct np_err *err)
{
    struct np_each each = {
        .source = run->source, .plan = run->plan, .fn = take_event, .context = run};
    size_t rules = np_rule_set_loaded(run->loaded.set);
    size_t most = (size_t) EVALUATIONS_MAX / NP_MAX(rules, (size_t) 1);
    run->events_max = NP_MIN(NP_MAX(most, (size_t) EVENTS_MIN), (size_t) EVENTS_MAX);
    int r = np_engine_each(&each, &run->tally, err);
    if (r < 0)
        return r;
    if (run->input.records.len == 0)
        return np_fail(err, -ENODATA, "no record was read");
    if (run->is_cut)
        np_message("only the first %zu events are measured; there are more",
                   run->input.records.len);
    if (run->tally.entries.len > 0)
        np_message("some of the input could not be read; 'nepho detect' names it");
    return 0;
}

static int compare_measures(const void *a, const void *b)
{
    const struct np_measure *one = a;
    const struct np_measure *two = b;
    double first = np_measure_ns_per_event(one);
    double second = np_measure_ns_per_event(two);
    if (first != second)
        return first > second ? -1 : 1;
    return (one->rule > two->rule) - (one->rule < two->rule);
}

static int measure(struct run *run, struct np_err *err)
{
    size_t rules = np_rule_set_loaded(run->loaded.set);
    struct np_measure_params params = {.set = run->loaded.set,
                                       .fields = run->loaded.fields,
                                       .plan = run->plan,
                                       .input = &run->input};
    run->measures = np_alloc_array(rules, sizeof(run->measures[0]));
    int r = run->measures == NULL ? -ENOMEM : np_rule_trial_new(&run->trial, run->loaded.set);
    params.trial = run->trial;
    if (r == 0)
        r = np_measure_rules(run->measures, &params);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    qsort(run->measures, rules, sizeof(run->measures[0]), compare_measures);
    for (size_t i = 0; i < rules; i++)
        run->sum_ns += np_measure_ns_per_event(&run->measures[i]);
    return 0;
}

/* ---- telling */

enum { RULE, TIME, SHARE, CANDIDATE, MATCHES, NOTES, ID, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 5,
    .columns = /* title, rank */
    {
        [RULE] = {"RULE", 0, .min = 20, .good = 40, .eager = 1},
        [TIME] = {"NS/EVENT", 1, .min = 8, .good = 8, .align_right = true},
        [SHARE] = {"SHARE", 2, .min = 7, .good = 7, .align_right = true},
        [CANDIDATE] = {"EVALUATED", 5, .min = 9, .good = 9, .align_right = true},
        [MATCHES] = {"MATCHES", 4, .min = 7, .good = 7, .align_right = true},
        [NOTES] = {"NOTES", 3, .min = 11, .good = 20},
        [ID] = {"ID", 6, .min = 36, .good = 36},
    },
};

/* The texts behind the cells of a row. */
struct texts {
    char time[CELL_BYTES];
    char share[CELL_BYTES];
    char candidate[CELL_BYTES];
    char matches[NP_FIGURE_BYTES];
    char notes[NOTES_BYTES];
};

/* A part of a whole, 0 where there is no whole. */
static double part(double some, double all)
{
    return all > 0 ? some / all : 0;
}

static void make_notes(char out_text[NOTES_BYTES], const struct np_measure *measure,
                       const struct np_rule_traits *traits)
{
    (void) snprintf(out_text, NOTES_BYTES, "%s%s%s%s%s",
                    measure->events == 0 ? ", no event of its log source" : "",
                    traits->every_event ? ", every event" : "", traits->never ? ", never" : "",
                    traits->regex ? ", regex" : "", traits->keywords ? ", keywords" : "");
}

static void make_cells(const struct run *run, const struct np_measure *measure, struct texts *texts,
                       struct np_cell cells[COLUMN_MAX])
{
    const struct np_rule_info *info = np_rule_set_info(run->loaded.set, measure->rule);
    double ns = np_measure_ns_per_event(measure);
    double events = (double) measure->events;
    (void) snprintf(texts->time, CELL_BYTES, "%.1f", ns);
    (void) snprintf(texts->share, CELL_BYTES, "%.1f %%", 100 * part(ns, run->sum_ns));
    (void) snprintf(texts->candidate, CELL_BYTES, "%.1f %%",
                    100 * part((double) measure->candidates, events));
    np_figure_count(texts->matches, measure->matches);
    make_notes(texts->notes, measure, np_rule_trial_traits(run->trial, measure->rule));
    size_t comma = texts->notes[0] != '\0' ? strlen(", ") : 0;
    cells[RULE].text = np_span_of(info->title);
    cells[NOTES].text = np_span_of(texts->notes + comma);
    cells[ID].text = np_span_of(info->id);
    if (measure->events == 0)
        return;
    cells[TIME].text = np_span_of(texts->time);
    cells[SHARE].text = np_span_of(texts->share);
    cells[CANDIDATE].text = np_span_of(texts->candidate);
    cells[MATCHES].text = np_span_of(texts->matches);
}

/* Learns what the columns want from all rows. */
static void fit(struct run *run, const struct np_sink_params *params)
{
    struct np_grid *grid = &run->grid;
    *grid = grid_template;
    grid->width = np_params_columns(params);
    grid->charset = np_params_charset(params);
    for (size_t i = 0; i < np_rule_set_loaded(run->loaded.set); i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        struct texts texts = {};
        make_cells(run, &run->measures[i], &texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            size_t columns = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset);
            grid->columns[c].want = NP_MAX(grid->columns[c].want, columns);
        }
    }
    np_grid_fit(grid);
}

static int write_sum(const struct run *run, struct np_out *out, struct np_err *err)
{
    char events[NP_FIGURE_BYTES];
    np_figure_count(events, run->input.records.len);
    (void) np_buf_printf(np_out_buf(out), "%zu rules on %s events: %.0f ns an event, one by one\n",
                         np_rule_set_loaded(run->loaded.set), events, run->sum_ns);
    return np_out_commit(out, err);
}

static int write_table(struct run *run, struct np_out *out, struct np_err *err)
{
    struct np_sink_params params = {
        .out = out,
        .width = np_output_width(out),
        .colour = np_output_wants_colour(out),
        .unicode = np_message_charset() == NP_CHARSET_UNICODE,
    };
    fit(run, &params);
    np_terminal_titles(np_out_buf(out), &run->grid, &params);
    int r = np_out_commit(out, err);
    for (size_t i = 0; i < np_rule_set_loaded(run->loaded.set) && r == 0; i++) {
        struct np_cell cells[COLUMN_MAX] = {};
        struct texts texts = {};
        make_cells(run, &run->measures[i], &texts, cells);
        np_grid_row(&run->grid, np_out_buf(out), cells);
        r = np_out_commit(out, err);
    }
    return r < 0 ? r : write_sum(run, out, err);
}

static void write_cost(const struct run *run, struct np_buf *buf, const struct np_measure *measure)
{
    const struct np_rule_info *info = np_rule_set_info(run->loaded.set, measure->rule);
    const struct np_rule_traits *traits = np_rule_trial_traits(run->trial, measure->rule);
    double ns = np_measure_ns_per_event(measure);
    struct np_json_writer writer;
    np_line_begin(&writer, buf, "cost");
    np_json_begin_object(&writer, "rule");
    np_json_cstr(&writer, "id", info->id);
    np_json_cstr(&writer, "title", info->title);
    np_json_cstr(&writer, "file", info->file);
    np_json_end_object(&writer);
    np_json_uint(&writer, "events", measure->events);
    np_json_uint(&writer, "evaluated", measure->candidates);
    np_json_uint(&writer, "matches", measure->matches);
    np_json_real(&writer, "ns_per_event", ns);
    np_json_real(&writer, "share", part(ns, run->sum_ns));
    np_json_bool(&writer, "every_event", traits->every_event);
    np_json_bool(&writer, "never", traits->never);
    np_json_bool(&writer, "regex", traits->regex);
    np_json_bool(&writer, "keywords", traits->keywords);
    np_line_end(&writer);
}

static int write_ndjson(const struct run *run, struct np_out *out, struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < np_rule_set_loaded(run->loaded.set) && r == 0; i++) {
        write_cost(run, np_out_buf(out), &run->measures[i]);
        r = np_out_commit(out, err);
    }
    return r;
}

static int write_all(struct run *run, struct np_err *err)
{
    struct np_outputs *outputs = &run->loaded.outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++)
        r = np_span_is(outputs->items[i].format, "ndjson")
                ? write_ndjson(run, outputs->items[i].out, err)
                : write_table(run, outputs->items[i].out, err);
    return r < 0 ? r : np_outputs_flush(outputs, err);
}

/* ---- the command */

static int load(struct run *run, struct np_err *err)
{
    static const char *const formats[] = {"table", "ndjson"};
    bool only_given = np_args_has(run->args, NP_OPT_NO_DEFAULT_RULES);
    struct np_loaded_params params = {only_given ? NP_DEFAULT_RULES_NEVER : NP_DEFAULT_RULES_ALWAYS,
                                      formats, NP_ARRAY_LEN(formats)};
    const char *as = np_args_get(run->args, NP_OPT_AS);
    int r = as != NULL ? np_setting_logsource(&run->generic, as, "--as", err) : 0;
    if (r == 0)
        r = np_loaded_open(&run->loaded, run->args, &params, err);
    if (r < 0)
        return r;
    if (np_rule_set_refused(run->loaded.set) > 0)
        np_message("%zu rule documents were refused; 'nepho rules lint' says why",
                   np_rule_set_refused(run->loaded.set));
    if (np_rule_set_loaded(run->loaded.set) == 0)
        return np_fail(err, -EINVAL, "no rule is loaded");
    r = np_rule_set_compile(run->loaded.set, err);
    return r < 0 ? r
                 : np_decode_plan_new(&run->plan, run->loaded.fields,
                                      as != NULL ? &run->generic : NULL, err);
}

static int open_input(struct run *run, struct np_err *err)
{
    struct np_input_params params = {
        .paths = run->args->operands,
        .path_count = run->args->operand_count,
        .plan = run->plan,
    };
    return np_input_new(&run->source, &params, err);
}

int np_cli_rules_bench(const struct np_args *args)
{
    struct run run = {.args = args};
    struct np_err err = {};
    np_tally_init(&run.tally);
    np_buf_init(&run.input.bytes, 2 * (size_t) BYTES_MAX);
    int status = NP_EXIT_USAGE;
    int r = load(&run, &err);
    if (r == 0) {
        r = open_input(&run, &err);
        status = r == -ENOENT ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
        if (r == 0)
            r = read_events(&run, &err);
        if (r == 0)
            r = measure(&run, &err);
        if (r == 0)
            r = write_all(&run, &err);
    }
    if (r == 0 || r == -EPIPE)
        status = NP_EXIT_OK;
    status = np_loaded_status(r, &err, status);
    run_done(&run);
    return status;
}
