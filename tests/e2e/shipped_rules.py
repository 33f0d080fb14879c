# SPDX-License-Identifier: Apache-2.0
"""The shipped rules: each says what it must, is true of each of its hits and of none of its near misses, and does not
need the user agent for that. On real logs they find nearly all techniques and are quiet over ordinary work.
"""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import tap

RULES = Path(os.environ["NP_SOURCE_ROOT"], "rules")
LEVELS = ("informational", "low", "medium", "high", "critical")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
USER_AGENT = re.compile(r'("userAgent"\s*:\s*)"(?:[^"\\]|\\.)*"')

BACKGROUND_FINDINGS_MAX = 2
TECHNIQUES_FOUND_MIN = 9


def detect(*arguments):
    """The findings and the summary of a run."""
    run = subprocess.run(
        [os.environ["NEPHO"], "detect", "--findings-only", "-o", "ndjson", *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", check=True,
    )
    *findings, summary = map(json.loads, run.stdout.splitlines())
    return findings, summary


def blanked(files):
    """Copies of files, in folders of the same names, without any user agent."""
    copies = []
    for file in files:
        copy = Path("blanked", file.parent.name, file.name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(USER_AGENT.sub(r'\1""', file.read_text(encoding="utf-8")), encoding="utf-8")
        copies.append(copy)
    return copies


# ---- what a rule says of itself


def sections(rule):
    """The top-level keys of a rule, each with the text behind it."""
    parts = re.split(r"^(\w+):", rule.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {key: text.strip() for key, text in zip(parts[1::2], parts[2::2])}


def items(text):
    """The items of a YAML list, one a line."""
    return re.findall(r"^\s*-\s+(\S.*)$", text, re.MULTILINE)


def check_texts(rules):
    ids = Counter(sections(rule).get("id") for rule in rules)
    for rule in rules:
        has = sections(rule)
        wanted = {
            "title": has.get("title"),
            "id: a random UUID, in no other rule": UUID.fullmatch(has.get("id", "")) and ids[has["id"]] == 1,
            "description": has.get("description", "").lstrip(">|-"),
            "level": has.get("level") in LEVELS,
            "tags: an attack.*": any(tag.startswith("attack.") for tag in items(has.get("tags", ""))),
            "falsepositives: a list": items(has.get("falsepositives", "")),
        }
        tap.check(f"{rule_of(rule)}: says what it must", all(wanted.values()), *(w for w in wanted if not wanted[w]))


# ---- hits and near misses


def rule_of(file):
    """aws/NAME, of a rule and of its samples."""
    return f"{Path(file).parent.name}/{Path(file).name.split('.')[0]}"


def record_count(file):
    told = json.loads(file.read_text(encoding="utf-8"))
    return len(told) if isinstance(told, list) else 1


def own_findings(name, files):
    """How often each rule spoke of a record of its own file of samples, in one run over all."""
    findings, summary = detect("--no-default-rules", "-r", RULES, *files)
    records = sum(map(record_count, files))
    whole = summary["complete"] and summary["events"] == summary["records"] == records
    tap.check(f"{name}: every sample is read, none is there twice", whole, f"{records} records", summary)
    pairs = ((rule_of(f["origin"]["object"]), rule_of(f["rule"]["file"])) for f in findings)
    return Counter(sample for sample, rule in pairs if sample == rule)


def check_samples(rules):
    stray = {f for f in RULES.rglob("*") if f.is_file()} - set(rules) - {RULES / "aws/tactics.tsv"}
    samples = {kind: [rule.with_suffix(f".{kind}.json") for rule in rules] for kind in ("hit", "miss")}
    missing = [file for files in samples.values() for file in files if file not in stray]
    stray.difference_update(*samples.values())
    tap.check("every rule has a file of hits and one of near misses", not missing, *missing)
    tap.check("there is nothing else beside the rules", not stray, *stray)
    if missing:
        return
    for name, prepare in (("as it is", list), ("without user agent", blanked)):
        hits = own_findings(f"hits, {name}", prepare(samples["hit"]))
        misses = own_findings(f"near misses, {name}", prepare(samples["miss"]))
        for hit, miss in zip(samples["hit"], samples["miss"]):
            rule, want = rule_of(hit), record_count(hit)
            tap.check(f"{rule}: every hit, {name}", hits[rule] == want > 0, f"{hits[rule]} of {want} hits match")
            tap.check(
                f"{rule}: no near miss, {name}", misses[rule] == 0 < record_count(miss),
                f"{misses[rule]} of {record_count(miss)} near misses match",
            )


# ---- real logs, without user agents: a rule that keys on a tool's name would find itself


def check_background(data):
    labels = dict(line.split("\t") for line in (data / "labels/trail-real.tsv").read_text().splitlines()[1:])
    findings, _ = detect("--min-level", "medium", *blanked(sorted((data / "cloudtrail/trail-real").glob("*.json"))))
    loud = [f for f in findings if labels.get(f["event"]["id"]) == "background"]
    total = sum(label == "background" for label in labels.values())
    tap.comment(f"trail-real: {len(loud)} findings of medium or higher on {total} background records")
    tap.check(
        f"ordinary work raises at most {BACKGROUND_FINDINGS_MAX} findings", len(loud) <= BACKGROUND_FINDINGS_MAX,
        *(f"{f['rule']['title']}: {f['event']['id']}" for f in loud),
    )


def check_techniques(data):
    logs = blanked(sorted((data / "cloudtrail/technique-logs").glob("*.json")))
    findings, _ = detect("--min-level", "medium", *logs)
    tags = {log.name: set() for log in logs}
    for finding in findings:
        tags[Path(finding["origin"]["object"]).name].update(finding["rule"]["tags"])
    # aws.TACTIC.TECHNIQUE.json
    missed = [name for name in tags if f"attack.{name.split('.')[1]}" not in tags[name]]
    tap.comment(f"technique-logs: {len(logs) - len(missed)} of {len(logs)} found under their tactic", *missed)
    tap.check(
        f"{TECHNIQUES_FOUND_MIN} of 10 techniques are found", len(logs) - len(missed) >= TECHNIQUES_FOUND_MIN, *missed
    )


def main():
    rules = sorted(RULES.rglob("*.yml"))
    check_texts(rules)
    check_samples(rules)
    for check in (check_background, check_techniques):
        if tap.data_folder():
            check(Path(tap.data_folder()))
        else:
            tap.skip(check.__name__, "NEPHO_TEST_DATA is not set")
    tap.done()


if __name__ == "__main__":
    main()
