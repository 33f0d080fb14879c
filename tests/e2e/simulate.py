#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`nepho simulate`: what it writes is a trail that detect reads whole, labelled, and the same for the same seed."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402

NEPHO = os.environ["NEPHO"]
KEYS = """eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage
requestParameters responseElements additionalEventData requestID eventID readOnly resources eventType apiVersion
managementEvent recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId serviceEventDetails eventCategory
tlsDetails sessionCredentialFromConsole""".split()
BACKGROUND = 3000


def simulate(*args, **kwargs):
    return subprocess.run([NEPHO, "simulate", *map(str, args)], capture_output=True, check=False, **kwargs)


def digest(folder):
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return whole.hexdigest()


def records_of(folder):
    return [record for path in sorted(folder.rglob("*.json.gz")) for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]]


def key(record):
    return record["recipientAccountId"], record["eventID"]


def summary_of(path):
    run = subprocess.run([NEPHO, "detect", str(path), "-o", "ndjson"], capture_output=True, text=True, check=False)
    return json.loads(run.stdout.splitlines()[-1])


def names():
    """Scenarios by kind, and their twins, from the table."""
    lines = simulate("list").stdout.decode().splitlines()
    columns = [lines[0].index(title) for title in ("SCENARIO", "KIND", "TITLE", "BENIGN TWIN", "SLOW FORM")]
    cells = [[line[a:b].strip() for a, b in zip(columns, [*columns[1:], None])] for line in lines[1:]]
    return [tuple(row) for row in cells]


def check_list():
    rows = names()
    attacks = [row for row in rows if row[1] == "attack"]
    tap.check("list: there are attacks and twins", len(attacks) > 5 and any(row[1] == "twin" for row in rows), rows)
    tap.check("list: every attack has a twin and a slow form", all(row[3] and row[4] == row[0] + "-slow" for row in attacks), attacks)
    tap.check("list: every twin is there", {row[3] for row in attacks} <= {row[0] for row in rows if row[1] == "twin"}, rows)
    return rows


def check_every_scenario(rows, folder):
    """Each plays alone, and all of its steps are labelled; the figures of those that do not are shown."""
    wrong = []
    for name, kind, _, _, slow in rows:
        for form in filter(None, (name, slow)):
            run = simulate(form, "-o", "-", "--labels", folder / "labels")
            labels = [json.loads(line) for line in (folder / "labels").read_text().splitlines()]
            lines = [json.loads(line) for line in run.stdout.splitlines()]
            is_right = (
                run.returncode == 0
                and {label["event"] for label in labels} == {record["eventID"] for record in lines}
                and {label["scenario"] for label in labels} == {form}
                and any(label["attack"] for label in labels) == (kind == "attack")
            )
            if not is_right:
                wrong.append((form, run.returncode, len(lines), run.stderr.decode()))
    tap.check("every scenario plays, and its records are labelled", not wrong, wrong)


def check_trail(rows, folder):
    name = next(row[0] for row in rows if row[1] == "attack")
    trail = folder / "trail"
    run = simulate(name, "-o", trail, "--background", BACKGROUND, "--labels", folder / "labels")
    records = records_of(trail)
    labels = [json.loads(line) for line in (folder / "labels").read_text().splitlines()]
    unique = {key(record) for record in records}
    summary = summary_of(trail)
    tap.check("trail: says what was written", run.returncode == 0 and f"next: nepho detect {trail}" in run.stderr.decode(), run)
    tap.check("trail: keys stand in CloudTrail's order", all(list(r) == [k for k in KEYS if k in r] for r in records))
    tap.check("trail: background and labelled events are all there are", len(unique) == BACKGROUND + len(labels), (len(unique), len(labels)))
    tap.check("trail: no label twice", len({label["event"] for label in labels}) == len(labels))
    read = {name: summary[name] for name in ("records", "events", "duplicates", "skipped", "complete")}
    expected = {"records": len(records), "events": len(unique), "duplicates": len(records) - len(unique), "skipped": [], "complete": True}
    tap.check("trail: detect reads all of it", read == expected, (read, expected))
    tap.check("trail: is laid out as S3 does", all(places_agree(path) for path in trail.rglob("*.json.gz")))
    return name, digest(trail)


def places_agree(path):
    account, region = path.parts[-7], path.parts[-5]
    named = path.name.startswith(f"{account}_CloudTrail_{region}_{''.join(path.parts[-4:-1])}T")
    records = json.loads(gzip.decompress(path.read_bytes()))["Records"]
    return named and len(records) <= 400 and {(r["recipientAccountId"], r["awsRegion"]) for r in records} == {(account, region)}


def check_same_bytes(name, first, folder):
    simulate(name, "-o", folder / "again", "--background", BACKGROUND)
    simulate(name, "-o", folder / "other", "--background", BACKGROUND, "--seed", 2)
    tap.check("same seed, same bytes", digest(folder / "again") == first)
    tap.check("another seed, other bytes", digest(folder / "other") != first)


def check_lines(name, folder):
    run = simulate(name, "-o", folder / "lines", "--format", "ndjson")
    piped = simulate(name, "-o", "-")
    written = (folder / "lines/events.ndjson").read_bytes()
    tap.check("ndjson: a folder and stdout hold the same", run.returncode == 0 and written == piped.stdout and written, run.stderr)
    start = simulate(name, "-o", "-", "--start", "2025-01-05T00:00:00Z").stdout.splitlines()
    tap.check("ndjson: it begins when it is told to", all(json.loads(line)["eventTime"].startswith("2025-01-05") for line in start))


def check_closed_pipe():
    run = subprocess.run(["sh", "-c", f"{NEPHO} simulate --background 20000 -o - | head -1 >/dev/null; echo $?"],
                         capture_output=True, text=True, check=False)
    tap.check("a closed pipe ends quietly", (run.stdout, run.stderr) == ("0\n", ""), run)


def check_mistakes(name, folder):
    (folder / "full").mkdir()
    (folder / "full/file").write_text("x")
    cases = [
        ([], 2, "--background"),
        ([name], 2, "-o DIR"),
        ([name[:-1], "-o", "-"], 2, f"'{name}'"),
        ([name, "-o", folder / "full"], 2, "not empty"),
        ([name, "-o", "-", "--format", "trail"], 2, "--format ndjson"),
        ([name, "-o", "-", "--format", "ndjso"], 2, "ndjson"),
        ([name, "-o", "-", "--accounts", "0"], 2, "accounts"),
        ([name, "-o", "-", "--seed", "-1"], 2, "--seed"),
        ([name, "-o", "-", "--background", "many"], 2, "--background"),
        ([name, "-o", "-", "--start", "soon"], 2, "--start"),
        ([name, "-o", folder / "full/file/below"], 4, "full/file"),
        ([name, "-o", "-", "--labels", folder / "none/labels"], 2, "none/labels"),
    ]
    for args, status, text in cases:
        run = simulate(*args)
        shown = " ".join(str(arg).replace(str(folder), "TMP") for arg in args)
        tap.check(f"mistake: '{shown}' is told", run.returncode == status and text in run.stderr.decode() and not run.stdout, run)


def check_full_disk(name):
    run = simulate(name, "-o", "-", "--labels", "/dev/full")
    tap.check("a full disk is a failure that names the file", run.returncode == 4 and b"/dev/full" in run.stderr, run)


def main():
    with tempfile.TemporaryDirectory(prefix="nepho-simulate-") as name:
        folder = Path(name)
        rows = check_list()
        check_every_scenario(rows, folder)
        attack, first = check_trail(rows, folder)
        check_same_bytes(attack, first, folder)
        check_lines(attack, folder)
        check_closed_pipe()
        check_mistakes(attack, folder)
        check_full_disk(attack)
    tap.done()


if __name__ == "__main__":
    main()
