/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run over logs as the options ask for it: settings, rules, input, progress, the engine, and what it comes to as an exit
 * status. `detect` and `incidents` are this with different sinks.
 */
#pragma once

#include "cli/config/config.h"
#include "cli/outputs.h"
#include "cli/settings.h"
#include "sink/progress.h"

/* Everything that one run owns, but the sinks. */
struct np_hunt {
    const struct np_args *args;
    struct np_detect_settings settings;
    struct np_field_set *fields;
    struct np_config config;
    struct np_rule_set *rules;
    NP_VEC(const struct np_rule_info *) silent; /* behaviours that are excluded */
    struct np_tactics *tactics;                 /* where incidents are looked for */
    struct np_endpoints *endpoints;
    struct np_decode_plan *plan;
    struct np_screen *screen; /* of the source */
    struct np_source *source;
    struct np_span explain; /* the id of an event whose fate is wanted; empty = none */
    struct np_outputs outputs;
    struct np_progress progress; /* where settings.progress is on */
    uint64_t findings_shown;     /* written out so far */
    struct np_engine_result result;
};

/* What a command's run differs in. */
struct np_hunt_params {
    const char *const *paths; /* of the input */
    size_t path_count;
    const char *const *formats; /* that -o may name; the first is used without -o */
    size_t format_count;
};

/*
 * Reads the options, loads rules, opens input and outputs, in the order in which a user would want to hear of mistakes. Returns
 * NP_EXIT_OK, or the status of what went wrong, which is told. np_hunt_done() in any case.
 */
NP_NODISCARD int np_hunt_open(struct np_hunt *out_hunt, const struct np_args *args,
                              const struct np_hunt_params *params);

/*
 * Runs to the end of the input, or to an interrupt, telling `sinks` findings and incidents: 0, or a negative errno with `err`. The
 * result is valid in both cases.
 */
NP_NODISCARD int np_hunt_run(struct np_hunt *hunt, struct np_sink *const *sinks, size_t sink_count,
                             struct np_err *err);

/* The exit status of what np_hunt_run() and what came after it returned; an error is told. */
int np_hunt_status(const struct np_hunt *hunt, int r, const struct np_err *err);

void np_hunt_done(struct np_hunt *hunt);
