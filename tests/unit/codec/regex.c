/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: search, options, errors with their place, and limits that are told. */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/regex.h"

static struct np_regex_source source(const char *pattern)
{
    return (struct np_regex_source){.pattern = np_span_of(pattern)};
}

static enum np_regex_result search(struct np_regex_source from, struct np_span text)
{
    struct np_regex *regex = NULL;
    struct np_regex_scratch *scratch = NULL;
    assert_int_equal(np_regex_new(&regex, &from, NULL), 0);
    assert_int_equal(np_regex_scratch_new(&scratch), 0);
    enum np_regex_result result = np_regex_search(regex, scratch, text);
    np_regex_scratch_free(&scratch);
    np_regex_free(&regex);
    assert_null(regex);
    assert_null(scratch);
    return result;
}

static void searches_and_minds_case(void **state)
{
    (void) state;
    static const struct {
        const char *pattern;
        const char *text;
        bool found;
    } cases[] = {
        {"User", "CreateUserNow", true},
        {"user", "CreateUserNow", false},
        {"(?i)user", "CreateUserNow", true},
        {"^User", "CreateUser", false},
        {"User$", "CreateUser", true},
        {"^$", "", true},
        {"^.$", "ß", true},
        {"^.$", "日", true},
        {"a.b", "a\nb", false},
        {"^b", "a\nb", false},
        {"(?<!x)y(?=z)", "yz", true},
        {"(a)(b)(c)\\3", "abcc", true},
        {"\\d{3}", "ab123", true},
        {"[^a]", "ä", true},
        {"", "anything", true},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        enum np_regex_result result = search(source(cases[i].pattern), np_span_of(cases[i].text));
        if (result != (cases[i].found ? NP_REGEX_YES : NP_REGEX_NO))
            fail_msg("'%s' in '%s'", cases[i].pattern, cases[i].text);
    }
    assert_int_equal(search(source("^$"), (struct np_span){}), NP_REGEX_YES);
    assert_int_equal(search(source("b"), np_span_make("a\0b", 3)), NP_REGEX_YES);
}

static void knows_the_three_options(void **state)
{
    (void) state;
    struct np_regex_source from = source("^USER.x");
    from.ignore_case = true;
    assert_int_equal(search(from, NP_SPAN("user-x")), NP_REGEX_YES);
    from.multi_line = true;
    assert_int_equal(search(from, NP_SPAN("a\nuser-x")), NP_REGEX_YES);
    from.dot_all = true;
    assert_int_equal(search(from, NP_SPAN("user\nx")), NP_REGEX_YES);
    from = source("ПРИВЕТ");
    from.ignore_case = true;
    assert_int_equal(search(from, NP_SPAN("привет")), NP_REGEX_YES);
}

static void tells_where_a_pattern_is_wrong(void **state)
{
    (void) state;
    static const struct {
        const char *pattern;
        size_t offset;
    } cases[] = {
        {"a(b", 3}, {"a[b", 3}, {"*a", 0}, {"a{2,1}", 5}, {"a)", 1}, {"\\C", 2}, {"(?<n", 4},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_regex_source from = source(cases[i].pattern);
        struct np_err err = {};
        size_t offset = 99;
        assert_int_equal(np_regex_check(&from, &offset, &err), -EINVAL);
        assert_int_equal(offset, cases[i].offset);
        assert_true(strlen(err.msg) > 0);
        struct np_regex *regex = NULL;
        assert_int_equal(np_regex_new(&regex, &from, &err), -EINVAL);
        assert_null(regex);
    }
    struct np_regex_source right = source("a|b");
    size_t offset = 0;
    assert_int_equal(np_regex_check(&right, &offset, NULL), 0);
    struct np_regex_source not_utf8 = source("a\xff");
    assert_int_equal(np_regex_check(&not_utf8, &offset, NULL), -EINVAL);
}

static void refuses_patterns_that_are_too_large(void **state)
{
    (void) state;
    static char pattern[NP_REGEX_PATTERN_MAX_BYTES + 1];
    memset(pattern, 'a', sizeof(pattern));
    struct np_regex_source from = {.pattern = {pattern, sizeof(pattern)}};
    size_t offset = 0;
    assert_int_equal(np_regex_check(&from, &offset, NULL), -EINVAL);
    struct np_regex_source bomb = source("((((a{1,500}){1,500}){1,500}){1,500})");
    assert_int_equal(np_regex_check(&bomb, &offset, NULL), -EINVAL);
}

static void tells_a_limit_from_no(void **state)
{
    (void) state;
    char text[4096];
    memset(text, 'a', sizeof(text));
    text[40] = '!';
    struct np_span span = np_span_make(text, 41);
    assert_int_equal(search(source("^(a+)+$"), span), NP_REGEX_STEPS_LIMIT);
    assert_int_equal(search(source("^(a+)+!$"), span), NP_REGEX_YES);
    assert_int_equal(search(source("(a|aa)+b"), span), NP_REGEX_NO); /* no b: seen at once */
    text[40] = 'a';
    text[sizeof(text) - 1] = 'd';
    span.len = sizeof(text);
    assert_int_equal(search(source("^(?:a|aa|a)+[bc]$"), span), NP_REGEX_STEPS_LIMIT);
}

static void searches_long_texts_without_a_limit(void **state)
{
    (void) state;
    size_t len = 1 << 20;
    char *text = np_alloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    memcpy(text + len - 4, "user", 4);
    struct np_span span = np_span_make(text, len);
    assert_int_equal(search(source("user$"), span), NP_REGEX_YES);
    assert_int_equal(search(source("[0-9]+"), span), NP_REGEX_NO);
    assert_int_equal(search(source("x+user"), span), NP_REGEX_YES);
    assert_int_equal(search(source("(?i)USER|none"), span), NP_REGEX_YES);
    np_free(text);
}

static void sees_through_bytes_that_are_no_utf8(void **state)
{
    (void) state;
    static const struct {
        const char *pattern;
        const char *text;
        bool found;
    } cases[] = {
        {"a.b",
         "a\xff"
         "b",
         true},
        {"a..b",
         "a\xff\xfe"
         "b",
         true},
        {"a.*b",
         "a\xc3(\x80"
         "b",
         true},
        {"ß.ß", "ß\xffß", true},
        {"\\x{FFFD}", "\x80", true},
        {"ab",
         "a\xff"
         "b",
         false},
        {"^x$", "x\xe2\x84", false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        enum np_regex_result result = search(source(cases[i].pattern), np_span_of(cases[i].text));
        if (result != (cases[i].found ? NP_REGEX_YES : NP_REGEX_NO))
            fail_msg("'%s': %d", cases[i].pattern, (int) result);
    }
}

static void allocates_nothing_for_a_search(void **state)
{
    (void) state;
    struct np_regex *regex = NULL;
    struct np_regex_scratch *scratch = NULL;
    struct np_regex_source from = source("(u)ser[0-9]{2,}");
    assert_int_equal(np_regex_new(&regex, &from, NULL), 0);
    assert_int_equal(np_regex_scratch_new(&scratch), 0);
    (void) np_regex_search(regex, scratch, NP_SPAN("\xff user1"));
    size_t before = np_alloc_count();
    for (int i = 0; i < 100; i++) {
        assert_int_equal(np_regex_search(regex, scratch, NP_SPAN("user123")), NP_REGEX_YES);
        assert_int_equal(np_regex_search(regex, scratch, NP_SPAN("\xff user")), NP_REGEX_NO);
    }
    assert_int_equal(np_alloc_count(), before);
    np_regex_scratch_free(&scratch);
    np_regex_free(&regex);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct np_regex_source from = source("(a|b)+c{2,3}");
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_regex *regex = NULL;
        np_alloc_fail_at(n);
        r = np_regex_new(&regex, &from, NULL);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && regex == NULL));
        np_regex_free(&regex);
    }
    r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_regex_scratch *scratch = NULL;
        np_alloc_fail_at(n);
        r = np_regex_scratch_new(&scratch);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && scratch == NULL));
        np_regex_scratch_free(&scratch);
    }
}

static void tells_when_memory_for_a_search_is_out(void **state)
{
    (void) state;
    struct np_regex *regex = NULL;
    struct np_regex_scratch *scratch = NULL;
    struct np_regex_source from = source("a.b");
    assert_int_equal(np_regex_new(&regex, &from, NULL), 0);
    assert_int_equal(np_regex_scratch_new(&scratch), 0);
    np_alloc_fail_at(0);
    assert_int_equal(np_regex_search(regex, scratch,
                                     NP_SPAN("a\xff"
                                             "b")),
                     NP_REGEX_MEMORY_LIMIT);
    np_alloc_fail_at(-1);
    assert_int_equal(np_regex_search(regex, scratch,
                                     NP_SPAN("a\xff"
                                             "b")),
                     NP_REGEX_YES);
    np_regex_scratch_free(&scratch);
    np_regex_free(&regex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_and_minds_case),
        cmocka_unit_test(knows_the_three_options),
        cmocka_unit_test(tells_where_a_pattern_is_wrong),
        cmocka_unit_test(refuses_patterns_that_are_too_large),
        cmocka_unit_test(tells_a_limit_from_no),
        cmocka_unit_test(searches_long_texts_without_a_limit),
        cmocka_unit_test(sees_through_bytes_that_are_no_utf8),
        cmocka_unit_test(allocates_nothing_for_a_search),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(tells_when_memory_for_a_search_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
