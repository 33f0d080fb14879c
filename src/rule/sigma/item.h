/* SPDX-License-Identifier: Apache-2.0 */
/* One `field|modifiers: values` of a selection, and lists of keywords, as expressions. */
#pragma once

#include "rule/sigma/document.h"

/* The fields that expressions look at, in the order of their mention. */
struct np_sigma_fields {
    np_field_id *items;
    size_t len;
    size_t cap;
};

/*
 * Compiles one pair of a mapping; its fields are added to `fields`. 0, -EINVAL, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_item_compile(struct np_sigma_document *document,
                                       const struct np_yaml_node *key,
                                       const struct np_yaml_node *value,
                                       struct np_sigma_fields *fields, np_expr_id *out_expr);

/*
 * Compiles a value, or a list of values, that no field is given for: any of them anywhere. Results
 * as above.
 */
NP_NODISCARD int np_sigma_keywords_compile(struct np_sigma_document *document,
                                           const struct np_yaml_node *values, np_expr_id *out_expr);
