/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for fields of the moment that a small machine has just made: see state/fixture.h. */
#pragma once

#include "../state/fixture.h"

#include "base/arena.h"
#include "event/falco/fields.h"
#include "source/scap/fields/fields.h"
#include "source/scap/state/path.h"

enum { FIELD_ARENA_BYTES = 1 << 20, INIT = 1, SHELL = 20, PROGRAM = 30 };

struct asking {
    struct world world;
    struct np_arena arena;
};

static inline void asking_init(struct asking *asking)
{
    world_init(&asking->world);
    np_arena_init(&asking->arena, FIELD_ARENA_BYTES);
    add_task(&asking->world, INIT, INIT, 0, "init");
    add_task(&asking->world, SHELL, SHELL, INIT, "bash");
    add_task(&asking->world, PROGRAM, PROGRAM, SHELL, "cat");
}

static inline void asking_done(struct asking *asking)
{
    world_done(&asking->world);
    np_arena_done(&asking->arena);
}

/* The value of a field, named as rules do. */
static inline struct np_value value_of(struct asking *asking, const char *name)
{
    struct np_syscall_want want = {};
    struct np_value value;
    const struct np_falco_field *field =
        np_falco_field_find(NP_FALCO_SYSCALL, np_span_of(name), &want.argument);
    assert_non_null(field);
    want.which = field->which;
    if (want.argument.len > 0 && want.argument.ptr[0] >= '0' && want.argument.ptr[0] <= '9') {
        want.has_index = true;
        want.index = (uint32_t) (want.argument.ptr[0] - '0');
    }
    assert_int_equal(np_scap_field(&asking->world.moment, &want, &asking->arena, &value), 0);
    return value;
}

/* NULL = the field is absent; of a list its items with commas. */
static inline void expect(struct asking *asking, const char *name, const char *text)
{
    struct np_value value = value_of(asking, name);
    if (text == NULL) {
        assert_int_equal(value.kind, NP_VALUE_ABSENT);
        return;
    }
    assert_int_not_equal(value.kind, NP_VALUE_ABSENT);
    if (value.kind != NP_VALUE_LIST) {
        assert_span(value.text, text);
        return;
    }
    char joined[256] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < value.count; i++) {
        assert_true(len + value.items[i].text.len + 2 < sizeof(joined));
        if (i > 0)
            joined[len++] = ',';
        memcpy(joined + len, value.items[i].text.ptr, value.items[i].text.len);
        len += value.items[i].text.len;
    }
    assert_string_equal(joined, text);
}
