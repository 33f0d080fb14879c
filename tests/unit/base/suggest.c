/* SPDX-License-Identifier: Apache-2.0 */
/* The nearest right word. */
#include "support/unit.h"

#include "base/compiler.h"
#include "base/suggest.h"

static const char *const words[] = {"detect",   "rules",      "version",
                                    "contains", "startswith", "endswith"};

static const char *suggest(const char *wrong)
{
    return np_suggest(np_span_of(wrong), words, NP_ARRAY_LEN(words));
}

static void finds_the_word_behind_a_mistake(void **state)
{
    (void) state;
    static const struct {
        const char *wrong;
        const char *right;
    } cases[] = {
        {"detcet", "detect"},  /* two letters swapped */
        {"detct", "detect"},   /* one missing */
        {"deetect", "detect"}, /* one too many */
        {"detecd", "detect"},  /* another one */
        {"DETECT", "detect"},  /* only the case */
        {"rule", "rules"},     /* short words too */
        {"startwith", "startswith"}, {"endwith", "endswith"},
        {"contain", "contains"},     {"verison", "version"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_string_equal(suggest(cases[i].wrong), cases[i].right);
}

static void is_silent_where_nothing_is_near(void **state)
{
    (void) state;
    assert_null(suggest("xyzzy"));
    assert_null(suggest("d"));
    assert_null(suggest("absolutely-not-a-command-of-any-kind"));
    assert_null(suggest(""));
    assert_null(np_suggest(NP_SPAN("detect"), words, 0));
}

static void allows_a_third_of_the_letters(void **state)
{
    (void) state;
    assert_string_equal(suggest("dexxct"), "detect"); /* two of six */
    assert_null(suggest("dxxxct"));                   /* three of six */
}

static void is_safe_with_words_of_any_length(void **state)
{
    (void) state;
    char lengthy[200];
    memset(lengthy, 'a', sizeof(lengthy));
    lengthy[sizeof(lengthy) - 1] = '\0';
    assert_null(suggest(lengthy));
    const char *const only[] = {lengthy};
    assert_null(np_suggest(NP_SPAN("aaa"), only, 1));
    lengthy[48] = '\0'; /* the longest that is compared */
    char near[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
    assert_int_equal(strlen(near), 48);
    assert_string_equal(np_suggest(np_span_of(near), only, 1), lengthy);
}

static void prefers_the_nearest_and_then_the_first(void **state)
{
    (void) state;
    const char *const few[] = {"abcx", "abcd", "abcy"};
    assert_string_equal(np_suggest(NP_SPAN("abcd"), few, 3), "abcd");
    assert_string_equal(np_suggest(NP_SPAN("abcz"), few, 3), "abcx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_word_behind_a_mistake),
        cmocka_unit_test(is_silent_where_nothing_is_near),
        cmocka_unit_test(allows_a_third_of_the_letters),
        cmocka_unit_test(is_safe_with_words_of_any_length),
        cmocka_unit_test(prefers_the_nearest_and_then_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
