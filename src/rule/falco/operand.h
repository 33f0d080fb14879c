/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that compile conditions share: a check's sides as fields with types, and problems. */
#pragma once

#include "base/arena.h"
#include "rule/falco/compile.h"

enum { NP_FALCO_NODES_MAX = 1000000 /* of one condition, its macros written out */ };

struct np_falco_compiler {
    const struct np_falco_target *target;
    struct np_falco_compiled *out;
    struct np_falco_fault *fault;
    struct np_span macro;     /* whose text is being compiled; empty = the condition's own */
    struct np_arena arena;    /* of values that the IR copies */
    NP_VEC(np_expr_id) exprs; /* a stack: of joins that are being compiled */
    unsigned depth;
    unsigned nodes;
};

/* A field that a check asks. */
struct np_falco_operand {
    np_field_id field;
    enum np_falco_type type;
    bool is_list;
    bool is_event_type; /* evt.type, which rules are told apart by */
    bool is_raw; /* its type is that of the event's parameter: a number where it reads as one */
    bool is_ancestors; /* of all ancestors of a process: each is asked */
};

/* Fills in a problem at the place `where`; yields -EINVAL. */
#define NP_FALCO_REFUSE(compiler, fault_kind, where, ...)                                          \
    (*(compiler)->fault = (struct np_falco_fault){.kind = (fault_kind),                            \
                                                  .offset = (where),                               \
                                                  .macro = (compiler)->macro},                     \
     np_fail(&(compiler)->fault->err, -EINVAL, __VA_ARGS__))

/* The operand that a term, FIELD or CALL, stands for: 0, -EINVAL or -E2BIG (told) or -ENOMEM. */
NP_NODISCARD int np_falco_operand_find(struct np_falco_compiler *compiler,
                                       const struct np_falco_term *term,
                                       struct np_falco_operand *out_operand);

/* Tells -E2BIG, hands other results through. */
int np_falco_tell_size(struct np_falco_compiler *compiler, size_t offset, int r);

/* The literal that an operator compares a value with: results as above. */
NP_NODISCARD int np_falco_literal_make(struct np_falco_compiler *compiler,
                                       const struct np_falco_operand *operand,
                                       const struct np_falco_node *check,
                                       const struct np_falco_term *value,
                                       struct np_literal *out_literal);

/* Compiles one check; results as above. */
NP_NODISCARD int np_falco_check_compile(struct np_falco_compiler *compiler,
                                        const struct np_falco_node *check, np_expr_id *out_expr,
                                        bool *out_is_event_type);

/* What a type is called in messages. */
const char *np_falco_type_name(enum np_falco_type type);
