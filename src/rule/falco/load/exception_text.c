/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions as text, behind the condition that they narrow: see exception.h.
 */
#include <errno.h>

#include "rule/falco/load/exception.h"
#include "rule/falco/parse.h"

static bool is_list(const struct np_yaml_node *node)
{
    return node->kind == NP_YAML_SEQUENCE;
}

/* What is written, and for which exception. */
struct writing {
    const struct np_falco_teller *teller;
    struct np_falco_written *written;
    const struct np_falco_exception *exception;
    uint32_t doc; /* that the values at hand come from */
    bool any;     /* value was written */
};

/* A text of the exception itself, at `node`. */
static struct np_falco_mark own_mark(const struct writing *writing, const struct np_yaml_node *node)
{
    return (struct np_falco_mark){.node = node, .doc = writing->exception->doc, .made = true};
}

static struct np_falco_mark value_mark(const struct writing *writing,
                                       const struct np_yaml_node *value)
{
    return (struct np_falco_mark){.node = value, .doc = writing->doc, .made = true};
}

static int write_text(struct writing *writing, const char *text)
{
    return np_falco_write(writing->written, np_span_of(text),
                          own_mark(writing, writing->exception->node));
}

static int refuse_value(const struct writing *writing, const struct np_yaml_node *value,
                        const char *why)
{
    bool same = writing->doc == writing->teller->doc;
    return np_falco_refuse(writing->teller,
                           (struct np_falco_problem){.code = "LOAD_ERR_VALIDATE",
                                                     .node = same ? value : NULL,
                                                     .item = writing->exception->name},
                           "exception '%.*s': %s", NP_SPAN_ARGS(writing->exception->name), why);
}

/* " FIELD OP " */
static int write_head(struct writing *writing, const struct np_yaml_node *field, struct np_span op)
{
    int r = write_text(writing, " ");
    if (r == 0)
        r = np_falco_write(writing->written, field->text, own_mark(writing, field));
    if (r == 0)
        r = write_text(writing, " ");
    if (r == 0)
        r = np_falco_write(writing->written, op, own_mark(writing, field));
    return r < 0 ? r : write_text(writing, " ");
}

static int write_value(struct writing *writing, const struct np_yaml_node *value)
{
    return np_falco_write_quoted(writing->written, value->text, value_mark(writing, value));
}

/* "(A, B, ...)" */
static int write_list(struct writing *writing, const struct np_yaml_node *list)
{
    int r = write_text(writing, "(");
    for (size_t i = 0; i < list->count && r == 0; i++) {
        if (list->items[i]->kind != NP_YAML_SCALAR)
            return refuse_value(writing, list->items[i], "a value in a list is not a text");
        r = i > 0 ? write_text(writing, ", ") : 0;
        if (r == 0)
            r = write_value(writing, list->items[i]);
    }
    return r < 0 ? r : write_text(writing, ")");
}

/* A value behind an operator that takes a list stands in brackets, as it is. */
static int write_operand(struct writing *writing, const struct np_yaml_node *value,
                         struct np_span op)
{
    if (value->kind == NP_YAML_SEQUENCE)
        return write_list(writing, value);
    if (value->kind != NP_YAML_SCALAR || value->text.len == 0)
        return refuse_value(writing, value, "a value is not a text, or is empty");
    if (!np_falco_op_takes_list(np_falco_op_of(op)) || value->text.ptr[0] == '(')
        return np_falco_op_takes_list(np_falco_op_of(op))
                   ? np_falco_write(writing->written, value->text, value_mark(writing, value))
                   : write_value(writing, value);
    int r = write_text(writing, "(");
    if (r == 0)
        r = np_falco_write(writing->written, value->text, value_mark(writing, value));
    return r < 0 ? r : write_text(writing, ")");
}

/* One row of values, for several fields. */
static int write_row(struct writing *writing, const struct np_yaml_node *row)
{
    const struct np_falco_exception *exception = writing->exception;
    const struct np_yaml_node *fields = exception->fields;
    if (!is_list(row) || row->count != fields->count)
        return refuse_value(writing, row, "'fields' and each of 'values' must have equal length");
    int r = write_text(writing, writing->any ? " or (" : " and not ((");
    writing->any = true;
    for (size_t i = 0; i < row->count && r == 0; i++) {
        struct np_span op =
            exception->comps != NULL ? exception->comps->items[i]->text : NP_SPAN("=");
        r = i > 0 ? write_text(writing, " and") : 0;
        if (r == 0)
            r = write_head(writing, fields->items[i], op);
        if (r == 0)
            r = write_operand(writing, row->items[i], op);
    }
    return r < 0 ? r : write_text(writing, ")");
}

/* One of the values of a single field. */
static int write_single(struct writing *writing, const struct np_yaml_node *value)
{
    const struct np_falco_exception *exception = writing->exception;
    if (value->kind != NP_YAML_SCALAR)
        return refuse_value(writing, value, "'fields' is one field, values must be texts then");
    int r = write_text(writing, writing->any ? ", " : " and not (");
    if (r == 0 && !writing->any)
        r = write_head(writing, exception->fields,
                       exception->comps != NULL ? exception->comps->text : NP_SPAN("in"));
    if (r == 0 && !writing->any)
        r = write_text(writing, "(");
    writing->any = true;
    return r < 0 ? r : write_value(writing, value);
}

static int write_exception(struct writing *writing)
{
    bool single = !is_list(writing->exception->fields);
    int r = 0;
    for (const struct np_falco_piece *piece = writing->exception->values.first; piece != NULL;
         piece = piece->next) {
        writing->doc = piece->doc;
        for (size_t i = 0; i < piece->node->count && r == 0; i++)
            r = single ? write_single(writing, piece->node->items[i])
                       : write_row(writing, piece->node->items[i]);
    }
    return r < 0 || !writing->any ? r : write_text(writing, single ? "))" : ")");
}

int np_falco_exceptions_write(const struct np_falco_teller *teller,
                              const struct np_falco_rule *rule, struct np_falco_written *written)
{
    struct np_falco_mark mark = {
        .node = rule->condition.first->node, .doc = rule->condition.first->doc, .made = true};
    if (rule->exceptions.first == NULL)
        return np_falco_write_pieces(written, &rule->condition);
    int r = np_falco_write(written, NP_SPAN("("), mark);
    if (r == 0)
        r = np_falco_write_pieces(written, &rule->condition);
    if (r == 0)
        r = np_falco_write(written, NP_SPAN(")"), mark);
    for (const struct np_falco_exception *e = rule->exceptions.first; e != NULL && r == 0;
         e = e->next) {
        struct writing writing = {.teller = teller, .written = written, .exception = e};
        r = write_exception(&writing);
    }
    return r;
}
