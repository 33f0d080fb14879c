/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation as text: for a person (explain_table.c), for a program (explain_ndjson.c). */
#pragma once

#include "base/buf.h"
#include "event/event.h"
#include "rule/explain/explain.h"

/* How the event came to be the one that is explained. */
enum np_explain_choice {
    NP_EXPLAIN_ASKED,   /* with --event */
    NP_EXPLAIN_FIRST,   /* the first that matches */
    NP_EXPLAIN_NEAREST, /* none matches, this one comes nearest */
    NP_EXPLAIN_CHOICE_MAX
};

struct np_explain_subject {
    const struct np_rule_set *rules;
    const struct np_field_set *fields;
    struct np_event *event;
    const struct np_explanation *explanation;
    enum np_explain_choice choice;
};

/* How a table looks. */
struct np_explain_look {
    size_t width; /* columns, or NP_COLUMNS_UNLIMITED */
    bool unicode;
    bool colour;
};

enum { NP_VALUE_ELEMENTS_SHOWN = 20 };

/* The name of a value's type: "absent", "null", "boolean", "number", "text", "list", "object". */
const char *np_value_type(const struct np_value *value);

/* Append the explanation, whole lines; errors stay in the buffer. */
void np_explain_table(struct np_buf *buf, const struct np_explain_subject *subject,
                      const struct np_explain_look *look);
void np_explain_ndjson(struct np_buf *buf, const struct np_explain_subject *subject);
