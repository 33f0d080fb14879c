/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GCP audit log entries; facts from the references of LogEntry, AuditLog and google.rpc.Code. Google Workspace writes its admin and
 * login audit as such entries too; SigmaHQ's rules keep those apart as log sources of their own.
 */
#include "event/event_internal.h"

/*
 * Names of the Elastic Common Schema 8; those of SigmaHQ's rules: fields of Elastic's integration (gcp.audit.method_name), of
 * entries wrapped by Pub/Sub (data.protoPayload.methodName), of Workspace events (eventName), and bare fields of the AuditLog. "callerIP" and
 * "Servicename" are spellings that logs and rules have.
 */
static const struct np_alias aliases[] = {
    {"cloud.project.id", "resource.labels.project_id"},
    {"event.action", "protoPayload.methodName"},
    {"event.id", "insertId"},
    {"event.provider", "protoPayload.serviceName"},
    {"source.ip", "protoPayload.requestMetadata.callerIp"},
    {"user.email", "protoPayload.authenticationInfo.principalEmail"},
    {"user_agent.original", "protoPayload.requestMetadata.callerSuppliedUserAgent"},
    {"eventName", "protoPayload.metadata.event.eventName"},
    {"eventService", "protoPayload.serviceName"},
    {"protoPayload.Servicename", "protoPayload.serviceName"},
    {"protoPayload.requestMetadata.callerIp", "protoPayload.requestMetadata.callerIP"},
    {"gcp.audit.", "protoPayload."},
    {"data.", ""},
    {"protoPayload", "protoPayload"},
    {"protoPayload.", "protoPayload."},
    {"", "protoPayload."},
};

static const char *const at_once[] = {"protoPayload", "resource", NULL};

static bool is_record(const struct np_decoder *decoder)
{
    return np_fixed_is_there(decoder, NP_FIELD_PROTO_PAYLOAD);
}

/* Where an entry is of, from the name of its log: "projects/PROJECT/logs/LOG". */
static struct np_span owner_of(struct np_span log_name)
{
    const char *start = log_name.len > 0 ? memchr(log_name.ptr, '/', log_name.len) : NULL;
    if (start == NULL)
        return (struct np_span){};
    struct np_span owner = np_span_from(log_name, (size_t) (start - log_name.ptr) + 1);
    const char *end = owner.len > 0 ? memchr(owner.ptr, '/', owner.len) : NULL;
    return end != NULL ? np_span_head(owner, (size_t) (end - owner.ptr)) : (struct np_span){};
}

static const struct np_logsource *logsource_of(const struct np_decoder *decoder)
{
    static const struct np_logsource admin = {.product = NP_SPAN("gcp"),
                                              .service = NP_SPAN("google_workspace.admin")};
    static const struct np_logsource login = {.product = NP_SPAN("gcp"),
                                              .service = NP_SPAN("google_workspace.login")};
    struct np_span service = np_fixed_text(decoder, NP_FIELD_GCP_SERVICE);
    if (np_span_is(service, "admin.googleapis.com"))
        return &admin;
    return np_span_is(service, "login.googleapis.com") ? &login : &np_gcp_kind.logsource;
}

static void begin(struct np_decoder *decoder)
{
    static const np_field_id times[] = {NP_FIELD_TIMESTAMP};
    struct np_event *event = &decoder->event;
    event->id = np_fixed_text(decoder, NP_FIELD_INSERT_ID);
    event->account = np_fixed_text(decoder, NP_FIELD_GCP_PROJECT);
    if (event->account.len == 0)
        event->account = owner_of(np_fixed_text(decoder, NP_FIELD_LOG_NAME));
    event->time = np_fixed_time(decoder, times, NP_ARRAY_LEN(times));
    event->logsource = logsource_of(decoder);
}

static bool key(struct np_event *event, struct np_hash128 *out_key)
{
    static const np_field_id parts[] = {NP_FIELD_LOG_NAME, NP_FIELD_INSERT_ID, NP_FIELD_TIMESTAMP};
    return np_fixed_key(event, parts, NP_ARRAY_LEN(parts), out_key);
}

/* The name of the status code; a code that has none as it is written. */
static struct np_span outcome(const struct np_decoder *decoder)
{
    static const char *const codes[] = {
        "ok",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    };
    const struct np_value *code = np_fixed(decoder, NP_FIELD_GCP_STATUS);
    if (code->kind == NP_VALUE_INT && code->integer >= 0 &&
        code->integer < (int64_t) NP_ARRAY_LEN(codes))
        return np_span_of(codes[code->integer]);
    struct np_span text = np_fixed_text(decoder, NP_FIELD_GCP_STATUS);
    return text.len > 0 ? text : NP_SPAN("ok");
}

static struct np_span principal(const struct np_decoder *decoder)
{
    static const np_field_id best_first[] = {NP_FIELD_GCP_PRINCIPAL, NP_FIELD_GCP_SUBJECT};
    return np_fixed_first(decoder, best_first, NP_ARRAY_LEN(best_first));
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    static const np_field_id regions[] = {NP_FIELD_GCP_LOCATION, NP_FIELD_GCP_ZONE,
                                          NP_FIELD_GCP_CURRENT_LOCATIONS};
    const struct np_decoder *decoder = event->decoder;
    *out_brief = (struct np_event_brief){
        .name = np_fixed_text(decoder, NP_FIELD_GCP_METHOD),
        .source = np_fixed_text(decoder, NP_FIELD_GCP_SERVICE),
        .region = np_fixed_first(decoder, regions, NP_ARRAY_LEN(regions)),
        .principal = principal(decoder),
        .address = np_fixed_text(decoder, NP_FIELD_GCP_CALLER_IP),
        .outcome = outcome(decoder),
    };
}

static size_t entities(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    struct np_entity_list list = {.event = event, .items = out_entities, .max = max};
    np_entity_add(&list, NP_ENTITY_USER, NP_ENTITY_BY, principal(event->decoder));
    np_entity_add_field(&list, NP_ENTITY_ACCESS_KEY, NP_ENTITY_WITH, NP_FIELD_GCP_KEY);
    np_entity_add_field(&list, NP_ENTITY_ADDRESS, NP_ENTITY_FROM, NP_FIELD_GCP_CALLER_IP);
    np_entity_add_field(&list, NP_ENTITY_RESOURCE, NP_ENTITY_ON, NP_FIELD_GCP_RESOURCE);
    return list.count;
}

static const struct np_event_ops ops = {
    NP_JSON_EVENT_OPS,
    .brief = brief,
    .key = key,
    .entities = entities,
};

const struct np_kind np_gcp_kind = {
    .name = "gcp.audit",
    .ops = &ops,
    .logsource = {.product = NP_SPAN("gcp"), .service = NP_SPAN("gcp.audit")},
    .at_once = at_once,
    .aliases = aliases,
    .alias_count = NP_ARRAY_LEN(aliases),
    .snake_prefix = "gcp.audit.",
    .is_record = is_record,
    .begin = begin,
};
