/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of an incident in columns. Of a long one the most telling steps are shown, and where some are left out a line says how
 * many; so the one call for more rights among hundreds of reads is never the one that is missing.
 */
#include <stdio.h>
#include <string.h>

#include "sink/figure.h"
#include "sink/incident/lanes.h"
#include "sink/incident/timeline_internal.h"

enum {
    CLOCK,
    AFTER,
    BY,
    TACTIC,
    COUNT,
    ACTION,
    RESOURCE,
    OUTCOME,
    REGION,
    PLACE,
    LEVEL,
    COLUMN_MAX
};
enum {
    WIDE_COLUMNS = 100,
    NARROW_LANES = 4,
    DATE_LEN = 10,
    MONTH_AT = 5,
    CLOCK_AT = 11,
    ACTION_BYTES = 256
};

#define SGR_DIM "2"

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 6,
    .columns = /* title, rank */
    {
        [CLOCK] = {"", 8, .min = 8, .good = 8},
        [AFTER] = {"AFTER", 0, .min = 5, .good = 6, .align_right = true},
        [BY] = {"BY", 1, .min = 1, .good = 2 * NARROW_LANES - 1},
        [TACTIC] = {"TACTIC", 3, .min = 9, .good = 12},
        [COUNT] = {"", 5, .min = 3, .good = 5, .align_right = true},
        [ACTION] = {"ACTION", 2, .min = 20, .good = 32, .eager = 1},
        [RESOURCE] = {"ON", 6, .min = 14, .good = 24, .keep = NP_KEEP_NAMES},
        [OUTCOME] = {"OUTCOME", 4, .min = 8, .good = 16},
        [REGION] = {"REGION", 9, .min = 9, .good = 10},
        [PLACE] = {"FROM", 10, .min = 12, .good = 15},
        [LEVEL] = {"LEVEL", 7, .min = 6, .good = 8},
    },
};

struct view {
    const struct np_incident *incident;
    const struct np_credentials *credentials;
    const struct np_timeline_look *look;
    struct np_buf *buf;
    struct np_grid grid;
    struct np_lanes lanes;
    bool is_one_day; /* all of it: the clock alone tells the time */
    char clock_title[NP_TIME_TITLE_BYTES];
};

/* The texts behind the cells of a step. */
struct texts {
    char clock[NP_TIME_TEXT_BYTES];
    char after[NP_OFFSET_BYTES];
    char lanes[NP_LANES_BYTES];
    char tactic[32];
    char count[NP_FIGURE_BYTES];
    char action[ACTION_BYTES];
};

/* Short enough for a column. */
static const char *tactic_word(enum np_tactic tactic)
{
    static const char *const words[NP_TACTIC_MAX] = {
        [NP_TACTIC_NONE] = "",
        [NP_TACTIC_INITIAL_ACCESS] = "access",
        [NP_TACTIC_DISCOVERY] = "discovery",
        [NP_TACTIC_CREDENTIAL_ACCESS] = "credentials",
        [NP_TACTIC_LATERAL_MOVEMENT] = "lateral",
        [NP_TACTIC_EXECUTION] = "execution",
        [NP_TACTIC_PRIVILEGE_ESCALATION] = "escalation",
        [NP_TACTIC_PERSISTENCE] = "persistence",
        [NP_TACTIC_DEFENSE_EVASION] = "evasion",
        [NP_TACTIC_COLLECTION] = "collection",
        [NP_TACTIC_EXFILTRATION] = "exfiltration",
        [NP_TACTIC_IMPACT] = "impact",
    };
    return words[tactic];
}

static double seconds_after(const struct view *view, np_time_ns time)
{
    return ((double) time - (double) view->incident->first) / NP_NS_PER_S;
}

static struct np_span account_of(const struct view *view, const struct np_incident_step *step)
{
    const struct np_incident *incident = view->incident;
    return step->link < incident->chain_count ? incident->chain[step->link].account
                                              : (struct np_span){};
}

static struct np_span place_of(const struct view *view, const struct np_incident_step *step)
{
    const struct np_incident *incident = view->incident;
    return step->link < incident->chain_count ? incident->chain[step->link].place
                                              : (struct np_span){};
}

/* Colours say what matters: what was refused is dimmed, what a rule or behaviour speaks of has its level's. */
static void colour_cells(const struct view *view, const struct np_incident_step *step,
                         struct np_cell cells[NP_GRID_COLUMNS_MAX])
{
    const struct np_sink_params *params = view->look->params;
    bool is_refused = step->refused > 0 && step->refused >= step->count;
    for (size_t i = 0; i < COLUMN_MAX; i++)
        cells[i].sgr = is_refused && params->colour ? SGR_DIM : NULL;
    cells[BY].sgr = np_timeline_colour(params, np_credentials_of(view->credentials, step->link));
    if (step->level >= NP_LEVEL_MEDIUM) {
        cells[LEVEL].sgr = np_level_cell(params, step->level).sgr;
        if (!is_refused)
            cells[ACTION].sgr = cells[LEVEL].sgr;
    }
}

static void make_cells(const struct view *view, size_t index, struct texts *texts,
                       struct np_cell cells[NP_GRID_COLUMNS_MAX])
{
    const struct np_incident_step *step = &view->incident->steps[index];
    np_time_format_local(texts->clock, step->time);
    np_timeline_offset(texts->after, seconds_after(view, step->time));
    np_lanes_draw(&view->lanes, index, texts->lanes);
    (void) snprintf(texts->tactic, sizeof(texts->tactic), "%s%s", tactic_word(step->tactic),
                    step->tactic_guessed && step->tactic != NP_TACTIC_NONE ? "?" : "");
    texts->count[0] = '\0';
    if (step->count > 1)
        np_figure_times(texts->count, step->count, view->grid.charset);
    cells[CLOCK].text =
        np_span_from(np_span_of(texts->clock), view->is_one_day ? CLOCK_AT : MONTH_AT);
    cells[AFTER].text = np_span_of(texts->after);
    cells[BY].text = np_span_of(texts->lanes);
    cells[TACTIC].text = np_span_of(texts->tactic);
    cells[COUNT].text = np_span_of(texts->count);
    cells[ACTION].text = step->action;
    cells[RESOURCE].text = np_arn_short(step->resource, account_of(view, step));
    if (view->grid.width < WIDE_COLUMNS && step->resource.len > 0) { /* no column of its own */
        int len = snprintf(texts->action, sizeof(texts->action), "%.*s %.*s",
                           NP_SPAN_ARGS(step->action), NP_SPAN_ARGS(cells[RESOURCE].text));
        cells[ACTION].text =
            np_span_make(texts->action, NP_MIN((size_t) NP_MAX(len, 0), sizeof(texts->action) - 1));
        cells[RESOURCE].text.len = 0;
    }
    cells[OUTCOME].text = step->outcome;
    cells[REGION].text = step->region;
    cells[PLACE].text = place_of(view, step);
    cells[LEVEL].text = step->level >= NP_LEVEL_MEDIUM ? np_span_of(np_level_short(step->level))
                                                       : (struct np_span){};
    colour_cells(view, step, cells);
}

/* ---- which steps are shown */

/* How much a step tells; 0 is the least. */
static unsigned telling_of(const struct np_incident *incident, size_t index)
{
    const struct np_incident_step *step = &incident->steps[index];
    bool is_edge = index < 4 || index + 4 >= incident->step_count ||
                   step->link != incident->steps[index - 1].link;
    return 4 * (unsigned) step->level + (step->behaviour != NULL ? 4 : 0) + (is_edge ? 2 : 0) +
           (step->tactic > NP_TACTIC_DISCOVERY ? 1 : 0);
}

enum { TELLING_MAX = 4 * NP_LEVEL_MAX + 8 };

/* A walk over the steps that are shown: all that tell more than `threshold`, and of those at it the first and the last ones. */
struct choice {
    unsigned threshold;
    size_t heads; /* so many of those at the threshold */
    size_t tails; /* and those from this one on */
    size_t seen;  /* at the threshold, so far */
};

static struct choice choose(const struct view *view)
{
    const struct np_incident *incident = view->incident;
    size_t counts[TELLING_MAX] = {};
    size_t left = view->look->steps_max;
    struct choice choice = {.heads = SIZE_MAX};
    if (left == 0 || incident->step_count <= left)
        return choice;
    for (size_t i = 0; i < incident->step_count; i++)
        counts[telling_of(incident, i)]++;
    choice.threshold = TELLING_MAX - 1;
    while (choice.threshold > 0 && counts[choice.threshold] <= left)
        left -= counts[choice.threshold--];
    choice.heads = left - left / 2;
    choice.tails = counts[choice.threshold] - left / 2;
    return choice;
}

static bool take(struct choice *choice, const struct np_incident *incident, size_t index)
{
    unsigned telling = telling_of(incident, index);
    if (telling != choice->threshold)
        return telling > choice->threshold;
    size_t number = choice->seen++;
    return number < choice->heads || number >= choice->tails;
}

/* ---- lines */

/* A line below the titles of the columns from the tactic on, with the lanes that go on. */
static void add_note(const struct view *view, size_t index, struct np_span text, const char *sgr)
{
    const struct np_grid *grid = &view->grid;
    char lanes[NP_LANES_BYTES];
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct np_grid note = *grid;
    np_lanes_draw_after(&view->lanes, index, lanes);
    cells[BY] =
        (struct np_cell){np_span_of(lanes), np_timeline_colour(view->look->params, SIZE_MAX)};
    cells[TACTIC] = (struct np_cell){text, sgr};
    size_t before = 0;
    for (size_t i = 0; i < TACTIC; i++)
        before += grid->widths[i] > 0 ? grid->widths[i] + NP_GRID_GAP : 0;
    if (grid->widths[TACTIC] == 0)
        return; /* there is room for next to nothing */
    if (grid->width != NP_COLUMNS_UNLIMITED)
        note.widths[TACTIC] = grid->width - before;
    np_grid_row(&note, view->buf, cells);
}

/* What the step showed: on a line of its own, as it is the reason for much. */
static void add_behaviour(const struct view *view, size_t index)
{
    const struct np_incident_step *step = &view->incident->steps[index];
    char text[256];
    if (step->behaviour == NULL)
        return;
    (void) snprintf(text, sizeof(text), "%s %s", view->look->params->unicode ? "▲" : "^",
                    step->behaviour);
    add_note(view, index, np_span_of(text), np_level_cell(view->look->params, step->level).sgr);
}

/* Says that steps up to, but not with, `end` are left out. */
static void add_left_out(const struct view *view, size_t begin, size_t end)
{
    char figure[NP_FIGURE_BYTES];
    char from[NP_OFFSET_BYTES];
    char to[NP_OFFSET_BYTES];
    char text[160];
    if (begin == end)
        return;
    np_figure_count(figure, end - begin);
    np_timeline_offset(from, seconds_after(view, view->incident->steps[begin].time));
    np_timeline_offset(to, seconds_after(view, view->incident->steps[end - 1].time));
    bool is_one = end - begin == 1;
    (void) snprintf(text, sizeof(text), "%s %s step%s left out, %s%s%s",
                    view->look->params->unicode ? "⋮" : "...", figure, is_one ? "" : "s", from,
                    is_one ? "" : " to ", is_one ? "" : to);
    add_note(view, end - 1, np_span_of(text), view->look->params->colour ? SGR_DIM : NULL);
}

static void measure(struct view *view)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    struct choice choice = choose(view);
    for (size_t i = 0; i < view->incident->step_count; i++) {
        if (!take(&choice, view->incident, i))
            continue;
        make_cells(view, i, &texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            struct np_column *column = &view->grid.columns[c];
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, view->grid.charset);
            column->want = NP_MAX(column->want, width);
        }
    }
    view->grid.columns[BY].min = view->grid.columns[BY].want; /* a lane is not to be cut */
    np_grid_fit(&view->grid);
}

static void write_rows(struct view *view)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    struct choice choice = choose(view);
    size_t next = 0; /* that is not told yet */
    np_terminal_titles(view->buf, &view->grid, view->look->params);
    for (size_t i = 0; i < view->incident->step_count; i++) {
        if (!take(&choice, view->incident, i))
            continue;
        add_left_out(view, next, i);
        make_cells(view, i, &texts, cells);
        np_grid_row(&view->grid, view->buf, cells);
        add_behaviour(view, i);
        next = i + 1;
    }
    add_left_out(view, next, view->incident->step_count);
}

void np_timeline_steps(struct np_buf *buf, const struct np_credentials *credentials,
                       const struct np_timeline_look *look)
{
    char first[NP_TIME_TEXT_BYTES];
    char last[NP_TIME_TEXT_BYTES];
    const struct np_incident *incident = credentials->incident;
    struct view view = {.incident = incident,
                        .credentials = credentials,
                        .look = look,
                        .buf = buf,
                        .grid = grid_template};
    if (incident->step_count == 0)
        return;
    view.grid.width = np_params_columns(look->params);
    view.grid.charset = np_params_charset(look->params);
    np_time_format_local(first, incident->first);
    np_time_format_local(last, incident->last);
    view.is_one_day = strncmp(first, last, DATE_LEN) == 0 && strlen(first) > CLOCK_AT;
    (void) snprintf(view.clock_title, sizeof(view.clock_title), "%s",
                    look->params->zone != NULL ? look->params->zone : "local");
    view.grid.columns[CLOCK].title = view.clock_title;
    int r = np_lanes_init(&view.lanes, credentials,
                          view.grid.width < WIDE_COLUMNS ? (size_t) NARROW_LANES : NP_LANES_MAX,
                          view.grid.charset);
    if (r < 0) {
        buf->error = r;
    } else {
        measure(&view);
        write_rows(&view);
    }
    np_lanes_done(&view.lanes);
}
