#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What items of Falco's rule files mean to each other, as tables of examples: falco.py TABLE

A table (falco/*.items) is made of blocks with blank lines between them; lines that begin with '#' are comments:

    - macro: reads                   items of a file; `- rule: golden` stands for a rule with all that it needs
      condition: ka.verb in (get)    but `condition`
    - rule: golden
      condition: reads
    {"verb":"get"}                   what a Kubernetes audit event has beside the usual, and below it
    match                            `match`, `no match`, or `no rule`: none is left that could
    codes: LOAD_UNUSED_MACRO         the codes that the loader tells, in order of their place; none are told where there
                                     is no such line

Each expectation is a case, named by its line.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import tap
from tables import blocks

WHOLE = "- rule: golden\n  desc: d\n  output: o\n  priority: info\n  source: k8s_audit\n"
EVENT = {
    "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "1", "stage": "ResponseComplete",
    "requestURI": "/api/v1/namespaces/default/pods/p", "verb": "get", "user": {"username": "eve"},
    "sourceIPs": ["10.0.0.1"], "objectRef": {"resource": "pods", "namespace": "default", "name": "p"},
    "responseStatus": {"code": 200}, "requestReceivedTimestamp": "2026-03-02T08:00:00.000000Z",
    "stageTimestamp": "2026-03-02T08:00:00.000000Z",
}


def nepho(*words):
    return subprocess.run([os.environ["NEPHO"], *words], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")


def codes_of(file):
    run = nepho("rules", "lint", "--codes", "-r", file)
    problems = [p for line in run.stdout.splitlines() for p in json.loads(line)["diagnostics"]]
    return [p["code"] for p in sorted(problems, key=lambda p: (p["line"], p["column"]))], run.stdout


def matches(file, event):
    Path("event.json").write_text(json.dumps({**EVENT, **event}) + "\n", encoding="utf-8")
    run = nepho("detect", "--no-default-rules", "-r", file, "-o", "ndjson", "event.json")
    told = [json.loads(line) for line in run.stdout.splitlines()]
    if "no rule is loaded" in run.stderr:
        return "no rule"
    if not told or told[-1].get("events") != 1:
        return run.stdout + run.stderr
    return "match" if any(line["kind"] == "finding" for line in told) else "no match"


def check_block(table, block):
    items = [line for _, line in block if line.startswith(("- ", "  "))]
    Path("items.yaml").write_text("\n".join([*items, ""]).replace("- rule: golden\n", WHOLE, 1), encoding="utf-8")
    rest = block[len(items) :]
    want = next((line.removeprefix("codes: ").split() for _, line in rest if line.startswith("codes: ")), [])
    codes, lines = codes_of("items.yaml")
    tap.check(f"{table}:{block[0][0]} codes", codes == want, *items, f"want: {want}", f"got:  {codes}", lines)
    for (line, event), (_, answer) in zip(rest, rest[1:]):
        if event.startswith("{"):
            got = matches("items.yaml", json.loads(event))
            tap.check(f"{table}:{line} {answer}", got == answer, *items, event, f"want: {answer}", f"got:  {got}")


def main():
    table = Path(sys.argv[1])
    for block in blocks(table.read_text(encoding="utf-8")):
        check_block(table.name, block)
    tap.done()


main()
