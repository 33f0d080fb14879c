/* SPDX-License-Identifier: Apache-2.0 */
/* What an act takes from a CloudTrail record; facts from the user guide, "userIdentity element" and "record contents". */
#include "actor/act.h"

#include "event/event.h"

static struct np_span behind_last(struct np_span text, char mark)
{
    const char *at = text.len > 0 ? memrchr(text.ptr, mark, text.len) : NULL;
    return at != NULL ? np_span_from(text, (size_t) (at - text.ptr) + 1) : (struct np_span){};
}

static bool contains(struct np_span text, const char *part)
{
    return text.len > 0 && memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

/* "iam" of "iam.amazonaws.com". */
static struct np_span service_of(struct np_span source)
{
    return np_span_ends(source, NP_SPAN(".amazonaws.com"))
               ? np_span_head(source, source.len - strlen(".amazonaws.com"))
               : source;
}

/* The first product of an agent without its version: "aws-cli" of "aws-cli/2.13.0 Python/3.11"; some stand in brackets. */
static struct np_span agent_family(struct np_span agent)
{
    static const bool ends_product[256] = {
        ['/'] = true, [' '] = true, [','] = true, [';'] = true, [']'] = true, ['\0'] = true};
    agent = np_span_trim(agent);
    if (np_span_starts(agent, NP_SPAN("[")))
        agent = np_span_from(agent, 1);
    size_t len = 0;
    while (len < agent.len && !ends_product[(unsigned char) agent.ptr[len]])
        len++;
    return np_span_head(agent, len);
}

static enum np_identity identity_of(struct np_span type)
{
    static const struct {
        struct np_span type;
        enum np_identity identity;
    } known[] = {
        {NP_SPAN("AssumedRole"), NP_IDENTITY_SESSION},
        {NP_SPAN("AWSService"), NP_IDENTITY_SERVICE},
        {NP_SPAN("IAMUser"), NP_IDENTITY_USER},
        {NP_SPAN("Root"), NP_IDENTITY_ROOT},
        {NP_SPAN("AWSAccount"), NP_IDENTITY_ACCOUNT},
        {NP_SPAN("FederatedUser"), NP_IDENTITY_FEDERATED},
        {NP_SPAN("WebIdentityUser"), NP_IDENTITY_WEB},
        {NP_SPAN("SAMLUser"), NP_IDENTITY_WEB},
        {NP_SPAN("IdentityCenterUser"), NP_IDENTITY_WEB},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(known); i++)
        if (np_span_eq(type, known[i].type))
            return known[i].identity;
    return NP_IDENTITY_UNKNOWN;
}

static struct np_span first_text(struct np_event *event, const np_field_id *fields, size_t count)
{
    struct np_span text = {};
    for (size_t i = 0; i < count && text.len == 0; i++)
        text = np_event_text(event, fields[i]);
    return text;
}

static struct np_span best_name(struct np_event *event)
{
    static const np_field_id best_first[] = {
        NP_FIELD_IDENTITY_ARN,        NP_FIELD_IDENTITY_USER_NAME,  NP_FIELD_IDENTITY_PRINCIPAL_ID,
        NP_FIELD_IDENTITY_ACCOUNT_ID, NP_FIELD_IDENTITY_INVOKED_BY, NP_FIELD_SOURCE_IP_ADDRESS,
    };
    return first_text(event, best_first, NP_ARRAY_LEN(best_first));
}

/* A session's principal is who issued it; its name is the last part of its ARN, or of the principal's id. */
static void read_session(struct np_act_view *view, struct np_event *event)
{
    struct np_span arn = np_event_text(event, NP_FIELD_IDENTITY_ARN);
    struct np_span issuer = np_event_text(event, NP_FIELD_IDENTITY_ISSUER_ARN);
    struct np_span name = behind_last(arn, '/');
    if (arn.len == 0)
        name = behind_last(np_event_text(event, NP_FIELD_IDENTITY_PRINCIPAL_ID), ':');
    view->texts[NP_ACT_SESSION] = name;
    view->texts[NP_ACT_PRINCIPAL] = issuer.len > 0 ? issuer : best_name(event);
    if (issuer.len == 0 && name.len > 0 && arn.len > name.len + 1)
        view->texts[NP_ACT_PRINCIPAL] = np_span_head(arn, arn.len - name.len - 1);
}

static void read_identity(struct np_act_view *view, struct np_event *event)
{
    static const np_field_id service_fields[] = {NP_FIELD_IDENTITY_INVOKED_BY,
                                                 NP_FIELD_SOURCE_IP_ADDRESS};
    view->identity = identity_of(np_event_text(event, NP_FIELD_IDENTITY_TYPE));
    switch (view->identity) {
    case NP_IDENTITY_SESSION:
    case NP_IDENTITY_FEDERATED:
        read_session(view, event);
        break;
    case NP_IDENTITY_SERVICE:
        view->texts[NP_ACT_PRINCIPAL] =
            first_text(event, service_fields, NP_ARRAY_LEN(service_fields));
        break;
    default:
        view->texts[NP_ACT_PRINCIPAL] = best_name(event);
    }
}

static bool is_refusal(struct np_span error)
{
    static const char *const parts[] = {"AccessDenied", "Unauthorized", "NotAuthorized",
                                        "AuthorizationError", "Forbidden"};
    bool is = false;
    for (size_t i = 0; i < NP_ARRAY_LEN(parts) && !is; i++)
        is = contains(error, parts[i]);
    return is;
}

static void read_outcome(struct np_act_view *view, struct np_event *event)
{
    struct np_span *error = &view->texts[NP_ACT_ERROR];
    if (error->len == 0 && np_span_is(view->texts[NP_ACT_API], "ConsoleLogin") &&
        np_span_is(np_event_text(event, NP_FIELD_CONSOLE_LOGIN), "Failure"))
        *error = NP_SPAN("Failure");
    if (error->len == 0)
        return;
    view->flags |= NP_ACT_FAILED;
    if (is_refusal(*error))
        view->flags |= NP_ACT_REFUSED;
}

static inline bool is_true(struct np_event *event, np_field_id field)
{
    const struct np_value *value = np_event_field(event, field);
    if (value->kind == NP_VALUE_TEXT)
        return np_span_is(value->text, "true");
    return value->kind == NP_VALUE_BOOL && value->boolean;
}

static void read_flags(struct np_act_view *view, struct np_event *event)
{
    bool signs_in = np_span_is(view->texts[NP_ACT_SERVICE], "signin");
    if (is_true(event, NP_FIELD_READ_ONLY))
        view->flags |= NP_ACT_READS;
    if (signs_in || is_true(event, NP_FIELD_SESSION_FROM_CONSOLE))
        view->flags |= NP_ACT_CONSOLE;
    if (is_true(event, NP_FIELD_SESSION_MFA) ||
        (signs_in && np_span_is(np_event_text(event, NP_FIELD_MFA_USED), "Yes")))
        view->flags |= NP_ACT_MFA;
    if (view->texts[NP_ACT_HOST].len > 0)
        view->flags |= NP_ACT_TLS;
    if (np_span_is(np_event_text(event, NP_FIELD_EVENT_CATEGORY), "Data"))
        view->flags |= NP_ACT_DATA;
}

/* Reads of secrets: what was read counts as much as that it was. */
static bool reads_a_secret(struct np_span api)
{
    return np_span_starts(api, NP_SPAN("GetSecretValue")) ||
           np_span_starts(api, NP_SPAN("GetParameter")) || np_span_is(api, "GetPasswordData");
}

/* Entities cost a walk over the request: only where they may tell of a credential or of harm. */
static bool has_entities(const struct np_act_view *view)
{
    struct np_span service = view->texts[NP_ACT_SERVICE];
    if ((view->flags & NP_ACT_DATA) != 0)
        return false;
    return (view->flags & NP_ACT_READS) == 0 || np_span_is(service, "sts") ||
           reads_a_secret(view->texts[NP_ACT_API]);
}

/* Whether an entity may join credentials. */
static bool joins(const struct np_entity *entity)
{
    if (entity->role == NP_ENTITY_MADE || entity->role == NP_ENTITY_PASSED)
        return entity->kind != NP_ENTITY_RESOURCE && entity->kind != NP_ENTITY_IDENTITY_PROVIDER;
    return entity->role == NP_ENTITY_ON &&
           (entity->kind == NP_ENTITY_ROLE || entity->kind == NP_ENTITY_RESOURCE ||
            entity->kind == NP_ENTITY_ACCOUNT || entity->kind == NP_ENTITY_USER ||
            entity->kind == NP_ENTITY_STACK || entity->kind == NP_ENTITY_FUNCTION ||
            entity->kind == NP_ENTITY_INSTANCE);
}

static void read_entities(struct np_act_view *view, struct np_event *event)
{
    struct np_entity all[NP_ENTITIES_MAX];
    size_t count = np_event_targets(event, all);
    for (size_t i = 0; i < count; i++) {
        if (all[i].role != NP_ENTITY_ON && all[i].role != NP_ENTITY_MADE &&
            all[i].role != NP_ENTITY_PASSED)
            continue;
        if (view->texts[NP_ACT_RESOURCE].len == 0 && all[i].kind != NP_ENTITY_SESSION)
            view->texts[NP_ACT_RESOURCE] = all[i].value;
        if (joins(&all[i]) && view->entity_count < NP_ACT_ENTITIES_MAX)
            view->entities[view->entity_count++] = all[i];
    }
}

static void read_texts(struct np_span texts[NP_ACT_TEXT_MAX], struct np_event *event)
{
    texts[NP_ACT_EVENT_ID] = event->id;
    texts[NP_ACT_ACCOUNT] = event->account;
    texts[NP_ACT_REGION] = np_event_text(event, NP_FIELD_AWS_REGION);
    texts[NP_ACT_SERVICE] = service_of(np_event_text(event, NP_FIELD_EVENT_SOURCE));
    texts[NP_ACT_API] = np_event_text(event, NP_FIELD_EVENT_NAME);
    texts[NP_ACT_OWNER] = np_event_text(event, NP_FIELD_IDENTITY_ACCOUNT_ID);
    texts[NP_ACT_SESSION] = (struct np_span){};
    texts[NP_ACT_KEY] = np_event_text(event, NP_FIELD_IDENTITY_ACCESS_KEY_ID);
    texts[NP_ACT_SOURCE_IDENTITY] = np_event_text(event, NP_FIELD_IDENTITY_SOURCE_IDENTITY);
    texts[NP_ACT_ADDRESS] = np_event_text(event, NP_FIELD_SOURCE_IP_ADDRESS);
    texts[NP_ACT_AGENT] = agent_family(np_event_text(event, NP_FIELD_USER_AGENT));
    texts[NP_ACT_ENDPOINT] = np_event_text(event, NP_FIELD_VPC_ENDPOINT_ID);
    texts[NP_ACT_ENDPOINT_OWNER] = np_event_text(event, NP_FIELD_VPC_ENDPOINT_ACCOUNT_ID);
    texts[NP_ACT_HOST] = np_event_text(event, NP_FIELD_TLS_HOST);
    texts[NP_ACT_INVOKED_BY] = np_event_text(event, NP_FIELD_IDENTITY_INVOKED_BY);
    texts[NP_ACT_ERROR] = np_event_text(event, NP_FIELD_ERROR_CODE);
    texts[NP_ACT_SHARED_ID] = np_event_text(event, NP_FIELD_SHARED_EVENT_ID);
    texts[NP_ACT_RESOURCE] = (struct np_span){};
}

bool np_act_view_read(struct np_act_view *out_view, struct np_event *event)
{
    if (event->kind != NP_EVENT_CLOUDTRAIL || event->time == NP_TIME_NONE)
        return false;
    out_view->time = event->time;
    out_view->arrival = event->arrival;
    out_view->flags = 0;
    out_view->session_began = NP_TIME_NONE;
    out_view->entity_count = 0;
    read_texts(out_view->texts, event);
    read_identity(out_view, event);
    read_outcome(out_view, event);
    read_flags(out_view, event);
    (void) np_time_parse(np_event_text(event, NP_FIELD_SESSION_BEGAN), &out_view->session_began);
    if (has_entities(out_view))
        read_entities(out_view, event);
    return true;
}
