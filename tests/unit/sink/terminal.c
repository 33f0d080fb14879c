/* SPDX-License-Identifier: Apache-2.0 */
/* Colours by level, and the cells that both views of the table share. */
#include "unit/sink/fixture.h"

#include "sink/terminal.h"

static void colours_levels_only_where_asked_to(void **state)
{
    (void) state;
    const struct np_sink_params plain = {};
    const struct np_sink_params coloured = {.colour = true};
    for (int level = 0; level < NP_LEVEL_MAX; level++)
        assert_null(np_level_cell(&plain, (enum np_level) level).sgr);
    assert_string_equal(np_level_cell(&coloured, NP_LEVEL_CRITICAL).sgr, "1;31");
    assert_string_equal(np_level_cell(&coloured, NP_LEVEL_HIGH).sgr, "31");
    assert_string_equal(np_level_cell(&coloured, NP_LEVEL_MEDIUM).sgr, "33");
    assert_string_equal(np_level_cell(&coloured, NP_LEVEL_LOW).sgr, "36");
    assert_null(np_level_cell(&coloured, NP_LEVEL_INFORMATIONAL).sgr);
    assert_span_equal(np_level_cell(&coloured, NP_LEVEL_INFORMATIONAL).text, "info");
    assert_span_equal(np_level_cell(&coloured, NP_LEVEL_HIGH).text, "high");
}

static void takes_no_width_for_all_of_it(void **state)
{
    (void) state;
    assert_true(np_params_columns(&(const struct np_sink_params){}) == NP_COLUMNS_UNLIMITED);
    assert_int_equal(np_params_columns(&(const struct np_sink_params){.width = 80}), 80);
}

static void shortens_targets_of_the_same_account(void **state)
{
    (void) state;
    const struct np_span items[] = {NP_SPAN("arn:aws:iam::1:user/ann"),
                                    NP_SPAN("arn:aws:iam::2:user/bob"), NP_SPAN("a\nb")};
    const struct np_list list = {items, 3, .total = 3};
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    np_fit_targets(&buf, &list, NP_SPAN("1"), 40, NP_CHARSET_UNICODE);
    assert_string_equal(np_buf_cstr(&buf), "user/ann, 2:user/bob, a\\nb");
}

static void names_the_zone_of_times(void **state)
{
    (void) state;
    char title[NP_TIME_TITLE_BYTES];
    np_time_title(title, "TIME", &(const struct np_sink_params){.zone = "Europe/Berlin"});
    assert_string_equal(title, "TIME (Europe/Berlin)");
    np_time_title(title, "2023", &(const struct np_sink_params){});
    assert_string_equal(title, "2023 (local)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_levels_only_where_asked_to),
        cmocka_unit_test(takes_no_width_for_all_of_it),
        cmocka_unit_test(shortens_targets_of_the_same_account),
        cmocka_unit_test(names_the_zone_of_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
