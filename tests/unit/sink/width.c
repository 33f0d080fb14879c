/* SPDX-License-Identifier: Apache-2.0 */
/* Widths, cuts and lists, by examples; then that no cut is ever too wide or harmful. */
#include "unit/sink/fixture.h"

#include "sink/width.h"

static void counts_columns_not_bytes(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"caf\xc3\xa9", 4},
        {"cafe\xcc\x81", 4},             /* a combining mark */
        {"\xe6\x97\xa5\xe6\x9c\xac", 4}, /* two wide characters */
        {"\xf0\x9f\x98\x80", 2},         /* an emoji */
        {"\xe0\xa4\xa8\xe0\xa5\x80", 2}, /* a letter with a spacing mark */
        {"\033", 4},                     /* as shown: \x1b */
        {"\xe2\x80\xae", 6},             /* \u202e */
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_width(np_span_of(cases[i].text), SIZE_MAX, NP_CHARSET_UNICODE),
                         cases[i].columns);
    assert_int_equal(np_width(NP_SPAN("caf\xc3\xa9"), SIZE_MAX, NP_CHARSET_ASCII), 9);
    assert_true(np_width(NP_SPAN("abcdefgh"), 3, NP_CHARSET_ASCII) >= 3);
}

static void assert_fits(const char *text, size_t columns, enum np_keep keep,
                        enum np_charset charset, const char *want)
{
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    size_t used = np_fit(&buf, np_span_of(text), columns, keep, charset);
    assert_string_equal(np_buf_cstr(&buf), want);
    assert_int_equal(used, np_width(np_span_of(want), SIZE_MAX, charset));
}

static void cuts_between_characters_and_marks_the_cut(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        size_t columns;
        enum np_keep keep;
        const char *want;
    } cases[] = {
        {"abc", 3, NP_KEEP_HEAD, "abc"},
        {"abcd", 3, NP_KEEP_HEAD, "ab…"},
        {"ab cd", 4, NP_KEEP_HEAD, "ab…"}, /* no blank before the mark */
        {"abcd", 1, NP_KEEP_HEAD, "…"},
        {"abcd", 0, NP_KEEP_HEAD, ""},
        {"日本語", 5, NP_KEEP_HEAD, "日本…"},
        {"日本語", 4, NP_KEEP_HEAD, "日…"}, /* half a character is none */
        {"cafe\xcc\x81s", 5, NP_KEEP_HEAD, "cafe\xcc\x81s"},
        {"cafe\xcc\x81s!", 5, NP_KEEP_HEAD, "cafe\xcc\x81…"},
        {"ab\033cd", 5, NP_KEEP_HEAD, "ab…"}, /* an escape is shown whole or not at all */
        {"arn:aws:iam::123456789012:user/benjamin", 16, NP_KEEP_TAIL, "…:user/benjamin"},
        {"/var/log/cloudtrail/index.html", 16, NP_KEEP_TAIL, "…/index.html"},
        {"abcdefgh", 4, NP_KEEP_TAIL, "…fgh"},
        {"abe\xcc\x81"
         "fgh",
         4, NP_KEEP_TAIL, "…fgh"}, /* the mark goes with its letter */
        {"日本語", 4, NP_KEEP_TAIL, "…語"},
        {"role-of-the-build/ann@example.com", 20, NP_KEEP_NAMES, "role-of-…/ann@examp…"},
        {"role-of-the-build/ann", 12, NP_KEEP_NAMES, "role-of…/ann"},
        {"user/a-very-long-name", 12, NP_KEEP_NAMES, "user/a-very…"},
        {"ec2.amazonaws.com", 8, NP_KEEP_NAMES, "ec2.ama…"},
        {"trailing-slash-only/", 8, NP_KEEP_NAMES, "trailin…"},
        {"ab/cd", 4, NP_KEEP_NAMES, "ab/…"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_fits(cases[i].text, cases[i].columns, cases[i].keep, NP_CHARSET_UNICODE,
                    cases[i].want);
    assert_fits("abcdef", 5, NP_KEEP_HEAD, NP_CHARSET_ASCII, "ab...");
    assert_fits("abcdef", 2, NP_KEEP_HEAD, NP_CHARSET_ASCII, "..");
    assert_fits("abcdef", 5, NP_KEEP_TAIL, NP_CHARSET_ASCII, "...ef");
}

static void never_cuts_too_late_nor_into_harm(void **state)
{
    (void) state;
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        uint64_t random = seed;
        char text[160];
        size_t len = make_hostile(text, sizeof(text), &random);
        size_t columns = next_random(&random) % 60;
        enum np_charset charset = (enum np_charset)(next_random(&random) % NP_CHARSET_MAX);
        enum np_keep keep = (enum np_keep)(next_random(&random) % NP_KEEP_MAX);
        np_auto_buf struct np_buf buf = {};
        np_buf_init(&buf, 1 << 16);
        size_t used = np_fit(&buf, np_span_make(text, len), columns, keep, charset);
        if (used > columns)
            fail_msg("seed %llu: %zu columns of %zu", (unsigned long long) seed, used, columns);
        assert_harmless(buf.data, buf.len, columns, false);
        assert_int_equal(used, np_width(np_buf_span(&buf), SIZE_MAX, charset));
    }
}

static void assert_lists(const struct np_list *list, size_t columns, const char *want)
{
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    size_t used = np_fit_list(&buf, list, columns, NP_CHARSET_UNICODE);
    assert_string_equal(np_buf_cstr(&buf), want);
    assert_int_equal(used, np_width(np_span_of(want), SIZE_MAX, NP_CHARSET_UNICODE));
}

static void lists_what_fits_and_counts_the_rest(void **state)
{
    (void) state;
    const struct np_span items[] = {NP_SPAN("alpha"), NP_SPAN("beta"), NP_SPAN("gamma\n")};
    const struct np_list all = {items, 3, .total = 3};
    const struct np_list some = {items, 3, .total = 1234};
    const struct np_list many = {items, 3, .total = 1000, .at_least = true};
    const struct np_list none = {items, 0, .total = 0};
    const struct np_list unnamed = {items, 0, .total = 7};
    assert_lists(&all, SIZE_MAX, "alpha, beta, gamma\\n");
    assert_lists(&all, 20, "alpha, beta, gamma\\n");
    assert_lists(&all, 19, "alpha, beta +1");
    assert_lists(&all, 8, "alpha +2");
    assert_lists(&all, 6, "…ha +2");
    assert_lists(&all, 3, " +2");
    assert_lists(&all, 0, "");
    assert_lists(&some, 40, "alpha, beta, gamma\\n +1,231");
    assert_lists(&many, 40, "alpha, beta, gamma\\n of 1,000+");
    assert_lists(&none, 40, "");
    assert_lists(&unnamed, 40, "+7");
}

static void leaves_out_the_least_part_first(void **state)
{
    (void) state;
    const struct np_part parts[] = {
        {"one", 2}, {"gone", NP_PART_LEFT_OUT}, {"two two", 1}, {"three", 3}};
    static const struct {
        size_t columns;
        const char *want;
    } cases[] = {
        {SIZE_MAX, "one, two two, three"},
        {19, "one, two two, three"},
        {18, "one, three"},
        {9, "three"},
        {4, "t..."},
        {0, ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_auto_buf struct np_buf buf = {};
        np_buf_init(&buf, 1 << 16);
        size_t used = np_fit_parts(&buf, parts, NP_ARRAY_LEN(parts), ", ", cases[i].columns);
        assert_string_equal(np_buf_cstr(&buf), cases[i].want);
        assert_int_equal(used, strlen(cases[i].want));
    }
}

static void shortens_arns_to_what_tells_apart(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"arn:aws:iam::111122223333:user/ann", "user/ann"},
        {"arn:aws:iam::111122223333:root", "root"},
        {"arn:aws-cn:iam::999900001111:user/ann", "999900001111:user/ann"},
        {"arn:aws:sts::111122223333:assumed-role/build/ann", "build/ann"},
        {"arn:aws:sts::111122223333:assumed-role/", "assumed-role/"},
        {"arn:aws:s3:::bucket/key:with:colons", "bucket/key:with:colons"},
        {"arn:aws:iam::111122223333:", "arn:aws:iam::111122223333:"},
        {"arn:aws:iam", "arn:aws:iam"},
        {"ec2.amazonaws.com", "ec2.amazonaws.com"},
        {"", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_span_equal(np_arn_short(np_span_of(cases[i].text), NP_SPAN("111122223333")),
                          cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_columns_not_bytes),
        cmocka_unit_test(cuts_between_characters_and_marks_the_cut),
        cmocka_unit_test(never_cuts_too_late_nor_into_harm),
        cmocka_unit_test(lists_what_fits_and_counts_the_rest),
        cmocka_unit_test(leaves_out_the_least_part_first),
        cmocka_unit_test(shortens_arns_to_what_tells_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
