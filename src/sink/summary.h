/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads last: five lines that say what was read, what was found, by whom, what is
 * missing from that, and what to do next. Each is one line of the given width.
 */
#pragma once

#include "base/buf.h"
#include "sink/rollup.h"
#include "sink/sink.h"

/* Appends the five lines; errors stay in the buffer. */
void np_summary_write(struct np_buf *buf, const struct np_summary *summary,
                      const struct np_rollup_tops *tops, const struct np_sink_params *params);
