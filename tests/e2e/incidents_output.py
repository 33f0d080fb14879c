# SPDX-License-Identifier: Apache-2.0
"""How incidents look: the ndjson of the contract, the table in three widths of a terminal, `incidents list` and `show` with events
and explanations, and `summarize`, all on a simulated attack among ordinary work.
"""

import gzip
import json
import os
import pty
import re
import struct
import subprocess
import termios
import fcntl
import unicodedata
from pathlib import Path

import tap
from records import call, made_key, ndjson, through, user

SCENARIO = "leaked-key-endpoint-cloudformation"
INCIDENT_KEYS = (
    "schema_version kind id revision state level score confidence title actor first last opened_by clock tactics steps "
    "event_ids blast joins blind next"
).split()
CLOCK_KEYS = "first_use recon_s escalation_s impact_s dwell_s lag_median_s".split()
STEP_KEYS = "time tactic action outcome count resource event_ids finding_ids".split()
LINK_KEYS = "kind value reason event_id".split()


def nepho(*arguments, **more):
    return subprocess.run(
        [os.environ["NEPHO"], *map(str, arguments)],
        stdin=more.get("stdin", subprocess.DEVNULL), capture_output=True, encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


def lines_of(run):
    return [json.loads(line) for line in run.stdout.splitlines()]


def on_terminal(columns, *arguments):
    """What the command writes to a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [os.environ["NEPHO"], *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        parts.append(part)
    process.wait()
    process.stderr.close()
    os.close(master)
    return b"".join(parts).decode().replace("\r\n", "\n")


def columns_of(line):
    text = re.sub("\033\\[[0-9;]*m", "", line)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def check_contract(told):
    incidents = [line for line in told if line["kind"] == "incident"]
    summary = told[-1]
    last = {line["id"]: line for line in incidents}
    tap.check("there are incidents", len(last) > 0)
    tap.check("the summary counts them", summary["incidents"] == len(last), summary["incidents"], len(last))
    for name, keys, values in (
        ("incident", INCIDENT_KEYS, incidents),
        ("clock", CLOCK_KEYS, [line["clock"] for line in incidents]),
        ("step", STEP_KEYS, [step for line in incidents for step in line["steps"]]),
        ("link", LINK_KEYS, [link for line in incidents for link in line["actor"]["chain"]]),
    ):
        wrong = [value for value in values if list(value)[:len(keys)] != keys]
        tap.check(f"ndjson: keys of {name}, in order", values and not wrong, wrong[:1])
    findings = {line["id"] for line in told if line["kind"] == "finding"}
    for incident in last.values():
        revisions = [line["revision"] for line in incidents if line["id"] == incident["id"]]
        tap.check("revisions begin at 1 and rise by one", revisions == list(range(1, len(revisions) + 1)), revisions)
        in_steps = [event for step in incident["steps"] for event in step["event_ids"]]
        tap.check("every event is of a step", set(in_steps) <= set(incident["event_ids"]))
        told_ids = {finding for step in incident["steps"] for finding in step["finding_ids"]}
        tap.check("findings of steps are told", told_ids <= findings, len(told_ids - findings))
        tap.check("it is opened by an event of it", incident["opened_by"] in incident["event_ids"])
        tap.check("it ends closed", incident["state"] == "closed", incident["state"])
    return max(last.values(), key=lambda line: line["score"])


def check_terminal(incident):
    for columns in (80, 120, 160):
        shown = on_terminal(columns, "detect", "--progress", "never", "logs")
        lines = shown.splitlines()
        tap.check(f"{columns} columns: the incident comes first", incident["id"][:8] in lines[0], lines[:1])
        begin = next((i for i, line in enumerate(lines) if "next" in line[:12]), len(lines))
        wide = [line for line in lines[:begin] if columns_of(line) > columns]
        tap.check(f"{columns} columns: no line of facts is wider", not wide, wide[:2])
        tap.check(f"{columns} columns: how to see more", f"nepho incidents show {incident['id'][:8]}" in shown)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        order = [plain.find(word) for word in ("\nactor ", "AFTER ", "\nincidents ", "\nfindings ")]
        tap.check(f"{columns} columns: incident, then the summary", -1 not in order and order == sorted(order), order)
    plain = nepho("detect", "logs").stdout
    tap.check("no colour where there is no terminal", "\033" not in plain)


def record_at(origin):
    data = Path(origin["object"]).read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return json.loads(data[origin["offset"]:origin["offset"] + origin["length"]])


def check_show(incident):
    short = incident["id"][:8]
    listed = lines_of(nepho("incidents", "list", "logs", "-o", "ndjson"))
    tap.check("list: the same incident", incident["id"] in [line["id"] for line in listed])
    tap.check("list: as a table", short in nepho("incidents", "list", "logs").stdout)
    run = nepho("incidents", "show", short, "--events", "logs", "-o", "ndjson")
    lines = lines_of(run)
    events = [line for line in lines if line["kind"] == "incident_event"]
    tap.check("show: the incident itself", lines[0]["id"] == incident["id"], run.stderr)
    tap.check("show --events: every event", [line["id"] for line in events] == incident["event_ids"])
    wrong = [line["id"] for line in events if record_at(line["origin"])["eventID"] != line["id"]]
    tap.check("show --events: where its record stands", not wrong, wrong)
    table = nepho("incidents", "show", short, "--events", "logs").stdout
    tap.check("show --events: as a table", all(event in table for event in incident["event_ids"]))
    steps = table[table.index("AFTER"):table.index("\nwhy ")]
    tap.check("show: no step is left out", "left out" not in steps)
    for arguments in (["incidents", "show", "ffffffffffff", "logs"], ["incidents", "show", short, "--events", "-"],
                      ["incidents", "show", short], ["incidents", "show", short, "logs", "--explain=nothing"]):
        run = nepho(*arguments)
        tap.check(f"'{' '.join(arguments[2:])}' is a mistake", run.returncode == 2 and run.stderr, run.returncode)


def check_explain(incident, told):
    short = incident["id"][:8]
    joins = nepho("incidents", "show", short, "--explain", "logs").stdout
    for join in incident["joins"]:
        tap.check("explain: a join, its reason and its event",
                  join["reason"] in joins and (join["event_id"] or "") in joins, join)
    inside = incident["event_ids"][1]
    run = nepho("incidents", "show", short, "--explain", inside, "logs")
    tap.check("explain: an event of it", run.returncode == 0 and f"{inside} is in incident {short}" in run.stdout,
              run.stdout, run.stderr)
    outside = next(line["event"]["id"] for line in told
                   if line["kind"] == "finding" and line["event"]["id"] not in incident["event_ids"])
    run = nepho("incidents", "show", short, "logs", f"--explain={outside}")
    tap.check("explain: an event that was left out", run.returncode == 0 and " is not in incident " in run.stdout
              and len(run.stdout.splitlines()) > 1, run.stdout, run.stderr)


def check_summarize(summary):
    told = lines_of(nepho("summarize", "logs", "-o", "ndjson"))
    tap.check("summarize: every event is some principal's",
              sum(line["events"] for line in told) == summary["events"])
    tap.check("summarize: outcomes add up",
              all(line["ok"] + line["refused"] + line["failed"] == line["events"] for line in told))
    tap.check("summarize: APIs add up", all(
        sum(api["ok"] + api["refused"] + api["failed"] for api in line["apis"]) == line["events"] for line in told))
    tap.check("summarize: the most active first",
              [line["events"] for line in told] == sorted((line["events"] for line in told), reverse=True))
    for columns in (80, 160):
        wide = [line for line in on_terminal(columns, "summarize", "logs").splitlines() if columns_of(line) > columns]
        tap.check(f"summarize: {columns} columns", not wide, wide[:1])
    run = nepho("summarize", "logs", "--account", "000000000000", "-o", "ndjson")
    tap.check("summarize: of an account alone", run.returncode == 0 and not run.stdout, run.stdout[:100])


def check_fail_on():
    tap.check("--fail-on counts incidents", nepho("detect", "--fail-on", "critical", "logs").returncode == 1)
    only = nepho("detect", "--findings-only", "logs", "-o", "ndjson")
    tap.check("--findings-only tells none", '"kind":"incident"' not in only.stdout)
    table = nepho("detect", "--findings-only", "logs").stdout
    tap.check("--findings-only says nothing of incidents", "incidents " not in table)


def check_merged():
    """The record of the making of a key comes behind its first use, of the same second, by which it had an incident of its own."""
    far = call("sts:GetCallerIdentity", user("helper", "AKIAHELPER"), at="10:00:06", **through("vpce-0fedcba9876543210", "999988887777"))
    calls = [*map(call, ("sts:GetCallerIdentity", "iam:ListUsers", "iam:ListRoles", "iam:AttachUserPolicy", "cloudtrail:StopLogging")),
             far, made_key("helper", "AKIAHELPER", at="10:00:06"), {**far, "at": "10:00:07"}]
    Path("merged.ndjson").write_text(ndjson(calls), encoding="utf-8")
    told = [line for line in lines_of(nepho("detect", "merged.ndjson", "-o", "ndjson")) if line["kind"] == "incident"]
    last = {line["id"]: line for line in told}
    part = next((line for line in last.values() if line["merged_into"]), None)
    whole = last[part["merged_into"]] if part else None
    tap.check("of two incidents that are one, the later says so", whole is not None and part["opened_by"] == "event-5", sorted(last))
    if whole is None:
        return
    tap.check("it is closed", part["state"] == "closed")
    tap.check("the other has all events of both", sorted(whole["event_ids"]) == sorted(f"event-{i}" for i in range(len(calls))), whole["event_ids"])
    said = f"became part of incident {whole['id'][:8]}"
    shown = nepho("incidents", "show", part["id"], "merged.ndjson").stdout
    tap.check("show says so", said in shown, shown)
    table = nepho("detect", "merged.ndjson").stdout
    tap.check("the table says so, behind the whole", 0 < table.find(whole["title"][:20]) < table.find(said), table)
    listed = nepho("incidents", "list", "merged.ndjson").stdout
    tap.check("list says so", f"became part of {whole['id'][:8]}" in listed, listed)


def main():
    nepho("simulate", SCENARIO, "--background", "2000", "-o", "logs")
    told = lines_of(nepho("detect", "logs", "-o", "ndjson"))
    incident = check_contract(told)
    check_terminal(incident)
    check_show(incident)
    check_explain(incident, told)
    check_summarize(told[-1])
    check_fail_on()
    check_merged()
    tap.done()


if __name__ == "__main__":
    main()
