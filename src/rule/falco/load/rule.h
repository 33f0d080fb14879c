/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as files write them: see book.h. */
#pragma once

#include "rule/falco/load/item.h"

/*
 * Reads a rule into the book, or what it does to an earlier one. 0, -EINVAL with what is wrong told (the book is as it was), or
 * -ENOMEM.
 */
NP_NODISCARD int np_falco_rule_read(const struct np_falco_item *item);
