/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all our lines of JSON have in common: how they begin and end, and how they say times, hashes, events and origins. Errors
 * stay in the buffer.
 */
#pragma once

#include "base/hash.h"
#include "codec/json/write.h"
#include "event/event.h"

/* Begins an output line of that kind at the end of `buf`; np_line_end() closes it and ends the line. */
void np_line_begin(struct np_json_writer *json, struct np_buf *buf, const char *kind);
void np_line_end(struct np_json_writer *json);

/* A time; null for NP_TIME_NONE. */
void np_line_time(struct np_json_writer *json, const char *key, np_time_ns time);

/* 32 hex digits. */
void np_line_hash(struct np_json_writer *json, const char *key, struct np_hash128 hash);

/* The members from "name" to "outcome". */
void np_line_brief(struct np_json_writer *json, const struct np_event_brief *brief);

/* The member "origin". */
void np_line_origin(struct np_json_writer *json, const struct np_origin *origin);
