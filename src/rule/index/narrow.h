/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes that narrow rules which are found by the type of a call. Dozens of rules ask something of
 * every open; what each asks beside the type is about a few fields, so one look at each of these
 * says which of the rules are worth being evaluated. What it is depends on the type: of a rule
 * about opens of one file and renames of another, an open needs the one name only. An event that
 * has several types, as a log may tell, is not narrowed.
 */
#pragma once

#include "rule/index/index.h"

/*
 * Makes the narrowing probes of an index whose other probes are made, and sets `narrowers`:
 * 0, -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_narrow(struct np_rule_index *index, const struct np_field_values *values);
