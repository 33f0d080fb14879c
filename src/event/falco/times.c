/* SPDX-License-Identifier: Apache-2.0 */
/* Times as Falco's fields write them. */
#include "event/falco/times.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/* Writes a form that is a date or a time of day; returns its length. */
static size_t write_calendar(char *out, size_t size, enum np_falco_time_form form, int64_t seconds,
                             int64_t nanoseconds)
{
    struct tm parts;
    time_t at = (time_t) seconds;
    if (gmtime_r(&at, &parts) == NULL)
        return 0;
    bool is_iso = form == NP_FALCO_TIME_ISO;
    bool has_date = is_iso || form == NP_FALCO_TIME_DATE || form == NP_FALCO_TIME_DATE_S;
    bool has_fraction = is_iso || form == NP_FALCO_TIME_CLOCK || form == NP_FALCO_TIME_DATE;
    size_t len = 0;
    if (has_date)
        len = strftime(out, size, is_iso ? "%Y-%m-%dT" : "%Y-%m-%d ", &parts);
    len += strftime(out + len, size - len, "%H:%M:%S", &parts);
    if (has_fraction)
        len += (size_t) snprintf(out + len, size - len, ".%09" PRId64 "%s", nanoseconds,
                                 is_iso ? "+0000" : "");
    return len;
}

int np_falco_time_value(enum np_falco_time_form form, np_time_ns time, struct np_arena *arena,
                        struct np_value *out_value)
{
    char text[NP_TIME_TEXT_BYTES];
    *out_value = (struct np_value){};
    if (time == NP_TIME_NONE)
        return 0;
    int64_t nanoseconds = time % NP_NS_PER_S;
    int64_t seconds = time / NP_NS_PER_S - (nanoseconds < 0);
    nanoseconds += nanoseconds < 0 ? NP_NS_PER_S : 0;
    int64_t number = time;
    size_t len = 0;
    if (form == NP_FALCO_TIME_RAW_S)
        number = seconds;
    else if (form == NP_FALCO_TIME_RAW_NS)
        number = nanoseconds;
    if (form < NP_FALCO_TIME_RAW)
        len = write_calendar(text, sizeof(text), form, seconds, nanoseconds);
    else
        len = (size_t) snprintf(text, sizeof(text), "%0*" PRId64,
                                form == NP_FALCO_TIME_RAW_NS ? 9 : 0, number);
    struct np_span span = np_span_make(text, len);
    if (np_arena_keep(arena, &span) < 0)
        return -ENOMEM;
    *out_value = (struct np_value){.kind = NP_VALUE_INT, .text = span, .integer = number};
    return 0;
}
