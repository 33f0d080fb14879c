/* SPDX-License-Identifier: Apache-2.0 */
/* Each value is read whole: what does not fit the form is refused, so that no mistyped figure passes. */
#include "simulate/value.h"

#include "base/suggest.h"
#include "base/time.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool np_value_read_count(struct np_span text, int64_t max, int64_t *out_number)
{
    int64_t number = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]) || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, text.ptr[i] - '0', &number))
            return false;
    }
    *out_number = number;
    return number <= max;
}

/* Nanoseconds of a unit; 0 where it is none. */
static int64_t unit_ns(char unit)
{
    switch (unit) {
    case 's':
        return NP_NS_PER_S;
    case 'm':
        return NP_NS_PER_MIN;
    case 'h':
        return 60 * NP_NS_PER_MIN;
    case 'd':
        return 24 * 60 * NP_NS_PER_MIN;
    default:
        return 0;
    }
}

bool np_value_read_duration(struct np_span text, int64_t *out_ns)
{
    static const int64_t max_ns = INT64_C(36500) * 24 * 60 * NP_NS_PER_MIN;
    int64_t unit = text.len > 0 ? unit_ns(text.ptr[text.len - 1]) : 0;
    if (unit == 0 || !np_value_read_count(np_span_head(text, text.len - 1), max_ns / unit, out_ns))
        return false;
    *out_ns *= unit;
    return true;
}

/* The texts at both sides of `..`; twice the same where there is none. */
static void split_range(struct np_span text, struct np_span *out_low, struct np_span *out_high)
{
    *out_low = *out_high = text;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.') {
            *out_low = np_span_head(text, i);
            *out_high = np_span_from(text, i + 2);
            return;
        }
    }
}

bool np_value_read_range(struct np_span text, int64_t max, struct np_range *out_range)
{
    struct np_span low;
    struct np_span high;
    split_range(text, &low, &high);
    return np_value_read_count(low, max, &out_range->low) &&
           np_value_read_count(high, max, &out_range->high) && out_range->low <= out_range->high;
}

bool np_value_read_pause(struct np_span text, struct np_range *out_range)
{
    struct np_span low;
    struct np_span high;
    split_range(text, &low, &high);
    return np_value_read_duration(low, &out_range->low) &&
           np_value_read_duration(high, &out_range->high) && out_range->low <= out_range->high;
}

bool np_value_read_chance(struct np_span text, uint32_t *out_chance)
{
    if (text.len == 0 || text.ptr[text.len - 1] != '%')
        return false;
    text = np_span_head(text, text.len - 1);
    const char *point = text.len > 0 ? memchr(text.ptr, '.', text.len) : NULL;
    struct np_span whole = point != NULL ? np_span_head(text, (size_t) (point - text.ptr)) : text;
    struct np_span fraction = np_span_from(text, whole.len + 1);
    int64_t percent = 0;
    int64_t behind = 0;
    if (!np_value_read_count(whole, 100, &percent) || fraction.len > 2 ||
        (point != NULL && !np_value_read_count(fraction, 99, &behind)))
        return false;
    int64_t chance = percent * 100 + (fraction.len == 1 ? behind * 10 : behind);
    *out_chance = (uint32_t) chance;
    return chance <= 10000;
}

bool np_value_is_name(struct np_span text)
{
    if (text.len == 0 || !is_letter(text.ptr[0]))
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) && text.ptr[i] != '_' &&
            text.ptr[i] != '-')
            return false;
    return true;
}

bool np_value_is_label(struct np_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= 'a' && text.ptr[i] <= 'z') && !is_digit(text.ptr[i]) &&
            text.ptr[i] != '-')
            return false;
    return text.len > 0 && text.ptr[0] != '-';
}

const char *np_value_nearer(struct np_span wrong, const char *best, const char *word)
{
    const char *const words[] = {best != NULL ? best : word, word};
    return wrong.len > 1 ? np_suggest(wrong, words, 2) : NULL; /* else any letter would be near */
}
