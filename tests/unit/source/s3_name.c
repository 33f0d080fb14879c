/* SPDX-License-Identifier: Apache-2.0 */
/* Which names tell a time, and which look alike and do not. */
#include "fixture.h"

#include "source/s3_name.h"

static void reads_the_time_of_delivery(void **state)
{
    static const char *const names[] = {
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json",
        "a_b/AWSLogs/123456789012_CloudTrail_us-gov-west-1_20230710T1145Z_x.json.zst",
        "123456789012_CloudTrail-Insight_eu-west-3_20230710T1145Z_Ab1.json.gz",
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++) {
        np_time_ns time = 0;
        assert_true(np_s3_name_time(np_span_of(names[i]), &time));
        assert_int_equal(time, np_time_of_utc(2023, 7, 10, 11, 45, 0));
    }
}

static void leaves_other_names_alone(void **state)
{
    static const char *const names[] = {
        "",
        "/",
        "-",
        "log.json",
        "____",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_.json",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_x.txt",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_x_y.json",
        "123456789012_CloudTrail_us-east-1_20231310T1145Z_x.json",
        "123456789012_CloudTrail_us-east-1_2023-7-10T1145_x.json",
        "123456789012_CloudTrail_us-east-1_20230710T114500Z_x.json",
        "123456789012_CloudTrail__20230710T1145Z_x.json",
        "12345678901_CloudTrail_us-east-1_20230710T1145Z_x.json",
        "12345678901x_CloudTrail_us-east-1_20230710T1145Z_x.json",
        "123456789012_elasticloadbalancing_us-east-1_20230710T1145Z_x.json",
        "123456789012_CloudTrail_us-east-1_20230710T1145Z_x.json/log.json",
        "123456789012_CloudTrail-Digest_us-east-1_trail_us-east-1_20230710T114500Z.json.gz",
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++) {
        np_time_ns time = 17;
        assert_false(np_s3_name_time(np_span_of(names[i]), &time));
        assert_int_equal(time, 17);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_time_of_delivery),
        cmocka_unit_test(leaves_other_names_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
