#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules that name `nepho.*` fields find what they ask for in a simulated attack, with any number of threads; without incidents they say that they do not run."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402

NEPHO = os.environ["NEPHO"]
SCENARIO = "leaked-key-endpoint-cloudformation"
RULE = """title: {title}
id: {id}
status: test
description: d
level: {level}
logsource: {{product: aws, service: cloudtrail}}
detection:
    s:
{tests}
    condition: s
"""
ENDPOINT, REGION, TACTIC, NEVER = (f"11111111-0000-4000-8000-00000000000{i}" for i in range(1, 5))
RULES = {
    ENDPOINT: ("medium", ["nepho.endpoint.owner: foreign"]),
    REGION: ("high", ["eventName: RunInstances", "nepho.first_seen.region: true", "nepho.foreign: true"]),
    TACTIC: ("high", ["nepho.tactic: privilege-escalation", "nepho.actor.hops|gte: 1"]),
    NEVER: ("low", ["eventName: RunInstances", "nepho.tactic: discovery"]),
}


def run(*args):
    return subprocess.run([NEPHO, *map(str, args)], capture_output=True, text=True, check=False)


def detect(path, rules, *args):
    done = run("detect", path, "-r", rules, "--no-default-rules", "-o", "ndjson", *args)
    if done.returncode != 0:
        tap.comment(f"exit {done.returncode}", done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def ids(lines, rule):
    return {line["event"]["id"] for line in lines if line["kind"] == "finding" and line["rule"]["id"] == rule}


def check_findings(lines, records):
    attack = {i for line in lines if line["kind"] == "incident" for i in line["event_ids"]}
    endpoint, region, tactic = ids(lines, ENDPOINT), ids(lines, REGION), ids(lines, TACTIC)
    tap.check("a foreign endpoint is found", len(endpoint) > 10, len(endpoint))
    tap.check("each has an endpoint, and belongs to the attack", all("vpcEndpointId" in records[i] for i in endpoint) and endpoint <= attack)
    tap.check("instances in a new region are found", len(region) > 0)
    tap.check("each is that call, by the attacker", all(records[i]["eventName"] == "RunInstances" for i in region) and region <= attack)
    tap.check("steps to more rights are found", len(tactic & attack) > 0)
    tap.check("a test that is not met finds nothing", not ids(lines, NEVER))
    shown = [line["fields"] for line in lines if line["kind"] == "finding" and line["rule"]["id"] == REGION]
    tap.check("the finding shows what was asked for", all(f.get("nepho.foreign") == "true" for f in shown), shown[:1])
    behind = {sign["id"] for line in lines if line["kind"] == "incident" for sign in line["signs"]}
    tap.check("their findings count for the incident", {ENDPOINT, REGION, TACTIC} <= behind, sorted(behind))
    tap.check("nothing was left out", lines[-1]["limits"] == [], lines[-1]["limits"])


def check_set_by_record(folder, rules):
    record = {"eventVersion": "1.08", "eventID": "e", "recipientAccountId": "111122223333", "eventTime": "2026-03-02T08:00:00Z",
              "eventName": "RunInstances", "eventSource": "ec2.amazonaws.com", "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.1",
              "nepho.endpoint.owner": "foreign", "nepho": {"endpoint": {"owner": "foreign"}}}
    path = folder / "set.ndjson"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    lines, _ = detect(path, rules)
    tap.check("a record sets none of the fields", not ids(lines, ENDPOINT))


def check_other_kinds(folder):
    rules = folder / "gcp.yml"
    rules.write_text("title: t\nid: g\nlogsource: {product: gcp}\ndetection:\n  s: {protoPayload.methodName: SetIamPolicy, nepho.foreign: null}\n"
                     "  t: {nepho.foreign: true}\n  condition: s and not t\n", encoding="utf-8")
    path = folder / "gcp.ndjson"
    path.write_text(json.dumps({"insertId": "i", "logName": "projects/p/logs/cloudaudit.googleapis.com%2Factivity", "timestamp": "2026-03-02T08:00:00Z",
                                "protoPayload": {"@type": "type.googleapis.com/google.cloud.audit.AuditLog", "methodName": "SetIamPolicy"}}) + "\n",
                    encoding="utf-8")
    lines, _ = detect(path, rules)
    tap.check("of a kind without actors the fields are absent", ids(lines, "g") == {"i"}, lines)


def check_too_long(folder, rules):
    record = {"eventVersion": "1.08", "eventID": "e", "recipientAccountId": "111122223333", "eventTime": "2026-03-02T08:00:00Z",
              "eventName": "RunInstances", "eventSource": "ec2.amazonaws.com", "requestParameters": {"userData": "x" * 300000}}
    path = folder / "long.ndjson"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    lines, _ = detect(path, rules)
    limits = [limit["what"] for limit in lines[-1]["limits"]]
    tap.check("a record too long to be kept is told as a limit", "events too large for rules that ask who acted" in limits, limits)


def check_without_incidents(path, rules):
    lines, err = detect(path, rules, "--findings-only")
    tap.check("--findings-only: they do not run", lines[-1]["findings"] == 0, lines[-1])
    tap.check("--findings-only: they count as loaded", lines[-1]["rules"] == {"loaded": 4, "refused": 0}, lines[-1])
    tap.check("--findings-only: it is said, once", err.count("nepho.*") == 1 and "4 rules" in err, err)
    lint = run("rules", "lint", "-r", rules)
    tap.check("lint: a warning, no error", lint.returncode == 0 and "--findings-only" in lint.stdout + lint.stderr, lint.stdout + lint.stderr)
    test = run("rules", "test", "-r", rules)
    tap.check("test: untested, with the reason", test.returncode == 0 and "untested: " in test.stdout and "4 untested" in test.stdout, test.stdout)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = folder / "rules.yml"
        rules.write_text("---\n".join(RULE.format(title=f"Rule {key[-1]}", id=key, level=level, tests="\n".join("        " + t for t in tests))
                                      for key, (level, tests) in RULES.items()), encoding="utf-8")
        path = folder / "all.ndjson"
        with open(path, "wb") as out:
            subprocess.run([NEPHO, "simulate", SCENARIO, "--background", "5000", "--seed", "3", "--format", "ndjson", "-o", "-"],
                           stdout=out, stderr=subprocess.DEVNULL, check=True)
        records = {r["eventID"]: r for r in map(json.loads, open(path, encoding="utf-8"))}
        lines, _ = detect(path, rules)
        check_findings(lines, records)
        for threads in (1, 2, 5):
            again, _ = detect(path, rules, "--threads", threads)
            tap.check(f"{threads} threads: the same", again[:-1] == lines[:-1])
        check_set_by_record(folder, rules)
        check_other_kinds(folder)
        check_too_long(folder, rules)
        check_without_incidents(path, rules)
    tap.done()


main()
