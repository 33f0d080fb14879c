/* SPDX-License-Identifier: Apache-2.0 */
/* AWS CloudTrail records; facts from the user guide, "CloudTrail record contents" and "userIdentity element". */
#include "event/event_internal.h"

static const struct np_value *value_of(const struct np_decoder *decoder, np_field_id field)
{
    return &decoder->slots.values[field];
}

static struct np_span text_of(const struct np_decoder *decoder, np_field_id field)
{
    const struct np_value *value = value_of(decoder, field);
    return value->kind == NP_VALUE_TEXT ? value->text : (struct np_span){};
}

bool np_cloudtrail_is_record(const struct np_decoder *decoder)
{
    return (value_of(decoder, NP_FIELD_EVENT_VERSION)->kind != NP_VALUE_ABSENT &&
            value_of(decoder, NP_FIELD_EVENT_TIME)->kind != NP_VALUE_ABSENT) ||
           (value_of(decoder, NP_FIELD_EVENT_NAME)->kind != NP_VALUE_ABSENT &&
            value_of(decoder, NP_FIELD_EVENT_SOURCE)->kind != NP_VALUE_ABSENT);
}

void np_cloudtrail_begin(struct np_decoder *decoder)
{
    struct np_event *event = &decoder->event;
    event->kind = NP_EVENT_CLOUDTRAIL;
    event->ops = &np_cloudtrail_ops;
    event->id = text_of(decoder, NP_FIELD_EVENT_ID);
    event->account = text_of(decoder, NP_FIELD_RECIPIENT_ACCOUNT_ID);
    if (event->account.len == 0)
        event->account = text_of(decoder, NP_FIELD_IDENTITY_ACCOUNT_ID);
    np_time_ns time = NP_TIME_NONE;
    if (np_time_parse(text_of(decoder, NP_FIELD_EVENT_TIME), &time))
        event->time = time;
}

/* A delivery is repeated when the receiving account and the event's id are the same; other accounts get copies of their own. */
static bool key(struct np_event *event, struct np_hash128 *out_key)
{
    struct np_span account = text_of(event->decoder, NP_FIELD_RECIPIENT_ACCOUNT_ID);
    if (account.len == 0 || event->id.len == 0)
        return false;
    *out_key = np_hash128(event->id, np_hash64(account, 0));
    return true;
}

/* The best name for the caller: services and federated users have no ARN. */
static struct np_span principal(struct np_event *event)
{
    static const np_field_id best_first[] = {
        NP_FIELD_IDENTITY_ARN,          NP_FIELD_IDENTITY_USER_NAME,  NP_FIELD_IDENTITY_INVOKED_BY,
        NP_FIELD_IDENTITY_PRINCIPAL_ID, NP_FIELD_IDENTITY_ACCOUNT_ID, NP_FIELD_IDENTITY_TYPE,
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(best_first); i++) {
        struct np_span text = np_event_text(event, best_first[i]);
        if (text.len > 0)
            return text;
    }
    return (struct np_span){};
}

/* A failed console sign-in has no error code: its outcome is in the response. */
static struct np_span outcome(struct np_event *event)
{
    struct np_span error = np_event_text(event, NP_FIELD_ERROR_CODE);
    if (error.len > 0)
        return error;
    if (np_span_is(np_event_text(event, NP_FIELD_EVENT_NAME), "ConsoleLogin") &&
        np_span_is(np_event_text(event, NP_FIELD_CONSOLE_LOGIN), "Failure"))
        return NP_SPAN("Failure");
    return NP_SPAN("ok");
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    *out_brief = (struct np_event_brief){
        .name = np_event_text(event, NP_FIELD_EVENT_NAME),
        .source = np_event_text(event, NP_FIELD_EVENT_SOURCE),
        .region = np_event_text(event, NP_FIELD_AWS_REGION),
        .principal = principal(event),
        .address = np_event_text(event, NP_FIELD_SOURCE_IP_ADDRESS),
        .outcome = outcome(event),
    };
}

/* An entity of the caller's identity, which is the same for every request. */
static size_t add(struct np_entity *entities, size_t count, enum np_entity_kind kind,
                  enum np_entity_role role, struct np_span value)
{
    if (value.len > 0)
        entities[count++] = (struct np_entity){.kind = kind, .role = role, .value = value};
    return count;
}

static enum np_entity_kind caller_kind(struct np_event *event)
{
    struct np_span type = np_event_text(event, NP_FIELD_IDENTITY_TYPE);
    if (np_span_is(type, "AssumedRole"))
        return NP_ENTITY_SESSION;
    if (np_span_is(type, "AWSAccount") || np_span_is(type, "AWSService"))
        return NP_ENTITY_ACCOUNT;
    return NP_ENTITY_USER;
}

static size_t add_caller(struct np_event *event, struct np_entity *entities)
{
    size_t n = add(entities, 0, caller_kind(event), NP_ENTITY_BY, principal(event));
    n = add(entities, n, NP_ENTITY_ROLE, NP_ENTITY_BY,
            np_event_text(event, NP_FIELD_IDENTITY_ISSUER_ARN));
    n = add(entities, n, NP_ENTITY_ACCESS_KEY, NP_ENTITY_WITH,
            np_event_text(event, NP_FIELD_IDENTITY_ACCESS_KEY_ID));
    n = add(entities, n, NP_ENTITY_ADDRESS, NP_ENTITY_FROM,
            np_event_text(event, NP_FIELD_SOURCE_IP_ADDRESS));
    n = add(entities, n, NP_ENTITY_ENDPOINT, NP_ENTITY_THROUGH,
            np_event_text(event, NP_FIELD_VPC_ENDPOINT_ID));
    return add(entities, n, NP_ENTITY_ACCOUNT, NP_ENTITY_THROUGH,
               np_event_text(event, NP_FIELD_VPC_ENDPOINT_ACCOUNT_ID));
}

/* Whether the same thing is there already, e.g. named by the request and by the response. */
static bool is_known(const struct np_entity *entities, size_t count, const struct np_entity *entity)
{
    for (size_t i = 0; i < count; i++)
        if (entities[i].role == entity->role && np_span_eq(entities[i].value, entity->value))
            return true;
    return false;
}

static size_t add_values(struct np_event *event, const struct np_entity_rule *rule,
                         struct np_entity *entities, size_t count, size_t max)
{
    const struct np_value *value = np_event_field(event, rule->field);
    const struct np_value *items = value->kind == NP_VALUE_LIST ? value->items : value;
    size_t item_count = value->kind == NP_VALUE_LIST ? value->count : 1;
    for (size_t i = 0; i < item_count; i++) {
        struct np_entity entity = {.kind = rule->kind, .role = rule->role, .value = items[i].text};
        if (items[i].kind != NP_VALUE_TEXT || entity.value.len == 0 ||
            is_known(entities, count, &entity))
            continue;
        if (count == max) {
            event->flags |= NP_EVENT_TRUNCATED;
            break;
        }
        entities[count++] = entity;
    }
    return count;
}

static size_t entities(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    const struct np_decode_plan *plan = ((struct np_decoder *) event->decoder)->plan;
    size_t count = add_caller(event, out_entities);
    struct np_span name = np_event_text(event, NP_FIELD_EVENT_NAME);
    uint32_t first = np_map_get(&plan->entity_first, name);
    for (uint32_t i = first; i != NP_MAP_NONE && plan->entity_rules[i].event == first; i++)
        count = add_values(event, &plan->entity_rules[i], out_entities, count, max);
    for (size_t i = np_entity_common_first(); i < np_entity_rule_count(); i++)
        count = add_values(event, &plan->entity_rules[i], out_entities, count, max);
    return count;
}

const struct np_event_ops np_cloudtrail_ops = {
    .load = np_json_event_load,
    .each_text = np_json_event_each_text,
    .object_texts = np_json_event_object_texts,
    .brief = brief,
    .key = key,
    .entities = entities,
};
