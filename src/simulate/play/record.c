/* SPDX-License-Identifier: Apache-2.0 */
/* Writing records: see record.h. The order of the keys is that of CloudTrail's own files. */
#include "simulate/play/record.h"

#include "base/hash.h"
#include "simulate/play/failure.h"
#include "simulate/play/fields.h"
#include "simulate/play/identity.h"

enum {
    VALUES_MAX_BYTES = 16 * 1024 * 1024, /* of all parameters of one call */
    SCRATCH_MAX_BYTES = 4 * 1024 * 1024,
    S3_REQUEST_ID_LETTERS = 16
};

int np_recorder_init(struct np_recorder *recorder, const struct np_scenario_set *set,
                     const struct np_accounts *accounts)
{
    size_t most = 1;
    for (size_t i = 0; i < set->call_count; i++)
        most = NP_MAX(most, set->calls[i].parameter_count);
    *recorder = (struct np_recorder){.accounts = accounts};
    np_arena_init(&recorder->values, VALUES_MAX_BYTES);
    np_buf_init(&recorder->scratch, SCRATCH_MAX_BYTES);
    recorder->parameters = np_alloc_array(most, sizeof(recorder->parameters[0]));
    return recorder->parameters != NULL ? 0 : -ENOMEM;
}

void np_recorder_done(struct np_recorder *recorder)
{
    np_free(recorder->parameters);
    recorder->parameters = NULL;
    np_arena_done(&recorder->values);
    np_buf_done(&recorder->scratch);
}

/* ---- beginning a call */

/* A text filled once. One without holes is taken as it stands. */
static int fill_value(struct np_recorder *recorder, const struct np_text *text,
                      const struct np_fill *fill, struct np_span *out_value)
{
    if (text->count == 1 && text->segments[0].hole == NP_HOLE_NONE && !text->null_if_bare) {
        *out_value = text->segments[0].text;
        return 0;
    }
    np_text_fill(&recorder->scratch, text, fill);
    struct np_span value = np_buf_span(&recorder->scratch);
    int r = recorder->scratch.error;
    if (r == 0)
        r = np_arena_keep(&recorder->values, &value);
    np_buf_reset(&recorder->scratch);
    if (r == 0)
        *out_value = value;
    return r;
}

static int fill_parameters(struct np_recorder *recorder, const struct np_record *record,
                           const struct np_planned *planned)
{
    const struct np_step *step = record->step;
    int r = 0;
    for (size_t i = 0; i < step->call->parameter_count && r == 0; i++) {
        bool is_each = planned->value != NP_PLAN_NO_VALUE && step->each == (int32_t) i;
        const struct np_text *text =
            is_each ? &step->each_values[planned->value] : step->parameters[i];
        struct np_parameter *parameter = &recorder->parameters[i];
        *parameter = (struct np_parameter){.given = text != NULL};
        if (text == NULL)
            continue;
        parameter->json = text->json;
        r = fill_value(recorder, text, &record->fill, &parameter->text);
    }
    return r;
}

/* The account in which a call is recorded: the caller's, or the play's own for strangers and nobody's services. */
static uint32_t account_of(const struct np_record_source *source, const struct np_member *by)
{
    bool is_ours = by->is != NP_IS_EXTERNAL && np_account_is_ours(by->account);
    return is_ours ? by->account : source->home;
}

static int find_region(struct np_recorder *recorder, struct np_record *record,
                       const struct np_planned *planned)
{
    const struct np_world *world = recorder->accounts->world;
    const struct np_step *step = record->step;
    size_t home = np_account_home(recorder->accounts, record->account);
    record->fill.region = world->regions[home];
    if (step->call->global_region.len > 0)
        record->fill.region = step->call->global_region;
    else if (planned->region != NP_PLAN_NO_REGION)
        record->fill.region = world->regions[planned->region];
    else if (step->region.count > 0)
        return fill_value(recorder, &step->region, &record->fill, &record->fill.region);
    return 0;
}

/* Where a call comes from: the service on whose behalf it is made, the place, or the service itself. */
static struct np_span find_origin(const struct np_record *record, enum np_attribute of_place)
{
    if (record->step->via.len > 0)
        return record->step->via;
    if (record->from != NULL)
        return np_member_attribute(record->from, of_place);
    struct np_span invoked = np_member_attribute(record->by, NP_ATTRIBUTE_INVOKED);
    return invoked.len > 0 ? invoked : np_member_attribute(record->by, NP_ATTRIBUTE_NAME);
}

int np_record_begin(struct np_recorder *recorder, struct np_record *out_record,
                    const struct np_record_source *source)
{
    const struct np_planned *planned = source->planned;
    const struct np_step *step = planned->step;
    const struct np_member *members = source->cast->members;
    struct np_record *record = out_record;
    *record = (struct np_record){
        .step = step,
        .by = &members[step->by],
        .from = step->from >= 0 ? &members[step->from] : NULL,
        .random = np_random_for(source->seed, NP_SPAN("parameters"), 0),
        .seed = source->seed,
        .account = account_of(source, &members[step->by]),
    };
    np_arena_reset(&recorder->values);
    np_account_id(recorder->accounts, record->account, record->account_id);
    record->fill = (struct np_fill){
        .random = &record->random,
        .now = planned->time,
        .members = source->cast->attributes,
        .by = record->by->attributes,
        .parameters = recorder->parameters,
        .account = np_span_make(record->account_id, NP_ACCOUNT_DIGITS),
        .address = find_origin(record, NP_ATTRIBUTE_ADDRESS),
        .index = planned->index,
    };
    int r = find_region(recorder, record, planned);
    if (r == 0)
        r = fill_parameters(recorder, record, planned);
    return r == 0 ? np_failure_set(recorder, record, planned->refused) : r;
}

/* ---- writing */

/* A record that is being written. */
struct writing {
    const struct np_record *record;
    struct np_fields fields;
    struct np_fill fill;
    struct np_random random; /* of the bodies; begins anew for each account */
    bool is_sign_in;
    bool is_service_event;
    bool is_by_service;
    bool is_abroad;
};

static void write_body(struct writing *writing, struct np_buf *buf, const struct np_text *text)
{
    if (text != NULL && text->count > 0)
        np_text_fill(buf, text, &writing->fill);
    else
        (void) np_buf_add_str(buf, "null");
}

static void write_body_given(struct writing *writing, struct np_span head,
                             const struct np_text *text)
{
    if (text->count > 0)
        write_body(writing, np_fields_name(&writing->fields, head), text);
}

static size_t write_uuid(struct np_buf *buf, struct np_random random)
{
    static const char digits[] = "0123456789abcdef";
    char text[NP_EVENT_ID_BYTES];
    uint64_t bits[2] = {np_random_next(&random), np_random_next(&random)};
    for (size_t i = 0, digit = 0; i < sizeof(text); i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        text[i] = is_dash ? '-' : digits[bits[digit / 16] >> (4 * (digit % 16)) & 15];
        digit += is_dash ? 0 : 1;
    }
    text[14] = '4'; /* version: random (RFC 9562, 5.4) */
    text[19] = digits[8 | (bits[1] & 3)];
    (void) np_buf_add_char(buf, '"');
    size_t at = buf->len;
    (void) np_buf_add(buf, text, sizeof(text));
    (void) np_buf_add_char(buf, '"');
    return at;
}

/* S3's own request ids are 16 letters and digits. */
static void write_request_id(struct writing *writing)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct np_random random = np_random_for(writing->record->seed, NP_SPAN("request"), 0);
    if (!np_span_is(writing->record->step->call->source, "s3.amazonaws.com")) {
        (void) write_uuid(np_field_raw(&writing->fields, "requestID"), random);
        return;
    }
    char text[S3_REQUEST_ID_LETTERS];
    uint64_t low = np_random_next(&random);
    uint64_t high = np_random_next(&random);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = letters[(i < 8 ? low : high) >> (5 * (i % 8)) & 31];
    np_field(&writing->fields, "requestID", np_span_make(text, sizeof(text)));
}

static void write_time(struct writing *writing)
{
    char text[NP_TIME_TEXT_BYTES];
    np_time_ns time = writing->fill.now;
    np_time_format(text, time - time % NP_NS_PER_S);
    np_field(&writing->fields, "eventTime", np_span_of(text));
}

/* S3 shows the agent in brackets, but for services. */
static void write_agent(struct writing *writing)
{
    const struct np_record *record = writing->record;
    struct np_span agent = find_origin(record, NP_ATTRIBUTE_AGENT);
    bool is_client = record->from != NULL && record->step->via.len == 0;
    bool brackets = is_client && np_span_is(record->step->call->source, "s3.amazonaws.com") &&
                    agent.len > 0 && agent.ptr[0] != '[';
    if (!brackets) {
        np_field(&writing->fields, "userAgent", agent);
        return;
    }
    struct np_buf *buf = np_field_raw(&writing->fields, "userAgent");
    (void) np_buf_add_str(buf, "\"[");
    np_text_escape(buf, agent);
    (void) np_buf_add_str(buf, "]\"");
}

/* Who, when, what, where, and how it came out. */
static void write_head(struct writing *writing, struct np_record_places *places)
{
    const struct np_record *record = writing->record;
    const struct np_call *call = record->step->call;
    struct np_fields *fields = &writing->fields;
    struct np_identity identity = {
        .by = record->by,
        .via = record->step->via,
        .version = call->version,
        .account = writing->fill.account,
        .is_sign_in = writing->is_sign_in,
        .is_failed = record->error_message.len > 0,
        .is_service_event = writing->is_service_event,
        .is_abroad = writing->is_abroad,
    };
    np_field(fields, "eventVersion", call->version);
    np_identity_write(np_field_raw(fields, "userIdentity"), &identity);
    write_time(writing);
    np_field(fields, "eventSource", call->source);
    np_field(fields, "eventName", call->name);
    places->region = np_field_raw(fields, "awsRegion")->len + 1;
    (void) np_buf_add_char(fields->buf, '"');
    np_text_escape(fields->buf, writing->fill.region);
    (void) np_buf_add_char(fields->buf, '"');
    places->region_bytes = fields->buf->len - 1 - places->region;
    np_field(fields, "sourceIPAddress", writing->fill.address);
    write_agent(writing);
    np_field_given(fields, "errorCode", record->error_code);
    np_field_given(fields, "errorMessage", record->error_message);
}

/* What was asked and answered. A sign-in that fails answers all the same. */
static void write_bodies(struct writing *writing, struct np_record_places *places)
{
    const struct np_record *record = writing->record;
    const struct np_call *call = record->step->call;
    bool is_failed = record->error_code.len > 0;
    bool hides = record->is_refused && call->refused_without_request;
    struct np_fields *fields = &writing->fields;
    write_body(writing, np_field_raw(fields, "requestParameters"), hides ? NULL : &call->request);
    write_body(writing, np_field_raw(fields, "responseElements"),
               is_failed ? NULL : &call->response);
    write_body_given(writing, NP_FIELD_HEAD("additionalEventData"), &call->extra);
    if (!writing->is_sign_in && !writing->is_service_event)
        write_request_id(writing);
    uint64_t seed = record->seed + (writing->is_abroad ? 1 : 0);
    places->event_id =
        write_uuid(np_field_raw(fields, "eventID"), np_random_for(seed, NP_SPAN("event"), 0));
    np_field_bool(fields, "readOnly", call->read_only);
    if (!record->is_refused)
        write_body_given(writing, NP_FIELD_HEAD("resources"), &call->resources);
}

/* Agents speak one version of TLS each. */
static void write_tls(struct writing *writing)
{
    const struct np_record *record = writing->record;
    bool is_direct = record->from != NULL && record->step->via.len == 0 &&
                     np_member_attribute(record->from, NP_ATTRIBUTE_PROXY).len == 0;
    if (!is_direct || record->step->call->host.count == 0)
        return;
    uint64_t hash = np_hash64(np_member_attribute(record->from, NP_ATTRIBUTE_AGENT), 0);
    bool is_new = hash % 5 != 0;
    struct np_fields fields = np_fields_begin(np_field_raw(&writing->fields, "tlsDetails"));
    np_field(&fields, "tlsVersion", is_new ? NP_SPAN("TLSv1.3") : NP_SPAN("TLSv1.2"));
    np_field(&fields, "cipherSuite",
             is_new ? NP_SPAN("TLS_AES_128_GCM_SHA256") : NP_SPAN("ECDHE-RSA-AES128-GCM-SHA256"));
    struct np_buf *buf = np_field_raw(&fields, "clientProvidedHostHeader");
    (void) np_buf_add_char(buf, '"');
    np_text_fill(buf, &record->step->call->host, &writing->fill);
    (void) np_buf_add_char(buf, '"');
    np_fields_end(&fields);
}

static void write_endpoint(struct writing *writing)
{
    const struct np_member *from = writing->record->from;
    if (from == NULL || writing->record->step->via.len > 0)
        return;
    np_field_given(&writing->fields, "vpcEndpointId",
                   np_member_attribute(from, NP_ATTRIBUTE_ENDPOINT));
    np_field_given(&writing->fields, "vpcEndpointAccountId",
                   np_member_attribute(from, NP_ATTRIBUTE_ENDPOINT_ACCOUNT));
}

/* How it is recorded. */
static void write_tail(struct writing *writing, const char account_id[NP_ACCOUNT_DIGITS],
                       struct np_record_places *places)
{
    const struct np_record *record = writing->record;
    const struct np_call *call = record->step->call;
    struct np_fields *fields = &writing->fields;
    np_field(fields, "eventType", call->type);
    np_field_given(fields, "apiVersion", call->api);
    np_field_bool(fields, "managementEvent", !call->data);
    places->account = np_field_raw(fields, "recipientAccountId")->len + 1;
    (void) np_buf_add_char(fields->buf, '"');
    (void) np_buf_add(fields->buf, account_id, NP_ACCOUNT_DIGITS);
    (void) np_buf_add_char(fields->buf, '"');
    if (record->step->copied >= 0 || writing->is_by_service)
        (void) write_uuid(np_field_raw(fields, "sharedEventID"),
                          np_random_for(record->seed, NP_SPAN("shared"), 0));
    write_endpoint(writing);
    write_body_given(writing, NP_FIELD_HEAD("serviceEventDetails"), &call->details);
    np_field(fields, "eventCategory", call->data ? NP_SPAN("Data") : NP_SPAN("Management"));
    write_tls(writing);
    if (record->by->is == NP_IS_CONSOLE && !writing->is_sign_in)
        np_field(fields, "sessionCredentialFromConsole", NP_SPAN("true"));
}

void np_record_write(struct np_buf *buf, const struct np_record *record,
                     const struct np_accounts *accounts, uint32_t account,
                     struct np_record_places *out_places)
{
    const struct np_call *call = record->step->call;
    char account_id[NP_ACCOUNT_DIGITS];
    struct writing writing = {
        .record = record,
        .fill = record->fill,
        .random = np_random_for(record->seed, NP_SPAN("bodies"), 0),
        .is_sign_in = np_span_is(call->type, "AwsConsoleSignIn"),
        .is_service_event = np_span_is(call->type, "AwsServiceEvent"),
        .is_by_service = record->by->is == NP_IS_SERVICE,
        .is_abroad = account != record->account,
    };
    writing.fill.random = &writing.random;
    np_account_id(accounts, account, account_id);
    writing.fields = np_fields_begin(buf);
    write_head(&writing, out_places);
    write_bodies(&writing, out_places);
    write_tail(&writing, account_id, out_places);
    np_fields_end(&writing.fields);
}
