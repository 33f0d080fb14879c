/* SPDX-License-Identifier: Apache-2.0 */
/* The order is that of the reader's questions; see timeline.h. */
#include "sink/incident/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sink/figure.h"
#include "sink/incident/flow.h"
#include "sink/incident/timeline_internal.h"

enum { SIGNS_MAX = 12, COMMANDS_MAX = 6, REACH_COLUMNS = 64, TITLE_MIN_COLUMNS = 16 };
enum { DAY_S = 24 * 60 * 60, DATE_LEN = 10 };

void np_timeline_duration(char out_text[NP_OFFSET_BYTES], double seconds)
{
    seconds = fmin(fmax(seconds, 0), 1e12);
    uint64_t whole = (uint64_t) seconds;
    if (whole < DAY_S) {
        char clock[NP_FIGURE_BYTES];
        np_figure_clock(clock, whole);
        (void) snprintf(out_text, NP_OFFSET_BYTES, "%s", clock);
    } else {
        (void) snprintf(out_text, NP_OFFSET_BYTES, "%ud %02u:%02u", (unsigned) (whole / DAY_S),
                        (unsigned) (whole % DAY_S / 3600), (unsigned) (whole % 3600 / 60));
    }
}

void np_timeline_offset(char out_text[NP_OFFSET_BYTES], double seconds)
{
    char text[NP_OFFSET_BYTES];
    np_timeline_duration(text, fabs(seconds));
    (void) snprintf(out_text, NP_OFFSET_BYTES, "%c%.30s", seconds < 0 ? '-' : '+', text);
}

const char *np_timeline_colour(const struct np_sink_params *params, size_t credential)
{
    static const char *const colours[] = {"36", "35", "34", "32"}; /* none that is a level's */
    if (!params->colour)
        return NULL;
    return credential < SIZE_MAX ? colours[credential % NP_ARRAY_LEN(colours)] : "2";
}

/* ---- the head */

/* A row of two or three cells: level, score and id, title. */
static void write_title(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    enum { LEVEL, SCORE, ID, TITLE, COUNT };
    const char *bold = look->params->colour ? NP_SGR_TITLE : NULL;
    char score[NP_FIGURE_BYTES];
    (void) snprintf(score, sizeof(score), "%.0f", fmin(fmax(incident->score, 0), 100));
    const struct np_cell cells[COUNT] = {
        [LEVEL] = np_level_cell(look->params, incident->level),
        [SCORE] = {np_span_of(score), NULL},
        [ID] = {np_span_of(look->id), NULL},
        [TITLE] = {incident->title, bold},
    };
    struct np_grid grid = {.count = COUNT,
                           .essential = COUNT,
                           .width = np_params_columns(look->params),
                           .charset = np_params_charset(look->params)};
    static const size_t ranks[COUNT] = {[LEVEL] = 0, [SCORE] = 3, [ID] = 1, [TITLE] = 2};
    for (size_t i = 0; i < COUNT; i++) {
        size_t want = np_width(cells[i].text, NP_GRID_CELL_MAX_COLUMNS, grid.charset);
        size_t min = i == TITLE ? NP_MIN(want, (size_t) TITLE_MIN_COLUMNS) : want;
        grid.columns[i] = (struct np_column){"", ranks[i], .min = min, .good = want, .want = want};
    }
    np_grid_fit(&grid);
    np_grid_row(&grid, buf, cells);
}

/* The last time as far as it differs from the first. */
static const char *until(const char *first, const char *last)
{
    return strncmp(first, last, DATE_LEN) == 0 && strlen(last) > NP_CLOCK_AT ? last + NP_CLOCK_AT
                                                                             : last;
}

static void write_when(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look)
{
    static const char *const states[NP_INCIDENT_STATE_MAX] = {[NP_INCIDENT_OPEN] = "open",
                                                              [NP_INCIDENT_UPDATE] = "open",
                                                              [NP_INCIDENT_CLOSED] = "closed"};
    struct np_flow flow = np_flow_begin(buf, "when", "; ", look->params);
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
    char lasted[NP_OFFSET_BYTES];
    char events[NP_FIGURE_BYTES];
    uint64_t refused = 0;
    for (size_t i = 0; i < incident->step_count; i++)
        refused += incident->steps[i].refused;
    np_time_format_local(first, incident->first);
    np_time_format_local(last, incident->last);
    np_timeline_duration(lasted,
                         ((double) incident->last - (double) incident->first) / NP_NS_PER_S);
    np_flow_addf(&flow, NULL, "%s to %s %s (%s)", first, until(first, last),
                 look->params->zone != NULL ? look->params->zone : "local", lasted);
    np_figure_count(events, incident->event_count);
    if (refused > 0)
        np_flow_addf(&flow, NULL, "%s event%s, %llu refused", events,
                     incident->event_count == 1 ? "" : "s", (unsigned long long) refused);
    else
        np_flow_addf(&flow, NULL, "%s event%s", events, incident->event_count == 1 ? "" : "s");
    np_flow_addf(&flow, NULL, "confidence %.2f", incident->confidence);
    np_flow_addf(&flow, NULL, "%s", states[incident->state]);
    np_flow_end(&flow);
}

/* All that is known of it is told there. */
static void write_whole(struct np_buf *buf, const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "merged", "", look->params);
    np_flow_addf(&flow, NULL, "became part of incident %s", look->whole_id);
    np_flow_end(&flow);
}

/* "roles taken on", and of one "role taken on". */
static void add_noun(struct np_buf *buf, const char *plural, uint64_t count)
{
    size_t len = strcspn(plural, " ");
    bool is_cut = count == 1 && len > 2 && plural[len - 1] == 's' && plural[len - 2] != 's';
    np_buf_add(buf, plural, is_cut ? len - 1 : len);
    np_buf_add_str(buf, plural + len);
}

/* "3 accounts: a, b +1" */
static void write_reach(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "reach", "; ", look->params);
    struct np_buf item;
    np_buf_init(&item, SIZE_MAX); /* it holds one item */
    for (size_t i = 0; i < incident->reach_count; i++) {
        const struct np_incident_reach *reach = &incident->reach[i];
        const struct np_list list = {
            .items = reach->values, .count = reach->value_count, .total = reach->count};
        char figure[NP_FIGURE_BYTES];
        np_buf_reset(&item);
        np_figure_count(figure, reach->count);
        np_buf_printf(&item, "%s ", figure);
        add_noun(&item, reach->what, reach->count);
        if (reach->value_count > 0) {
            np_buf_add_str(&item, ": ");
            np_fit_targets(&item, &list, (struct np_span){}, REACH_COLUMNS, flow.charset);
        }
        if (buf->error == 0)
            buf->error = item.error;
        np_flow_add(&flow, np_buf_span(&item), NULL);
    }
    np_flow_end(&flow);
    np_buf_done(&item);
}

/* ---- the end */

static void write_why(struct np_buf *buf, const struct np_incident *incident,
                      const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "why", "; ", look->params);
    size_t shown = incident->sign_count;
    if (look->steps_max > 0)
        shown = NP_MIN(shown, (size_t) SIGNS_MAX);
    for (size_t i = 0; i < shown; i++) {
        const struct np_incident_sign *sign = &incident->signs[i];
        char times[NP_FIGURE_BYTES];
        np_figure_times(times, sign->count, flow.charset);
        np_flow_addf(&flow, np_level_cell(look->params, sign->rule->level).sgr, "%s%s%s",
                     sign->rule->title, sign->count > 1 ? " " : "", sign->count > 1 ? times : "");
    }
    if (shown < incident->sign_count)
        np_flow_addf(&flow, NULL, "and %zu more", incident->sign_count - shown);
    np_flow_end(&flow);
}

static void write_blind(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "blind", "; ", look->params);
    for (size_t i = 0; i < incident->blind_count; i++)
        np_flow_add(&flow, incident->blind[i], NULL);
    np_flow_end(&flow);
}

static void write_next(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "next", "", look->params);
    size_t shown = incident->next_count;
    if (look->steps_max > 0)
        shown = NP_MIN(shown, (size_t) COMMANDS_MAX);
    for (size_t i = 0; i < shown; i++)
        np_flow_add_command(&flow, incident->next[i]);
    if (shown < incident->next_count) {
        char more[64]; /* a comment, also for a shell that it is copied into */
        (void) snprintf(more, sizeof(more), "# and %zu commands more",
                        incident->next_count - shown);
        np_flow_add_command(&flow, np_span_of(more));
    }
    np_flow_end(&flow);
}

static void write_how(struct np_buf *buf, const struct np_timeline_look *look)
{
    struct np_flow flow = np_flow_begin(buf, "more", "", look->params);
    const char *operands = look->params->show_operands;
    struct np_buf command;
    np_buf_init(&command, SIZE_MAX); /* as long as the command line that we were given */
    np_buf_printf(&command, "nepho incidents show %s --events%s", look->id,
                  operands != NULL ? operands : " INPUT...");
    if (buf->error == 0)
        buf->error = command.error;
    np_flow_add_command(&flow, np_buf_span(&command));
    np_flow_end(&flow);
    np_buf_done(&command);
}

/* Who, and what. */
static void write_story(struct np_buf *buf, const struct np_incident *incident,
                        const struct np_timeline_look *look)
{
    struct np_credentials credentials;
    int r = np_credentials_init(&credentials, incident);
    if (r < 0) {
        buf->error = r;
    } else {
        if (credentials.count > 0)
            np_timeline_chain(buf, &credentials, look);
        np_timeline_steps(buf, &credentials, look);
    }
    np_credentials_done(&credentials);
}

void np_timeline_write(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look)
{
    write_title(buf, incident, look);
    write_when(buf, incident, look);
    if (np_incident_is_merged(incident)) {
        write_whole(buf, look);
        return;
    }
    if (incident->reach_count > 0)
        write_reach(buf, incident, look);
    np_timeline_clock(buf, incident, look);
    write_story(buf, incident, look);
    if (incident->sign_count > 0)
        write_why(buf, incident, look);
    if (incident->blind_count > 0)
        write_blind(buf, incident, look);
    if (incident->next_count > 0)
        write_next(buf, incident, look);
    if (look->says_how)
        write_how(buf, look);
}
