/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the JSON reader share: records placed so that a read behind their padding is
 * caught, and values written as text, so that tables can say what is expected.
 */
#pragma once

#include "support/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/json/json.h"

enum { TEST_SLOTS = 64, TEST_MAX_BYTES = 1 << 26 };

/*
 * A copy of `record` at the start of a heap block of its length and the padding, which is filled
 * with `fill`: an AddressSanitizer build sees each byte read too far, and a reader that believes
 * the padding is misled. Caller frees.
 */
static inline struct np_span record_place(struct np_span record, char fill)
{
    char *block = np_alloc(record.len + NP_JSON_PADDING);
    assert_non_null(block);
    if (record.len > 0)
        memcpy(block, record.ptr, record.len);
    memset(block + record.len, fill, NP_JSON_PADDING);
    return np_span_make(block, record.len);
}

/* The same of a C string with ' for ". */
static inline struct np_span record_make(const char *text, char fill)
{
    struct np_span record = record_place(np_span_of(text), fill);
    char *bytes = (char *) (uintptr_t) record.ptr;
    for (size_t i = 0; i < record.len; i++)
        if (bytes[i] == '\'')
            bytes[i] = '"';
    return record;
}

static inline void record_free(struct np_span *record)
{
    np_free((void *) (uintptr_t) record->ptr);
    *record = (struct np_span){0};
}

/*
 * Appends a value: - absent, i1 u1 d1.5 by kind, 'text', {raw bytes}, [items]; what is text to
 * JSON (a number, a boolean) has to be given as well as it was written.
 */
static inline void show_value(struct np_buf *out, const struct np_value *value)
{
    switch ((enum np_value_kind) value->kind) {
    case NP_VALUE_ABSENT:
        np_buf_add_str(out, "-");
        return;
    case NP_VALUE_NULL:
        np_buf_add_str(out, "null");
        return;
    case NP_VALUE_BOOL:
        np_buf_add_str(out, value->boolean ? "true" : "false");
        assert_span_equal(value->text, value->boolean ? "true" : "false");
        return;
    case NP_VALUE_INT:
        np_buf_printf(out, "i%" PRId64, value->integer);
        return;
    case NP_VALUE_UINT:
        np_buf_printf(out, "u%" PRIu64, value->uinteger);
        return;
    case NP_VALUE_DOUBLE:
        np_buf_printf(out, "d%.17g(%.*s)", value->real, NP_SPAN_ARGS(value->text));
        return;
    case NP_VALUE_TEXT:
        np_buf_add_str(out, "'");
        np_buf_add_span(out, value->text);
        np_buf_add_str(out, "'");
        return;
    case NP_VALUE_OBJECT:
        np_buf_add_span(out, value->text);
        return;
    case NP_VALUE_LIST:
        np_buf_add_str(out, "[");
        for (uint32_t i = 0; i < value->count; i++) {
            assert_int_not_equal(value->items[i].kind, NP_VALUE_LIST);
            np_buf_add_str(out, i > 0 ? "," : "");
            show_value(out, &value->items[i]);
        }
        np_buf_add_str(out, "]");
        return;
    case NP_VALUE_ADDRESS:
    case NP_VALUE_KIND_MAX:
        break;
    }
    fail_msg("a kind that JSON does not have: %d", value->kind);
}

/* Room for a walk, in the caller's storage. */
struct test_slots {
    struct np_value values[TEST_SLOTS];
    uint32_t touched[TEST_SLOTS];
    struct np_json_slots slots;
};

static inline void slots_init(struct test_slots *room, struct np_arena *arena)
{
    memset(room, 0, sizeof(*room));
    room->slots =
        (struct np_json_slots){.values = room->values, .touched = room->touched, .arena = arena};
}

/*
 * A plan of the paths in `paths`, separated by blanks, one slot each; `=N` behind a path names its
 * slot.
 */
static inline struct np_json_plan *plan_of(const char *paths)
{
    struct np_json_plan *plan = NULL;
    assert_int_equal(np_json_plan_new(&plan), 0);
    uint32_t slot = 0;
    while (*paths != '\0') {
        size_t len = strcspn(paths, " ");
        size_t name = strcspn(paths, " =");
        uint32_t to = name < len ? (uint32_t) strtoul(paths + name + 1, NULL, 10) : slot;
        enum np_json_path_form form = NP_JSON_PATH_ANY;
        if (*paths == '+') { /* joined first */
            form = NP_JSON_PATH_JOINED_FIRST;
            paths++, len--, name--;
        }
        assert_int_equal(np_json_plan_add(plan, np_span_make(paths, name), to, form), 0);
        slot++;
        paths += len + (paths[len] == ' ');
    }
    return plan;
}
