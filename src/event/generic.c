/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects of a log source that the user names: no identity, a time where a usual member holds one. */
#include "event/event_internal.h"

/*
 * A number (whole part and fraction) as a time since 1970: seconds, milliseconds, microseconds or nanoseconds, told apart by
 * their size; each range is unambiguous from 1973 to 5138.
 */
static np_time_ns time_of_number(int64_t whole, double fraction)
{
    static const struct {
        int64_t below;
        int64_t ns; /* in one unit; 0 = too small to be a time */
    } units[] = {
        {100000000, 0},
        {100000000000, 1000000000},
        {100000000000000, 1000000},
        {100000000000000000, 1000},
        {INT64_MAX, 1},
    };
    size_t i = 0;
    while (whole >= units[i].below && i + 1 < NP_ARRAY_LEN(units))
        i++;
    np_time_ns time = 0;
    if (units[i].ns == 0 || __builtin_mul_overflow(whole, units[i].ns, &time) ||
        __builtin_add_overflow(time, (int64_t) (fraction * (double) units[i].ns), &time))
        return NP_TIME_NONE;
    return time;
}

static np_time_ns time_of_value(const struct np_value *value)
{
    np_time_ns time = NP_TIME_NONE;
    switch (value->kind) {
    case NP_VALUE_TEXT:
        return np_time_parse(value->text, &time) ? time : NP_TIME_NONE;
    case NP_VALUE_INT:
        return time_of_number(value->integer, 0);
    case NP_VALUE_DOUBLE:
        if (!(value->real >= 0 && value->real < 9e18))
            return NP_TIME_NONE;
        return time_of_number((int64_t) value->real, value->real - (double) (int64_t) value->real);
    default:
        return NP_TIME_NONE;
    }
}

np_time_ns np_generic_time(const struct np_value *values, size_t count)
{
    np_time_ns time = NP_TIME_NONE;
    for (size_t i = 0; i < count && time == NP_TIME_NONE; i++)
        time = time_of_value(&values[i]);
    return time;
}

void np_generic_begin(struct np_decoder *decoder)
{
    struct np_event *event = &decoder->event;
    event->kind = NP_EVENT_JSON;
    event->ops = &np_generic_ops;
    event->time = np_generic_time(np_extra(decoder, NP_EXTRA_TIME_FIRST),
                                  NP_EXTRA_TIME_LAST - NP_EXTRA_TIME_FIRST + 1);
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    (void) event; /* a log of an unknown kind says nothing that is certain */
    *out_brief = (struct np_event_brief){.outcome = NP_SPAN("ok")};
}

const struct np_event_ops np_generic_ops = {
    .load = np_json_event_load,
    .each_text = np_json_event_each_text,
    .object_texts = np_json_event_object_texts,
    .brief = brief,
};
