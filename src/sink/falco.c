/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts of Falco rules as Falco writes them: one JSON object a line, or each posted to a URL, where falcosidekick and its like
 * take it. Findings of other rules are not told, and there is no summary.
 */
#include "sink/sink_internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "codec/json/write.h"
#include "sink/post.h"

enum {
    ALERT_MAX_BYTES = 256 * 1024 * 1024, /* of what a finding can say at most, all escaped */
    WAITING_MAX = 10000,
    WAITING_MAX_BYTES = 32 * 1024 * 1024,
    PATIENCE_MS = 10000, /* a sensor has to end within 15 seconds */
    UUID_BYTES = 37,
    TIME_BYTES = 64
};

struct falco {
    struct np_sink sink;
    struct np_out *out; /* borrowed; NULL = alerts are posted */
    struct np_post *post;
    struct np_buf alert;  /* that is posted */
    struct np_buf output; /* of the alert at hand */
    const char *hostname;
};

static void falco_destroy(struct np_sink *sink)
{
    struct falco *self = (struct falco *) sink;
    np_post_free(&self->post);
    np_buf_done(&self->alert);
    np_buf_done(&self->output);
    np_free(self);
}

static int falco_open(struct np_sink **out_sink, const struct np_sink_params *params,
                      struct np_err *err)
{
    struct falco *self = np_alloc(sizeof(*self));
    if (self == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    *self = (struct falco){
        .sink.ops = &np_sink_falco, .out = params->out, .hostname = params->hostname};
    np_buf_init(&self->alert, ALERT_MAX_BYTES);
    np_buf_init(&self->output, ALERT_MAX_BYTES);
    if (params->out == NULL) {
        const struct np_post_params post = {
            .url = params->url,
            .content_type = "application/json",
            .max_texts = WAITING_MAX,
            .max_bytes = WAITING_MAX_BYTES,
            .patience_ms = PATIENCE_MS,
        };
        int r = np_post_new(&self->post, &post, err);
        if (r < 0) {
            falco_destroy(&self->sink);
            return np_context(err, r, "-o falco");
        }
    }
    *out_sink = &self->sink;
    return 0;
}

/* A random (version 4) UUID; "" where the system has no random bytes. */
static void make_uuid(char out_text[UUID_BYTES])
{
    uint8_t b[16];
    out_text[0] = '\0';
    if (getrandom(b, sizeof(b), GRND_NONBLOCK) != (ssize_t) sizeof(b))
        return;
    b[6] = (uint8_t) ((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t) ((b[8] & 0x3f) | 0x80);
    char *at = out_text;
    for (size_t i = 0; i < sizeof(b); i++)
        at += snprintf(at, (size_t) (out_text + UUID_BYTES - at), "%s%02x",
                       i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
}

/* The time with all nine digits of the fraction, and `zone` behind it. */
static void format_time(char out_text[TIME_BYTES], np_time_ns time, const char *zone)
{
    enum { SECONDS_LEN = 19 }; /* of "2023-07-10T11:45:01" */
    int64_t fraction = time % NP_NS_PER_S;
    char seconds[NP_TIME_TEXT_BYTES];
    np_time_format(seconds, time);
    (void) snprintf(out_text, TIME_BYTES, "%.*s.%09lld%s", SECONDS_LEN, seconds,
                    (long long) (fraction < 0 ? fraction + NP_NS_PER_S : fraction), zone);
}

/* What people read: when, how grave, what. */
static void make_output(struct np_buf *buf, const struct np_finding *finding)
{
    char time[TIME_BYTES] = "<NA>";
    if (finding->time != NP_TIME_NONE)
        format_time(time, finding->time, "+0000");
    np_buf_reset(buf);
    np_buf_printf(buf, "%s: %s ", time, finding->rule->priority);
    np_buf_add_span(buf, finding->message);
}

static void write_fields(struct np_json_writer *json, const struct np_finding *finding)
{
    static const struct np_span time_name = {"evt.time.iso8601", sizeof("evt.time.iso8601") - 1};
    struct np_value time = {.kind = NP_VALUE_INT, .integer = finding->time};
    if (finding->time == NP_TIME_NONE)
        time.kind = NP_VALUE_NULL;
    np_json_begin_object(json, "output_fields");
    np_json_value_member(json, time_name, &time);
    for (size_t i = 0; i < finding->field_count; i++)
        if (!np_span_eq(finding->fields[i].name, time_name))
            np_json_value_member(json, finding->fields[i].name, &finding->fields[i].value);
    np_json_end_object(json);
}

/* Appends the alert; `output` is made. */
static void write_alert(const struct falco *self, struct np_buf *buf,
                        const struct np_finding *finding)
{
    struct np_json_writer json;
    char uuid[UUID_BYTES];
    char time[TIME_BYTES];
    make_uuid(uuid);
    format_time(time, finding->time, "Z");
    np_json_writer_init(&json, buf);
    np_json_begin_object(&json, NULL);
    np_json_cstr(&json, "uuid", uuid);
    np_json_cstr(&json, "time", finding->time != NP_TIME_NONE ? time : NULL);
    np_json_cstr(&json, "priority", finding->rule->priority);
    np_json_cstr(&json, "rule", finding->rule->title);
    np_json_cstr(&json, "source", finding->rule->source);
    np_json_cstr(&json, "hostname", self->hostname);
    np_json_text(&json, "output", np_buf_span(&self->output));
    write_fields(&json, finding);
    np_json_begin_array(&json, "tags");
    for (size_t i = 0; i < finding->rule->tag_count; i++)
        np_json_cstr(&json, NULL, finding->rule->tags[i]);
    np_json_end_array(&json);
    np_json_end_object(&json);
}

static int falco_finding(struct np_sink *sink, const struct np_finding *finding, struct np_err *err)
{
    struct falco *self = (struct falco *) sink;
    if (finding->rule->language != NP_LANGUAGE_FALCO)
        return 0;
    make_output(&self->output, finding);
    if (self->output.error < 0)
        return np_fail(err, self->output.error, "out of memory");
    if (self->out != NULL) {
        write_alert(self, np_out_buf(self->out), finding);
        (void) np_buf_add_char(np_out_buf(self->out), '\n');
        return np_out_commit(self->out, err);
    }
    np_buf_reset(&self->alert);
    write_alert(self, &self->alert, finding);
    if (self->alert.error < 0)
        return np_fail(err, self->alert.error, "out of memory");
    np_post_add(self->post, np_buf_span(&self->alert));
    return 0;
}

static int falco_finish(struct np_sink *sink, const struct np_summary *summary, struct np_err *err)
{
    struct falco *self = (struct falco *) sink;
    (void) summary;
    if (self->out != NULL)
        return np_out_flush(self->out, err);
    int r = np_post_finish(self->post, err);
    return r < 0 ? np_context(err, r, "-o falco") : 0;
}

const struct np_sink_ops np_sink_falco = {
    .name = "falco",
    .posts = true,
    .open = falco_open,
    .finding = falco_finding,
    .finish = falco_finish,
    .destroy = falco_destroy,
};
