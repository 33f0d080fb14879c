/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every event of a source, one after the other in the caller's thread: for those who look at
 * events rather than search them. Events that were delivered before are left out, as in a run.
 */
#pragma once

#include "engine/engine.h"

struct np_each {
    struct np_source *source;
    const struct np_decode_plan *plan;
    /* Called with each event, which lives until the next; anything but 0 ends the walk. */
    int (*fn)(void *context, struct np_event *event);
    void *context;
};

/*
 * Walks to the end of the source: 0, what `fn` ended it with, or a negative errno with `err` where
 * it could not go on. What could not be read is added to `tally` in all cases.
 */
NP_NODISCARD int np_engine_each(const struct np_each *each, struct np_tally *tally,
                                struct np_err *err);
