/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The finding of a behaviour on an act. It says what the finding of a rule would say as far as an act knows it, and its id is
 * made alike. It borrows its texts: from the act, and those that are put together from here.
 */
#pragma once

#include "engine/held.h"

struct np_shown {
    struct np_buf id; /* what the finding's id is made of */
    struct np_buf message;
    struct np_buf source;
};

struct np_shown_act {
    const struct np_held *held;
    const struct np_act *act; /* of it */
    struct np_span object;    /* NUL-terminated; where the record stands */
};

void np_shown_init(struct np_shown *shown);
void np_shown_done(struct np_shown *shown);

/* Makes the finding, which lives until the next: 0 or -ENOMEM. */
NP_NODISCARD int np_shown_make(struct np_shown *shown, const struct np_shown_act *act,
                               const struct np_rule_info *rule, struct np_finding *out_finding);
