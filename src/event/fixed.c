/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds take from the fixed fields of a record that has just been read. */
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

np_time_ns np_json_time(const struct np_value *values, size_t count)
{
    np_time_ns time = NP_TIME_NONE;
    for (size_t i = 0; i < count && time == NP_TIME_NONE; i++)
        time = time_of_value(&values[i]);
    return time;
}

struct np_span np_fixed_text(const struct np_decoder *decoder, np_field_id field)
{
    const struct np_value *value = np_fixed(decoder, field);
    if (value->kind == NP_VALUE_LIST && value->count > 0)
        value = &value->items[0];
    return np_value_has_text(value) ? value->text : (struct np_span){};
}

struct np_span np_fixed_first(const struct np_decoder *decoder, const np_field_id *fields,
                              size_t count)
{
    struct np_span text = {};
    for (size_t i = 0; i < count && text.len == 0; i++)
        text = np_fixed_text(decoder, fields[i]);
    return text;
}

np_time_ns np_fixed_time(const struct np_decoder *decoder, const np_field_id *fields, size_t count)
{
    np_time_ns time = NP_TIME_NONE;
    for (size_t i = 0; i < count && time == NP_TIME_NONE; i++)
        time = np_json_time(np_fixed(decoder, fields[i]), 1);
    return time;
}

bool np_fixed_key(const struct np_event *event, const np_field_id *fields, size_t count,
                  struct np_hash128 *out_key)
{
    uint64_t seed = (uint64_t) event->kind;
    struct np_span last = {};
    for (size_t i = 0; i < count; i++) {
        last = np_fixed_text(event->decoder, fields[i]);
        if (last.len == 0)
            return false;
        if (i + 1 < count)
            seed = np_hash64(last, seed);
    }
    *out_key = np_hash128(last, seed);
    return true;
}
