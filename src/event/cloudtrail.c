/* SPDX-License-Identifier: Apache-2.0 */
/* AWS CloudTrail records; facts from the user guide, "CloudTrail record contents" and "userIdentity element". */
#include "event/event_internal.h"

/*
 * Names of the Elastic Common Schema 8 and of its CloudTrail integration, and what aggregated events ("CloudTrail record contents
 * for aggregated events") have under other names than all the rest.
 */
static const struct np_alias aliases[] = {
    {"aws.cloudtrail.additional_eventdata", "additionalEventData"},
    {"aws.cloudtrail.error_code", "errorCode"},
    {"aws.cloudtrail.error_message", "errorMessage"},
    {"aws.cloudtrail.event_category", "eventCategory"},
    {"aws.cloudtrail.event_type", "eventType"},
    {"aws.cloudtrail.event_version", "eventVersion"},
    {"aws.cloudtrail.read_only", "readOnly"},
    {"aws.cloudtrail.recipient_account_id", "recipientAccountId"},
    {"aws.cloudtrail.request_parameters", "requestParameters"},
    {"aws.cloudtrail.response_elements", "responseElements"},
    {"aws.cloudtrail.shared_event_id", "sharedEventID"},
    {"aws.cloudtrail.user_identity.access_key_id", "userIdentity.accessKeyId"},
    {"aws.cloudtrail.user_identity.arn", "userIdentity.arn"},
    {"aws.cloudtrail.user_identity.invoked_by", "userIdentity.invokedBy"},
    {"aws.cloudtrail.user_identity.session_context.session_issuer.arn",
     "userIdentity.sessionContext.sessionIssuer.arn"},
    {"aws.cloudtrail.user_identity.type", "userIdentity.type"},
    {"aws.cloudtrail.vpc_endpoint_id", "vpcEndpointId"},
    {"cloud.account.id", "recipientAccountId"},
    {"cloud.region", "awsRegion"},
    {"event.action", "eventName"},
    {"event.id", "eventID"},
    {"event.provider", "eventSource"},
    {"source.address", "sourceIPAddress"},
    {"source.ip", "sourceIPAddress"},
    {"user.name", "userIdentity.userName"},
    {"user_agent.original", "userAgent"},
    {"eventID", "eventId"},
    {"recipientAccountId", "accountId"},
};

static const char *const at_once[] = {"userIdentity", "tlsDetails", "timeWindow", NULL};

/* An aggregated event has neither a time nor a name, but says its category. */
static bool is_record(const struct np_decoder *decoder)
{
    if (np_fixed_is_there(decoder, NP_FIELD_EVENT_VERSION) &&
        (np_fixed_is_there(decoder, NP_FIELD_EVENT_TIME) ||
         np_span_is(np_fixed_text(decoder, NP_FIELD_EVENT_CATEGORY), "Aggregated")))
        return true;
    return np_fixed_is_there(decoder, NP_FIELD_EVENT_NAME) &&
           np_fixed_is_there(decoder, NP_FIELD_EVENT_SOURCE);
}

static void begin(struct np_decoder *decoder)
{
    static const np_field_id accounts[] = {NP_FIELD_RECIPIENT_ACCOUNT_ID,
                                           NP_FIELD_IDENTITY_ACCOUNT_ID};
    static const np_field_id times[] = {NP_FIELD_EVENT_TIME, NP_FIELD_TIME_WINDOW_START};
    struct np_event *event = &decoder->event;
    event->id = np_fixed_text(decoder, NP_FIELD_EVENT_ID);
    event->account = np_fixed_first(decoder, accounts, NP_ARRAY_LEN(accounts));
    event->time = np_fixed_time(decoder, times, NP_ARRAY_LEN(times));
}

/* A delivery is repeated when the receiving account and the event's id are the same; other accounts get copies of their own. */
static bool key(struct np_event *event, struct np_hash128 *out_key)
{
    static const np_field_id parts[] = {NP_FIELD_RECIPIENT_ACCOUNT_ID, NP_FIELD_EVENT_ID};
    return np_fixed_key(event, parts, NP_ARRAY_LEN(parts), out_key);
}

/* The best name for the caller: services and federated users have no ARN. */
static struct np_span principal(struct np_event *event)
{
    static const np_field_id best_first[] = {
        NP_FIELD_IDENTITY_ARN,          NP_FIELD_IDENTITY_USER_NAME,  NP_FIELD_IDENTITY_INVOKED_BY,
        NP_FIELD_IDENTITY_PRINCIPAL_ID, NP_FIELD_IDENTITY_ACCOUNT_ID, NP_FIELD_IDENTITY_TYPE,
    };
    return np_fixed_first(event->decoder, best_first, NP_ARRAY_LEN(best_first));
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

static enum np_entity_kind caller_kind(struct np_event *event)
{
    struct np_span type = np_event_text(event, NP_FIELD_IDENTITY_TYPE);
    if (np_span_is(type, "AssumedRole"))
        return NP_ENTITY_SESSION;
    if (np_span_is(type, "AWSAccount") || np_span_is(type, "AWSService"))
        return NP_ENTITY_ACCOUNT;
    return NP_ENTITY_USER;
}

static void add_caller(struct np_entity_list *list)
{
    struct np_event *event = list->event;
    np_entity_add(list, caller_kind(event), NP_ENTITY_BY, principal(event));
    np_entity_add_field(list, NP_ENTITY_ROLE, NP_ENTITY_BY, NP_FIELD_IDENTITY_ISSUER_ARN);
    np_entity_add_field(list, NP_ENTITY_ACCESS_KEY, NP_ENTITY_WITH,
                        NP_FIELD_IDENTITY_ACCESS_KEY_ID);
    np_entity_add_field(list, NP_ENTITY_ADDRESS, NP_ENTITY_FROM, NP_FIELD_SOURCE_IP_ADDRESS);
    np_entity_add_field(list, NP_ENTITY_ENDPOINT, NP_ENTITY_THROUGH, NP_FIELD_VPC_ENDPOINT_ID);
    np_entity_add_field(list, NP_ENTITY_ACCOUNT, NP_ENTITY_THROUGH,
                        NP_FIELD_VPC_ENDPOINT_ACCOUNT_ID);
}

static void add_rule(struct np_entity_list *list, const struct np_entity_rule *rule)
{
    np_entity_add_field(list, rule->kind, rule->role, rule->field);
}

/* All of these stand below requestParameters, which is read once; an event has hardly any of them. */
static void add_common_targets(struct np_entity_list *list, const struct np_decode_plan *plan)
{
    const struct np_value *values = list->event->values;
    (void) np_event_field(list->event, plan->entity_common->field);
    for (const struct np_entity_rule *rule = plan->entity_common; rule < plan->entity_end; rule++)
        if (np_unlikely(values[rule->field].kind != NP_VALUE_ABSENT))
            add_rule(list, rule);
}

static void add_targets(struct np_entity_list *list)
{
    const struct np_decode_plan *plan = ((struct np_decoder *) list->event->decoder)->plan;
    struct np_span name = np_event_text(list->event, NP_FIELD_EVENT_NAME);
    uint32_t first = np_map_get(&plan->entity_first, name);
    for (uint32_t i = first; i != NP_MAP_NONE && plan->entity_rules[i].event == first; i++)
        add_rule(list, &plan->entity_rules[i]);
    add_common_targets(list, plan);
}

static size_t targets(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    struct np_entity_list list = {.event = event, .items = out_entities, .max = max};
    add_targets(&list);
    return list.count;
}

static size_t entities(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    struct np_entity_list list = {.event = event, .items = out_entities, .max = max};
    add_caller(&list);
    add_targets(&list);
    return list.count;
}

static const struct np_event_ops ops = {
    NP_JSON_EVENT_OPS, .brief = brief, .key = key, .entities = entities, .targets = targets,
};

const struct np_kind np_cloudtrail_kind = {
    .name = "aws.cloudtrail",
    .ops = &ops,
    .logsource = {.product = NP_SPAN("aws"), .service = NP_SPAN("cloudtrail")},
    .at_once = at_once,
    .aliases = aliases,
    .alias_count = NP_ARRAY_LEN(aliases),
    .falco = NP_FALCO_CLOUDTRAIL,
    .is_record = is_record,
    .begin = begin,
};
