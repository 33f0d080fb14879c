/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown as it is, what becomes an escape, and that nothing else gets through. */
#include "unit/sink/fixture.h"

#include "sink/escape.h"

static void assert_escaped(const char *text, size_t len, enum np_charset charset, const char *want)
{
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 20);
    np_escape(&buf, np_span_make(text, len), charset);
    assert_string_equal(np_buf_cstr(&buf), want);
}

static void shows_what_could_harm_as_escapes(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"plain text, 100% \\x1b", "plain text, 100% \\x1b"},
        {"\033[31mred", "\\x1b[31mred"},
        {"a\nb\rc\td", "a\\nb\\rc\\td"},
        {"\a\b\x7f", "\\x07\\x08\\x7f"},
        {"\xc2\x9b", "\\u009b"},                                       /* C1 as a code point */
        {"\x9b", "\\x9b"},                                             /* C1 as a byte */
        {"user\xe2\x80\xaetxt", "user\\u202etxt"},                     /* right-to-left override */
        {"\xe2\x81\xa6\xe2\x81\xa9", "\\u2066\\u2069"},                /* isolates */
        {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c"}, /* direction marks */
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},                /* separators */
        {"ad\xe2\x80\x8bmin", "ad\\u200bmin"},                         /* zero-width space */
        {"ad\xc2\xadmin", "ad\\u00admin"},                             /* soft hyphen */
        {"\xef\xbb\xbf", "\\ufeff"},                                   /* byte order mark */
        {"a\xc2\xa0z", "a\\u00a0z"},                                   /* no-break space */
        {"\xe3\x80\x80", "\\u3000"},                                   /* ideographic space */
        {"\xe3\x85\xa4", "\\u3164"},         /* a letter without a shape */
        {"\xe2\xa0\x80", "\\u2800"},         /* blank Braille pattern */
        {"\xf3\xa0\x81\x81", "\\U000e0041"}, /* tag */
        {"\xef\xb8\x8f", "\\ufe0f"},         /* variation selector */
        {"\xee\x80\x80", "\\ue000"},         /* private use */
        {"\xef\xbf\xbf", "\\uffff"},         /* no character */
        {"\xff", "\\xff"},                   /* never in UTF-8 */
        {"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
        {"\xe6\x97", "\\xe6\\x97"},          /* cut off */
        {"caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_escaped(cases[i].text, strlen(cases[i].text), NP_CHARSET_UNICODE, cases[i].want);
    assert_escaped("a\0b", 3, NP_CHARSET_UNICODE, "a\\x00b");
}

static void shows_only_ascii_where_the_terminal_is_not_utf8(void **state)
{
    (void) state;
    assert_escaped("caf\xc3\xa9 \xf0\x9f\x98\x80", 10, NP_CHARSET_ASCII, "caf\\u00e9 \\U0001f600");
}

static void lets_marks_stand_on_letters_only(void **state)
{
    (void) state;
    assert_escaped("e\xcc\x81", 3, NP_CHARSET_UNICODE, "e\xcc\x81");
    assert_escaped("\xcc\x81"
                   "e",
                   3, NP_CHARSET_UNICODE, "\\u0301e");
    assert_escaped("\n\xcc\x81", 3, NP_CHARSET_UNICODE, "\\n\\u0301");
    assert_escaped("o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 13, NP_CHARSET_UNICODE,
                   "o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u0301\\u0301");
}

static void passes_nothing_harmful_and_changes_nothing_twice(void **state)
{
    (void) state;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        uint64_t random = seed;
        char text[200];
        size_t len = make_hostile(text, sizeof(text), &random);
        enum np_charset charset = seed % 2 == 0 ? NP_CHARSET_UNICODE : NP_CHARSET_ASCII;
        np_auto_buf struct np_buf once = {};
        np_auto_buf struct np_buf twice = {};
        np_buf_init(&once, 1 << 20);
        np_buf_init(&twice, 1 << 20);
        np_escape(&once, np_span_make(text, len), charset);
        np_escape(&twice, np_buf_span(&once), charset);
        assert_true(once.len <= 4 * len);
        assert_harmless(once.data, once.len, SIZE_MAX, false);
        assert_true(memchr(once.len > 0 ? once.data : "", '\n', once.len) == NULL);
        if (!np_span_eq(np_buf_span(&once), np_buf_span(&twice)))
            fail_msg("seed %llu: escaping twice differs", (unsigned long long) seed);
        for (size_t i = 0; charset == NP_CHARSET_ASCII && i < once.len; i++)
            assert_true((unsigned char) once.data[i] < 0x80);
    }
}

static void prints_a_message_as_one_safe_line(void **state)
{
    (void) state;
    char line[256];
    FILE *file = fmemopen(line, sizeof(line), "w");
    assert_non_null(file);
    np_escape_print(file, NP_CHARSET_UNICODE, "nepho: cannot read '%s': %s",
                    "a\nnepho: all well\033[8m", "gone");
    assert_int_equal(fclose(file), 0);
    assert_string_equal(line, "nepho: cannot read 'a\\nnepho: all well\\x1b[8m': gone\n");
}

static void cuts_a_message_without_end(void **state)
{
    (void) state;
    char *line = NULL;
    size_t len = 0;
    char *name = np_alloc(20000);
    memset(name, '\001', 19999);
    FILE *file = open_memstream(&line, &len);
    assert_non_null(file);
    np_escape_print(file, NP_CHARSET_ASCII, "%s", name);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(len, (4608 - 4) * 4 + 3 + 1);
    assert_string_equal(line + len - 8, "\\x01...\n");
    np_free(line);
    np_free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_could_harm_as_escapes),
        cmocka_unit_test(shows_only_ascii_where_the_terminal_is_not_utf8),
        cmocka_unit_test(lets_marks_stand_on_letters_only),
        cmocka_unit_test(passes_nothing_harmful_and_changes_nothing_twice),
        cmocka_unit_test(prints_a_message_as_one_safe_line),
        cmocka_unit_test(cuts_a_message_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
