/* SPDX-License-Identifier: Apache-2.0 */
/* The line `incident`, byte for byte. */
#include "unit/sink/incident/example.h"

#include "sink/incident/line.h"

static void assert_has(const char *line, const char *part)
{
    if (strstr(line, part) == NULL)
        assert_string_equal(line, part); /* shows both */
}

static void writes_every_key_in_order(void **state)
{
    (void) state;
    static const char *const keys[] = {
        "{\"schema_version\":1,\"kind\":\"incident\","
        "\"id\":\"3f9a2c81fedcba980123456789abcdef\",\"revision\":2,\"state\":\"closed\","
        "\"level\":\"critical\",\"score\":94.25,\"confidence\":0.97,\"title\":\"stolen key ",
        "mining\",\"actor\":{\"root\":\"arn:aws:iam::111122223333:user/report-export\","
        "\"account\":\"111122223333\",\"chain\":[{\"kind\":\"access key\",\"value\":\"arn:",
        "\"reason\":null,\"event_id\":null,\"key\":\"AKIAIOSFODNN7EXAMPLE\",",
        "\"reason\":\"created key\",\"event_id\":\"e-05\",\"key\":\"AKIAI44QH8DHBEXAMPLE\","
        "\"account\":\"444455556666\",\"place\":\"203.0.113.0/24\",\"from\":1,"
        "\"first\":\"2023-07-10T11:49:36Z\",\"last\":\"2023-07-10T11:50:41Z\"}]},"
        "\"first\":\"2023-07-10T11:45:01Z\",\"last\":\"2023-07-10T11:51:53Z\","
        "\"opened_by\":\"e-02\","
        "\"clock\":{\"first_use\":\"2023-07-10T11:45:01Z\",\"recon_s\":12,\"escalation_s\":131,"
        "\"impact_s\":338,\"dwell_s\":170,\"lag_median_s\":158,\"lag_p95_s\":291,\"left_s\":430,"
        "\"lags\":[{\"account\":\"444455556666\",\"region\":\"us-east-1\",\"median_s\":171,"
        "\"p95_s\":291},",
        "\"p95_s\":140}]},"
        "\"tactics\":[\"discovery\",\"privilege-escalation\",\"persistence\",\"defense-evasion\","
        "\"impact\"],"
        "\"steps\":[{\"time\":\"2023-07-10T11:45:01Z\",\"tactic\":\"discovery\","
        "\"action\":\"sts:GetCallerIdentity\",\"outcome\":\"ok\",\"count\":1,\"resource\":null,"
        "\"event_ids\":[\"e-01\"],\"finding_ids\":[],",
        "\"finding_ids\":[\"00000000000000010000000000000023\"],\"last\":\"2023-07-10T11:46:37Z\","
        "\"refused\":31,\"region\":\"5 regions\",\"link\":0,\"tactic_guessed\":false,"
        "\"level\":\"medium\",\"behaviour\":\"Many kinds of reads in a short time\"}",
        "],\"event_ids\":[\"e-01\",\"e-02\",\"e-03\",\"e-04\",\"e-05\",\"e-06\",\"e-07\",\"e-08\","
        "\"e-09\",\"e-10\"],"
        "\"blast\":{\"accounts\":{\"count\":2,\"values\":[\"111122223333\",\"444455556666\"]},"
        "\"regions\":{\"count\":5,",
        "\"joins\":[{\"from\":\"arn:aws:iam::111122223333:user/report-export\",\"to\":\"arn:aws:"
        "sts::111122223333:assumed-role/cfn-deploy/AWSCloudFormation\",\"reason\":\"passed "
        "role\",\"event_id\":\"e-03\"},",
        "],\"blind\":[\"S3 data events: none seen\",",
        "],\"next\":[\"aws iam update-access-key --user-name 'backup' ",
        "],\"signs\":[{\"id\":\"r-trail\",\"title\":\"CloudTrail logging stopped or deleted\","
        "\"level\":\"critical\",\"count\":1},",
    };
    struct np_incident incident = example_incident();
    struct np_buf buf;
    incident.merged_into = (struct np_hash128){.high = 10, .low = 11};
    np_buf_init(&buf, SIZE_MAX);
    np_incident_line(&buf, &incident);
    const char *at = np_buf_cstr(&buf);
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++) {
        assert_has(at, keys[i]);
        at = strstr(at, keys[i]) + strlen(keys[i]); /* so the order is seen too */
    }
    assert_has(at, "],\"merged_into\":\"000000000000000a000000000000000b\"}\n");
    np_buf_done(&buf);
}

static void writes_null_for_what_did_not_happen(void **state)
{
    (void) state;
    const struct np_incident incident = {.first = NP_TIME_NONE,
                                         .last = NP_TIME_NONE,
                                         .clock = {.first_use = NP_TIME_NONE,
                                                   .recon_s = -1,
                                                   .escalation_s = -1,
                                                   .impact_s = -1,
                                                   .dwell_s = -1,
                                                   .lag_median_s = -1,
                                                   .lag_p95_s = -1,
                                                   .left_s = 600}};
    struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX);
    np_incident_line(&buf, &incident);
    assert_has(np_buf_cstr(&buf),
               "\"actor\":{\"root\":\"\",\"account\":\"\",\"chain\":[]},\"first\":null,"
               "\"last\":null,\"opened_by\":\"\",\"clock\":{\"first_use\":null,\"recon_s\":null,"
               "\"escalation_s\":null,\"impact_s\":null,\"dwell_s\":null,\"lag_median_s\":null,"
               "\"lag_p95_s\":null,\"left_s\":null,\"lags\":[]},\"tactics\":[],\"steps\":[],"
               "\"event_ids\":[],"
               "\"blast\":{},\"joins\":[],\"blind\":[],\"next\":[],\"signs\":[],"
               "\"merged_into\":null}\n");
    np_buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_key_in_order),
        cmocka_unit_test(writes_null_for_what_did_not_happen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
