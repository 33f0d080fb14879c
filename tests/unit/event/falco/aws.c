/* SPDX-License-Identifier: Apache-2.0 */
/* What CloudTrail records say in Falco's fields. */
#include "values.h"

#define RECORD(more)   "{\"eventVersion\":\"1.08\",\"eventTime\":\"2023-07-10T11:45:01Z\"" more "}"
#define WHO(members)   RECORD(",\"userIdentity\":{" members "}")
#define ASKED(members) RECORD(",\"requestParameters\":{" members "}")

static void reads_members_by_their_short_names(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {RECORD(",\"eventID\":\"e-1\""), "ct.id", "e-1"},
        {RECORD(",\"errorCode\":\"AccessDenied\""), "ct.error", "AccessDenied"},
        {RECORD(""), "ct.error", NULL},
        {RECORD(",\"errorCode\":null"), "ct.error", NULL},
        {RECORD(""), "ct.time", "2023-07-10T11:45:01Z"},
        {RECORD(",\"eventSource\":\"s3.amazonaws.com\""), "ct.src", "s3.amazonaws.com"},
        {RECORD(",\"eventSource\":\"s3.amazonaws.com\""), "ct.shortsrc", "s3"},
        {RECORD(",\"eventSource\":\"aws.amazon.com\""), "ct.shortsrc", "aws.amazon.com"},
        {RECORD(",\"eventName\":\"ListUsers\""), "ct.name", "ListUsers"},
        {WHO("\"arn\":\"arn:aws:iam::1:user/eve\""), "ct.user.arn", "arn:aws:iam::1:user/eve"},
        {WHO("\"type\":\"Root\""), "ct.user.identitytype", "Root"},
        {WHO("\"accountId\":\"1\""), "ct.user.accountid", "1"},
        {RECORD(",\"recipientAccountId\":\"2\""), "ct.user.accountid", "2"},
        {RECORD(""), "ct.user.accountid", NULL},
        {RECORD(",\"sourceIPAddress\":\"192.0.2.1\""), "ct.srcip", "192.0.2.1"},
        {ASKED("\"Host\":\"b.s3.amazonaws.com\""), "ct.request.host", "b.s3.amazonaws.com"},
        {ASKED("\"availabilityZone\":\"a\""), "ct.request.availabilityzone", "a"},
        {RECORD(",\"requestParameters\":null"), "ct.request.name", NULL},
        {ASKED("\"a\": [1, 2]"), "ct.request", "{\"a\":[1,2]}"},
        {RECORD(",\"responseElements\":{\"x\":\"y z\"}"), "ct.response", "{\"x\":\"y z\"}"},
        {RECORD(",\"resources\":[{\"ARN\": \"a\"}, {\"ARN\":\"b\"}]"), "ct.resources",
         "{\"ARN\":\"a\"},{\"ARN\":\"b\"}"},
        {RECORD(",\"resources\":[]"), "ct.resources", NULL},
        {RECORD(",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\"}"), "ct.tlsdetails.tlsversion",
         "TLSv1.3"},
        {ASKED("\"repositoryName\":\"r\",\"imageTag\":\"t\""), "ecr.imagetag", "t"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void names_the_caller_by_its_kind(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {WHO("\"type\":\"IAMUser\",\"userName\":\"eve\""), "ct.user", "eve"},
        {WHO("\"type\":\"Root\""), "ct.user", NULL},
        {WHO("\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\""), "ct.user",
         "ec2.amazonaws.com"},
        {WHO("\"type\":\"AssumedRole\""), "ct.user", "AssumedRole"},
        {WHO("\"type\":\"AssumedRole\",\"sessionContext\":{\"sessionIssuer\":{\"userName\":"
             "\"admin\"}}"),
         "ct.user", "admin"},
        {WHO("\"type\":\"AWSAccount\",\"userName\":\"eve\""), "ct.user", "AWSAccount"},
        {WHO("\"type\":\"FederatedUser\""), "ct.user", "FederatedUser"},
        {WHO("\"type\":\"WebIdentityUser\",\"userName\":\"eve\""), "ct.user", NULL},
        {RECORD(""), "ct.user", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void tells_reads_from_changes(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {RECORD(",\"readOnly\":true"), "ct.readonly", "true"},
        {RECORD(",\"readOnly\":false,\"eventName\":\"ListUsers\""), "ct.readonly", "false"},
        {RECORD(",\"eventName\":\"DeleteUser\""), "ct.readonly", "false"},
        {RECORD(",\"eventName\":\"ListUsers\""), "ct.readonly", "true"},
        {RECORD(",\"managementEvent\":true"), "ct.managementevent", "true"},
        {RECORD(""), "ct.managementevent", "false"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void sums_transfers_up(void **state)
{
    (void) state;
#define MOVED(members) RECORD(",\"additionalEventData\":{" members "}")
    static const struct value_case cases[] = {
        {MOVED("\"bytesTransferredIn\":5,\"bytesTransferredOut\":33.0"), "s3.bytes", "38"},
        {MOVED("\"bytesTransferredIn\":5,\"bytesTransferredOut\":33.0"), "s3.bytes.in", "5"},
        {MOVED("\"bytesTransferredOut\":33.0"), "s3.bytes.out", "33"},
        {MOVED("\"bytesTransferredOut\":\"many\""), "s3.bytes", "0"},
        {MOVED("\"bytesTransferredOut\":33.0"), "s3.bytes.in", NULL},
        {RECORD(""), "s3.bytes", NULL},
        {RECORD(",\"eventName\":\"GetObject\""), "s3.cnt.get", "1"},
        {RECORD(",\"eventName\":\"GetObject\""), "s3.cnt.put", "0"},
        {RECORD(",\"eventName\":\"GetObject\""), "s3.cnt.other", "0"},
        {RECORD(",\"eventName\":\"ListBuckets\""), "s3.cnt.other", "1"},
        {ASKED("\"bucketName\":\"b\",\"key\":\"k/l\""), "s3.uri", "s3://b/k/l"},
        {ASKED("\"bucketName\":\"b\""), "s3.uri", NULL},
        {ASKED("\"bucketName\":\"b\""), "s3.bucket", "b"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void finds_names_and_images_of_instances(void **state)
{
    (void) state;
#define TAGS(items) ASKED("\"tagSpecificationSet\":{\"items\":[" items "]}")
#define TAG(type, key, value)                                                                      \
    "{\"resourceType\":\"" type "\",\"tags\":[{\"key\":\"x\",\"value\":\"y\"},"                    \
    "{\"key\":\"" key "\",\"value\":\"" value "\"}]}"
    static const struct value_case cases[] = {
        {TAGS(TAG("volume", "Name", "disk") "," TAG("instance", "Name", "web")), "ec2.name", "web"},
        {TAGS(TAG("instance", "name", "web")), "ec2.name", NULL},
        {RECORD(""), "ec2.name", NULL},
        {RECORD(",\"responseElements\":{\"instancesSet\":{\"items\":[{\"imageId\":\"ami-1\"}]}}"),
         "ec2.imageid", "ami-1"},
        {RECORD(",\"responseElements\":null"), "ec2.imageid", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void sums_an_event_up(void **state)
{
    (void) state;
#define EVE                                                                                        \
    ",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"eve\"},\"awsRegion\":\"eu-west-1\","   \
    "\"eventSource\":\"s3.amazonaws.com\",\"sourceIPAddress\":\"192.0.2.1\""
    static const struct value_case cases[] = {
        {RECORD(EVE ",\"eventName\":\"GetObject\",\"readOnly\":true,\"requestParameters\":"
                    "{\"bucketName\":\"b\",\"key\":\"k\"},"
                    "\"additionalEventData\":{\"bytesTransferredOut\":33}"),
         "ct.info", "eve via 192.0.2.1 ← GetObject Size=33 URI=s3://b/k"},
        {RECORD(EVE ",\"eventName\":\"DeleteBucket\",\"errorCode\":\"AccessDenied\","
                    "\"requestParameters\":{\"bucketName\":\"b\"}"),
         "ct.info", "eve via 192.0.2.1 !→ DeleteBucket Bucket=b"},
        {RECORD(EVE ",\"eventName\":\"ListUsers\""), "evt.plugininfo",
         "eu-west-1 eve s3 ListUsers eve via 192.0.2.1 ← ListUsers"},
        {RECORD(",\"eventName\":\"ListUsers\""), "ct.info",
         "<invalid cloudtrail event: userIdentity field missing>"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void follows_json_pointers(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {RECORD(",\"a\":{\"b\":[{\"c\":\"d\"}]}"), "json.value[/a/b/0/c]", "d"},
        {RECORD(",\"a\":{\"b\":[{\"c\":\"d\"}]}"), "jevt.value[/a/b/0/c]", "d"},
        {RECORD(",\"a\":{\"b\":[{\"c\":\"d\"}]}"), "json.value[a/b/0/c]", "d"},
        {RECORD(",\"a\":{\"b\":[{\"c\": \"d\"}]}"), "json.value[/a]", "{\"b\":[{\"c\":\"d\"}]}"},
        {RECORD(",\"a\":{\"b\":[1, 2]}"), "json.value[/a/b]", "[1,2]"},
        {RECORD(",\"a\":{\"b\":[1,2]}"), "json.value[/a/b/1]", "2"},
        {RECORD(",\"a\":{\"b\":[1,2]}"), "json.value[/a/b/2]", NULL},
        {RECORD(",\"a\":{\"b\":[1,2]}"), "json.value[/a/b/01]", NULL},
        {RECORD(",\"a\":{\"b\":[1,2]}"), "json.value[/a/c]", NULL},
        {RECORD(",\"a\":{\"x/y\":1,\"~\":2,\"~1\":3}"), "json.value[/a/x~1y]", "1"},
        {RECORD(",\"a\":{\"x/y\":1,\"~\":2,\"~1\":3}"), "json.value[/a/~0]", "2"},
        {RECORD(",\"a\":{\"x/y\":1,\"~\":2,\"~1\":3}"), "json.value[/a/~01]", "3"},
        {RECORD(",\"a\":null"), "json.value[/a]", "null"},
        {RECORD(",\"a\":null"), "json.value[/a/b]", NULL},
        {RECORD(",\"a\":true"), "json.value[/a]", "true"},
        {RECORD(",\"a\":1.50"), "json.value[/a]", "1.50"},
        {RECORD(",\"a\":\"x\\\"\\u00e9\\\\\""), "json.value[/a]", "x\"\xc3\xa9\\"},
        {RECORD(",\"a\":{\"b\":\"}\"},\"c\":\"d\""), "json.value[/c]", "d"},
        {RECORD(",\"a\":\"\\\\\",\"c\":\"d\""), "json.value[/c]", "d"},
        {RECORD(",\"a\":{\"c\":1},\"c\":\"d\""), "json.value[/c]", "d"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void has_what_all_events_have(void **state)
{
    (void) state;
    static const struct value_case cases[] = {
        {RECORD(""), "evt.num", "8"}, /* it stands at byte 7 */
        {RECORD(""), "evt.source", "aws_cloudtrail"},
        {RECORD(""), "evt.pluginname", "cloudtrail"},
        {RECORD(""), "evt.is_async", "false"},
        {RECORD(""), "evt.asynctype", NULL},
        {RECORD(""), "evt.time", "11:45:01.000000000"},
        {RECORD(""), "evt.time.iso8601", "2023-07-10T11:45:01.000000000+0000"},
        {RECORD(""), "evt.rawtime", "1688989501000000000"},
        {RECORD(""), "json.rawtime", "1688989501000000000"},
        {"{\"eventName\":\"x\",\"eventSource\":\"y\"}", "evt.time", NULL},
        {"{\"eventName\":\"x\",\"eventSource\":\"y\"}", "jevt.rawtime", NULL},
        {"{\"eventName\":\"x\", \"eventSource\":\"y\",\"a\":[1,{}, []],\"b\":{\"c\" : null}}",
         "json.obj",
         "{\n  \"eventName\": \"x\",\n  \"eventSource\": \"y\",\n  \"a\": [\n    1,\n    {},\n"
         "    []\n  ],\n  \"b\": {\n    \"c\": null\n  }\n}"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

static void gives_other_kinds_none_of_them(void **state)
{
    (void) state;
    static const char *const audit = "{\"apiVersion\":\"audit.k8s.io/v1\",\"a\":1}";
    static const struct value_case cases[] = {
        {audit, "ct.user", NULL},
        {audit, "proc.env[a..b]", NULL},
        {RECORD(",\"a\":1"), "ka.req.pod.containers.image[0]", NULL},
        {RECORD(",\"a\":1"), "proc.aname[2]", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        check_value(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_members_by_their_short_names),
        cmocka_unit_test(names_the_caller_by_its_kind),
        cmocka_unit_test(tells_reads_from_changes),
        cmocka_unit_test(sums_transfers_up),
        cmocka_unit_test(finds_names_and_images_of_instances),
        cmocka_unit_test(sums_an_event_up),
        cmocka_unit_test(follows_json_pointers),
        cmocka_unit_test(has_what_all_events_have),
        cmocka_unit_test(gives_other_kinds_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
