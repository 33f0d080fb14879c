/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of a time, as numbers, from a value that holds a time in one of the ways in which records
 * write it.
 */
#pragma once

#include "codec/value.h"

enum np_time_part {
    NP_TIME_MINUTE,
    NP_TIME_HOUR,
    NP_TIME_DAY,  /* of the month, from 1 */
    NP_TIME_WEEK, /* ISO 8601: from 1; begins on Monday; a year's first holds its first Thursday */
    NP_TIME_MONTH,
    NP_TIME_YEAR,
    NP_TIME_PART_MAX
};

/* "minute", "hour" ... */
const char *np_time_part_name(enum np_time_part part);

/* The least and the greatest number that a part can be. */
int np_time_part_least(enum np_time_part part);
int np_time_part_greatest(enum np_time_part part);

/*
 * The part, in UTC, of the time that `value` is; false where it is none. A text is read as RFC 3339
 * (base/time.h) or as a date. A number, and a text of one, counts from 1970; its whole part says
 * the unit: 10 digits are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds. So it means a
 * time from September 2001 on; any other number is a count of something else.
 */
bool np_time_part_of_value(const struct np_value *value, enum np_time_part part, int *out_number);
