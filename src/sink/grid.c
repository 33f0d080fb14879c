/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns are taken in the order of their value while there is room, so a wider terminal never
 * shows fewer; then they grow in turn, first to what is comfortable, then to what their cells want.
 */
#include "sink/grid.h"

#include <string.h>

/* What a column takes at most, in columns. */
static size_t want_of(const struct np_column *column)
{
    if (column->want == 0)
        return 0;
    size_t want = NP_MIN(column->want, (size_t) NP_GRID_CELL_MAX_COLUMNS);
    return NP_MAX(want, strlen(column->title));
}

/* The index of the column of that rank. */
static size_t ranked(const struct np_grid *grid, size_t rank)
{
    size_t i = 0;
    while (i + 1 < grid->count && grid->columns[i].rank != rank)
        i++;
    return i;
}

/* Gives columns their least width in the order of their value; returns the room that is left. */
static size_t choose(struct np_grid *grid)
{
    size_t used_min = 0;
    size_t used_good = 0;
    for (size_t rank = 0; rank < grid->count; rank++) {
        size_t i = ranked(grid, rank);
        const struct np_column *column = &grid->columns[i];
        size_t want = want_of(column);
        if (want == 0)
            continue;
        size_t gap = used_min > 0 ? NP_GRID_GAP : 0;
        size_t min = NP_MIN(column->min, want);
        if (used_min == 0)
            min = NP_MIN(min, grid->width);
        size_t used = rank < grid->essential ? used_min : used_good;
        if (used + gap + min > grid->width)
            break;
        grid->widths[i] = min;
        used_min += gap + min;
        used_good += gap + NP_MIN(column->good, want);
    }
    return grid->width - used_min;
}

/* Lets the shown columns grow in turn, up to `good` or `want`; returns the room that is left. */
static size_t grow(struct np_grid *grid, size_t room, bool to_good)
{
    bool grown = true;
    while (room > 0 && grown) {
        grown = false;
        for (size_t rank = 0; rank < grid->count && room > 0; rank++) {
            size_t i = ranked(grid, rank);
            const struct np_column *column = &grid->columns[i];
            size_t most = to_good ? NP_MIN(column->good, want_of(column)) : want_of(column);
            if (grid->widths[i] == 0 || grid->widths[i] >= most)
                continue;
            size_t step = NP_MIN(NP_MIN(1 + column->eager, most - grid->widths[i]), room);
            grid->widths[i] += step;
            room -= step;
            grown = true;
        }
    }
    return room;
}

void np_grid_fit(struct np_grid *grid)
{
    memset(grid->widths, 0, sizeof(grid->widths));
    if (grid->width == NP_COLUMNS_UNLIMITED) {
        for (size_t i = 0; i < grid->count; i++)
            grid->widths[i] = want_of(&grid->columns[i]);
        return;
    }
    size_t room = grow(grid, choose(grid), true);
    (void) grow(grid, room, false); /* what nobody wants stays empty */
}

size_t np_grid_cell_columns(const struct np_grid *grid, size_t index)
{
    bool unlimited = grid->width == NP_COLUMNS_UNLIMITED && grid->widths[index] > 0;
    return unlimited ? (size_t) NP_GRID_CELL_MAX_COLUMNS : grid->widths[index];
}

static void add_blanks(struct np_buf *buf, size_t count)
{
    for (size_t i = 0; i < count; i++)
        np_buf_add_char(buf, ' ');
}

/* Appends a cell in its colour; returns its columns. */
static size_t add_cell(const struct np_grid *grid, struct np_buf *buf, size_t index,
                       const struct np_cell *cell)
{
    if (cell->sgr != NULL)
        np_buf_printf(buf, "\033[%sm", cell->sgr);
    size_t columns = np_fit(buf, cell->text, np_grid_cell_columns(grid, index),
                            grid->columns[index].keep, grid->charset);
    if (cell->sgr != NULL)
        np_buf_add_str(buf, "\033[0m");
    return columns;
}

/* The blanks in front of a cell that is aligned right. */
static size_t indent(const struct np_grid *grid, size_t index, struct np_span text)
{
    size_t width = grid->widths[index];
    return grid->columns[index].align_right
               ? width - NP_MIN(np_width(text, width, grid->charset), width)
               : 0;
}

void np_grid_row(const struct np_grid *grid, struct np_buf *buf, const struct np_cell *cells)
{
    size_t start = 0; /* of the column */
    size_t at = 0;    /* where the last cell ended */
    for (size_t i = 0; i < grid->count; i++) {
        if (grid->widths[i] == 0)
            continue;
        if (cells[i].text.len > 0) {
            size_t from = start + indent(grid, i, cells[i].text);
            from = NP_MAX(from, at > 0 ? at + NP_GRID_GAP : 0);
            add_blanks(buf, from - at);
            at = from + add_cell(grid, buf, i, &cells[i]);
        }
        start += grid->widths[i] + NP_GRID_GAP;
    }
    np_buf_add_char(buf, '\n');
}
