# SPDX-License-Identifier: Apache-2.0
"""SARIF and JUnit of `rules lint` and `rules test`: what OASIS' schema demands of a log, and what CI servers read."""

import json
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import tap

RULE = """title: %s
logsource: {product: aws, service: cloudtrail}
detection: {selection: {%s: X}, condition: selection}
"""


def nepho(*arguments, cwd="."):
    run = subprocess.run([os.environ["NEPHO"], *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=cwd)
    return run.returncode, run.stdout.decode("utf-8")


def faults(log):
    """What of SARIF 2.1.0 (3.13 to 3.30) the log lacks."""
    if log.get("version") != "2.1.0":
        yield "version"
    if not isinstance(log.get("runs"), list):
        yield "runs"
    for run in log.get("runs", []):
        driver = run.get("tool", {}).get("driver", {})
        if not driver.get("name"):
            yield "tool.driver.name"
        if run.get("columnKind") not in ("utf16CodeUnits", "unicodeCodePoints"):
            yield "columnKind"
        ids = [rule.get("id") for rule in driver.get("rules", [])]
        if None in ids or len(set(ids)) != len(ids):
            yield f"rule ids {ids}"
        if not isinstance(run.get("results"), list):
            yield "results"
        for result in run.get("results", []):
            yield from result_faults(result, ids)


def result_faults(result, ids):
    if not result.get("message", {}).get("text"):
        yield "message.text"
    if result.get("level") not in ("none", "note", "warning", "error"):
        yield f"level {result.get('level')}"
    if ids[result.get("ruleIndex", -1)] != result.get("ruleId"):
        yield f"ruleIndex of {result.get('ruleId')}"
    for location in result["locations"]:
        physical = location["physicalLocation"]
        if not physical["artifactLocation"].get("uri"):
            yield "uri"
        region = physical.get("region", {"startLine": 1})
        if region["startLine"] < 1 or region.get("startColumn", 1) < 1:
            yield f"region {region}"


def uris(log):
    return {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]}


def check_log(name, text):
    log = json.loads(text)
    found = list(faults(log))
    tap.check(f"{name}: a valid log", not found, *found)
    return log


def check_lint():
    status, text = nepho("rules", "lint", "-r", "rules", "-o", "sarif")
    log = check_log("lint", text)
    results = log["runs"][0]["results"]
    typo = next(r for r in results if r["ruleId"] == "unknown-modifier")
    tap.check("lint: a refused document fails", status == 1, status)
    tap.check("lint: an error with its place", typo["level"] == "error", typo)
    region = typo["locations"][0]["physicalLocation"]["region"]
    tap.check("lint: line and column", region["startLine"] == 3 and region["startColumn"] > 1, region)
    tap.check("lint: the hint is part of the message", "contains" in typo["message"]["text"], typo)
    tap.check("lint: relative paths", "rules/typo.yml" in uris(log), uris(log))
    tap.check("lint: encoded paths", any(unquote(u) == "rules/100% odd: name#1.yml" and " " not in u and "#" not in u for u in uris(log)), uris(log))
    _, text = nepho("rules", "lint", "-r", Path("rules").resolve(), "-o", "sarif")
    tap.check("lint: below the working folder a path is relative", "rules/typo.yml" in uris(json.loads(text)), text)
    _, text = nepho("rules", "lint", "-r", Path("rules").resolve(), "-o", "sarif", cwd="/")
    _, text_elsewhere = nepho("rules", "lint", "-r", Path("rules").resolve(), "-o", "sarif", cwd="other")
    tap.check("lint: the root is a folder, too", all(not u.startswith(("/", "file:")) for u in uris(json.loads(text))), text)
    tap.check("lint: elsewhere it is a file URI", all(u.startswith("file:///") for u in uris(json.loads(text_elsewhere))), text_elsewhere)
    status, text = nepho("rules", "lint", "-o", "sarif")
    log = check_log("lint of clean rules", text)
    tap.check("lint: no problem, no result", status == 0 and log["runs"][0]["results"] == [], text)


def check_test():
    status, text = nepho("rules", "test", "-r", "rules", "-o", "sarif")
    log = check_log("test", text)
    codes = {r["ruleId"] for r in log["runs"][0]["results"]}
    tap.check("test: fails", status == 1, status)
    tap.check("test: samples and refused documents", {"sample-not-matched", "sample-matched", "sample-not-usable", "unknown-modifier"} <= codes, codes)
    lines = {
        r["ruleId"]: r["locations"][0]["physicalLocation"]["region"]["startLine"]
        for r in log["runs"][0]["results"]
    }
    tap.check("test: the place of the record", lines["sample-matched"] == 2, lines)


def check_junit():
    status, text = nepho("rules", "test", "-r", "rules", "-o", "junit")
    root = ElementTree.fromstring(text)
    tap.check("junit: fails", status == 1, status)
    tap.check("junit: a suite a file", root.tag == "testsuites" and len(root) == 3, text)
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root:
        cases = suite.findall("testcase")
        own = {
            "tests": len(cases),
            "failures": sum(c.find("failure") is not None for c in cases),
            "errors": sum(c.find("error") is not None for c in cases),
            "skipped": sum(c.find("skipped") is not None for c in cases),
        }
        tap.check(f"junit: the sums of {suite.get('name')}", all(int(suite.get(k)) == v for k, v in own.items()), own, suite.attrib)
        counts = {key: counts[key] + own[key] for key in counts}
    tap.check("junit: the sums of all", all(int(root.get(k)) == v for k, v in counts.items()), counts, root.attrib)
    tap.check("junit: one of each", min(counts.values()) >= 1, counts)
    names = {case.get("classname") for case in root.iter("testcase")}
    tap.check("junit: hostile titles survive", "a <b> & \"c\" 'd' \ufffd \u202e" in names, names)


def main():
    rules = Path("rules")
    rules.mkdir()
    Path("other").mkdir()
    (rules / "typo.yml").write_text(RULE % ("typo", "eventName|contians"))
    (rules / "100% odd: name#1.yml").write_text(RULE % ("untested", "eventName") + "status: nonsense\nlevle: high\n")
    (rules / "fails.yml").write_text(RULE % (r'''"a <b> & \"c\" 'd' \x01 \u202e"''', "eventName"))
    record = '{"eventVersion":"1","eventTime":"2024-01-01T00:00:00Z","eventName":"%s"}\n'
    (rules / "fails.hit.json").write_text(record % "X" + record % "Y" + "17\n")
    (rules / "fails.miss.json").write_text(record % "Y" + record % "X")
    check_lint()
    check_test()
    check_junit()
    tap.done()


main()
