/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed bytes: every function also with the empty span and with NUL inside. */
#include "support/unit.h"

#include <stdio.h>

static const struct np_span empty;

static void knows_literals_and_c_strings(void **state)
{
    (void) state;
    assert_int_equal(NP_SPAN("a\0b").len, 3);
    assert_int_equal(np_span_of("a\0b").len, 1);
    assert_int_equal(np_span_of(NULL).len, 0);
    assert_null(np_span_of(NULL).ptr);
    assert_span_equal(np_span_make("abc", 2), "ab");
}

static void compares_for_equality(void **state)
{
    (void) state;
    assert_true(np_span_eq(NP_SPAN("ab"), NP_SPAN("ab")));
    assert_false(np_span_eq(NP_SPAN("ab"), NP_SPAN("aB")));
    assert_false(np_span_eq(NP_SPAN("ab"), NP_SPAN("abc")));
    assert_true(np_span_eq(empty, NP_SPAN("")));
    assert_false(np_span_eq(NP_SPAN("a\0b"), NP_SPAN("a\0c")));
    assert_true(np_span_is(NP_SPAN("ab"), "ab"));
    assert_false(np_span_is(NP_SPAN("a\0b"), "a"));
    assert_true(np_span_is(empty, ""));
}

static void knows_beginnings_and_ends(void **state)
{
    (void) state;
    struct np_span text = NP_SPAN("abc");
    assert_true(np_span_starts(text, NP_SPAN("ab")));
    assert_true(np_span_starts(text, text));
    assert_true(np_span_starts(text, empty));
    assert_false(np_span_starts(text, NP_SPAN("abcd")));
    assert_false(np_span_starts(text, NP_SPAN("b")));
    assert_false(np_span_starts(empty, NP_SPAN("a")));
    assert_true(np_span_ends(text, NP_SPAN("bc")));
    assert_true(np_span_ends(text, text));
    assert_true(np_span_ends(text, empty));
    assert_false(np_span_ends(text, NP_SPAN("xabc")));
    assert_false(np_span_ends(text, NP_SPAN("b")));
    assert_true(np_span_ends(empty, empty));
}

static void cuts_within_its_length(void **state)
{
    (void) state;
    struct np_span text = NP_SPAN("abc");
    assert_span_equal(np_span_from(text, 1), "bc");
    assert_span_equal(np_span_from(text, 3), "");
    assert_span_equal(np_span_from(text, 99), "");
    assert_span_equal(np_span_from(empty, 1), "");
    assert_span_equal(np_span_head(text, 2), "ab");
    assert_span_equal(np_span_head(text, 99), "abc");
    assert_span_equal(np_span_head(empty, 99), "");
}

static void trims_white_space_at_both_ends(void **state)
{
    (void) state;
    assert_span_equal(np_span_trim(NP_SPAN(" \t\r\na b\n\r\t ")), "a b");
    assert_span_equal(np_span_trim(NP_SPAN("ab")), "ab");
    assert_span_equal(np_span_trim(NP_SPAN(" \n ")), "");
    assert_span_equal(np_span_trim(empty), "");
    assert_int_equal(np_span_trim(NP_SPAN("\0 ")).len, 1); /* NUL is no white space */
}

static void orders_bytes_as_unsigned(void **state)
{
    (void) state;
    assert_true(np_span_compare(NP_SPAN("a"), NP_SPAN("b")) < 0);
    assert_true(np_span_compare(NP_SPAN("\xff"), NP_SPAN("a")) > 0);
    assert_true(np_span_compare(NP_SPAN("a"), NP_SPAN("ab")) < 0);
    assert_true(np_span_compare(NP_SPAN("ab"), NP_SPAN("a")) > 0);
    assert_true(np_span_compare(NP_SPAN("b"), NP_SPAN("ab")) > 0);
    assert_int_equal(np_span_compare(NP_SPAN("a\0b"), NP_SPAN("a\0b")), 0);
    assert_int_equal(np_span_compare(empty, NP_SPAN("")), 0);
    assert_true(np_span_compare(empty, NP_SPAN("a")) < 0);
}

static void folds_ascii_letters_only(void **state)
{
    (void) state;
    assert_true(np_span_eq_ascii_fold(NP_SPAN("AbZz09"), NP_SPAN("aBzZ09")));
    assert_false(np_span_eq_ascii_fold(NP_SPAN("a"), NP_SPAN("ab")));
    assert_false(np_span_eq_ascii_fold(NP_SPAN("@"), NP_SPAN("`")));
    assert_false(np_span_eq_ascii_fold(NP_SPAN("["), NP_SPAN("{")));
    assert_false(np_span_eq_ascii_fold(NP_SPAN("\xc3\x84"), NP_SPAN("\xc3\xa4")));
    assert_true(np_span_eq_ascii_fold(empty, NP_SPAN("")));
}

static void prints_through_its_arguments(void **state)
{
    (void) state;
    char text[16];
    (void) snprintf(text, sizeof(text), "<%.*s>", NP_SPAN_ARGS(np_span_make("abcd", 2)));
    assert_string_equal(text, "<ab>");
    (void) snprintf(text, sizeof(text), "<%.*s>", NP_SPAN_ARGS(empty));
    assert_string_equal(text, "<>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_literals_and_c_strings),
        cmocka_unit_test(compares_for_equality),
        cmocka_unit_test(knows_beginnings_and_ends),
        cmocka_unit_test(cuts_within_its_length),
        cmocka_unit_test(trims_white_space_at_both_ends),
        cmocka_unit_test(orders_bytes_as_unsigned),
        cmocka_unit_test(folds_ascii_letters_only),
        cmocka_unit_test(prints_through_its_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
