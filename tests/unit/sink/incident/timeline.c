/* SPDX-License-Identifier: Apache-2.0 */
/* A timeline as a person sees it, in three widths; which steps of a long one are shown; then hostile texts in every width. */
#include "unit/sink/incident/example.h"

#include "sink/incident/timeline.h"

static void write_timeline(struct np_buf *buf, const struct np_incident *incident,
                           struct np_sink_params params, size_t steps_max)
{
    params.zone = "UTC";
    params.show_operands = " logs/";
    const struct np_timeline_look look = {.params = &params,
                                          .id = "3f9a2c81",
                                          .whole_id = "0b11c0de",
                                          .steps_max = steps_max,
                                          .says_how = true};
    np_buf_init(buf, SIZE_MAX);
    np_timeline_write(buf, incident, &look);
    assert_int_equal(buf->error, 0);
}

static void assert_shown(struct np_sink_params params, const char *want)
{
    struct np_incident incident = example_incident();
    struct np_buf buf;
    write_timeline(&buf, &incident, params, NP_TIMELINE_STEPS);
    assert_string_equal(np_buf_cstr(&buf), want);
    np_buf_done(&buf);
}

static void what_is_part_of_another_incident_is_told_there(void **state)
{
    struct np_incident incident = example_incident();
    struct np_buf buf;
    (void) state;
    incident.merged_into.low = 1;
    write_timeline(&buf, &incident, (struct np_sink_params){.width = 100, .unicode = true},
                   NP_TIMELINE_STEPS);
    const char *end = "; closed\nmerged  became part of incident 0b11c0de\n";
    assert_true(np_span_ends(np_buf_span(&buf), np_span_of(end)));
    np_buf_done(&buf);
}

/* clang-format off */
static void fits_80_columns(void **state)
{
    (void) state;
    assert_shown((struct np_sink_params){.width = 80, .unicode = true},
                  "critical  94  3f9a2c81  stolen key behind a foreign endpoint, rights gained by…\n"
                  "when    2023-07-10 11:45:01 to 11:51:53 UTC (6:52); 10 events, 33 refused;\n"
                  "        confidence 0.97; closed\n"
                  "reach   2 accounts: 111122223333, 444455556666;\n"
                  "        5 regions: us-east-1, eu-west-1, ap-south-1 +2;\n"
                  "        1 principal created: 444455556666:user/backup\n"
                  "clock   first use 11:45:01 → recon +0:12 → escalation +2:11 → impact +5:38\n"
                  "alert   2:50 after first use; 7:10 of ten minutes left;\n"
                  "        event to arrival 2:38, p95 4:51; published median dwell 16 days\n"
                  "5/5/5   detect in 5 s: no, the log took 2:38; correlate in 5 min: yes, 2:50;\n"
                  "        respond in 5 min: no, impact 2:48 after the alert\n"
                  "slowest 444455556666 us-east-1 2:51, p95 4:51;\n"
                  "        111122223333 us-east-1 2:30, p95 2:40; and 1 more\n"
                  "actor   a  user/report-export       AKIAIOSFODNN7EXAMPLE  …pce-0a1b2c3d4e5f60718\n"
                  "        b  cfn-deploy/AWSCloudFor…                        ← a: passed role\n"
                  "        c  444455556666:us…/backup  AKIAI44QH8DHBEXAMPLE  ← b: created key\n"
                  "AFTER  BY     TACTIC            ACTION                            OUTCOME\n"
                  "+0:00  a      discovery         sts:GetCallerIdentity             ok\n"
                  "+0:12  a      discovery    ×38  ListBuckets, DescribeInstances,…  31 of 38 refu…\n"
                  "       │      ▲ Many kinds of reads in a short time\n"
                  "+2:11  a      escalation        iam:AttachUserPolicy user/repor…  AccessDenied\n"
                  "+2:20  a      escalation        cloudformation:CreateStack stac…  ok\n"
                  "       │      ▲ Rights gained through a stack's role\n"
                  "+2:32  ├─b    persistence   ×2  iam:CreateUser, iam:CreateAcces…  ok\n"
                  "+4:35  │ └─c  evasion           cloudtrail:StopLogging manageme…  AccessDenied\n"
                  "+5:38  │   c  impact        ×4  ec2:RunInstances p4d.24xlarge     ok\n"
                  "       │      ▲ Compute of a kind never used here\n"
                  "+6:52  a      discovery?        newservice:DescribeThings         ok\n"
                  "why     CloudTrail logging stopped or deleted;\n"
                  "        Console login without a second factor ×3\n"
                  "blind   S3 data events: none seen; sns:Publish is not logged;\n"
                  "        no trail of region eu-south-2 in account 444455556666\n"
                  "next    aws iam update-access-key --user-name 'backup' \\\n"
                  "          --access-key-id 'AKIAI44QH8DHBEXAMPLE' --status Inactive\n"
                  "        aws cloudformation describe-stacks --stack-name 'metrics' \\\n"
                  "          --region 'us-east-1'\n"
                  "more    nepho incidents show 3f9a2c81 --events logs/\n");
}

static void fits_120_columns(void **state)
{
    (void) state;
    assert_shown((struct np_sink_params){.width = 120, .unicode = true},
                  "critical  94  3f9a2c81  stolen key behind a foreign endpoint, rights gained by CloudFormation, mining\n"
                  "when    2023-07-10 11:45:01 to 11:51:53 UTC (6:52); 10 events, 33 refused; confidence 0.97; closed\n"
                  "reach   2 accounts: 111122223333, 444455556666; 5 regions: us-east-1, eu-west-1, ap-south-1 +2;\n"
                  "        1 principal created: 444455556666:user/backup\n"
                  "clock   first use 11:45:01 → recon +0:12 → escalation +2:11 → impact +5:38\n"
                  "alert   2:50 after first use; 7:10 of ten minutes left; event to arrival 2:38, p95 4:51;\n"
                  "        published median dwell 16 days\n"
                  "5/5/5   detect in 5 s: no, the log took 2:38; correlate in 5 min: yes, 2:50;\n"
                  "        respond in 5 min: no, impact 2:48 after the alert\n"
                  "slowest 444455556666 us-east-1 2:51, p95 4:51; 111122223333 us-east-1 2:30, p95 2:40; and 1 more\n"
                  "actor   a  user/report-export        AKIAIOSFODNN7EXAMPLE  …pce-0a1b2c3d4e5f60718                    +0:00  access key\n"
                  "        b  cfn-deploy/AWSCloudForm…                        …rmation.amazonaws.com  ← a: passed role  +2:20  service role\n"
                  "        c  444455556666:user/backup  AKIAI44QH8DHBEXAMPLE  203.0.113.0/24          ← b: created key  +4:35  access key\n"
                  "AFTER  BY     TACTIC            ACTION                              ON                        OUTCOME           LEVEL\n"
                  "+0:00  a      discovery         sts:GetCallerIdentity                                         ok\n"
                  "+0:12  a      discovery    ×38  ListBuckets, DescribeInstances, G…                            31 of 38 refused  medium\n"
                  "       │      ▲ Many kinds of reads in a short time\n"
                  "+2:11  a      escalation        iam:AttachUserPolicy                user/report-export        AccessDenied      medium\n"
                  "+2:20  a      escalation        cloudformation:CreateStack          stack/metrics/1           ok                high\n"
                  "       │      ▲ Rights gained through a stack's role\n"
                  "+2:32  ├─b    persistence   ×2  iam:CreateUser, iam:CreateAccessK…  444455556666:user/backup  ok                medium\n"
                  "+4:35  │ └─c  evasion           cloudtrail:StopLogging              management-events         AccessDenied      high\n"
                  "+5:38  │   c  impact        ×4  ec2:RunInstances                    p4d.24xlarge              ok                critical\n"
                  "       │      ▲ Compute of a kind never used here\n"
                  "+6:52  a      discovery?        newservice:DescribeThings                                     ok\n"
                  "why     CloudTrail logging stopped or deleted; Console login without a second factor ×3\n"
                  "blind   S3 data events: none seen; sns:Publish is not logged; no trail of region eu-south-2 in account 444455556666\n"
                  "next    aws iam update-access-key --user-name 'backup' --access-key-id 'AKIAI44QH8DHBEXAMPLE' --status Inactive\n"
                  "        aws cloudformation describe-stacks --stack-name 'metrics' --region 'us-east-1'\n"
                  "more    nepho incidents show 3f9a2c81 --events logs/\n");
}

static void fits_160_columns(void **state)
{
    (void) state;
    assert_shown((struct np_sink_params){.width = 160, .unicode = true},
                  "critical  94  3f9a2c81  stolen key behind a foreign endpoint, rights gained by CloudFormation, mining\n"
                  "when    2023-07-10 11:45:01 to 11:51:53 UTC (6:52); 10 events, 33 refused; confidence 0.97; closed\n"
                  "reach   2 accounts: 111122223333, 444455556666; 5 regions: us-east-1, eu-west-1, ap-south-1 +2; 1 principal created: 444455556666:user/backup\n"
                  "clock   first use 11:45:01 → recon +0:12 → escalation +2:11 → impact +5:38\n"
                  "alert   2:50 after first use; 7:10 of ten minutes left; event to arrival 2:38, p95 4:51; published median dwell 16 days\n"
                  "5/5/5   detect in 5 s: no, the log took 2:38; correlate in 5 min: yes, 2:50; respond in 5 min: no, impact 2:48 after the alert\n"
                  "slowest 444455556666 us-east-1 2:51, p95 4:51; 111122223333 us-east-1 2:30, p95 2:40; and 1 more\n"
                  "actor   a  user/report-export            AKIAIOSFODNN7EXAMPLE  10.0.4.12 vpce-0a1b2c3d4e5f60718                    +0:00  access key\n"
                  "        b  cfn-deploy/AWSCloudFormation                        cloudformation.amazonaws.com      ← a: passed role  +2:20  service role\n"
                  "        c  444455556666:user/backup      AKIAI44QH8DHBEXAMPLE  203.0.113.0/24                    ← b: created key  +4:35  access key\n"
                  "UTC       AFTER  BY     TACTIC            ACTION                               ON                        OUTCOME           REGION     FROM              LEVEL\n"
                  "11:45:01  +0:00  a      discovery         sts:GetCallerIdentity                                          ok                us-east-1  10.0.4.12 vpce-…\n"
                  "11:45:13  +0:12  a      discovery    ×38  ListBuckets, DescribeInstances, Ge…                            31 of 38 refused  5 regions  10.0.4.12 vpce-…  medium\n"
                  "                 │      ▲ Many kinds of reads in a short time\n"
                  "11:47:12  +2:11  a      escalation        iam:AttachUserPolicy                 user/report-export        AccessDenied      us-east-1  10.0.4.12 vpce-…  medium\n"
                  "11:47:21  +2:20  a      escalation        cloudformation:CreateStack           stack/metrics/1           ok                us-east-1  10.0.4.12 vpce-…  high\n"
                  "                 │      ▲ Rights gained through a stack's role\n"
                  "11:47:33  +2:32  ├─b    persistence   ×2  iam:CreateUser, iam:CreateAccessKey  444455556666:user/backup  ok                us-east-1  cloudformation.…  medium\n"
                  "11:49:36  +4:35  │ └─c  evasion           cloudtrail:StopLogging               management-events         AccessDenied      us-east-1  203.0.113.0/24    high\n"
                  "11:50:39  +5:38  │   c  impact        ×4  ec2:RunInstances                     p4d.24xlarge              ok                3 regions  203.0.113.0/24    critical\n"
                  "                 │      ▲ Compute of a kind never used here\n"
                  "11:51:53  +6:52  a      discovery?        newservice:DescribeThings                                      ok                us-east-1  10.0.4.12 vpce-…\n"
                  "why     CloudTrail logging stopped or deleted; Console login without a second factor ×3\n"
                  "blind   S3 data events: none seen; sns:Publish is not logged; no trail of region eu-south-2 in account 444455556666\n"
                  "next    aws iam update-access-key --user-name 'backup' --access-key-id 'AKIAI44QH8DHBEXAMPLE' --status Inactive\n"
                  "        aws cloudformation describe-stacks --stack-name 'metrics' --region 'us-east-1'\n"
                  "more    nepho incidents show 3f9a2c81 --events logs/\n");
}

static void draws_in_ascii(void **state)
{
    (void) state;
    assert_shown((struct np_sink_params){.width = 100},
                  "critical  94  3f9a2c81  stolen key behind a foreign endpoint, rights gained by CloudFormation, mi...\n"
                  "when    2023-07-10 11:45:01 to 11:51:53 UTC (6:52); 10 events, 33 refused; confidence 0.97; closed\n"
                  "reach   2 accounts: 111122223333, 444455556666; 5 regions: us-east-1, eu-west-1, ap-south-1 +2;\n"
                  "        1 principal created: 444455556666:user/backup\n"
                  "clock   first use 11:45:01 -> recon +0:12 -> escalation +2:11 -> impact +5:38\n"
                  "alert   2:50 after first use; 7:10 of ten minutes left; event to arrival 2:38, p95 4:51;\n"
                  "        published median dwell 16 days\n"
                  "5/5/5   detect in 5 s: no, the log took 2:38; correlate in 5 min: yes, 2:50;\n"
                  "        respond in 5 min: no, impact 2:48 after the alert\n"
                  "slowest 444455556666 us-east-1 2:51, p95 4:51; 111122223333 us-east-1 2:30, p95 2:40; and 1 more\n"
                  "actor   a  user/report-export        AKIAIOSFODNN7EXAMPLE  ...e-0a1b2c3d4e5f60718\n"
                  "        b  cfn-deploy/AWSCloudFo...                        ...ation.amazonaws.com  <- a: passed role\n"
                  "        c  444455556666:user/backup  AKIAI44QH8DHBEXAMPLE  203.0.113.0/24          <- b: created key\n"
                  "AFTER  BY     TACTIC            ACTION                            ON                   OUTCOME\n"
                  "+0:00  a      discovery         sts:GetCallerIdentity                                  ok\n"
                  "+0:12  a      discovery    x38  ListBuckets, DescribeInstance...                       31 of 38 r...\n"
                  "       |      ^ Many kinds of reads in a short time\n"
                  "+2:11  a      escalation        iam:AttachUserPolicy              user/report-export   AccessDenied\n"
                  "+2:20  a      escalation        cloudformation:CreateStack        stack/metrics/1      ok\n"
                  "       |      ^ Rights gained through a stack's role\n"
                  "+2:32  +-b    persistence   x2  iam:CreateUser, iam:CreateAcc...  444455556.../backup  ok\n"
                  "+4:35  | `-c  evasion           cloudtrail:StopLogging            management-events    AccessDenied\n"
                  "+5:38  |   c  impact        x4  ec2:RunInstances                  p4d.24xlarge         ok\n"
                  "       |      ^ Compute of a kind never used here\n"
                  "+6:52  a      discovery?        newservice:DescribeThings                              ok\n"
                  "why     CloudTrail logging stopped or deleted; Console login without a second factor x3\n"
                  "blind   S3 data events: none seen; sns:Publish is not logged;\n"
                  "        no trail of region eu-south-2 in account 444455556666\n"
                  "next    aws iam update-access-key --user-name 'backup' --access-key-id 'AKIAI44QH8DHBEXAMPLE' \\\n"
                  "          --status Inactive\n"
                  "        aws cloudformation describe-stacks --stack-name 'metrics' --region 'us-east-1'\n"
                  "more    nepho incidents show 3f9a2c81 --events logs/\n");
}
/* clang-format on */

static void dims_what_was_refused_and_colours_by_level(void **state)
{
    (void) state;
    struct np_incident incident = example_incident();
    struct np_buf buf;
    write_timeline(&buf, &incident,
                   (struct np_sink_params){.width = 80, .unicode = true, .colour = true},
                   NP_TIMELINE_STEPS);
    const char *text = np_buf_cstr(&buf);
    assert_ptr_equal(strstr(text, "\033[1;31mcritical\033[0m"), text);
    assert_non_null(strstr(text, "\033[2mcloudtrail:StopLogging manage"));
    assert_non_null(strstr(text, "\033[2mAccessDenied\033[0m"));
    assert_non_null(strstr(text, "\033[1;31mec2:RunInstances p4d.24xlarge\033[0m"));
    assert_non_null(strstr(text, "\033[1;31m▲ Compute of a kind never used here\033[0m"));
    assert_harmless(text, buf.len, 80, true);
    np_buf_done(&buf);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

/* Reads by the hundred, and in their midst the one call that matters. */
static void shows_the_telling_steps_of_a_long_incident(void **state)
{
    (void) state;
    enum { STEPS = 500, TELLING = 250 };
    static struct np_incident_step steps[STEPS];
    struct np_incident incident = example_incident();
    struct np_buf buf;
    for (size_t i = 0; i < STEPS; i++)
        steps[i] = (struct np_incident_step){.time = AFTER((int64_t) i),
                                             .last = AFTER((int64_t) i),
                                             .tactic = NP_TACTIC_DISCOVERY,
                                             .action = NP_SPAN("s3:ListBuckets"),
                                             .outcome = NP_SPAN("ok"),
                                             .count = 1};
    steps[TELLING].action = NP_SPAN("iam:AttachUserPolicy");
    steps[TELLING].tactic = NP_TACTIC_PRIVILEGE_ESCALATION;
    incident.steps = steps;
    incident.step_count = STEPS;
    write_timeline(&buf, &incident, (struct np_sink_params){.width = 100}, NP_TIMELINE_STEPS);
    const char *text = np_buf_cstr(&buf);
    assert_int_equal(count_of(text, "s3:ListBuckets"), NP_TIMELINE_STEPS - 1);
    assert_int_equal(count_of(text, "iam:AttachUserPolicy"), 1);
    assert_non_null(strstr(text, " +8:19  a   discovery   s3:ListBuckets")); /* the last */
    assert_non_null(strstr(text, " steps left out, "));
    np_buf_done(&buf);
    write_timeline(&buf, &incident, (struct np_sink_params){.width = 100}, 0);
    assert_int_equal(count_of(np_buf_cstr(&buf), "s3:ListBuckets"), STEPS - 1);
    assert_null(strstr(np_buf_cstr(&buf), "left out"));
    np_buf_done(&buf);
}

static void writes_times_after_the_first_use(void **state)
{
    (void) state;
    static const struct {
        double seconds;
        const char *want;
    } cases[] = {
        {0, "+0:00"},          {140, "+2:20"}, {3723, "+1:02:03"},         {86400, "+1d 00:00"},
        {273900, "+3d 04:05"}, {-61, "-1:01"}, {1e300, "+11574074d 01:46"}};
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        char text[NP_OFFSET_BYTES];
        np_timeline_offset(text, cases[i].seconds);
        assert_string_equal(text, cases[i].want);
    }
}

/* An incident with hostile texts in every place; `bytes` holds them. */
enum { HOSTILE = 24 };

static struct np_incident make_hostile_incident(char bytes[HOSTILE][100], uint64_t *random)
{
    static struct np_span spans[HOSTILE];
    static struct np_incident_link links[4];
    static struct np_incident_step steps[6];
    static struct np_incident_reach reach[2];
    static struct np_rule_info rule;
    static struct np_incident_sign sign;
    for (size_t i = 0; i < HOSTILE; i++) {
        size_t len = make_hostile(bytes[i], 99, random);
        bytes[i][len] = '\0';
        spans[i] = np_span_make(bytes[i], len);
    }
    for (size_t i = 0; i < NP_ARRAY_LEN(links); i++)
        links[i] = (struct np_incident_link){.kind = bytes[0],
                                             .value = spans[1 + i],
                                             .key = spans[5],
                                             .account = spans[6],
                                             .place = spans[7],
                                             .reason = i > 0 ? bytes[8] : NULL,
                                             .from = next_random(random) % 6,
                                             .event_id = spans[9],
                                             .first = (np_time_ns) next_random(random)};
    for (size_t i = 0; i < NP_ARRAY_LEN(steps); i++)
        steps[i] = (struct np_incident_step){
            .time = (np_time_ns) next_random(random),
            .tactic = (enum np_tactic)(next_random(random) % NP_TACTIC_MAX),
            .tactic_guessed = i % 2 == 0,
            .action = spans[10 + i],
            .outcome = spans[16],
            .resource = spans[17],
            .region = spans[18],
            .count = next_random(random) % 3,
            .refused = next_random(random),
            .link = next_random(random) % 6,
            .level = (enum np_level)(next_random(random) % NP_LEVEL_MAX),
            .behaviour = i % 3 == 0 ? bytes[19] : NULL};
    for (size_t i = 0; i < NP_ARRAY_LEN(reach); i++)
        reach[i] = (struct np_incident_reach){"things", next_random(random), spans + 20, 2};
    rule = (struct np_rule_info){.id = "r", .title = bytes[22], .level = NP_LEVEL_HIGH};
    sign = (struct np_incident_sign){&rule, next_random(random)};
    return (struct np_incident){
        .state = NP_INCIDENT_OPEN,
        .level = (enum np_level)(next_random(random) % NP_LEVEL_MAX),
        .score = 50,
        .title = spans[23],
        .chain = links,
        .chain_count = NP_ARRAY_LEN(links),
        .first = next_random(random) % 4 == 0 ? NP_TIME_NONE : (np_time_ns) next_random(random),
        .last = (np_time_ns) next_random(random),
        .clock = {.first_use = (np_time_ns) next_random(random), .recon_s = -1, .dwell_s = 3e9},
        .steps = steps,
        .step_count = NP_ARRAY_LEN(steps),
        .signs = &sign,
        .sign_count = 1,
        .reach = reach,
        .reach_count = NP_ARRAY_LEN(reach),
        .blind = spans,
        .blind_count = 3,
        .next = spans,
        .next_count = 2,
    };
}

/* What stands before the commands, which are never cut. */
static size_t length_before_commands(const char *text, bool colour)
{
    const char *at = strstr(text, colour ? "\033[1mnext" : "\nnext");
    return at != NULL ? (size_t) (at - text) : strlen(text);
}

static void lets_nothing_hostile_through_in_any_width(void **state)
{
    (void) state;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        uint64_t random = seed;
        static char bytes[HOSTILE][100];
        struct np_buf buf;
        bool colour = seed % 5 == 0;
        uint32_t width = (uint32_t) (next_random(&random) % 200);
        struct np_incident incident = make_hostile_incident(bytes, &random);
        write_timeline(
            &buf, &incident,
            (struct np_sink_params){.width = width, .unicode = seed % 3 != 0, .colour = colour},
            seed % 2 == 0 ? 4 : 0);
        const char *text = np_buf_cstr(&buf);
        assert_harmless(text, buf.len, SIZE_MAX, colour);
        if (width >= 12) /* the labels are whole */
            assert_harmless(text, length_before_commands(text, colour), width, colour);
        np_buf_done(&buf);
    }
}

static void says_what_the_benchmark_would_have_been(void **state)
{
    static const struct {
        double lag;
        double dwell;
        double impact;
        const char *want;
    } cases[] = {
        {4, 100, 500,
         "5/5/5   detect in 5 s: yes, the log took 0:04; correlate in 5 min: yes, 1:40; respond in "
         "5 min: yes, impact 6:40 after the alert\n"},
        {158, 306, 300,
         "5/5/5   detect in 5 s: no, the log took 2:38; correlate in 5 min: no, 5:06; respond in 5 "
         "min: no, impact 0:06 before the alert\n"},
        {-1, 10, -1,
         "5/5/5   correlate in 5 min: yes, 0:10; respond in 5 min: yes, no impact seen\n"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_incident incident = example_incident();
        struct np_buf buf;
        incident.clock.lag_median_s = cases[i].lag;
        incident.clock.dwell_s = cases[i].dwell;
        incident.clock.impact_s = cases[i].impact;
        write_timeline(&buf, &incident, (struct np_sink_params){.width = 200, .unicode = true}, 0);
        assert_non_null(strstr(np_buf_cstr(&buf), cases[i].want));
        np_buf_done(&buf);
    }
}

int main(void)
{
    (void) setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_part_of_another_incident_is_told_there),
        cmocka_unit_test(fits_80_columns),
        cmocka_unit_test(fits_120_columns),
        cmocka_unit_test(fits_160_columns),
        cmocka_unit_test(draws_in_ascii),
        cmocka_unit_test(dims_what_was_refused_and_colours_by_level),
        cmocka_unit_test(shows_the_telling_steps_of_a_long_incident),
        cmocka_unit_test(writes_times_after_the_first_use),
        cmocka_unit_test(lets_nothing_hostile_through_in_any_width),
        cmocka_unit_test(says_what_the_benchmark_would_have_been),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
