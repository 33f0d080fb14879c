/* SPDX-License-Identifier: Apache-2.0 */
/* An item of a file while it is read: its keys, and their values as Falco takes them. */
#pragma once

#include "rule/falco/load/book.h"
#include "rule/falco/load/problem.h"

struct np_falco_item {
    struct np_falco_teller teller;
    struct np_falco_book *book;
    const struct np_yaml_node *node; /* a mapping */
    struct np_span name;             /* of a rule, macro or list; lives as long as the book */
};

/* Tells that the file is not as it must be ("LOAD_ERR_YAML_VALIDATE"), at `place` (NULL = the item); returns -EINVAL. */
#define np_falco_malformed(whose, place, key, ...)                                                 \
    np_falco_refuse(&(whose)->teller,                                                              \
                    (struct np_falco_problem){.code = "LOAD_ERR_YAML_VALIDATE",                    \
                                              .node = (place),                                     \
                                              .item = np_span_of(key)},                            \
                    __VA_ARGS__)

/* Tells that the item does not fit the others ("LOAD_ERR_VALIDATE"); returns -EINVAL. */
#define np_falco_invalid(whose, place, about, ...)                                                 \
    np_falco_refuse(                                                                               \
        &(whose)->teller,                                                                          \
        (struct np_falco_problem){.code = "LOAD_ERR_VALIDATE", .node = (place), .item = (about)},  \
        __VA_ARGS__)

/*
 * The value of a key that must be a text and not empty, of the item or of a mapping in it: 0, or -EINVAL with what is wrong told.
 */
NP_NODISCARD int np_falco_text(const struct np_falco_item *item, const struct np_yaml_node *mapping,
                               const char *key, const struct np_yaml_node **out_node);

/* The value of a key that may be left out, for yes or no, as YAML 1.1 writes them; `*value` stays where it is. Results as above. */
NP_NODISCARD int np_falco_flag(const struct np_falco_item *item, const char *key, bool *value);

/* The value of a key, a sequence of scalars; NULL where it is not there. Results as above. */
NP_NODISCARD int np_falco_sequence(const struct np_falco_item *item, const char *key,
                                   const struct np_yaml_node **out_node);

/* Warns of keys of `mapping` that are none of `known`. */
void np_falco_check_keys(const struct np_falco_item *item, const struct np_yaml_node *mapping,
                         const char *const *known, size_t count);

/* Gives an item its place among all. */
static inline struct np_falco_order np_falco_next_order(struct np_falco_book *book)
{
    uint32_t place = book->next_place++;
    return (struct np_falco_order){place, place};
}
