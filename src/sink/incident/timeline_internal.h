/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a timeline: see timeline.h. */
#pragma once

#include "sink/incident/credentials.h"
#include "sink/incident/timeline.h"
#include "sink/terminal.h"

/* The colour of a credential; of SIZE_MAX, that of what is no credential's. NULL = none. */
const char *np_timeline_colour(const struct np_sink_params *params, size_t credential);

enum { NP_CLOCK_AT = 11 }; /* where the time of day stands in a time */

/* A length of time: "2:50", "1:02:03", "3d 04:05". */
void np_timeline_duration(char out_text[NP_OFFSET_BYTES], double seconds);

/* The lines of what happened when, when it could be known, and what the logs' way cost. */
void np_timeline_clock(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look);

/* The lines of the actor's credentials. */
void np_timeline_chain(struct np_buf *buf, const struct np_credentials *credentials,
                       const struct np_timeline_look *look);

/* The lines of the steps, with their titles. */
void np_timeline_steps(struct np_buf *buf, const struct np_credentials *credentials,
                       const struct np_timeline_look *look);
