/* SPDX-License-Identifier: Apache-2.0 */
/* The sinks that sink.c lists, one file each. */
#pragma once

#include "sink/sink.h"

extern const struct np_sink_ops np_sink_table;
extern const struct np_sink_ops np_sink_ndjson;
extern const struct np_sink_ops np_sink_csv;
extern const struct np_sink_ops np_sink_navigator;
extern const struct np_sink_ops np_sink_falco;
