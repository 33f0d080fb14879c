/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the fields that occur in given logs let a rule ever be true. */
#pragma once

#include "rule/rule.h"

/* How a field occurs in logs. */
enum np_occurrence {
    NP_OCCURS_NEVER,
    NP_OCCURS_AS_NULL, /* in some records, always as null */
    NP_OCCURS
};

/*
 * Whether the rule can be true for any event whose fields are as `occurrences` (by field id, an
 * enum np_occurrence each) say. False is certain; true may be too kind, since only the presence of
 * fields is looked at, each by itself.
 */
bool np_rule_can_match(const struct np_rule_set *set, uint32_t rule, const uint8_t *occurrences);
