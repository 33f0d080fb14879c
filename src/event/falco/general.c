/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that every event of a log has for Falco: evt.*, and the record as JSON. */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/time.h"
#include "event/falco/cloud_internal.h"
#include "event/falco/times.h"

enum { INDENTED_MAX_BYTES = 64 * 1024 * 1024 };

/* Falco's time of an event: for Kubernetes when it was recorded, not when the request came. */
static np_time_ns time_of(const struct np_falco_question *question)
{
    np_time_ns time = NP_TIME_NONE;
    struct np_event *event = question->event;
    if (question->source == NP_FALCO_K8S &&
        np_time_parse(np_event_text(event, NP_FIELD_STAGE_TIMESTAMP), &time))
        return time;
    return event->time;
}

static int time_value(const struct np_falco_question *question)
{
    static const enum np_falco_time_form forms[] = {
        [NP_FALCO_FIELD_EVT_TIME] = NP_FALCO_TIME_CLOCK,
        [NP_FALCO_FIELD_EVT_TIME_S] = NP_FALCO_TIME_CLOCK_S,
        [NP_FALCO_FIELD_EVT_TIME_ISO8601] = NP_FALCO_TIME_ISO,
        [NP_FALCO_FIELD_EVT_DATETIME] = NP_FALCO_TIME_DATE,
        [NP_FALCO_FIELD_EVT_DATETIME_S] = NP_FALCO_TIME_DATE_S,
        [NP_FALCO_FIELD_EVT_RAWTIME] = NP_FALCO_TIME_RAW,
        [NP_FALCO_FIELD_EVT_RAWTIME_S] = NP_FALCO_TIME_RAW_S,
        [NP_FALCO_FIELD_EVT_RAWTIME_NS] = NP_FALCO_TIME_RAW_NS,
    };
    return np_falco_time_value(forms[question->what->which], time_of(question), question->arena,
                               question->value);
}

/* The same as evt.rawtime, but a text. */
static int rawtime_text(const struct np_falco_question *question)
{
    int r =
        np_falco_time_value(NP_FALCO_TIME_RAW, time_of(question), question->arena, question->value);
    if (r == 0 && question->value->kind != NP_VALUE_ABSENT)
        np_falco_set_text(question, question->value->text);
    return r;
}

static int indented(const struct np_falco_question *question)
{
    np_auto_buf struct np_buf text;
    np_buf_init(&text, INDENTED_MAX_BYTES);
    int r = np_json_indent(&text, question->event->raw);
    return r < 0 ? r : np_falco_set_copy(question, np_buf_span(&text));
}

static int hostname(const struct np_falco_question *question)
{
    char name[HOST_NAME_MAX + 1];
    if (gethostname(name, sizeof(name)) < 0)
        return 0;
    return np_falco_set_copy(question, np_span_make(name, strnlen(name, sizeof(name))));
}

int np_falco_general_value(const struct np_falco_question *question)
{
    bool is_aws = question->source == NP_FALCO_CLOUDTRAIL;
    switch (question->what->which) {
    case NP_FALCO_FIELD_EVT_NUM:
        return np_falco_set_number(question, question->event->origin.offset + 1);
    case NP_FALCO_FIELD_EVT_PLUGINNAME:
        np_falco_set_text(question, is_aws ? NP_SPAN("cloudtrail") : NP_SPAN("k8saudit"));
        return 0;
    case NP_FALCO_FIELD_EVT_PLUGININFO:
        if (is_aws)
            return np_falco_aws_value(question);
        np_falco_set_text(question, question->event->raw);
        return 0;
    case NP_FALCO_FIELD_EVT_SOURCE:
        np_falco_set_text(question, np_falco_source_name(question->source));
        return 0;
    case NP_FALCO_FIELD_EVT_IS_ASYNC:
        *question->value = (struct np_value){.kind = NP_VALUE_BOOL, .text = NP_SPAN("false")};
        return 0;
    case NP_FALCO_FIELD_EVT_HOSTNAME:
        return hostname(question);
    case NP_FALCO_FIELD_JSON_OBJ:
    case NP_FALCO_FIELD_JEVT_OBJ:
        return indented(question);
    case NP_FALCO_FIELD_JSON_RAWTIME:
    case NP_FALCO_FIELD_JEVT_RAWTIME:
        return rawtime_text(question);
    default:
        return time_value(question);
    }
}
