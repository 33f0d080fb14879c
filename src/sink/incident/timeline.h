/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An incident for a person at a terminal: who, from which credential through which hops, what at which minute, what was reached,
 * why it is one story, what cannot be seen, and what to do next. One line a step, in columns; the credential that did it stands
 * in the margin as a letter on its own lane, and a lane branches off where one credential gave the other.
 *
 *   AFTER  BY   TACTIC      ACTION
 *   +0:00  a    discovery   sts:GetCallerIdentity
 *   +2:20  +-b  escalation  cloudformation:CreateStack
 *
 * Everything shown is made safe (escape.h); lines fit the width, but for commands, which are for copying.
 */
#pragma once

#include "incident/incident.h"
#include "sink/sink.h"

struct np_timeline_look {
    const struct np_sink_params *params;
    const char *id;       /* as it is shown */
    const char *whole_id; /* of the incident that it is part of, where it is */
    size_t steps_max;     /* the most telling ones where there are more; 0 = all */
    bool says_how;        /* ends with the command that shows more */
};

enum { NP_TIMELINE_STEPS = 40 };

/* Appends the incident, of one that is part of another only the head; errors stay in the buffer. */
void np_timeline_write(struct np_buf *buf, const struct np_incident *incident,
                       const struct np_timeline_look *look);

enum { NP_OFFSET_BYTES = 32 };

/* "+2:20", "+1:02:03", "+3d 04:05": seconds after the first use; "-" in front for what was before it. */
void np_timeline_offset(char out_text[NP_OFFSET_BYTES], double seconds);
