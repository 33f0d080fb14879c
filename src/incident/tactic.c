/* SPDX-License-Identifier: Apache-2.0 */
/* Names of tactics: see tactic.h. */
#include "incident/tactic.h"

#include <stddef.h>
#include <string.h>

static const char *const names[NP_TACTIC_MAX] = {
    [NP_TACTIC_NONE] = "",
    [NP_TACTIC_INITIAL_ACCESS] = "initial-access",
    [NP_TACTIC_DISCOVERY] = "discovery",
    [NP_TACTIC_CREDENTIAL_ACCESS] = "credential-access",
    [NP_TACTIC_LATERAL_MOVEMENT] = "lateral-movement",
    [NP_TACTIC_EXECUTION] = "execution",
    [NP_TACTIC_PRIVILEGE_ESCALATION] = "privilege-escalation",
    [NP_TACTIC_PERSISTENCE] = "persistence",
    [NP_TACTIC_DEFENSE_EVASION] = "defense-evasion",
    [NP_TACTIC_COLLECTION] = "collection",
    [NP_TACTIC_EXFILTRATION] = "exfiltration",
    [NP_TACTIC_IMPACT] = "impact",
};

const char *np_tactic_name(enum np_tactic tactic)
{
    return names[tactic];
}

enum np_tactic np_tactic_parse(struct np_span name)
{
    for (size_t i = NP_TACTIC_NONE + 1; i < NP_TACTIC_MAX; i++) {
        if (np_span_is(name, names[i]))
            return (enum np_tactic) i;
    }
    return NP_TACTIC_NONE;
}
