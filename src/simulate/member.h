/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A member of a cast: a user, a role, a session, a place, a thing, with its attributes as text.
 *
 * Entries of pools are virtual: entry i of a pool in an account is made anew from the seed each time it is drawn, and
 * always comes out the same, so that the size of the world costs no memory.
 */
#pragma once

#include "base/arena.h"
#include "base/time.h"
#include "simulate/accounts.h"
#include "simulate/scenario.h"

struct np_member {
    enum np_member_is is;
    uint16_t attribute_count;
    uint32_t account;                 /* its number; NP_ACCOUNT_NONE = it belongs to none */
    uint32_t entry;                   /* index in its pool; of a new one 0 */
    const struct np_pool *pool;       /* NULL = new */
    const struct np_member *of;       /* an earlier one of the cast; NULL = none */
    np_time_ns since;                 /* of a session: when it began */
    const struct np_span *attributes; /* the fixed ones, then its own; absent ones are empty */
};

static inline struct np_span np_member_attribute(const struct np_member *member, size_t index)
{
    return index < member->attribute_count ? member->attributes[index] : (struct np_span){};
}

/* What a member is made from. */
struct np_member_source {
    uint64_t seed; /* of the member: the same seed gives the same member */
    const struct np_accounts *accounts;
    const struct np_entry *entry;
    const struct np_span *const
        *cast; /* attributes of those made so far; NULL for an entry of a pool */
    const struct np_member *of;
    struct np_span region; /* home of its account */
    np_time_ns now;
    uint32_t account;
    uint32_t index; /* ${n} */
};

/* Makes a member; its texts live in `arena`, `scratch` is emptied. 0, -ENOMEM or -E2BIG. */
NP_NODISCARD int np_member_make(struct np_member *out_member, const struct np_member_source *source,
                                struct np_arena *arena, struct np_buf *scratch);
