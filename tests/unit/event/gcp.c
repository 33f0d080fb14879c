/* SPDX-License-Identifier: Apache-2.0 */
/* What a GCP audit log entry becomes. */
#include "decode.h"

static void reads_what_every_event_has(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(
        decode(d, "{\"insertId\":\"i-1\",\"logName\":\"projects/p/logs/activity\","
                  "\"timestamp\":\"2023-07-10T11:45:01.5Z\","
                  "\"resource\":{\"type\":\"gcs_bucket\",\"labels\":{\"project_id\":\"shop\","
                  "\"location\":\"europe-west1\"}},\"protoPayload\":{"
                  "\"serviceName\":\"storage.googleapis.com\",\"methodName\":\"storage.setIam\","
                  "\"resourceName\":\"projects/_/buckets/b\",\"status\":{\"code\":7},"
                  "\"requestMetadata\":{\"callerIp\":\"192.0.2.1\"},\"authenticationInfo\":"
                  "{\"principalEmail\":\"eve@example.org\",\"serviceAccountKeyName\":\"//k\"}}}"),
        NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_GCP);
    assert_string_equal(np_event_kind_name(d->event->kind), "gcp.audit");
    assert_span_equal(d->event->id, "i-1");
    assert_span_equal(d->event->account, "shop");
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1) + NP_NS_PER_S / 2);
    assert_span_equal(d->event->logsource->product, "gcp");
    assert_span_equal(d->event->logsource->category, "");
    assert_span_equal(d->event->logsource->service, "gcp.audit");
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "storage.setIam");
    assert_span_equal(brief.source, "storage.googleapis.com");
    assert_span_equal(brief.region, "europe-west1");
    assert_span_equal(brief.principal, "eve@example.org");
    assert_span_equal(brief.address, "192.0.2.1");
    assert_span_equal(brief.outcome, "PERMISSION_DENIED");
    assert_true(has_entity(d, NP_ENTITY_BY, NP_ENTITY_USER, "eve@example.org"));
    assert_true(has_entity(d, NP_ENTITY_WITH, NP_ENTITY_ACCESS_KEY, "//k"));
    assert_true(has_entity(d, NP_ENTITY_FROM, NP_ENTITY_ADDRESS, "192.0.2.1"));
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_RESOURCE, "projects/_/buckets/b"));
}

static void is_told_by_its_payload(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"protoPayload\":\"cut off\"}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_GCP);
    assert_int_equal(decode(d, "{\"jsonPayload\":{},\"logName\":\"l\"}"), NP_DECODE_UNKNOWN);
}

static void takes_the_account_from_the_log_where_no_label_has_it(void **state)
{
    struct decode *d = *state;
    static const char *const cases[][2] = {
        {"organizations/123/logs/x", "123"},
        {"projects/", ""},
        {"projects/p", ""},
        {"x", ""},
        {"", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        char record[128];
        (void) snprintf(record, sizeof(record), "{\"protoPayload\":{},\"logName\":\"%s\"}",
                        cases[i][0]);
        assert_int_equal(decode(d, record), NP_DECODE_EVENT);
        assert_span_equal(d->event->account, cases[i][1]);
    }
}

static void names_the_status_code(void **state)
{
    struct decode *d = *state;
    static const char *const cases[][2] = {
        {"{}", "ok"},
        {"{\"code\":0}", "ok"},
        {"{\"code\":16}", "UNAUTHENTICATED"},
        {"{\"code\":17}", "17"},
        {"{\"code\":-1}", "-1"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_event_brief brief;
        char record[128];
        (void) snprintf(record, sizeof(record), "{\"protoPayload\":{\"status\":%s}}", cases[i][0]);
        assert_int_equal(decode(d, record), NP_DECODE_EVENT);
        np_event_brief(d->event, &brief);
        assert_span_equal(brief.outcome, cases[i][1]);
    }
}

static void knows_workspace_events_apart(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"protoPayload\":{\"serviceName\":\"admin.googleapis.com\","
                               "\"metadata\":{\"event\":[{\"eventName\":\"DELETE_ROLE\"}]}}}"),
                     NP_DECODE_EVENT);
    assert_span_equal(d->event->logsource->product, "gcp");
    assert_span_equal(d->event->logsource->service, "google_workspace.admin");
    assert_span_equal(field(d, "eventName")->items[0].text, "DELETE_ROLE");
    assert_span_equal(field(d, "eventService")->text, "admin.googleapis.com");
    assert_int_equal(decode(d, "{\"protoPayload\":{\"serviceName\":\"login.googleapis.com\"}}"),
                     NP_DECODE_EVENT);
    assert_span_equal(d->event->logsource->service, "google_workspace.login");
    assert_span_equal(field(d, "protoPayload.Servicename")->text, "login.googleapis.com");
}

static void keys_repeats_by_log_id_and_time(void **state)
{
    struct decode *d = *state;
#define ENTRY(log, id, time)                                                                       \
    "{\"protoPayload\":{},\"logName\":\"" log "\",\"insertId\":\"" id "\",\"timestamp\":\"" time   \
    "\"}"
    assert_true(has_same_key(d, ENTRY("l", "i", "t"), ENTRY("l", "i", "t")));
    assert_false(has_same_key(d, ENTRY("l", "i", "t"), ENTRY("m", "i", "t")));
    assert_false(has_same_key(d, ENTRY("l", "i", "t"), ENTRY("l", "j", "t")));
    assert_false(has_same_key(d, ENTRY("l", "i", "t"), ENTRY("l", "i", "u")));
    assert_false(has_key(d, ENTRY("", "i", "t")));
    assert_false(has_key(d, "{\"protoPayload\":{},\"insertId\":\"i\"}"));
#undef ENTRY
}

static void finds_a_field_by_every_prefix(void **state)
{
    struct decode *d = *state;
    static const char *const names[] = {
        "protoPayload.methodName",
        "gcp.audit.method_name",
        "data.protoPayload.methodName",
        "methodName",
        "event.action",
    };
    static const char *const lists[] = {
        "protoPayload.authorizationInfo.permission",
        "gcp.audit.authorization_info.permission",
        "data.protoPayload.authorizationInfo.permission",
        "authorizationInfo.permission",
    };
    assert_int_equal(decode(d, "{\"protoPayload\":{\"methodName\":\"m\",\"authorizationInfo\":"
                               "[{\"permission\":\"p\"},{\"permission\":\"q\"}]},"
                               "\"resource\":{\"type\":\"r\"}}"),
                     NP_DECODE_EVENT);
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++)
        assert_span_equal(field(d, names[i])->text, "m");
    for (size_t i = 0; i < NP_ARRAY_LEN(lists); i++)
        assert_span_equal(field(d, lists[i])->items[1].text, "q");
    assert_span_equal(field(d, "resource.type")->text, "r");
    assert_span_equal(field(d, "data.resource.type")->text, "r");
}

static void reads_the_caller_by_either_spelling(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(
        decode(d, "{\"protoPayload\":{\"requestMetadata\":{\"callerIP\":\"192.0.2.1\"}}}"),
        NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.address, "192.0.2.1");
    assert_int_equal(decode(d, "{\"protoPayload\":{\"requestMetadata\":"
                               "{\"callerIP\":\"192.0.2.1\",\"callerIp\":\"192.0.2.1\"}}}"),
                     NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.address, "192.0.2.1");
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"eventService",
                                        "protoPayload.Servicename",
                                        "gcp.audit.method_name",
                                        "data.protoPayload.methodName",
                                        "methodName",
                                        "event.action",
                                        "protoPayload.authorizationInfo.permission",
                                        "gcp.audit.authorization_info.permission",
                                        "data.protoPayload.authorizationInfo.permission",
                                        "authorizationInfo.permission",
                                        "resource.type",
                                        "data.resource.type",
                                        NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_every_event_has),
        cmocka_unit_test(is_told_by_its_payload),
        cmocka_unit_test(takes_the_account_from_the_log_where_no_label_has_it),
        cmocka_unit_test(names_the_status_code),
        cmocka_unit_test(knows_workspace_events_apart),
        cmocka_unit_test(keys_repeats_by_log_id_and_time),
        cmocka_unit_test(finds_a_field_by_every_prefix),
        cmocka_unit_test(reads_the_caller_by_either_spelling),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
