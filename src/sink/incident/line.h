/* SPDX-License-Identifier: Apache-2.0 */
/* An incident as the line `incident` of docs/reference/output.md. */
#pragma once

#include "base/buf.h"
#include "incident/incident.h"

/* Appends the line with its newline; errors stay in the buffer. */
void np_incident_line(struct np_buf *buf, const struct np_incident *incident);
