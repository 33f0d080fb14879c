#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each behaviour of src/incident/behaviours.def: a sequence of records whose last one shows it, and near misses: the same but for one thing, which must not show it anywhere."""

import itertools
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402
from records import OFFICE, OURS, ROBOT, call, made_key, ndjson, refused, session, through, user  # noqa: E402

NEPHO = os.environ["NEPHO"]
TABLE = os.environ["NP_SOURCE_ROOT"] + "/src/incident/behaviours.def"
OTHER, THIRD, FOREIGN = "222233334444", "333344445555", "999988887777"
DESERT = "192.0.2.77"
MACHINE = session("web-server", "i-0123456789abcdef0", "ASIAMACHINE")
ADMIN = session("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef", "ana@example.com", "ASIAADMIN")
STRANGE_ENDPOINT = through("vpce-0fedcba9876543210")
ROLE = f"arn:aws:iam::{OURS}:role/deployer"


# ---- calls


def look():
    """What somebody asks who came to look around."""
    return [call("sts:GetCallerIdentity"), call("iam:ListUsers"), call("iam:ListRoles")]


def mornings(by=None, **place):
    """Ordinary work of hours, after which its place is usual."""
    return [call("s3:GetObject", by, at, **{"sourceIPAddress": OFFICE, **place}) for at in ("06:00:00", "07:15:00", "08:30:00")]


def takes_role(account, role, key, by=None, **more):
    """Its answer holds the credentials of session(role, "x", key, account)."""
    arn = f"arn:aws:iam::{account}:role/{role}"
    return call("sts:AssumeRole", by, requestParameters={"roleArn": arn, "roleSessionName": "x"}, recipientAccountId=(by or ROBOT)["accountId"],
                responseElements={"credentials": {"accessKeyId": key}, "assumedRoleUser": {"arn": f"arn:aws:sts::{account}:assumed-role/{role}/x"}}, **more)


def secrets(*names, **more):
    return [call("secretsmanager:GetSecretValue", requestParameters={"secretId": name}, **more) for name in names]


def function(**request):
    return call("lambda:CreateFunction20150331", requestParameters={"functionName": "f", **request})


def reads(*names, **more):
    return [call(name, **more) for name in names]


BURST = ("sts:GetCallerIdentity", "iam:ListUsers", "iam:ListRoles", "ec2:DescribeInstances", "s3:ListBuckets", "lambda:ListFunctions")


def chain(second=OTHER, third=THIRD, **last):
    first, then = session("a", "x", "ASIAFIRST", second), session("b", "x", "ASIATHEN", third)
    return [takes_role(second, "a", "ASIAFIRST"), takes_role(third, "b", "ASIATHEN", first), takes_role(OURS, "c", "ASIALAST", then, **last)]


# ---- the table

# Each id: the sequences whose last call shows it.
HITS = {
    "foreign-endpoint": {
        "the endpoint of another account": [call("sts:GetCallerIdentity", **through("vpce-0fedcba9876543210", FOREIGN))],
    },
    "mixed-endpoint": {
        "an endpoint of nobody known and an address, minutes apart": [call("s3:ListBuckets"), call("s3:ListBuckets", **STRANGE_ENDPOINT)],
    },
    "instance-credentials-elsewhere": {
        "another network than the machine's": [*mornings(MACHINE), call("s3:ListBuckets", MACHINE, "09:00:00")],
    },
    "new-key-elsewhere": {
        "the key of another user, used where nobody was": [*mornings(), made_key("helper", "AKIAHELPER", at="09:00:00", sourceIPAddress=OFFICE),
                                                          call("sts:GetCallerIdentity", user("helper", "AKIAHELPER"))],
    },
    "discovery-burst": {
        "six different reads": reads(*BURST),
        "five, where two were refused": [*reads(*BURST[:3]), refused(BURST[3]), refused(BURST[4])],
    },
    "refused-then-allowed": {
        "rights changed in between": [refused("ec2:RunInstances"), call("iam:AttachUserPolicy"), call("ec2:RunInstances")],
    },
    "cloudformation-rights": {
        "a stack after a look around": [*look(), call("cloudformation:CreateStack", requestParameters={"stackName": "s", "roleARN": ROLE})],
        "refused too": [*look(), refused("cloudformation:CreateStack", requestParameters={"stackName": "s", "roleARN": ROLE})],
        "a change set": [*look(), call("cloudformation:CreateChangeSet", requestParameters={"stackName": "s", "roleARN": ROLE})],
    },
    "passed-role": {
        "to a new function": [*look(), function(role=ROLE)],
        "to a machine": [*look(), call("ec2:RunInstances", requestParameters={"iamInstanceProfile": {"name": "deployer"}})],
    },
    "raised-rights": {
        "a policy for itself": [*look(), call("iam:AttachUserPolicy", requestParameters={"userName": "robot", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})],
    },
    "role-chain": {
        "three roles of three accounts": chain(),
    },
    "secret-harvest": {
        "four different ones": secrets("a", "b", "a", "c", "d"),
    },
    "guards-off": {
        "the trail is stopped": [*look(), call("cloudtrail:StopLogging")],
        "the try alone": [*look(), refused("guardduty:DeleteDetector")],
    },
    "data-opened": {
        "a snapshot for another account": [*look(), call("ec2:ModifySnapshotAttribute", requestParameters={"snapshotId": "snap-1"})],
    },
    "ransom": {
        "a key and a table": [*look(), call("kms:ScheduleKeyDeletion"), call("dynamodb:DeleteTable")],
    },
    "mining": {
        "after a look at the quotas": [*look(), call("servicequotas:GetServiceQuota"), call("ec2:RunInstances")],
        "in two regions": [*look(), call("ec2:RunInstances"), call("ec2:RunInstances", awsRegion="sa-east-1")],
    },
    "model-abuse": {
        "looked for, and used": [call("bedrock:ListFoundationModels"), call("bedrock:GetFoundationModelAvailability"), call("bedrock:InvokeModel")],
    },
    "unusual-sign-in": {
        "a key becomes a session for the console": [*look(), call("sts:GetFederationToken")],
        "a password used after a look around": [*look(), call("signin:ConsoleLogin", responseElements={"ConsoleLogin": "Success"})],
    },
    "way-back": {
        "a key": [*look(), made_key("helper", "AKIAHELPER")],
        "a user": [*look(), call("iam:CreateUser", requestParameters={"userName": "helper"})],
    },
}

# And the sequences that stop short of it.
NEAR = {
    "foreign-endpoint": {
        "an endpoint of an account of ours": [call("sts:GetCallerIdentity", **through("vpce-0fedcba9876543210", OURS))],
        "an endpoint of AWS": [call("sts:GetCallerIdentity", **through("vpce-0fedcba9876543210", "AWS Internal"))],
        "an endpoint of whom it is not known": [call("sts:GetCallerIdentity", **STRANGE_ENDPOINT)],
        "an endpoint that was made here": [
            call("ec2:CreateVpcEndpoint", responseElements={"CreateVpcEndpointResponse": {"vpcEndpoint": {"vpcEndpointId": "vpce-0fedcba9876543210"}}}),
            call("sts:GetCallerIdentity", **through("vpce-0fedcba9876543210", FOREIGN))],
    },
    "mixed-endpoint": {
        "hours apart": [call("s3:ListBuckets", at="08:00:00"), call("s3:ListBuckets", at="10:00:00", **STRANGE_ENDPOINT)],
        "the endpoint alone": [call("s3:ListBuckets", **STRANGE_ENDPOINT), call("s3:ListBuckets", **STRANGE_ENDPOINT)],
        "a console's endpoint, with the user's address": [call("s3:ListBuckets"), call("s3:ListBuckets", vpcEndpointId="vpce-1a2b3c4d", sourceIPAddress=DESERT)],
        "a service makes the request": [call("s3:ListBuckets"), call("s3:ListBuckets", tlsDetails={}, **STRANGE_ENDPOINT)],
        "an endpoint of ours": [call("s3:ListBuckets"), call("s3:ListBuckets", **through("vpce-0fedcba9876543210", OURS))],
    },
    "instance-credentials-elsewhere": {
        "another address of the same network": [*mornings(MACHINE), call("s3:ListBuckets", MACHINE, "09:00:00", sourceIPAddress="198.51.100.99")],
        "a service of AWS for the machine": [*mornings(MACHINE), call("s3:ListBuckets", MACHINE, "09:00:00", sourceIPAddress="athena.amazonaws.com", invokedBy="athena.amazonaws.com")],
        "by its gateway for what has no endpoint": [*mornings(MACHINE, **through("vpce-0123456789abcdef0", OURS)),
                                                   call("ec2:DescribeInstances", MACHINE, "09:00:00", sourceIPAddress=OFFICE)],
    },
    "new-key-elsewhere": {
        "used where it was made": [*mornings(), made_key("helper", "AKIAHELPER", at="09:00:00", sourceIPAddress=OFFICE),
                                  call("sts:GetCallerIdentity", user("helper", "AKIAHELPER"), sourceIPAddress=OFFICE)],
        "another key than the one that was made": [*mornings(), made_key("helper", "AKIAHELPER", at="09:00:00", sourceIPAddress=OFFICE),
                                                  call("sts:GetCallerIdentity", user("other", "AKIAOTHER"))],
        "made by an administrator who signed on": [*mornings(), made_key("helper", "AKIAHELPER", by=ADMIN, at="09:00:00", sourceIPAddress=OFFICE),
                                                  call("sts:GetCallerIdentity", user("helper", "AKIAHELPER"))],
    },
    "discovery-burst": {
        "five different reads": reads(*BURST[:5]),
        "the same read again": reads(*BURST[:5], BURST[0]),
        "over hours": [call(name, at=f"{10 + i // 2}:{30 * (i % 2):02}:00") for i, name in enumerate(BURST)],
        "five, where one was refused": [*reads(*BURST[:4]), refused(BURST[4])],
    },
    "refused-then-allowed": {
        "no rights changed": [refused("ec2:RunInstances"), call("iam:ListUsers"), call("ec2:RunInstances")],
        "the change was refused": [refused("ec2:RunInstances"), refused("iam:AttachUserPolicy"), call("ec2:RunInstances")],
        "refused again": [refused("ec2:RunInstances"), call("iam:AttachUserPolicy"), refused("ec2:RunInstances")],
        "another call": [refused("ec2:RunInstances"), call("iam:AttachUserPolicy"), call("ec2:CreateVolume")],
        "rights changed before it was refused": [call("iam:AttachUserPolicy"), refused("ec2:RunInstances"), call("ec2:RunInstances")],
    },
    "cloudformation-rights": {
        "no look around": [call("cloudformation:CreateStack", requestParameters={"stackName": "s", "roleARN": ROLE})],
        "stacks are read": [*look(), call("cloudformation:DescribeStacks"), call("cloudformation:GetTemplate")],
    },
    "passed-role": {
        "no role": [*look(), function()],
        "no look around": [function(role=ROLE)],
        "to CloudFormation, which has a behaviour of its own": [*look(), call("cloudformation:CreateStack", requestParameters={"stackName": "s", "roleARN": ROLE})],
    },
    "raised-rights": {
        "rights are read": [*look(), call("iam:ListAttachedUserPolicies"), call("iam:GetPolicyVersion")],
        "no look around": [call("iam:AttachUserPolicy")],
    },
    "role-chain": {
        "one role fewer": chain()[:2],
        "the last one refused": chain(errorCode="AccessDenied"),
        "all of one account": chain(OURS, OURS),
    },
    "secret-harvest": {
        "three different ones": secrets("a", "b", "c", "a", "b"),
        "all refused": secrets("a", "b", "c", "d", errorCode="AccessDenied"),
        "their names alone": [call("secretsmanager:DescribeSecret", requestParameters={"secretId": name}) for name in "abcd"],
    },
    "guards-off": {
        "the trail is read": [*look(), call("cloudtrail:GetTrailStatus")],
        "the trail is started": [*look(), call("cloudtrail:StartLogging")],
        "no look around": [call("cloudtrail:StopLogging")],
    },
    "data-opened": {
        "the sharing is read": [*look(), call("ec2:DescribeSnapshotAttribute")],
        "no look around": [call("ec2:ModifySnapshotAttribute")],
    },
    "ransom": {
        "one of the two": [*look(), call("kms:ScheduleKeyDeletion")],
        "the same twice": [*look(), call("dynamodb:DeleteTable", requestParameters={"tableName": "a"}), call("dynamodb:DeleteTable", requestParameters={"tableName": "b"})],
    },
    "mining": {
        "no look at the quotas": [*look(), call("ec2:RunInstances"), call("ec2:RunInstances")],
        "the quotas after it": [*look(), call("ec2:RunInstances"), call("servicequotas:GetServiceQuota")],
        "two regions, but only read": [*look(), call("ec2:DescribeInstances"), call("ec2:DescribeInstances", awsRegion="sa-east-1")],
        "commands in two regions": [*look(), call("ssm:SendCommand"), call("ssm:SendCommand", awsRegion="sa-east-1")],
    },
    "model-abuse": {
        "used, but not looked for": [call("bedrock:InvokeModel"), call("bedrock:Converse"), call("bedrock:InvokeModelWithResponseStream")],
        "one call fewer": [call("bedrock:ListFoundationModels"), call("bedrock:InvokeModel"), call("bedrock:InvokeModel")],
    },
    "unusual-sign-in": {
        "with a second factor": [*look(), call("signin:ConsoleLogin", {key: value for key, value in ROBOT.items() if key != "accessKeyId"}, sourceIPAddress=DESERT,
                                               additionalEventData={"MFAUsed": "Yes"}, responseElements={"ConsoleLogin": "Success"})],
        "who am I": [*look(), call("sts:GetCallerIdentity")],
        "no look around": [call("sts:GetFederationToken")],
    },
    "way-back": {
        "keys are read": [*look(), call("iam:ListAccessKeys")],
        "a key is taken away": [*look(), call("iam:DeleteAccessKey")],
        "no look around": [made_key("helper", "AKIAHELPER")],
    },
}

# The place itself is what these are about; all others must be silent where the same comes from where it belongs.
OF_PLACE = ("foreign-endpoint", "mixed-endpoint", "instance-credentials-elsewhere", "new-key-elsewhere")


def at_home(calls):
    """The same, made in the office of a key that has worked there for hours."""
    return [*mornings(), *({"sourceIPAddress": OFFICE, **one} for one in calls)]


def signed_on(calls):
    """The same, by an administrator who came by single sign-on."""
    return [{**one, "by": ADMIN if one["by"] is ROBOT else one["by"]} for one in calls]


# ---- runs


def spoken(calls):
    """Which behaviours speak at which event."""
    run = subprocess.run([NEPHO, "detect", "-", "-o", "ndjson"], input=ndjson(calls), capture_output=True, text=True, check=False)
    if run.returncode != 0:
        tap.comment(f"exit {run.returncode}", run.stderr)
    lines = map(json.loads, run.stdout.splitlines())
    return [(line["rule"]["id"], line["event"]["id"]) for line in lines if line["kind"] == "finding" and line["rule"]["id"].startswith("nepho.")]


def check_hit(name, why, calls):
    said = spoken(calls)
    where = [event for behaviour, event in said if behaviour == f"nepho.{name}"]
    tap.check(f"{name}: {why}", where == [f"event-{len(calls) - 1}"], said)


def check_miss(name, why, calls):
    said = spoken(calls)
    tap.check(f"not {name}: {why}", f"nepho.{name}" not in (behaviour for behaviour, _ in said), said)


def main():
    with open(TABLE, encoding="utf-8") as table:
        names = re.findall(r'^B\(\w+,\s*"([^"]+)"', table.read(), re.MULTILINE)
    for name in names:
        tap.check(f"{name} has a hit and a near miss here", HITS.get(name) and NEAR.get(name))
    for name, cases in HITS.items():
        for why, calls in cases.items():
            check_hit(name, why, calls)
            if name not in OF_PLACE:
                check_miss(name, f"{why}, but from the office", at_home(calls))
                check_miss(name, f"{why}, but by single sign-on", signed_on(calls))
    for name, why, calls in itertools.chain.from_iterable([(name, why, calls) for why, calls in cases.items()] for name, cases in NEAR.items()):
        check_miss(name, why, calls)
    tap.done()


main()
