/* SPDX-License-Identifier: Apache-2.0 */
/* The incidents of a run, to be looked at when it has ended: what `incidents list` and `show` begin with. */
#pragma once

#include "cli/hunt.h"
#include "sink/incident/store.h"

struct np_gathered {
    struct np_hunt hunt;
    struct np_incident_store incidents; /* the last revision of each, in the order of reading */
};

/*
 * Runs over what the operands after the first `skip` name. `explain` is the id of an event whose fate is asked for, empty = none.
 * Returns NP_EXIT_OK, or the status of what went wrong, which is told. np_gathered_done() in any case.
 */
NP_NODISCARD int np_gathered_run(struct np_gathered *out_gathered, const struct np_args *args,
                                 size_t skip, struct np_span explain);
void np_gathered_done(struct np_gathered *gathered);

/* How an output of the command wants things shown. */
struct np_sink_params np_gathered_look(const struct np_gathered *gathered,
                                       const struct np_output *output);
