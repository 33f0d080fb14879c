/* SPDX-License-Identifier: Apache-2.0 */
/* Shell patterns: a table, and the same as fnmatch(3) of the C library for many small ones. */
#include "support/unit.h"

#include <fnmatch.h>

#include "codec/glob.h"

static void matches_as_fnmatch_does(void **state)
{
    (void) state;
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", ".a/b", true},
        {"a*", "a/b/c", true},
        {"*c", "a/b/c", true},
        {"a*b*c", "axxbyyc", true},
        {"a*b*c", "axxbyy", false},
        {"?", "/", true},
        {"?", "", false},
        {"\303?", "\303\251", true}, /* bytes, not characters */
        {"[abc]", "b", true},
        {"[a-c]x", "bx", true},
        {"[c-a]", "b", false},
        {"[!a-c]", "b", false},
        {"[^a-c]", "d", true},
        {"[]x]", "]", true},
        {"[!]x]", "]", false},
        {"[a-]", "-", true},
        {"[\\]]", "]", true},
        {"[[:digit:]]", "5", true},
        {"[[:digit:]a]", "a", true},
        {"[[:digit:]]", "x", false},
        {"[[:nothing:]]", "x", false},
        {"[[.a.]]", "a", true},
        {"[[=a=]-c]", "b", true},
        {"[a", "[a", true},
        {"[a", "a", false},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"a\\", "a\\", false},
        {"\\", "", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (np_glob_matches(np_span_of(rows[i].pattern), np_span_of(rows[i].text), false) !=
            rows[i].matches)
            fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].text);
}

static void folds_ascii_letters_only(void **state)
{
    (void) state;
    assert_true(np_glob_matches(NP_SPAN("A*[B-D]"), NP_SPAN("axc"), true));
    assert_true(np_glob_matches(NP_SPAN("a"), NP_SPAN("A"), true));
    assert_false(np_glob_matches(NP_SPAN("\303\211"), NP_SPAN("\303\251"), true));
    assert_false(np_glob_matches(NP_SPAN("A"), NP_SPAN("a"), false));
}

/* Patterns and texts of few different bytes, which meet often. */
static void make(unsigned *seed, const char *bytes, char *out, size_t max)
{
    size_t len = 0;
    *seed = *seed * 1103515245 + 12345;
    size_t want = *seed / 65536 % max;
    while (len < want) {
        *seed = *seed * 1103515245 + 12345;
        out[len++] = bytes[*seed / 65536 % strlen(bytes)];
    }
    out[len] = '\0';
}

static void agrees_with_the_c_library(void **state)
{
    (void) state;
    unsigned seed = 1;
    for (unsigned i = 0; i < test_rounds(400000); i++) {
        char pattern[12];
        char text[10];
        make(&seed, "ab*?[]!-\\/", pattern, sizeof(pattern));
        make(&seed, "abAB[]-/", text, sizeof(text));
        for (int fold = 0; fold < 2; fold++) {
            bool wanted = fnmatch(pattern, text, fold ? FNM_CASEFOLD : 0) == 0;
            if (np_glob_matches(np_span_of(pattern), np_span_of(text), fold) != wanted)
                fail_msg("'%s' on '%s', fold %d: %d", pattern, text, fold, wanted);
        }
    }
}

static void takes_paths_part_by_part(void **state)
{
    (void) state;
    static const struct {
        const char *path;
        const char *text;
        bool holds;
    } rows[] = {
        {"/etc", "/etc", true},
        {"/etc", "/etc/passwd", true},
        {"/etc", "/etcetera", false},
        {"/etc/", "/etc", true},
        {"etc", "/etc", true},
        {"/", "/anything", true},
        {"", "", true},
        {"/a//b", "/a/b", true},
        {"/a/b", "//a///b/c", true},
        {"/a/b", "/a", false},
        {"/*/b", "/a/b", true},
        {"/*/b", "/a/x/b", false},
        {"/a*", "/abc/d", true},
        {"/[ab]/c", "/b/c", true},
        {"/a\\b", "/a\\b", true}, /* no pattern, so no escape */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (np_glob_holds(np_span_of(rows[i].path), np_span_of(rows[i].text)) != rows[i].holds)
            fail_msg("'%s' on '%s'", rows[i].path, rows[i].text);
}

static void finds_the_longest_part_without_a_pattern(void **state)
{
    (void) state;
    assert_span_equal(np_glob_longest_part(NP_SPAN("/var/l*/journal/x")), "journal");
    assert_span_equal(np_glob_longest_part(NP_SPAN("/*/?")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_fnmatch_does),
        cmocka_unit_test(folds_ascii_letters_only),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(takes_paths_part_by_part),
        cmocka_unit_test(finds_the_longest_part_without_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
