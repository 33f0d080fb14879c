/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes audit events; facts from the reference of the API group audit.k8s.io, "Event". */
#include "event/event_internal.h"

/* Short names of SigmaHQ's rules, those of the Elastic Common Schema 8, and the prefix of Elastic's integration. */
static const struct np_alias aliases[] = {
    {"apiGroup", "objectRef.apiGroup"},
    {"capabilities", "requestObject.spec.containers.securityContext.capabilities"},
    {"hostPath", "requestObject.spec.volumes.hostPath"},
    {"event.action", "verb"},
    {"event.id", "auditID"},
    {"source.ip", "sourceIPs"},
    {"user.name", "user.username"},
    {"user_agent.original", "userAgent"},
    {"kubernetes.audit.", ""},
};

static const char *const at_once[] = {"user", "objectRef", "responseStatus", NULL};

static bool is_record(const struct np_decoder *decoder)
{
    return np_span_starts(np_fixed_text(decoder, NP_FIELD_API_VERSION), NP_SPAN("audit.k8s.io/"));
}

static void begin(struct np_decoder *decoder)
{
    static const np_field_id times[] = {NP_FIELD_REQUEST_RECEIVED, NP_FIELD_STAGE_TIMESTAMP};
    decoder->event.id = np_fixed_text(decoder, NP_FIELD_AUDIT_ID);
    decoder->event.time = np_fixed_time(decoder, times, NP_ARRAY_LEN(times));
}

/* Each stage of a request is an event of its own with the same id. */
static bool key(struct np_event *event, struct np_hash128 *out_key)
{
    static const np_field_id parts[] = {NP_FIELD_AUDIT_ID, NP_FIELD_STAGE};
    return np_fixed_key(event, parts, NP_ARRAY_LEN(parts), out_key);
}

/* Texts with separators between them, an empty one left out with its separator; empty where memory is out. */
static struct np_span join(struct np_arena *arena, const struct np_span *texts,
                           const char *separators, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += texts[i].len + 1;
    char *joined = np_arena_alloc(arena, len);
    if (joined == NULL)
        return (struct np_span){};
    len = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len == 0)
            continue;
        if (len > 0)
            joined[len++] = separators[i - 1];
        memcpy(joined + len, texts[i].ptr, texts[i].len);
        len += texts[i].len;
    }
    return np_span_make(joined, len);
}

/* "create pods/exec" */
static struct np_span name_of(const struct np_decoder *decoder)
{
    const struct np_span parts[] = {
        np_fixed_text(decoder, NP_FIELD_VERB),
        np_fixed_text(decoder, NP_FIELD_OBJECT_RESOURCE),
        np_fixed_text(decoder, NP_FIELD_OBJECT_SUBRESOURCE),
    };
    return join(decoder->arena, parts, " /", NP_ARRAY_LEN(parts));
}

/* "pods/NAMESPACE/NAME" */
static struct np_span object_of(const struct np_decoder *decoder)
{
    const struct np_span parts[] = {
        np_fixed_text(decoder, NP_FIELD_OBJECT_RESOURCE),
        np_fixed_text(decoder, NP_FIELD_OBJECT_NAMESPACE),
        np_fixed_text(decoder, NP_FIELD_OBJECT_NAME),
    };
    return join(decoder->arena, parts, "//", NP_ARRAY_LEN(parts));
}

/* The group of the core API has no name. */
static struct np_span group_of(const struct np_decoder *decoder)
{
    struct np_span group = np_fixed_text(decoder, NP_FIELD_OBJECT_GROUP);
    if (group.len == 0 && np_fixed_text(decoder, NP_FIELD_OBJECT_RESOURCE).len > 0)
        return NP_SPAN("core");
    return group;
}

static struct np_span outcome(const struct np_decoder *decoder)
{
    static const np_field_id best_first[] = {NP_FIELD_RESPONSE_REASON, NP_FIELD_RESPONSE_CODE};
    const struct np_value *code = np_fixed(decoder, NP_FIELD_RESPONSE_CODE);
    if (code->kind != NP_VALUE_INT || code->integer < 400)
        return NP_SPAN("ok");
    return np_fixed_first(decoder, best_first, NP_ARRAY_LEN(best_first));
}

static void brief(struct np_event *event, struct np_event_brief *out_brief)
{
    const struct np_decoder *decoder = event->decoder;
    *out_brief = (struct np_event_brief){
        .name = name_of(decoder),
        .source = group_of(decoder),
        .principal = np_fixed_text(decoder, NP_FIELD_K8S_USER),
        .address = np_fixed_text(decoder, NP_FIELD_SOURCE_IPS),
        .outcome = outcome(decoder),
    };
}

static size_t entities(struct np_event *event, struct np_entity *out_entities, size_t max)
{
    struct np_entity_list list = {.event = event, .items = out_entities, .max = max};
    np_entity_add_field(&list, NP_ENTITY_USER, NP_ENTITY_BY, NP_FIELD_K8S_USER);
    np_entity_add_field(&list, NP_ENTITY_ADDRESS, NP_ENTITY_FROM, NP_FIELD_SOURCE_IPS);
    np_entity_add(&list, NP_ENTITY_RESOURCE, NP_ENTITY_ON, object_of(event->decoder));
    return list.count;
}

static const struct np_event_ops ops = {
    NP_JSON_EVENT_OPS,
    .brief = brief,
    .key = key,
    .entities = entities,
};

/* SigmaHQ's rules for Kubernetes name the category "application" or none. */
const struct np_kind np_kubernetes_kind = {
    .name = "k8s.audit",
    .ops = &ops,
    .logsource = {.product = NP_SPAN("kubernetes"),
                  .category = NP_SPAN("application"),
                  .service = NP_SPAN("audit")},
    .at_once = at_once,
    .aliases = aliases,
    .alias_count = NP_ARRAY_LEN(aliases),
    .falco = NP_FALCO_K8S,
    .is_record = is_record,
    .begin = begin,
};
