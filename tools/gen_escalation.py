#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/reference/escalation.md: which shipped rule finds which known way to more rights in AWS.

gen_escalation.py NEPHO [--check]

The ways are those of escalation/paths.tsv below NEPHO_TEST_DATA. Every call that one of them needs is played once, as a
record of an ordinary key of an IAM user (the request from tests/support/escalation/calls.json), and `nepho detect` says
which rules speak. With --check nothing is written: exit status 1 says that the page is not what it would be.
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
USER = "reports"

INTRO = """# Ways to more rights in AWS, and what finds them

The {total} paths of [pathfinding.cloud](https://pathfinding.cloud) (DataDog, Apache-2.0). Each call that a path needs was recorded as an ordinary key of an IAM user makes it, alone
and once, and the shipped rules were run on it; a rule counts from level medium on. A path is found when one of its calls is: {found} are. What is not found says why.

A call in *italics* leaves no record: see below the table. One in (brackets) has a record on which no rule speaks.

| path | kind | calls | found by |
|---|---|---|---|
"""


def read_paths(data):
    lines = (data / "escalation/paths.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    paths = [dict(zip(names, line.split("\t"))) for line in lines[1:]]
    for path in paths:
        path["calls"] = path["required_permissions"].split(",")
    return paths


def read_calls():
    """By permission: requestParameters and where it differs the eventName, or why there is no record (noRecord)."""
    return json.loads(CALLS.read_text(encoding="utf-8"))


def record_of(permission, call):
    service, action = permission.split(":")
    source = f"{service}.amazonaws.com"
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAF4ITKU6CM4EXAMPLE",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/{USER}",
            "accountId": ACCOUNT,
            "accessKeyId": "AKIAFWDLFVUGUEXAMPLE",
            "userName": USER,
        },
        "eventTime": "2026-03-17T09:22:40Z",
        "eventSource": source,
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
            [nepho, "detect", "-o", "ndjson", "--min-level", "medium", log],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", check=True,
        )
    *findings, summary = map(json.loads, run.stdout.splitlines())
    if summary["events"] != len(records):
        sys.exit(f"{summary['events']} of {len(records)} records were read")
    rules = {}
    for finding in findings:
        rules.setdefault(finding["event"]["id"], set()).add((finding["rule"]["title"], finding["rule"]["file"]))
    return rules


def judge(nepho, paths, calls):
    """Gives each path its rules and says whether none of its calls leaves a record; ends where a call is unknown."""
    unknown = sorted({call for path in paths for call in path["calls"]} - calls.keys())
    if unknown:
        sys.exit(f"{CALLS.relative_to(ROOT)} does not know {', '.join(unknown)}")
    recorded = {name: call for name, call in calls.items() if "noRecord" not in call}
    spoke = detect(nepho, [record_of(name, call) for name, call in recorded.items()])
    for path in paths:
        path["rules"] = {name: sorted(spoke[event_id(name)]) for name in path["calls"] if event_id(name) in spoke}
        path["unrecorded"] = not recorded.keys() & set(path["calls"])
        path["ordinary"] = [name for name in path["calls"] if "ordinary" in calls[name]]


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
    return "no call leaves a record" if path["unrecorded"] else "no rule"


def reasons(paths, calls, key):
    needed = sorted({call for path in paths for call in path["calls"] if key in calls[call]})
    return "".join(f"| `{call}` | {calls[call][key]} |\n" for call in needed)


def page(paths, calls):
    text = f"{MADE}\n{INTRO.format(total=len(paths), found=sum(bool(path['rules']) for path in paths))}"
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
    judge(nepho, paths, calls)
    return page(paths, calls), [path["id"] for path in paths if not is_explained(path)]


def main():
    data = os.environ.get("NEPHO_TEST_DATA")
    if not data:
        print("docs/reference/escalation.md stays as it is: NEPHO_TEST_DATA is not set")
        return
    text, open_paths = make(sys.argv[1], Path(data))
    current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if "--check" in sys.argv[2:] and not current:
        sys.exit("docs/reference/escalation.md is not what the rules say; run `make doc`")
    if not current:
        PAGE.write_text(text, encoding="utf-8")
        print("wrote docs/reference/escalation.md")
    if open_paths:
        sys.exit(f"neither found nor without a record: {', '.join(open_paths)}")


if __name__ == "__main__":
    main()
