/* SPDX-License-Identifier: Apache-2.0 */
/* Asks one field of one record. */
#pragma once

#include "../decode.h"

struct value_case {
    const char *record;
    const char *field;
    const char *value; /* NULL = absent; a list's texts are joined by "|" */
};

static inline void write_value(char *out, size_t size, const struct np_value *value)
{
    size_t count = value->kind == NP_VALUE_LIST ? value->count : 1;
    const struct np_value *items = value->kind == NP_VALUE_LIST ? value->items : value;
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && len < size; i++)
        len += (size_t) snprintf(out + len, size - len, "%s%.*s", i > 0 ? "|" : "",
                                 NP_SPAN_ARGS(items[i].text));
}

static inline void check_value(const struct value_case *expected)
{
    struct decode d;
    char text[4096];
    const char *names[] = {expected->field, NULL};
    decode_open(&d, names, NULL);
    assert_int_equal(decode(&d, expected->record), NP_DECODE_EVENT);
    const struct np_value *value = field(&d, expected->field);
    bool is_missing = value->kind == NP_VALUE_ABSENT || value->kind == NP_VALUE_NULL;
    if (is_missing != (expected->value == NULL))
        fail_msg("%s of %s is%s there", expected->field, expected->record,
                 is_missing ? " not" : "");
    if (!is_missing) {
        write_value(text, sizeof(text), value);
        if (strcmp(text, expected->value) != 0)
            fail_msg("%s is '%s', not '%s'", expected->field, text, expected->value);
    }
    decode_close(&d);
}
