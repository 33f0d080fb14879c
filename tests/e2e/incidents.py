# SPDX-License-Identifier: Apache-2.0
"""Incidents: one per attack, with its events and few others, in time; none for the benign twins and for ordinary days. User agents blanked.

NEPHO_INCIDENTS=full takes 20 seeds, 100,000 events around each attack and 1,000,000 of ordinary days alone; without it a
part that is done within a minute. Each figure is printed, also where it is good.
"""

import gzip
import json
import os
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import tap

FULL = os.environ.get("NEPHO_INCIDENTS") == "full"
SEEDS = range(1, 21 if FULL else 2)
AROUND = 100_000 if FULL else 20_000
ORDINARY = 1_000_000 if FULL else 100_000
# The issue asks for all attacks to be whole and in time. So many of them are now, so that it cannot get worse unnoticed: where
# little goes before the attack, nothing is known yet of its key's owner.
WHOLE_SHARE = 0.99 if FULL else 0.95
HELD_MIN = 0.95  # of the labelled events
OTHERS_MAX = 0.05  # of the incident's events
GRAVE = ("medium", "high", "critical")
USER_AGENT = re.compile(rb'("userAgent":)"(?:[^"\\]|\\.)*"')
HARVEST_STEP = "credential-read-secret"  # an attack of reads alone: to be known before half of them
LATE_STEPS = ("impact", "exfiltrate", "persist")


def simulate(*arguments):
    """What is written to standard output, without user agents, and the labels by event id."""
    with tempfile.NamedTemporaryFile() as labels:
        command = [os.environ["NEPHO"], "simulate", "-o", "-", "--labels", labels.name, *map(str, arguments)]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        found = {label["event"]: label for label in map(json.loads, Path(labels.name).read_text(encoding="utf-8").splitlines())}
    return USER_AGENT.sub(rb'\1""', run.stdout), found


def detect(events):
    """The last revision of each incident of medium or higher, and the findings of behaviours of medium or higher."""
    command = [os.environ["NEPHO"], "detect", "-", "-o", "ndjson"]
    run = subprocess.run(command, input=events, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    last = {line["id"]: line for line in lines if line["kind"] == "incident"}
    spoken = [line for line in lines if line["kind"] == "finding" and line["rule"]["id"].startswith("nepho.") and line["level"] in GRAVE]
    return [incident for incident in last.values() if incident["level"] in GRAVE], spoken


def scenarios():
    """Of each attack its twin and its slow form, from the table of `simulate list`."""
    lines = subprocess.run([os.environ["NEPHO"], "simulate", "list"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    starts = [lines[0].index(title) for title in ("SCENARIO", "KIND", "TITLE", "BENIGN TWIN", "SLOW FORM")]
    rows = [[line[a:b].strip() for a, b in zip(starts, [*starts[1:], None])] for line in lines[1:]]
    return {name: (twin, slow) for name, kind, _, twin, slow in rows if kind == "attack"}


def times(events):
    records = (json.loads(line) for line in events.splitlines())
    return {record["eventID"]: record["eventTime"] for record in records}


# ---- attacks


def deadline(labelled, when):
    """When an incident has to be open: at the escalation, else at the first harm; of a harvest, at half of its reads."""
    harvest = sorted(when[event] for event, label in labelled.items() if label["step"] == HARVEST_STEP)
    for steps in (("escalate",), LATE_STEPS):
        moments = sorted(when[event] for event, label in labelled.items() if label["step"].startswith(steps))
        if moments:
            return moments[0]
    return harvest[len(harvest) // 2] if harvest else None


def check_attack(name, seed):
    events, labels = simulate(name, "--background", AROUND, "--seed", seed)
    labelled = {event: label for event, label in labels.items() if label["attack"]}
    when = times(events)
    incidents = [incident for incident in detect(events)[0] if labelled.keys() & set(incident["event_ids"])]
    held = {event for incident in incidents for event in incident["event_ids"]}
    inside, others = len(labelled.keys() & held), len(held - labelled.keys())
    opened = min((when.get(incident["opened_by"], "~") for incident in incidents), default="~")
    latest = deadline(labelled, when)
    figures = f"{len(incidents)} incidents, {inside} of {len(labelled)} events, {others} others, open {opened[11:19]}, at the latest {(latest or '-')[11:19]}"
    tap.comment(f"{name} seed {seed}: {figures}")
    whole = inside >= HELD_MIN * len(labelled) and others <= OTHERS_MAX * max(1, len(held))
    good = len(incidents) == 1 and whole and (latest is None or opened <= latest)
    if not good:
        tap.comment(f"{name} seed {seed}: not one whole incident, in time")
    tap.check(f"{name}, seed {seed}: an incident", bool(incidents), figures)
    return good


# ---- what is no attack


def describe(incidents, spoken):
    return [f"{i['level']} {i['score']}: {i['title']}" for i in incidents] + [f"{f['level']} {f['rule']['title']} {f['event']['id']}" for f in spoken]


def check_twins(names, seed):
    events, labels = simulate(*names, "--background", AROUND, "--seed", seed)
    incidents, spoken = detect(events)
    incidents = [incident for incident in incidents if labels.keys() & set(incident["event_ids"])]
    spoken = [finding for finding in spoken if finding["event"]["id"] in labels]
    tap.comment(f"all twins, seed {seed}: {len(incidents)} incidents, {len(spoken)} behaviours")
    tap.check(f"twins, seed {seed}: no incident and no behaviour", not incidents and not spoken, *describe(incidents, spoken))


def check_ordinary_days():
    events, _ = simulate("--background", ORDINARY)
    incidents, spoken = detect(events)
    levels = Counter(incident["level"] for incident in incidents)
    tap.comment(f"{ORDINARY:,} events of ordinary days: {dict(levels)}, {len(spoken)} behaviours")
    quiet = levels["high"] + levels["critical"] == 0 and levels["medium"] <= 2
    tap.check("ordinary days: no incident of high or critical, at most two of medium", quiet, *describe(incidents, spoken))


# ---- a real trail


def records_of(folder):
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        try:
            document = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        except ValueError:
            continue
        yield from document.get("Records", []) if isinstance(document, dict) else []


def check_real_trail():
    folder = tap.data_folder()
    if folder is None:
        tap.skip("a real trail", "NEPHO_TEST_DATA is not set")
        return
    rows = Path(folder, "labels/trail-real.tsv").read_text(encoding="utf-8").splitlines()[1:]
    labels = dict(row.split("\t") for row in rows)
    records = [{**record, "userAgent": ""} for record in records_of(Path(folder, "cloudtrail/trail-real"))]
    incidents, _ = detect("\n".join(json.dumps(record) for record in records).encode())
    held = {event for incident in incidents for event in incident["event_ids"]}
    counts = Counter(labels.get(event) for event in held)
    attack = sum(label == "attack" for label in labels.values())
    figures = f"{len(incidents)} incidents, {counts['attack']} of {attack} records of the attack, {counts['background']} of {len(held)} background"
    tap.comment("trail-real: " + figures)
    good = len(incidents) <= 3 and counts["attack"] >= 0.9 * attack and counts["background"] <= 0.1 * len(held)
    tap.check("a real trail: at most three incidents with the attack and little else", good, figures)


def main():
    attacks = scenarios()
    good = []
    for seed in SEEDS:
        for i, (attack, (_, slow)) in enumerate(attacks.items()):
            forms = (attack, slow) if FULL else ((attack, slow)[i % 2],)
            good += [check_attack(form, seed) for form in forms]
        check_twins([twin for twin, _ in attacks.values()], seed)
    tap.comment(f"{sum(good)} of {len(good)} attacks: one whole incident, in time")
    tap.check("attacks: as many whole and in time as before", sum(good) >= WHOLE_SHARE * len(good), f"{sum(good)} of {len(good)}")
    check_ordinary_days()
    check_real_trail()
    tap.done()


if __name__ == "__main__":
    main()
