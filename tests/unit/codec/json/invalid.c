/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader refuses, why, and where its limits are. What it finds stands in json.c. */
#include "expect.h"

/* ---- what is not valid ---- */

static void refuses_what_is_no_object(void **state)
{
    (void) state;
    const char *reason = "not a JSON object";
    expect_invalid("", "a", reason);
    expect_invalid(" \n\t", "a", reason);
    expect_invalid("[{'a':1}]", "a", reason);
    expect_invalid("'a'", "a", reason);
    expect_invalid("12", "a", reason);
    expect_invalid("}", "a", reason);
    expect_invalid("\xef\xbb\xbf{'a':1}", "a", reason); /* a byte order mark is the splitter's */
}

static void refuses_bytes_that_are_no_text(void **state)
{
    (void) state;
    expect_invalid("{'a':'\xff'}", "a", "not UTF-8");
    expect_invalid("{'a':'\xc0\xaf'}", "a", "not UTF-8");
    expect_invalid("{'a':'\xed\xa0\x80'}", "a", "not UTF-8");
    expect_invalid("{'unwanted':'\xe2\x82'}", "a", "not UTF-8");
    expect_invalid("{'a':'x\ny'}", "a", "control character in a string");
    expect_invalid("{'a\x01':1}", "a", "control character in a string");
    expect_invalid("{'a':'x}", "a", "a string does not close");
    expect_invalid("{'a':'x\\'}", "a", "a string does not close");
    expect_invalid("{'a", "a", "a string does not close");
}

static void refuses_brackets_that_do_not_close(void **state)
{
    (void) state;
    const char *reason = "a bracket does not close";
    const char *const records[] = {
        "{",      "{'a'",        "{'a':",      "{'a':1",       "{'a':1,",      "{'a':{}",
        "{'a':{", "{'a':[",      "{'a':[1",    "{'a':[1,",     "{'a':[]",      "{'a':[[1]",
        "{'b':[", "{'b':{'c':1", "{'b':[1,2]", "{'a':{'c':{}", "{'a':[{'c':1}"};
    for (size_t i = 0; i < NP_ARRAY_LEN(records); i++) {
        expect_invalid(records[i], "a", reason);
        expect_invalid(records[i], "a.c", reason);
    }
}

static void refuses_malformed_objects(void **state)
{
    (void) state;
    const char *const records[] = {"{'b' 1,'a':1}",     "{'b':1 'a':1}",       "{b:1,'a':1}",
                                   "{'b':1;'a':1}",     "{1:1,'a':1}",         "{,'b':1,'a':1}",
                                   "{'b':1]'a':1}",     "{'b':'x''y','a':1}",  "{{'b':1},'a':1}",
                                   "{[1],'a':1,'c':1}", "{'b'::1,'a':1,'c':2}"};
    for (size_t i = 0; i < NP_ARRAY_LEN(records); i++) {
        np_auto_buf struct np_buf got;
        np_buf_init(&got, TEST_MAX_BYTES);
        assert_int_equal(read_one(records[i], "a", 1, 0, &got), NP_JSON_INVALID);
        const char *reason = np_buf_cstr(&got);
        if (strcmp(reason, "malformed object") != 0 && strcmp(reason, "a value is missing") != 0)
            fail_msg("%s: %s", records[i], reason);
    }
    expect_invalid("{'b':1,}", "a", "malformed object");
    expect_invalid("{'a':1,'a':2,b:3}", "a", "malformed object");
    expect_invalid("{'a':1,'a':2 'b':3}", "a", "malformed object");
    expect_invalid("{'a':1,'a':2,'b':}", "a", "malformed object");
    expect_invalid("{'a':1,'a':[2,'b':3", "a", "a bracket does not close");
    expect_invalid("{'b':,'a':1}", "a", "a value is missing");
    expect_invalid("{'a':1,'b':}", "a", "malformed object");
    expect_invalid("{'a'}", "a", "malformed object");
    expect_invalid("{'b':1,'a'}", "a", "malformed object");
    expect_invalid("{'a':,'b':1}", "a", "malformed value");
}

static void refuses_malformed_arrays_that_are_wanted(void **state)
{
    (void) state;
    expect_invalid("{'a':[1 2]}", "a", "malformed array");
    expect_invalid("{'a':[1}]}", "a", "malformed array");
    expect_invalid("{'a':[1,]}", "a", "malformed value");
    expect_invalid("{'a':[,1]}", "a", "malformed value");
    expect_invalid("{'a':[,1]}", "a.b", "a value is missing");
    expect("{'b':[,1 2,],'a':1}", "a", "i1");
}

static void refuses_malformed_values_that_are_wanted(void **state)
{
    (void) state;
    const char *const numbers[] = {"01",  "-",     "1.",   "1.e1", "1e",    "1e+",
                                   "-01", "1.5.2", "0x10", "1_0",  "1\x01", "12'x'",
                                   "--1", "1e5e",  "9a",   "00",   "-a"};
    const char *const others[] = {"tru",      "nul",   "False",    "nan",  "+1",  ".5",
                                  "Infinity", "true1", "nullnull", "\x01", "abc", "t\xc3\xa9"};
    char record[64];
    for (size_t i = 0; i < NP_ARRAY_LEN(numbers); i++) {
        (void) snprintf(record, sizeof(record), "{'a':%s,'b':1}", numbers[i]);
        expect_invalid(record, "a", "malformed number");
        expect(record, "b", "i1");
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(others); i++) {
        (void) snprintf(record, sizeof(record), "{'a':[%s],'b':1}", others[i]);
        expect_invalid(record, "a", "malformed value");
        expect(record, "b", "i1");
    }
}

static void refuses_malformed_escapes_that_are_wanted(void **state)
{
    (void) state;
    const char *const escapes[] = {"\\x",    "\\u12",   "\\u12g4", "\\u",
                                   "\\ud83", "\\U0041", "\\ ",     "\\0"};
    char record[64];
    for (size_t i = 0; i < NP_ARRAY_LEN(escapes); i++) {
        (void) snprintf(record, sizeof(record), "{'b':1,'a':'%s'}", escapes[i]);
        expect_invalid(record, "a", "malformed escape in a string");
        expect(record, "b", "i1");
        (void) snprintf(record, sizeof(record), "{'%s':1}", escapes[i]);
        expect_invalid(record, "a", "malformed escape in a string");
    }
}

static void tells_several_values(void **state)
{
    (void) state;
    expect_several("{'a':1}{'a':2}");
    expect_several("{'a':1} {'a':2}");
    expect_several("{'a':1}\n[]");
    expect_several("{} x");
    expect_several("{},");
    expect_several("{'a':1}}");
    expect_several("{'a':1,'a':2}{");
    expect("{'a':1} \r\n\t", "a", "i1");
}

/* ---- limits ---- */

/* {"a":[[[...]]]} with `depth` levels in all. */
static void put_deep(struct np_buf *out, size_t depth, const char *key)
{
    np_buf_reset(out);
    np_buf_printf(out, "{'%s':", key);
    for (size_t i = 1; i < depth; i++)
        np_buf_add_char(out, '[');
    for (size_t i = 1; i < depth; i++)
        np_buf_add_char(out, ']');
    np_buf_add_char(out, '}');
    assert_int_equal(out->error, 0);
}

static void keeps_to_the_depth_limit(void **state)
{
    (void) state;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, TEST_MAX_BYTES);
    put_deep(&text, NP_JSON_MAX_DEPTH, "a");
    expect(np_buf_cstr(&text), "a", "[]");
    expect(np_buf_cstr(&text), "b", "-");
    put_deep(&text, NP_JSON_MAX_DEPTH + 1, "a");
    expect_too_deep(np_buf_cstr(&text), "a");
    expect_too_deep(np_buf_cstr(&text), "b");
    put_deep(&text, 1000000, "a");
    expect_too_deep(np_buf_cstr(&text), "a");
    /* brackets in strings are no levels */
    np_buf_reset(&text);
    np_buf_add_str(&text, "{'b':'");
    for (size_t i = 0; i < 5000; i++)
        np_buf_add_char(&text, '[');
    np_buf_add_str(&text, "','a':1}");
    expect(np_buf_cstr(&text), "a", "i1");
    /* many levels one after the other are not deep */
    np_buf_reset(&text);
    np_buf_add_str(&text, "{'b':[");
    for (size_t i = 0; i < 5000; i++)
        np_buf_add_str(&text, "[],");
    np_buf_add_str(&text, "1],'a':1}");
    expect(np_buf_cstr(&text), "a b", "i1 [i1]");
}

static void survives_openings_without_end(void **state)
{
    (void) state;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, TEST_MAX_BYTES);
    np_buf_add_str(&text, "{'a':");
    for (size_t i = 0; i < 1000; i++)
        np_buf_add_char(&text, '[');
    expect_invalid(np_buf_cstr(&text), "a", "a bracket does not close");
    np_buf_reset(&text);
    for (size_t i = 0; i < 3000; i++)
        np_buf_add_str(&text, "{'a':");
    expect_too_deep(np_buf_cstr(&text), "a");
}

static void reads_eight_mebibytes(void **state)
{
    (void) state;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, TEST_MAX_BYTES);
    np_buf_add_str(&text, "{'a':[");
    size_t count = 0;
    for (; text.len < (8 << 20) - 32; count++)
        np_buf_printf(&text, "{'b':%zu},", count);
    np_buf_add_str(&text, "0],'c':'end'}");
    struct np_span record = record_make(np_buf_cstr(&text), '"');
    struct np_json_plan *plan = plan_of("a.b c");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 256 << 20);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
    assert_int_equal(room.values[0].count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(room.values[0].items[i].integer, i);
    assert_span_equal(room.values[1].text, "end");
    np_json_plan_free(&plan);
    record_free(&record);
}

/*
 * Repeats in each of very many objects, at every level: seconds where the work grows with the
 * square of the length.
 */
static void is_not_slowed_down_by_repeats(void **state)
{
    (void) state;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, TEST_MAX_BYTES);
    np_buf_add_str(&text, "{'a':[");
    for (size_t i = 0; i < 100000; i++)
        np_buf_add_str(&text, "{'b':1,'b':{'c':1,'c':'\\n'}},");
    np_buf_add_str(&text, "{'b':0,'b':{'c':2,'c':3}}]");
    for (size_t i = 0; i < 100000; i++)
        np_buf_add_str(&text, ",'d':{'c':1}");
    np_buf_add_str(&text, "}");
    struct np_span record = record_make(np_buf_cstr(&text), 0);
    struct np_json_plan *plan = plan_of("a.b.c d.c");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
    assert_int_equal(room.values[0].count, 100001);
    assert_int_equal(room.values[1].integer, 1);
    np_json_plan_free(&plan);
    record_free(&record);
}

static void says_when_the_arena_is_full(void **state)
{
    (void) state;
    const char *const records[] = {"{'a':[1]}",
                                   "{'a':'\\n'}",
                                   "{'\\u0061':1}",
                                   "{'a.b':1,'a':{'b':1}}",
                                   "{'a':[{'b':1}]}",
                                   "{'a':1,'a':[2]}",
                                   "{'a.b':1,'a':{'b':[]}}",
                                   "{'a.b':'x','a':{'b':'y'}}",
                                   "{'a.b':{},'a':{'b':{}}}"};
    for (size_t i = 0; i < NP_ARRAY_LEN(records); i++) {
        struct np_span record = record_make(records[i], 0);
        struct np_json_plan *plan = plan_of("a a.b");
        np_auto_arena struct np_arena arena;
        np_arena_init(&arena, 0);
        struct test_slots room;
        slots_init(&room, &arena);
        const char *reason = NULL;
        assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason),
                         NP_JSON_NO_MEMORY);
        np_json_plan_free(&plan);
        record_free(&record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_object),
        cmocka_unit_test(refuses_bytes_that_are_no_text),
        cmocka_unit_test(refuses_brackets_that_do_not_close),
        cmocka_unit_test(refuses_malformed_objects),
        cmocka_unit_test(refuses_malformed_arrays_that_are_wanted),
        cmocka_unit_test(refuses_malformed_values_that_are_wanted),
        cmocka_unit_test(refuses_malformed_escapes_that_are_wanted),
        cmocka_unit_test(tells_several_values),
        cmocka_unit_test(keeps_to_the_depth_limit),
        cmocka_unit_test(survives_openings_without_end),
        cmocka_unit_test(reads_eight_mebibytes),
        cmocka_unit_test(is_not_slowed_down_by_repeats),
        cmocka_unit_test(says_when_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, new_reader, free_reader);
}
