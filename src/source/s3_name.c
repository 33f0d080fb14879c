/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Five parts between underscores; each is looked at, so that no other file gets a place it does not
 * claim.
 */
#include "source/s3_name.h"

#include <ctype.h>
#include <stdio.h>

enum { ACCOUNT_DIGITS = 12, TIME_BYTES = 14 /* 20230710T1145Z */ };

/* Takes the part up to the next `separator`, or all where there is none. */
static struct np_span take_part(struct np_span *rest, char separator)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    struct np_span part = np_span_head(*rest, end != NULL ? (size_t) (end - rest->ptr) : rest->len);
    *rest = np_span_from(*rest, end != NULL ? part.len + 1 : part.len);
    return part;
}

static bool is_all(struct np_span part, int (*is_kind)(int c))
{
    for (size_t i = 0; i < part.len; i++)
        if (part.ptr[i] != '-' && !is_kind((unsigned char) part.ptr[i]))
            return false;
    return part.len > 0;
}

static struct np_span base_name(struct np_span path)
{
    const char *slash = path.len > 0 ? memrchr(path.ptr, '/', path.len) : NULL;
    return slash != NULL ? np_span_from(path, (size_t) (slash - path.ptr) + 1) : path;
}

/* "20230710T1145Z" in the form that np_time_parse() reads. */
static bool parse_minute(struct np_span text, np_time_ns *out_time)
{
    char spelt[sizeof("2023-07-10T11:45:00Z")];
    if (text.len != TIME_BYTES || text.ptr[8] != 'T' || text.ptr[TIME_BYTES - 1] != 'Z')
        return false;
    const char *t = text.ptr;
    int len = snprintf(spelt, sizeof(spelt), "%.4s-%.2s-%.2sT%.2s:%.2s:00Z", t, t + 4, t + 6, t + 9,
                       t + 11);
    return len == sizeof(spelt) - 1 && np_time_parse(np_span_of(spelt), out_time);
}

bool np_s3_name_time(struct np_span name, np_time_ns *out_time)
{
    struct np_span rest = base_name(name);
    struct np_span account = take_part(&rest, '_');
    struct np_span kind = take_part(&rest, '_');
    struct np_span region = take_part(&rest, '_');
    struct np_span time = take_part(&rest, '_');
    struct np_span random = take_part(&rest, '.');
    struct np_span suffix = take_part(&rest, '.');
    return account.len == ACCOUNT_DIGITS && is_all(account, isdigit) &&
           np_span_starts(kind, NP_SPAN("CloudTrail")) && is_all(region, isalnum) &&
           is_all(random, isalnum) && np_span_is(suffix, "json") && parse_minute(time, out_time);
}
