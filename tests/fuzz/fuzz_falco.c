/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a condition: it is refused with a reason and a place in the text, or becomes an expression that the IR takes. A word of
 * itself in it is a macro that means what was compiled last.
 */
#include <errno.h>
#include <stdint.h>

#include "rule/falco/compile.h"
#include "rule/falco/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct np_falco_node *find(void *context, struct np_span name)
{
    (void) name;
    return context;
}

static void check_fault(const struct np_falco_fault *fault, struct np_span text)
{
    NP_ASSERT(fault->offset <= text.len);
    NP_ASSERT(fault->err.msg[0] != '\0');
}

static void check(const struct np_falco_target *target, struct np_arena *arena, struct np_span text)
{
    struct np_falco_node *macro = NULL;
    struct np_falco_node *tree = NULL;
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    int r = np_falco_parse(arena, NP_SPAN("evt.type = open"), &macro, &fault);
    if (r == 0)
        r = np_falco_parse(arena, text, &tree, &fault);
    if (r == 0)
        r = np_falco_resolve(tree, find, macro, &fault);
    if (r == 0)
        r = np_falco_compile(target, tree, &compiled, &fault);
    if (r == -EINVAL || r == -E2BIG)
        check_fault(&fault, text);
    if (r != 0)
        return;
    NP_ASSERT(compiled.expr < target->ir->exprs.len);
    NP_ASSERT(target->ir->exprs.items[compiled.expr].depth <= NP_EXPR_MAX_DEPTH);
    for (size_t i = 0; i < compiled.fields.len; i++)
        NP_ASSERT(compiled.fields.items[i] < np_field_count(target->fields));
    np_falco_compiled_done(&compiled);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_ir ir;
    struct np_arena arena;
    struct np_field_set *fields = NULL;
    np_ir_init(&ir);
    np_arena_init(&arena, SIZE_MAX);
    for (int source = 0; source < NP_FALCO_SOURCE_MAX && np_field_set_new(&fields) == 0; source++) {
        struct np_falco_target target = {&ir, fields, (enum np_falco_source) source, NULL, NULL};
        check(&target, &arena, np_span_make((const char *) data, size));
        np_field_set_free(&fields);
    }
    np_arena_done(&arena);
    np_ir_done(&ir);
    return 0;
}
