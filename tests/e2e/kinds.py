#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kinds of events are recognised by content, and CloudTrail records are found in whatever wraps them."""

import glob
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402

NEPHO = os.environ["NEPHO"]


def detect(path, *options):
    """The findings and the summary of a run."""
    run = subprocess.run([NEPHO, "detect", str(path), "--findings-only", "-o", "ndjson", *options], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0 or not lines:
        tap.comment(f"exit {run.returncode}", run.stderr)
        return [], {}
    return lines[:-1], lines[-1]


def found(findings):
    return sorted((f["rule"]["id"], f["event"]["id"]) for f in findings)


def check_kind(data, name, kind, records, titles):
    findings, summary = detect(data / "audit-samples" / f"{name}.ndjson", "--no-default-rules", "-r", str(data / "rules/sigma"))
    tap.check(f"{name}: every record is read", (summary.get("records"), summary.get("skipped")) == (records, []), summary)
    tap.check(f"{name}: findings are of their kind", {f["event"]["kind"] for f in findings} == {kind}, findings[:1])
    missing = titles - {f["rule"]["title"] for f in findings}
    tap.check(f"{name}: rules find what they are for", not missing, missing)


def cloudtrail_records(data):
    for path in sorted(glob.glob(str(data / "cloudtrail/trail-real/**/*.json*"), recursive=True)):
        yield from json.loads(Path(path).read_text())["Records"]


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def log_events(records):
    return [{"id": str(i), "timestamp": 1688989501000 + i, "message": json.dumps(r)} for i, r in enumerate(records)]


def subscription(records):
    head = {"messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"]}
    control = {"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "", "logStream": "", "logEvents": [
        {"id": "", "timestamp": 1688989501000, "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}
    messages = [head | {"logEvents": log_events(records[i : i + 20])} for i in range(0, len(records), 20)]
    return "".join(json.dumps(m) for m in [control, *messages])  # Firehose puts nothing between them


# How a list of records may reach us; all of it is one text.
WRAPPERS = {
    "Records": lambda records: json.dumps({"Records": records}),
    "records, pretty-printed": lambda records: json.dumps({"count": 1, "records": records}, indent=2),
    "EventBridge": lambda records: lines(
        {"version": "0", "detail-type": "AWS API Call via CloudTrail", "time": r["eventTime"], "detail": r} for r in records
    ),
    "EventBridge in a pretty-printed list": lambda records: json.dumps([{"detail-type": "t", "detail": r} for r in records], indent=1),
    "CloudWatch Logs subscription": subscription,
    "CloudWatch Logs export": lambda records: "".join(f"2023-07-10T11:45:01.000Z {json.dumps(r)}\n" for r in records),
    "LookupEvents": lambda records: json.dumps(
        {"Events": [{"EventId": r["eventID"], "EventName": r["eventName"], "CloudTrailEvent": json.dumps(r)} for r in records],
         "NextToken": "t"},
        indent=4,
    ),
    "event.original, nested": lambda records: lines(
        {"@timestamp": r["eventTime"], "event": {"action": r["eventName"], "original": json.dumps(r)}} for r in records
    ),
    "event.original, flat": lambda records: lines({"event.original": json.dumps(r), "message": "m"} for r in records),
    "EventBridge inside a subscription": lambda records: subscription([{"detail-type": "t", "detail": r} for r in records]),
}


def check_wrappers(data):
    records = list(cloudtrail_records(data))
    plain = Path("plain.ndjson")
    plain.write_text(lines(records))
    findings, summary = detect(plain)
    want = found(findings)
    counts = {key: summary.get(key) for key in ("records", "events", "duplicates", "skipped", "complete")}
    tap.check("the records by themselves give findings", len(want) > 20 and counts["records"] == len(records), counts)
    for name, wrap in WRAPPERS.items():
        path = Path("wrapped.json")
        path.write_text(wrap(records))
        for threads in "1", "2":
            findings, summary = detect(path, "--threads", threads)
            tap.check(f"{name}: the same findings with {threads} threads", found(findings) == want, len(findings), len(want))
            got = {key: summary.get(key) for key in counts}
            tap.check(f"{name}: the same counts with {threads} threads", got == counts, got, counts)


def check_event_list(data):
    text = (data / "audit-samples/kubernetes.ndjson").read_text()
    items = [json.loads(line) for line in text.splitlines()]
    path = Path("list.json")
    path.write_text(json.dumps({"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": items}, indent=1))
    _, summary = detect(path)
    tap.check("EventList: each item is a record", (summary.get("records"), summary.get("skipped")) == (34, []), summary)


def main():
    folder = tap.data_folder()
    if folder is None:
        print("NEPHO_TEST_DATA is not set")
        sys.exit(77)
    data = Path(folder)
    check_kind(data, "kubernetes", "k8s.audit", 34, {
        "Potential Remote Command Execution In Pod Container", "Kubernetes Unauthorized or Unauthenticated Access",
        "Container With A hostPath Mount Created", "Privileged Container Deployed", "Kubernetes Admission Controller Modification",
    })
    check_kind(data, "gcp", "gcp.audit", 94, {
        "Google Cloud Storage Buckets Modified or Deleted", "Google Cloud DNS Zone Modified or Deleted", "Google Cloud Firewall Modified or Deleted",
    })
    check_kind(data, "github", "github.audit", 45, {
        "New Github Organization Member Added", "GitHub Repository Archive Status Changed", "Github Delete Action Invoked",
    })
    check_event_list(data)
    check_wrappers(data)
    tap.done()


if __name__ == "__main__":
    main()
