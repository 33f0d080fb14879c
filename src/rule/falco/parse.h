/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of Falco's conditions, weakest first: or, and, not, a check, a macro's name or parentheses. Lists are
 * filled in before (they are a matter of text there). Which fields exist, and what fits them, is not looked at here.
 */
#pragma once

#include "base/arena.h"
#include "rule/falco/ast.h"

/*
 * Parses `text`, which need not outlive the call; the tree lives in `arena`. 0, -EINVAL with `*out_fault` (nothing of the
 * arena is given back) or -ENOMEM.
 */
NP_NODISCARD int np_falco_parse(struct np_arena *arena, struct np_span text,
                                struct np_falco_node **out_tree, struct np_falco_fault *out_fault);

/*
 * Parses the field or call of a transformer that `text` begins with, as outputs name them; `*out_used` is how many bytes it has.
 * Results as above.
 */
NP_NODISCARD int np_falco_parse_term(struct np_arena *arena, struct np_span text,
                                     struct np_falco_term *out_term, size_t *out_used,
                                     struct np_falco_fault *out_fault);

/* The tree of the macro `name`, or NULL where there is none. */
typedef const struct np_falco_node *np_falco_macro_fn(void *context, struct np_span name);

/*
 * Binds every macro that `tree` names to its tree. Those trees are borrowed as they are: bind them before. 0 or -EINVAL with
 * `*out_fault`.
 */
NP_NODISCARD int np_falco_resolve(struct np_falco_node *tree, np_falco_macro_fn *find,
                                  void *context, struct np_falco_fault *out_fault);

/* How an operator is written ("startswith"). */
const char *np_falco_op_name(enum np_falco_op op);

/* The operator that is written as all of `text`; NP_FALCO_OP_MAX where there is none. */
enum np_falco_op np_falco_op_of(struct np_span text);

/* Whether the operator takes a modifier; whether it takes a list ("in"). */
bool np_falco_op_is_modifiable(enum np_falco_op op);
bool np_falco_op_takes_list(enum np_falco_op op);
