/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: what is one, and exact order around the edges of what a double and 64 bits can hold. */
#include "support/unit.h"

#include "base/compiler.h"
#include "codec/number.h"

static struct np_number number(const char *text)
{
    struct np_number result = {};
    if (!np_number_parse(np_span_of(text), &result))
        fail_msg("'%s' was not taken", text);
    return result;
}

static void reads_the_grammar_of_json(void **state)
{
    (void) state;
    assert_int_equal(number("0").integer, 0);
    assert_int_equal(number("-0").integer, 0);
    assert_int_equal(number("4688").integer, 4688);
    assert_int_equal(number("9223372036854775807").integer, INT64_MAX);
    assert_int_equal(number("-9223372036854775808").integer, INT64_MIN);
    assert_int_equal(number("9223372036854775808").kind, NP_NUMBER_UINT);
    assert_int_equal(number("18446744073709551615").uinteger, UINT64_MAX);
    assert_int_equal(number("18446744073709551616").kind, NP_NUMBER_DOUBLE);
    assert_int_equal(number("-9223372036854775809").kind, NP_NUMBER_DOUBLE);
    assert_true(number("1.5").real == 1.5);
    assert_true(number("-1.5E+2").real == -150);
    assert_true(number("1e-2").real == 0.01);
}

static void refuses_what_is_no_number(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",    "-",   "+1",  "01",  "-01", ".5",  "1.",   "1.e1", "1e", "1e+",   " 1",       "1 ",
        "0x1", "1_0", "NaN", "inf", "--1", "1-1", "true", "1,5",  "١",  "1e1.5", "Infinity", "1ee1",
    };
    struct np_number result;
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++)
        if (np_number_parse(np_span_of(texts[i]), &result))
            fail_msg("'%s' was taken", texts[i]);
    assert_false(np_number_parse(np_span_make("1\0", 2), &result));
    char digits[NP_NUMBER_TEXT_MAX_BYTES + 1];
    memset(digits, '9', sizeof(digits));
    assert_true(np_number_parse(np_span_make(digits, sizeof(digits) - 1), &result));
    assert_false(np_number_parse(np_span_make(digits, sizeof(digits)), &result));
}

static void orders_exactly(void **state)
{
    (void) state;
    /* Ascending; those that are written differently and equal stand in one row. */
    static const char *const rows[][4] = {
        {"-1e400"},
        {"-1e300"},
        {"-9223372036854777856"},
        /* Beyond 64 bits the nearest double stands for a number. */
        {"-9223372036854775808", "-9223372036854775808.0", "-9223372036854775809"},
        {"-9223372036854775807"},
        {"-9007199254740993"},
        {"-9007199254740992", "-9007199254740992.0", "-9007199254740993.0"},
        {"-1.5"},
        {"-1", "-1.0", "-10e-1"},
        {"-0.5"},
        {"0", "-0", "0.0", "-0e5"},
        {"0.5", "5e-1"},
        {"1", "1.0", "1e0"},
        {"1.5"},
        {"9007199254740991"},
        {"9007199254740992", "9007199254740992.0", "9007199254740993.0"},
        {"9007199254740993"},
        {"9223372036854775806"},
        {"9223372036854775807"},
        {"9223372036854775808", "9223372036854775808.0", "9223372036854775807.0"},
        {"9223372036854775809"},
        {"18446744073709551614"},
        {"18446744073709551615"},
        {"18446744073709551616", "18446744073709551616.0", "18446744073709551615.0"},
        {"1e300"},
        {"1e400"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(rows); i++)
        for (size_t j = 0; j < NP_ARRAY_LEN(rows); j++)
            for (size_t k = 0; k < 4 && rows[i][k] != NULL; k++)
                for (size_t l = 0; l < 4 && rows[j][l] != NULL; l++) {
                    int order = np_number_compare(number(rows[i][k]), number(rows[j][l]));
                    int expected = (i > j) - (i < j);
                    if ((order > 0) - (order < 0) != expected)
                        fail_msg("%s against %s: %d", rows[i][k], rows[j][l], order);
                }
}

static void has_one_form_for_equal_numbers(void **state)
{
    (void) state;
    static const char *const same[][2] = {
        {"1", "1.0"},
        {"-0", "0.0"},
        {"9223372036854775808", "9223372036854775808.0"},
        {"1.5", "15e-1"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(same); i++) {
        struct np_number a = np_number_canonical(number(same[i][0]));
        struct np_number b = np_number_canonical(number(same[i][1]));
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.uinteger, b.uinteger);
    }
    struct np_number small = {.kind = NP_NUMBER_UINT, .uinteger = 5};
    assert_int_equal(np_number_canonical(small).kind, NP_NUMBER_INT);
}

static void takes_values_that_are_numbers(void **state)
{
    (void) state;
    static const struct {
        struct np_value value;
        const char *number; /* NULL = none */
    } cases[] = {
        {{.kind = NP_VALUE_ABSENT}, NULL},
        {{.kind = NP_VALUE_NULL}, NULL},
        {{.kind = NP_VALUE_BOOL, .boolean = true, .text = {"true", 4}}, NULL},
        {{.kind = NP_VALUE_INT, .integer = -5}, "-5"},
        {{.kind = NP_VALUE_UINT, .uinteger = UINT64_MAX}, "18446744073709551615"},
        {{.kind = NP_VALUE_DOUBLE, .real = 0.5}, "0.5"},
        {{.kind = NP_VALUE_TEXT, .text = {"0.5", 3}}, "0.5"},
        {{.kind = NP_VALUE_TEXT, .text = {"half", 4}}, NULL},
        {{.kind = NP_VALUE_ADDRESS, .text = {"1.2.3.4", 7}}, NULL},
        {{.kind = NP_VALUE_OBJECT, .text = {"{}", 2}}, NULL},
        {{.kind = NP_VALUE_LIST}, NULL},
        {{.kind = NP_VALUE_DOUBLE, .real = __builtin_nan("")}, NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_number result;
        bool taken = np_number_of_value(&cases[i].value, &result);
        assert_int_equal(taken, cases[i].number != NULL);
        if (taken)
            assert_int_equal(np_number_compare(result, number(cases[i].number)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_grammar_of_json),
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(orders_exactly),
        cmocka_unit_test(has_one_form_for_equal_numbers),
        cmocka_unit_test(takes_values_that_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
