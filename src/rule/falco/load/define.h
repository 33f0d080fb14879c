/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and macros: see book.h. */
#pragma once

#include "rule/falco/load/item.h"

/* Reads a list into the book, or what it does to an earlier one. 0, -EINVAL with what is wrong told, or -ENOMEM. */
NP_NODISCARD int np_falco_list_read(const struct np_falco_item *item);

/* The same for a macro. */
NP_NODISCARD int np_falco_macro_read(const struct np_falco_item *item);
