/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document that is being loaded, and how the files of this folder tell what is wrong with it.
 *
 * Functions here return 0, a negative errno (-ENOMEM, -E2BIG), or -EINVAL for "refused, and the
 * problem is told": callers may go on to find further problems; what they made is thrown away in
 * the end.
 */
#pragma once

#include "codec/yaml.h"
#include "rule/rule_internal.h"

enum {
    NP_SIGMA_MAX_ERRORS = 100,   /* of a document; then it is not looked into any further */
    NP_SIGMA_MAX_WARNINGS = 100, /* of a document that are told */
    NP_SIGMA_MAX_KEYS = 256,     /* of a mapping, that are compared with the known ones */
    NP_SIGMA_MAX_SELECTIONS = 1024,
    NP_SIGMA_MAX_NAME_BYTES = 256,            /* of a selection */
    NP_SIGMA_MAX_CONDITION_BYTES = 16 * 1024, /* of one condition */
    /*
     * Of parentheses. Each may hold an or, an and and a not: with selections well below
     * NP_EXPR_MAX_DEPTH.
     */
    NP_SIGMA_MAX_CONDITION_DEPTH = 50,
    NP_SIGMA_MAX_DASHES = 4,            /* that `windash` spells out for an encoding: 5^4 texts */
    NP_SIGMA_MAX_DASHED_BYTES = 1024,   /* of such a value */
    NP_SIGMA_MAX_EXPANDED = 200000,     /* texts that values are multiplied into, of a rule set */
    NP_SIGMA_MAX_EXPANDED_BYTES = 1024, /* of a value with its placeholders filled in */
    NP_SIGMA_MAX_FILLED = 4000000,    /* values of lists that stand for whole ones, of a rule set */
    NP_SIGMA_MAX_MERGE_WORK = 1000000 /* key comparisons and nodes by `action:`, of a file */
};

struct np_sigma_document {
    struct np_rule_set *set;
    struct np_diag_list *diags;
    const struct np_yaml_node *root;
    const char *file;
    uint32_t index;
    size_t errors;
    size_t warnings;
};

/* What is wrong and where: at the byte `offset` of the text of `node`. */
struct np_sigma_problem {
    const char *code; /* literal */
    const struct np_yaml_node *node;
    size_t offset;
    struct np_span item; /* empty = none */
    const char *hint;    /* NULL = none */
};

/* Tells a problem for which the document is refused; returns -EINVAL. */
int np_sigma_refuse(struct np_sigma_document *document, struct np_sigma_problem problem,
                    const char *fmt, ...) NP_PRINTF(3, 4);

/* Tells a problem with which the document still loads. */
void np_sigma_warn(struct np_sigma_document *document, struct np_sigma_problem problem,
                   const char *fmt, ...) NP_PRINTF(3, 4);

/* Whether so much is wrong that looking on is of no use. */
static inline bool np_sigma_is_hopeless(const struct np_sigma_document *document)
{
    return document->errors >= NP_SIGMA_MAX_ERRORS;
}

/* Whether `result` ends the work, rather than being 0 or a problem that has been told. */
static inline bool np_sigma_is_fatal(int result)
{
    return result < 0 && result != -EINVAL;
}

/* Warns of every key of `mapping` that is none of `known` but near one of them. */
void np_sigma_check_keys(struct np_sigma_document *document, const struct np_yaml_node *mapping,
                         const char *const *known, size_t count);

/* The key of `mapping` that was probably meant to be `known`; NULL where there is none. */
const struct np_yaml_node *np_sigma_near_key(const struct np_yaml_node *mapping, const char *known);

/* A scalar that is not null. */
static inline bool np_sigma_is_text(const struct np_yaml_node *node)
{
    return node != NULL && node->kind == NP_YAML_SCALAR && np_yaml_type(node) != NP_YAML_NULL;
}

/*
 * A copy of the text of `node` that lives as long as the set; "" where it is no text. NULL when
 * memory is out.
 */
const char *np_sigma_keep_text(struct np_sigma_document *document, const struct np_yaml_node *node);
