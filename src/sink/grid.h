/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns on a terminal: which are shown in a given width, how wide each is, and a row of cells in
 * them. Cells are hostile text and are made safe on the way (width.h). A field never wraps; where
 * room is short, columns of low value are left out first, and cells are cut.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "sink/width.h"

enum {
    NP_GRID_COLUMNS_MAX = 12,
    NP_GRID_GAP = 2, /* between two columns */
    /* Also where the width has no limit: one long value must not push all else away. */
    NP_GRID_CELL_MAX_COLUMNS = 120,
};

struct np_column {
    const char *title;
    size_t rank;  /* its value: 0 is the highest, then 1, 2 ..., each once */
    size_t min;   /* columns that it is shown in at least */
    size_t good;  /* columns that make it comfortable; not less than `min` */
    size_t want;  /* columns of its widest cell; 0 = there is nothing to show */
    size_t eager; /* by how much it grows faster than others where there is room */
    enum np_keep keep;
    bool align_right;
};

struct np_grid {
    struct np_column columns[NP_GRID_COLUMNS_MAX];
    size_t count;
    /* For so many, those of higher value give way down to their `min`, for the rest to `good`. */
    size_t essential;
    size_t width; /* NP_COLUMNS_UNLIMITED = no limit: longer cells push the rest of their row */
    enum np_charset charset;
    size_t widths[NP_GRID_COLUMNS_MAX]; /* set by np_grid_fit(); 0 = not shown */
};

struct np_cell {
    struct np_span text;
    const char *sgr; /* parameters of the colour sequence, e.g. "31"; NULL = none. Never data */
};

/* Decides which columns are shown, and their widths, from all the rest. At least one is. */
void np_grid_fit(struct np_grid *grid);

/* The columns that a cell of that column may take; 0 = it is not shown. */
size_t np_grid_cell_columns(const struct np_grid *grid, size_t index);

/* Appends a row with its newline, no blanks at its end. `cells` are as many as columns. */
void np_grid_row(const struct np_grid *grid, struct np_buf *buf, const struct np_cell *cells);
