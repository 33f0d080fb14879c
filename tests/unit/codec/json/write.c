/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as the writer writes them, byte for byte. */
#include "support/unit.h"

#include <errno.h>
#include <math.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/json/write.h"

/* What np_json_text() makes of `text`. */
static void expect_text(struct np_span text, const char *want)
{
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 4096);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &buf);
    np_json_text(&writer, NULL, text);
    assert_int_equal(buf.error, 0);
    assert_string_equal(np_buf_cstr(&buf), want);
}

static void expect_real(double number, const char *want)
{
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 4096);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &buf);
    np_json_real(&writer, NULL, number);
    assert_string_equal(np_buf_cstr(&buf), want);
}

static void puts_the_commas(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 4096);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &buf);
    np_json_begin_object(&writer, NULL);
    np_json_uint(&writer, "schema_version", 1);
    np_json_begin_object(&writer, "empty");
    np_json_end_object(&writer);
    np_json_begin_array(&writer, "list");
    np_json_cstr(&writer, NULL, "a");
    np_json_null(&writer, NULL);
    np_json_begin_array(&writer, NULL);
    np_json_end_array(&writer);
    np_json_begin_object(&writer, NULL);
    np_json_bool(&writer, "yes", true);
    np_json_bool(&writer, "no", false);
    np_json_end_object(&writer);
    np_json_end_array(&writer);
    np_json_value_member(&writer, NP_SPAN("a \"key\""),
                         &(const struct np_value){.kind = NP_VALUE_TEXT, .text = NP_SPAN("v")});
    np_json_value_member(&writer, NP_SPAN("k"), &(const struct np_value){.kind = NP_VALUE_TEXT});
    np_json_cstr(&writer, "none", NULL);
    np_json_real(&writer, "real", 0.5);
    np_json_uint(&writer, "big", UINT64_MAX);
    np_json_end_object(&writer);
    np_buf_add_char(&buf, '\n');
    np_json_writer_init(&writer, &buf);
    np_json_begin_array(&writer, NULL);
    np_json_end_array(&writer);
    assert_string_equal(np_buf_cstr(&buf),
                        "{\"schema_version\":1,\"empty\":{},\"list\":[\"a\",null,[],{\"yes\":true,"
                        "\"no\":false}],\"a \\\"key\\\"\":\"v\",\"k\":\"\",\"none\":null,"
                        "\"real\":0.5,\"big\":18446744073709551615}\n[]");
}

static void writes_each_kind_of_value_as_what_it_is(void **state)
{
    (void) state;
    static const struct np_value items[] = {{.kind = NP_VALUE_INT, .integer = 1},
                                            {.kind = NP_VALUE_TEXT, .text = {"a", 1}},
                                            {.kind = NP_VALUE_NULL}};
    static const struct {
        struct np_value value;
        const char *want;
    } cases[] = {
        {{.kind = NP_VALUE_ABSENT}, "null"},
        {{.kind = NP_VALUE_NULL}, "null"},
        {{.kind = NP_VALUE_BOOL, .boolean = true}, "true"},
        {{.kind = NP_VALUE_INT, .integer = -1}, "-1"},
        {{.kind = NP_VALUE_INT, .integer = INT64_MIN}, "-9223372036854775808"},
        {{.kind = NP_VALUE_INT, .integer = 7, .text = {"1970-01-01", 10}}, "7"}, /* not its text */
        {{.kind = NP_VALUE_UINT, .uinteger = UINT64_MAX}, "18446744073709551615"},
        {{.kind = NP_VALUE_DOUBLE, .real = -0.25}, "-0.25"},
        {{.kind = NP_VALUE_DOUBLE, .real = INFINITY}, "null"},
        {{.kind = NP_VALUE_TEXT, .text = {"\n", 1}}, "\"\\n\""},
        {{.kind = NP_VALUE_ADDRESS, .text = {"::1", 3}}, "\"::1\""},
        {{.kind = NP_VALUE_OBJECT, .text = {"{}", 2}}, "\"{}\""},
        {{.kind = NP_VALUE_LIST}, "[]"},
        {{.kind = NP_VALUE_LIST, .count = NP_ARRAY_LEN(items), .items = items}, "[1,\"a\",null]"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_auto_buf struct np_buf buf;
        np_buf_init(&buf, 4096);
        struct np_json_writer writer;
        np_json_writer_init(&writer, &buf);
        np_json_begin_object(&writer, NULL);
        np_json_value_member(&writer, NP_SPAN("a"), &cases[i].value);
        np_json_int(&writer, "b", -2);
        np_json_end_object(&writer);
        char want[128];
        (void) snprintf(want, sizeof(want), "{\"a\":%s,\"b\":-2}", cases[i].want);
        assert_string_equal(np_buf_cstr(&buf), want);
    }
}

static void escapes_text(void **state)
{
    (void) state;
    expect_text((struct np_span){0}, "\"\"");
    expect_text(NP_SPAN("plain [text] ~"), "\"plain [text] ~\"");
    expect_text(NP_SPAN("\"\\/"), "\"\\\"\\\\/\"");
    expect_text(NP_SPAN("a\nb\rc\td\be\ff"), "\"a\\nb\\rc\\td\\u0008e\\u000cf\"");
    expect_text(NP_SPAN("\0\x1f"), "\"\\u0000\\u001f\"");
    expect_text(NP_SPAN("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
                "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

/* Plain text is taken in larger pieces than bytes: each special one is found at every place of a piece. */
static void finds_each_special_byte_at_every_place(void **state)
{
    (void) state;
    enum { LENGTH = 20 };
    for (int byte = 1; byte < 0x80; byte++)
        for (int at = 0; at < LENGTH; at++) {
            char text[LENGTH];
            char want[LENGTH + 9];
            char escape[7];
            memset(text, 'a', sizeof(text));
            text[at] = (char) byte;
            if (byte == '\n' || byte == '\r' || byte == '\t')
                (void) snprintf(escape, sizeof(escape), "\\%c",
                                byte == '\n'   ? 'n'
                                : byte == '\r' ? 'r'
                                               : 't');
            else if (byte < 0x20 || byte == 0x7f)
                (void) snprintf(escape, sizeof(escape), "\\u%04x", (unsigned) byte);
            else
                (void) snprintf(escape, sizeof(escape), "%s%c",
                                byte == '"' || byte == '\\' ? "\\" : "", byte);
            (void) snprintf(want, sizeof(want), "\"%.*s%s%.*s\"", at, text, escape, LENGTH - 1 - at,
                            text + at + 1);
            expect_text(np_span_make(text, LENGTH), want);
        }
}

static void disarms_what_steers_a_terminal(void **state)
{
    (void) state;
    expect_text(NP_SPAN("\x1b[31m\x7f"), "\"\\u001b[31m\\u007f\"");
    expect_text(NP_SPAN("\xc2\x9b"
                        "31m\xc2\xa0"),
                "\"\\u009b31m\xc2\xa0\"");
    expect_text(NP_SPAN("\xe2\x80\xae\xe2\x80\x8e\xe2\x81\xa6\xd8\x9c"),
                "\"\\u202e\\u200e\\u2066\\u061c\"");
    expect_text(NP_SPAN("\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xaa"), /* their neighbours are text */
                "\"\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xaa\"");
}

static void replaces_what_is_not_utf8(void **state)
{
    (void) state;
    expect_text(NP_SPAN("a\xff"
                        "b"),
                "\"a\xef\xbf\xbd"
                "b\"");
    expect_text(NP_SPAN("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text(NP_SPAN("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text(NP_SPAN("\xf4\x90\x80\x80"),
                "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text(NP_SPAN("cut \xe2\x82"), "\"cut \xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text(np_span_make("\xf0\x9f\x98\x80", 3), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void writes_numbers_with_six_digits_behind_the_point(void **state)
{
    (void) state;
    expect_real(0, "0");
    expect_real(-0.0, "0");
    expect_real(1, "1");
    expect_real(-1.5, "-1.5");
    expect_real(0.1, "0.1");
    expect_real(0.000001, "0.000001");
    expect_real(0.0000004, "0");
    expect_real(-0.0000004, "0");
    expect_real(-0.0000006, "-0.000001");
    expect_real(12.3456789, "12.345679");
    expect_real(0.9999999, "1");
    expect_real(-41.9999996, "-42");
    expect_real(100.05, "100.05");
    expect_real(9007199254740993.0, "9007199254740992");
    expect_real(1e22, "10000000000000000000000");
    expect_real((double) NAN, "null");
    expect_real((double) INFINITY, "null");
    expect_real((double) -INFINITY, "null");
}

static void remembers_a_full_buffer(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 8);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &buf);
    np_json_begin_object(&writer, NULL);
    np_json_cstr(&writer, "key", "a value that does not fit");
    np_json_end_object(&writer);
    assert_int_equal(buf.error, -E2BIG);
    np_buf_reset(&buf);
    np_json_writer_init(&writer, &buf);
    np_json_uint(&writer, NULL, 12345678);
    assert_string_equal(np_buf_cstr(&buf), "12345678");
    assert_int_equal(buf.error, 0);
}

static void remembers_that_memory_was_out(void **state)
{
    (void) state;
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 4096);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &buf);
    np_alloc_fail_at(0);
    np_json_cstr(&writer, NULL, "x");
    np_alloc_fail_at(-1);
    assert_int_equal(buf.error, -ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_the_commas),
        cmocka_unit_test(writes_each_kind_of_value_as_what_it_is),
        cmocka_unit_test(escapes_text),
        cmocka_unit_test(finds_each_special_byte_at_every_place),
        cmocka_unit_test(disarms_what_steers_a_terminal),
        cmocka_unit_test(replaces_what_is_not_utf8),
        cmocka_unit_test(writes_numbers_with_six_digits_behind_the_point),
        cmocka_unit_test(remembers_a_full_buffer),
        cmocka_unit_test(remembers_that_memory_was_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
