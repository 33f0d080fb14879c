/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `nepho incidents show`: one incident whole, or its events, or why something is in it. What is told of a single event comes from
 * the stories (incident/stories.h), which note its fate as it passes.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/incidents/events.h"
#include "cli/message.h"
#include "cli/rules/loaded.h"
#include "sink/incident/credentials.h"
#include "sink/incident/line.h"
#include "sink/incident/timeline.h"
#include "sink/line.h"

struct show {
    const struct np_args *args;
    struct np_gathered gathered;
    struct np_incident_events events;
    const struct np_incident *incident;
    char id[NP_INCIDENT_SHORT_BYTES];       /* as it is shown */
    char whole_id[NP_INCIDENT_SHORT_BYTES]; /* of what it is part of */
    const char *explain;                    /* "" = the joins, NULL = not asked for */
    bool with_events;
};

/* ---- joins */

/* The step that holds an event; NULL where none does. */
static const struct np_incident_step *step_of(const struct np_incident *incident,
                                              struct np_span event_id)
{
    for (size_t i = 0; i < incident->step_count; i++)
        for (size_t j = 0; j < incident->steps[i].event_count; j++)
            if (np_span_eq(incident->steps[i].event_ids[j], event_id))
                return &incident->steps[i];
    return NULL;
}

static void add_safe(struct np_buf *buf, struct np_span text)
{
    np_escape(buf, text, np_message_charset());
}

/* "a  user/ann  AKIA...  from 203.0.113.7" */
static void add_link(struct np_buf *buf, const struct np_credentials *credentials, size_t index)
{
    const struct np_incident_link *link = &credentials->incident->chain[index];
    (void) np_buf_printf(buf, "%c  %s ", np_credential_letter(credentials->of_link[index]),
                         link->kind);
    add_safe(buf, link->value);
    if (link->key.len > 0 && !np_span_eq(link->key, link->value)) {
        (void) np_buf_add_str(buf, " with ");
        add_safe(buf, link->key);
    }
    if (link->place.len > 0) {
        (void) np_buf_add_str(buf, " from ");
        add_safe(buf, link->place);
    }
    (void) np_buf_add_char(buf, '\n');
}

/* An event's id, with what was done where the incident holds it. */
static void add_event(struct np_buf *buf, const struct np_incident *incident, struct np_span id)
{
    const struct np_incident_step *step = step_of(incident, id);
    add_safe(buf, id);
    if (step != NULL) {
        (void) np_buf_add_str(buf, " (");
        add_safe(buf, step->action);
        (void) np_buf_add_char(buf, ')');
    }
}

static void add_join(struct np_buf *buf, const struct np_credentials *credentials, size_t index)
{
    const struct np_incident *incident = credentials->incident;
    const struct np_incident_link *link = &incident->chain[index];
    char offset[NP_OFFSET_BYTES];
    np_timeline_offset(offset, ((double) link->first - (double) incident->first) / NP_NS_PER_S);
    if (link->reason == NULL || link->from >= incident->chain_count) {
        (void) np_buf_printf(buf, "   the first credential of the story, at %s\n", offset);
        return;
    }
    (void) np_buf_printf(buf, "   joined to %c: %s, first used at %s\n",
                         np_credential_letter(credentials->of_link[link->from]), link->reason,
                         offset);
    if (link->event_id.len == 0)
        return;
    (void) np_buf_add_str(buf, "   event ");
    add_event(buf, incident, link->event_id);
    (void) np_buf_add_char(buf, '\n');
}

static int add_joins(struct np_buf *buf, const struct np_incident *incident)
{
    struct np_credentials credentials;
    int r = np_credentials_init(&credentials, incident);
    for (size_t i = 0; i < incident->chain_count && r == 0; i++) {
        add_link(buf, &credentials, i);
        add_join(buf, &credentials, i);
    }
    np_credentials_done(&credentials);
    (void) np_buf_add_str(buf, "The incident was opened by event ");
    add_event(buf, incident, incident->opened_by);
    (void) np_buf_add_str(buf, ".\n");
    return r;
}

/* ---- one event */

/* Appends lines of the stories, which hold names from data. */
static void add_lines(struct np_buf *buf, struct np_span text)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end != NULL ? (size_t) (end - text.ptr) : text.len;
        add_safe(buf, np_span_head(text, len));
        (void) np_buf_add_char(buf, '\n');
        text = np_span_from(text, len + 1);
    }
}

static int add_explanation(struct show *show, struct np_buf *buf, struct np_err *err)
{
    struct np_span text = np_buf_span(&show->gathered.hunt.result.explanation);
    if (show->explain[0] == '\0') {
        int r = add_joins(buf, show->incident);
        return r < 0 ? np_fail(err, r, "out of memory") : 0;
    }
    if (text.len == 0)
        return np_fail(err, -ENOENT, "no event has the id '%s'", show->explain);
    bool is_inside = step_of(show->incident, np_span_of(show->explain)) != NULL;
    (void) np_buf_add_str(buf, "Event ");
    add_safe(buf, np_span_of(show->explain));
    (void) np_buf_printf(buf, is_inside ? " is in incident %s:\n" : " is not in incident %s:\n",
                         show->id);
    add_lines(buf, text);
    return 0;
}

/* ---- the command */

static int write_table(struct show *show, const struct np_sink_params *params, struct np_err *err)
{
    const struct np_timeline_look look = {
        .params = params, .id = show->id, .whole_id = show->whole_id};
    struct np_buf *buf = np_out_buf(params->out);
    int r = 0;
    if (show->explain != NULL)
        r = add_explanation(show, buf, err);
    else
        np_timeline_write(buf, show->incident, &look);
    if (r == 0)
        r = np_out_commit(params->out, err);
    if (r < 0 || !show->with_events)
        return r;
    (void) np_buf_add_char(buf, '\n');
    return np_incident_events_table(&show->events, show->incident, params, err);
}

static int write_ndjson(struct show *show, struct np_out *out, struct np_err *err)
{
    struct np_json_writer json;
    struct np_buf *buf = np_out_buf(out);
    if (show->explain != NULL && show->explain[0] != '\0') {
        np_line_begin(&json, buf, "incident_explanation");
        np_line_hash(&json, "incident", show->incident->id);
        np_json_cstr(&json, "event", show->explain);
        np_json_bool(&json, "inside", step_of(show->incident, np_span_of(show->explain)) != NULL);
        np_json_text(&json, "text", np_buf_span(&show->gathered.hunt.result.explanation));
        np_line_end(&json);
    } else {
        np_incident_line(buf, show->incident);
    }
    int r = np_out_commit(out, err);
    return r < 0 || !show->with_events
               ? r
               : np_incident_events_ndjson(&show->events, show->incident, out, err);
}

static int write_all(struct show *show, struct np_err *err)
{
    struct np_outputs *outputs = &show->gathered.hunt.outputs;
    int r = 0;
    for (size_t i = 0; i < outputs->count && r == 0; i++) {
        const struct np_output *output = &outputs->items[i];
        const struct np_sink_params params = np_gathered_look(&show->gathered, output);
        r = np_span_is(output->format, "ndjson") ? write_ndjson(show, output->out, err)
                                                 : write_table(show, &params, err);
    }
    return r < 0 ? r : np_outputs_flush(outputs, err);
}

/* Finds the incident that the first operand names; the mistake in `err` where it names none. */
static int find(struct show *show, struct np_err *err)
{
    const struct np_incident_store *store = &show->gathered.incidents;
    const char *name = show->args->operands[0];
    size_t count = 0;
    show->incident = np_incident_store_find(store, np_span_of(name), &count);
    if (show->incident != NULL) {
        np_incident_store_short_id(store, show->incident->id, show->id);
        np_incident_store_short_id(store, show->incident->merged_into, show->whole_id);
        return 0;
    }
    if (count > 1)
        return np_fail(err, -EINVAL, "%zu incidents have ids that begin with '%s'", count, name);
    if (store->items.len == 0)
        return np_fail(err, -EINVAL, "there is no incident in this input");
    np_incident_store_short_id(store, store->items.items[0].incident.id, show->id);
    return np_fail(err, -EINVAL, "no incident has an id that begins with '%s'; the worst is '%s'",
                   name, show->id);
}

static int run(struct show *show)
{
    struct np_err err = {};
    int status = np_gathered_run(&show->gathered, show->args, 1, np_span_of(show->explain));
    if (status != NP_EXIT_OK)
        return status;
    int r = find(show, &err);
    if (r < 0) {
        np_message("%s", err.msg);
        return NP_EXIT_USAGE;
    }
    if (show->with_events)
        r = np_incident_events_read(&show->events, &show->gathered, show->incident, &err);
    if (r == 0)
        r = write_all(show, &err);
    if (r == -ENOENT) { /* the event that was asked for */
        np_message("%s", err.msg);
        return NP_EXIT_USAGE;
    }
    return np_hunt_status(&show->gathered.hunt, r, &err);
}

int np_cli_incidents_show(const struct np_args *args)
{
    struct show show = {
        .args = args,
        .explain = np_args_get(args, NP_OPT_EXPLAIN),
        .with_events = np_args_has(args, NP_OPT_EVENTS),
    };
    if (show.with_events && !np_incident_events_can_read(args, 1)) {
        np_message("--events reads the input twice, which standard input cannot be");
        return NP_EXIT_USAGE;
    }
    int status = run(&show);
    np_incident_events_done(&show.events);
    np_gathered_done(&show.gathered);
    return status;
}
