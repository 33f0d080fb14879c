/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as trees: lists filled in, macros bound. A rule sees all macros, a macro those before it. */
#pragma once

#include "rule/falco/load/problem.h"
#include "rule/falco/load/written.h"

/* What all steps of finishing need. */
struct np_falco_finish {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    struct np_falco_book *book;
};

/* A problem in a text; its place is known where the text comes from the file of the document. */
struct np_falco_problem np_falco_problem_at(const struct np_falco_teller *teller, const char *code,
                                            const struct np_falco_written *written, size_t offset);

/* Tells that a condition is longer than one may be; returns -EINVAL. */
int np_falco_refuse_large(const struct np_falco_teller *teller);

/* Parses all macros and binds them to each other. What is wrong with one is told, and it is left out. 0 or -ENOMEM. */
NP_NODISCARD int np_falco_macros_make(const struct np_falco_finish *finish);

/*
 * Fills lists into `written` and reads it as a tree, which lives as long as the book. 0, -EINVAL with what is wrong told, or -ENOMEM.
 */
NP_NODISCARD int np_falco_tree_parse(const struct np_falco_finish *finish,
                                     const struct np_falco_teller *teller,
                                     struct np_falco_written *written,
                                     struct np_falco_node **out_tree);

/* Binds a rule's tree to the macros that it names. 0, or -EINVAL with what is wrong told. */
NP_NODISCARD int np_falco_tree_resolve(const struct np_falco_finish *finish,
                                       const struct np_falco_teller *teller,
                                       const struct np_falco_written *written,
                                       struct np_falco_node *tree);
