/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and their order are fixed, as of every line; what is not known, or did not happen, is null. */
#include "sink/incident/line.h"

#include <math.h>

#include "sink/line.h"

static void write_texts(struct np_json_writer *json, const char *key, const struct np_span *texts,
                        size_t count)
{
    np_json_begin_array(json, key);
    for (size_t i = 0; i < count; i++)
        np_json_text(json, NULL, texts[i]);
    np_json_end_array(json);
}

/* Text that may be empty, which reads as null. */
static void write_known(struct np_json_writer *json, const char *key, struct np_span text)
{
    if (text.len > 0)
        np_json_text(json, key, text);
    else
        np_json_null(json, key);
}

/* Whether the link hangs on another one. */
static bool is_joined(const struct np_incident *incident, size_t index)
{
    const struct np_incident_link *link = &incident->chain[index];
    return link->reason != NULL && link->from < incident->chain_count;
}

static void write_link(struct np_json_writer *json, const struct np_incident *incident,
                       size_t index)
{
    const struct np_incident_link *link = &incident->chain[index];
    np_json_begin_object(json, NULL);
    np_json_cstr(json, "kind", link->kind);
    np_json_text(json, "value", link->value);
    np_json_cstr(json, "reason", link->reason);
    write_known(json, "event_id", link->event_id);
    write_known(json, "key", link->key);
    write_known(json, "account", link->account);
    write_known(json, "place", link->place);
    if (is_joined(incident, index))
        np_json_uint(json, "from", link->from);
    else
        np_json_null(json, "from");
    np_line_time(json, "first", link->first);
    np_line_time(json, "last", link->last);
    np_json_end_object(json);
}

static void write_actor(struct np_json_writer *json, const struct np_incident *incident)
{
    const struct np_incident_link *root = incident->chain_count > 0 ? incident->chain : NULL;
    np_json_begin_object(json, "actor");
    np_json_text(json, "root", root != NULL ? root->value : (struct np_span){});
    np_json_text(json, "account", root != NULL ? root->account : (struct np_span){});
    np_json_begin_array(json, "chain");
    for (size_t i = 0; i < incident->chain_count; i++)
        write_link(json, incident, i);
    np_json_end_array(json);
    np_json_end_object(json);
}

/* Seconds from the first use; below zero = it did not happen. */
static void write_after(struct np_json_writer *json, const char *key, double seconds)
{
    np_json_real(json, key, seconds < 0 ? NAN : seconds);
}

static void write_lags(struct np_json_writer *json, const struct np_incident *incident)
{
    np_json_begin_array(json, "lags");
    for (size_t i = 0; i < incident->lag_count; i++) {
        np_json_begin_object(json, NULL);
        np_json_text(json, "account", incident->lags[i].account);
        np_json_text(json, "region", incident->lags[i].region);
        np_json_real(json, "median_s", incident->lags[i].median_s);
        np_json_real(json, "p95_s", incident->lags[i].p95_s);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static void write_clock(struct np_json_writer *json, const struct np_incident *incident)
{
    const struct np_incident_clock *clock = &incident->clock;
    np_json_begin_object(json, "clock");
    np_line_time(json, "first_use", clock->first_use);
    write_after(json, "recon_s", clock->recon_s);
    write_after(json, "escalation_s", clock->escalation_s);
    write_after(json, "impact_s", clock->impact_s);
    write_after(json, "dwell_s", clock->dwell_s);
    write_after(json, "lag_median_s", clock->lag_median_s);
    write_after(json, "lag_p95_s", clock->lag_p95_s);
    np_json_real(json, "left_s", clock->dwell_s < 0 ? NAN : clock->left_s);
    write_lags(json, incident);
    np_json_end_object(json);
}

/* The tactics in the order in which they were first used. */
static void write_tactics(struct np_json_writer *json, const struct np_incident *incident)
{
    bool seen[NP_TACTIC_MAX] = {[NP_TACTIC_NONE] = true};
    np_json_begin_array(json, "tactics");
    for (size_t i = 0; i < incident->step_count; i++) {
        enum np_tactic tactic = incident->steps[i].tactic;
        if (!seen[tactic])
            np_json_cstr(json, NULL, np_tactic_name(tactic));
        seen[tactic] = true;
    }
    np_json_end_array(json);
}

static void write_step(struct np_json_writer *json, const struct np_incident_step *step)
{
    np_json_begin_object(json, NULL);
    np_line_time(json, "time", step->time);
    np_json_cstr(json, "tactic",
                 step->tactic != NP_TACTIC_NONE ? np_tactic_name(step->tactic) : NULL);
    np_json_text(json, "action", step->action);
    np_json_text(json, "outcome", step->outcome);
    np_json_uint(json, "count", step->count);
    write_known(json, "resource", step->resource);
    write_texts(json, "event_ids", step->event_ids, step->event_count);
    np_json_begin_array(json, "finding_ids");
    for (size_t i = 0; i < step->finding_count; i++)
        np_line_hash(json, NULL, step->finding_ids[i]);
    np_json_end_array(json);
    np_line_time(json, "last", step->last);
    np_json_uint(json, "refused", step->refused);
    write_known(json, "region", step->region);
    np_json_uint(json, "link", step->link);
    np_json_bool(json, "tactic_guessed", step->tactic_guessed);
    np_json_cstr(json, "level", np_level_name(step->level));
    np_json_cstr(json, "behaviour", step->behaviour);
    np_json_end_object(json);
}

static void write_blast(struct np_json_writer *json, const struct np_incident *incident)
{
    np_json_begin_object(json, "blast");
    for (size_t i = 0; i < incident->reach_count; i++) {
        const struct np_incident_reach *reach = &incident->reach[i];
        np_json_begin_object(json, reach->what);
        np_json_uint(json, "count", reach->count);
        write_texts(json, "values", reach->values, reach->value_count);
        np_json_end_object(json);
    }
    np_json_end_object(json);
}

static void write_joins(struct np_json_writer *json, const struct np_incident *incident)
{
    np_json_begin_array(json, "joins");
    for (size_t i = 0; i < incident->chain_count; i++) {
        const struct np_incident_link *link = &incident->chain[i];
        if (!is_joined(incident, i))
            continue;
        np_json_begin_object(json, NULL);
        np_json_text(json, "from", incident->chain[link->from].value);
        np_json_text(json, "to", link->value);
        np_json_cstr(json, "reason", link->reason);
        write_known(json, "event_id", link->event_id);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static void write_signs(struct np_json_writer *json, const struct np_incident *incident)
{
    np_json_begin_array(json, "signs");
    for (size_t i = 0; i < incident->sign_count; i++) {
        const struct np_rule_info *rule = incident->signs[i].rule;
        np_json_begin_object(json, NULL);
        np_json_cstr(json, "id", rule->id);
        np_json_cstr(json, "title", rule->title);
        np_json_cstr(json, "level", np_level_name(rule->level));
        np_json_uint(json, "count", incident->signs[i].count);
        np_json_end_object(json);
    }
    np_json_end_array(json);
}

static void write_head(struct np_json_writer *json, const struct np_incident *incident)
{
    static const char *const states[NP_INCIDENT_STATE_MAX] = {[NP_INCIDENT_OPEN] = "open",
                                                              [NP_INCIDENT_UPDATE] = "update",
                                                              [NP_INCIDENT_CLOSED] = "closed"};
    np_line_hash(json, "id", incident->id);
    np_json_uint(json, "revision", incident->revision);
    np_json_cstr(json, "state", states[incident->state]);
    np_json_cstr(json, "level", np_level_name(incident->level));
    np_json_real(json, "score", incident->score);
    np_json_real(json, "confidence", incident->confidence);
    np_json_text(json, "title", incident->title);
}

void np_incident_line(struct np_buf *buf, const struct np_incident *incident)
{
    struct np_json_writer json;
    np_line_begin(&json, buf, "incident");
    write_head(&json, incident);
    write_actor(&json, incident);
    np_line_time(&json, "first", incident->first);
    np_line_time(&json, "last", incident->last);
    np_json_text(&json, "opened_by", incident->opened_by);
    write_clock(&json, incident);
    write_tactics(&json, incident);
    np_json_begin_array(&json, "steps");
    for (size_t i = 0; i < incident->step_count; i++)
        write_step(&json, &incident->steps[i]);
    np_json_end_array(&json);
    write_texts(&json, "event_ids", incident->event_ids, incident->event_count);
    write_blast(&json, incident);
    write_joins(&json, incident);
    write_texts(&json, "blind", incident->blind, incident->blind_count);
    write_texts(&json, "next", incident->next, incident->next_count);
    write_signs(&json, incident);
    if (np_incident_is_merged(incident))
        np_line_hash(&json, "merged_into", incident->merged_into);
    else
        np_json_null(&json, "merged_into");
    np_line_end(&json);
}
