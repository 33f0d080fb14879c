/* SPDX-License-Identifier: Apache-2.0 */
/* How filters and correlations name rules. */
#pragma once

#include "rule/sigma/meta.h"

/* A list of names, each by id, name or title; lives as long as the set. */
struct np_sigma_references {
    const struct np_rule_ref *items;
    size_t count;
};

/* Reads `node`, a text or a list of texts: 0, -EINVAL, told, or -ENOMEM. */
NP_NODISCARD int np_sigma_references_read(struct np_sigma_document *document,
                                          const struct np_yaml_node *node,
                                          struct np_sigma_references *out_references);
