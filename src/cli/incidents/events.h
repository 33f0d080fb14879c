/* SPDX-License-Identifier: Apache-2.0 */
/* The events of an incident as their records say: read again, since an incident keeps ids alone. */
#pragma once

#include "cli/incidents/gather.h"

/* One event of the incident; of one whose record was not met again, nothing but the id is known. */
struct np_incident_event {
    struct np_span id;
    size_t step; /* index in the incident; its number of steps where no step names it */
    bool is_known;
    np_time_ns time;
    struct np_event_brief brief;
    struct np_origin origin;
};

struct np_incident_events {
    NP_VEC(struct np_incident_event) items; /* in the order of the incident */
    struct np_map index;                    /* id -> number in `items` */
    struct np_arena texts;
};

/*
 * Reads the input of the run again, which may not be standard input, and fills in the events of `incident` (borrowed): 0 or negative
 * with the mistake in `err`. np_incident_events_done() in any case.
 */
NP_NODISCARD int np_incident_events_read(struct np_incident_events *out_events,
                                         const struct np_gathered *gathered,
                                         const struct np_incident *incident, struct np_err *err);
void np_incident_events_done(struct np_incident_events *events);

/* Whether the operands after the first `skip` can be read twice. */
bool np_incident_events_can_read(const struct np_args *args, size_t skip);

/* Writes a row for each: 0, -ENOMEM or the error of the output. */
NP_NODISCARD int np_incident_events_table(const struct np_incident_events *events,
                                          const struct np_incident *incident,
                                          const struct np_sink_params *params, struct np_err *err);

/* Writes a line `incident_event` for each. */
NP_NODISCARD int np_incident_events_ndjson(const struct np_incident_events *events,
                                           const struct np_incident *incident, struct np_out *out,
                                           struct np_err *err);
