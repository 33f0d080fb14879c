/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them. */
#include "unit/sink/fixture.h"

#include <math.h>

#include "sink/figure.h"

static void groups_digits_by_three(void **state)
{
    (void) state;
    char text[NP_FIGURE_BYTES];
    static const struct {
        uint64_t count;
        const char *want;
    } cases[] = {
        {0, "0"},        {999, "999"},           {1000, "1,000"},
        {1973, "1,973"}, {1234567, "1,234,567"}, {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_figure_count(text, cases[i].count);
        assert_string_equal(text, cases[i].want);
    }
    np_figure_times(text, UINT64_MAX, NP_CHARSET_UNICODE);
    assert_string_equal(text, "×18,446,744,073,709,551,615");
    np_figure_times(text, 3, NP_CHARSET_ASCII);
    assert_string_equal(text, "x3");
}

static void gives_sizes_in_the_unit_that_reads_best(void **state)
{
    (void) state;
    char text[NP_FIGURE_BYTES];
    static const struct {
        uint64_t bytes;
        const char *want;
    } cases[] = {
        {0, "0 B"},           {999, "999 B"},     {1000, "1.0 kB"},        {5234567, "5.2 MB"},
        {999949, "999.9 kB"}, {999950, "1.0 MB"}, {UINT64_MAX, "18.4 EB"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_figure_bytes(text, cases[i].bytes);
        assert_string_equal(text, cases[i].want);
    }
}

static void gives_durations_with_sensible_digits(void **state)
{
    (void) state;
    char text[NP_FIGURE_BYTES];
    const struct {
        double seconds;
        const char *want;
    } cases[] = {
        {0, "0.00 s"},       {0.083, "0.08 s"}, {12.34, "12.3 s"},        {161, "2 min 41 s"},
        {7261, "2 h 1 min"}, {-1, "0.00 s"},    {(double) NAN, "0.00 s"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_figure_seconds(text, cases[i].seconds);
        assert_string_equal(text, cases[i].want);
    }
    np_figure_seconds(text, HUGE_VAL);
    assert_true(strlen(text) < NP_FIGURE_BYTES);
    np_figure_clock(text, 7);
    assert_string_equal(text, "0:07");
    np_figure_clock(text, 3723);
    assert_string_equal(text, "1:02:03");
}

static void tells_no_rate_without_time(void **state)
{
    (void) state;
    assert_int_equal(np_figure_rate(1000, 0.5), 2000);
    assert_int_equal(np_figure_rate(1000, 0), 0);
    assert_int_equal(np_figure_rate(1000, -1), 0);
    assert_int_equal(np_figure_rate(1000, (double) NAN), 0);
    assert_int_equal(np_figure_rate(UINT64_MAX, 1e-300), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_digits_by_three),
        cmocka_unit_test(gives_sizes_in_the_unit_that_reads_best),
        cmocka_unit_test(gives_durations_with_sensible_digits),
        cmocka_unit_test(tells_no_rate_without_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
