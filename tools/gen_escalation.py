#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/reference/escalation.md, which shipped rule finds which known way to more rights in AWS: gen_escalation.py NEPHO

The ways are those of escalation/paths.tsv below NEPHO_TEST_DATA. Every call that one of them needs is played once, as a
record of an ordinary key of an IAM user (the request from tests/support/escalation/calls.json), and `nepho detect` says
which rules speak; for other callers the page has the number of paths found. tests/e2e/escalation.py compares the page, and
fails where a path is neither found nor explained.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CALLS = ROOT / "tests/support/escalation/calls.json"
PAGE = ROOT / "docs/reference/escalation.md"
MADE = "<!-- Made by `make doc`; do not edit. -->\n"
ACCOUNT = "111122223333"
USER_KEY = {
    "type": "IAMUser",
    "principalId": "AIDAF4ITKU6CM4EXAMPLE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/reports",
    "accountId": ACCOUNT,
    "accessKeyId": "AKIAFWDLFVUGUEXAMPLE",
    "userName": "reports",
}

INTRO = """# Ways to more rights in AWS, and what finds them

The {total} paths of [pathfinding.cloud](https://pathfinding.cloud) (DataDog, Apache-2.0). The shipped rules were run on a record of each call that a path needs, made once, with the
request that the path takes; rules of level medium or higher count. A path is found when one of its calls is. How many are depends on who makes the calls, for the same calls are
the daily work of pipelines:

{counts}
The table is that of the key. A call in *italics* leaves no record (why stands below the table). One in (brackets) has a record on which no rule speaks.

| path | kind | calls | found by |
|---|---|---|---|
"""


def role_session(role, session, **context):
    """The identity of a session of a role."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAIDV6T6RL3UEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAFWDLFVUGUEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAIDV6T6RL3UEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": "2026-03-17T09:00:00Z", "mfaAuthenticated": "false"},
            **context,
        },
    }


CALLERS = {
    "a key of an IAM user": USER_KEY,
    "a person who signed in with SSO": role_session("AWSReservedSSO_Developer_0123456789abcdef", "mira@northfold.example"),
    "the role of a machine": role_session("web-instance-role", "i-0b1c2d3e4f5a69788", ec2RoleDelivery="2.0"),
    "the role of a pipeline": role_session("github-deploy", "deploy"),
}


def read_paths(data):
    lines = (data / "escalation/paths.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    paths = [dict(zip(names, line.split("\t"))) for line in lines[1:]]
    for path in paths:
        path["calls"] = path["required_permissions"].split(",")
    return paths


def read_calls():
    """By permission: requestParameters and where it differs the eventName, or why there is no record (noRecord).

    What a rule for single events cannot tell from everyday use says why (ordinary).
    """
    return json.loads(CALLS.read_text(encoding="utf-8"))


def record_of(permission, call, caller):
    service, action = permission.split(":")
    return {
        "eventVersion": "1.11",
        "userIdentity": caller,
        "eventTime": "2026-03-17T09:22:40Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": call.get("eventName", action),
        "awsRegion": "us-east-1" if service == "iam" else "eu-west-1",
        "sourceIPAddress": "203.0.113.66",
        "userAgent": "",
        "requestParameters": call["requestParameters"],
        "responseElements": None,
        "requestID": event_id(permission + " request"),
        "eventID": event_id(permission),
        "readOnly": action.startswith(("Describe", "Get", "List")),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
    }


def event_id(permission):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, permission))


def detect(nepho, records):
    """The rules that speak, by id of the event."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "calls.json")
        log.write_text(json.dumps({"Records": records}), encoding="utf-8")
        run = subprocess.run(
            [nepho, "detect", "--findings-only", "-o", "ndjson", "--min-level", "medium", log],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", check=True,
        )
    *findings, summary = map(json.loads, run.stdout.splitlines())
    if summary["events"] != len(records):
        sys.exit(f"{summary['events']} of {len(records)} records were read")
    rules = {}
    for finding in findings:
        rules.setdefault(finding["event"]["id"], set()).add((finding["rule"]["title"], finding["rule"]["file"]))
    return rules


def speaking(nepho, calls, caller):
    """The rules that find each call when this caller makes it, by permission."""
    recorded = {name: call for name, call in calls.items() if "noRecord" not in call}
    spoke = detect(nepho, [record_of(name, call, caller) for name, call in recorded.items()])
    return {name: sorted(spoke[event_id(name)]) for name in recorded if event_id(name) in spoke}


def judge(paths, calls, rules):
    """Says of each path which rules find it, and what explains where none does."""
    for path in paths:
        names = path["calls"]
        path["rules"] = {name: rules[name] for name in names if name in rules}
        path["unrecorded"] = all("noRecord" in calls[name] for name in names)
        path["ordinary"] = all("noRecord" in calls[name] or "ordinary" in calls[name] for name in names)


def is_explained(path):
    return bool(path["rules"] or path["unrecorded"] or path["ordinary"])


def call_cell(path, calls):
    def shown(name):
        if "noRecord" in calls[name]:
            return f"*{name}*"
        return name if name in path["rules"] else f"({name})"

    return "<br>".join(map(shown, path["calls"]))


def rule_cell(path):
    rules = sorted({rule for found in path["rules"].values() for rule in found})
    if rules:
        return "<br>".join(f"[{title}](../../rules/{file})" for title, file in rules)
    if path["unrecorded"]:
        return "nothing: no call leaves a record"
    return "nothing: looks like ordinary work" if path["ordinary"] else "no rule"


def reasons(paths, calls, key):
    needed = sorted({call for path in paths for call in path["calls"] if key in calls[call]})
    return "".join(f"| `{call}` | {calls[call][key]} |\n" for call in needed)


def page(paths, calls, counts):
    lines = "".join(f"| {caller} | {count} |\n" for caller, count in counts.items())
    counts_table = f"| calls made by | paths found |\n|---|---|\n{lines}"
    text = f"{MADE}\n{INTRO.format(total=len(paths), counts=counts_table)}"
    for path in paths:
        text += f"| {path['id']} | {path['category']} | {call_cell(path, calls)} | {rule_cell(path)} |\n"
    text += f"\n## Calls without a record\n\n| call | why |\n|---|---|\n{reasons(paths, calls, 'noRecord')}"
    ordinary = reasons(paths, calls, "ordinary")
    if ordinary:
        text += f"\n## Calls that look like ordinary work\n\n| call | what would tell |\n|---|---|\n{ordinary}"
    return text


def make(nepho, data):
    """The page, and the ids of the paths that are neither found nor explained."""
    paths, calls = read_paths(data), read_calls()
    unknown = sorted({call for path in paths for call in path["calls"]} - calls.keys())
    if unknown:
        sys.exit(f"{CALLS.relative_to(ROOT)} does not know {', '.join(unknown)}")
    rules = {name: speaking(nepho, calls, caller) for name, caller in CALLERS.items()}
    counts = {name: sum(not found.keys().isdisjoint(path["calls"]) for path in paths) for name, found in rules.items()}
    judge(paths, calls, next(iter(rules.values())))
    return page(paths, calls, counts), [path["id"] for path in paths if not is_explained(path)]


def main():
    data = os.environ.get("NEPHO_TEST_DATA")
    if not data:
        print("docs/reference/escalation.md stays as it is: NEPHO_TEST_DATA is not set")
        return
    text, unexplained = make(sys.argv[1], Path(data))
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        PAGE.write_text(text, encoding="utf-8")
        print("wrote docs/reference/escalation.md")
    if unexplained:
        print(f"neither found nor explained: {', '.join(unexplained)}")


if __name__ == "__main__":
    main()
