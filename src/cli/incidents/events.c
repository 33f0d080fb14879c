/* SPDX-License-Identifier: Apache-2.0 */
/* See events.h. */
#include "cli/incidents/events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/rules/loaded.h"
#include "engine/each.h"
#include "sink/incident/timeline.h"
#include "sink/line.h"
#include "sink/terminal.h"

/* ---- reading */

/* The events by id, with the step that each belongs to. */
static int add_ids(struct np_incident_events *events, const struct np_incident *incident)
{
    int r = 0;
    for (size_t i = 0; i < incident->event_count && r == 0; i++) {
        struct np_incident_event event = {.id = incident->event_ids[i],
                                          .step = incident->step_count};
        r = np_map_put(&events->index, event.id, (uint32_t) events->items.len);
        if (r == 0)
            r = np_vec_push(&events->items, event, incident->event_count);
    }
    for (size_t i = 0; i < incident->step_count && r == 0; i++)
        for (size_t j = 0; j < incident->steps[i].event_count; j++) {
            uint32_t number = np_map_get(&events->index, incident->steps[i].event_ids[j]);
            if (number != NP_MAP_NONE)
                events->items.items[number].step = i;
        }
    return r;
}

static int keep_texts(struct np_arena *arena, struct np_incident_event *event)
{
    struct np_event_brief *brief = &event->brief;
    struct np_span *const texts[] = {&brief->name,      &brief->source,  &brief->region,
                                     &brief->principal, &brief->address, &brief->outcome};
    int r = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(texts) && r == 0; i++)
        r = np_arena_keep(arena, texts[i]);
    if (r == 0) {
        event->origin.object = np_arena_strdup(arena, np_span_of(event->origin.object));
        r = event->origin.object != NULL ? 0 : -ENOMEM;
    }
    return r;
}

static int take_event(void *context, struct np_event *event)
{
    struct np_incident_events *events = context;
    char room[4096];
    uint32_t number = np_map_get(&events->index, np_event_id(event, room, sizeof(room)));
    if (number == NP_MAP_NONE || events->items.items[number].is_known)
        return 0;
    struct np_incident_event *known = &events->items.items[number];
    known->is_known = true;
    known->time = event->time;
    known->origin = event->origin;
    np_event_brief(event, &known->brief);
    return keep_texts(&events->texts, known);
}

static int read_again(struct np_incident_events *events, const struct np_gathered *gathered,
                      struct np_err *err)
{
    const struct np_args *args = gathered->hunt.args;
    struct np_source *source = NULL;
    struct np_tally tally;
    struct np_input_params params = {.paths = args->operands + 1,
                                     .path_count = args->operand_count - 1,
                                     .plan = gathered->hunt.plan};
    int r = np_input_new(&source, &params, err);
    if (r < 0)
        return r;
    np_tally_init(&tally); /* what cannot be read was told in the first walk */
    struct np_each each = {
        .source = source, .plan = gathered->hunt.plan, .fn = take_event, .context = events};
    r = np_engine_each(&each, &tally, err);
    np_tally_done(&tally);
    np_source_free(&source);
    return r;
}

int np_incident_events_read(struct np_incident_events *out_events,
                            const struct np_gathered *gathered, const struct np_incident *incident,
                            struct np_err *err)
{
    *out_events = (struct np_incident_events){};
    np_map_init(&out_events->index, incident->event_count);
    np_arena_init(&out_events->texts, SIZE_MAX); /* bounded by the events of one incident */
    int r = add_ids(out_events, incident);
    return r < 0 ? np_fail(err, r, "out of memory") : read_again(out_events, gathered, err);
}

void np_incident_events_done(struct np_incident_events *events)
{
    np_vec_done(&events->items);
    np_map_done(&events->index);
    np_arena_done(&events->texts);
}

bool np_incident_events_can_read(const struct np_args *args, size_t skip)
{
    for (size_t i = skip; i < args->operand_count; i++)
        if (strcmp(args->operands[i], "-") == 0)
            return false;
    return true;
}

/* ---- showing */

enum { TIME, STEP, API, OUTCOME, ADDRESS, REGION, PRINCIPAL, ORIGIN, ID, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 5,
    .columns = /* title, rank */
    {
        [TIME] = {"", 0, .min = 8, .good = 14},
        [STEP] = {"STEP", 4, .min = 4, .good = 4, .align_right = true},
        [API] = {"API", 1, .min = 16, .good = 28, .eager = 1},
        [OUTCOME] = {"OUTCOME", 2, .min = 8, .good = 14},
        [ADDRESS] = {"ADDRESS", 3, .min = 12, .good = 15},
        [REGION] = {"REGION", 7, .min = 9, .good = 12},
        [PRINCIPAL] = {"PRINCIPAL", 8, .min = 14, .good = 24, .keep = NP_KEEP_NAMES},
        [ORIGIN] = {"RECORD", 6, .min = 24, .good = 40, .keep = NP_KEEP_TAIL},
        [ID] = {"EVENT", 5, .min = 36, .good = 36},
    },
};

enum { DATE_LEN = 10, MONTH_AT = 5, CLOCK_AT = 11 }; /* in texts of np_time_format_local() */

/* What all rows have in common. */
struct view {
    const struct np_incident *incident;
    size_t time_at; /* where the part of a time begins that is shown: all is of one day, or not */
};

/* The texts behind the cells of a row. */
struct texts {
    char time[NP_TIME_TEXT_BYTES];
    char step[24];
    char origin[512];
};

static void make_cells(const struct np_incident_event *event, const struct view *view,
                       struct texts *texts, struct np_cell cells[COLUMN_MAX])
{
    texts->step[0] = '\0';
    texts->origin[0] = '\0';
    np_time_format_local(texts->time, event->is_known ? event->time : NP_TIME_NONE);
    if (event->step < view->incident->step_count)
        (void) snprintf(texts->step, sizeof(texts->step), "%zu", event->step + 1);
    if (event->is_known) {
        struct np_span object = np_span_of(event->origin.object); /* its end tells most */
        size_t max = sizeof(texts->origin) - 32;
        object = np_span_from(object, object.len - NP_MIN(object.len, max));
        (void) snprintf(texts->origin, sizeof(texts->origin), "%.*s:%llu", NP_SPAN_ARGS(object),
                        (unsigned long long) event->origin.offset);
    }
    cells[TIME].text = np_span_of(texts->time);
    if (strlen(texts->time) > CLOCK_AT)
        cells[TIME].text = np_span_from(cells[TIME].text, view->time_at);
    cells[STEP].text = np_span_of(texts->step);
    cells[API].text = event->brief.name;
    cells[OUTCOME].text = event->brief.outcome;
    cells[ADDRESS].text = event->brief.address;
    cells[REGION].text = event->brief.region;
    cells[PRINCIPAL].text = np_arn_short(event->brief.principal, (struct np_span){});
    cells[ORIGIN].text = np_span_of(texts->origin);
    cells[ID].text = event->id;
}

static struct view view_of(const struct np_incident *incident)
{
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
    np_time_format_local(first, incident->first);
    np_time_format_local(last, incident->last);
    bool is_one_day = strncmp(first, last, DATE_LEN) == 0;
    return (struct view){incident, is_one_day ? CLOCK_AT : MONTH_AT};
}

int np_incident_events_table(const struct np_incident_events *events,
                             const struct np_incident *incident,
                             const struct np_sink_params *params, struct np_err *err)
{
    const struct view view = view_of(incident);
    struct np_grid grid = grid_template;
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    char title[NP_TIME_TITLE_BYTES];
    grid.width = np_params_columns(params);
    grid.charset = np_params_charset(params);
    (void) snprintf(title, sizeof(title), "%s", params->zone);
    grid.columns[TIME].title = title;
    for (size_t i = 0; i < events->items.len; i++) {
        make_cells(&events->items.items[i], &view, &texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, grid.charset);
            grid.columns[c].want = NP_MAX(grid.columns[c].want, width);
        }
    }
    np_grid_fit(&grid);
    np_terminal_titles(np_out_buf(params->out), &grid, params);
    int r = np_out_commit(params->out, err);
    for (size_t i = 0; i < events->items.len && r == 0; i++) {
        make_cells(&events->items.items[i], &view, &texts, cells);
        np_grid_row(&grid, np_out_buf(params->out), cells);
        r = np_out_commit(params->out, err);
    }
    return r;
}

static void write_line(struct np_buf *buf, const struct np_incident_event *event,
                       const struct np_incident *incident)
{
    struct np_json_writer json;
    np_line_begin(&json, buf, "incident_event");
    np_line_hash(&json, "incident", incident->id);
    np_json_text(&json, "id", event->id);
    np_line_time(&json, "time", event->is_known ? event->time : NP_TIME_NONE);
    if (event->step < incident->step_count)
        np_json_uint(&json, "step", event->step);
    else
        np_json_null(&json, "step");
    np_line_brief(&json, &event->brief);
    np_line_origin(&json, &event->origin);
    np_line_end(&json);
}

int np_incident_events_ndjson(const struct np_incident_events *events,
                              const struct np_incident *incident, struct np_out *out,
                              struct np_err *err)
{
    int r = 0;
    for (size_t i = 0; i < events->items.len && r == 0; i++) {
        write_line(np_out_buf(out), &events->items.items[i], incident);
        r = np_out_commit(out, err);
    }
    return r;
}
