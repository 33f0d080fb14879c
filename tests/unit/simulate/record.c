/* SPDX-License-Identifier: Apache-2.0 */
/* What single records look like, and that the decoder takes them for what they are. */
#include "world.h"

#include "unit/event/decode.h"
#include "simulate/simulate.h"

enum { RECORDS_MAX = 16, TEXT_MAX = 4096 };

/* The records of a scenario with one cast, in the order of their steps. */
struct records {
    char texts[RECORDS_MAX][TEXT_MAX];
    size_t count;
};

static void keep(struct records *records, const struct np_simulated *event)
{
    if (event->repeated)
        return;
    assert_true(records->count < RECORDS_MAX && event->record.len < TEXT_MAX);
    memcpy(records->texts[records->count], event->record.ptr, event->record.len);
    records->texts[records->count++][event->record.len] = '\0';
}

/* Plays a twin that has the cast and the steps given. */
static struct records play(const char *cast, const char *steps)
{
    static const char *const named[] = {"probe"};
    char scenario[TEXT_MAX];
    struct records records = {};
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct np_simulation_params params = {
        .scenarios = named,
        .scenario_count = 1,
        .seed = 3,
        .start = np_time_of_utc(2026, 3, 2, 8, 0, 0),
        .accounts = 3,
    };
    (void) snprintf(scenario, sizeof(scenario),
                    "name: probe\nkind: twin\ntitle: Probe\ncast:\n"
                    "  place: {is: place, address: 203.0.113.9, agent: curl}\n%ssteps:\n%s",
                    cast, steps);
    struct np_scenario_set *set = open_world("twin/probe.yml", scenario);
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), 0);
    while (np_simulation_next(simulation, &event, NULL) == 1)
        keep(&records, &event);
    np_simulation_free(&simulation);
    np_scenario_set_free(&set);
    return records;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in %s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("%s is in %s", part, text);
}

/* The keys are in the order given, as far as they are there. */
static void assert_order(const char *text)
{
    static const char *const keys[] = {
        "\"eventVersion\":",
        "\"userIdentity\":",
        "\"eventTime\":",
        "\"eventSource\":",
        "\"eventName\":",
        "\"awsRegion\":",
        "\"sourceIPAddress\":",
        "\"userAgent\":",
        "\"errorCode\":",
        "\"errorMessage\":",
        "\"requestParameters\":",
        "\"responseElements\":",
        "\"requestID\":",
        "\"eventID\":",
        "\"readOnly\":",
        "\"eventType\":",
        "\"apiVersion\":",
        "\"managementEvent\":",
        "\"recipientAccountId\":",
        "\"sharedEventID\":",
        "\"vpcEndpointId\":",
        "\"vpcEndpointAccountId\":",
        "\"eventCategory\":",
        "\"tlsDetails\":",
        "\"sessionCredentialFromConsole\":",
    };
    const char *last = text;
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++) {
        const char *at = strstr(text, keys[i]);
        if (at != NULL && at < last)
            fail_msg("%s is out of order in %s", keys[i], text);
        last = at != NULL ? at : last;
    }
}

/* Who calls, and what its identity must and must not hold. */
struct caller {
    const char *cast;
    const char *type;
    const char *has[4];
    const char *lacks[3];
};

static const struct caller callers[] = {
    {"  a: {is: user, name: ann, path: /ops/}\n",
     "\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA",
     {":user/ops/ann\"", "\"accessKeyId\":\"AKIA", "\"userName\":\"ann\"}"},
     {"sessionContext", "sharedEventID"}},
    {"  u: {is: user, name: ann}\n  a: {is: key, of: u}\n",
     "{\"type\":\"IAMUser\",\"principalId\":\"AIDA",
     {":user/ann\"", "\"accessKeyId\":\"AKIA", "\"userName\":\"ann\"}"},
     {"sessionContext"}},
    {"  r: {is: role, name: admin}\n  a: {is: session, of: r, name: job, source: ann}\n",
     "{\"type\":\"AssumedRole\",\"principalId\":\"AROA",
     {":job\",\"arn\":\"arn:aws:sts::", ":assumed-role/admin/job\"",
      "\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA",
      "\"sourceIdentity\":\"ann\"}}"},
     {"\"userName\":\"job\"", "ec2RoleDelivery"}},
    {"  r: {is: role, name: n}\n  a: {is: session, of: r, name: i-1, delivery: \"2.0\"}\n",
     "{\"type\":\"AssumedRole\"",
     {"\"webIdFederationData\":{}", "\"mfaAuthenticated\":\"false\"},\"ec2RoleDelivery\":\"2.0\"}"},
     {"sourceIdentity"}},
    {"  u: {is: user, name: ann}\n  a: {is: console, of: u, mfa: true}\n",
     "{\"type\":\"IAMUser\"",
     {"\"accessKeyId\":\"ASIA", "\"sessionContext\":{\"sessionIssuer\":{},",
      "\"mfaAuthenticated\":\"true\"", "\"sessionCredentialFromConsole\":\"true\"}"},
     {"ec2RoleDelivery"}},
    {"  r: {is: root}\n  a: {is: console, of: r}\n",
     "{\"type\":\"Root\",\"principalId\":\"",
     {":root\",\"accountId\":\"", "\"accessKeyId\":\"ASIA", "\"creationDate\":\"2026-03-02T0"},
     {"userName"}},
    {"  u: {is: user, name: ann}\n  a: {is: federated, of: u, name: guest}\n",
     "{\"type\":\"FederatedUser\",\"principalId\":\"",
     {":guest\",\"arn\":\"arn:aws:sts::", ":federated-user/guest\"",
      "{\"type\":\"IAMUser\",\"principalId\":\"AIDA"},
     {"\"type\":\"Role\""}},
    {"  a: {is: external, account: foreign}\n",
     "{\"type\":\"AWSAccount\",\"principalId\":\"AIDA",
     {"\"accountId\":\""},
     {"\"arn\"", "accessKeyId"}},
    {"  r: {is: role, name: n}\n  a: {is: session, of: r, name: x, invoked: "
     "lambda.amazonaws.com}\n",
     "{\"type\":\"AssumedRole\"",
     {"\"invokedBy\":\"lambda.amazonaws.com\"},\"eventTime\""},
     {"accessKeyId"}},
};

static void writes_each_kind_of_caller_as_cloudtrail_does(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(callers); i++) {
        struct records records =
            play(callers[i].cast, "  - {step: s, call: iam GetUser, by: a, from: place}\n");
        assert_int_equal(records.count, 1);
        assert_order(records.texts[0]);
        assert_has(records.texts[0], callers[i].type);
        for (size_t k = 0; k < NP_ARRAY_LEN(callers[i].has) && callers[i].has[k] != NULL; k++)
            assert_has(records.texts[0], callers[i].has[k]);
        for (size_t k = 0; k < NP_ARRAY_LEN(callers[i].lacks) && callers[i].lacks[k] != NULL; k++)
            assert_lacks(records.texts[0], callers[i].lacks[k]);
    }
}

static void writes_services_without_a_client(void **state)
{
    (void) state;
    struct records records = play("  a: {is: service, name: ec2.amazonaws.com}\n",
                                  "  - {step: s, call: iam GetUser, by: a}\n");
    const char *text = records.texts[0];
    assert_has(text,
               "\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}");
    assert_has(text,
               "\"sourceIPAddress\":\"ec2.amazonaws.com\",\"userAgent\":\"ec2.amazonaws.com\"");
    assert_has(text, "\"sharedEventID\":\"");
    assert_lacks(text, "tlsDetails");
}

static void writes_what_a_service_does_for_somebody(void **state)
{
    (void) state;
    struct records records =
        play("  a: {is: user, name: ann}\n", "  - {step: s, call: iam GetUser, by: a, from: place, "
                                             "via: cloudformation.amazonaws.com}\n");
    const char *text = records.texts[0];
    assert_has(text, "\"userName\":\"ann\",\"invokedBy\":\"cloudformation.amazonaws.com\"}");
    assert_has(text, "\"sourceIPAddress\":\"cloudformation.amazonaws.com\"");
    assert_lacks(text, "tlsDetails");
}

static void names_the_endpoint_a_call_came_through(void **state)
{
    (void) state;
    struct records records = play("  a: {is: user, name: ann}\n  nat: {is: place, pool: nat}\n",
                                  "  - {step: s, call: ec2 DescribeInstances, by: a, from: nat}\n");
    assert_has(records.texts[0],
               "\"vpcEndpointId\":\"vpce-1\",\"vpcEndpointAccountId\":\"111122223333\"");
    assert_has(records.texts[0], "\"clientProvidedHostHeader\":\"ec2.");
}

static void refuses_in_the_words_of_aws(void **state)
{
    (void) state;
    struct records records =
        play("  a: {is: user, name: ann}\n",
             "  - {step: s, call: iam CreateUser, by: a, from: place, refused: always, with: "
             "{userName: x}}\n"
             "  - {step: t, call: ec2 RunInstances, by: a, from: place, refused: always}\n");
    assert_int_equal(records.count, 2);
    const char *first = records.texts[strstr(records.texts[0], "iam.") != NULL ? 0 : 1];
    const char *second = records.texts[strstr(records.texts[0], "iam.") != NULL ? 1 : 0];
    assert_has(first, "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: arn:aws:iam::");
    assert_has(first, ":user/ann is not authorized to perform: iam:CreateUser on resource: user x "
                      "because no identity-based policy allows the iam:CreateUser action\"");
    assert_has(first, "\"requestParameters\":{\"userName\":\"x\"},\"responseElements\":null");
    assert_has(second,
               "\"errorCode\":\"Client.UnauthorizedOperation\",\"errorMessage\":\"You are not "
               "authorized to perform this operation. User: ");
    assert_has(second, "Encoded authorization failure message: ");
    assert_has(second, "\"requestParameters\":null,\"responseElements\":null");
}

static void names_a_resource_in_refusals_as_the_service_does(void **state)
{
    (void) state;
    struct records any =
        play("  a: {is: user, name: ann}\n",
             "  - {step: s, call: iam GetUser, by: a, from: place, refused: always}\n");
    struct records none =
        play("  a: {is: user, name: ann}\n",
             "  - {step: s, call: iam ListUsers, by: a, from: place, refused: always}\n");
    assert_has(any.texts[0], "perform: iam:GetUser on resource: * because no ");
    assert_has(none.texts[0], "perform: iam:ListUsers because no ");
}

static void gives_errors_of_a_step(void **state)
{
    (void) state;
    struct records records =
        play("  a: {is: user, name: ann}\n",
             "  - {step: s, call: iam CreateUser, by: a, from: place, with: {userName: x},\n"
             "     error: {code: EntityAlreadyExists, message: \"User with name x already "
             "exists.\"}}\n");
    assert_has(records.texts[0], "\"errorCode\":\"EntityAlreadyExists\","
                                 "\"errorMessage\":\"User with name x already exists.\","
                                 "\"requestParameters\":{\"userName\":\"x\"},"
                                 "\"responseElements\":null");
}

static void signs_in_without_credentials(void **state)
{
    (void) state;
    struct records records = play("  u: {is: user, name: ann}\n  a: {is: console, of: u}\n",
                                  "  - {step: s, call: signin ConsoleLogin, by: a, from: place}\n");
    const char *text = records.texts[0];
    assert_has(text, "\"eventType\":\"AwsConsoleSignIn\"");
    assert_has(text, "\"responseElements\":{\"ConsoleLogin\":\"Success\"}");
    assert_lacks(text, "accessKeyId");
    assert_lacks(text, "sessionContext");
    assert_lacks(text, "requestID");
    assert_lacks(text, "sessionCredentialFromConsole");
}

/* The value of a text member, cut at its end; in a buffer of its own. */
static const char *value_of(const char *text, const char *key, char value[64])
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    (void) snprintf(value, 64, "%.*s", (int) strcspn(at + strlen(key), "\""), at + strlen(key));
    return value;
}

static void records_a_crossing_in_both_accounts(void **state)
{
    (void) state;
    char one[64];
    char other[64];
    struct records records =
        play("  a: {is: user, name: ann}\n  r: {is: role, name: far, account: other}\n",
             "  - {step: s, call: sts AssumeRole, by: a, from: place, copied: r,\n"
             "     with: {role: \"${r.arn}\", key: \"ASIA${upper 16}\"}}\n");
    assert_int_equal(records.count, 2);
    const char *a = records.texts[0];
    const char *b = records.texts[1];
    assert_string_equal(value_of(a, "\"sharedEventID\":\"", one),
                        value_of(b, "\"sharedEventID\":\"", other));
    assert_string_equal(value_of(a, "\"accessKeyId\":\"ASIA", one),
                        value_of(b, "\"accessKeyId\":\"ASIA", other));
    assert_string_equal(value_of(a, "\"sessionToken\":\"", one),
                        value_of(b, "\"sessionToken\":\"", other));
    assert_string_not_equal(value_of(a, "\"eventID\":\"", one),
                            value_of(b, "\"eventID\":\"", other));
    assert_string_not_equal(value_of(a, "\"recipientAccountId\":\"", one),
                            value_of(b, "\"recipientAccountId\":\"", other));
    assert_true((strstr(a, "AWSAccount") != NULL) != (strstr(b, "AWSAccount") != NULL));
}

static void decodes_as_cloudtrail(void **state)
{
    (void) state;
    static const char *const named[] = {"theft", "theft-twin"};
    struct np_scenario_set *set = open_world(NULL, NULL);
    struct np_simulation *simulation = NULL;
    struct np_simulated event;
    struct decode d;
    struct np_simulation_params params = {
        .scenarios = named, .scenario_count = 2, .seed = 5, .background = 500, .accounts = 2};
    decode_open(&d, NULL, NULL);
    assert_int_equal(np_simulation_new(&simulation, set, &params, NULL), 0);
    while (np_simulation_next(simulation, &event, NULL) == 1) {
        char *text = np_strndup(event.record.ptr, event.record.len);
        assert_non_null(text);
        assert_order(text);
        assert_int_equal(decode(&d, text), NP_DECODE_EVENT);
        assert_int_equal(d.event->kind, NP_EVENT_CLOUDTRAIL);
        assert_true(np_span_eq(d.event->id, event.event_id));
        assert_true(np_span_eq(d.event->account, event.account));
        assert_int_equal(d.event->time, event.time - event.time % NP_NS_PER_S);
        np_free(text);
    }
    np_simulation_free(&simulation);
    np_scenario_set_free(&set);
    decode_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_each_kind_of_caller_as_cloudtrail_does),
        cmocka_unit_test(writes_services_without_a_client),
        cmocka_unit_test(writes_what_a_service_does_for_somebody),
        cmocka_unit_test(names_the_endpoint_a_call_came_through),
        cmocka_unit_test(refuses_in_the_words_of_aws),
        cmocka_unit_test(names_a_resource_in_refusals_as_the_service_does),
        cmocka_unit_test(gives_errors_of_a_step),
        cmocka_unit_test(signs_in_without_credentials),
        cmocka_unit_test(records_a_crossing_in_both_accounts),
        cmocka_unit_test(decodes_as_cloudtrail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
