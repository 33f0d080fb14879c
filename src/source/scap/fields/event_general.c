/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that events of every source have: number, time, source, host. */
#include "event/falco/times.h"
#include "source/scap/fields/query.h"
#include "source/scap/params.h"

static const uint64_t second_ns = UINT64_C(1000000000);

static bool is_metaevent(const struct np_scap_event *event)
{
    return event->info->origin == NP_SCAP_FROM_META;
}

static int put_time(const struct np_query *query, enum np_falco_time_form form)
{
    return np_falco_time_value(form, (np_time_ns) query->event->ts, query->arena, query->out);
}

/* A duration whole, its seconds alone, or what is left of it below a second. */
enum part { WHOLE, SECONDS, BELOW_A_SECOND };

/* The time from `earlier` to the event; processors tell theirs a little out of order: then 0. */
static int put_time_since(const struct np_query *query, uint64_t earlier, enum part part)
{
    uint64_t since = query->event->ts > earlier ? query->event->ts - earlier : 0;
    if (part == SECONDS)
        since /= second_ns;
    else if (part == BELOW_A_SECOND)
        since %= second_ns;
    return np_put_uint(query, since);
}

int np_field_event_general(const struct np_query *query)
{
    uint64_t first = np_scap_state_first_ts(query->moment->state);
    switch (query->want->which) {
    case NP_SYSCALL_EVT_NUM:
        return np_put_uint(query, query->event->number);
    case NP_SYSCALL_EVT_TIME:
        return put_time(query, NP_FALCO_TIME_CLOCK);
    case NP_SYSCALL_EVT_TIME_S:
        return put_time(query, NP_FALCO_TIME_CLOCK_S);
    case NP_SYSCALL_EVT_TIME_ISO8601:
        return put_time(query, NP_FALCO_TIME_ISO);
    case NP_SYSCALL_EVT_DATETIME:
        return put_time(query, NP_FALCO_TIME_DATE);
    case NP_SYSCALL_EVT_DATETIME_S:
        return put_time(query, NP_FALCO_TIME_DATE_S);
    case NP_SYSCALL_EVT_RAWTIME:
        return put_time(query, NP_FALCO_TIME_RAW);
    case NP_SYSCALL_EVT_RAWTIME_S:
        return put_time(query, NP_FALCO_TIME_RAW_S);
    case NP_SYSCALL_EVT_RAWTIME_NS:
        return put_time(query, NP_FALCO_TIME_RAW_NS);
    case NP_SYSCALL_EVT_RELTIME:
        return put_time_since(query, first, WHOLE);
    case NP_SYSCALL_EVT_RELTIME_S:
        return put_time_since(query, first, SECONDS);
    case NP_SYSCALL_EVT_RELTIME_NS:
        return put_time_since(query, first, BELOW_A_SECOND);
    case NP_SYSCALL_EVT_DELTATIME:
        return put_time_since(query, query->moment->before_ts, WHOLE);
    case NP_SYSCALL_EVT_DELTATIME_S:
        return put_time_since(query, query->moment->before_ts, SECONDS);
    case NP_SYSCALL_EVT_DELTATIME_NS:
        return put_time_since(query, query->moment->before_ts, BELOW_A_SECOND);
    case NP_SYSCALL_EVT_SOURCE:
        return np_put_literal(query, "syscall");
    case NP_SYSCALL_EVT_IS_ASYNC:
        return np_put_bool(query, is_metaevent(query->event));
    case NP_SYSCALL_EVT_ASYNCTYPE:
        return is_metaevent(query->event) ? np_put_text(query, np_scap_event_name(query->event))
                                          : 0;
    case NP_SYSCALL_EVT_HOSTNAME:
        return np_put_literal(query, ""); /* Falco does not take the name that a capture tells */
    default:
        return 0;
    }
}
