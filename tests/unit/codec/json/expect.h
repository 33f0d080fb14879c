/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expectations of the tests of np_json_read(). In records ' stands for ", so that they can be read;
 * values are written as show_value() says, those of several slots separated by blanks.
 */
#pragma once

#include "support.h"

/* Bytes behind the record that would end, lengthen or open something, were they looked at. */
static const char fills[] = {0, '"', '}', ']', ':', ',', '\\', '5', ' '};

static struct np_json_reader *reader;

static inline int new_reader(void **state)
{
    (void) state;
    return np_json_reader_new(&reader);
}

static inline int free_reader(void **state)
{
    (void) state;
    np_json_reader_free(&reader);
    np_json_reader_free(&reader);
    return 0;
}

/*
 * Reads `text` by the plan of `paths` and writes the values of the first `count` slots, or why it
 * is not valid.
 */
static inline enum np_json_result read_one(const char *text, const char *paths, size_t count,
                                           char fill, struct np_buf *out)
{
    struct np_span record = record_make(text, fill);
    struct np_json_plan *plan = plan_of(paths);
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = "";
    enum np_json_result result = np_json_read(reader, plan, record, &room.slots, &reason);
    np_buf_reset(out);
    if (result == NP_JSON_INVALID || result == NP_JSON_TOO_DEEP)
        np_buf_add_str(out, reason);
    for (size_t i = 0; result == NP_JSON_OK && i < count; i++) {
        np_buf_add_str(out, i > 0 ? " " : "");
        show_value(out, &room.values[i]);
    }
    size_t set = 0;
    for (size_t i = 0; i < TEST_SLOTS; i++)
        set += room.values[i].kind != NP_VALUE_ABSENT;
    if (result == NP_JSON_OK)
        assert_int_equal(set, room.slots.touched_len);
    for (size_t i = 0; i < room.slots.touched_len; i++)
        room.values[room.touched[i]] = (struct np_value){0};
    for (size_t i = 0; i < TEST_SLOTS; i++)
        assert_int_equal(room.values[i].kind, NP_VALUE_ABSENT);
    np_json_plan_free(&plan);
    record_free(&record);
    return result;
}

static inline void expect_result(const char *text, const char *paths, enum np_json_result result,
                                 const char *want)
{
    size_t count = 1;
    for (const char *p = paths; *p != '\0'; p++)
        count += *p == ' ';
    np_auto_buf struct np_buf got;
    np_buf_init(&got, TEST_MAX_BYTES);
    for (size_t i = 0; i < sizeof(fills); i++) {
        enum np_json_result r = read_one(text, paths, count, fills[i], &got);
        if (r != result || strcmp(np_buf_cstr(&got), want) != 0)
            fail_msg("%s by %s: got %d %s, want %d %s", text, paths, (int) r, np_buf_cstr(&got),
                     (int) result, want);
    }
}

static inline void expect(const char *text, const char *paths, const char *want)
{
    expect_result(text, paths, NP_JSON_OK, want);
}

static inline void expect_invalid(const char *text, const char *paths, const char *reason)
{
    expect_result(text, paths, NP_JSON_INVALID, reason);
}

static inline void expect_too_deep(const char *text, const char *paths)
{
    expect_result(text, paths, NP_JSON_TOO_DEEP, "deeper than 1024 levels");
}

static inline void expect_several(const char *text)
{
    expect_result(text, "a", NP_JSON_SEVERAL, "");
}
