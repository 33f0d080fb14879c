/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: what they come down to, what they match, and that hostile ones stay cheap. */
#include "support/unit.h"

#include <errno.h>

#include "codec/fold.h"
#include "rule/pattern.h"
#include "support/ir_kit.h"

static void comes_down_to_the_simplest_kind(void **state)
{
    (void) state;
    static const struct {
        const char *written;
        enum np_pattern_kind kind;
        const char *text;
    } cases[] = {
        {"", NP_PATTERN_EXACT, ""},
        {"Abc", NP_PATTERN_EXACT, "abc"},
        {"Abc*", NP_PATTERN_PREFIX, "abc"},
        {"*Abc", NP_PATTERN_SUFFIX, "abc"},
        {"*Abc*", NP_PATTERN_CONTAINS, "abc"},
        {"**Abc***", NP_PATTERN_CONTAINS, "abc"},
        {"*", NP_PATTERN_SOME, ""},
        {"***", NP_PATTERN_SOME, ""},
        {"Straße", NP_PATTERN_EXACT, "strasse"},
        {"?", NP_PATTERN_PARTS, ""},
        {"a?c", NP_PATTERN_PARTS, ""},
        {"a*c", NP_PATTERN_PARTS, ""},
        {"*a*c*", NP_PATTERN_PARTS, ""},
        {"*?", NP_PATTERN_PARTS, ""},
    };
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_pattern pattern = kit_pattern(&kit, cases[i].written).pattern;
        assert_int_equal(pattern.kind, cases[i].kind);
        assert_span_equal(pattern.text, cases[i].text);
        assert_true(pattern.fold);
    }
    ir_kit_done(&kit);
}

static void merges_neighbouring_parts(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    const struct np_pattern_part parts[] = {
        {.kind = NP_PART_RUN},           {NP_PART_LITERAL, NP_SPAN("A")},
        {NP_PART_LITERAL, NP_SPAN("")},  {NP_PART_LITERAL, NP_SPAN("B")},
        {.kind = NP_PART_RUN},           {NP_PART_LITERAL, NP_SPAN("")},
        {.kind = NP_PART_RUN},           {.kind = NP_PART_ONE},
        {.kind = NP_PART_RUN},           {.kind = NP_PART_ONE},
        {NP_PART_LITERAL, NP_SPAN("C")},
    };
    struct np_pattern pattern;
    assert_int_equal(np_pattern_make(&pattern, &kit.arena, parts, NP_ARRAY_LEN(parts), false), 0);
    static const struct np_pattern_part expected[] = {
        {.kind = NP_PART_RUN}, {NP_PART_LITERAL, {"AB", 2}}, {.kind = NP_PART_ONE},
        {.kind = NP_PART_ONE}, {.kind = NP_PART_RUN},        {NP_PART_LITERAL, {"C", 1}},
    };
    assert_int_equal(pattern.part_count, NP_ARRAY_LEN(expected));
    for (size_t i = 0; i < pattern.part_count; i++) {
        assert_int_equal(pattern.parts[i].kind, expected[i].kind);
        assert_true(np_span_eq(pattern.parts[i].text, expected[i].text));
    }
    ir_kit_done(&kit);
}

/*
 * Matches as eval.c does: a folding pattern sees the text as it is if that is ASCII, else folded.
 */
static bool matches(struct ir_kit *kit, const char *written, bool fold, struct np_span text)
{
    struct np_pattern pattern = kit_pattern_of(kit, np_span_of(written), fold).pattern;
    struct np_buf folded;
    np_buf_init(&folded, SIZE_MAX / 2);
    assert_int_equal(np_fold_append(&folded, text), 0);
    bool result = np_pattern_matches(
        &pattern, fold && !np_fold_is_ascii(text) ? np_buf_span(&folded) : text, text);
    np_buf_done(&folded);
    return result;
}

static void matches_as_written(void **state)
{
    (void) state;
    static const struct {
        const char *pattern;
        const char *text;
        bool folding;
        bool cased;
    } cases[] = {
        {"", "", true, true},
        {"", "a", false, false},
        {"CreateUser", "CreateUser", true, true},
        {"CreateUser", "createuser", true, false},
        {"CreateUser", "CreateUsers", false, false},
        {"CreateUser", "", false, false},
        {"Create*", "Create", true, true},
        {"Create*", "createX", true, false},
        {"Create*", "Creat", false, false},
        {"*User", "User", true, true},
        {"*User", "CreateUSER", true, false},
        {"*User", "Users", false, false},
        {"*User*", "xUsery", true, true},
        {"*User*", "xUseUSERy", true, false},
        {"*User*", "UseUser", true, true},
        {"*User*", "Use", false, false},
        {"*", "a", true, true},
        {"*", "", false, false},
        {"?", "a", true, true},
        {"?", "ß", true, true}, /* one character, though two when folded */
        {"??", "ß", false, false},
        {"stra?e", "Straße", true, false},
        {"stra?e", "STRASSE", false, false},
        {"stra??e", "STRASSE", true, false},
        {"*a?e", "STRAẞE", true, false},
        {"*s?e", "straße", true, false}, /* the second half of it is no character of its own */
        {"*?*?*", "ß", false, false},
        {"*é?é*", "ééßÉx", true, false},
        {"?", "日", true, true},
        {"?", "\xff", true, true},
        {"?", "", false, false},
        {"?", "ab", false, false},
        {"??", "é日", true, true},
        {"a?c", "abc", true, true},
        {"a?c", "ac", false, false},
        {"a?c", "aßc", true, true},
        {"a*c", "ac", true, true},
        {"a*c", "abbbc", true, true},
        {"a*c", "abcb", false, false},
        {"a*c", "ABC", true, false},
        {"*?", "a", true, true},
        {"*?", "", false, false},
        {"?*", "", false, false},
        {"*a*b*", "xaxbx", true, true},
        {"*a*b*", "xbxax", false, false},
        {"*a*b", "abab", true, true},
        {"*a*b", "aba", false, false},
        {"a*b*c", "a-b-b-c-c", true, true},
        {"*ab*ab", "abab", true, true},
        {"*ab*ab", "ab", false, false},
        {"*ab*ab", "xabyab", true, true},
        {"*a?b*", "aab-axb", true, true},
        {"*?b?*", "xbx", true, true},
        {"*?b", "b", false, false},
        {"*?b",
         "\xd0\xb1"
         "b",
         true, true},
        {"*ss*", "straße", true, false},
        {"*ß*", "STRASSE", true, false},
        {"ΣΊΣΥΦΟΣ", "σίσυφος", true, false},
        {"*привет", "user/ПРИВЕТ", true, false},
        {"i̇stanbul", "İstanbul", true, false},
        {"istanbul", "İstanbul", false, false},
        {"k", "\xe2\x84\xaa", true, false}, /* KELVIN SIGN */
        {"a\xff*", "A\xffZ", true, false},
        {"a\xff*", "A\xfeZ", false, false},
        {"*\xff", "ПРИ\xff", true, true},
    };
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span text = np_span_of(cases[i].text);
        if (matches(&kit, cases[i].pattern, true, text) != cases[i].folding)
            fail_msg("'%s' folding against '%s'", cases[i].pattern, cases[i].text);
        if (matches(&kit, cases[i].pattern, false, text) != cases[i].cased)
            fail_msg("'%s' cased against '%s'", cases[i].pattern, cases[i].text);
    }
    assert_true(matches(&kit, "a*b", true, np_span_make("a\0b", 3)));
    ir_kit_done(&kit);
}

/* The obvious matcher: every way to split the text. */
static bool matches_slowly(struct np_span pattern, struct np_span text)
{
    if (pattern.len == 0)
        return text.len == 0;
    struct np_span rest = np_span_from(pattern, 1);
    if (pattern.ptr[0] == '*')
        return matches_slowly(rest, text) ||
               (text.len > 0 && matches_slowly(pattern, np_span_from(text, 1)));
    return text.len > 0 && (pattern.ptr[0] == '?' || pattern.ptr[0] == text.ptr[0]) &&
           matches_slowly(rest, np_span_from(text, 1));
}

static void matches_what_every_split_matches(void **state)
{
    (void) state;
    uint64_t seed = 99;
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (int i = 0; i < 50000; i++) {
        char pattern[8];
        char text[9];
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t pattern_len = seed >> 61;
        size_t text_len = seed >> 58 & 7;
        for (size_t j = 0; j < pattern_len; j++)
            pattern[j] = "ab*?a*b*"[seed >> (10 + 3 * j) & 7];
        for (size_t j = 0; j < text_len; j++)
            text[j] = "ab"[seed >> (34 + j) & 1];
        pattern[pattern_len] = '\0';
        struct np_span span = np_span_make(text, text_len);
        bool expected = matches_slowly(np_span_of(pattern), span);
        if (strspn(pattern, "*") == pattern_len && pattern_len > 0)
            expected = text_len > 0; /* runs alone want something there */
        if (matches(&kit, pattern, true, span) != expected)
            fail_msg("'%s' against '%.*s'", pattern, (int) text_len, text);
    }
    ir_kit_done(&kit);
}

static void stays_cheap_with_many_stars(void **state)
{
    (void) state;
    enum { STARS = 200, TEXT = 200000 };
    struct ir_kit kit;
    ir_kit_init(&kit);
    char pattern[STARS * 2 + 2];
    for (size_t i = 0; i < STARS; i++)
        memcpy(pattern + i * 2, "a*", 2);
    memcpy(pattern + STARS * 2, "b", 2);
    char *text = np_alloc(TEXT);
    assert_non_null(text);
    memset(text, 'a', TEXT);
    assert_false(matches(&kit, pattern, true, np_span_make(text, TEXT)));
    for (size_t i = 0; i < STARS; i++)
        memcpy(pattern + i * 2, "?*", 2);
    assert_false(matches(&kit, pattern, false, np_span_make(text, TEXT)));
    np_free(text);
    ir_kit_done(&kit);
}

static void names_a_guard(void **state)
{
    (void) state;
    static const struct {
        const char *written;
        const char *folding;
        const char *cased; /* before it is folded */
    } cases[] = {
        {"CreateUser", "createuser", "CreateUser"},
        {"*User*", "user", "User"},
        {"Us*Create?x", "create", "Create"},
        {"*", "", ""},
        {"???", "", ""},
        {"*Straße*", "strasse", ""},
        {"*Straße*ab*", "strasse", "ab"},
    };
    struct ir_kit kit;
    ir_kit_init(&kit);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_pattern folding = kit_pattern(&kit, cases[i].written).pattern;
        struct np_pattern cased = kit_cased(&kit, cases[i].written).pattern;
        assert_span_equal(np_pattern_guard(&folding), cases[i].folding);
        assert_span_equal(np_pattern_guard(&cased), cases[i].cased);
    }
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    const struct np_pattern_part parts[] = {
        {NP_PART_LITERAL, NP_SPAN("A")}, {.kind = NP_PART_RUN}, {NP_PART_LITERAL, NP_SPAN("B")}};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_arena arena;
        np_arena_init(&arena, SIZE_MAX);
        struct np_pattern pattern = {.kind = NP_PATTERN_KIND_MAX};
        np_alloc_fail_at(n);
        r = np_pattern_make(&pattern, &arena, parts, NP_ARRAY_LEN(parts), true);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && pattern.kind == NP_PATTERN_KIND_MAX));
        np_arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_down_to_the_simplest_kind),
        cmocka_unit_test(merges_neighbouring_parts),
        cmocka_unit_test(matches_as_written),
        cmocka_unit_test(matches_what_every_split_matches),
        cmocka_unit_test(stays_cheap_with_many_stars),
        cmocka_unit_test(names_a_guard),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
