/* SPDX-License-Identifier: Apache-2.0 */
/* What is likely to be a mistake in a condition or an output, though it compiles. */
#pragma once

#include "rule/falco/load/book.h"
#include "rule/falco/load/problem.h"

/* Warns of what the rule's condition does, macros included; its place is the rule's. */
void np_falco_warn_of_condition(const struct np_falco_teller *teller, struct np_falco_book *book,
                                const struct np_falco_rule *rule, const struct np_falco_node *tree);

/* Warns of what its output does. */
void np_falco_warn_of_output(const struct np_falco_teller *teller, const struct np_falco_rule *rule,
                             struct np_span output);
