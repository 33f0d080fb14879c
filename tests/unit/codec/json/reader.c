/* SPDX-License-Identifier: Apache-2.0 */
/* A reader's life, and the walk over all texts of a record. */
#include "support.h"

#include <errno.h>

static void survives_each_failed_allocation(void **state)
{
    (void) state;
    struct np_json_reader *reader = NULL;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        assert_null(reader);
        np_alloc_fail_at(n);
        r = np_json_reader_new(&reader);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
    }
    np_json_reader_free(&reader);
    assert_null(reader);
    np_json_reader_free(&reader);
}

/* One reader for plans of any size, in any order: what it keeps of one must not show in another. */
static void serves_several_plans(void **state)
{
    (void) state;
    struct np_json_reader *reader = NULL;
    assert_int_equal(np_json_reader_new(&reader), 0);
    struct np_json_plan *plans[] = {plan_of("a"), plan_of("x y z a.b a.c d e f"), plan_of("b a")};
    static const char *const want[] = {"{\"b\":1,\"b\":2} - -", "- - -", "- {\"b\":1,\"b\":2} -"};
    struct np_span record = record_make("{'a':7,'a':{'b':1,'b':2}}", 0);
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    for (size_t round = 0; round < 9; round++) {
        struct test_slots room;
        slots_init(&room, &arena);
        const char *reason = NULL;
        size_t which = round * 2 % 3;
        /* the first plan to need more marks than there are finds no memory for them */
        np_alloc_fail_at(round < 2 ? 0 : -1);
        enum np_json_result result =
            np_json_read(reader, plans[which], record, &room.slots, &reason);
        np_alloc_fail_at(-1);
        if (round < 2) {
            assert_int_equal(result, NP_JSON_NO_MEMORY);
            continue;
        }
        assert_int_equal(result, NP_JSON_OK);
        np_auto_buf struct np_buf got;
        np_buf_init(&got, TEST_MAX_BYTES);
        for (size_t i = 0; i < 3; i++) {
            np_buf_add_str(&got, i > 0 ? " " : "");
            show_value(&got, &room.values[i]);
        }
        assert_string_equal(np_buf_cstr(&got), want[which]);
        if (which == 1)
            assert_int_equal(room.values[3].integer, 2);
    }
    record_free(&record);
    for (size_t i = 0; i < NP_ARRAY_LEN(plans); i++)
        np_json_plan_free(&plans[i]);
    np_json_reader_free(&reader);
}

struct texts {
    struct np_buf seen; /* each text followed by a | */
    size_t left;        /* how many to take before stopping */
};

static bool note(void *context, struct np_span text)
{
    struct texts *texts = context;
    np_buf_add_span(&texts->seen, text);
    np_buf_add_char(&texts->seen, '|');
    return --texts->left > 0;
}

static void expect_texts(const char *text, size_t stop_after, size_t arena_bytes, bool result,
                         const char *want)
{
    struct np_json_reader *reader = NULL;
    assert_int_equal(np_json_reader_new(&reader), 0);
    struct np_span record = record_make(text, '"');
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, arena_bytes);
    struct texts texts = {.left = stop_after};
    np_buf_init(&texts.seen, TEST_MAX_BYTES);
    assert_int_equal(np_json_each_text(reader, record, &arena, note, &texts), result);
    assert_string_equal(np_buf_cstr(&texts.seen), want);
    np_buf_done(&texts.seen);
    record_free(&record);
    np_json_reader_free(&reader);
}

static void gives_every_key_and_string(void **state)
{
    (void) state;
    expect_texts("{}", 100, 0, true, "");
    expect_texts("{'a':'x','b':{'c':['y',1,true,null,['z',{'d':''}]]},'e':'e'} ", 100, 0, true,
                 "a|x|b|c|y|z|d||e|e|");
    expect_texts(" { 'a' : 'x' } ", 100, 0, true, "a|x|");
    expect_texts("{'a':'x','a':'y'}", 100, 0, true, "a|x|a|y|");
}

static void decodes_each_text(void **state)
{
    (void) state;
    expect_texts("{'\\u0061':'x\\n','b':'\\ud800','c':'plain'}", 100, 1000, true,
                 "a|x\n|b|\xef\xbf\xbd|c|plain|");
    expect_texts("{'a':'\\n'}", 100, 0, false, "a|"); /* no memory */
    expect_texts("{'a':'\\q','b':1}", 100, 1000, false, "a|");
}

static void stops_where_told_to(void **state)
{
    (void) state;
    expect_texts("{'a':'x','b':'y'}", 3, 0, false, "a|x|b|");
    expect_texts("{'a':'x','b':'y'}", 1, 0, false, "a|");
}

static void says_that_a_record_is_not_one(void **state)
{
    (void) state;
    expect_texts("", 100, 0, false, "");
    expect_texts("['a']", 100, 0, false, "");
    expect_texts("{'a':'\xff'}", 100, 0, false, "");
    expect_texts("{'a':'x}", 100, 0, false, "");
    expect_texts("{'a':['x'", 100, 0, false, "a|x|");
    expect_texts("{'a':'x'}{'b':'y'}", 100, 0, false, "a|x|");
    expect_texts("{'a':'x'}}", 100, 0, false, "a|x|");
}

static void keeps_to_the_depth_limit(void **state)
{
    (void) state;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, TEST_MAX_BYTES);
    for (size_t depth = NP_JSON_MAX_DEPTH; depth <= NP_JSON_MAX_DEPTH + 1; depth++) {
        np_buf_reset(&text);
        np_buf_add_str(&text, "{'a':");
        for (size_t i = 1; i < depth; i++)
            np_buf_add_char(&text, '[');
        np_buf_add_str(&text, "'x'");
        for (size_t i = 1; i < depth; i++)
            np_buf_add_char(&text, ']');
        np_buf_add_char(&text, '}');
        bool fits = depth <= NP_JSON_MAX_DEPTH;
        expect_texts(np_buf_cstr(&text), 100, 0, fits, fits ? "a|x|" : "");
    }
}

/* Reads `part` with a plan of `paths`, and appends the result and up to three values. */
static void read_and_show(struct np_buf *out, struct np_json_reader *reader, struct np_span part,
                          bool is_part)
{
    struct np_json_plan *plan = plan_of("a b.c d");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    enum np_json_result result = is_part
                                     ? np_json_read_part(reader, plan, part, &room.slots, &reason)
                                     : np_json_read(reader, plan, part, &room.slots, &reason);
    np_buf_add_char(out, (char) ('0' + (int) result));
    for (size_t i = 0; i < 3 && result == NP_JSON_OK; i++) {
        np_buf_add_char(out, ' ');
        show_value(out, &room.values[i]);
    }
    np_json_plan_free(&plan);
}

/* The object at "p" of each record, as a part of it and as a record of its own; before it a backslash and more of the same keys. */
static void reads_a_part_like_a_record(void **state)
{
    (void) state;
    static const char *const parts[] = {
        "{}",
        "{'a':1,'b':{'c':'x'},'d':[1,2]}",
        "{ 'd' : [ ] , 'b.c' : true , 'a' : null }",
        "{'a':'\\u0041\\n','b':[{'c':'\\\\'},{'c':2}]}",
        "{'a':1,'a':2,'b':{'c':1,'c':{'c':2}}}",
        "{'a'}",
        "{'a':}",
        "{'a' 1}",
        "{'a':1,}",
        "{'a':[1}]}",
        "{'a':tru}",
        "{'a':'\\x'}",
        "{'b':{'x':1 2}}",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(parts); i++) {
        np_auto_buf struct np_buf text;
        np_auto_buf struct np_buf got;
        np_auto_buf struct np_buf want;
        np_buf_init(&text, TEST_MAX_BYTES);
        np_buf_init(&got, TEST_MAX_BYTES);
        np_buf_init(&want, TEST_MAX_BYTES);
        np_buf_printf(&text, "{'a':'\\n','p':%s,'a2':{'a':3},'d':'\\n'}", parts[i]);
        struct np_span record = record_make(np_buf_cstr(&text), 0);
        struct np_span alone = record_make(parts[i], 0);
        struct np_json_reader *reader = NULL;
        assert_int_equal(np_json_reader_new(&reader), 0);
        read_and_show(&want, reader, alone, false);
        struct np_span part = np_span_make(record.ptr + strlen("{'a':'\\n','p':"), alone.len);
        read_and_show(&got, reader, part, true); /* of a record that was not read */
        assert_string_equal(np_buf_cstr(&got), np_buf_cstr(&want));
        for (int round = 0; round < 2; round++) {
            np_auto_buf struct np_buf all;
            np_buf_init(&all, TEST_MAX_BYTES);
            np_buf_reset(&got);
            read_and_show(&all, reader, record, false);
            read_and_show(&got, reader, part, true);
            assert_string_equal(np_buf_cstr(&got), np_buf_cstr(&want));
        }
        np_json_reader_free(&reader);
        record_free(&record);
        record_free(&alone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(serves_several_plans),
        cmocka_unit_test(reads_a_part_like_a_record),
        cmocka_unit_test(gives_every_key_and_string),
        cmocka_unit_test(decodes_each_text),
        cmocka_unit_test(stops_where_told_to),
        cmocka_unit_test(says_that_a_record_is_not_one),
        cmocka_unit_test(keeps_to_the_depth_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
