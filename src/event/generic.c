/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects of a log source that the user names: no identity, a time where a usual member holds one. */
#include "event/event_internal.h"

static void begin(struct np_decoder *decoder)
{
    decoder->event.logsource = &decoder->plan->logsource;
    decoder->event.time = np_json_time(np_extra(decoder, NP_EXTRA_TIME_FIRST),
                                       NP_EXTRA_TIME_LAST - NP_EXTRA_TIME_FIRST + 1);
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    (void) event; /* a log of an unknown kind says nothing that is certain */
    *out_brief = (struct np_event_brief){.outcome = NP_SPAN("ok")};
}

static const struct np_event_ops ops = {
    NP_JSON_EVENT_OPS,
    .brief = brief,
};

static const char *const at_once[] = {NULL};

const struct np_kind np_generic_kind = {
    .name = "json",
    .ops = &ops,
    .at_once = at_once,
    .begin = begin,
};
