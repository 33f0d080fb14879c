/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are found by their place in the text. */
#include "support/unit.h"

#include <errno.h>

#include "base/compiler.h"
#include "codec/json/part.h"

static void steps_into_objects_and_arrays(void **state)
{
    (void) state;
    static const struct {
        const char *value;
        const char *name;
        const char *found; /* NULL = nothing */
    } cases[] = {
        {"{\"a\":1}", "a", "1"},
        {"{ \"a\" : 1 , \"b\" : [ 2 ] }", "b", "[ 2 ]"},
        {"{\"b\":{\"a\":2},\"a\":1}", "a", "1"},
        {"{\"a\":1,\"a\":2}", "a", "1"},
        {"{\"x\":\"}\\\"\",\"a\":\"y\"}", "a", "\"y\""},
        {"{\"x\":\"\\\\\",\"a\":null}", "a", "null"},
        {"{\"\":1}", "", "1"},
        {"{}", "a", NULL},
        {"{\"a\":1}", "b", NULL},
        {"{\"0\":1}", "0", "1"},
        {"[1,\"b\",{\"c\":[]}]", "0", "1"},
        {"[1,\"b\",{\"c\":[]}]", "2", "{\"c\":[]}"},
        {"[1,\"b\"]", "2", NULL},
        {"[1,\"b\"]", "00", NULL},
        {"[1,\"b\"]", "", NULL},
        {"[1,\"b\"]", "-1", NULL},
        {"[0,1,2,3,4,5,6,7,8,9,10,11]", "11", "11"},
        {"[]", "0", NULL},
        {"\"a\"", "0", NULL},
        {"1", "0", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span found;
        bool is_found = np_json_step(np_span_of(cases[i].value), np_span_of(cases[i].name), &found);
        assert_int_equal(is_found, cases[i].found != NULL);
        if (is_found)
            assert_span_equal(found, cases[i].found);
    }
}

static void finds_nothing_in_malformed_text(void **state)
{
    (void) state;
    static const char *const cases[] = {
        "",          "{",           "{\"a\"",        "{\"a\":",    "{\"a}",  "{\"a\":}", "{a:1}",
        "{\"a\" 1}", "{\"b\":\"x}", "{\"b\":[1,2,}", "{,\"a\":1}", "{\"a\\", "[",        "[,1]",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span found;
        assert_false(np_json_step(np_span_of(cases[i]), NP_SPAN("a"), &found));
        assert_false(np_json_step(np_span_of(cases[i]), NP_SPAN("0"), &found));
    }
}

static void walks_members_in_their_order(void **state)
{
    (void) state;
    struct np_json_walk walk;
    struct np_span key;
    struct np_span value;
    assert_true(np_json_walk_begin(&walk, NP_SPAN("{\"a\":1, \"b\" :[2,3]}")));
    assert_true(np_json_walk_next(&walk, &key, &value));
    assert_span_equal(key, "a");
    assert_span_equal(value, "1");
    assert_true(np_json_walk_next(&walk, &key, &value));
    assert_span_equal(key, "b");
    assert_span_equal(value, "[2,3]");
    assert_false(np_json_walk_next(&walk, &key, &value));
    assert_false(np_json_walk_begin(&walk, NP_SPAN("7")));
    assert_false(np_json_walk_begin(&walk, NP_SPAN("")));
}

static void writes_values_as_text(void **state)
{
    (void) state;
    static const struct {
        const char *value;
        const char *text; /* NULL = malformed */
    } cases[] = {
        {"\"a b\"", "a b"},
        {"\"\"", ""},
        {"\"\\u00e9\\n\"", "\xc3\xa9\n"},
        {"\"\\x\"", NULL},
        {"1.50", "1.50"},
        {"null", "null"},
        {"{\"a\": [ 1 ]}", "{\"a\":[1]}"},
        {"[1,2]", "[1,2]"},
        {"{\"a\":\"b c\"}", "{\"a\":\"b c\"}"},
    };
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span text;
        int r = np_json_value_text(np_span_of(cases[i].value), &arena, &text);
        assert_int_equal(r, cases[i].text != NULL ? 0 : -EINVAL);
        if (r == 0)
            assert_span_equal(text, cases[i].text);
    }
}

static void indents_by_two(void **state)
{
    (void) state;
    static const struct {
        const char *value;
        const char *text;
    } cases[] = {
        {"{}", "{}"},
        {"[ ]", "[]"},
        {"{\"a\":1}", "{\n  \"a\": 1\n}"},
        {"{\"a\":{\"b\":[1,\"x,{\"]}}",
         "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"x,{\"\n    ]\n  }\n}"},
        {"[{},[]]", "[\n  {},\n  []\n]"},
    };
    np_auto_buf struct np_buf out;
    np_buf_init(&out, 4096);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_buf_reset(&out);
        assert_int_equal(np_json_indent(&out, np_span_of(cases[i].value)), 0);
        assert_span_equal(np_buf_span(&out), cases[i].text);
    }
    np_auto_buf struct np_buf small;
    np_buf_init(&small, 4);
    assert_int_equal(np_json_indent(&small, NP_SPAN("{\"a\":1}")), -E2BIG);
    assert_int_equal(small.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_into_objects_and_arrays),
        cmocka_unit_test(finds_nothing_in_malformed_text),
        cmocka_unit_test(walks_members_in_their_order),
        cmocka_unit_test(writes_values_as_text),
        cmocka_unit_test(indents_by_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
