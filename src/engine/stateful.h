/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stateful step: acts from the hold, in the order of event time, to actors, behaviours and stories. One writer: it runs
 * inside the ordered step.
 */
#pragma once

#include "engine/engine.h"
#include "engine/held.h"

struct np_stateful;

struct np_stateful_params {
    const struct np_engine_params *engine; /* with `incidents` */
    /* Take what was found; each is borrowed during the call. Negative ends the run. */
    int (*tell_finding)(void *context, struct np_finding *finding, struct np_err *err);
    int (*tell_incident)(void *context, const struct np_incident *incident, struct np_err *err);
    void *context;
};

NP_NODISCARD int np_stateful_new(struct np_stateful **out_stateful,
                                 const struct np_stateful_params *params);
void np_stateful_free(struct np_stateful **stateful);

/* Says of which object the acts are that follow. */
void np_stateful_begin_object(struct np_stateful *stateful, const char *object);

/* Takes a packed act: it is copied, or told on at once. Changes `held->object`. */
NP_NODISCARD int np_stateful_take(struct np_stateful *stateful, struct np_held *held,
                                  struct np_err *err);

/* Tells all that is still to be told, at the end of the input. */
NP_NODISCARD int np_stateful_finish(struct np_stateful *stateful, struct np_err *err);

/* Appends what there is to say of the event of `explain` to `buf`: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_stateful_explain(const struct np_stateful *stateful, struct np_buf *buf);

/* The matcher of rules that ask who acted, for its limits; NULL where there are none. */
const struct np_matcher *np_stateful_matcher(const struct np_stateful *stateful);

enum { NP_STATEFUL_LIMITS_MAX = 8 };

/* The limits that were reached; returns how many. */
size_t np_stateful_limits(const struct np_stateful *stateful,
                          struct np_limit out_limits[NP_STATEFUL_LIMITS_MAX]);
