/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Behaviours that no single record shows: decided from acts in their order, with what is known of the actor. Each has an id
 * and a level like a rule, and gives findings like one, with `nepho.` before its id. Silent under --no-default-rules.
 * To add one: a line in behaviours.def, its function, a hit and near misses in tests/e2e/behaviours.py; then `make doc`.
 */
#pragma once

#include "actor/actor.h"
#include "incident/incoming.h"
#include "rule/finding.h"

struct np_behaviours;

struct np_behaviours_params {
    struct np_names *names;
    struct np_actors *actors;
};

NP_NODISCARD int np_behaviours_new(struct np_behaviours **out_behaviours,
                                   const struct np_behaviours_params *params);
void np_behaviours_free(struct np_behaviours **behaviours);

enum { NP_BEHAVIOURS_AT_ONCE = 8 };

/* Whether an actor was out of place within the last hours, so that all its acts are looked at. */
bool np_behaviours_watches(const struct np_behaviours *behaviours, np_thread_id actor,
                           np_time_ns now);

/*
 * What the act shows together with those before it; each behaviour once an actor and hour. Writes rules that live as long
 * as `behaviours` and returns how many, or -ENOMEM.
 */
NP_NODISCARD int np_behaviours_take(struct np_behaviours *behaviours,
                                    const struct np_incoming *incoming,
                                    const struct np_rule_info *out_rules[NP_BEHAVIOURS_AT_ONCE]);

struct np_behaviour {
    struct np_rule_info rule; /* that its findings name */
    const char *says;
    const char *innocent; /* what often turns out to be behind it */
};

/* All of them, for who lists them and leaves them out by name. */
const struct np_behaviour *np_behaviours_all(size_t *out_count);
