# SPDX-License-Identifier: Apache-2.0
"""Records of CloudTrail made by hand: who calls what from where, a second after the other on one morning. Only what a case is about is said."""

import json
from datetime import datetime, timedelta

DAY = datetime(2026, 3, 2)
OURS = "111122223333"
OFFICE, LAIR = "198.51.100.7", "203.0.113.9"  # networks apart; calls come from the lair unless they say otherwise
READS = ("Get", "List", "Describe", "Lookup")


def user(name="robot", key="AKIAROBOT"):
    return {"type": "IAMUser", "arn": f"arn:aws:iam::{OURS}:user/{name}", "accountId": OURS, "accessKeyId": key, "userName": name}


def session(role, name, key, account=OURS):
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account, "userName": role.split("/")[-1]}
    return {"type": "AssumedRole", "arn": f"arn:aws:sts::{account}:assumed-role/{issuer['userName']}/{name}", "accountId": account,
            "principalId": f"AROA:{name}", "accessKeyId": key,
            "sessionContext": {"sessionIssuer": issuer, "attributes": {"creationDate": "2026-03-02T05:30:00Z", "mfaAuthenticated": "false"}}}


ROBOT = user()


def call(name, by=None, at=None, **more):
    """A call "service:Api"; `at` is its time of day, else a second after the one before. `more` is of the record."""
    return {"name": name, "by": by or ROBOT, "at": at, **more}


def refused(name, **more):
    return call(name, errorCode="AccessDenied", errorMessage="not authorized", **more)


def made_key(name, key, **more):
    return call("iam:CreateAccessKey", requestParameters={"userName": name},
                responseElements={"accessKey": {"userName": name, "accessKeyId": key, "status": "Active"}}, **more)


def through(endpoint, owner=None, **more):
    """Members of a call that passed a VPC endpoint."""
    return {"vpcEndpointId": endpoint, "sourceIPAddress": "10.0.0.5", **({"vpcEndpointAccountId": owner} if owner else {}), **more}


def record(one, number, time):
    service, api = one["name"].split(":")
    extra = {key: value for key, value in one.items() if key not in ("name", "by", "at")}
    return {"eventVersion": "1.11", "eventID": f"event-{number}", "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "eventSource": f"{service}.amazonaws.com",
            "eventName": api, "awsRegion": "us-east-1", "sourceIPAddress": LAIR, "userAgent": "", "recipientAccountId": one["by"]["accountId"],
            "readOnly": api.startswith(READS), "eventType": "AwsApiCall", "managementEvent": True, "userIdentity": one["by"],
            "tlsDetails": {"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": f"{service}.us-east-1.amazonaws.com"}, **extra}


def records(calls):
    """The records of calls, with ids "event-0", "event-1" ..."""
    time = DAY.replace(hour=10)
    for number, one in enumerate(calls):
        time = datetime.combine(DAY, datetime.strptime(one["at"], "%H:%M:%S").time()) if one["at"] else time + timedelta(seconds=1)
        yield record(one, number, time)


def ndjson(calls):
    return "".join(json.dumps(one) + "\n" for one in records(calls))
