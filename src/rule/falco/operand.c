/* SPDX-License-Identifier: Apache-2.0 */
/* Fields and calls of transformers as fields with types: a call is a field that is computed from others (event/derived.h). */
#include "rule/falco/operand.h"

#include "event/derived.h"

enum { FIELDS_MAX = 65536 };

const char *np_falco_type_name(enum np_falco_type type)
{
    static const char *const names[] = {
        [NP_FALCO_STRING] = "text",     [NP_FALCO_NUMBER] = "number", [NP_FALCO_BOOL] = "boolean",
        [NP_FALCO_ADDRESS] = "address", [NP_FALCO_NET] = "network",   [NP_FALCO_BYTES] = "bytes",
        [NP_FALCO_TIME] = "time",
    };
    return names[type];
}

int np_falco_tell_size(struct np_falco_compiler *compiler, size_t offset, int r)
{
    if (r == -E2BIG)
        (void) NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_SIZE, offset,
                               "the condition is too large with all its macros");
    return r;
}

static int note_field(struct np_falco_compiler *compiler, np_field_id field)
{
    for (size_t i = 0; i < compiler->out->fields.len; i++)
        if (compiler->out->fields.items[i] == field)
            return 0;
    return np_vec_push(&compiler->out->fields, field, FIELDS_MAX);
}

/* Whether `name` is one of those that ask every ancestor of a process where they have no argument. */
static bool is_ancestors(struct np_span name)
{
    static const char *const names[] = {"proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline",
                                        "proc.apid"};
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++)
        if (np_span_is(name, names[i]))
            return true;
    return false;
}

static int find_field(struct np_falco_compiler *compiler, const struct np_falco_term *term,
                      struct np_falco_operand *out_operand)
{
    struct np_span argument;
    const struct np_falco_target *target = compiler->target;
    const struct np_falco_field *known = np_falco_field_find(target->source, term->text, &argument);
    if (known == NULL)
        return NP_FALCO_REFUSE(
            compiler, NP_FALCO_FAULT_FIELD, term->offset, "the source '%.*s' has no field '%.*s'",
            NP_SPAN_ARGS(np_falco_source_name(target->source)), NP_SPAN_ARGS(term->text));
    *out_operand = (struct np_falco_operand){
        .type = known->type,
        .is_list = known->is_list,
        .is_event_type = np_span_is(term->text, "evt.type"),
        .is_raw = np_span_is(known->name, "evt.rawarg"),
        .is_ancestors = is_ancestors(term->text),
    };
    int r = np_field_intern(target->fields, term->text, &out_operand->field);
    if (r == -EINVAL)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_SIZE, term->offset,
                               "the name of a field is too long");
    if (r == 0)
        r = note_field(compiler, out_operand->field);
    return np_falco_tell_size(compiler, term->offset, r);
}

/* ---- calls */

struct transformer {
    enum np_derived_op op;
    size_t least; /* arguments */
    size_t most;
};

static const struct transformer transformers[] = {
    {NP_DERIVED_TOLOWER, 1, 1},  {NP_DERIVED_TOUPPER, 1, 1},       {NP_DERIVED_B64, 1, 1},
    {NP_DERIVED_BASENAME, 1, 1}, {NP_DERIVED_LEN, 1, 1},           {NP_DERIVED_JOIN, 2, 2},
    {NP_DERIVED_GETOPT, 2, 2},   {NP_DERIVED_CONCAT, 2, SIZE_MAX},
};

struct call {
    struct np_falco_compiler *compiler;
    const struct np_falco_term *term;
    NP_VEC(struct np_derived_input) inputs;
};

static int refuse_argument(const struct call *call, const struct np_falco_term *argument,
                           const char *expected)
{
    return NP_FALCO_REFUSE(call->compiler, NP_FALCO_FAULT_VALUE, argument->offset,
                           "%.*s() takes %s here", NP_SPAN_ARGS(call->term->text), expected);
}

static int push_input(struct call *call, struct np_derived_input input)
{
    return np_vec_push(&call->inputs, input, FIELDS_MAX);
}

/* A text, or a field with one value. */
static int add_single(struct call *call, const struct np_falco_term *argument)
{
    if (argument->kind == NP_FALCO_TEXT)
        return push_input(call, (struct np_derived_input){NP_FIELD_NONE, argument->text});
    struct np_falco_operand operand;
    if (argument->kind == NP_FALCO_LIST)
        return refuse_argument(call, argument, "no list");
    int r = np_falco_operand_find(call->compiler, argument, &operand);
    if (r < 0)
        return r;
    if (operand.is_list)
        return refuse_argument(call, argument, "no list");
    return push_input(call, (struct np_derived_input){.field = operand.field});
}

/* A list, or a field that is one. */
static int add_list(struct call *call, const struct np_falco_term *argument)
{
    int r = 0;
    for (size_t i = 0; argument->kind == NP_FALCO_LIST && i < argument->count && r == 0; i++)
        r = add_single(call, &argument->items[i]);
    if (argument->kind == NP_FALCO_LIST)
        return r;
    if (argument->kind == NP_FALCO_TEXT)
        return refuse_argument(call, argument, "a list");
    struct np_falco_operand operand;
    r = np_falco_operand_find(call->compiler, argument, &operand);
    if (r < 0)
        return r;
    if (!operand.is_list)
        return refuse_argument(call, argument, "a list");
    return push_input(call, (struct np_derived_input){.field = operand.field});
}

/* The one field that most transformers take; it gives the type of what comes out. */
static int add_changed(struct call *call, enum np_derived_op op,
                       struct np_falco_operand *out_operand)
{
    const struct np_falco_term *argument = &call->term->items[0];
    if (argument->kind != NP_FALCO_FIELD && argument->kind != NP_FALCO_CALL)
        return refuse_argument(call, argument, "a field or another transformer");
    int r = np_falco_operand_find(call->compiler, argument, out_operand);
    if (r < 0)
        return r;
    bool is_text = out_operand->type == NP_FALCO_STRING;
    bool fits = is_text || (out_operand->type == NP_FALCO_BYTES &&
                            (op == NP_DERIVED_B64 || op == NP_DERIVED_LEN));
    if (!fits && !(op == NP_DERIVED_LEN && out_operand->is_list))
        return NP_FALCO_REFUSE(call->compiler, NP_FALCO_FAULT_VALUE, argument->offset,
                               "%.*s() does not take a %s", NP_SPAN_ARGS(call->term->text),
                               np_falco_type_name(out_operand->type));
    struct np_falco_operand changed = {.type = out_operand->type, .is_list = out_operand->is_list};
    if (op == NP_DERIVED_LEN)
        changed = (struct np_falco_operand){.type = NP_FALCO_NUMBER};
    r = push_input(call, (struct np_derived_input){.field = out_operand->field});
    *out_operand = changed;
    return r;
}

static int add_arguments(struct call *call, enum np_derived_op op,
                         struct np_falco_operand *out_operand)
{
    const struct np_falco_term *items = call->term->items;
    int r = 0;
    *out_operand = (struct np_falco_operand){.is_list = op == NP_DERIVED_GETOPT};
    switch (op) {
    case NP_DERIVED_JOIN:
        r = add_single(call, &items[0]);
        return r < 0 ? r : add_list(call, &items[1]);
    case NP_DERIVED_GETOPT:
        r = add_single(call, &items[1]);
        return r < 0 ? r : add_list(call, &items[0]);
    case NP_DERIVED_CONCAT:
        for (size_t i = 0; i < call->term->count && r == 0; i++)
            r = add_single(call, &items[i]);
        return r;
    default:
        return add_changed(call, op, out_operand);
    }
}

static const struct transformer *find_transformer(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(transformers); i++)
        if (np_span_is(name, np_derived_op_name(transformers[i].op)))
            return &transformers[i];
    return NULL; /* the parser knows the same names */
}

static int declare(struct np_falco_compiler *compiler, const struct np_falco_term *term,
                   const struct np_derived *derived, np_field_id *out_field)
{
    int r = np_field_derive(compiler->target->fields, derived, out_field);
    if (r == -EINVAL)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_SIZE, term->offset,
                               "the call of a transformer is too long");
    return np_falco_tell_size(compiler, term->offset, r);
}

/* The element that stands in brackets behind a call. */
static int take_index(struct np_falco_compiler *compiler, const struct np_falco_term *term,
                      struct np_falco_operand *operand)
{
    if (!operand->is_list)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_VALUE, term->offset,
                               "%.*s() gives no list that has elements", NP_SPAN_ARGS(term->text));
    struct np_derived_input input = {.field = operand->field};
    struct np_derived item = {
        .op = NP_DERIVED_ITEM, .inputs = &input, .count = 1, .index = term->index};
    operand->is_list = false;
    return declare(compiler, term, &item, &operand->field);
}

static int find_call(struct np_falco_compiler *compiler, const struct np_falco_term *term,
                     struct np_falco_operand *out_operand)
{
    const struct transformer *transformer = find_transformer(term->text);
    if (transformer == NULL || term->count < transformer->least || term->count > transformer->most)
        return NP_FALCO_REFUSE(compiler, NP_FALCO_FAULT_VALUE, term->offset,
                               "%.*s() does not take %zu arguments", NP_SPAN_ARGS(term->text),
                               term->count);
    struct call call = {.compiler = compiler, .term = term};
    int r = add_arguments(&call, transformer->op, out_operand);
    if (r == 0) {
        struct np_derived derived = {
            .op = transformer->op, .inputs = call.inputs.items, .count = call.inputs.len};
        r = declare(compiler, term, &derived, &out_operand->field);
    }
    np_vec_done(&call.inputs);
    return r == 0 && term->has_index ? take_index(compiler, term, out_operand) : r;
}

/* Calls are nested as deep as the parser lets them be. */
int np_falco_operand_find(struct np_falco_compiler *compiler, const struct np_falco_term *term,
                          struct np_falco_operand *out_operand)
{
    return term->kind == NP_FALCO_CALL ? find_call(compiler, term, out_operand)
                                       : find_field(compiler, term, out_operand);
}
