/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns are shown in which width, and how a row lies in them. */
#include "unit/sink/fixture.h"

#include "sink/grid.h"

enum { NAME, COUNT, TEXT, EXTRA };

static struct np_grid example(size_t width)
{
    struct np_grid grid = {
        .columns = {[NAME] = {"NAME", 0, .min = 6, .good = 10, .want = 14},
                    [COUNT] = {"N", 2, .min = 3, .good = 3, .want = 3, .align_right = true},
                    [TEXT] = {"TEXT", 1, .min = 8, .good = 12, .want = 30},
                    [EXTRA] = {"EXTRA", 3, .min = 5, .good = 5, .want = 5}},
        .count = 4,
        .essential = 3,
        .width = width,
        .charset = NP_CHARSET_UNICODE,
    };
    np_grid_fit(&grid);
    return grid;
}

static void leaves_out_what_matters_least(void **state)
{
    (void) state;
    static const struct {
        size_t width;
        size_t widths[4];
    } cases[] = {
        {3, {3, 0, 0, 0}},   /* something is always shown */
        {15, {14, 0, 0, 0}}, /* no room for the least of the second */
        {16, {6, 0, 8, 0}},  /* essential ones squeeze each other */
        {21, {6, 3, 8, 0}},
        {27, {9, 3, 11, 0}},
        {35, {13, 3, 15, 0}}, /* the last waits until the others are comfortable */
        {36, {10, 3, 12, 5}},
        {80, {14, 3, 30, 5}}, /* nobody gets more than it wants */
        {NP_COLUMNS_UNLIMITED, {14, 3, 30, 5}},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_grid grid = example(cases[i].width);
        for (size_t c = 0; c < 4; c++)
            if (grid.widths[c] != cases[i].widths[c])
                fail_msg("width %zu: column %zu has %zu, not %zu", cases[i].width, c,
                         grid.widths[c], cases[i].widths[c]);
    }
}

static void shows_no_column_that_has_nothing_to_show(void **state)
{
    (void) state;
    struct np_grid grid = example(80);
    grid.columns[TEXT].want = 0;
    np_grid_fit(&grid);
    assert_int_equal(grid.widths[TEXT], 0);
    assert_int_equal(np_grid_cell_columns(&grid, TEXT), 0);
    assert_int_equal(grid.widths[EXTRA], 5);
}

static void assert_row(const struct np_grid *grid, const struct np_cell *cells, const char *want)
{
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    np_grid_row(grid, &buf, cells);
    assert_string_equal(np_buf_cstr(&buf), want);
}

static void aligns_cells_and_leaves_no_blanks_at_the_end(void **state)
{
    (void) state;
    struct np_grid grid = example(36);
    assert_row(&grid,
               (const struct np_cell[4]){{NP_SPAN("ann"), NULL},
                                         {NP_SPAN("7"), NULL},
                                         {NP_SPAN("text"), NULL},
                                         {NP_SPAN("x"), NULL}},
               "ann           7  text          x\n");
    assert_row(&grid,
               (const struct np_cell[4]){
                   {NP_SPAN("a long long name"), NULL}, {NP_SPAN("12345"), NULL}, {}, {}},
               "a long lo…  12…\n");
    assert_row(
        &grid,
        (const struct np_cell[4]){{}, {}, {NP_SPAN("日本 of a text"), NULL}, {NP_SPAN("x"), NULL}},
        "                 日本 of a t…  x\n");
    assert_row(&grid, (const struct np_cell[4]){}, "\n");
}

static void colours_a_cell_without_moving_the_next(void **state)
{
    (void) state;
    struct np_grid grid = example(36);
    assert_row(&grid, (const struct np_cell[4]){{NP_SPAN("a\033b"), "31"}, {NP_SPAN("7"), NULL}},
               "\033[31ma\\x1bb\033[0m        7\n");
}

static void lets_long_cells_push_where_width_has_no_limit(void **state)
{
    (void) state;
    struct np_grid grid = example(NP_COLUMNS_UNLIMITED);
    assert_row(&grid,
               (const struct np_cell[4]){{NP_SPAN("a name longer than wanted"), NULL},
                                         {NP_SPAN("7"), NULL},
                                         {NP_SPAN("t"), NULL}},
               "a name longer than wanted  7  t\n");
    char text[500];
    memset(text, 'x', sizeof(text));
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    np_grid_row(&grid, &buf, (const struct np_cell[4]){{np_span_make(text, sizeof(text)), NULL}});
    assert_int_equal(
        np_width(np_span_head(np_buf_span(&buf), buf.len - 1), SIZE_MAX, NP_CHARSET_UNICODE),
        NP_GRID_CELL_MAX_COLUMNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_out_what_matters_least),
        cmocka_unit_test(shows_no_column_that_has_nothing_to_show),
        cmocka_unit_test(aligns_cells_and_leaves_no_blanks_at_the_end),
        cmocka_unit_test(colours_a_cell_without_moving_the_next),
        cmocka_unit_test(lets_long_cells_push_where_width_has_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
