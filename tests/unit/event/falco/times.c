/* SPDX-License-Identifier: Apache-2.0 */
/* The forms that Falco gives times in. */
#include "support/unit.h"

#include "base/compiler.h"
#include "event/falco/times.h"

static void writes_each_form(void **state)
{
    (void) state;
    np_time_ns time = np_time_of_utc(2026, 1, 31, 23, 59, 8) + 7;
    static const struct {
        enum np_falco_time_form form;
        const char *text;
        int64_t number;
    } cases[] = {
        {NP_FALCO_TIME_CLOCK, "23:59:08.000000007", 1769903948000000007},
        {NP_FALCO_TIME_CLOCK_S, "23:59:08", 1769903948000000007},
        {NP_FALCO_TIME_ISO, "2026-01-31T23:59:08.000000007+0000", 1769903948000000007},
        {NP_FALCO_TIME_DATE, "2026-01-31 23:59:08.000000007", 1769903948000000007},
        {NP_FALCO_TIME_DATE_S, "2026-01-31 23:59:08", 1769903948000000007},
        {NP_FALCO_TIME_RAW, "1769903948000000007", 1769903948000000007},
        {NP_FALCO_TIME_RAW_S, "1769903948", 1769903948},
        {NP_FALCO_TIME_RAW_NS, "000000007", 7},
    };
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_value value;
        assert_int_equal(np_falco_time_value(cases[i].form, time, &arena, &value), 0);
        assert_int_equal(value.kind, NP_VALUE_INT);
        assert_span_equal(value.text, cases[i].text);
        assert_int_equal(value.integer, cases[i].number);
    }
}

static void counts_seconds_before_1970_downwards(void **state)
{
    (void) state;
    struct np_value value;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    assert_int_equal(np_falco_time_value(NP_FALCO_TIME_DATE, -1, &arena, &value), 0);
    assert_span_equal(value.text, "1969-12-31 23:59:59.999999999");
}

static void has_no_value_for_a_time_that_is_not_known(void **state)
{
    (void) state;
    struct np_value value;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    assert_int_equal(np_falco_time_value(NP_FALCO_TIME_ISO, NP_TIME_NONE, &arena, &value), 0);
    assert_int_equal(value.kind, NP_VALUE_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_each_form),
        cmocka_unit_test(counts_seconds_before_1970_downwards),
        cmocka_unit_test(has_no_value_for_a_time_that_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
