/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping acts: their names are held as long as the deed. */
#pragma once

#include "incident/story.h"

/* The deed of an act, not yet held: 0 or -ENOMEM. */
NP_NODISCARD int np_deed_make(struct np_deed *out_deed, struct np_names *names,
                              const struct np_act *act, struct np_call_meaning meaning,
                              struct np_signals signals);
void np_deed_release(struct np_deed *deed, struct np_names *names);

/* Its memory, about, with its share of the names. */
size_t np_deed_bytes(const struct np_deed *deed);

static inline bool np_deed_is_special(const struct np_deed *deed)
{
    return deed->weight != NP_WEIGHT_ORDINARY || (deed->flags & NP_ACT_REFUSED) != 0 ||
           deed->level >= NP_LEVEL_LOW;
}
