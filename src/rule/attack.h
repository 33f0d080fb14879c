/* SPDX-License-Identifier: Apache-2.0 */
/* Tags that speak of MITRE ATT&CK: "attack.t1078.004", "attack.initial-access". */
#pragma once

#include "base/span.h"

/* The id of a technique or sub-technique as ATT&CK writes it, e.g. "T1078.004". */
struct np_attack_id {
    char text[12];
};

/* Whether the tag names a technique, in any case, and which. */
bool np_attack_technique(struct np_span tag, struct np_attack_id *out_id);

/*
 * Whether `name`, what stands behind "attack." in a tag, is a tactic of the enterprise matrix or
 * has the form of an id. Words may be joined by '-' or, as in older rules, by '_'.
 */
bool np_attack_is_known(struct np_span name);

/* The tactic whose name is nearest to `name`; NULL where none is near. */
const char *np_attack_nearest(struct np_span name);
