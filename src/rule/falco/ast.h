/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of Falco rules as a tree. parse.c makes it from text, np_falco_resolve() binds the macros that it names, compile.c
 * turns it into predicates. Nodes and texts live in the arena that the parser was given; a tree that names a macro borrows that
 * macro's tree. Places are offsets into the text that was parsed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum np_falco_op {
    NP_FALCO_OP_EXISTS,
    NP_FALCO_OP_EQUAL, /* "=" and "==" */
    NP_FALCO_OP_NOT_EQUAL,
    NP_FALCO_OP_LESS,
    NP_FALCO_OP_LESS_EQUAL,
    NP_FALCO_OP_GREATER,
    NP_FALCO_OP_GREATER_EQUAL,
    NP_FALCO_OP_CONTAINS,
    NP_FALCO_OP_ICONTAINS,
    NP_FALCO_OP_BCONTAINS,
    NP_FALCO_OP_STARTSWITH,
    NP_FALCO_OP_BSTARTSWITH,
    NP_FALCO_OP_ENDSWITH,
    NP_FALCO_OP_GLOB,
    NP_FALCO_OP_IGLOB,
    NP_FALCO_OP_REGEX,
    NP_FALCO_OP_IN,
    NP_FALCO_OP_INTERSECTS,
    NP_FALCO_OP_PMATCH,
    NP_FALCO_OP_MAX
};

/* How a comparison with one value is repeated for a list of values. */
enum np_falco_modifier {
    NP_FALCO_PLAIN,
    NP_FALCO_ONEOF, /* exactly one of them is true */
    NP_FALCO_ANYOF,
    NP_FALCO_ALLOF
};

enum np_falco_term_kind {
    NP_FALCO_FIELD,
    NP_FALCO_CALL, /* of a transformer */
    NP_FALCO_TEXT, /* numbers, too: what they are compared with decides */
    NP_FALCO_LIST
};

/* What stands beside an operator. */
struct np_falco_term {
    enum np_falco_term_kind kind;
    size_t offset;
    /* Of FIELD: the name, with the argument in brackets unquoted; of CALL: the transformer; of TEXT: without quotes and escapes. */
    struct np_span text;
    const struct np_falco_term *items; /* of CALL: the arguments; of LIST: the values */
    size_t count;
    bool has_index; /* of CALL: `index` stands in brackets behind it */
    uint32_t index;
};

enum np_falco_node_kind { NP_FALCO_OR, NP_FALCO_AND, NP_FALCO_NOT, NP_FALCO_MACRO, NP_FALCO_CHECK };

struct np_falco_node {
    enum np_falco_node_kind kind;
    size_t offset;
    struct np_falco_node **children; /* of OR and AND: two or more; of NOT: one */
    size_t count;
    struct np_span name;                    /* of MACRO */
    const struct np_falco_node *definition; /* of MACRO: NULL until it is resolved */
    enum np_falco_op op;                    /* of CHECK, with what follows */
    enum np_falco_modifier modifier;
    struct np_falco_term left;
    struct np_falco_term right; /* none of EXISTS; LIST where there is a modifier */
};

enum np_falco_fault_kind {
    NP_FALCO_FAULT_SYNTAX,
    NP_FALCO_FAULT_MACRO, /* one that is not defined */
    NP_FALCO_FAULT_FIELD, /* one that the source does not have */
    NP_FALCO_FAULT_VALUE, /* an operator, a type or a value that does not fit the field */
    NP_FALCO_FAULT_SIZE   /* a limit of ours */
};

/* Why a condition is refused. */
struct np_falco_fault {
    enum np_falco_fault_kind kind;
    size_t offset;        /* where in the text */
    struct np_span macro; /* whose text that is; empty = the condition's own */
    struct np_err err;
};

enum {
    NP_FALCO_CONDITION_MAX_BYTES = 16 * 1024 * 1024,
    NP_FALCO_MAX_DEPTH = 1000 /* of parentheses and calls in one text: as many as Falco has */
};
