/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sigma rules, version 2.1 of the specification, into the IR: detections become rules, filters and
 * correlations are kept until all documents are there. What Sigma means by case, wildcards, null
 * and lists is decided here and written into predicates; nothing behind this folder knows Sigma.
 *
 *   load.c        one document: which kind it is, its rule or its refusal
 *   collection.c  `action:` of old multi-document files
 *   document.c    the document being loaded: problems with their places
 *   meta.c        title, id, level, tags, log source
 *   detection.c   selections and conditions as one expression
 *   condition.c   the grammar of conditions
 *   item.c        one `field|modifiers: values` as an expression
 *   modifier.c    the modifiers' names, and what goes together
 *   value/        values as texts, and what modifiers make of them
 *   values.c      lists of values for `expand`
 *   lint/         what is likely to be a mistake
 *   filter.c correlation.c link.c      documents about other rules
 */
#pragma once

#include "base/diag.h"
#include "codec/yaml.h"
#include "rule/rule_internal.h"

/*
 * Loads one document (a mapping) into the set: adds its np_rule_doc and, unless it is refused, its
 * rule or link. `index` is its place in the file. `file` lives as long as the set. 0, also where it
 * was refused; -ENOMEM.
 */
NP_NODISCARD int np_sigma_load(struct np_rule_set *set, const struct np_yaml_node *document,
                               const char *file, uint32_t index, struct np_diag_list *diags);

/*
 * What `action:` carries from document to document of one file. Begin with all but `arena` zeroed.
 */
struct np_sigma_collection {
    struct np_arena *arena; /* of the file's nodes */
    const struct np_yaml_node *global;
    const struct np_yaml_node
        *previous; /* for `repeat`; a caller clears it behind a bad document */
    size_t work;   /* done by merging so far */
};

/*
 * What a document stands for: itself, itself merged with those before it, or nothing (NULL: it was
 * a `global` or a `reset`). With an `action` that cannot be done it is given back as it is, and
 * np_sigma_load() refuses it. 0, -E2BIG where merging would take too much work, or -ENOMEM.
 */
NP_NODISCARD int np_sigma_collection_next(struct np_sigma_collection *collection,
                                          const struct np_yaml_node *document,
                                          const struct np_yaml_node **out_document);

/* Does np_rule_set_load_values(). */
NP_NODISCARD int np_sigma_load_values(struct np_rule_set *set, const char *file,
                                      struct np_span text, struct np_diag_list *diags);

/* Does np_rule_set_link() for Sigma's filters and correlations. 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_sigma_link(struct np_rule_set *set, struct np_diag_list *diags);
