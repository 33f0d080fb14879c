/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub audit log events; facts from "Audit log events for your enterprise" and "Streaming the audit log". */
#include "event/event_internal.h"

/* Names of the Elastic Common Schema 8, and the prefix of Elastic's integration. */
static const struct np_alias aliases[] = {
    {"event.action", "action"}, {"event.id", "_document_id"},          {"source.ip", "actor_ip"},
    {"user.name", "actor"},     {"user_agent.original", "user_agent"}, {"github.", ""},
};

static const char *const at_once[] = {NULL};

static bool is_record(const struct np_decoder *decoder)
{
    return np_fixed_is_there(decoder, NP_FIELD_ACTION) &&
           (np_fixed_is_there(decoder, NP_FIELD_ACTOR) || np_fixed_is_there(decoder, NP_FIELD_ORG));
}

static void begin(struct np_decoder *decoder)
{
    static const np_field_id times[] = {NP_FIELD_AT_TIMESTAMP, NP_FIELD_CREATED_AT};
    static const np_field_id accounts[] = {NP_FIELD_ORG, NP_FIELD_BUSINESS};
    struct np_event *event = &decoder->event;
    event->id = np_fixed_text(decoder, NP_FIELD_DOCUMENT_ID);
    event->account = np_fixed_first(decoder, accounts, NP_ARRAY_LEN(accounts));
    event->time = np_fixed_time(decoder, times, NP_ARRAY_LEN(times));
}

static bool key(struct np_event *event, struct np_hash128 *out_key)
{
    static const np_field_id parts[] = {NP_FIELD_DOCUMENT_ID};
    return np_fixed_key(event, parts, NP_ARRAY_LEN(parts), out_key);
}

/* The category of an action is what stands before its dot: "org.add_member". */
static struct np_span category_of(struct np_span action)
{
    const char *dot = action.len > 0 ? memchr(action.ptr, '.', action.len) : NULL;
    return dot != NULL ? np_span_head(action, (size_t) (dot - action.ptr)) : (struct np_span){};
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    const struct np_decoder *decoder = event->decoder;
    struct np_span action = np_fixed_text(decoder, NP_FIELD_ACTION);
    *out_brief = (struct np_event_brief){
        .name = action,
        .source = category_of(action),
        .principal = np_fixed_text(decoder, NP_FIELD_ACTOR),
        .address = np_fixed_text(decoder, NP_FIELD_ACTOR_IP),
        .outcome = NP_SPAN("ok"), /* what fails is not in the log */
    };
}

static size_t entities(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    struct np_entity_list list = {.event = event, .items = out_entities, .max = max};
    np_entity_add_field(&list, NP_ENTITY_USER, NP_ENTITY_BY, NP_FIELD_ACTOR);
    np_entity_add_field(&list, NP_ENTITY_ACCESS_KEY, NP_ENTITY_WITH, NP_FIELD_HASHED_TOKEN);
    np_entity_add_field(&list, NP_ENTITY_ADDRESS, NP_ENTITY_FROM, NP_FIELD_ACTOR_IP);
    np_entity_add_field(&list, NP_ENTITY_USER, NP_ENTITY_ON, NP_FIELD_USER);
    np_entity_add_field(&list, NP_ENTITY_RESOURCE, NP_ENTITY_ON, NP_FIELD_REPO);
    return list.count;
}

static const struct np_event_ops ops = {
    NP_JSON_EVENT_OPS,
    .brief = brief,
    .key = key,
    .entities = entities,
};

const struct np_kind np_github_kind = {
    .name = "github.audit",
    .ops = &ops,
    .logsource = {.product = NP_SPAN("github"), .service = NP_SPAN("audit")},
    .at_once = at_once,
    .aliases = aliases,
    .alias_count = NP_ARRAY_LEN(aliases),
    .is_record = is_record,
    .begin = begin,
};
