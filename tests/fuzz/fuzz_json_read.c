/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes to the JSON reader. Beside not crashing: values lie in the record or the arena, an
 * object out of a record is one value, white space changes nothing, and text that is written is
 * read back as it was.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/json/json.h"
#include "codec/json/paths.h"
#include "codec/json/write.h"

enum { SLOTS = 8, MAX_BYTES = 1 << 26 };

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

struct walk {
    struct np_value values[SLOTS];
    uint32_t touched[SLOTS];
    struct np_json_slots slots;
    struct np_arena arena;
    enum np_json_result result;
};

struct setup {
    struct np_json_reader *reader;
    struct np_json_plan *plan;
};

static void setup_init(struct setup *setup)
{
    static const char *const paths[] = {"a", "b", "a.b", "a.b.c", "b.a", "a.a.b.c"};
    CHECK(np_json_reader_new(&setup->reader) == 0 && np_json_plan_new(&setup->plan) == 0);
    for (uint32_t i = 0; i < NP_ARRAY_LEN(paths); i++)
        CHECK(np_json_plan_add(setup->plan, np_span_of(paths[i]), i, NP_JSON_PATH_ANY) == 0);
    CHECK(np_json_plan_add(setup->plan, NP_SPAN("b.a.c"), 6, NP_JSON_PATH_JOINED_FIRST) == 0);
    CHECK(np_json_plan_add(setup->plan, NP_SPAN("c"), 7, NP_JSON_PATH_ANY) == 0);
    CHECK(np_json_plan_add(setup->plan, NP_SPAN("c.b"), 7, NP_JSON_PATH_ANY) == 0);
}

static void walk_init(struct walk *walk, struct setup *setup, struct np_span record)
{
    *walk = (struct walk){
        .slots = {.values = walk->values, .touched = walk->touched, .arena = &walk->arena}};
    np_arena_init(&walk->arena, MAX_BYTES);
    const char *reason = NULL;
    walk->result = np_json_read(setup->reader, setup->plan, record, &walk->slots, &reason);
    CHECK((walk->result == NP_JSON_INVALID || walk->result == NP_JSON_TOO_DEEP) ==
          (reason != NULL));
    CHECK(walk->slots.touched_len <= SLOTS);
}

static void walk_done(struct walk *walk)
{
    np_arena_done(&walk->arena);
}

/* A copy with the padding behind it, and nothing behind that. */
static struct np_span place(const void *bytes, size_t len)
{
    char *copy = np_alloc(len + NP_JSON_PADDING);
    CHECK(copy != NULL);
    if (len > 0)
        memcpy(copy, bytes, len);
    memset(copy + len, '"', NP_JSON_PADDING);
    return np_span_make(copy, len);
}

static void release(struct np_span record)
{
    np_free((void *) (uintptr_t) record.ptr);
}

static void check_text(struct setup *setup, struct np_span text)
{
    struct np_buf line;
    np_buf_init(&line, MAX_BYTES);
    struct np_json_writer writer;
    np_json_writer_init(&writer, &line);
    np_json_begin_object(&writer, NULL);
    np_json_text(&writer, "a", text);
    np_json_end_object(&writer);
    CHECK(line.error == 0);
    struct np_span record = place(line.data, line.len);
    struct walk again;
    walk_init(&again, setup, record);
    CHECK(again.result == NP_JSON_OK && again.values[0].kind == NP_VALUE_TEXT);
    CHECK(np_span_eq(again.values[0].text, text));
    walk_done(&again);
    release(record);
    np_buf_done(&line);
}

static void check_value(struct setup *setup, const struct np_value *value, bool is_item)
{
    if (value->kind == NP_VALUE_LIST) {
        CHECK(!is_item);
        for (uint32_t i = 0; i < value->count; i++)
            check_value(setup, &value->items[i], true);
    } else if (value->kind == NP_VALUE_OBJECT) {
        struct np_span record = place(value->text.ptr, value->text.len);
        struct walk inner;
        walk_init(&inner, setup, record);
        CHECK(inner.result == NP_JSON_OK || inner.result == NP_JSON_INVALID);
        walk_done(&inner);
        release(record);
    } else if (value->kind == NP_VALUE_TEXT) {
        check_text(setup, value->text);
    }
}

/* Whether two values are the same; raw bytes may differ in their white space. */
static bool are_same(const struct np_value *a, const struct np_value *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!are_same(&a->items[i], &b->items[i]))
            return false;
    return a->kind == NP_VALUE_OBJECT || np_span_eq(a->text, b->text);
}

/*
 * Whether a backslash stands outside strings. No valid JSON has one, but the reader passes over
 * what is not wanted, and white space behind a backslash is not nothing.
 */
static bool has_loose_backslash(struct np_span record)
{
    bool in_string = false;
    for (size_t i = 0; i < record.len; i++) {
        if (record.ptr[i] == '"')
            in_string = !in_string;
        else if (record.ptr[i] == '\\' && !in_string)
            return true;
        else if (record.ptr[i] == '\\')
            i++;
    }
    return false;
}

static void check_compact(struct setup *setup, const struct walk *walk, struct np_span record)
{
    struct np_buf compact;
    np_buf_init(&compact, MAX_BYTES);
    CHECK(np_json_compact(&compact, record) == 0 && compact.len <= record.len);
    struct np_span placed = place(compact.data, compact.len);
    struct walk again;
    walk_init(&again, setup, placed);
    if (walk->result == NP_JSON_OK && !has_loose_backslash(record)) {
        CHECK(again.result == NP_JSON_OK);
        for (size_t i = 0; i < SLOTS; i++)
            CHECK(are_same(&walk->values[i], &again.values[i]));
    }
    walk_done(&again);
    release(placed);
    np_buf_done(&compact);
}

static bool add_length(void *context, struct np_span text)
{
    size_t *total = context;
    *total += text.len;
    return true;
}

static bool check_path(void *context, struct np_span path)
{
    const size_t *size = context;
    CHECK(path.len <= NP_JSON_PATH_GIVEN_MAX_BYTES && path.len <= *size);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct setup setup;
    setup_init(&setup);
    struct np_span record = place(data, size);
    struct walk walk;
    walk_init(&walk, &setup, record);
    if (walk.result == NP_JSON_OK) {
        for (size_t i = 0; i < walk.slots.touched_len; i++)
            check_value(&setup, &walk.values[walk.touched[i]], false);
    }
    check_compact(&setup, &walk, record);
    size_t total = 0;
    (void) np_json_each_text(setup.reader, record, &walk.arena, add_length, &total);
    CHECK(total <= size);
    (void) np_json_each_path(setup.reader, record, check_path, &size);
    struct np_buf unescaped;
    np_buf_init(&unescaped, MAX_BYTES);
    CHECK(np_json_unescape(&unescaped, record) == 0 && unescaped.len <= size);
    np_buf_done(&unescaped);
    walk_done(&walk);
    release(record);
    np_json_plan_free(&setup.plan);
    np_json_reader_free(&setup.reader);
    return 0;
}
