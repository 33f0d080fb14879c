/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sigma's modifiers: their names, what each may stand with, and the reading of
 * `field|modifier|modifier`.
 */
#pragma once

#include "rule/sigma/document.h"

enum np_sigma_modifier {
    NP_SIGMA_ALL,
    NP_SIGMA_NEQ,
    NP_SIGMA_CASED,
    NP_SIGMA_CONTAINS,
    NP_SIGMA_STARTSWITH,
    NP_SIGMA_ENDSWITH,
    NP_SIGMA_WINDASH,
    NP_SIGMA_BASE64,
    NP_SIGMA_BASE64OFFSET,
    NP_SIGMA_UTF16LE,
    NP_SIGMA_UTF16BE,
    NP_SIGMA_UTF16,
    NP_SIGMA_RE,
    NP_SIGMA_RE_IGNORE_CASE,
    NP_SIGMA_RE_MULTI_LINE,
    NP_SIGMA_RE_DOT_ALL,
    NP_SIGMA_CIDR,
    NP_SIGMA_EXISTS,
    NP_SIGMA_LT,
    NP_SIGMA_LTE,
    NP_SIGMA_GT,
    NP_SIGMA_GTE,
    NP_SIGMA_FIELDREF,
    NP_SIGMA_EXPAND,
    NP_SIGMA_MINUTE, /* these six in the order of enum np_time_part */
    NP_SIGMA_HOUR,
    NP_SIGMA_DAY,
    NP_SIGMA_WEEK,
    NP_SIGMA_MONTH,
    NP_SIGMA_YEAR,
    NP_SIGMA_MODIFIER_MAX
};

/* A key of a selection, taken apart. */
struct np_sigma_key {
    const struct np_yaml_node *node;
    struct np_span field; /* empty: the values are keywords */
    enum np_sigma_modifier
        modifiers[NP_SIGMA_MODIFIER_MAX]; /* in the order of the rule, each once */
    size_t modifier_count;
    uint32_t set; /* a bit for each of them */
};

static inline bool np_sigma_has(const struct np_sigma_key *key, enum np_sigma_modifier modifier)
{
    return (key->set >> modifier & 1) != 0;
}

/*
 * The time modifier of the key, which is NP_SIGMA_MINUTE plus an enum np_time_part;
 * NP_SIGMA_MODIFIER_MAX = none.
 */
enum np_sigma_modifier np_sigma_time_part(const struct np_sigma_key *key);

/* Whether any of the modifiers makes text of every value: of numbers and booleans too. */
bool np_sigma_wants_text(const struct np_sigma_key *key);

/*
 * Takes a key apart. Refused are unknown modifiers and combinations that mean nothing. 0 or
 * -EINVAL.
 */
NP_NODISCARD int np_sigma_key_parse(struct np_sigma_document *document,
                                    const struct np_yaml_node *node, struct np_sigma_key *out_key);
