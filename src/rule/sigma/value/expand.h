/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placeholders: `%name%` in a value with `expand` stands for each value of the list of that name,
 * which comes from a file of the user's (np_rule_set_load_values()). A value of a list is read as a
 * rule's value would be, with wildcards and escapes of its own, but holds no placeholders.
 */
#pragma once

#include "rule/sigma/value/text.h"

/*
 * Where the value is one placeholder and nothing else, gives its list: `*out_list` is a sequence
 * at the place of `node`, in the set's scratch; otherwise NULL. 0, -EINVAL where there is no such
 * list, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_expand_whole(struct np_sigma_document *document,
                                       const struct np_yaml_node *node,
                                       const struct np_yaml_node **out_list);

/*
 * Puts into `work->now` the value with all its placeholders filled in, a text for each combination.
 * 0, -EINVAL where it is refused, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_text_expand(struct np_sigma_document *document,
                                      const struct np_yaml_node *node,
                                      struct np_sigma_text_work *work);
