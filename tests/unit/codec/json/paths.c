/* SPDX-License-Identifier: Apache-2.0 */
/* The names under which a record has values. */
#include "support/unit.h"

#include <stdio.h>

#include "codec/json/paths.h"

struct seen {
    char text[8192];
    size_t len;
    size_t left; /* how many more are wanted */
};

static bool note(void *context, struct np_span path)
{
    struct seen *seen = context;
    int n = snprintf(seen->text + seen->len, sizeof(seen->text) - seen->len, "%s%.*s",
                     seen->len > 0 ? " " : "", NP_SPAN_ARGS(path));
    assert_true(n >= 0 && (size_t) n < sizeof(seen->text) - seen->len);
    seen->len += (size_t) n;
    return --seen->left > 0;
}

/* Walks over `text`, padded as it must be, for at most `most` paths; whether it came to the end. */
static bool walk(struct seen *seen, const char *text, size_t most)
{
    char padded[16384] = {};
    struct np_json_reader *reader = NULL;
    size_t len = strlen(text);
    assert_true(len + NP_JSON_PADDING <= sizeof(padded));
    memcpy(padded, text, len);
    *seen = (struct seen){.left = most};
    assert_int_equal(np_json_reader_new(&reader), 0);
    bool whole = np_json_each_path(reader, np_span_make(padded, len), note, seen);
    np_json_reader_free(&reader);
    return whole;
}

static void gives_the_path_of_every_member(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"{}", ""},
        {"{\"a\":1,\"b\":\"x\",\"c\":null}", "a b c"},
        {"{\"a\":{\"b\":{\"c\":1},\"d\":2},\"e\":3}", "a a.b a.b.c a.d e"},
        {"{\"a\":[{\"b\":1},{\"c\":2}],\"d\":[1,[{\"e\":1}]]}", "a a.b a.c d d.e"},
        {"{\"a\":[],\"b\":{},\"c\":[\"x\",\"y\"]}", "a b c"},
        {"{\"a.b\":{\"c\":1}}", "a.b a.b.c"},
        {"{ \"a\" : { \"b\" : 1 } , \"c\" : [ { \"d\" : 1 } ] }", "a a.b c c.d"},
        {"{\"\\u0061\":{\"\\n\":1}}", "a a.\n"},
        {"{\"a\":\"b\",\"c\":\"d\"}", "a c"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct seen seen;
        assert_true(walk(&seen, cases[i][0], SIZE_MAX));
        assert_string_equal(seen.text, cases[i][1]);
    }
}

static void stops_where_it_is_told_to(void **state)
{
    (void) state;
    struct seen seen;
    assert_false(walk(&seen, "{\"a\":{\"b\":1},\"c\":1}", 2));
    assert_string_equal(seen.text, "a a.b");
}

static void leaves_out_paths_that_are_too_long(void **state)
{
    (void) state;
    char name[1101];
    char record[4096];
    char want[4096];
    struct seen seen;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    (void) snprintf(record, sizeof(record),
                    "{\"%s\":{\"b\":1},\"%.1000s\":{\"c\":1,\"%.100s\":{\"d\":1}}}", name, name,
                    name);
    (void) snprintf(want, sizeof(want), "%.1000s %.1000s.c", name, name);
    assert_true(walk(&seen, record, SIZE_MAX));
    assert_string_equal(seen.text, want);
}

static void says_where_a_record_is_not_valid(void **state)
{
    (void) state;
    static const char *const cases[] = {"",          "[]",          "{\"a\":1",    "{\"a\":1}}",
                                        "{\"a\":{}", "{\"\\q\":1}", "{\"a\":1} {}"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct seen seen;
        assert_false(walk(&seen, cases[i], SIZE_MAX));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_path_of_every_member),
        cmocka_unit_test(stops_where_it_is_told_to),
        cmocka_unit_test(leaves_out_paths_that_are_too_long),
        cmocka_unit_test(says_where_a_record_is_not_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
