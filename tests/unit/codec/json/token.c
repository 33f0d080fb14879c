/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text without its white space or its escapes. What the reader makes of tokens is tested with
 * it, in json.c.
 */
#include "support.h"

#include <errno.h>

struct rewriting {
    const char *raw;
    const char *want;
};

typedef int rewrite_fn(struct np_buf *out, struct np_span raw);

static void check(rewrite_fn *rewrite, const struct rewriting *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* exactly as long as it is: neither function may look at the byte behind */
        size_t len = strlen(cases[i].raw);
        char *raw = np_alloc(len);
        assert_non_null(raw);
        memcpy(raw, cases[i].raw, len);
        np_auto_buf struct np_buf out;
        np_buf_init(&out, TEST_MAX_BYTES);
        np_buf_add_str(&out, "<");
        assert_int_equal(rewrite(&out, np_span_make(raw, len)), 0);
        assert_string_equal(np_buf_cstr(&out) + 1, cases[i].want);
        np_free(raw);
    }
}

static void drops_white_space_outside_strings(void **state)
{
    (void) state;
    static const struct rewriting cases[] = {
        {"", ""},
        {" \t\r\n", ""},
        {"{}", "{}"},
        {"{ \"a b\" : [ 1 ,\n\t2 ] }\r\n", "{\"a b\":[1,2]}"},
        {"\"a\\\" b\" \"c\\\\\" : \" \"", "\"a\\\" b\"\"c\\\\\":\" \""},
        {" \"does not close ", "\"does not close "},
        {"\"ends in the middle of an escape \\", "\"ends in the middle of an escape \\"},
    };
    check(np_json_compact, cases, NP_ARRAY_LEN(cases));
}

static void decodes_every_escape_once(void **state)
{
    (void) state;
    static const struct rewriting cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{\"policy\":\"{\\\"Version\\\":\\\"2012\\\"}\"}",
         "{\"policy\":\"{\"Version\":\"2012\"}\"}"},
        {"\\\\\\\"", "\\\""},
        {"\\\\n", "\\n"},
        {"a\\nb\\tc\\r\\b\\f\\/", "a\nb\tc\r\b\f/"},
        {"\\u003c\\u00E9\\u20ac\\ud83d\\ude00", "<\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\\ud83d", "\xef\xbf\xbd"},
        {"\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd"},
    };
    check(np_json_unescape, cases, NP_ARRAY_LEN(cases));
}

static void leaves_what_is_no_escape(void **state)
{
    (void) state;
    static const struct rewriting cases[] = {
        {"\\", "\\"},       {"\\x41", "\\x41"},
        {"\\u12", "\\u12"}, {"\\u00g0", "\\u00g0"},
        {"\\u", "\\u"},     {"C:\\Users\\new", "C:\\Users\new"},
        {"\\\\\\", "\\\\"}, {"\\ud83d\\u12", "\xef\xbf\xbd\\u12"},
    };
    check(np_json_unescape, cases, NP_ARRAY_LEN(cases));
}

static void leaves_the_buffer_as_it_was_on_failure(void **state)
{
    (void) state;
    static rewrite_fn *const rewrites[] = {np_json_compact, np_json_unescape};
    for (size_t i = 0; i < NP_ARRAY_LEN(rewrites); i++) {
        np_auto_buf struct np_buf out;
        np_buf_init(&out, 8);
        np_buf_add_str(&out, "<");
        assert_int_equal(rewrites[i](&out, NP_SPAN("12345\\n 789")), -E2BIG);
        assert_span_equal(np_buf_span(&out), "<");
        assert_int_equal(out.error, -E2BIG);
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(rewrites); i++) {
        np_auto_buf struct np_buf out;
        np_buf_init(&out, TEST_MAX_BYTES);
        np_alloc_fail_at(0);
        assert_int_equal(rewrites[i](&out, NP_SPAN("1 2")), -ENOMEM);
        np_alloc_fail_at(-1);
        assert_int_equal(out.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drops_white_space_outside_strings),
        cmocka_unit_test(decodes_every_escape_once),
        cmocka_unit_test(leaves_what_is_no_escape),
        cmocka_unit_test(leaves_the_buffer_as_it_was_on_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
