/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one value of an item is compared as: a text, a number, an expression, a network, a part of
 * a time, the name of another field.
 */
#pragma once

#include "rule/sigma/item.h"
#include "rule/sigma/value/text.h"

/* An item while it is compiled. */
struct np_sigma_item {
    struct np_sigma_document *document;
    struct np_sigma_key key;
    struct np_sigma_fields *fields;
    struct np_pred pred; /* without its literals */
    NP_VEC(struct np_literal) literals;
    NP_VEC(np_expr_id) exprs;                  /* the predicates that are done */
    NP_VEC(const struct np_yaml_node *) shown; /* values of the next predicate, for its note */
    struct np_sigma_text_work texts;
};

/* What values mean under a modifier that gives them another kind, and without one. */
struct np_sigma_kind {
    enum np_sigma_modifier modifier; /* NP_SIGMA_MODIFIER_MAX: none */
    enum np_pred_op op;
    /* Adds a value to the literals, or as a predicate of its own: 0, -EINVAL, -E2BIG or -ENOMEM. */
    int (*add_value)(struct np_sigma_item *item, const struct np_yaml_node *node);
    bool keywords; /* can be looked for without a field */
    bool list;
};

/* The kind of the key's values. */
const struct np_sigma_kind *np_sigma_kind_of(const struct np_sigma_key *key);

/* Refuses the document for one of the values: -EINVAL. `hint` may be NULL. */
int np_sigma_item_refuse(struct np_sigma_item *item, const struct np_yaml_node *node,
                         const char *hint, const char *message);

/*
 * Adds the value as a text, changed by the modifiers of the key and with its placeholders filled
 * in, also to what is shown. Results as those of add_value().
 */
NP_NODISCARD int np_sigma_item_add_text(struct np_sigma_item *item,
                                        const struct np_yaml_node *node);

/* Keeps a value for the note on the predicate that it goes into: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_item_show(struct np_sigma_item *item, const struct np_yaml_node *node);

/* Makes a predicate of the literals so far: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_item_add_predicate(struct np_sigma_item *item);

/* The id of a field, noted as one that the rule looks at: 0, -EINVAL, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_item_note_field(struct np_sigma_item *item,
                                          const struct np_yaml_node *node, struct np_span name,
                                          np_field_id *out_field);
