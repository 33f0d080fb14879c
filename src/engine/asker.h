/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks the rules that want to know who acted. A worker finds that a record has what such a rule asks of a record; the act carries the
 * record and the rule's number until its turn has come and its insight is there. Then the record is decoded once more,
 * the `nepho.*` fields are set, and the rule's whole condition is evaluated. So such records alone are kept, and read twice.
 */
#pragma once

#include "actor/actor.h"
#include "engine/engine.h"
#include "engine/held.h"

struct np_asker;

/* An act with rules to be asked, and what became known of it. */
struct np_asked {
    const struct np_held *held;
    struct np_span object; /* NUL-terminated; where the record stands */
    const struct np_insight *insight;
    struct np_span root; /* principal of the actor's first thread; empty = not known */
    struct np_call_meaning meaning;
    bool is_late;
};

/* For the rules, fields and decode plan of a run, borrowed: 0 or -ENOMEM. */
NP_NODISCARD int np_asker_new(struct np_asker **out_asker, const struct np_engine_params *params);
void np_asker_free(struct np_asker **asker);

/* Takes up an act, whose `held` is borrowed until the last answer: 1, 0 where its record cannot be read again, or -ENOMEM. */
NP_NODISCARD int np_asker_begin(struct np_asker *asker, const struct np_asked *asked);

/* The next finding of its rules, which lives until the next begin: 1, 0 where there is no more, or -ENOMEM. */
NP_NODISCARD int np_asker_next(struct np_asker *asker, struct np_finding **out_finding);

/* For its limits. */
const struct np_matcher *np_asker_matcher(const struct np_asker *asker);
