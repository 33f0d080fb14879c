/* SPDX-License-Identifier: Apache-2.0 */
/* What an act takes from a CloudTrail record; facts from the user guide, "userIdentity element" and "record contents". */
#include "actor/act.h"

#include "event/event.h"

static const np_field_id text_fields[NP_ACT_TEXT_MAX] = {
    [NP_ACT_REGION] = NP_FIELD_AWS_REGION,
    [NP_ACT_SERVICE] = NP_FIELD_EVENT_SOURCE,
    [NP_ACT_API] = NP_FIELD_EVENT_NAME,
    [NP_ACT_OWNER] = NP_FIELD_IDENTITY_ACCOUNT_ID,
    [NP_ACT_KEY] = NP_FIELD_IDENTITY_ACCESS_KEY_ID,
    [NP_ACT_SOURCE_IDENTITY] = NP_FIELD_IDENTITY_SOURCE_IDENTITY,
    [NP_ACT_ADDRESS] = NP_FIELD_SOURCE_IP_ADDRESS,
    [NP_ACT_AGENT] = NP_FIELD_USER_AGENT,
    [NP_ACT_ENDPOINT] = NP_FIELD_VPC_ENDPOINT_ID,
    [NP_ACT_ENDPOINT_OWNER] = NP_FIELD_VPC_ENDPOINT_ACCOUNT_ID,
    [NP_ACT_HOST] = NP_FIELD_TLS_HOST,
    [NP_ACT_INVOKED_BY] = NP_FIELD_IDENTITY_INVOKED_BY,
    [NP_ACT_ERROR] = NP_FIELD_ERROR_CODE,
    [NP_ACT_SHARED_ID] = NP_FIELD_SHARED_EVENT_ID,
};

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

static bool ends_product(char c)
{
    return c == '/' || c == ' ' || c == ',' || c == ';' || c == ']' || c == '\0';
}

/* The first product of an agent without its version: "aws-cli" of "aws-cli/2.13.0 Python/3.11"; some stand in brackets. */
static struct np_span agent_family(struct np_span agent)
{
    agent = np_span_trim(agent);
    if (np_span_starts(agent, NP_SPAN("[")))
        agent = np_span_from(agent, 1);
    size_t len = 0;
    while (len < agent.len && !ends_product(agent.ptr[len]))
        len++;
    return np_span_head(agent, len);
}

static enum np_identity identity_of(struct np_span type)
{
    static const struct {
        const char *type;
        enum np_identity identity;
    } known[] = {
        {"AssumedRole", NP_IDENTITY_SESSION},    {"IAMUser", NP_IDENTITY_USER},
        {"AWSService", NP_IDENTITY_SERVICE},     {"Root", NP_IDENTITY_ROOT},
        {"AWSAccount", NP_IDENTITY_ACCOUNT},     {"FederatedUser", NP_IDENTITY_FEDERATED},
        {"WebIdentityUser", NP_IDENTITY_WEB},    {"SAMLUser", NP_IDENTITY_WEB},
        {"IdentityCenterUser", NP_IDENTITY_WEB},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(known); i++)
        if (np_span_is(type, known[i].type))
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

static bool is_true(struct np_event *event, np_field_id field)
{
    return np_span_is(np_event_text(event, field), "true");
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
    size_t count = np_event_entities(event, all);
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

bool np_act_view_read(struct np_act_view *out_view, struct np_event *event)
{
    if (event->kind != NP_EVENT_CLOUDTRAIL || event->time == NP_TIME_NONE)
        return false;
    *out_view = (struct np_act_view){.time = event->time, .arrival = event->arrival};
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        if (text_fields[i] != 0)
            out_view->texts[i] = np_event_text(event, text_fields[i]);
    out_view->texts[NP_ACT_EVENT_ID] = event->id;
    out_view->texts[NP_ACT_ACCOUNT] = event->account;
    out_view->texts[NP_ACT_SERVICE] = service_of(out_view->texts[NP_ACT_SERVICE]);
    out_view->texts[NP_ACT_AGENT] = agent_family(out_view->texts[NP_ACT_AGENT]);
    read_identity(out_view, event);
    read_outcome(out_view, event);
    read_flags(out_view, event);
    out_view->session_began = NP_TIME_NONE;
    (void) np_time_parse(np_event_text(event, NP_FIELD_SESSION_BEGAN), &out_view->session_began);
    if (has_entities(out_view))
        read_entities(out_view, event);
    return true;
}

void np_act_make(struct np_act *out_act, struct np_names *names, const struct np_act_view *view)
{
    *out_act = (struct np_act){.time = view->time,
                               .arrival = view->arrival,
                               .session_began = view->session_began,
                               .flags = (uint16_t) view->flags,
                               .identity = (uint8_t) view->identity,
                               .entity_count = (uint8_t) view->entity_count};
    np_names_pass_all(names, view->texts, NP_ACT_TEXT_MAX, out_act->texts);
    for (size_t i = 0; i < view->entity_count; i++)
        out_act->entities[i] =
            (struct np_act_entity){.kind = (uint8_t) view->entities[i].kind,
                                   .role = (uint8_t) view->entities[i].role,
                                   .value = np_names_pass(names, view->entities[i].value)};
}

void np_act_hold(struct np_names *names, struct np_act *act)
{
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        act->texts[i] = np_names_hold(names, act->texts[i]);
    for (size_t i = 0; i < act->entity_count; i++)
        act->entities[i].value = np_names_hold(names, act->entities[i].value);
}

void np_act_release(struct np_names *names, const struct np_act *act)
{
    for (size_t i = 0; i < NP_ACT_TEXT_MAX; i++)
        np_names_release(names, act->texts[i]);
    for (size_t i = 0; i < act->entity_count; i++)
        np_names_release(names, act->entities[i].value);
}
