#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same events in any order within the lateness, by any number of threads, in one file or many, give the same incidents."""

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402

NEPHO = os.environ["NEPHO"]
LATENESS_S = 900
SCENARIO = "leaked-key-endpoint-cloudformation"


def detect(*args):
    """Incidents as told, the last revision of each, findings, and the summary of a run."""
    run = subprocess.run([NEPHO, "detect", *map(str, args), "-o", "ndjson"], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        tap.comment(f"exit {run.returncode}", run.stderr)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    findings = sorted((f["id"], f["rule"]["id"], f["event"]["id"]) for f in lines if f["kind"] == "finding")
    return [line for line in lines if line["kind"] == "incident"], findings, lines[-1]


def seconds(record):
    return datetime.fromisoformat(record["eventTime"].replace("Z", "+00:00")).timestamp()


def simulate(path, *args):
    with open(path, "wb") as out:
        subprocess.run([NEPHO, "simulate", *args, "--format", "ndjson", "-o", "-"], stdout=out, stderr=subprocess.DEVNULL, check=True)
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def shuffled(records, chance):
    """Each record is late by less than the lateness, so none is older than the newest before it by more."""
    return [r for _, r in sorted(((seconds(r) + chance.random() * (LATENESS_S - 1), r) for r in records), key=lambda pair: pair[0])]


def check_order(folder, records, want):
    for seed in (1, 2, 3):
        chance = random.Random(seed)
        path = write(folder / f"shuffled{seed}.ndjson", shuffled(records, chance))
        incidents, findings, summary = detect(path)
        tap.check(f"any order within the lateness: the same incidents (seed {seed})", incidents == want[0])
        tap.check(f"any order within the lateness: the same findings (seed {seed})", findings == want[1])
        tap.check(f"any order within the lateness: nothing is late (seed {seed})", summary["late"] == 0, summary)


def check_threads(folder, want):
    for threads in (1, 2, 5):
        incidents, findings, _ = detect(folder / "all.ndjson", "--threads", threads)
        tap.check(f"{threads} threads: the same", (incidents, findings) == want[:2])


def check_files(folder, records, want):
    chance = random.Random(9)
    parts = folder / "parts"
    parts.mkdir()
    lists = [[] for _ in range(7)]
    for record in records:
        chance.choice(lists).append(record)
    for i, part in enumerate(lists):
        write(parts / f"{i}.ndjson", part)
    incidents, findings, _ = detect(parts)
    tap.check("many files: the same", (incidents, findings) == want[:2])


def check_late(folder, records, want):
    """A step of the story that comes when all the rest was told long ago."""
    ids = set(want[0][-1]["event_ids"])
    story = [r for r in records if r["eventID"] in ids]
    late = story[len(story) // 2]
    day = simulate(folder / "later.ndjson", "--background", "2000", "--seed", "5", "--start", "2026-03-05T08:00:00Z")
    path = write(folder / "late.ndjson", [r for r in records if r["eventID"] != late["eventID"]] + day + [late])
    incidents, _, summary = detect(path)
    last = {i["id"]: i for i in incidents}
    mine = [i for i in incidents if ids & set(i["event_ids"])]
    tap.check("late data: one incident", len({i["id"] for i in mine}) == 1, [i["id"] for i in mine])
    tap.check("late data is counted", summary["late"] >= 1, summary)
    tap.check("late data updates what was told", any(late["eventID"] in i["event_ids"] for i in last.values()))
    tap.check("revisions rise by one", [i["revision"] for i in mine] == list(range(1, len(mine) + 1)), [i["revision"] for i in mine])


def check_closed(folder, records, want):
    """What comes when the incident was closed for days changes nothing, and is counted."""
    story = [r for r in records if r["eventID"] in want[0][-1]["event_ids"]]
    late = story[len(story) // 2]
    days = [r for day in (5, 6) for r in simulate(folder / "day.ndjson", "--background", "200", "--seed", str(day), "--start", f"2026-03-0{day}T08:00:00Z")]
    path = write(folder / "closed.ndjson", [r for r in records if r["eventID"] != late["eventID"]] + days + [late])
    incidents, _, summary = detect(path)
    tap.check("a closed incident stays closed", [i["state"] for i in incidents].count("closed") == 1 and incidents[-1]["state"] == "closed")
    tap.check("what comes behind it opens no other", len({i["id"] for i in incidents}) == 1)
    tap.check("what comes behind it is counted", summary["late"] == 1, summary)


def check_repeated(folder, records, want):
    """Each record is delivered twice, the copy at another place of the order."""
    path = write(folder / "repeated.ndjson", shuffled(records + records, random.Random(4)))
    incidents, findings, summary = detect(path)
    tap.check("delivered twice: the same incidents", incidents == want[0])
    tap.check("delivered twice: the same findings", findings == want[1])
    tap.check("delivered twice: each is counted", summary["duplicates"] == len(records), summary)


def check_copies(folder, records, want):
    """Calls that two accounts record: both copies are of the story, whichever comes first, and one alone is no other story."""
    ids = set(want[0][-1]["event_ids"])
    shared = {}
    for r in records:
        shared.setdefault(r.get("sharedEventID"), []).append(r)
    shared.pop(None, None)
    pairs = [copies for copies in shared.values() if len(copies) > 1 and any(r["eventID"] in ids for r in copies)]
    tap.check("the attack has calls that two accounts record", pairs)
    tap.check("both copies are in the incident", all(r["eventID"] in ids for copies in pairs for r in copies))
    theirs = {r["eventID"] for copies in pairs for r in copies if r["userIdentity"]["type"] == "AWSAccount"}
    for name, part in (("the other accounts' copies first", sorted(records, key=lambda r: seconds(r) - 600 * (r["eventID"] in theirs))),
                       ("without the other accounts' copies", [r for r in records if r["eventID"] not in theirs])):
        incidents, _, _ = detect(write(folder / "copies.ndjson", part))
        have = ids if len(part) == len(records) else ids - theirs
        tap.check(f"{name}: one incident", len({i["id"] for i in incidents}) == len({i["id"] for i in want[0]}))
        tap.check(f"{name}: the same events", set(incidents[-1]["event_ids"]) == have, sorted(set(incidents[-1]["event_ids"]) ^ have))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = simulate(folder / "all.ndjson", SCENARIO, "--background", "5000", "--seed", "3")
        records = list({(r.get("recipientAccountId"), r["eventID"]): r for r in records}.values())
        write(folder / "all.ndjson", records)
        want = detect(folder / "all.ndjson")
        tap.check("there is an incident", want[2].get("incidents", 0) >= 1, want[2])
        if want[0]:
            check_threads(folder, want)
            check_order(folder, records, want)
            check_files(folder, records, want)
            check_late(folder, records, want)
            check_closed(folder, records, want)
            check_repeated(folder, records, want)
            check_copies(folder, records, want)
    tap.done()


main()
