/* SPDX-License-Identifier: Apache-2.0 */
/* What an act takes from a CloudTrail record. */
#include "../event/decode.h"

#include "actor/act.h"

#define RECORD(identity, rest)                                                                     \
    "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-03-02T08:00:05Z\",\"eventID\":\"e1\","        \
    "\"recipientAccountId\":\"111111111111\",\"awsRegion\":\"us-east-1\","                         \
    "\"sourceIPAddress\":\"192.0.2.7\",\"userIdentity\":" identity "," rest "}"
#define USER                                                                                       \
    "{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/a\",\"accountId\":\"1\","                 \
    "\"accessKeyId\":\"AKIA1\"}"
#define CALL(service, api, rest)                                                                   \
    "\"eventSource\":\"" service ".amazonaws.com\",\"eventName\":\"" api "\"" rest

static struct np_act_view read_view(struct decode *d, const char *record)
{
    struct np_act_view view;
    assert_int_equal(decode(d, record), NP_DECODE_EVENT);
    assert_true(np_act_view_read(&view, d->event));
    return view;
}

static void reads_what_every_act_has(void **state)
{
    struct np_act_view view = read_view(
        *state,
        RECORD(USER, CALL("iam", "ListUsers",
                          ",\"readOnly\":true,\"userAgent\":\"aws-cli/2.1 Python\","
                          "\"vpcEndpointId\":\"vpce-1\",\"vpcEndpointAccountId\":\"2\","
                          "\"sharedEventID\":\"s\",\"eventCategory\":\"Management\","
                          "\"tlsDetails\":{\"clientProvidedHostHeader\":\"iam.amazonaws.com\"}")));
    static const struct {
        enum np_act_text text;
        const char *value;
    } texts[] = {
        {NP_ACT_EVENT_ID, "e1"},      {NP_ACT_ACCOUNT, "111111111111"},
        {NP_ACT_REGION, "us-east-1"}, {NP_ACT_SERVICE, "iam"},
        {NP_ACT_API, "ListUsers"},    {NP_ACT_PRINCIPAL, "arn:aws:iam::1:user/a"},
        {NP_ACT_OWNER, "1"},          {NP_ACT_SESSION, ""},
        {NP_ACT_KEY, "AKIA1"},        {NP_ACT_ADDRESS, "192.0.2.7"},
        {NP_ACT_AGENT, "aws-cli"},    {NP_ACT_ENDPOINT, "vpce-1"},
        {NP_ACT_ENDPOINT_OWNER, "2"}, {NP_ACT_HOST, "iam.amazonaws.com"},
        {NP_ACT_ERROR, ""},           {NP_ACT_SHARED_ID, "s"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++)
        assert_span_equal(view.texts[texts[i].text], texts[i].value);
    assert_int_equal(view.identity, NP_IDENTITY_USER);
    assert_int_equal(view.flags, NP_ACT_READS | NP_ACT_TLS);
    assert_true(view.time == np_time_of_utc(2026, 3, 2, 8, 0, 5));
    assert_true(view.session_began == NP_TIME_NONE);
    assert_int_equal(view.entity_count, 0);
}

static void knows_who_called(void **state)
{
    static const struct {
        const char *identity;
        enum np_identity who;
        const char *principal;
        const char *session;
    } cases[] = {
        {"{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::1:assumed-role/r/"
         "s@x\",\"sessionContext\":"
         "{\"sessionIssuer\":{\"arn\":\"arn:aws:iam::1:role/p/r\"}}}",
         NP_IDENTITY_SESSION, "arn:aws:iam::1:role/p/r", "s@x"},
        {"{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::1:assumed-role/r/s\"}",
         NP_IDENTITY_SESSION, "arn:aws:sts::1:assumed-role/r", "s"},
        {"{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s\"}", NP_IDENTITY_SESSION, "AROA:s",
         "s"},
        {"{\"type\":\"FederatedUser\",\"arn\":\"arn:aws:sts::1:federated-user/f\","
         "\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"arn:aws:iam::1:user/a\"}}}",
         NP_IDENTITY_FEDERATED, "arn:aws:iam::1:user/a", "f"},
        {"{\"type\":\"Root\",\"arn\":\"arn:aws:iam::1:root\"}", NP_IDENTITY_ROOT,
         "arn:aws:iam::1:root", ""},
        {"{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}", NP_IDENTITY_SERVICE,
         "ec2.amazonaws.com", ""},
        {"{\"type\":\"AWSService\"}", NP_IDENTITY_SERVICE, "192.0.2.7", ""},
        {"{\"type\":\"AWSAccount\",\"principalId\":\"AIDA\",\"accountId\":\"2\"}",
         NP_IDENTITY_ACCOUNT, "AIDA", ""},
        {"{\"type\":\"WebIdentityUser\",\"principalId\":\"p\",\"userName\":\"repo:o/r\"}",
         NP_IDENTITY_WEB, "repo:o/r", ""},
        {"{\"type\":\"IAMUser\",\"principalId\":\"AIDA\",\"userName\":\"bob\"}", NP_IDENTITY_USER,
         "bob", ""},
        {"{\"type\":\"Martian\",\"accountId\":\"3\"}", NP_IDENTITY_UNKNOWN, "3", ""},
        {"null", NP_IDENTITY_UNKNOWN, "192.0.2.7", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        char record[1024];
        (void) snprintf(record, sizeof(record), RECORD("%s", CALL("iam", "ListUsers", "")),
                        cases[i].identity);
        struct np_act_view view = read_view(*state, record);
        assert_int_equal(view.identity, cases[i].who);
        assert_span_equal(view.texts[NP_ACT_PRINCIPAL], cases[i].principal);
        assert_span_equal(view.texts[NP_ACT_SESSION], cases[i].session);
    }
}

static void knows_how_it_went(void **state)
{
    static const struct {
        const char *call;
        uint32_t flags;
    } cases[] = {
        {CALL("iam", "X", ""), 0},
        {CALL("iam", "X", ",\"errorCode\":\"NoSuchEntity\""), NP_ACT_FAILED},
        {CALL("iam", "X", ",\"errorCode\":\"AccessDenied\""), NP_ACT_FAILED | NP_ACT_REFUSED},
        {CALL("ec2", "X", ",\"errorCode\":\"Client.UnauthorizedOperation\""),
         NP_ACT_FAILED | NP_ACT_REFUSED},
        {CALL("s3", "GetObject", ",\"readOnly\":true,\"eventCategory\":\"Data\""),
         NP_ACT_READS | NP_ACT_DATA},
        {CALL("signin", "ConsoleLogin",
              ",\"responseElements\":{\"ConsoleLogin\":\"Success\"},"
              "\"additionalEventData\":{\"MFAUsed\":\"Yes\"}"),
         NP_ACT_CONSOLE | NP_ACT_MFA},
        {CALL("signin", "ConsoleLogin", ",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}"),
         NP_ACT_CONSOLE | NP_ACT_FAILED},
        {CALL("s3", "ListBuckets", ",\"sessionCredentialFromConsole\":\"true\""), NP_ACT_CONSOLE},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        char record[1024];
        (void) snprintf(record, sizeof(record), RECORD(USER, "%s"), cases[i].call);
        assert_int_equal(read_view(*state, record).flags, cases[i].flags);
    }
}

static void reads_the_session_s_beginning(void **state)
{
    struct np_act_view view = read_view(
        *state, RECORD("{\"type\":\"IAMUser\",\"sessionContext\":{\"attributes\":{"
                       "\"creationDate\":\"2026-03-02T07:00:00Z\",\"mfaAuthenticated\":\"true\"}}}",
                       CALL("iam", "X", "")));
    assert_true(view.session_began == np_time_of_utc(2026, 3, 2, 7, 0, 0));
    assert_int_equal(view.flags, NP_ACT_MFA);
}

static void takes_the_family_of_an_agent(void **state)
{
    static const struct {
        const char *agent;
        const char *family;
    } cases[] = {
        {"Boto3/1.28 md/Botocore", "Boto3"},
        {"[S3Console/0.4, aws-internal/3]", "S3Console"},
        {"console.amazonaws.com", "console.amazonaws.com"},
        {" Mozilla/5.0 (X11)", "Mozilla"},
        {"", ""},
        {"/", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        char record[1024];
        (void) snprintf(record, sizeof(record),
                        RECORD(USER, CALL("iam", "X", ",\"userAgent\":\"%s\"")), cases[i].agent);
        assert_span_equal(read_view(*state, record).texts[NP_ACT_AGENT], cases[i].family);
    }
}

static void reads_entities_only_of_what_may_make_or_pass(void **state)
{
#define PASSING ",\"requestParameters\":{\"roleARN\":\"arn:role\",\"stackName\":\"s\"}"
    struct np_act_view view =
        read_view(*state, RECORD(USER, CALL("cloudformation", "CreateStack", PASSING)));
    assert_int_equal(view.entity_count, 2);
    assert_span_equal(view.texts[NP_ACT_RESOURCE], "s");
    view = read_view(*state, RECORD(USER, CALL("cloudformation", "DescribeStacks",
                                               ",\"readOnly\":true" PASSING)));
    assert_int_equal(view.entity_count, 0);
    view = read_view(*state,
                     RECORD(USER, CALL("s3", "PutObject", ",\"eventCategory\":\"Data\"" PASSING)));
    assert_int_equal(view.entity_count, 0);
    view = read_view(
        *state,
        RECORD(USER, CALL("sts", "AssumeRole",
                          ",\"readOnly\":true,\"requestParameters\":{\"roleArn\":\"arn:r\"},"
                          "\"responseElements\":{\"credentials\":{\"accessKeyId\":\"ASIA\"}}")));
    assert_int_equal(view.entity_count, 2);
    view = read_view(
        *state,
        RECORD(USER, CALL("secretsmanager", "GetSecretValue",
                          ",\"readOnly\":true,\"requestParameters\":{\"secretId\":\"x\"}")));
    assert_span_equal(view.texts[NP_ACT_RESOURCE], "x");
}

static void has_no_view_of_other_kinds_or_without_a_time(void **state)
{
    struct decode *d = *state;
    struct np_act_view view;
    assert_int_equal(decode(d,
                            "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\","
                            "\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"}"),
                     NP_DECODE_EVENT);
    assert_false(np_act_view_read(&view, d->event));
    assert_int_equal(decode(d, "{\"eventName\":\"A\",\"eventSource\":\"s\"}"), NP_DECODE_EVENT);
    assert_false(np_act_view_read(&view, d->event));
}

static int open_decoder(void **state)
{
    static struct decode d;
    decode_open(&d, NULL, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_every_act_has),
        cmocka_unit_test(knows_who_called),
        cmocka_unit_test(knows_how_it_went),
        cmocka_unit_test(reads_the_session_s_beginning),
        cmocka_unit_test(takes_the_family_of_an_agent),
        cmocka_unit_test(reads_entities_only_of_what_may_make_or_pass),
        cmocka_unit_test(has_no_view_of_other_kinds_or_without_a_time),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
