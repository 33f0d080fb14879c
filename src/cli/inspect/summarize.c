/* SPDX-License-Identifier: Apache-2.0 */
/* `nepho summarize`: a row or a line for each principal, the most active first. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/inspect/logs.h"
#include "cli/inspect/principals.h"
#include "cli/message.h"
#include "cli/outputs.h"
#include "cli/rules/loaded.h"
#include "cli/settings.h"
#include "engine/each.h"
#include "sink/figure.h"
#include "sink/line.h"
#include "sink/terminal.h"

static const char *const formats[] = {"table", "ndjson"};

struct summarize {
    struct np_detect_settings settings;
    struct np_field_set *fields;
    struct np_decode_plan *plan;
    struct np_source *source;
    struct np_tally tally;
    struct np_outputs outputs;
    struct np_principals principals;
    uint64_t events;
};

static void summarize_done(struct summarize *summarize)
{
    np_principals_done(&summarize->principals);
    np_outputs_done(&summarize->outputs);
    np_tally_done(&summarize->tally);
    np_source_free(&summarize->source);
    np_decode_plan_free(&summarize->plan);
    np_field_set_free(&summarize->fields);
    np_detect_settings_done(&summarize->settings);
}

/* ---- counting */

static int take_event(void *context, struct np_event *event)
{
    struct summarize *summarize = context;
    summarize->events++;
    return np_filter_passes(&summarize->settings.filter, event)
               ? np_principals_add(&summarize->principals, event)
               : 0;
}

static void tell_missing(struct summarize *summarize)
{
    np_logs_tell_skipped(&summarize->tally);
    if (summarize->principals.uncounted > 0)
        np_message("%" PRIu64 " events are not counted: there are more than %d principals",
                   summarize->principals.uncounted, NP_PRINCIPALS_MAX);
    if (summarize->principals.uncounted_traits > 0)
        np_message("%" PRIu64 " times an API, region, address or agent was not counted for lack of "
                   "room",
                   summarize->principals.uncounted_traits);
}

/* ---- a table */

enum {
    PRINCIPAL,
    ACCOUNT,
    EVENTS,
    REFUSED,
    FIRST,
    LAST,
    APIS,
    ADDRESSES,
    REGIONS,
    AGENTS,
    COLUMN_MAX
};
enum { ITEMS_SHOWN = 4, ITEM_COLUMNS = 48, CELL_BYTES = 2048 };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 4,
    .columns = /* title, rank */
    {
        [PRINCIPAL] = {"PRINCIPAL", 0, .min = 16, .good = 28, .keep = NP_KEEP_NAMES},
        [ACCOUNT] = {"ACCOUNT", 8, .min = 12, .good = 12},
        [EVENTS] = {"EVENTS", 1, .min = 6, .good = 6, .align_right = true},
        [REFUSED] = {"REFUSED", 2, .min = 7, .good = 7, .align_right = true},
        [FIRST] = {"FIRST", 5, .min = 19, .good = 19},
        [LAST] = {"LAST", 6, .min = 19, .good = 19},
        [APIS] = {"APIS", 3, .min = 20, .good = 36, .eager = 1},
        [ADDRESSES] = {"ADDRESSES", 4, .min = 15, .good = 20},
        [REGIONS] = {"REGIONS", 7, .min = 12, .good = 16},
        [AGENTS] = {"AGENTS", 9, .min = 10, .good = 16},
    },
};

/* The texts behind the cells of a row. */
struct texts {
    char events[NP_FIGURE_BYTES];
    char refused[NP_FIGURE_BYTES];
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
    struct np_buf lists[NP_TRAIT_KIND_MAX];
};

/* "iam:ListUsers ×12, s3:GetObject ×3 +9": the most frequent, in the columns that there are. */
static void add_list(struct np_buf *buf, const struct np_trait *traits, size_t count,
                     size_t columns, enum np_charset charset)
{
    char texts[ITEMS_SHOWN][CELL_BYTES / ITEMS_SHOWN];
    struct np_span items[ITEMS_SHOWN];
    size_t shown = NP_MIN(count, (size_t) ITEMS_SHOWN);
    for (size_t i = 0; i < shown; i++) {
        bool is_api = traits[i].kind == NP_TRAIT_API;
        struct np_span text = np_span_head(traits[i].text, sizeof(texts[i]) / 2);
        char times[NP_FIGURE_BYTES];
        np_figure_times(times, traits[i].count, charset);
        int len = snprintf(texts[i], sizeof(texts[i]), "%.*s%s%s", NP_SPAN_ARGS(text),
                           is_api ? " " : "", is_api ? times : "");
        items[i] = np_span_make(texts[i], NP_MIN((size_t) NP_MAX(len, 0), sizeof(texts[i]) - 1));
    }
    const struct np_list list = {.items = items, .count = shown, .total = count};
    np_fit_list(buf, &list, columns, charset);
}

static int make_cells(const struct np_principals *principals, const struct np_principal *principal,
                      const struct np_grid *grid, struct texts *texts,
                      struct np_cell cells[NP_GRID_COLUMNS_MAX])
{
    static const size_t columns[NP_TRAIT_KIND_MAX] = {[NP_TRAIT_API] = APIS,
                                                      [NP_TRAIT_REGION] = REGIONS,
                                                      [NP_TRAIT_ADDRESS] = ADDRESSES,
                                                      [NP_TRAIT_AGENT] = AGENTS};
    np_figure_count(texts->events, principal->count);
    np_figure_count(texts->refused, principal->refused);
    np_time_format_local(texts->first, principal->first);
    np_time_format_local(texts->last, principal->last);
    cells[PRINCIPAL].text = np_arn_short(principal->name, principal->account);
    cells[ACCOUNT].text = principal->account;
    cells[EVENTS].text = np_span_of(texts->events);
    cells[REFUSED].text = principal->refused > 0 ? np_span_of(texts->refused) : NP_SPAN("");
    cells[FIRST].text = np_span_of(texts->first);
    cells[LAST].text = np_span_of(texts->last);
    for (size_t kind = 0; kind < NP_TRAIT_KIND_MAX; kind++) {
        size_t room = np_grid_cell_columns(grid, columns[kind]); /* 0 while measuring */
        np_buf_reset(&texts->lists[kind]);
        if (principal->trait_counts[kind] > 0)
            add_list(&texts->lists[kind], &principals->traits.items[principal->traits[kind]],
                     principal->trait_counts[kind], room > 0 ? room : NP_GRID_CELL_MAX_COLUMNS,
                     grid->charset);
        cells[columns[kind]].text = np_buf_span(&texts->lists[kind]);
        if (texts->lists[kind].error < 0)
            return texts->lists[kind].error;
    }
    return 0;
}

static int measure(const struct np_principals *principals, struct np_grid *grid,
                   struct texts *texts)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    int r = 0;
    for (size_t i = 0; i < principals->items.len && r == 0; i++) {
        r = make_cells(principals, &principals->items.items[i], grid, texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid->charset);
            grid->columns[c].want = NP_MAX(grid->columns[c].want, width);
        }
    }
    np_grid_fit(grid);
    return r;
}

static int write_rows(const struct np_principals *principals, const struct np_sink_params *params,
                      struct texts *texts, struct np_err *err)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct np_grid grid = grid_template;
    char title[NP_TIME_TITLE_BYTES];
    grid.width = np_params_columns(params);
    grid.charset = np_params_charset(params);
    np_time_title(title, "FIRST", params);
    grid.columns[FIRST].title = title;
    int r = measure(principals, &grid, texts);
    np_terminal_titles(np_out_buf(params->out), &grid, params);
    for (size_t i = 0; i < principals->items.len && r == 0; i++) {
        r = make_cells(principals, &principals->items.items[i], &grid, texts, cells);
        if (r < 0)
            break;
        np_grid_row(&grid, np_out_buf(params->out), cells);
        int written = np_out_commit(params->out, err);
        if (written < 0)
            return written;
    }
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

static int write_table(const struct summarize *summarize, struct np_out *out, struct np_err *err)
{
    const struct np_sink_params params = {
        .out = out,
        .width = np_output_width(out),
        .colour = np_output_wants_colour(out),
        .unicode = np_message_charset() == NP_CHARSET_UNICODE,
        .zone = summarize->settings.zone,
    };
    struct texts texts;
    for (size_t kind = 0; kind < NP_TRAIT_KIND_MAX; kind++)
        np_buf_init(&texts.lists[kind], SIZE_MAX); /* each holds one cell */
    int r = write_rows(&summarize->principals, &params, &texts, err);
    for (size_t kind = 0; kind < NP_TRAIT_KIND_MAX; kind++)
        np_buf_done(&texts.lists[kind]);
    return r;
}

/* ---- ndjson */

static void write_traits(struct np_json_writer *json, const struct np_principals *principals,
                         const struct np_principal *principal, enum np_trait_kind kind)
{
    static const char *const keys[NP_TRAIT_KIND_MAX] = {[NP_TRAIT_API] = "apis",
                                                        [NP_TRAIT_REGION] = "regions",
                                                        [NP_TRAIT_ADDRESS] = "addresses",
                                                        [NP_TRAIT_AGENT] = "agents"};
    np_json_begin_array(json, keys[kind]);
    for (size_t i = 0; i < principal->trait_counts[kind]; i++) {
        const struct np_trait *trait = &principals->traits.items[principal->traits[kind] + i];
        np_json_begin_object(json, NULL);
        np_json_text(json, "name", trait->text);
        np_json_uint(json, "ok", trait->count - trait->refused - trait->failed);
        np_json_uint(json, "refused", trait->refused);
        np_json_uint(json, "failed", trait->failed);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static int write_ndjson(const struct summarize *summarize, struct np_out *out, struct np_err *err)
{
    const struct np_principals *principals = &summarize->principals;
    int r = 0;
    for (size_t i = 0; i < principals->items.len && r == 0; i++) {
        const struct np_principal *principal = &principals->items.items[i];
        struct np_json_writer json;
        np_line_begin(&json, np_out_buf(out), "principal");
        np_json_text(&json, "principal", principal->name);
        np_json_text(&json, "account", principal->account);
        np_json_uint(&json, "events", principal->count);
        np_json_uint(&json, "ok", principal->count - principal->refused - principal->failed);
        np_json_uint(&json, "refused", principal->refused);
        np_json_uint(&json, "failed", principal->failed);
        np_line_time(&json, "first", principal->first);
        np_line_time(&json, "last", principal->last);
        for (size_t kind = 0; kind < NP_TRAIT_KIND_MAX; kind++)
            write_traits(&json, principals, principal, (enum np_trait_kind) kind);
        np_line_end(&json);
        r = np_out_commit(out, err);
    }
    return r;
}

/* ---- the command */

static int open_all(struct summarize *summarize, const struct np_args *args, int *status,
                    struct np_err *err)
{
    struct np_input_params params = {.paths = args->operands, .path_count = args->operand_count};
    *status = NP_EXIT_USAGE;
    int r = np_detect_settings_read(&summarize->settings, args, err);
    if (r == 0)
        r = np_field_set_new(&summarize->fields);
    if (r == 0)
        r = np_decode_plan_new(&summarize->plan, summarize->fields, NULL, err);
    params.plan = summarize->plan;
    if (r == 0)
        r = np_input_new(&summarize->source, &params, err);
    if (r < 0) {
        *status = r == -EINVAL || r == -ENOENT ? NP_EXIT_USAGE : NP_EXIT_FAILURE;
        return r;
    }
    return np_outputs_open(&summarize->outputs, args, formats, NP_ARRAY_LEN(formats), err);
}

static int write_all(struct summarize *summarize, struct np_err *err)
{
    struct np_outputs *outputs = &summarize->outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++) {
        struct np_out *out = outputs->items[i].out;
        r = np_span_is(outputs->items[i].format, "ndjson") ? write_ndjson(summarize, out, err)
                                                           : write_table(summarize, out, err);
    }
    return r < 0 ? r : np_outputs_flush(outputs, err);
}

static int run(struct summarize *summarize, const struct np_args *args, int *status,
               struct np_err *err)
{
    np_tally_init(&summarize->tally);
    np_principals_init(&summarize->principals);
    int r = open_all(summarize, args, status, err);
    if (r < 0)
        return r;
    *status = NP_EXIT_FAILURE;
    struct np_each each = {.source = summarize->source,
                           .plan = summarize->plan,
                           .fn = take_event,
                           .context = summarize};
    r = np_engine_each(&each, &summarize->tally, err);
    tell_missing(summarize);
    if (r == 0 && summarize->events == 0)
        return np_fail(err, -ENODATA, "no record was read");
    if (r < 0)
        return r;
    np_principals_sort(&summarize->principals);
    return write_all(summarize, err);
}

int np_cli_summarize(const struct np_args *args)
{
    struct summarize summarize = {};
    struct np_err err = {};
    int status = NP_EXIT_OK;
    int r = run(&summarize, args, &status, &err);
    status = np_loaded_status(r, &err, r < 0 && r != -EPIPE ? status : NP_EXIT_OK);
    summarize_done(&summarize);
    return status;
}
