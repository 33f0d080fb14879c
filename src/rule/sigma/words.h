/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says in words: notes for explanations (rule/explain/note.h), where they are wanted. */
#pragma once

#include "rule/sigma/modifier.h"

/* Notes that `expr` is the selection `name`. 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_note_selection(struct np_sigma_document *document, np_expr_id expr,
                                         struct np_span name);

/*
 * Notes what `expr`, one predicate, asks: `values` are those that stand at the key, or some of
 * them. 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_note_test(struct np_sigma_document *document, np_expr_id expr,
                                    const struct np_sigma_key *key,
                                    const struct np_yaml_node *const *values, size_t count);
