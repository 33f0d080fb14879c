/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that a command about rules looks at: every event of INPUT, and what could not be read. */
#pragma once

#include "cli/rules/loaded.h"
#include "engine/each.h"

struct np_logs {
    struct np_decode_plan *plan;
    struct np_source *source;
    struct np_tally tally;
    uint64_t events; /* seen so far */
};

/*
 * Opens what the operands name, to be read for the fields of the loaded rules: 0, or negative with
 * the mistake in `err`, `*out_status` then being the exit status. np_logs_done() in any case.
 */
NP_NODISCARD int np_logs_open(struct np_logs *out_logs, const struct np_args *args,
                              const struct np_loaded *loaded, int *out_status, struct np_err *err);
void np_logs_done(struct np_logs *logs);

/* Names on stderr what could not be read: some of it, and how much more. Sorts the tally. */
void np_logs_tell_skipped(struct np_tally *tally);

/*
 * Calls `fn` with each event until it returns anything but 0. What could not be read is told on
 * stderr. 0, what `fn` returned, or a negative errno with `err`.
 */
NP_NODISCARD int np_logs_each(struct np_logs *logs,
                              int (*fn)(void *context, struct np_event *event), void *context,
                              struct np_err *err);
