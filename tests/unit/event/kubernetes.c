/* SPDX-License-Identifier: Apache-2.0 */
/* What a Kubernetes audit event becomes. */
#include "decode.h"

#define HEAD "\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\","

static void reads_what_every_event_has(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(
        decode(d, "{" HEAD "\"auditID\":\"a-1\",\"stage\":\"ResponseComplete\",\"verb\":\"create\","
                  "\"user\":{\"username\":\"eve\"},\"sourceIPs\":[\"192.0.2.1\",\"198.51.100.2\"],"
                  "\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"exec\","
                  "\"namespace\":\"shop\",\"name\":\"cart\"},\"responseStatus\":{\"code\":101},"
                  "\"requestReceivedTimestamp\":\"2023-07-10T11:45:01.000000Z\","
                  "\"stageTimestamp\":\"2023-07-10T11:45:09.000000Z\"}"),
        NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_KUBERNETES);
    assert_string_equal(np_event_kind_name(d->event->kind), "k8s.audit");
    assert_span_equal(d->event->id, "a-1");
    assert_span_equal(d->event->account, "");
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
    assert_span_equal(d->event->logsource->product, "kubernetes");
    assert_span_equal(d->event->logsource->category, "application");
    assert_span_equal(d->event->logsource->service, "audit");
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "create pods/exec");
    assert_span_equal(brief.source, "core");
    assert_span_equal(brief.region, "");
    assert_span_equal(brief.principal, "eve");
    assert_span_equal(brief.address, "192.0.2.1");
    assert_span_equal(brief.outcome, "ok");
    assert_true(has_entity(d, NP_ENTITY_BY, NP_ENTITY_USER, "eve"));
    assert_true(has_entity(d, NP_ENTITY_FROM, NP_ENTITY_ADDRESS, "198.51.100.2"));
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_RESOURCE, "pods/shop/cart"));
}

static void is_told_by_its_api_group(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"apiVersion\":\"audit.k8s.io/v1beta1\"}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->time, NP_TIME_NONE);
    assert_int_equal(decode(d, "{\"apiVersion\":\"v1\",\"kind\":\"Event\"}"), NP_DECODE_UNKNOWN);
    assert_int_equal(decode(d, "{\"apiVersion\":[\"audit.k8s.io\"]}"), NP_DECODE_UNKNOWN);
}

static void takes_the_outcome_from_the_response(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *status;
        const char *outcome;
    } cases[] = {
        {"{\"code\":200}", "ok"},
        {"{\"code\":399,\"reason\":\"Odd\"}", "ok"},
        {"{\"code\":403,\"reason\":\"Forbidden\"}", "Forbidden"},
        {"{\"code\":500}", "500"},
        {"{\"code\":\"ALLOW\"}", "ok"},
        {"{}", "ok"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_event_brief brief;
        char record[256];
        (void) snprintf(record, sizeof(record), "{" HEAD "\"responseStatus\":%s}", cases[i].status);
        assert_int_equal(decode(d, record), NP_DECODE_EVENT);
        np_event_brief(d->event, &brief);
        assert_span_equal(brief.outcome, cases[i].outcome);
    }
}

static void names_what_has_no_object(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(decode(d, "{" HEAD "\"verb\":\"get\"}"), NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "get");
    assert_span_equal(brief.source, "");
    assert_int_equal(decode(d, "{" HEAD "\"verb\":\"list\",\"objectRef\":{\"resource\":\"roles\","
                               "\"apiGroup\":\"rbac.authorization.k8s.io\"}}"),
                     NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "list roles");
    assert_span_equal(brief.source, "rbac.authorization.k8s.io");
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_RESOURCE, "roles"));
}

static void keys_repeats_by_id_and_stage(void **state)
{
    struct decode *d = *state;
    assert_true(has_same_key(d, "{" HEAD "\"auditID\":\"a\",\"stage\":\"Panic\"}",
                             "{" HEAD "\"stage\":\"Panic\",\"auditID\":\"a\",\"verb\":\"get\"}"));
    assert_false(has_same_key(d, "{" HEAD "\"auditID\":\"a\",\"stage\":\"Panic\"}",
                              "{" HEAD "\"auditID\":\"a\",\"stage\":\"ResponseStarted\"}"));
    assert_false(has_key(d, "{" HEAD "\"auditID\":\"a\"}"));
    assert_false(has_key(d, "{" HEAD "\"stage\":\"Panic\"}"));
}

static void knows_the_names_that_rules_use(void **state)
{
    struct decode *d = *state;
    assert_int_equal(
        decode(d, "{" HEAD "\"verb\":\"create\",\"objectRef\":{\"apiGroup\":\"apps\"},"
                  "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"},"
                  "\"requestObject\":{\"spec\":{\"volumes\":[{\"hostPath\":{\"path\":\"/\"}}],"
                  "\"containers\":[{\"securityContext\":{\"capabilities\":{\"add\":[\"X\"]}}}]}}}"),
        NP_DECODE_EVENT);
    assert_span_equal(field(d, "apiGroup")->text, "apps");
    assert_span_equal(field(d, "event.action")->text, "create");
    assert_span_equal(field(d, "kubernetes.audit.objectRef.apiGroup")->text, "apps");
    assert_span_equal(field(d, "annotations.authorization.k8s.io/decision")->text, "allow");
    assert_span_equal(field(d, "hostPath")->items[0].text, "{\"path\":\"/\"}");
    assert_span_equal(field(d, "capabilities")->items[0].text, "{\"add\":[\"X\"]}");
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"apiGroup",
                                        "event.action",
                                        "kubernetes.audit.objectRef.apiGroup",
                                        "annotations.authorization.k8s.io/decision",
                                        "hostPath",
                                        "capabilities",
                                        NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_every_event_has),
        cmocka_unit_test(is_told_by_its_api_group),
        cmocka_unit_test(takes_the_outcome_from_the_response),
        cmocka_unit_test(names_what_has_no_object),
        cmocka_unit_test(keys_repeats_by_id_and_stage),
        cmocka_unit_test(knows_the_names_that_rules_use),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
