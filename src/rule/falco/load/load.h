/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Falco's rule files: rules, macros, lists and required versions into a book, and from the book into the rule set. Later items
 * change earlier ones, in other files too, so that conditions are compiled only when all files are read.
 *
 *   load.c       a file: which kind each item is, its record or its refusal
 *   item.c       keys of an item, and their values
 *   override.c   what an item does to an earlier one of its name
 *   define.c     lists and macros
 *   rule.c       rules
 *   exception.c  their exceptions, checked; exception_text.c: as text
 *   version.c    versions that a file requires
 *   written.c    texts of conditions that know where they come from; lists filled in
 *   warn.c       what is likely to be a mistake in a condition
 *   tree.c       conditions as trees: lists filled in, macros bound
 *   finish.c     all that is in the book, compiled
 */
#pragma once

#include "base/diag.h"
#include "codec/yaml.h"
#include "rule/rule_internal.h"

/*
 * Reads the items of one file (a sequence), the first of which is item `first_index` of the file. Adds an np_rule_doc for each,
 * with its problems. `file` lives as long as the set. 0, also where items were refused; -ENOMEM.
 */
NP_NODISCARD int np_falco_load(struct np_rule_set *set, const struct np_yaml_node *items,
                               const char *file, uint32_t first_index, struct np_diag_list *diags);

/*
 * Compiles all rules that were read, in the order of their first definitions, and adds those that are not disabled to the set;
 * to be called once, behind the last file. 0, -E2BIG where they are more than a set can hold, or -ENOMEM.
 */
NP_NODISCARD int np_falco_finish(struct np_rule_set *set, struct np_diag_list *diags);

/* Frees what was read; NULL-safe. */
void np_falco_book_free(struct np_falco_book **book);
