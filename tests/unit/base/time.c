/* SPDX-License-Identifier: Apache-2.0 */
/* Times in and out; expected numbers of seconds come from `date -u -d ... +%s`. */
#include "support/unit.h"

#include <stdlib.h>
#include <time.h>

#include "base/compiler.h"
#include "base/time.h"

static void reads_every_accepted_form(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        int64_t seconds;
        int64_t ns;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"2023-07-10T11:45:01Z", 1688989501, 0},
        {"2023-07-10t11:45:01z", 1688989501, 0},
        {"2023-07-10 11:45:01", 1688989501, 0},
        {"2023-07-10T11:45:01", 1688989501, 0},
        {"2023-07-10T11:45:01.5Z", 1688989501, 500000000},
        {"2023-07-10T11:45:01,25Z", 1688989501, 250000000},
        {"2023-07-10T11:45:01.123456789Z", 1688989501, 123456789},
        {"2023-07-10T11:45:01.1234567899Z", 1688989501, 123456789},
        {"2023-07-10T13:45:01+02:00", 1688989501, 0},
        {"2023-07-10T13:45:01+0200", 1688989501, 0},
        {"2023-07-10T13:45:01 +02:00", 1688989501, 0},
        {"2023-07-10T06:15:01-05:30", 1688989501, 0},
        {"2000-02-29T00:00:00Z", 951782400, 0},
        {"2024-02-29T23:59:59Z", 1709251199, 0},
        {"2016-12-31T23:59:60Z", 1483228800, 0}, /* a leap second is the next second */
        {"1969-12-31T23:59:59Z", -1, 0},
        {"1678-01-01T00:00:00Z", -9214560000, 0},
        {"2261-12-31T23:59:59Z", 9214646399, 0},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_time_ns time = 0;
        assert_true(np_time_parse(np_span_of(cases[i].text), &time));
        assert_true(time == cases[i].seconds * NP_NS_PER_S + cases[i].ns);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",
        "2023",
        "2023-07-10",
        "2023-07-10T",
        "2023-07-10T11:45",
        "2023-07-10T11:45:0",
        "2023-07-10T11:45:01.Z",
        "2023-07-10T11:45:01Zx",
        "2023-07-10T11:45:01 ",
        "2023-07-10T11:45:01+",
        "2023-07-10T11:45:01+02",
        "2023-07-10T11:45:01+24:00",
        "2023-07-10T11:45:01+00:60",
        "2023-07-10T11:45:01*00:00",
        "2023-07-10X11:45:01Z",
        "2023/07/10T11:45:01Z",
        "2023-7-10T11:45:01Z",
        "2023-00-10T11:45:01Z",
        "2023-13-10T11:45:01Z",
        "2023-07-00T11:45:01Z",
        "2023-07-32T11:45:01Z",
        "2023-02-29T11:45:01Z",
        "1900-02-29T11:45:01Z",
        "2023-04-31T11:45:01Z",
        "2023-07-10T24:00:00Z",
        "2023-07-10T11:60:00Z",
        "2023-07-10T11:45:61Z",
        "1677-12-31T23:59:59Z",
        "2262-01-01T00:00:00Z",
        "-023-07-10T11:45:01Z",
        " 2023-07-10T11:45:01Z",
        "20230710T114501Z",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        np_time_ns time = 42;
        assert_false(np_time_parse(np_span_of(texts[i]), &time));
        assert_int_equal(time, 42);
    }
    np_time_ns time = 42;
    assert_false(np_time_parse(np_span_make("2023-07-10T11:45:01\0", 20), &time));
}

static void agrees_with_the_c_library_on_every_day(void **state)
{
    (void) state;
    for (int64_t day = -100000; day < 100000; day++) {
        time_t seconds = (time_t) (day * 86400 + 3661);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_true(np_time_of_utc(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                                   tm.tm_min, tm.tm_sec) == (int64_t) seconds * NP_NS_PER_S);
    }
}

static void writes_what_it_reads(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "1970-01-01T00:00:00Z",           "2023-07-10T11:45:01Z",
        "2023-07-10T11:45:01.5Z",         "2023-07-10T11:45:01.000001Z",
        "2023-07-10T11:45:01.123456789Z", "1969-12-31T23:59:59.999999999Z",
        "1678-01-01T00:00:00.000000001Z", "2261-12-31T23:59:59Z",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        np_time_ns time = 0;
        char text[NP_TIME_TEXT_BYTES];
        assert_true(np_time_parse(np_span_of(texts[i]), &time));
        np_time_format(text, time);
        assert_string_equal(text, texts[i]);
    }
}

static void writes_a_dash_for_no_time(void **state)
{
    (void) state;
    char text[NP_TIME_TEXT_BYTES];
    np_time_format(text, NP_TIME_NONE);
    assert_string_equal(text, "-");
    np_time_format_local(text, NP_TIME_NONE);
    assert_string_equal(text, "-");
}

static void writes_the_ends_of_its_range(void **state)
{
    (void) state;
    char text[NP_TIME_TEXT_BYTES];
    np_time_format(text, INT64_MAX);
    assert_string_equal(text, "2262-04-11T23:47:16.854775807Z");
    np_time_format(text, INT64_MIN + 1);
    assert_string_equal(text, "1677-09-21T00:12:43.145224193Z");
}

static void writes_local_time_in_the_zone_of_the_process(void **state)
{
    (void) state;
    char text[NP_TIME_TEXT_BYTES];
    np_time_ns time = np_time_of_utc(2023, 7, 10, 23, 45, 1) + 999999999;
    assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    tzset();
    np_time_format_local(text, time);
    assert_string_equal(text, "2023-07-11 01:45:01");
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    tzset();
    np_time_format_local(text, time);
    assert_string_equal(text, "2023-07-10 23:45:01");
}

static void reads_what_a_user_types(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"2023-07-10T11:45:01Z", 1688989501}, {"2023-07-10", 1688947200},
        {"1688989501", 1688989501},           {"0", 0},
        {"9223372036", 9223372036},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_time_ns time = 0;
        struct np_err err = {};
        assert_int_equal(np_time_parse_user(&time, np_span_of(cases[i].text), &err), 0);
        assert_true(time == cases[i].seconds * NP_NS_PER_S);
        assert_int_equal(err.code, 0);
    }
}

static void tells_a_user_which_forms_it_takes(void **state)
{
    (void) state;
    static const char *const texts[] = {"",           "yesterday", "2023-07",     "2023-07-10x",
                                        "9223372037", "-1",        "1688989501s", "16889895011",
                                        "2023-02-30"};
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        np_time_ns time = 42;
        struct np_err err = {};
        assert_int_equal(np_time_parse_user(&time, np_span_of(texts[i]), &err), -EINVAL);
        assert_int_equal(time, 42);
        assert_non_null(strstr(err.msg, texts[i]));
        assert_non_null(strstr(err.msg, "2023-07-10T11:45:00Z"));
    }
}

static void has_a_clock_that_never_goes_back(void **state)
{
    (void) state;
    np_mono_ns last = np_mono_now();
    assert_true(last > 0);
    for (int i = 0; i < 1000; i++) {
        np_mono_ns now = np_mono_now();
        assert_true(now >= last);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_accepted_form),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(agrees_with_the_c_library_on_every_day),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(writes_a_dash_for_no_time),
        cmocka_unit_test(writes_the_ends_of_its_range),
        cmocka_unit_test(writes_local_time_in_the_zone_of_the_process),
        cmocka_unit_test(reads_what_a_user_types),
        cmocka_unit_test(tells_a_user_which_forms_it_takes),
        cmocka_unit_test(has_a_clock_that_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
