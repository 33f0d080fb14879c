#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Sigma rules mean, as tables of examples: rules.py TABLE

A table (rules/*.t) is made of blocks with blank lines between them; lines that begin with '#' are comments:

    name|contains: evil              a detection: the items of one selection, or several selections
    {"name":"so evil"}               and their `condition:`
    match                            an event on one line, and below it `match` or `no match`
    {"name":"good"}
    no match                         as many of these as are needed

    name|re: '('                     a detection that must not load
    refused

A detection may hold a line `logsource: {..}`; else its log source is `product: golden`. A line `--as SOURCE` says for
the blocks below it what log source the events have; else it is `product=golden` too.

The program runs once for a table (and once more for each further `--as`): all its rules over all its events. Events are
known by their offset, so that no member is added to them. Each expectation is a case, named by its line.
"""

import json
import os
import re
import subprocess
import sys
from collections import namedtuple
from itertools import takewhile
from pathlib import Path

import tap
from tables import blocks

Rule = namedtuple("Rule", "line source lines")
Case = namedtuple("Case", "line rule event want")

REFUSED = re.compile(r"^(\d+)\.yml:.* error: (.*)", re.MULTILINE)


def read_table(name, text):
    """The cases of a table, in order."""
    source = "product=golden"
    for block in blocks(text):
        if block[0][1].startswith("--as "):
            source = block.pop(0)[1].removeprefix("--as ").strip()
        lines = list(takewhile(lambda line: not line[1].startswith("{") and line[1] != "refused", block))
        told = block[len(lines) :]
        if not block:
            continue
        rule = Rule(block[0][0], source, [line for _, line in lines])
        if told and told[0][1] == "refused":
            yield Case(told[0][0], rule, None, "refused")
            told = told[1:]
        elif not told:
            sys.exit(f"{name}:{rule.line}: nothing is expected of this detection")
        for at in range(0, len(told), 2):
            (line, event), want = told[at], told[at + 1][1] if at + 1 < len(told) else ""
            if not event.startswith("{") or want not in ("match", "no match"):
                sys.exit(f"{name}:{line}: an event and 'match' or 'no match' are expected")
            yield Case(line, rule, event, want)


def document(lines):
    """A whole rule around the lines of a detection."""
    logsource = [line for line in lines if line.startswith("logsource:")] or ["logsource: {product: golden}"]
    lines = [line for line in lines if line not in logsource]
    if not any(line.startswith("condition:") for line in lines):
        lines = ["selection:", *(f"    {line}" for line in lines), "condition: selection"]
    return "\n".join(["title: golden", *logsource, "detection:", *(f"    {line}" for line in lines), ""])


def detect(source, cases):
    """Runs all rules over all events: why a rule was refused, by its line; and matches, as lines of rule and event."""
    folder = Path(re.sub(r"\W", "_", source))
    folder.mkdir()
    for rule in {case.rule.line: case.rule for case in cases}.values():
        (folder / f"{rule.line}.yml").write_text(document(rule.lines), encoding="utf-8")
    line_at, stream = {}, b""
    for case in cases:
        if case.event is not None:
            line_at[len(stream)] = case.line
            stream += case.event.encode() + b"\n"
    (folder / "events").write_bytes(stream)
    run = subprocess.run(
        [os.environ["NEPHO"], "detect", "--as", source, "--no-default-rules", "-r", ".", "-o", "ndjson", "events"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0 or told[-1]["records"] != len(line_at) or not told[-1]["complete"]:
        sys.exit(f"exit status {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr}")
    found = {(int(Path(f["rule"]["file"]).stem), line_at[f["origin"]["offset"]]) for f in told[:-1]}
    return {int(line): why for line, why in REFUSED.findall(run.stderr.replace("./", ""))}, found


def main():
    table = Path(sys.argv[1])
    cases = list(read_table(table.name, table.read_text(encoding="utf-8")))
    results = {}
    for source in {case.rule.source: None for case in cases}:
        results[source] = detect(source, [case for case in cases if case.rule.source == source])
    for case in cases:
        refused, found = results[case.rule.source]
        got = "match" if (case.rule.line, case.line) in found else "no match"
        if case.rule.line in refused:
            got = "refused"
        tap.check(
            f"{table.name}:{case.line} {case.want}", got == case.want,
            *case.rule.lines, case.event or "", f"want: {case.want}", f"got:  {got}", refused.get(case.rule.line, ""),
        )
    tap.done()


if __name__ == "__main__":
    main()
