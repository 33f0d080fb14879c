/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is likely to be a mistake in a rule that loads: warnings only. Each of them has to be right
 * nearly always, since a warning that is often wrong is read by nobody.
 */
#pragma once

#include "rule/sigma/modifier.h"

/* Warns of what the document says of itself: tags, dates, its id, and what it does not say. */
void np_sigma_lint_meta(struct np_sigma_document *document);

/*
 * Warns of the values that stand under `key`, all scalars; notes those that look like fields for
 * np_sigma_lint_fields(). 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_lint_values(struct np_sigma_document *document,
                                      const struct np_sigma_key *key,
                                      const struct np_yaml_node *const *values, size_t count);

/*
 * Why some part of the expression can never be true, in words; NULL where no reason was found.
 * Looks at what is asked for together, not at what follows from it. Of very large groups and lists
 * it says nothing.
 */
const char *np_sigma_lint_contradiction(const struct np_ir *ir, np_expr_id expr);

/* After the last document: warns of noted values that are names of fields. */
void np_sigma_lint_fields(struct np_rule_set *set, struct np_diag_list *diags);
