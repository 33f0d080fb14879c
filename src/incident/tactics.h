/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an API call is for: the table rules/aws/tactics.tsv, which travels inside the program. A call that it does not
 * name is judged by its verb, and that is marked as guessed.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "incident/tactic.h"

/* How much a call says about its caller. */
enum np_weight {
    NP_WEIGHT_ORDINARY,  /* everybody's reads and writes */
    NP_WEIGHT_TELLING,   /* attackers do it early; so do others: who am I, list all, quotas */
    NP_WEIGHT_SENSITIVE, /* reads secrets, takes on a role, changes rights, guards or data's reach */
    NP_WEIGHT_MAX
};

struct np_call_meaning {
    enum np_tactic tactic;
    enum np_weight weight;
    bool guessed;
};

struct np_tactics;

/*
 * Reads the table: lines of SERVICE, API (without its date), TACTIC, WEIGHT between tabs; '#' begins a comment. -EINVAL with
 * `err` (line and reason), -ENOMEM.
 */
NP_NODISCARD int np_tactics_load(struct np_tactics **out_tactics, struct np_span text,
                                 struct np_err *err);
void np_tactics_free(struct np_tactics **tactics);

/* The meaning of a call, as its name is logged. */
struct np_call_meaning np_tactics_of(const struct np_tactics *tactics, struct np_span service,
                                     struct np_span api, bool reads);
