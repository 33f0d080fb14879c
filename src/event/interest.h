/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which fields the loaded rules want of which types of system calls. Most rules can be true of a few types only, and most fields cost
 * more to look up than the rest of an event: what no rule can ask of a type is not written into its records.
 *
 * A field that nobody has spoken of here is wanted of every type, so that whoever else reads fields need not know of this.
 * Filled while rules are compiled, then only read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"
#include "event/field.h"

enum { NP_TYPE_SET_MAX = 512 }; /* names; there are fewer types */

/* Types of events. */
struct np_type_set {
    bool is_all;
    uint64_t bits[NP_TYPE_SET_MAX / 64];
};

struct np_interest;

/* No interest yet in fields of a set of `field_count`: 0 or -ENOMEM. */
NP_NODISCARD int np_interest_new(struct np_interest **out_interest, size_t field_count);
void np_interest_free(struct np_interest **interest);

/* Adds the type of that name (copied) to a set; where there are too many names, all types. 0 or -ENOMEM. */
NP_NODISCARD int np_interest_name(struct np_interest *interest, struct np_span type,
                                  struct np_type_set *set);

/* Wants `field` of events of those types. */
void np_interest_add(struct np_interest *interest, np_field_id field,
                     const struct np_type_set *types);

/* Whether `field` is wanted of events of that type. */
bool np_interest_has(const struct np_interest *interest, np_field_id field, struct np_span type);
