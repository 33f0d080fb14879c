/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3339 in and out without locale or allocation; every event passes through np_time_parse(). */
#include "base/time.h"

#include <stdio.h>
#include <time.h>

#include "base/compiler.h"

enum { YEAR_MIN = 1678, YEAR_MAX = 2261 }; /* what 64 bits of nanoseconds hold */

/*
 * Days since 1970-01-01 of a proleptic Gregorian date; years are counted from March, so that leap
 * days come last.
 */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

np_time_ns np_time_of_utc(int year, int month, int day, int hour, int minute, int second)
{
    int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return seconds * NP_NS_PER_S;
}

/* Takes `count` digits at `*at`; -1 where there are fewer. */
static int take_digits(struct np_span text, size_t *at, size_t count)
{
    if (text.len - *at < count)
        return -1;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned) (unsigned char) text.ptr[*at + i] - '0';
        if (digit > 9)
            return -1;
        value = value * 10 + (int) digit;
    }
    *at += count;
    return value;
}

static bool take_char(struct np_span text, size_t *at, const char *any_of)
{
    if (*at >= text.len)
        return false;
    for (; *any_of != '\0'; any_of++) {
        if (text.ptr[*at] == *any_of) {
            (*at)++;
            return true;
        }
    }
    return false;
}

/* Takes an optional fraction of a second; digits beyond nanoseconds are read and dropped. */
static bool take_fraction(struct np_span text, size_t *at, int64_t *out_ns)
{
    *out_ns = 0;
    if (!take_char(text, at, ".,"))
        return true;
    int64_t scale = NP_NS_PER_S;
    size_t start = *at;
    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
        scale /= 10;
        *out_ns += (text.ptr[*at] - '0') * scale;
        (*at)++;
    }
    return *at > start;
}

/* Takes the zone: nothing or Z is UTC, else +hh:mm or +hhmm. */
static bool take_zone(struct np_span text, size_t *at, int64_t *out_seconds)
{
    *out_seconds = 0;
    if (*at == text.len || take_char(text, at, "Zz"))
        return true;
    if (*at < text.len && text.ptr[*at] == ' ')
        (*at)++;
    int sign = take_char(text, at, "+") ? 1 : take_char(text, at, "-") ? -1 : 0;
    int hours = sign != 0 ? take_digits(text, at, 2) : -1;
    (void) take_char(text, at, ":"); /* both spellings are common */
    int minutes = hours >= 0 ? take_digits(text, at, 2) : -1;
    if (minutes < 0 || hours > 23 || minutes > 59)
        return false;
    *out_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

static int month_days(int year, int month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_date(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           (day <= 28 || day <= month_days(year, month));
}

static bool take_date(struct np_span text, size_t *at, int *year, int *month, int *day)
{
    *year = take_digits(text, at, 4);
    bool first = take_char(text, at, "-");
    *month = first ? take_digits(text, at, 2) : -1;
    bool second = first && take_char(text, at, "-");
    *day = second ? take_digits(text, at, 2) : -1;
    return second && is_date(*year, *month, *day);
}

/* The number of two digits, and whether one of them is none. */
static inline int two_digits(const char *at, bool *is_bad)
{
    unsigned tens = (unsigned) (unsigned char) at[0] - '0';
    unsigned ones = (unsigned) (unsigned char) at[1] - '0';
    *is_bad |= tens > 9 || ones > 9;
    return (int) (tens * 10 + ones);
}

/* np_time_parse() of what nearly every record has, "2023-07-10T11:45:01Z"; false of anything else. */
static bool parse_plain(struct np_span text, np_time_ns *out_time)
{
    const char *at = text.ptr;
    if (text.len != strlen("2023-07-10T11:45:01Z") || at[4] != '-' || at[7] != '-' ||
        at[10] != 'T' || at[13] != ':' || at[16] != ':' || at[19] != 'Z')
        return false;
    bool is_bad = false;
    int year = two_digits(at, &is_bad) * 100 + two_digits(at + 2, &is_bad);
    int month = two_digits(at + 5, &is_bad);
    int day = two_digits(at + 8, &is_bad);
    int hour = two_digits(at + 11, &is_bad);
    int minute = two_digits(at + 14, &is_bad);
    int second = two_digits(at + 17, &is_bad);
    if (is_bad || !is_date(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return false;
    *out_time = np_time_of_utc(year, month, day, hour, minute, second);
    return true;
}

bool np_time_parse(struct np_span text, np_time_ns *out_time)
{
    if (np_likely(parse_plain(text, out_time)))
        return true;
    size_t at = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (!take_date(text, &at, &year, &month, &day) || !take_char(text, &at, "Tt "))
        return false;
    int hour = take_digits(text, &at, 2);
    bool ok = hour >= 0 && hour <= 23 && take_char(text, &at, ":");
    int minute = ok ? take_digits(text, &at, 2) : -1;
    ok = minute >= 0 && minute <= 59 && take_char(text, &at, ":");
    int second = ok ? take_digits(text, &at, 2) : -1;
    int64_t fraction = 0;
    int64_t zone = 0;
    if (second < 0 || second > 60 || !take_fraction(text, &at, &fraction) ||
        !take_zone(text, &at, &zone) || at != text.len)
        return false;
    *out_time =
        np_time_of_utc(year, month, day, hour, minute, second) + fraction - zone * NP_NS_PER_S;
    return true;
}

bool np_time_parse_date(struct np_span text, np_time_ns *out_time)
{
    size_t at = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (!take_date(text, &at, &year, &month, &day) || at != text.len)
        return false;
    *out_time = np_time_of_utc(year, month, day, 0, 0, 0);
    return true;
}

/* Seconds since 1970, digits only. */
static bool parse_seconds(struct np_span text, np_time_ns *out_time)
{
    int64_t seconds = 0;
    if (text.len == 0 || text.len > 10)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        seconds = seconds * 10 + (text.ptr[i] - '0');
    }
    if (seconds > INT64_MAX / NP_NS_PER_S)
        return false;
    *out_time = seconds * NP_NS_PER_S;
    return true;
}

int np_time_parse_user(np_time_ns *out_time, struct np_span text, struct np_err *err)
{
    if (np_time_parse(text, out_time) || np_time_parse_date(text, out_time) ||
        parse_seconds(text, out_time))
        return 0;
    return np_fail(
        err, -EINVAL,
        "'%.*s' is no time; give 2023-07-10T11:45:00Z, 2023-07-10, or seconds since 1970",
        NP_SPAN_ARGS(text));
}

/* Splits into whole seconds (rounded down) and nanoseconds. */
static time_t whole_seconds(np_time_ns time, int64_t *out_ns)
{
    int64_t seconds = time / NP_NS_PER_S;
    *out_ns = time % NP_NS_PER_S;
    if (*out_ns < 0) {
        *out_ns += NP_NS_PER_S;
        seconds--;
    }
    return (time_t) seconds;
}

/* Writes the last `count` digits of a number and what stands behind them; returns where it ends. */
static char *put_digits(char *at, int number, size_t count, char behind)
{
    at[count] = behind;
    for (size_t i = count; i-- > 0; number /= 10)
        at[i] = (char) ('0' + number % 10);
    return at + count + 1;
}

/* By hand: each finding has two of them, and strftime() takes longer than all else that is told of it. */
void np_time_format(char out_text[NP_TIME_TEXT_BYTES], np_time_ns time)
{
    int64_t ns = 0;
    struct tm tm;
    time_t seconds = whole_seconds(time, &ns);
    if (time == NP_TIME_NONE || gmtime_r(&seconds, &tm) == NULL) {
        (void) snprintf(out_text, NP_TIME_TEXT_BYTES, "-");
        return;
    }
    char *at = put_digits(out_text, tm.tm_year + 1900, 4, '-');
    at = put_digits(at, tm.tm_mon + 1, 2, '-');
    at = put_digits(at, tm.tm_mday, 2, 'T');
    at = put_digits(at, tm.tm_hour, 2, ':');
    at = put_digits(at, tm.tm_min, 2, ':');
    at = put_digits(at, tm.tm_sec, 2, ns != 0 ? '.' : 'Z');
    size_t digits = 9;
    for (; ns != 0 && ns % 10 == 0; ns /= 10)
        digits--;
    if (ns != 0)
        at = put_digits(at, (int) ns, digits, 'Z');
    *at = '\0';
}

void np_time_format_local(char out_text[NP_TIME_TEXT_BYTES], np_time_ns time)
{
    int64_t ns = 0;
    struct tm tm;
    time_t seconds = whole_seconds(time, &ns);
    if (time == NP_TIME_NONE || localtime_r(&seconds, &tm) == NULL)
        (void) snprintf(out_text, NP_TIME_TEXT_BYTES, "-");
    else
        (void) strftime(out_text, NP_TIME_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &tm);
}

np_mono_ns np_mono_now(void)
{
    struct timespec now;
    (void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (np_mono_ns) now.tv_sec * NP_NS_PER_S + now.tv_nsec;
}
