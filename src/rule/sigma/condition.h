/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of `condition`, weakest first: or, and, not, `1|any|all of them|pattern`,
 * parentheses. Words of the language are read in any case; names of selections are not.
 */
#pragma once

#include "rule/sigma/detection.h"

/*
 * Compiles the condition in `node`, a text, over the selections of `section`, which it marks as
 * used. 0, -EINVAL (told with the place in the text), -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_condition_compile(struct np_sigma_section *section,
                                            const struct np_yaml_node *node, np_expr_id *out_expr);
