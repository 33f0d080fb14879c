/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the values of a mapping by key. A key that is not there leaves the value as it is; a value that is wrong is
 * told.
 */
#pragma once

#include "simulate/load/loader.h"

/* The stem of a problem at a node. */
struct np_diag np_load_problem(const struct np_load_file *file, const struct np_yaml_node *node,
                               const char *code);

/* Tells a scalar that names no `what`; `near` = the nearest name, NULL = none. */
void np_load_refuse_name(const struct np_load_file *file, const struct np_yaml_node *node,
                         const char *near, const char *what);

/*
 * The index of the member that `node` names, of `count`; -1 where it is not given, or names no `what`,
 * which is told.
 */
int32_t np_load_find_member(const struct np_load_file *file, const struct np_cast_member *members,
                            size_t count, const struct np_yaml_node *node, const char *what);

/* Tells a value that is not what it must be, `expected`. */
void np_load_bad_value(const struct np_load_file *file, const struct np_yaml_node *node,
                       const char *expected);

/* Tells each key of a mapping that is none of `known`. */
void np_load_check_keys(const struct np_load_file *file, const struct np_yaml_node *mapping,
                        const char *const *known, size_t count);

/* The value of `key`; where there is none, that is told at the mapping. */
const struct np_yaml_node *np_load_need(const struct np_load_file *file,
                                        const struct np_yaml_node *mapping, const char *key);

/* Whether a node is of this kind (NULL is not); told where it is another. */
bool np_load_is(const struct np_load_file *file, const struct np_yaml_node *node,
                enum np_yaml_kind kind);

/* A scalar as text without holes. */
NP_NODISCARD int np_load_text(const struct np_load_file *file, const struct np_yaml_node *node,
                              struct np_span *text);

/* A list of texts without holes. */
NP_NODISCARD int np_load_texts(const struct np_load_file *file, const struct np_yaml_node *node,
                               const struct np_span **texts, size_t *count);

void np_load_bool(const struct np_load_file *file, const struct np_yaml_node *node, bool *value);
void np_load_chance(const struct np_load_file *file, const struct np_yaml_node *node,
                    uint32_t *chance);
void np_load_pause(const struct np_load_file *file, const struct np_yaml_node *node,
                   struct np_range *range);

/* A range of numbers from `min` to `max`. */
void np_load_range(const struct np_load_file *file, const struct np_yaml_node *node,
                   struct np_range bounds, struct np_range *range);

/* An array of `count` items in the arena of the set, zeroed; NULL when memory is out. */
NP_NODISCARD void *np_load_array(const struct np_load_file *file, size_t count, size_t size);
