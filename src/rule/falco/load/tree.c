/* SPDX-License-Identifier: Apache-2.0 */
/* See tree.h. A macro's tree is bound when it is first asked for, so that trees may be borrowed in whatever order macros stand. */
#include "rule/falco/load/tree.h"

#include <errno.h>

#include "rule/falco/parse.h"

enum { MACRO_MAX_DEPTH = 200, RESOLVING_MAX_DEPTH = 100, SNIPPET_MAX_BYTES = 60 };

/* ---- problems */

/* The word of a text that a fault is about. */
static struct np_span snippet_at(struct np_span text, size_t offset)
{
    struct np_span rest = np_span_head(np_span_from(text, offset), SNIPPET_MAX_BYTES);
    size_t len = 0;
    while (len < rest.len && strchr(" \t\r\n", rest.ptr[len]) == NULL)
        len++;
    return np_span_head(rest, len);
}

struct np_falco_problem np_falco_problem_at(const struct np_falco_teller *teller, const char *code,
                                            const struct np_falco_written *written, size_t offset)
{
    const struct np_rule_doc *docs = teller->set->docs.items;
    struct np_falco_mark from = np_falco_written_from(written, offset);
    bool here = from.node != NULL && strcmp(docs[from.doc].file, docs[teller->doc].file) == 0;
    return (struct np_falco_problem){
        .code = code,
        .node = here ? from.node : NULL,
        .offset = here ? from.offset : 0,
        .item = snippet_at(np_buf_span(&written->text), offset),
    };
}

/* Tells why a condition is refused; returns -EINVAL. */
static int refuse_fault(const struct np_falco_teller *teller, const char *code,
                        const struct np_falco_written *written, const struct np_falco_fault *fault,
                        const char *hint)
{
    struct np_falco_problem problem = np_falco_problem_at(teller, code, written, fault->offset);
    problem.hint = hint;
    return np_falco_refuse(teller, problem, "%s", fault->err.msg);
}

int np_falco_refuse_large(const struct np_falco_teller *teller)
{
    return np_falco_refuse(teller, (struct np_falco_problem){.code = "LOAD_ERR_COMPILE_CONDITION"},
                           "the condition grows too large when its lists are filled in");
}

/* ---- macros */

/* Where macros are looked for. */
struct search {
    const struct np_falco_finish *finish;
    uint32_t sees;   /* macros with a lower place */
    uint32_t level;  /* of macros that are resolved for others */
    uint32_t depth;  /* of the deepest that was found */
    const char *why; /* the last was not found; NULL = there is none */
};

static int resolve_macro(const struct np_falco_finish *finish, struct np_falco_macro *macro,
                         uint32_t level);

static const struct np_falco_node *find_macro(void *context, struct np_span name)
{
    struct search *search = context;
    struct np_falco_book *book = search->finish->book;
    uint32_t index = np_map_get(&book->macro_names, name);
    struct np_falco_macro *macro = index != NP_MAP_NONE ? &book->macros.items[index] : NULL;
    search->why = NULL;
    if (macro == NULL)
        return NULL;
    if (macro->order.place >= search->sees)
        search->why = "it is defined behind this one only";
    else if (macro->state == NP_FALCO_MACRO_RESOLVING || search->level > RESOLVING_MAX_DEPTH)
        search->why = "it is a part of itself";
    else if (macro->state == NP_FALCO_MACRO_PARSED)
        (void) resolve_macro(search->finish, macro, search->level + 1); /* its state says it */
    if (search->why == NULL && macro->state == NP_FALCO_MACRO_REFUSED)
        search->why = "it is refused itself";
    if (search->why != NULL)
        return NULL;
    macro->used = true;
    search->depth = NP_MAX(search->depth, macro->depth);
    return macro->tree;
}

static int resolve_macro(const struct np_falco_finish *finish, struct np_falco_macro *macro,
                         uint32_t level)
{
    struct np_falco_teller teller = {finish->set, finish->diags, macro->doc};
    struct search search = {.finish = finish, .sees = macro->order.sees, .level = level};
    struct np_falco_fault fault = {};
    macro->state = NP_FALCO_MACRO_RESOLVING;
    int r = np_falco_resolve(macro->tree, find_macro, &search, &fault);
    if (r < 0)
        r = refuse_fault(&teller, "LOAD_ERR_VALIDATE", &macro->written, &fault, search.why);
    macro->depth = search.depth + 1;
    if (r == 0 && macro->depth > MACRO_MAX_DEPTH)
        r = np_falco_refuse(&teller, (struct np_falco_problem){.code = "LOAD_ERR_VALIDATE"},
                            "macros stand in macros more than %d deep", MACRO_MAX_DEPTH);
    macro->state = r < 0 ? NP_FALCO_MACRO_REFUSED : NP_FALCO_MACRO_READY;
    return r;
}

int np_falco_tree_parse(const struct np_falco_finish *finish, const struct np_falco_teller *teller,
                        struct np_falco_written *written, struct np_falco_node **out_tree)
{
    struct np_falco_fault fault = {};
    int r = np_falco_lists_fill(finish->book, written);
    if (r == -E2BIG)
        return np_falco_refuse_large(teller);
    if (r < 0)
        return r;
    r = np_falco_parse(&finish->book->arena, np_buf_span(&written->text), out_tree, &fault);
    return r == 0 || r == -ENOMEM
               ? r
               : refuse_fault(teller, "LOAD_ERR_COMPILE_CONDITION", written, &fault, NULL);
}

static int parse_macro(const struct np_falco_finish *finish, struct np_falco_macro *macro)
{
    struct np_falco_teller teller = {finish->set, finish->diags, macro->doc};
    np_falco_written_init(&macro->written);
    int r = np_falco_write_pieces(&macro->written, &macro->condition);
    if (r == -E2BIG)
        r = np_falco_refuse_large(&teller);
    if (r == 0)
        r = np_falco_tree_parse(finish, &teller, &macro->written, &macro->tree);
    macro->state = r < 0 ? NP_FALCO_MACRO_REFUSED : NP_FALCO_MACRO_PARSED;
    return np_falco_is_fatal(r) ? r : 0;
}

int np_falco_macros_make(const struct np_falco_finish *finish)
{
    struct np_falco_book *book = finish->book;
    int r = 0;
    for (size_t i = 0; i < book->macros.len && r == 0; i++)
        r = parse_macro(finish, &book->macros.items[i]);
    for (size_t i = 0; i < book->macros.len && r == 0; i++)
        if (book->macros.items[i].state == NP_FALCO_MACRO_PARSED)
            (void) resolve_macro(finish, &book->macros.items[i], 0); /* its state says it */
    return r;
}

int np_falco_tree_resolve(const struct np_falco_finish *finish,
                          const struct np_falco_teller *teller,
                          const struct np_falco_written *written, struct np_falco_node *tree)
{
    struct search search = {.finish = finish, .sees = UINT32_MAX};
    struct np_falco_fault fault = {};
    int r = np_falco_resolve(tree, find_macro, &search, &fault);
    return r < 0 ? refuse_fault(teller, "LOAD_ERR_VALIDATE", written, &fault, search.why) : 0;
}
