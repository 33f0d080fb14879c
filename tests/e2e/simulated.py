# SPDX-License-Identifier: Apache-2.0
"""The shipped rules in the simulated world: they find most of each attack that they are meant to find, are quieter over its benign twin,
and are quiet over ordinary days. All without user agents: a rule that keys on a tool's name would find itself.

How steps count. A step is a name in the labels of an attack; one that is repeated is one step. Records that are ordinary work (`attack`
false) count for nothing. A step counts when any of its records does: one that changes something or passes a role (not readOnly), or one
that was refused. It is found when any of its records has a finding of medium or higher.
"""

import json
import os
import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import tap

SEEDS = range(1, 6)
STEPS_FOUND_MIN = 1 / 2
TWIN_SHARE_MAX = 1 / 3
# Every single call of theirs is one that their twins make too: only what is known over time tells them apart.
UNJUDGED = {"vpc-endpoint", "secret-harvest"}
BACKGROUND = 200_000
BACKGROUND_FINDINGS_MAX = BACKGROUND // 1000
USER_AGENT = re.compile(rb'("userAgent":)"(?:[^"\\]|\\.)*"')


def simulate(*arguments):
    """What is written to standard output, without user agents."""
    command = [os.environ["NEPHO"], "simulate", "-o", "-", *map(str, arguments)]
    return USER_AGENT.sub(rb'\1""', subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)


def detect(events):
    """The findings of medium or higher, and the summary."""
    command = [os.environ["NEPHO"], "detect", "-", "-o", "ndjson", "--min-level", "medium", "--findings-only"]
    run = subprocess.run(command, input=events, stdout=subprocess.PIPE, check=True)
    *findings, summary = map(json.loads, run.stdout.splitlines())
    return findings, summary


def scenarios():
    """Of each attack its twin and its slow form, from the table of `simulate list`."""
    lines = subprocess.run([os.environ["NEPHO"], "simulate", "list"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    starts = [lines[0].index(title) for title in ("SCENARIO", "KIND", "TITLE", "BENIGN TWIN", "SLOW FORM")]
    rows = [[line[a:b].strip() for a, b in zip(starts, [*starts[1:], None])] for line in lines[1:]]
    return {name: (twin, slow) for name, kind, _, twin, slow in rows if kind == "attack"}


class Play:
    """A scenario as one seed plays it: which of its steps count, which are found, and how many findings there are."""

    def __init__(self):
        self.counted = set()
        self.found = set()
        self.findings = 0

    def add(self, record, label, findings):
        self.findings += findings
        if not label["attack"]:
            return
        if not record["readOnly"] or "errorCode" in record:
            self.counted.add(label["step"])
        if findings:
            self.found.add(label["step"])

    def missed(self):
        return self.counted - self.found

    def is_found(self):
        return len(self.counted) - len(self.missed()) >= len(self.counted) * STEPS_FOUND_MIN


def played(names, seed):
    """All scenarios, together in one world, by name."""
    events = simulate(*names, "--seed", seed, "--labels", "labels")
    records = {record["eventID"]: record for record in map(json.loads, events.splitlines())}
    labels = {label["event"]: label for label in map(json.loads, Path("labels").read_text(encoding="utf-8").splitlines())}
    findings = Counter(finding["event"]["id"] for finding in detect(events)[0])
    plays = defaultdict(Play)
    for event, label in labels.items():
        plays[label["scenario"]].add(records[event], label, findings[event])
    return plays


# ---- attacks and twins


def row(name, plays, twins):
    """A line of the table: sums over all seeds, the worst seed, and which steps are missed in how many of them."""
    counted, missed = sum(len(p.counted) for p in plays), sum(len(p.missed()) for p in plays)
    worst = min((1 - len(p.missed()) / len(p.counted) for p in plays if p.counted), default=0)
    often = Counter(step for p in plays for step in p.missed())
    steps = " ".join(f"{step}:{times}" for step, times in sorted(often.items(), key=lambda item: (-item[1], item[0])))
    figures = f"{counted - missed:>3} of {counted:>3} {worst:>6.0%} {sum(p.findings for p in plays):>8} {sum(p.findings for p in twins):>6}"
    return f"{name:<43} {figures}  {steps}"


def check_attack(name, plays, twins):
    weak = [f"seed {seed}: {sorted(p.missed())} of {len(p.counted)}" for seed, p in zip(SEEDS, plays) if not p.is_found()]
    tap.check(f"{name}: at least half of its steps are found", all(p.counted for p in plays) and not weak, *weak)
    loud, quiet = (sum(p.findings for p in side) for side in (plays, twins))
    tap.check(f"{name}: its twin is at most a third as loud", 0 < loud and quiet <= loud * TWIN_SHARE_MAX, f"{quiet} against {loud}")


def check_attacks():
    attacks = scenarios()
    names = [form for attack, (twin, slow) in attacks.items() for form in (attack, slow, twin)]
    seeds = [played(names, seed) for seed in SEEDS]
    of = {name: [seed[name] for seed in seeds] for name in names}
    tap.comment(f"{'scenario, over ' + str(len(SEEDS)) + ' seeds':<43} steps found  worst findings   twin  steps missed:seeds")
    forms = [(attack, form, twin) for attack, (twin, slow) in attacks.items() for form in (attack, slow)]
    for _, form, twin in forms:
        tap.comment(row(form, of[form], of[twin]))
    for attack, form, twin in forms:
        if attack not in UNJUDGED:
            check_attack(form, of[form], of[twin])


# ---- ordinary days


def check_background():
    findings, summary = detect(simulate("--background", BACKGROUND))
    rules = Counter(f"{finding['rule']['level']} {finding['rule']['title']}" for finding in findings)
    tap.comment(f"{len(findings)} findings of medium or higher in {summary['events']:,} events of ordinary days")
    tap.comment(*(f"{count:>6} {rule}" for rule, count in rules.most_common()))
    quiet = len(findings) <= BACKGROUND_FINDINGS_MAX and summary["events"] == BACKGROUND and summary["complete"]
    tap.check("ordinary days: at most 1 finding in 1,000 events", quiet, f"{len(findings)} in {summary['events']}")


def main():
    check_attacks()
    check_background()
    tap.done()


if __name__ == "__main__":
    main()
