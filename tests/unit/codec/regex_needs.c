/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pattern cannot match without, and what is not understood. That no match is lost is tested
 * in tests/property/regex_needs.c.
 */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/regex.h"
#include "codec/regex_needs.h"

/* The needs of `pattern` with a "|" between them. */
static void expect(const char *pattern, const char *wanted)
{
    struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    struct np_regex_needs needs;
    assert_int_equal(np_regex_needs_find(&needs, &arena, np_span_of(pattern)), 0);
    struct np_buf joined;
    np_buf_init(&joined, SIZE_MAX / 2);
    for (size_t i = 0; i < needs.count; i++) {
        assert_int_equal(np_buf_add_str(&joined, i > 0 ? "|" : ""), 0);
        assert_int_equal(np_buf_add_span(&joined, needs.literals[i]), 0);
    }
    if (!np_span_is(np_buf_span(&joined), wanted))
        fail_msg("%s: '%.*s' instead of '%s'", pattern, (int) joined.len, joined.data, wanted);
    np_buf_done(&joined);
    np_arena_done(&arena);
}

struct needs_case {
    const char *pattern;
    const char *needs;
};

/* All of them are regular expressions. */
static void expect_all(const struct needs_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct np_regex_source source = {.pattern = np_span_of(cases[i].pattern)};
        size_t offset = 0;
        if (np_regex_check(&source, &offset, NULL) < 0)
            fail_msg("'%s' is none, at %zu", cases[i].pattern, offset);
        expect(cases[i].pattern, cases[i].needs);
    }
}

static void takes_the_longest_literal_of_a_sequence(void **state)
{
    (void) state;
    static const struct needs_case cases[] = {
        {"createuser", "createuser"},
        {"CreateUser", "createuser"},
        {"(?i)CreateUser", "createuser"},
        {"^user/$", "user/"},
        {"\\buser\\b", "user"},
        {"role.*administrator", "administrator"},
        {"user/(svc|adm)-[a-z]{3,9}$", "user/"},
        {"\\.amazonaws\\.com", ".amazonaws.com"},
        {"[Ii]nstance[.]Type", "instance.type"},
        {"\"Effect\"\\s*:\\s*\"Allow\"", "\"effect\""},
        {"{\"key\":\\{", "{\"key\":{"},
        {"a]b}c d", "a]b}c d"},
        {"use", ""},
        {"", ""},
        {".*", ""},
    };
    expect_all(cases, NP_ARRAY_LEN(cases));
}

static void a_quantifier_of_none_drops_its_item(void **state)
{
    (void) state;
    static const struct needs_case cases[] = {
        {"users?", "user"},      {"users*x", "user"},      {"users+x", "users"},
        {"users{0,2}", "user"},  {"users{00}", "user"},    {"users{2}", "users"},
        {"users{1,}?", "users"}, {"users+?role", "users"}, {"users?+role", "user"},
        {"(?:user)?", ""},       {"(?:user){0}", ""},      {"(?:user){1,3}", "user"},
        {"(user)*role", "role"}, {"[u]?ser/x", "ser/x"},
    };
    expect_all(cases, NP_ARRAY_LEN(cases));
}

static void alternatives_give_one_each_or_none_at_all(void **state)
{
    (void) state;
    static const struct needs_case cases[] = {
        {"user|role", "user|role"},
        {"user|ro", ""},
        {"user|", ""},
        {"(|user)", ""},
        {"(user|role|group)/x", "user|role|group"},
        {"(?:user|(?:role|group){2})", "user|role|group"},
        {"(?>user|role)longer", "longer"},
        {"(?<name>user)|(?P<other>role)|(?'third'group)", "user|role|group"},
        {"(?|(user)|(role))", "user|role"},
        {"(?i:user|ROLE)", "user|role"},
        {"a(?-i)user", "user"},
    };
    expect_all(cases, NP_ARRAY_LEN(cases));
}

static void what_looks_around_is_needed_unless_it_is_negative(void **state)
{
    (void) state;
    static const struct needs_case cases[] = {
        {"(?!administrator)user", "user"},
        {"(?=administrator)user", "administrator"},
        {"(?<!administrator)user", "user"},
        {"(?<=arn:)users", "users"},
        {"user(?=administrator)", "administrator"},
        {"us(?=x)er", ""},
        {"user\\Kname", "username"},
    };
    expect_all(cases, NP_ARRAY_LEN(cases));
}

static void breaks_at_what_it_cannot_spell(void **state)
{
    (void) state;
    static const struct needs_case cases[] = {
        {"[^]]user[]x]", "user"},
        {"[[:alpha:][:^digit:]\\]]user[[x]", "user"},
        {"[\\d\\]\\-a-z]user", "user"},
        {"\\x41user\\x{212a}longer", "longer"},
        {"\\p{Lu}user\\pLroles\\P{^Greek}", "roles"},
        {"straßenbahn", "enbahn"},
        {"(a)\\1user\\d\\W\\R\\n", "user"},
        {"us.er", ""},
    };
    expect_all(cases, NP_ARRAY_LEN(cases));
}

static void gives_up_on_what_it_does_not_understand(void **state)
{
    (void) state;
    static const char *const patterns[] = {
        "user(*ACCEPT)", "(*UTF)user",   "(?x)us er",       "(user)(?1)",    "(?R)?user",
        "\\Quser\\E",    "us\\E*er/x",   "(?#comment)user", "(a)(?(1)user)", "(?<n>a)\\k<n>user",
        "(a)\\g1user",   "\\o{101}user", "\\0user",         "\\cAuser",      "user{,3}",
        "user{ 3}",      "[\\c]]user",   "[[:<:]]user",     "(?^)user",      "\\N{3}user",
        "(?C1)user",     "users{2}{0}",  "users?+*",        "\\b?user",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(patterns); i++)
        expect(patterns[i], "");
}

/* The next is no regular expression: only that nothing is read that is not there. */
static void survives_what_is_no_expression(void **state)
{
    (void) state;
    static const char *const patterns[] = {
        "user(", "user)",  "(?",      "(?<",    "(?<n", "[",          "[^",
        "[]",    "[a",     "[[:x",    "user\\", "\\x{", "\\p",        "\\p{",
        "user{", "user{2", "user{2,", "*user",  "(?i",  "(?'n>user)", "[a\\"};
    for (size_t i = 0; i < NP_ARRAY_LEN(patterns); i++) {
        struct np_arena arena;
        np_arena_init(&arena, SIZE_MAX);
        struct np_regex_needs needs;
        np_auto_free char *exact = np_strndup(patterns[i], strlen(patterns[i]));
        assert_int_equal(
            np_regex_needs_find(&needs, &arena, np_span_make(exact, strlen(patterns[i]))), 0);
        np_arena_done(&arena);
    }
}

static void bounds_groups_and_alternatives(void **state)
{
    (void) state;
    struct np_buf pattern;
    np_buf_init(&pattern, SIZE_MAX / 2);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(np_buf_add_str(&pattern, "("), 0);
    assert_int_equal(np_buf_add_str(&pattern, "user"), 0);
    assert_int_equal(np_buf_add_char(&pattern, '\0'), 0);
    expect(pattern.data, "");
    np_buf_reset(&pattern);
    for (int i = 0; i <= NP_REGEX_NEEDS_MAX; i++)
        assert_int_equal(np_buf_add_str(&pattern, i > 0 ? "|user" : "user"), 0);
    assert_int_equal(np_buf_add_char(&pattern, '\0'), 0);
    expect(pattern.data, "");
    np_buf_done(&pattern);
}

static void survives_lack_of_memory(void **state)
{
    (void) state;
    for (long n = 0;; n++) {
        struct np_arena arena;
        np_arena_init(&arena, SIZE_MAX);
        struct np_regex_needs needs = {.count = 7};
        np_alloc_fail_at(n);
        int r = np_regex_needs_find(&needs, &arena, NP_SPAN("user|role"));
        np_alloc_fail_at(-1);
        np_arena_done(&arena);
        if (r == 0)
            break;
        assert_int_equal(r, -ENOMEM);
        assert_int_equal(needs.count, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_longest_literal_of_a_sequence),
        cmocka_unit_test(a_quantifier_of_none_drops_its_item),
        cmocka_unit_test(alternatives_give_one_each_or_none_at_all),
        cmocka_unit_test(what_looks_around_is_needed_unless_it_is_negative),
        cmocka_unit_test(breaks_at_what_it_cannot_spell),
        cmocka_unit_test(gives_up_on_what_it_does_not_understand),
        cmocka_unit_test(survives_what_is_no_expression),
        cmocka_unit_test(bounds_groups_and_alternatives),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
