#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The recorded captures, replayed with both rule sets, raise exactly the alerts that Falco raised on them.

Alerts are told apart by (rule, evt.rawtime, thread.tid). By hand: NEPHO_TEST_DATA=... python3 captures.py NEPHO [-v] [NAME...] prints the
figures, and with -v each difference.
"""

import collections
import json
import os
import subprocess
import sys
from pathlib import Path

APPENDED = "evt.num,evt.rawtime,evt.type,evt.res,proc.name,proc.pid,thread.tid,proc.ppid,proc.exepath,fd.name"
STABLE = ["falco_rules.adapted.yaml"]
ALL = [*STABLE, "falco-incubating_rules.adapted.yaml", "falco-sandbox_rules.adapted.yaml", "enable.yaml"]
SETS = {"stable": (STABLE, "replay"), "all": (ALL, "replay-all")}
COMPARED = ("output", "output_fields", "priority", "rule", "source", "time")

# What may differ, with its reason: (capture, set, rule, what) -> reason. A difference that is not here is a failure.
KNOWN = {}


def key(alert):
    fields = alert["output_fields"]
    return alert["rule"], fields["evt.rawtime"], fields["thread.tid"]


def read_alerts(text):
    """The alerts by key, and the keys in order; a repeated key gets a number, so that nothing is lost."""
    alerts = {}
    for line in text.splitlines():
        alert = json.loads(line)
        name = key(alert)
        while name in alerts:
            name = (*name, "again")
        alerts[name] = alert
    return alerts


def is_same(left, right):
    """Python takes 1 for True; JSON does not."""
    return left == right and type(left) is type(right)


def differences(expected, found):
    """(what, expected, found) of everything that is not equal."""
    for name in COMPARED:
        left, right = expected.get(name), found.get(name)
        if name != "output_fields":
            if left != right:
                yield name, left, right
            continue
        for field in sorted(set(left) | set(right)):
            a, b = left.get(field, "(no such field)"), right.get(field, "(no such field)")
            if not is_same(a, b):
                yield field, a, b


def replay(nepho, folder, name, rules):
    command = [nepho, "detect", str(folder / f"{name}.scap"), "--no-default-rules", "--rule-matching", "all"]
    command += ["--append-fields", APPENDED, "-o", "falco"]
    for file in rules:
        command += ["-r", str(folder / "rules" / file)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=120)


class Figures:
    def __init__(self):
        self.expected = self.equal = self.missing = self.extra = 0
        self.differing = collections.Counter()

    def add(self, other):
        self.expected += other.expected
        self.equal += other.equal
        self.missing += other.missing
        self.extra += other.extra
        self.differing.update(other.differing)

    def text(self):
        wrong = ", ".join(f"{name} x{count}" for name, count in self.differing.most_common())
        return (f"{self.equal} of {self.expected} alerts agree, {self.missing} missing, {self.extra} extra"
                f"{'; differing: ' + wrong if wrong else ''}")


def compare(name, set_name, expected, found):
    """The figures, and a line for each difference that has no known reason."""
    figures, told = Figures(), []

    def tell(rule, what, text):
        if (name, set_name, rule, what) not in KNOWN:
            told.append(f"{name}/{set_name}: {text}")

    figures.expected = len(expected)
    for alert_key in expected.keys() - found.keys():
        figures.missing += 1
        tell(alert_key[0], "missing", f"missing: {alert_key} num={expected[alert_key]['output_fields']['evt.num']}")
    for alert_key in found.keys() - expected.keys():
        figures.extra += 1
        tell(alert_key[0], "extra", f"extra: {alert_key} num={found[alert_key]['output_fields']['evt.num']}")
    for alert_key in expected.keys() & found.keys():
        wrong = list(differences(expected[alert_key], found[alert_key]))
        figures.equal += not wrong
        for what, left, right in wrong:
            figures.differing[what] += 1
            tell(alert_key[0], what, f"{alert_key}: {what}: expected {left!r}, found {right!r}")
    if not told and [k for k in expected if k in found] != [k for k in found if k in expected]:
        tell("", "order", "the order of alerts is not that of the events")
    return figures, told


def run_one(nepho, folder, name, set_name):
    rules, suffix = SETS[set_name]
    expected = read_alerts((folder / f"{name}.{suffix}.jsonl").read_text(encoding="utf-8"))
    try:
        done = replay(nepho, folder, name, rules)
        found = read_alerts(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, KeyError) as problem:
        figures = Figures()
        figures.expected = figures.missing = len(expected)
        return figures, [f"{name}/{set_name}: no exit status: {problem!r}"]
    figures, told = compare(name, set_name, expected, found)
    if done.returncode != 0:
        told.append(f"{name}/{set_name}: exit status {done.returncode}: {done.stderr.strip()[-2000:]}")
    return figures, told


def by_hand(nepho, arguments):
    folder = Path(os.environ.get("NEPHO_TEST_DATA", "/nonexistent")) / "captures"
    verbose = "-v" in arguments
    names = [word for word in arguments if word != "-v"] or sorted(path.stem for path in folder.glob("*.scap"))
    wrong = False
    for set_name in SETS:
        total = Figures()
        for name in names:
            figures, told = run_one(nepho, folder, name, set_name)
            total.add(figures)
            wrong |= bool(told)
            if told:
                print(f"{set_name}/{name}: {figures.text()}")
            for line in told if verbose else [text for text in told if "exit status" in text]:
                print("   ", line)
        print(f"== {set_name}: {total.text()}")
    sys.exit(1 if wrong else 0)


def main():
    import tap  # pylint: disable=import-outside-toplevel  # there only under run_test.py

    data = tap.data_folder()
    if not data:
        tap.skip("captures raise the recorded alerts", "NEPHO_TEST_DATA is not set")
        tap.done()
    folder = Path(data) / "captures"
    for set_name in SETS:
        total = Figures()
        for path in sorted(folder.glob("*.scap")):
            figures, told = run_one(os.environ["NEPHO"], folder, path.stem, set_name)
            total.add(figures)
            tap.check(f"{path.stem} with the {set_name} rules", not told, figures.text(), *told[:20])
        tap.comment(f"{set_name}: {total.text()}")
    tap.done()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        by_hand(sys.argv[1], sys.argv[2:])
    main()
