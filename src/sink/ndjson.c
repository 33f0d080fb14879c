/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object a line, its keys and their order as docs/reference/output.md fixes them: scripts
 * rely on each word. A key is always there; what is not known is null. Only `truncated` is an
 * exception: it stands in a finding of which a text or a list was cut, and in no other.
 */
#include "sink/sink_internal.h"

#include <errno.h>

#include "base/alloc.h"
#include "sink/incident/line.h"
#include "sink/line.h"

struct ndjson {
    struct np_sink sink;
    struct np_out *out; /* borrowed */
};

static int ndjson_open(struct np_sink **out_sink, const struct np_sink_params *params,
                       struct np_err *err)
{
    struct ndjson *self = np_alloc(sizeof(*self));
    if (self == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    *self = (struct ndjson){.sink.ops = &np_sink_ndjson, .out = params->out};
    *out_sink = &self->sink;
    return 0;
}

static void ndjson_destroy(struct np_sink *sink)
{
    np_free(sink);
}

static void write_rule(struct np_json_writer *json, const struct np_rule_info *rule)
{
    np_json_begin_object(json, "rule");
    np_json_cstr(json, "id", rule->id);
    np_json_cstr(json, "title", rule->title);
    np_json_cstr(json, "language", np_rule_language_name(rule->language));
    np_json_cstr(json, "level", np_level_name(rule->level));
    np_json_cstr(json, "priority", rule->priority);
    np_json_begin_array(json, "tags");
    for (size_t i = 0; i < rule->tag_count; i++)
        np_json_cstr(json, NULL, rule->tags[i]);
    np_json_end_array(json);
    np_json_cstr(json, "file", rule->file);
    np_json_end_object(json);
}

static void write_event(struct np_json_writer *json, const struct np_finding *finding)
{
    np_json_begin_object(json, "event");
    np_json_text(json, "id", finding->event_id);
    np_json_cstr(json, "kind", np_event_kind_name(finding->event_kind));
    np_json_text(json, "account", finding->account);
    np_line_brief(json, &finding->event);
    if (finding->event_kind == NP_EVENT_SYSCALL) {
        np_json_uint(json, "num", finding->syscall.num);
        np_json_int(json, "rawtime", finding->time);
        np_json_int(json, "tid", finding->syscall.tid);
        np_json_text(json, "type", finding->syscall.type);
    }
    np_json_end_object(json);
}

static int ndjson_finding(struct np_sink *sink, const struct np_finding *finding,
                          struct np_err *err)
{
    struct ndjson *self = (struct ndjson *) sink;
    struct np_json_writer json;
    np_line_begin(&json, np_out_buf(self->out), "finding");
    np_line_hash(&json, "id", finding->id);
    np_line_time(&json, "time", finding->time);
    np_line_time(&json, "arrival", finding->arrival != 0 ? finding->arrival : NP_TIME_NONE);
    np_json_cstr(&json, "level", np_level_name(finding->rule->level));
    write_rule(&json, finding->rule);
    write_event(&json, finding);
    np_line_origin(&json, &finding->origin);
    np_json_text(&json, "message", finding->message);
    np_json_begin_object(&json, "fields");
    for (size_t i = 0; i < finding->field_count; i++)
        np_json_value_member(&json, finding->fields[i].name, &finding->fields[i].value);
    np_json_end_object(&json);
    if (finding->truncated)
        np_json_bool(&json, "truncated", true);
    np_line_end(&json);
    return np_out_commit(self->out, err);
}

static int ndjson_incident(struct np_sink *sink, const struct np_incident *incident,
                           struct np_err *err)
{
    struct ndjson *self = (struct ndjson *) sink;
    np_incident_line(np_out_buf(self->out), incident);
    return np_out_commit(self->out, err);
}

static void write_skipped(struct np_json_writer *json, const struct np_summary *summary)
{
    np_json_begin_array(json, "skipped");
    for (size_t i = 0; i < summary->skipped_count; i++) {
        np_json_begin_object(json, NULL);
        np_json_cstr(json, "object", summary->skipped[i].object);
        np_json_cstr(json, "reason", summary->skipped[i].reason);
        np_json_uint(json, "count", summary->skipped[i].count);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static void write_limits(struct np_json_writer *json, const struct np_summary *summary)
{
    np_json_begin_array(json, "limits");
    for (size_t i = 0; i < summary->limit_count; i++) {
        np_json_begin_object(json, NULL);
        np_json_cstr(json, "what", summary->limits[i].what);
        np_json_cstr(json, "rule", summary->limits[i].rule);
        np_json_cstr(json, "object", summary->limits[i].object);
        np_json_uint(json, "count", summary->limits[i].count);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static void write_found(struct np_json_writer *json, const struct np_summary *summary)
{
    np_json_begin_object(json, "rules");
    np_json_uint(json, "loaded", summary->rules_loaded);
    np_json_uint(json, "refused", summary->rules_refused);
    np_json_end_object(json);
    np_json_uint(json, "findings", summary->findings);
    np_json_uint(json, "incidents", summary->incidents);
    np_json_begin_object(json, "by_level");
    for (int level = NP_LEVEL_MAX - 1; level >= 0; level--)
        np_json_uint(json, np_level_name((enum np_level) level), summary->by_level[level]);
    np_json_end_object(json);
}

static int ndjson_finish(struct np_sink *sink, const struct np_summary *summary, struct np_err *err)
{
    struct ndjson *self = (struct ndjson *) sink;
    struct np_json_writer json;
    np_line_begin(&json, np_out_buf(self->out), "summary");
    np_json_uint(&json, "objects", summary->objects);
    np_json_uint(&json, "records", summary->records);
    np_json_uint(&json, "events", summary->events);
    np_json_uint(&json, "bytes", summary->bytes);
    np_json_uint(&json, "duplicates", summary->duplicates);
    np_json_uint(&json, "late", summary->late);
    np_json_uint(&json, "digests", summary->digests);
    write_skipped(&json, summary);
    write_found(&json, summary);
    write_limits(&json, summary);
    np_json_real(&json, "seconds", summary->seconds);
    np_json_bool(&json, "complete", summary->complete);
    np_line_end(&json);
    int r = np_out_commit(self->out, err);
    return r < 0 ? r : np_out_flush(self->out, err);
}

const struct np_sink_ops np_sink_ndjson = {
    .name = "ndjson",
    .open = ndjson_open,
    .finding = ndjson_finding,
    .incident = ndjson_incident,
    .finish = ndjson_finish,
    .destroy = ndjson_destroy,
};
