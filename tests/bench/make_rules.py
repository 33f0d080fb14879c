#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes Sigma rules for the bench, with the shapes that published AWS rules have: mostly an event source with one or a few
event names, some with substrings, wildcards, regular expressions, networks and negations, a few without any literal to index by.
About one in fifty names calls that occur in the input."""

import argparse
import pathlib
import random
import uuid

SERVICES = "iam ec2 s3 lambda kms rds eks ecs sts cloudtrail config guardduty glue ses sns sqs route53 elasticfilesystem".split()
VERBS = "Create Delete Update Put Attach Detach Modify Describe Get List Enable Disable Start Stop Associate Register".split()
NOUNS = """Pipeline Listener Replica Snapshot Archive Broker Canary Domain Endpoint Firewall Gateway Hub Index Journal Kernel Layer
Mesh Notebook Portfolio Queue Ruleset Schema Table Vault Workspace Fleet Stream Cluster Resolver Stage Tunnel Catalog""".split()
OCCURRING = """GetCallerIdentity DescribeInstances ListBuckets AssumeRole GetBucketAcl CreateUser RunInstances DescribeRegions
GetParameter ListUsers StopLogging PutBucketPolicy""".split()
TOOLS = "Kali Parrot Pentoo S3Browser rclone CloudBerry Cyberduck pacu scoutsuite prowler".split()


def call(rng):
    if rng.random() < 0.02:
        return rng.choice(OCCURRING)
    return rng.choice(VERBS) + rng.choice(NOUNS) + rng.choice(NOUNS) + str(rng.randrange(100))


def names(rng, most=5):
    return [call(rng) for _ in range(rng.randint(1, most))]


def yaml_list(values, indent):
    return "".join(f"\n{' ' * indent}- {value!r}" for value in values)


def selection(rng):
    return f"    eventSource: {rng.choice(SERVICES)}.amazonaws.com\n    eventName:{yaml_list(names(rng), 6)}\n"


def plain(rng):
    return f"  selection:\n{selection(rng)}  condition: selection\n"


def substring(rng):
    return (
        f"  selection:\n{selection(rng)}    requestParameters|contains|all:"
        f"{yaml_list([f'policy-{rng.randrange(1000)}', 'Allow'], 6)}\n  condition: selection\n"
    )


def agent(rng):
    tools = [f"{rng.choice(TOOLS)}/{rng.randrange(100)}" for _ in range(rng.randint(1, 4))]
    return f"  selection:\n    userAgent|contains:{yaml_list(tools, 6)}\n  condition: selection\n"


def wildcard(rng):
    pattern = rng.choice(VERBS) + "*" + rng.choice(NOUNS) + str(rng.randrange(100)) + "?"
    return f"  selection:\n    eventSource: {rng.choice(SERVICES)}.amazonaws.com\n    eventName: '{pattern}'\n  condition: selection\n"


def regex(rng):
    return f"  selection:\n{selection(rng)}    userIdentity.arn|re: 'user/(svc|adm)-[a-z]{{{rng.randint(3, 9)}}}$'\n  condition: selection\n"


def network(rng):
    return f"  selection:\n{selection(rng)}    sourceIPAddress|cidr: 10.{rng.randrange(256)}.0.0/16\n  condition: selection\n"


def filtered(rng):
    return (
        f"  selection:\n{selection(rng)}  filter_main:\n    userIdentity.type: AWSService\n"
        f"  filter_role:\n    userIdentity.arn|endswith: '/deploy-{rng.randrange(1000)}'\n  condition: selection and not 1 of filter_*\n"
    )


def unindexed(rng):
    kind = rng.randrange(3)
    if kind == 0:
        return f"  known:\n    awsRegion|re: '^[a-z]+-[a-z]+-{rng.randrange(10)}?[0-9]$'\n  condition: not known\n"
    if kind == 1:
        return f"  service:\n    userIdentity.accountId|re: '^[0-9]{{12}}$'\n  none:\n    userIdentity.accountId: null\n  condition: not service and not none\n"
    return f"  selection:\n    sourceIPAddress|cidr: 203.0.{rng.randrange(256)}.0/24\n  condition: selection\n"


SHAPES = [(plain, 62), (substring, 10), (agent, 6), (wildcard, 6), (regex, 3), (network, 2), (filtered, 9), (unindexed, 2)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    shapes = [shape for shape, _ in SHAPES]
    weights = [weight for _, weight in SHAPES]
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        detection = rng.choices(shapes, weights)[0](rng)
        text = (
            f"title: Bench rule {number}\nid: {uuid.UUID(int=rng.getrandbits(128), version=4)}\nstatus: test\n"
            f"logsource:\n  product: aws\n  service: cloudtrail\ndetection:\n{detection}level: low\n"
        )
        (options.out / f"rule_{number:05}.yml").write_text(text)


if __name__ == "__main__":
    main()
