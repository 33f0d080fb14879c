#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`nepho rules lint` on Falco's files: the published ones load as a whole, and codes of the loader come as JSON with their places."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402

MISTAKES = """\
- required_engine_version: 0.57.0
- list: shells
  items: [bash]
- macro: nobody
  condition: proc.name = x
- rule: unknown field
  desc: d
  condition: evt.type = open and proc.nme in (shells)
  output: o
  priority: info
- rule: no type
  desc: d
  condition: proc.name in (shells)
  output: o
  priority: info
- rule: unknown field
  condition: and nothing
  append: true
"""
EXPECTED = [  # type, title, status, line and code of each problem
    ("required_engine_version", "", "ok", []),
    ("list", "shells", "ok", []),
    ("macro", "nobody", "warning", [(4, "LOAD_UNUSED_MACRO")]),
    ("rule", "unknown field", "error", [(17, "LOAD_ERR_VALIDATE")]),
    ("rule", "no type", "warning", [(11, "LOAD_NO_EVTTYPE")]),
    ("rule", "unknown field", "warning", [(18, "LOAD_DEPRECATED_ITEM")]),
]


def lint(*files):
    """Exit status and lines of `rules lint --codes`."""
    command = [os.environ["NEPHO"], "rules", "lint", "--codes"]
    for file in files:
        command += ["-r", str(file)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def check_mistakes():
    Path("mistakes.yaml").write_text(MISTAKES, encoding="utf-8")
    status, lines, _ = lint("mistakes.yaml")
    told = [(d["type"], d["title"], d["status"], [(p["line"], p["code"]) for p in d["diagnostics"]]) for d in lines]
    tap.check("codes come with their places", told == EXPECTED, *told)
    tap.check("a refused item makes lint fail", status == 1, status)
    tap.check("items are counted from 0", [d["index"] for d in lines] == list(range(len(EXPECTED))))


def check_no_yaml():
    Path("broken.yaml").write_text("- rule: r\n  desc: 'x\n", encoding="utf-8")
    status, lines, _ = lint("broken.yaml")
    told = [(d["language"], d["status"], d["diagnostics"][0]["code"]) for d in lines]
    tap.check("a file that is no YAML is told as Falco does", (status, told) == (1, [("falco", "error", "LOAD_ERR_YAML_PARSE")]), told)


def check_published(name, files, rules):
    status, lines, errors = lint(*files)
    loaded = {d["title"] for d in lines if d["type"] == "rule" and d["status"] != "error"}
    refused = [d for d in lines if d["status"] == "error"]
    tap.check(f"{name}: all {rules} rules load", (status, len(loaded), refused) == (0, rules, []), status, len(loaded), *refused, errors)


def main():
    check_mistakes()
    check_no_yaml()
    data = tap.data_folder()
    if data is None:
        tap.skip("published rules", "NEPHO_TEST_DATA is not set")
        tap.done()
    captures, plugins = Path(data) / "captures/rules", Path(data) / "rules/falco-plugins"
    parts = [captures / f"{part}.adapted.yaml" for part in ("falco_rules", "falco-incubating_rules", "falco-sandbox_rules")]
    check_published("stable", parts[:1], 25)
    check_published("stable, incubating and sandbox", [*parts, captures / "enable.yaml"], 93)
    check_published("cloudtrail", [plugins / "aws_cloudtrail_rules.yaml"], 22)
    check_published("k8saudit", [plugins / "k8s_audit_rules.yaml"], 48)
    check_published("as published", [Path(data) / "rules/falco/falco_rules.yaml"], 25)
    tap.done()


main()
