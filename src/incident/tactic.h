/* SPDX-License-Identifier: Apache-2.0 */
/* The tactics of ATT&CK (attack.mitre.org, Enterprise matrix), in the order in which an attack usually goes. */
#pragma once

#include "base/span.h"

enum np_tactic {
    NP_TACTIC_NONE,
    NP_TACTIC_INITIAL_ACCESS,
    NP_TACTIC_DISCOVERY,
    NP_TACTIC_CREDENTIAL_ACCESS,
    NP_TACTIC_LATERAL_MOVEMENT,
    NP_TACTIC_EXECUTION,
    NP_TACTIC_PRIVILEGE_ESCALATION,
    NP_TACTIC_PERSISTENCE,
    NP_TACTIC_DEFENSE_EVASION,
    NP_TACTIC_COLLECTION,
    NP_TACTIC_EXFILTRATION,
    NP_TACTIC_IMPACT,
    NP_TACTIC_MAX
};

/* "privilege-escalation", as in ATT&CK tags; "" for none. */
const char *np_tactic_name(enum np_tactic tactic);

/* Reads such a name; NP_TACTIC_NONE where it is none. */
enum np_tactic np_tactic_parse(struct np_span name);
