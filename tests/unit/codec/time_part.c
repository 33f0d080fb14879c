/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of times; expected ones come from `date -u -d ... '+%M %H %d %V %m %Y'`. */
#include "support/unit.h"

#include "base/compiler.h"
#include "codec/number.h"
#include "codec/time_part.h"

static void check_parts(struct np_value value, const int *parts)
{
    for (int part = 0; part < NP_TIME_PART_MAX; part++) {
        int number = -1;
        assert_true(np_time_part_of_value(&value, (enum np_time_part) part, &number));
        if (number != parts[part])
            fail_msg("%s of '%.*s' is %d", np_time_part_name((enum np_time_part) part),
                     NP_SPAN_ARGS(value.text), number);
    }
}

static void takes_texts_apart(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        int parts[NP_TIME_PART_MAX];
    } cases[] = {
        {"2023-07-10T11:45:01Z", {45, 11, 10, 28, 7, 2023}},
        {"2023-07-10 11:45:01", {45, 11, 10, 28, 7, 2023}},
        {"2023-07-10T11:45:01.999999999Z", {45, 11, 10, 28, 7, 2023}},
        {"2023-07-10T01:15:01+02:00", {15, 23, 9, 27, 7, 2023}},
        {"2023-12-31T20:30:00-05:30", {0, 2, 1, 1, 1, 2024}},
        {"2023-07-10", {0, 0, 10, 28, 7, 2023}},
        {"1688989501", {45, 11, 10, 28, 7, 2023}},
        {"1688989501123", {45, 11, 10, 28, 7, 2023}},
        {"1969-12-31T23:59:59.5Z", {59, 23, 31, 1, 12, 1969}},
        {"2016-12-31T23:59:60Z", {0, 0, 1, 52, 1, 2017}},
        /* Weeks at the ends of years. */
        {"2021-01-03T00:00:00Z", {0, 0, 3, 53, 1, 2021}},
        {"2021-01-04T00:00:00Z", {0, 0, 4, 1, 1, 2021}},
        {"2018-12-31T00:00:00Z", {0, 0, 31, 1, 12, 2018}},
        {"2022-01-01T00:00:00Z", {0, 0, 1, 52, 1, 2022}},
        {"2020-12-31T00:00:00Z", {0, 0, 31, 53, 12, 2020}},
        {"2012-01-01T00:00:00Z", {0, 0, 1, 52, 1, 2012}},
        {"2013-01-01T00:00:00Z", {0, 0, 1, 1, 1, 2013}},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_parts((struct np_value){.kind = NP_VALUE_TEXT, .text = np_span_of(cases[i].text)},
                    cases[i].parts);
}

static struct np_value number_value(const char *text)
{
    struct np_number number;
    assert_true(np_number_parse(np_span_of(text), &number));
    struct np_value value = {.text = np_span_of(text)};
    value.kind = number.kind == NP_NUMBER_INT    ? NP_VALUE_INT
                 : number.kind == NP_NUMBER_UINT ? NP_VALUE_UINT
                                                 : NP_VALUE_DOUBLE;
    value.uinteger = number.uinteger;
    return value;
}

static void tells_the_unit_of_a_number_by_its_digits(void **state)
{
    (void) state;
    static const int parts[NP_TIME_PART_MAX] = {45, 11, 10, 28, 7, 2023};
    static const char *const texts[] = {
        "1688989501",      "1688989501.9",     "1.688989501e9",       "1688989501123",
        "1688989501123.5", "1688989501123456", "1688989501123456789",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++)
        check_parts(number_value(texts[i]), parts);
    static const int last[NP_TIME_PART_MAX] = {46, 17, 20, 46, 11, 2286};
    check_parts(number_value("9999999999"), last);
    check_parts(number_value("9999999999999999999"), last);
    static const int first[NP_TIME_PART_MAX] = {46, 1, 9, 36, 9, 2001};
    check_parts(number_value("1000000000"), first);
}

static void refuses_what_is_no_time(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",
        "today",
        "2023",
        "20230710",
        "20230710114501",
        "2023-13-01",
        "2023-07-10T25:00:00Z",
        "11:45:01",
        "999999999",
        "0",
        "-1688989501",
    };
    static const char *const numbers[] = {
        "0",           "2023",         "999999999",   "20230710",
        "10000000000", "999999999999", "-1688989501", "99999999999999999999",
        "1e300",       "0.5",
    };
    int number = -1;
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        struct np_value value = {.kind = NP_VALUE_TEXT, .text = np_span_of(texts[i])};
        assert_false(np_time_part_of_value(&value, NP_TIME_YEAR, &number));
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(numbers); i++) {
        struct np_value value = number_value(numbers[i]);
        assert_false(np_time_part_of_value(&value, NP_TIME_YEAR, &number));
    }
    for (int kind = NP_VALUE_ABSENT; kind < NP_VALUE_KIND_MAX; kind++) {
        struct np_value value = {.kind = (uint8_t) kind};
        assert_false(np_time_part_of_value(&value, NP_TIME_YEAR, &number));
    }
    assert_int_equal(number, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_texts_apart),
        cmocka_unit_test(tells_the_unit_of_a_number_by_its_digits),
        cmocka_unit_test(refuses_what_is_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
