/* SPDX-License-Identifier: Apache-2.0 */
/* An act on its way to behaviours and stories, with what is known of it. */
#pragma once

#include "actor/actor.h"
#include "incident/tactics.h"

struct np_incoming {
    const struct np_act *act;
    const struct np_insight *insight;
    struct np_call_meaning meaning;
};
