/* SPDX-License-Identifier: Apache-2.0 */
/* What explanations show of a condition: how a check is written, and which macro a part comes from. */
#pragma once

#include "rule/falco/compile.h"

/* Notes how `check`, which was compiled to `expr`, is written; nothing where the target wants no notes. 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_falco_note_check(const struct np_falco_target *target,
                                     const struct np_falco_node *check, np_expr_id expr);

/* Notes that `expr` is what the macro `name` stands for. Results as above. */
NP_NODISCARD int np_falco_note_macro(const struct np_falco_target *target, struct np_span name,
                                     np_expr_id expr);
