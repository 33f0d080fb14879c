/* SPDX-License-Identifier: Apache-2.0 */
/* An incident to be shown: a leaked key, a passed role, a new key that ends in mining, over two accounts. */
#pragma once

#include "unit/sink/fixture.h"

#include "incident/incident.h"

#define EXAMPLE_FIRST  INT64_C(1688989501000000000) /* 2023-07-10T11:45:01Z */
#define AFTER(seconds) (EXAMPLE_FIRST + (seconds) *NP_NS_PER_S)

static const struct np_span example_ids[] = {
    NP_SPAN("e-01"), NP_SPAN("e-02"), NP_SPAN("e-03"), NP_SPAN("e-04"), NP_SPAN("e-05"),
    NP_SPAN("e-06"), NP_SPAN("e-07"), NP_SPAN("e-08"), NP_SPAN("e-09"), NP_SPAN("e-10"),
};

static const struct np_hash128 example_findings[] = {{.low = 0x23, .high = 0x1},
                                                     {.low = 0x24, .high = 0x1}};

static const struct np_incident_link example_chain[] = {
    {.kind = "access key",
     .value = NP_SPAN("arn:aws:iam::111122223333:user/report-export"),
     .key = NP_SPAN("AKIAIOSFODNN7EXAMPLE"),
     .account = NP_SPAN("111122223333"),
     .place = NP_SPAN("10.0.4.12 vpce-0a1b2c3d4e5f60718"),
     .first = AFTER(0),
     .last = AFTER(412)},
    {.kind = "service role",
     .value = NP_SPAN("arn:aws:sts::111122223333:assumed-role/cfn-deploy/AWSCloudFormation"),
     .account = NP_SPAN("111122223333"),
     .place = NP_SPAN("cloudformation.amazonaws.com"),
     .reason = "passed role",
     .from = 0,
     .event_id = NP_SPAN("e-03"),
     .first = AFTER(140),
     .last = AFTER(171)},
    {.kind = "access key",
     .value = NP_SPAN("arn:aws:iam::444455556666:user/backup"),
     .key = NP_SPAN("AKIAI44QH8DHBEXAMPLE"),
     .account = NP_SPAN("444455556666"),
     .place = NP_SPAN("203.0.113.0/24"),
     .reason = "created key",
     .from = 1,
     .event_id = NP_SPAN("e-05"),
     .first = AFTER(275),
     .last = AFTER(340)},
};

static const struct np_incident_step example_steps[] = {
    {.time = AFTER(0),
     .last = AFTER(0),
     .tactic = NP_TACTIC_DISCOVERY,
     .action = NP_SPAN("sts:GetCallerIdentity"),
     .outcome = NP_SPAN("ok"),
     .region = NP_SPAN("us-east-1"),
     .count = 1,
     .event_ids = example_ids,
     .event_count = 1},
    {.time = AFTER(12),
     .last = AFTER(96),
     .tactic = NP_TACTIC_DISCOVERY,
     .action = NP_SPAN("ListBuckets, DescribeInstances, GetAccountAuthorizationDetails, ..."),
     .outcome = NP_SPAN("31 of 38 refused"),
     .region = NP_SPAN("5 regions"),
     .count = 38,
     .refused = 31,
     .level = NP_LEVEL_MEDIUM,
     .behaviour = "Many kinds of reads in a short time",
     .event_ids = example_ids + 1,
     .event_count = 1,
     .finding_ids = example_findings,
     .finding_count = 1},
    {.time = AFTER(131),
     .last = AFTER(131),
     .tactic = NP_TACTIC_PRIVILEGE_ESCALATION,
     .action = NP_SPAN("iam:AttachUserPolicy"),
     .outcome = NP_SPAN("AccessDenied"),
     .resource = NP_SPAN("arn:aws:iam::111122223333:user/report-export"),
     .region = NP_SPAN("us-east-1"),
     .count = 1,
     .refused = 1,
     .level = NP_LEVEL_MEDIUM,
     .event_ids = example_ids + 9,
     .event_count = 1},
    {.time = AFTER(140),
     .last = AFTER(140),
     .tactic = NP_TACTIC_PRIVILEGE_ESCALATION,
     .action = NP_SPAN("cloudformation:CreateStack"),
     .outcome = NP_SPAN("ok"),
     .resource = NP_SPAN("arn:aws:cloudformation:us-east-1:111122223333:stack/metrics/1"),
     .region = NP_SPAN("us-east-1"),
     .count = 1,
     .level = NP_LEVEL_HIGH,
     .behaviour = "Rights gained through a stack's role",
     .event_ids = example_ids + 2,
     .event_count = 1,
     .finding_ids = example_findings + 1,
     .finding_count = 1},
    {.time = AFTER(152),
     .last = AFTER(171),
     .tactic = NP_TACTIC_PERSISTENCE,
     .action = NP_SPAN("iam:CreateUser, iam:CreateAccessKey"),
     .outcome = NP_SPAN("ok"),
     .resource = NP_SPAN("arn:aws:iam::444455556666:user/backup"),
     .region = NP_SPAN("us-east-1"),
     .count = 2,
     .link = 1,
     .level = NP_LEVEL_MEDIUM,
     .event_ids = example_ids + 3,
     .event_count = 2},
    {.time = AFTER(275),
     .last = AFTER(275),
     .tactic = NP_TACTIC_DEFENSE_EVASION,
     .action = NP_SPAN("cloudtrail:StopLogging"),
     .outcome = NP_SPAN("AccessDenied"),
     .resource = NP_SPAN("management-events"),
     .region = NP_SPAN("us-east-1"),
     .count = 1,
     .refused = 1,
     .link = 2,
     .level = NP_LEVEL_HIGH,
     .event_ids = example_ids + 5,
     .event_count = 1},
    {.time = AFTER(338),
     .last = AFTER(340),
     .tactic = NP_TACTIC_IMPACT,
     .action = NP_SPAN("ec2:RunInstances"),
     .outcome = NP_SPAN("ok"),
     .resource = NP_SPAN("p4d.24xlarge"),
     .region = NP_SPAN("3 regions"),
     .count = 4,
     .link = 2,
     .level = NP_LEVEL_CRITICAL,
     .behaviour = "Compute of a kind never used here",
     .event_ids = example_ids + 6,
     .event_count = 2},
    {.time = AFTER(412),
     .last = AFTER(412),
     .tactic = NP_TACTIC_DISCOVERY,
     .tactic_guessed = true,
     .action = NP_SPAN("newservice:DescribeThings"),
     .outcome = NP_SPAN("ok"),
     .region = NP_SPAN("us-east-1"),
     .count = 1,
     .event_ids = example_ids + 8,
     .event_count = 1},
};

static const struct np_span example_accounts[] = {NP_SPAN("111122223333"), NP_SPAN("444455556666")};
static const struct np_span example_regions[] = {NP_SPAN("us-east-1"), NP_SPAN("eu-west-1"),
                                                 NP_SPAN("ap-south-1")};
static const struct np_span example_made[] = {NP_SPAN("arn:aws:iam::444455556666:user/backup")};
static const struct np_incident_reach example_reach[] = {
    {"accounts", 2, example_accounts, 2},
    {"regions", 5, example_regions, 3},
    {"principals created", 1, example_made, 1},
};
static const struct np_incident_lag example_lags[] = {
    {NP_SPAN("444455556666"), NP_SPAN("us-east-1"), 171, 291},
    {NP_SPAN("111122223333"), NP_SPAN("us-east-1"), 150, 160},
    {NP_SPAN("444455556666"), NP_SPAN("ap-south-1"), 140, 140},
};
static const struct np_incident_sign example_signs[] = {{&rule_trail, 1}, {&rule_login, 3}};
static const struct np_span example_blind[] = {
    NP_SPAN("S3 data events: none seen"), NP_SPAN("sns:Publish is not logged"),
    NP_SPAN("no trail of region eu-south-2 in account 444455556666")};
static const struct np_span example_next[] = {
    NP_SPAN("aws iam update-access-key --user-name 'backup' --access-key-id "
            "'AKIAI44QH8DHBEXAMPLE' --status Inactive"),
    NP_SPAN("aws cloudformation describe-stacks --stack-name 'metrics' --region 'us-east-1'"),
};

static inline struct np_incident example_incident(void)
{
    return (struct np_incident){
        .id = {.low = 0x0123456789abcdef, .high = 0x3f9a2c81fedcba98},
        .revision = 2,
        .state = NP_INCIDENT_CLOSED,
        .level = NP_LEVEL_CRITICAL,
        .score = 94.25,
        .confidence = 0.97,
        .title = NP_SPAN("stolen key behind a foreign endpoint, rights gained by CloudFormation, "
                         "mining"),
        .chain = example_chain,
        .chain_count = NP_ARRAY_LEN(example_chain),
        .first = AFTER(0),
        .last = AFTER(412),
        .opened_by = NP_SPAN("e-02"),
        .clock = {.first_use = AFTER(0),
                  .recon_s = 12,
                  .escalation_s = 131,
                  .impact_s = 338,
                  .dwell_s = 170,
                  .lag_median_s = 158,
                  .lag_p95_s = 291,
                  .left_s = 430},
        .lags = example_lags,
        .lag_count = NP_ARRAY_LEN(example_lags),
        .steps = example_steps,
        .step_count = NP_ARRAY_LEN(example_steps),
        .signs = example_signs,
        .sign_count = NP_ARRAY_LEN(example_signs),
        .event_ids = example_ids,
        .event_count = NP_ARRAY_LEN(example_ids),
        .reach = example_reach,
        .reach_count = NP_ARRAY_LEN(example_reach),
        .blind = example_blind,
        .blind_count = NP_ARRAY_LEN(example_blind),
        .next = example_next,
        .next_count = NP_ARRAY_LEN(example_next),
    };
}
