/* SPDX-License-Identifier: Apache-2.0 */
/* Who plays: the members of a scenario's cast, drawn from the world or new, in the accounts that it asks for. */
#pragma once

#include "simulate/member.h"

struct np_cast_source {
    const struct np_accounts *accounts;
    const struct np_scenario *scenario;
    uint64_t seed; /* of the play */
    uint32_t home; /* its account */
    np_time_ns now;
};

/* The members, and the attributes of each again as texts are filled from them. */
struct np_cast {
    struct np_member *members;
    const struct np_span **attributes;
    size_t count;
};

/*
 * Makes all members. The cast and what it points to live in `arena`; `scratch` is emptied. 0, -ENOMEM or -E2BIG.
 */
NP_NODISCARD int np_cast_make(struct np_cast *out_cast, const struct np_cast_source *source,
                              struct np_arena *arena, struct np_buf *scratch);
