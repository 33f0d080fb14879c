/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges, times and chances: what is one, and what only looks like one. */
#include "support/unit.h"

#include "base/compiler.h"
#include "base/time.h"
#include "simulate/value.h"

static void reads_ranges_of_numbers(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool is;
        int64_t low;
        int64_t high;
    } cases[] = {
        {"3..8", true, 3, 8},     {"5", true, 5, 5},
        {"0..0", true, 0, 0},     {"100", true, 100, 100},
        {"8..3", false, 0, 0},    {"101", false, 0, 0},
        {"", false, 0, 0},        {"..", false, 0, 0},
        {"3..", false, 0, 0},     {"..3", false, 0, 0},
        {"3...8", false, 0, 0},   {"3-8", false, 0, 0},
        {"-3", false, 0, 0},      {"3 ..8", false, 0, 0},
        {"1..2..3", false, 0, 0}, {"99999999999999999999", false, 0, 0},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_range range = {};
        assert_int_equal(np_value_read_range(np_span_of(cases[i].text), 100, &range), cases[i].is);
        if (cases[i].is) {
            assert_int_equal(range.low, cases[i].low);
            assert_int_equal(range.high, cases[i].high);
        }
    }
}

static void reads_pauses(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool is;
        int64_t low_s;
        int64_t high_s;
    } cases[] = {
        {"2s..20s", true, 2, 20},
        {"5m", true, 300, 300},
        {"90s..2h", true, 90, 7200},
        {"3d", true, 259200, 259200},
        {"36500d", true, 3153600000, 3153600000},
        {"36501d", false, 0, 0},
        {"5", false, 0, 0},
        {"5w", false, 0, 0},
        {"2..20s", false, 0, 0},
        {"s", false, 0, 0},
        {"1m..1s", false, 0, 0},
        {"1.5s", false, 0, 0},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_range range = {};
        assert_int_equal(np_value_read_pause(np_span_of(cases[i].text), &range), cases[i].is);
        if (cases[i].is) {
            assert_int_equal(range.low, cases[i].low_s * NP_NS_PER_S);
            assert_int_equal(range.high, cases[i].high_s * NP_NS_PER_S);
        }
    }
}

static void reads_chances(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool is;
        uint32_t chance;
    } cases[] = {
        {"40%", true, 4000},  {"0%", true, 0},        {"100%", true, 10000}, {"0.5%", true, 50},
        {"0.05%", true, 5},   {"12.25%", true, 1225}, {"40", false, 0},      {"%", false, 0},
        {"101%", false, 0},   {"100.1%", false, 0},   {"1.%", false, 0},     {".5%", false, 0},
        {"0.125%", false, 0}, {"", false, 0},         {"4O%", false, 0},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        uint32_t chance = 0;
        assert_int_equal(np_value_read_chance(np_span_of(cases[i].text), &chance), cases[i].is);
        if (cases[i].is)
            assert_int_equal(chance, cases[i].chance);
    }
}

static void knows_names(void **state)
{
    (void) state;
    assert_true(np_value_is_name(NP_SPAN("a")));
    assert_true(np_value_is_name(NP_SPAN("roleName_2-b")));
    assert_false(np_value_is_name(NP_SPAN("")));
    assert_false(np_value_is_name(NP_SPAN("2a")));
    assert_false(np_value_is_name(NP_SPAN("a.b")));
    assert_false(np_value_is_name(NP_SPAN("a b")));
}

static void knows_labels(void **state)
{
    (void) state;
    assert_true(np_value_is_label(NP_SPAN("leaked-key2")));
    assert_false(np_value_is_label(NP_SPAN("")));
    assert_false(np_value_is_label(NP_SPAN("-a")));
    assert_false(np_value_is_label(NP_SPAN("A")));
    assert_false(np_value_is_label(NP_SPAN("a_b")));
}

static void keeps_the_nearer_of_two_words(void **state)
{
    (void) state;
    struct np_span wrong = NP_SPAN("roleNam");
    const char *best = np_value_nearer(wrong, NULL, "userName");
    assert_null(best);
    best = np_value_nearer(wrong, best, "roleNames");
    assert_string_equal(best, "roleNames");
    best = np_value_nearer(wrong, best, "roleName");
    assert_string_equal(best, "roleName");
    assert_string_equal(np_value_nearer(wrong, best, "path"), "roleName");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ranges_of_numbers),
        cmocka_unit_test(reads_pauses),
        cmocka_unit_test(reads_chances),
        cmocka_unit_test(knows_names),
        cmocka_unit_test(knows_labels),
        cmocka_unit_test(keeps_the_nearer_of_two_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
