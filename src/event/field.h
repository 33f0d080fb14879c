/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields by number: rules, decoders and the engine name a field by its id in one field set. The fixed fields of
 * fields.def have the same id in every set; any other path that a rule names gets the next one. A field
 * is a name; what it means in a record is decided by the decoder of the event's kind, aliases included.
 *
 * A set is filled while rules are loaded, then only read; readers on any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"

typedef uint32_t np_field_id;

#define NP_FIELD_NONE UINT32_MAX

enum np_field {
#define X(identifier, name, type, help) NP_FIELD_##identifier,
#include "event/fields.def"
#undef X
    NP_FIELD_FIXED_COUNT
};

/* Whether a field says who acted: those are the last fixed ones, and only the stateful step of a run knows them. */
static inline bool np_field_asks_who(np_field_id field)
{
    return field >= NP_FIELD_NEPHO_ACTOR_ROOT && field < (np_field_id) NP_FIELD_FIXED_COUNT;
}

/* Begins the names of those fields, and of no other. */
#define NP_FIELD_WHO_PREFIX NP_SPAN("nepho.")

enum { NP_FIELDS_MAX = 65536, NP_FIELD_NAME_MAX_BYTES = 1024 };

struct np_field_set;

/* A set that holds the fixed fields: 0 or -ENOMEM. */
NP_NODISCARD int np_field_set_new(struct np_field_set **out_set);
void np_field_set_free(struct np_field_set **set);

/* The id of `name` (case-sensitive), added where it is new: 0, -EINVAL (empty, too long), -E2BIG or -ENOMEM. */
NP_NODISCARD int np_field_intern(struct np_field_set *set, struct np_span name,
                                 np_field_id *out_field);

/* The id of `name`, or NP_FIELD_NONE where the set has no such field. */
np_field_id np_field_find(const struct np_field_set *set, struct np_span name);

/* The name of a field of the set; lives as long as the set, NUL-terminated. */
struct np_span np_field_name(const struct np_field_set *set, np_field_id field);

size_t np_field_count(const struct np_field_set *set);

struct np_interest;

/* Gives the set an interest, instead of the one that it had; *interest becomes NULL. */
void np_field_set_take_interest(struct np_field_set *set, struct np_interest **interest);

/* What rules want of which types of system calls; NULL = every field of all. */
const struct np_interest *np_field_set_interest(const struct np_field_set *set);
