/* SPDX-License-Identifier: Apache-2.0 */
/* What a CloudTrail record becomes. */
#include "decode.h"

#define HEAD "\"eventVersion\":\"1.08\",\"eventTime\":\"2023-07-10T11:45:01Z\","

static void reads_what_every_event_has(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(
        decode(d, "{" HEAD "\"eventID\":\"id-1\",\"recipientAccountId\":\"111122223333\","
                  "\"eventName\":\"StopLogging\",\"eventSource\":\"cloudtrail.amazonaws.com\","
                  "\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"192.0.2.7\","
                  "\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/a\"}}"),
        NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_CLOUDTRAIL);
    assert_span_equal(d->event->id, "id-1");
    assert_span_equal(d->event->account, "111122223333");
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
    assert_span_equal(d->event->logsource->product, "aws");
    assert_span_equal(d->event->logsource->service, "cloudtrail");
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "StopLogging");
    assert_span_equal(brief.source, "cloudtrail.amazonaws.com");
    assert_span_equal(brief.region, "us-east-1");
    assert_span_equal(brief.principal, "arn:aws:iam::1:user/a");
    assert_span_equal(brief.address, "192.0.2.7");
    assert_span_equal(brief.outcome, "ok");
}

static void knows_a_record_by_either_pair_of_keys(void **state)
{
    struct decode *d = *state;
    assert_int_equal(
        decode(d, "{\"eventVersion\":\"1.08\",\"eventTime\":\"2023-07-10T11:45:01Z\"}"),
        NP_DECODE_EVENT);
    assert_int_equal(decode(d, "{\"eventName\":\"A\",\"eventSource\":\"s\"}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->time, NP_TIME_NONE);
    assert_int_equal(decode(d, "{\"eventName\":\"A\",\"eventTime\":\"2023-07-10T11:45:01Z\"}"),
                     NP_DECODE_UNKNOWN);
    assert_int_equal(decode(d, "{}"), NP_DECODE_UNKNOWN);
}

static void tells_envelopes_and_digests_from_records(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"Records\":[{" HEAD "\"eventID\":\"a\"}]}"), NP_DECODE_SEVERAL);
    assert_int_equal(decode(d, "{" HEAD "\"a\":1} {\"b\":2}"), NP_DECODE_SEVERAL);
    assert_int_equal(decode(d, "{\"digestStartTime\":\"2023-07-10T11:45:01Z\",\"logFiles\":[]}"),
                     NP_DECODE_DIGEST);
}

static void says_why_a_record_is_invalid(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{" HEAD "\"a\":\"\xff\"}"), NP_DECODE_INVALID);
    assert_non_null(strstr(d->reason, "UTF-8"));
    assert_int_equal(decode(d, "{" HEAD "\"a\":[1}"), NP_DECODE_INVALID);
}

static void takes_the_outcome_from_where_it_stands(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(decode(d, "{" HEAD "\"eventName\":\"X\",\"errorCode\":\"AccessDenied\"}"),
                     NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.outcome, "AccessDenied");
    assert_int_equal(decode(d, "{" HEAD "\"eventName\":\"ConsoleLogin\",\"errorCode\":null,"
                               "\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}"),
                     NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.outcome, "Failure");
}

static void names_callers_without_an_arn(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *identity;
        const char *principal;
    } cases[] = {
        {"{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}", "ec2.amazonaws.com"},
        {"{\"type\":\"WebIdentityUser\",\"principalId\":\"p:q\",\"userName\":\"repo:x\"}",
         "repo:x"},
        {"{\"type\":\"AWSAccount\",\"principalId\":\"AIDA:s\",\"accountId\":\"1\"}", "AIDA:s"},
        {"{\"type\":\"AWSAccount\",\"accountId\":\"444455556666\"}", "444455556666"},
        {"{}", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_event_brief brief;
        char record[256];
        (void) snprintf(record, sizeof(record), "{" HEAD "\"userIdentity\":%s}", cases[i].identity);
        assert_int_equal(decode(d, record), NP_DECODE_EVENT);
        np_event_brief(d->event, &brief);
        assert_span_equal(brief.principal, cases[i].principal);
    }
}

static void keys_repeats_by_account_and_id(void **state)
{
    struct decode *d = *state;
    assert_true(has_same_key(d, "{" HEAD "\"eventID\":\"a\",\"recipientAccountId\":\"1\"}",
                             "{\"recipientAccountId\":\"1\"," HEAD "\"eventID\":\"a\",\"x\":1}"));
    assert_false(has_same_key(d, "{" HEAD "\"eventID\":\"a\",\"recipientAccountId\":\"1\"}",
                              "{" HEAD "\"eventID\":\"a\",\"recipientAccountId\":\"2\"}"));
}

/* Events beside those of API calls: "CloudTrail record contents for Insights events", "... for aggregated events". */
static void reads_events_that_are_no_api_calls(void **state)
{
    struct decode *d = *state;
    static const char *const records[] = {
        "{" HEAD "\"eventID\":\"e\",\"recipientAccountId\":\"1\",\"eventCategory\":\"Insight\","
        "\"eventType\":\"AwsCloudTrailInsight\",\"insightDetails\":{\"state\":\"Start\"}}",
        "{" HEAD "\"eventID\":\"e\",\"recipientAccountId\":\"1\",\"eventType\":\"AwsVpceEvent\","
        "\"eventCategory\":\"NetworkActivity\",\"errorCode\":\"VpceAccessDenied\"}",
        "{\"eventVersion\":\"1.0\",\"eventId\":\"e\",\"accountId\":\"1\","
        "\"eventCategory\":\"Aggregated\",\"eventType\":\"AwsAggregatedEvent\",\"timeWindow\":"
        "{\"windowStart\":\"2023-07-10T11:45:01Z\",\"windowEnd\":\"2023-07-10T11:50:01Z\"}}",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(records); i++) {
        assert_true(has_key(d, records[i]));
        assert_int_equal(d->event->kind, NP_EVENT_CLOUDTRAIL);
        assert_span_equal(d->event->id, "e");
        assert_span_equal(d->event->account, "1");
        assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
        assert_span_equal(field(d, "eventID")->text, "e");
    }
}

static void has_no_key_where_a_part_is_missing(void **state)
{
    struct decode *d = *state;
    struct np_hash128 key;
    char id[64];
    assert_int_equal(
        decode(d, "{" HEAD "\"eventID\":\"a\",\"userIdentity\":{\"accountId\":\"1\"}}"),
        NP_DECODE_EVENT);
    assert_false(np_event_key(d->event, &key));
    assert_span_equal(d->event->account, "1");
    assert_int_equal(decode(d, "{" HEAD "\"recipientAccountId\":\"1\"}"), NP_DECODE_EVENT);
    assert_false(np_event_key(d->event, &key));
    assert_span_equal(np_event_id(d->event, id, sizeof(id)), "log.json:7");
}

static void reads_fields_below_a_root_on_demand(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{" HEAD
                               "\"requestParameters\":{\"userName\":\"bob\",\"deep\":{\"er\":5}},"
                               "\"resources\":[{\"ARN\":\"arn:1\"},{\"ARN\":\"arn:2\"}]}"),
                     NP_DECODE_EVENT);
    assert_span_equal(field(d, "requestParameters.userName")->text, "bob");
    assert_int_equal(field(d, "requestParameters.deep.er")->integer, 5);
    assert_int_equal(field(d, "requestParameters")->kind, NP_VALUE_OBJECT);
    const struct np_value *arns = field(d, "resources.ARN");
    assert_int_equal(arns->kind, NP_VALUE_LIST);
    assert_int_equal(arns->count, 2);
    assert_span_equal(arns->items[1].text, "arn:2");
    assert_int_equal(decode(d, "{" HEAD "\"requestParameters\":null}"), NP_DECODE_EVENT);
    assert_int_equal(field(d, "requestParameters.userName")->kind, NP_VALUE_ABSENT);
    assert_int_equal(field(d, "requestParameters")->kind, NP_VALUE_NULL);
}

static void finds_flat_keys_and_joins_both_spellings(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{" HEAD "\"requestParameters.userName\":\"flat\"}"),
                     NP_DECODE_EVENT);
    assert_span_equal(field(d, "requestParameters.userName")->text, "flat");
    assert_int_equal(decode(d, "{" HEAD "\"requestParameters.userName\":\"flat\","
                               "\"requestParameters\":{\"userName\":\"nested\"}}"),
                     NP_DECODE_EVENT);
    const struct np_value *both = field(d, "requestParameters.userName");
    assert_int_equal(both->kind, NP_VALUE_LIST);
    assert_int_equal(both->count, 2);
    assert_int_equal(decode(d, "{" HEAD "\"requestParameters.userName\":[],"
                               "\"requestParameters\":{\"userName\":[]}}"),
                     NP_DECODE_EVENT);
    assert_int_equal(field(d, "requestParameters.userName")->count, 0);
}

static void reads_aliases_of_other_pipelines(void **state)
{
    struct decode *d = *state;
    assert_int_equal(
        decode(d, "{" HEAD "\"eventName\":\"StopLogging\",\"userIdentity\":{\"type\":\"Root\"}}"),
        NP_DECODE_EVENT);
    assert_span_equal(field(d, "event.action")->text, "StopLogging");
    assert_span_equal(field(d, "aws.cloudtrail.user_identity.type")->text, "Root");
}

static void gives_an_objects_texts(void **state)
{
    struct decode *d = *state;
    struct np_span texts[3];
    assert_int_equal(
        decode(d, "{" HEAD
                  "\"requestParameters\":{ \"policy\" : \"{\\\"Effect\\\":\\\"Allow\\\"}\" }}"),
        NP_DECODE_EVENT);
    const struct np_value *value = field(d, "requestParameters");
    assert_int_equal(np_event_object_texts(d->event, value, texts), 3);
    assert_span_equal(texts[0], "{ \"policy\" : \"{\\\"Effect\\\":\\\"Allow\\\"}\" }");
    assert_span_equal(texts[1], "{\"policy\":\"{\\\"Effect\\\":\\\"Allow\\\"}\"}");
    assert_span_equal(texts[2], "{\"policy\":\"{\"Effect\":\"Allow\"}\"}");
    assert_int_equal(np_event_object_texts(d->event, value, texts), 3);
    assert_int_equal(decode(d, "{" HEAD "\"requestParameters\":{\"a\":1}}"), NP_DECODE_EVENT);
    assert_int_equal(np_event_object_texts(d->event, field(d, "requestParameters"), texts), 1);
}

static bool count_text(void *context, struct np_span text)
{
    size_t *count = context;
    (*count)++;
    return !np_span_is(text, "stop here");
}

static void gives_every_text_until_told_to_stop(void **state)
{
    struct decode *d = *state;
    size_t count = 0;
    assert_int_equal(decode(d, "{\"eventName\":\"a\",\"eventSource\":\"b\",\"x\":[{\"y\":\"z\"}]}"),
                     NP_DECODE_EVENT);
    np_event_each_text(d->event, count_text, &count);
    assert_int_equal(count, 7);
    count = 0;
    assert_int_equal(decode(d, "{\"eventName\":\"stop here\",\"eventSource\":\"b\"}"),
                     NP_DECODE_EVENT);
    np_event_each_text(d->event, count_text, &count);
    assert_int_equal(count, 2);
}

static void forgets_the_record_before(void **state)
{
    struct decode *d = *state;
    assert_int_equal(
        decode(d, "{" HEAD "\"errorCode\":\"E\",\"requestParameters\":{\"userName\":\"u\"}}"),
        NP_DECODE_EVENT);
    assert_span_equal(field(d, "requestParameters.userName")->text, "u");
    assert_int_equal(decode(d, "{" HEAD "\"eventName\":\"X\"}"), NP_DECODE_EVENT);
    assert_int_equal(field(d, "errorCode")->kind, NP_VALUE_ABSENT);
    assert_int_equal(field(d, "requestParameters.userName")->kind, NP_VALUE_ABSENT);
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"requestParameters.deep.er", "resources.ARN",
                                        "event.action", "aws.cloudtrail.user_identity.type", NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_every_event_has),
        cmocka_unit_test(knows_a_record_by_either_pair_of_keys),
        cmocka_unit_test(tells_envelopes_and_digests_from_records),
        cmocka_unit_test(says_why_a_record_is_invalid),
        cmocka_unit_test(takes_the_outcome_from_where_it_stands),
        cmocka_unit_test(names_callers_without_an_arn),
        cmocka_unit_test(keys_repeats_by_account_and_id),
        cmocka_unit_test(reads_events_that_are_no_api_calls),
        cmocka_unit_test(has_no_key_where_a_part_is_missing),
        cmocka_unit_test(reads_fields_below_a_root_on_demand),
        cmocka_unit_test(finds_flat_keys_and_joins_both_spellings),
        cmocka_unit_test(reads_aliases_of_other_pipelines),
        cmocka_unit_test(gives_an_objects_texts),
        cmocka_unit_test(gives_every_text_until_told_to_stop),
        cmocka_unit_test(forgets_the_record_before),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
