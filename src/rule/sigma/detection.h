/* SPDX-License-Identifier: Apache-2.0 */
/* The selections and the condition of a rule or a filter, as one expression. */
#pragma once

#include "rule/sigma/item.h"

/* A named search of the section; a condition refers to it. */
struct np_sigma_selection {
    const struct np_yaml_node *key;
    np_expr_id expr;
    size_t first_field; /* its fields, in those of the section */
    size_t field_count;
    bool used;
};

struct np_sigma_section {
    struct np_sigma_document *document;
    const struct np_yaml_node *node;
    const char *name; /* "detection" or "filter" */
    struct np_sigma_selection *selections;
    size_t count;
    struct np_sigma_fields fields;
};

struct np_sigma_detection {
    np_expr_id condition;
    const np_field_id *fields; /* each once; live as long as the set */
    size_t field_count;
};

/*
 * Compiles the section `name` of the document: every mapping or list in it is a selection, but for
 * the keys `condition`, `timeframe` and `rules`. 0, -EINVAL, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_sigma_detection_compile(struct np_sigma_document *document, const char *name,
                                            struct np_sigma_detection *out_detection);
