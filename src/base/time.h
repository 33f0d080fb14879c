/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time of events: one type, nanoseconds since 1970 in UTC. Texts follow RFC 3339. The clock of the
 * host has a type of its own, so that the two are never mixed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

typedef int64_t np_time_ns;
typedef int64_t np_mono_ns;

#define NP_TIME_NONE  INT64_MIN /* "not known", as event time */
#define NP_NS_PER_S   INT64_C(1000000000)
#define NP_NS_PER_MIN (60 * NP_NS_PER_S)

enum { NP_TIME_TEXT_BYTES = 40 };

/*
 * Reads an RFC 3339 time: date, `T` or a blank, time, optional fraction (cut after nanoseconds),
 * then `Z`, an offset, or nothing (UTC). Returns false and leaves `*out_time` alone where the text
 * is no such time or its year is outside 1678..2261.
 */
bool np_time_parse(struct np_span text, np_time_ns *out_time);

/* Reads a date, `YYYY-MM-DD`, as its first second in UTC; else as above. */
bool np_time_parse_date(struct np_span text, np_time_ns *out_time);

/*
 * Reads a time as a user gives it: RFC 3339, a date (its first second), or the seconds since 1970.
 * The error names the accepted forms.
 */
NP_NODISCARD int np_time_parse_user(np_time_ns *out_time, struct np_span text, struct np_err *err);

/*
 * Writes `time` as RFC 3339 in UTC with a `Z`, the fraction only where there is one; "-" for
 * NP_TIME_NONE.
 */
void np_time_format(char out_text[NP_TIME_TEXT_BYTES], np_time_ns time);

/*
 * Writes "2023-07-10 11:45:01" in the process's local zone (TZ), cut to seconds; "-" for
 * NP_TIME_NONE.
 */
void np_time_format_local(char out_text[NP_TIME_TEXT_BYTES], np_time_ns time);

/*
 * The time of a UTC date and time; months and days count from 1. Any proleptic Gregorian year
 * within range.
 */
np_time_ns np_time_of_utc(int year, int month, int day, int hour, int minute, int second);

/* The host's monotonic clock. */
np_mono_ns np_mono_now(void);
