/* SPDX-License-Identifier: Apache-2.0 */
/* A small organisation with two services, loaded for the tests of what plays in it. */
#pragma once

#include "support/unit.h"

#include <stdio.h>

#include "simulate/scenario.h"

#define FILE_OF(path_, text_)                                                                      \
    {                                                                                              \
        (path_),                                                                                   \
        {                                                                                          \
            (text_), sizeof(text_) - 1                                                             \
        }                                                                                          \
    }

static const char world_text[] =
    "organization: \"o-${alnum 10}\"\n"
    "regions: [us-east-1, eu-west-1]\n"
    "other_regions: [sa-east-1]\n"
    "pools:\n"
    "  user: {is: user, count: 4, name: \"user-${n}\"}\n"
    "  role: {is: role, count: 3, path: /ci/, name: \"role-${n}\"}\n"
    "  office: {is: place, of: organization, count: 2, address: \"${public}\", agent: "
    "\"aws-cli/2.\"}\n"
    "  nat: {is: place, count: 2, address: \"10.0.0.${n}\", agent: sdk, endpoint: vpce-1,\n"
    "        endpoint_account: \"111122223333\"}\n";

static const char iam_text[] = "source: iam.amazonaws.com\n"
                               "host: iam.amazonaws.com\n"
                               "region: us-east-1\n"
                               "version: \"1.08\"\n"
                               "api: \"2010-05-08\"\n"
                               "denied: AccessDenied\n"
                               "calls:\n"
                               "  GetUser: {request: {\"userName?\": \"${userName}\"}}\n"
                               "  ListUsers: {target: \"\"}\n"
                               "  CreateUser:\n"
                               "    request: {userName: \"${userName}\"}\n"
                               "    response: {user: {userName: \"${userName}\", userId: "
                               "\"AIDA${upper 17}\", createDate: \"${now text}\"}}\n"
                               "    target: \"user ${userName}\"\n";

static const char ec2_text[] = "source: ec2.amazonaws.com\n"
                               "host: \"ec2.${region}.amazonaws.com\"\n"
                               "version: \"1.11\"\n"
                               "denied: Client.UnauthorizedOperation\n"
                               "encoded: true\n"
                               "calls:\n"
                               "  DescribeInstances: {request: {}}\n"
                               "  RunInstances: {request: {count: \"${count}\"}, defaults: {count: "
                               "1}, refused_request: none}\n";

static const char sts_text[] =
    "source: sts.amazonaws.com\n"
    "host: \"sts.${region}.amazonaws.com\"\n"
    "version: \"1.08\"\n"
    "denied: AccessDenied\n"
    "calls:\n"
    "  AssumeRole:\n"
    "    request: {roleArn: \"${role}\"}\n"
    "    response: {credentials: {accessKeyId: \"${key}\", sessionToken: \"${base64 12}\"}}\n";

static const char signin_text[] = "source: signin.amazonaws.com\n"
                                  "host: signin.aws.amazon.com\n"
                                  "region: us-east-1\n"
                                  "version: \"1.08\"\n"
                                  "denied: AccessDenied\n"
                                  "calls:\n"
                                  "  ConsoleLogin:\n"
                                  "    type: AwsConsoleSignIn\n"
                                  "    read: false\n"
                                  "    response: {ConsoleLogin: \"${result}\"}\n"
                                  "    defaults: {result: Success}\n";

static const char attack_text[] =
    "name: theft\n"
    "kind: attack\n"
    "title: A stolen key\n"
    "twin: theft-twin\n"
    "slow: 10..20\n"
    "sources: [\"none\"]\n"
    "cast:\n"
    "  victim: {is: user, pool: user}\n"
    "  lair: {is: place, address: 203.0.113.9, agent: curl}\n"
    "  role: {is: role, pool: role, account: other}\n"
    "  hop: {is: session, of: role, name: hop}\n"
    "steps:\n"
    "  - {step: look, call: iam GetUser, by: victim, from: lair, attack: false}\n"
    "  - {step: refused, call: iam CreateUser, by: victim, from: lair, refused: always,\n"
    "     with: {userName: \"backup-${alnum 4}\"}}\n"
    "  - {step: hop, call: sts AssumeRole, by: victim, from: lair, copied: role,\n"
    "     with: {role: \"${role.arn}\", key: \"${hop.key}\"}}\n"
    "  - {step: scan, call: ec2 DescribeInstances, by: hop, from: lair, regions: all, after: "
    "1s..2s}\n"
    "  - {step: mine, call: ec2 RunInstances, by: hop, from: lair, times: 2..4, refused: 50%}\n";

static const char twin_text[] =
    "name: theft-twin\n"
    "kind: twin\n"
    "title: Ordinary work\n"
    "cast:\n"
    "  worker: {is: user, pool: user}\n"
    "  desk: {is: place, pool: office, like: worker}\n"
    "steps:\n"
    "  - {step: look, call: iam GetUser, by: worker, from: desk}\n"
    "  - {step: make, call: iam CreateUser, by: worker, from: desk, with: {userName: new}}\n";

static const char work_text[] =
    "name: work\n"
    "kind: background\n"
    "title: Work\n"
    "weight: 3\n"
    "hours: work\n"
    "cast:\n"
    "  worker: {is: user, pool: user}\n"
    "  desk: {is: place, pool: office}\n"
    "steps:\n"
    "  - {step: look, call: ec2 DescribeInstances, by: worker, from: desk, times: 1..5}\n";

static const char hum_text[] =
    "name: hum\n"
    "kind: background\n"
    "title: Machines\n"
    "weight: 1\n"
    "cast:\n"
    "  service: {is: service, name: ec2.amazonaws.com}\n"
    "  role: {is: role, pool: role}\n"
    "  run: {is: session, of: role, name: i-1, delivery: \"2.0\"}\n"
    "  nat: {is: place, pool: nat}\n"
    "steps:\n"
    "  - {step: assume, call: sts AssumeRole, by: service,\n"
    "     with: {role: \"${role.arn}\", key: \"${run.key}\"}}\n"
    "  - {step: look, call: ec2 DescribeInstances, by: run, from: nat, times: 1..3}\n";

/* Loads the world with one more scenario; NULL = none. */
static inline struct np_scenario_set *open_world(const char *path, const char *scenario)
{
    struct np_scenario_file files[] = {
        FILE_OF("world.yml", world_text),          FILE_OF("calls/iam.yml", iam_text),
        FILE_OF("calls/ec2.yml", ec2_text),        FILE_OF("calls/sts.yml", sts_text),
        FILE_OF("calls/signin.yml", signin_text),  FILE_OF("attack/theft.yml", attack_text),
        FILE_OF("twin/theft-twin.yml", twin_text), FILE_OF("background/work.yml", work_text),
        FILE_OF("background/hum.yml", hum_text),   {path, np_span_of(scenario)},
    };
    struct np_scenario_set *set = NULL;
    struct np_diag_list diags;
    struct np_err err = {};
    np_diag_list_init(&diags);
    int r = np_scenario_set_load(&set, files, NP_ARRAY_LEN(files) - (path == NULL ? 1 : 0), &diags,
                                 &err);
    for (size_t i = 0; i < diags.diags.len; i++)
        print_message("%s:%u: %s\n", diags.diags.items[i].place.file,
                      diags.diags.items[i].place.line, diags.diags.items[i].message);
    assert_int_equal(r, 0);
    np_diag_list_done(&diags);
    return set;
}
