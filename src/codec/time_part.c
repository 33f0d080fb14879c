/* SPDX-License-Identifier: Apache-2.0 */
/* See time_part.h. */
#include "codec/time_part.h"

#include <time.h>

#include "base/time.h"
#include "codec/number.h"

/* Numbers of ten digits, and what lies between the units. */
#define SECONDS_MIN   UINT64_C(1000000000)
#define SECONDS_END   UINT64_C(10000000000)
#define UNITS_BETWEEN 1000

static const struct {
    const char *name;
    int least;
    int greatest;
} parts[NP_TIME_PART_MAX] = {
    [NP_TIME_MINUTE] = {"minute", 0, 59}, [NP_TIME_HOUR] = {"hour", 0, 23},
    [NP_TIME_DAY] = {"day", 1, 31},       [NP_TIME_WEEK] = {"week", 1, 53},
    [NP_TIME_MONTH] = {"month", 1, 12},   [NP_TIME_YEAR] = {"year", 1, 9999},
};

const char *np_time_part_name(enum np_time_part part)
{
    return parts[part].name;
}

int np_time_part_least(enum np_time_part part)
{
    return parts[part].least;
}

int np_time_part_greatest(enum np_time_part part)
{
    return parts[part].greatest;
}

#define TWO_TO_64 18446744073709551616.0

/* The whole part of a number that is positive; false where it is not, or beyond 64 bits. */
static bool whole_part(struct np_number number, uint64_t *out_whole)
{
    switch (number.kind) {
    case NP_NUMBER_INT:
        *out_whole = (uint64_t) number.integer;
        return number.integer > 0;
    case NP_NUMBER_UINT:
        *out_whole = number.uinteger;
        return true;
    case NP_NUMBER_DOUBLE:
        break;
    }
    if (!(number.real > 0 && number.real < TWO_TO_64))
        return false;
    *out_whole = (uint64_t) number.real;
    return true;
}

static bool seconds_of_number(struct np_number number, int64_t *out_seconds)
{
    uint64_t seconds = 0;
    if (!whole_part(number, &seconds))
        return false;
    for (int unit = 0; unit < 4; unit++) {
        if (seconds >= SECONDS_MIN && seconds < SECONDS_END) {
            *out_seconds = (int64_t) seconds;
            return true;
        }
        seconds /= UNITS_BETWEEN;
    }
    return false;
}

static bool seconds_of_value(const struct np_value *value, int64_t *out_seconds)
{
    struct np_number number;
    np_time_ns time = 0;
    if (value->kind != NP_VALUE_TEXT ||
        (!np_time_parse(value->text, &time) && !np_time_parse_date(value->text, &time)))
        return np_number_of_value(value, &number) && seconds_of_number(number, out_seconds);
    int64_t seconds = time / NP_NS_PER_S;
    *out_seconds = time % NP_NS_PER_S < 0 ? seconds - 1 : seconds;
    return true;
}

static int days_in(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365;
}

/* A week belongs to the year in which its Thursday lies. */
static int week_of(const struct tm *tm)
{
    int year = tm->tm_year + 1900;
    int monday = tm->tm_yday - (tm->tm_wday + 6) % 7;
    int thursday = monday + 3;
    if (thursday < 0)
        thursday += days_in(year - 1);
    else if (thursday >= days_in(year))
        thursday -= days_in(year);
    return thursday / 7 + 1;
}

bool np_time_part_of_value(const struct np_value *value, enum np_time_part part, int *out_number)
{
    int64_t seconds = 0;
    struct tm tm;
    if (!seconds_of_value(value, &seconds))
        return false;
    time_t time = (time_t) seconds;
    if (gmtime_r(&time, &tm) == NULL)
        return false;
    const int numbers[NP_TIME_PART_MAX] = {
        [NP_TIME_MINUTE] = tm.tm_min,    [NP_TIME_HOUR] = tm.tm_hour,
        [NP_TIME_DAY] = tm.tm_mday,      [NP_TIME_WEEK] = week_of(&tm),
        [NP_TIME_MONTH] = tm.tm_mon + 1, [NP_TIME_YEAR] = tm.tm_year + 1900,
    };
    *out_number = numbers[part];
    return true;
}
