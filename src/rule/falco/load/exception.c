/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See exception.h. A single field is compared with all values at once, "in" unless `comps` says otherwise; of several fields each
 * value is a row, field by field, "=" unless `comps` says otherwise.
 */
#include "rule/falco/load/exception.h"

#include <errno.h>

#include "rule/falco/parse.h"

static const char *const keys[] = {"name", "fields", "comps", "values"};

/* ---- reading */

static bool is_list(const struct np_yaml_node *node)
{
    return node != NULL && node->kind == NP_YAML_SEQUENCE;
}

/* `fields` or `comps`: a text that is not empty, or a list of such; NULL where it is not given. */
static int read_names(const struct np_falco_item *item, const struct np_yaml_node *node,
                      const char *key, const struct np_yaml_node **out_names)
{
    const struct np_yaml_node *names = np_yaml_get(node, key);
    bool list = is_list(names);
    *out_names = NULL;
    if (names == NULL)
        return 0;
    for (size_t i = 0; i < (list ? names->count : 1); i++) {
        const struct np_yaml_node *name = list ? names->items[i] : names;
        if (name->kind != NP_YAML_SCALAR || name->text.len == 0)
            return np_falco_malformed(item, name, key, "'%s' of an exception must be texts", key);
    }
    if (list && names->count == 0)
        return 0;
    return np_falco_keep(item->book, names, out_names);
}

static int read_values(const struct np_falco_item *item, const struct np_yaml_node *node,
                       bool append, struct np_falco_exception *exception)
{
    const struct np_yaml_node *values = np_yaml_get(node, "values");
    if (values == NULL && append)
        np_falco_warn(&item->teller,
                      (struct np_falco_problem){
                          .code = "LOAD_APPEND_NO_VALUES", .node = node, .item = exception->name},
                      "exception '%.*s' is added to without values", NP_SPAN_ARGS(exception->name));
    if (values == NULL)
        return 0;
    if (!is_list(values))
        return np_falco_malformed(item, values, "values", "'values' of an exception is not a list");
    return np_falco_add_piece(item->book, &exception->values, values, item->teller.doc);
}

static bool is_field(struct np_falco_book *book, enum np_falco_source source, struct np_span text)
{
    struct np_falco_term term;
    struct np_falco_fault fault;
    struct np_span argument;
    size_t used = 0;
    if (np_falco_field_find(source, text, &argument) != NULL)
        return true;
    return np_falco_parse_term(&book->arena, text, &term, &used, &fault) == 0 &&
           term.kind == NP_FALCO_CALL && np_span_trim(np_span_from(text, used)).len == 0;
}

/* Checks a field and the operator that its values are compared by (NULL = the usual one). */
static int check_pair(const struct np_falco_item *item, const enum np_falco_source *source,
                      const struct np_yaml_node *field, const struct np_yaml_node *op)
{
    if (op != NULL && np_falco_op_of(op->text) == NP_FALCO_OP_MAX)
        return np_falco_invalid(item, op, op->text, "'%.*s' is no operator",
                                NP_SPAN_ARGS(op->text));
    if (source != NULL && !is_field(item->book, *source, field->text))
        return np_falco_invalid(item, field, field->text, "'%.*s' is no field of this source",
                                NP_SPAN_ARGS(field->text));
    return 0;
}

static int check_single(const struct np_falco_item *item, const enum np_falco_source *source,
                        const struct np_falco_exception *exception)
{
    const struct np_yaml_node *op = exception->comps;
    if (is_list(op))
        return np_falco_invalid(item, op, exception->name,
                                "'fields' is one field, 'comps' must be one operator then");
    int r = check_pair(item, source, exception->fields, op);
    if (r == 0 && op != NULL && !np_falco_op_takes_list(np_falco_op_of(op->text)))
        r = np_falco_invalid(
            item, op, exception->name,
            "'fields' is one field, 'comps' must be one of in, pmatch and intersects then");
    return r;
}

static int check_fields(const struct np_falco_item *item, const enum np_falco_source *source,
                        const struct np_falco_exception *exception)
{
    const struct np_yaml_node *fields = exception->fields;
    const struct np_yaml_node *comps = exception->comps;
    if (!is_list(fields))
        return check_single(item, source, exception);
    if (comps != NULL && (!is_list(comps) || comps->count != fields->count))
        return np_falco_invalid(item, comps, exception->name,
                                "'fields' and 'comps' must have equal length");
    int r = 0;
    for (size_t i = 0; i < fields->count && r == 0; i++)
        r = check_pair(item, source, fields->items[i], comps != NULL ? comps->items[i] : NULL);
    return r;
}

static struct np_falco_exception *find(const struct np_falco_exceptions *exceptions,
                                       struct np_span name)
{
    struct np_falco_exception *e = exceptions->first;
    while (e != NULL && !np_span_eq(e->name, name))
        e = e->next;
    return e;
}

static void add(struct np_falco_exceptions *exceptions, struct np_falco_exception *exception)
{
    exception->next = NULL;
    if (exceptions->last != NULL)
        exceptions->last->next = exception;
    else
        exceptions->first = exception;
    exceptions->last = exception;
}

/* What one exception says beside its name. */
static int read_content(const struct np_falco_item *item, const enum np_falco_source *source,
                        bool append, const struct np_yaml_node *node,
                        struct np_falco_exception *exception)
{
    int r = read_names(item, node, "fields", &exception->fields);
    if (r == 0 && exception->fields == NULL && !append)
        r = np_falco_malformed(item, node, "fields", "exception '%.*s' has no 'fields'",
                               NP_SPAN_ARGS(exception->name));
    if (r == 0)
        r = read_names(item, node, "comps", &exception->comps);
    if (r == 0)
        r = read_values(item, node, append, exception);
    if (r == 0 && exception->fields != NULL)
        r = check_fields(item, source, exception);
    return r;
}

static int read_one(const struct np_falco_item *item, const enum np_falco_source *source,
                    bool append, const struct np_yaml_node *node,
                    struct np_falco_exceptions *exceptions)
{
    const struct np_yaml_node *name = NULL;
    struct np_falco_exception *exception = np_arena_zalloc(&item->book->arena, sizeof(*exception));
    if (exception == NULL)
        return -ENOMEM;
    if (node->kind != NP_YAML_MAPPING)
        return np_falco_malformed(item, node, "exceptions", "an exception is not a mapping");
    int r = np_falco_text(item, node, "name", &name);
    if (r == 0)
        r = np_falco_keep(item->book, name, &exception->node);
    if (r < 0)
        return r;
    exception->name = exception->node->text;
    exception->doc = item->teller.doc;
    np_falco_check_keys(item, node, keys, NP_ARRAY_LEN(keys));
    if (find(exceptions, exception->name) != NULL)
        np_falco_warn(&item->teller,
                      (struct np_falco_problem){.code = "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
                                                .node = name,
                                                .item = name->text},
                      "exception '%.*s' stands here again", NP_SPAN_ARGS(name->text));
    r = read_content(item, source, append, node, exception);
    if (r == 0)
        add(exceptions, exception);
    return r;
}

int np_falco_exceptions_read(const struct np_falco_item *item, const enum np_falco_source *source,
                             bool append, struct np_falco_exceptions *out_exceptions)
{
    enum { EXCEPTIONS_MAX = 10000 }; /* names are compared one by one */
    const struct np_yaml_node *node = np_yaml_get(item->node, "exceptions");
    struct np_falco_exceptions exceptions = {};
    *out_exceptions = exceptions;
    if (node == NULL || (node->kind == NP_YAML_SCALAR && np_yaml_type(node) == NP_YAML_NULL))
        return 0;
    if (!is_list(node))
        return np_falco_malformed(item, node, "exceptions", "'exceptions' is not a list");
    if (node->count > EXCEPTIONS_MAX)
        return np_falco_malformed(item, node, "exceptions", "more than %d exceptions",
                                  EXCEPTIONS_MAX);
    int r = 0;
    for (size_t i = 0; i < node->count && r == 0; i++)
        r = read_one(item, source, append, node->items[i], &exceptions);
    if (r == 0)
        *out_exceptions = exceptions;
    return r;
}

/* ---- adding */

static int check_addition(const struct np_falco_item *item,
                          const struct np_falco_exceptions *exceptions,
                          const struct np_falco_exception *more)
{
    const struct np_falco_exception *own = find(exceptions, more->name);
    bool has_values = more->values.first != NULL && more->values.first->node->count > 0;
    if (own != NULL && (more->fields != NULL || more->comps != NULL))
        return np_falco_invalid(item, more->node, more->name,
                                "the rule has exception '%.*s': only values can be added to it",
                                NP_SPAN_ARGS(more->name));
    if (own == NULL && (more->fields == NULL || !has_values))
        return np_falco_invalid(item, more->node, more->name,
                                "the rule has no exception '%.*s' yet: it needs fields and values",
                                NP_SPAN_ARGS(more->name));
    return 0;
}

int np_falco_exceptions_append(const struct np_falco_item *item,
                               struct np_falco_exceptions *exceptions,
                               struct np_falco_exceptions *more)
{
    for (const struct np_falco_exception *e = more->first; e != NULL; e = e->next) {
        int r = check_addition(item, exceptions, e);
        if (r < 0)
            return r;
    }
    for (struct np_falco_exception *e = more->first, *next = NULL; e != NULL; e = next) {
        next = e->next;
        struct np_falco_exception *own = find(exceptions, e->name);
        if (own == NULL) {
            add(exceptions, e);
        } else if (e->values.first != NULL) {
            *(own->values.last != NULL ? &own->values.last->next : &own->values.first) =
                e->values.first;
            own->values.last = e->values.last;
        }
    }
    return 0;
}
