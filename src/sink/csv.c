/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One finding a row, for spreadsheets. What is in a cell came from a log, that is from an attacker:
 * a spreadsheet must not take it for a formula, nor a terminal for a command. Quoting is that of
 * RFC 4180; lines end with a bare newline, as in all our outputs.
 */
#include "sink/sink_internal.h"

#include <errno.h>

#include "base/alloc.h"
#include "sink/escape.h"

enum { CELL_MAX_BYTES = 1024 * 1024 };

static const char header[] =
    "time,level,rule_id,rule_title,account,region,event_id,event_name,"
    "source,principal,address,outcome,targets,object,offset,message,tags\n";

struct csv {
    struct np_sink sink;
    struct np_out *out; /* borrowed */
    struct np_buf cell; /* the one that is being written */
};

static void csv_destroy(struct np_sink *sink)
{
    struct csv *self = (struct csv *) sink;
    np_buf_done(&self->cell);
    np_free(self);
}

static int csv_open(struct np_sink **out_sink, const struct np_sink_params *params,
                    struct np_err *err)
{
    struct csv *self = np_alloc(sizeof(*self));
    if (self == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    *self = (struct csv){.sink.ops = &np_sink_csv, .out = params->out};
    np_buf_init(&self->cell, CELL_MAX_BYTES);
    (void) np_buf_add_str(np_out_buf(self->out), header);
    int r = np_out_commit(self->out, err);
    if (r < 0)
        csv_destroy(&self->sink);
    else
        *out_sink = &self->sink;
    return r;
}

/* ---- cells */

/*
 * What spreadsheets take for the beginning of a formula, also in the wide forms of East Asian
 * input. A tab and a carriage return, which they skip in front of one, are escapes by now.
 */
static bool is_formula(struct np_span text)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    for (size_t i = 0; i < NP_ARRAY_LEN(signs); i++)
        if (np_span_starts(text, np_span_of(signs[i])))
            return true;
    return false;
}

/* Some spreadsheets split lines at semicolons, and some trim blanks. */
static bool needs_quotes(struct np_span text)
{
    if (text.len == 0)
        return false;
    if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
        return true;
    return memchr(text.ptr, ',', text.len) != NULL || memchr(text.ptr, ';', text.len) != NULL ||
           memchr(text.ptr, '"', text.len) != NULL;
}

/* Writes `self->cell`, made safe already, and empties it. */
static void end_cell(struct csv *self, char behind)
{
    struct np_buf *buf = np_out_buf(self->out);
    struct np_span text = np_buf_span(&self->cell);
    if (self->cell.error < 0)
        buf->error = self->cell.error;
    bool quoted = needs_quotes(text);
    (void) np_buf_add_str(buf, quoted ? "\"" : ""); /* errors stay in the buffer */
    (void) np_buf_add_str(buf, is_formula(text) ? "'" : "");
    for (size_t i = 0; i < text.len; i++) {
        (void) np_buf_add_str(buf, text.ptr[i] == '"' ? "\"" : "");
        (void) np_buf_add_char(buf, text.ptr[i]);
    }
    (void) np_buf_add_str(buf, quoted ? "\"" : "");
    (void) np_buf_add_char(buf, behind);
    np_buf_reset(&self->cell);
}

static void write_text(struct csv *self, struct np_span text)
{
    np_escape(&self->cell, text, NP_CHARSET_UNICODE);
    end_cell(self, ',');
}

/* Adds one of several texts to the cell. */
static void add_listed(struct csv *self, struct np_span text)
{
    (void) np_buf_add_str(&self->cell, self->cell.len > 0 ? ", " : "");
    np_escape(&self->cell, text, NP_CHARSET_UNICODE);
}

/* ---- rows */

static void write_what(struct csv *self, const struct np_finding *finding)
{
    char time[NP_TIME_TEXT_BYTES];
    np_time_format(time, finding->time);
    write_text(self, finding->time != NP_TIME_NONE ? np_span_of(time) : (struct np_span){});
    write_text(self, np_span_of(np_level_name(finding->rule->level)));
    write_text(self, np_span_of(finding->rule->id));
    write_text(self, np_span_of(finding->rule->title));
}

static void write_event(struct csv *self, const struct np_finding *finding)
{
    write_text(self, finding->account);
    write_text(self, finding->event.region);
    write_text(self, finding->event_id);
    write_text(self, finding->event.name);
    write_text(self, finding->event.source);
    write_text(self, finding->event.principal);
    write_text(self, finding->event.address);
    write_text(self, finding->event.outcome);
    for (size_t i = 0; i < finding->target_count; i++)
        add_listed(self, finding->targets[i]);
    end_cell(self, ',');
}

static int csv_finding(struct np_sink *sink, const struct np_finding *finding, struct np_err *err)
{
    struct csv *self = (struct csv *) sink;
    write_what(self, finding);
    write_event(self, finding);
    write_text(self, np_span_of(finding->origin.object));
    (void) np_buf_printf(&self->cell, "%llu", (unsigned long long) finding->origin.offset);
    end_cell(self, ',');
    write_text(self, finding->message);
    for (size_t i = 0; i < finding->rule->tag_count; i++)
        add_listed(self, np_span_of(finding->rule->tags[i]));
    end_cell(self, '\n');
    return np_out_commit(self->out, err);
}

static int csv_finish(struct np_sink *sink, const struct np_summary *summary, struct np_err *err)
{
    (void) summary; /* a row that is no finding would be one too many for who counts them */
    struct csv *self = (struct csv *) sink;
    return np_out_flush(self->out, err);
}

const struct np_sink_ops np_sink_csv = {
    .name = "csv",
    .open = csv_open,
    .finding = csv_finding,
    .finish = csv_finish,
    .destroy = csv_destroy,
};
