/* SPDX-License-Identifier: Apache-2.0 */
/* Witnesses that were found of many rules, on their way into probes: one probe a field. */
#pragma once

#include "rule/index/probe.h"

/* Stands for a field where the witness is a keyword. */
#define NP_KEYWORDS ((np_field_id) UINT32_MAX)

struct np_found {
    NP_VEC(struct np_witness_rule) rules;
};

/* Adds `rule` with its witnesses: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_found_add(struct np_found *found, const struct np_ir *ir,
                              const struct np_witness_list *witnesses, uint32_t rule);

/* Sorts by field, then as probes want it. */
void np_found_sort(struct np_found *found);

/* Those from `start` on that are about the same field as the one there. Borrowed. */
struct np_witness_rules np_found_of_one_field(const struct np_found *found, size_t start);
