/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials of an incident, the first one first, with the places each was used from and how it was joined. */
#include <stdio.h>

#include "sink/incident/timeline_internal.h"

enum { SHOWN_MAX = 20, WHY_BYTES = 160, PLACES_SHOWN = 8, WIDE_COLUMNS = 100 };

enum { LABEL, LETTER, WHO, KEY, PLACE, WHY, SINCE, KIND, COLUMN_MAX };

static const struct np_grid grid_template = {
    .count = COLUMN_MAX,
    .essential = 5,
    .columns = /* title, rank */
    {
        [LABEL] = {"actor ", 0, .min = 6, .good = 6},
        [LETTER] = {"", 1, .min = 1, .good = 1},
        [WHO] = {"", 2, .min = 14, .good = 24, .keep = NP_KEEP_NAMES},
        [KEY] = {"", 3, .min = 20, .good = 20},
        [PLACE] = {"", 5, .min = 12, .good = 24},
        [WHY] = {"", 4, .min = 14, .good = 24},
        [SINCE] = {"", 6, .min = 5, .good = 8, .align_right = true},
        [KIND] = {"", 7, .min = 10, .good = 16},
    },
};

struct view {
    const struct np_credentials *credentials;
    const struct np_timeline_look *look;
    struct np_grid grid;
    struct np_buf places; /* scratch: the cell of the places */
};

/* The texts behind the cells of a credential. */
struct texts {
    char letter[2];
    char why[WHY_BYTES];
    char since[NP_OFFSET_BYTES];
};

/* Collects the places that a credential was used from. */
static void add_places(struct view *view, size_t credential, size_t columns)
{
    const struct np_incident *incident = view->credentials->incident;
    struct np_span places[PLACES_SHOWN];
    struct np_list list = {.items = places};
    for (size_t i = view->credentials->first_link[credential]; i < incident->chain_count; i++) {
        if (view->credentials->of_link[i] != credential || incident->chain[i].place.len == 0)
            continue;
        if (list.count < PLACES_SHOWN)
            places[list.count++] = incident->chain[i].place;
        list.total++;
    }
    np_buf_reset(&view->places);
    if (list.count > 0)
        np_fit_list(&view->places, &list, columns, view->grid.charset);
}

/* "<- a: created-key" */
static void make_why(const struct view *view, size_t credential, char why[WHY_BYTES])
{
    const struct np_incident_link *link =
        &view->credentials->incident->chain[view->credentials->first_link[credential]];
    why[0] = '\0';
    if (link->reason != NULL)
        (void) snprintf(why, WHY_BYTES, "%s %c: %s", view->look->params->unicode ? "←" : "<-",
                        np_credential_letter(np_credentials_of(view->credentials, link->from)),
                        link->reason);
}

static void make_cells(struct view *view, size_t credential, struct texts *texts,
                       struct np_cell cells[NP_GRID_COLUMNS_MAX])
{
    const struct np_incident *incident = view->credentials->incident;
    const struct np_incident_link *link =
        &incident->chain[view->credentials->first_link[credential]];
    bool is_narrow = view->grid.width < WIDE_COLUMNS; /* then the places or the reason have room */
    size_t columns = np_grid_cell_columns(&view->grid, is_narrow ? WHY : PLACE);
    texts->letter[0] = np_credential_letter(credential);
    texts->letter[1] = '\0';
    make_why(view, credential, texts->why);
    add_places(view, credential, columns > 0 ? columns : NP_GRID_CELL_MAX_COLUMNS);
    np_timeline_offset(texts->since,
                       ((double) link->first - (double) incident->first) / NP_NS_PER_S);
    cells[LABEL].text = credential == 0 ? NP_SPAN("actor") : NP_SPAN("");
    cells[LABEL].sgr = view->look->params->colour ? NP_SGR_TITLE : NULL;
    cells[LETTER].text = np_span_of(texts->letter);
    cells[LETTER].sgr = np_timeline_colour(view->look->params, credential);
    cells[WHO].text = np_arn_short(link->value, incident->chain[0].account);
    cells[KEY].text = np_span_eq(link->key, link->value) ? (struct np_span){} : link->key;
    cells[PLACE].text = np_buf_span(&view->places);
    cells[WHY].text = np_span_of(texts->why);
    cells[SINCE].text = np_span_of(texts->since);
    cells[KIND].text = np_span_of(link->kind);
    if (is_narrow && link->reason == NULL)
        cells[WHY].text = cells[PLACE].text;
    if (is_narrow)
        cells[PLACE].text.len = 0;
}

static void write_rows(struct view *view, struct np_buf *buf, size_t shown)
{
    struct np_cell cells[NP_GRID_COLUMNS_MAX] = {};
    struct texts texts;
    for (size_t i = 0; i < shown; i++) {
        make_cells(view, i, &texts, cells);
        for (size_t c = 0; c < COLUMN_MAX; c++) {
            size_t width = np_width(cells[c].text, NP_GRID_CELL_MAX_COLUMNS, view->grid.charset);
            view->grid.columns[c].want = NP_MAX(view->grid.columns[c].want, width);
        }
    }
    np_grid_fit(&view->grid);
    for (size_t i = 0; i < shown; i++) {
        make_cells(view, i, &texts, cells);
        np_grid_row(&view->grid, buf, cells);
    }
    if (shown < view->credentials->count) {
        char more[64];
        (void) snprintf(more, sizeof(more), "        and %zu credentials more",
                        view->credentials->count - shown);
        np_fit(buf, np_span_of(more), view->grid.width, NP_KEEP_HEAD, view->grid.charset);
        np_buf_add_char(buf, '\n');
    }
}

void np_timeline_chain(struct np_buf *buf, const struct np_credentials *credentials,
                       const struct np_timeline_look *look)
{
    struct view view = {.credentials = credentials, .look = look, .grid = grid_template};
    size_t shown = credentials->count;
    if (look->steps_max > 0)
        shown = NP_MIN(shown, (size_t) SHOWN_MAX);
    view.grid.width = np_params_columns(look->params);
    view.grid.charset = np_params_charset(look->params);
    np_buf_init(&view.places, SIZE_MAX); /* it holds one cell */
    write_rows(&view, buf, shown);
    if (buf->error == 0)
        buf->error = view.places.error;
    np_buf_done(&view.places);
}
