/* SPDX-License-Identifier: Apache-2.0 */
/* Computed fields of Falco's source "aws_cloudtrail"; see the README of its plugin "cloudtrail". */
#include "codec/number.h"
#include "event/falco/cloud_internal.h"

enum { INFO_MAX_BYTES = 64 * 1024 };

#define DOMAIN ".amazonaws.com"

static struct np_span event_name(const struct np_falco_question *question)
{
    return np_event_text(question->event, NP_FIELD_EVENT_NAME);
}

/* The service without the domain that all of them have. */
static struct np_span short_source(const struct np_falco_question *question)
{
    struct np_span source = np_event_text(question->event, NP_FIELD_EVENT_SOURCE);
    if (source.len > strlen(DOMAIN) && np_span_ends(source, NP_SPAN(DOMAIN)))
        source.len -= strlen(DOMAIN);
    return source;
}

/* Who: what names the caller depends on what kind of caller it is. Empty where nothing does. */
static struct np_span user_of(const struct np_falco_question *question)
{
    struct np_span type = np_event_text(question->event, NP_FIELD_IDENTITY_TYPE);
    if (np_span_is(type, "Root") || np_span_is(type, "IAMUser"))
        return np_event_text(question->event, NP_FIELD_IDENTITY_USER_NAME);
    if (np_span_is(type, "AWSService"))
        return np_event_text(question->event, NP_FIELD_IDENTITY_INVOKED_BY);
    if (np_span_is(type, "AWSAccount") || np_span_is(type, "FederatedUser"))
        return type;
    if (!np_span_is(type, "AssumedRole"))
        return (struct np_span){};
    struct np_span name =
        np_falco_lookup_text(question, "userIdentity/sessionContext/sessionIssuer/userName");
    return name.len > 0 ? name : type;
}

static struct np_span account_of(const struct np_falco_question *question)
{
    struct np_span account = np_event_text(question->event, NP_FIELD_IDENTITY_ACCOUNT_ID);
    return account.len > 0 ? account
                           : np_event_text(question->event, NP_FIELD_RECIPIENT_ACCOUNT_ID);
}

/* Whether an action changes something, by the verb that its name begins with. */
static bool changes(struct np_span name)
{
    static const char *const verbs[] = {
        "Activate",     "Add",       "Admin",      "Assign",     "Associate", "Attach",   "Cancel",
        "Close",        "Create",    "Delete",     "Deregister", "Destroy",   "Detach",   "Disable",
        "Disassociate", "Enable",    "Initialize", "Modify",     "Open",      "Purchase", "Put",
        "Reboot",       "Register",  "Remove",     "Run",        "Set",       "Start",    "Stop",
        "Suspend",      "Terminate", "Unassign",   "Unlink",     "Update",    "Upgrade",  "Wipe",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(verbs); i++)
        if (np_span_starts(name, np_span_of(verbs[i])))
            return true;
    return false;
}

/* Whether the event only reads: guessed where it does not say. */
static bool is_read_only(const struct np_falco_question *question)
{
    const struct np_value *flag = np_event_field(question->event, NP_FIELD_READ_ONLY);
    if (flag->kind == NP_VALUE_ABSENT)
        return !changes(event_name(question));
    return flag->kind == NP_VALUE_BOOL && flag->boolean;
}

/* Adds the bytes that went one way; whether the record tells. */
static bool add_bytes(const struct np_falco_question *question, const char *place, uint64_t *total)
{
    struct np_span value;
    struct np_number bytes;
    if (!np_falco_lookup(question, place, &value))
        return false;
    if (!np_number_parse(value, &bytes))
        return true;
    if (bytes.kind == NP_NUMBER_DOUBLE && bytes.real > 0 && bytes.real < 1e18)
        *total += (uint64_t) bytes.real; /* "33.0", as some events have it */
    if (bytes.kind == NP_NUMBER_INT && bytes.integer > 0)
        *total += (uint64_t) bytes.integer;
    return true;
}

/* The size of a transfer; whether the record tells. */
static bool transferred(const struct np_falco_question *question, bool in, bool out,
                        uint64_t *out_total)
{
    *out_total = 0;
    bool is_in = in && add_bytes(question, "additionalEventData/bytesTransferredIn", out_total);
    bool is_out = out && add_bytes(question, "additionalEventData/bytesTransferredOut", out_total);
    return is_in || is_out;
}

static int bytes_value(const struct np_falco_question *question, bool in, bool out)
{
    uint64_t total = 0;
    return transferred(question, in, out, &total) ? np_falco_set_number(question, total) : 0;
}

/* Appends "s3://BUCKET/KEY": false where the request does not name both. */
static bool add_uri(struct np_buf *out, const struct np_falco_question *question)
{
    struct np_span bucket = np_falco_lookup_text(question, "requestParameters/bucketName");
    struct np_span key = np_falco_lookup_text(question, "requestParameters/key");
    if (bucket.len == 0 || key.len == 0)
        return false;
    np_buf_printf(out, "s3://%.*s/%.*s", NP_SPAN_ARGS(bucket), NP_SPAN_ARGS(key));
    return true;
}

/* Appends what was acted on, as far as the record tells. */
static void add_target(struct np_buf *out, const struct np_falco_question *question)
{
    static const struct {
        const char *label;
        const char *place;
    } targets[] = {
        {" Bucket=", "requestParameters/bucketName"},
        {" Key=", "requestParameters/key"},
        {" Host=", "requestParameters/Host"},
    };
    size_t start = out->len;
    np_buf_add_str(out, " URI=");
    if (add_uri(out, question))
        return;
    out->len = start;
    for (size_t i = 0; i < NP_ARRAY_LEN(targets); i++) {
        struct np_span text = np_falco_lookup_text(question, targets[i].place);
        if (text.len == 0)
            continue;
        np_buf_add_str(out, targets[i].label);
        np_buf_add_span(out, text);
        return;
    }
}

/* Appends who did what from where: "USER via ADDRESS !→ NAME Size=N URI=..."; "!" = it failed, the arrow tells a change from a read. */
static void add_info(struct np_buf *out, const struct np_falco_question *question)
{
    struct np_event *event = question->event;
    struct np_span user = user_of(question);
    struct np_span address = np_event_text(event, NP_FIELD_SOURCE_IP_ADDRESS);
    uint64_t bytes = 0;
    if (user.len == 0 || address.len == 0) {
        np_buf_printf(out, "<invalid cloudtrail event: %s field missing>",
                      user.len == 0 ? "userIdentity" : "eventSource");
        return;
    }
    np_buf_add_span(out, user);
    if (!np_span_eq(user, address))
        np_buf_printf(out, " via %.*s", NP_SPAN_ARGS(address));
    np_buf_printf(out, " %s%s %.*s", np_event_text(event, NP_FIELD_ERROR_CODE).len > 0 ? "!" : "",
                  is_read_only(question) ? "←" : "→", NP_SPAN_ARGS(event_name(question)));
    if (transferred(question, true, true, &bytes))
        np_buf_printf(out, " Size=%llu", (unsigned long long) bytes);
    add_target(out, question);
}

/* Appends a line that sums the event up. */
static void add_summary(struct np_buf *out, const struct np_falco_question *question)
{
    struct np_span user = user_of(question);
    np_buf_add_span(out, np_event_text(question->event, NP_FIELD_AWS_REGION));
    np_buf_printf(out, "%s%.*s", user.len > 0 ? " " : "", NP_SPAN_ARGS(user));
    np_buf_printf(out, " %.*s %.*s ", NP_SPAN_ARGS(short_source(question)),
                  NP_SPAN_ARGS(event_name(question)));
    add_info(out, question);
}

/* Appends the resources as JSON, with commas between them. */
static void add_resources(struct np_buf *out, const struct np_falco_question *question)
{
    struct np_span resources;
    struct np_span key;
    struct np_span resource;
    struct np_json_walk walk;
    if (!np_falco_lookup(question, "resources", &resources) || !np_json_is_array(resources) ||
        !np_json_walk_begin(&walk, resources))
        return;
    while (np_json_walk_next(&walk, &key, &resource)) {
        struct np_span text;
        if (np_json_value_text(resource, question->arena, &text) < 0)
            return;
        np_buf_add_str(out, out->len > 0 ? "," : "");
        np_buf_add_span(out, text);
    }
}

/* The value of the tag "Name" among an item's tags; empty where there is none. */
static struct np_span name_tag(const struct np_falco_question *question, struct np_span tags)
{
    struct np_json_walk walk;
    struct np_span key;
    struct np_span tag;
    struct np_span value;
    struct np_span text = {};
    if (!np_json_walk_begin(&walk, tags))
        return text;
    while (np_json_walk_next(&walk, &key, &tag))
        if (np_falco_lookup_below(tag, "key", &value) && np_span_is(value, "\"Name\"") &&
            np_falco_lookup_below(tag, "value", &value) && np_json_is_text(value) &&
            np_json_value_text(value, question->arena, &text) == 0)
            break;
    return text;
}

/* The name that a request gives to new instances, in their tags. */
static struct np_span instance_name(const struct np_falco_question *question)
{
    struct np_json_walk walk;
    struct np_span items;
    struct np_span key;
    struct np_span item;
    struct np_span part;
    struct np_span name = {};
    if (!np_falco_lookup(question, "requestParameters/tagSpecificationSet/items", &items) ||
        !np_json_walk_begin(&walk, items))
        return name;
    while (name.len == 0 && np_json_walk_next(&walk, &key, &item))
        if (np_falco_lookup_below(item, "resourceType", &part) &&
            np_span_is(part, "\"instance\"") && np_falco_lookup_below(item, "tags", &part))
            name = name_tag(question, part);
    return name;
}

/* A value that is put together in a buffer; nothing where it stays empty. */
static int made_value(const struct np_falco_question *question)
{
    np_auto_buf struct np_buf text;
    np_buf_init(&text, INFO_MAX_BYTES);
    switch (question->what->which) {
    case NP_FALCO_FIELD_EVT_PLUGININFO:
        add_summary(&text, question);
        break;
    case NP_FALCO_FIELD_CT_INFO:
        add_info(&text, question);
        break;
    case NP_FALCO_FIELD_CT_RESOURCES:
        add_resources(&text, question);
        break;
    default:
        (void) add_uri(&text, question);
    }
    if (text.error < 0)
        question->event->flags |= NP_EVENT_TRUNCATED;
    return text.len == 0 ? 0 : np_falco_set_copy(question, np_buf_span(&text));
}

static int text_value(const struct np_falco_question *question, struct np_span text)
{
    if (text.len > 0)
        np_falco_set_text(question, text);
    return 0;
}

/* 1 where the event's name is `name`, else 0. */
static int count_value(const struct np_falco_question *question, const char *name)
{
    return np_falco_set_number(question, np_span_is(event_name(question), name));
}

static int other_count(const struct np_falco_question *question)
{
    struct np_span name = event_name(question);
    return np_falco_set_number(question,
                               !np_span_is(name, "GetObject") && !np_span_is(name, "PutObject"));
}

int np_falco_aws_value(const struct np_falco_question *question)
{
    struct np_span flag;
    switch (question->what->which) {
    case NP_FALCO_FIELD_CT_SHORTSRC:
        return text_value(question, short_source(question));
    case NP_FALCO_FIELD_CT_USER:
        return text_value(question, user_of(question));
    case NP_FALCO_FIELD_CT_USER_ACCOUNTID:
        return text_value(question, account_of(question));
    case NP_FALCO_FIELD_CT_MANAGEMENTEVENT:
        np_falco_set_flag(question, np_falco_lookup(question, "managementEvent", &flag) &&
                                        np_span_is(flag, "true"));
        return 0;
    case NP_FALCO_FIELD_CT_READONLY:
        np_falco_set_flag(question, is_read_only(question));
        return 0;
    case NP_FALCO_FIELD_S3_BYTES:
        return bytes_value(question, true, true);
    case NP_FALCO_FIELD_S3_BYTES_IN:
        return bytes_value(question, true, false);
    case NP_FALCO_FIELD_S3_BYTES_OUT:
        return bytes_value(question, false, true);
    case NP_FALCO_FIELD_S3_CNT_GET:
        return count_value(question, "GetObject");
    case NP_FALCO_FIELD_S3_CNT_PUT:
        return count_value(question, "PutObject");
    case NP_FALCO_FIELD_S3_CNT_OTHER:
        return other_count(question);
    case NP_FALCO_FIELD_EC2_NAME:
        return text_value(question, instance_name(question));
    default:
        return made_value(question);
    }
}
