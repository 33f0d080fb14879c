# SPDX-License-Identifier: Apache-2.0
"""csv and navigator as a user gets them: read back with other people's readers, and equal to what ndjson says. Lists of
values for `expand` from a file, and what is said of a file that is none.
"""

import csv
import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import tap

COLUMNS = (
    "time,level,rule_id,rule_title,account,region,event_id,event_name,source,principal,address,outcome,targets,"
    "object,offset,message,tags"
).split(",")

RULE = """title: {title}
id: {id}
level: high
description: d
tags: [{tags}]
logsource: {{product: aws, service: cloudtrail}}
detection:
  s: {{{items}}}
  condition: s
---
"""

HOSTILE = ['=cmd|"/c calc"!A1', "+1,2", "-1\n=2", "@x;y", "\t=1", "\r=1", "\u001b[2J\u202e", '"', "\uff1d1", "ok"]


def nepho(*arguments):
    return subprocess.run(
        [os.environ["NEPHO"], *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
    )


def record(number, user):
    return {
        "eventVersion": "1.08", "eventTime": f"2024-05-01T10:00:{number:02}Z", "eventID": f"id-{number}",
        "eventName": "DeleteTrail", "eventSource": "cloudtrail.amazonaws.com", "awsRegion": user,
        "recipientAccountId": "111122223333", "sourceIPAddress": user, "errorCode": user, "userAgent": user,
        "userIdentity": {"type": "IAMUser", "arn": user, "userName": user},
        "requestParameters": {"name": user},
    }


def write_input():
    Path("rules.yml").write_text(
        RULE.format(title='"=1+1, a \\"title\\""', id="00000000-0000-4000-8000-000000000001",
                    tags="attack.t1562.008, attack.stealth, attack.t1485", items="eventName: DeleteTrail")
        + RULE.format(title="Two", id="00000000-0000-4000-8000-000000000002", tags="attack.t1485",
                      items="userIdentity.userName: ok"),
        encoding="utf-8",
    )
    records = [record(number, user) for number, user in enumerate(HOSTILE)]
    Path("log.json").write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")


def check_csv(findings):
    rows = list(csv.reader(open("out.csv", encoding="utf-8", newline=""), strict=True))
    tap.check("csv: the header", rows[:1] == [COLUMNS], rows[:1])
    tap.check("csv: as many columns in each row", all(len(row) == len(COLUMNS) for row in rows))
    cells = [cell for row in rows for cell in row]
    tap.check("csv: no cell is a formula", not any(re.match(r"[=+\-@\t\r\uff1d]", cell) for cell in cells), cells)
    text = Path("out.csv").read_bytes().decode()
    tap.check("csv: no control characters", not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text))
    told = [(f["time"], f["level"], f["rule"]["id"], f["event"]["id"], str(f["origin"]["offset"])) for f in findings]
    names = [COLUMNS.index(name) for name in ("time", "level", "rule_id", "event_id", "offset")]
    tap.check("csv: the findings of ndjson", [tuple(row[n] for n in names) for row in rows[1:]] == told)


def check_navigator(findings):
    layer = json.loads(Path("layer.json").read_text(encoding="utf-8"))
    tap.check("navigator: version and domain",
              (layer["versions"]["layer"], layer["domain"]) == ("4.5", "enterprise-attack"), layer)
    want = Counter()
    for finding in findings:
        for tag in finding["rule"]["tags"]:
            if re.fullmatch(r"attack\.t\d{4}(\.\d{3})?", tag):
                want[tag.removeprefix("attack.").upper()] += 1
    got = {technique["techniqueID"]: technique["score"] for technique in layer["techniques"]}
    tap.check("navigator: techniques and scores", got == want, got, dict(want))
    comments = {technique["techniqueID"]: technique["comment"] for technique in layer["techniques"]}
    tap.check("navigator: titles as comments", comments.get("T1485") == '=1+1, a "title"\nTwo', comments)
    tap.check("navigator: the gradient ends at the highest score",
              layer["gradient"]["maxValue"] == max(want.values()) and len(layer["gradient"]["colors"]) > 1)


def check_outputs():
    write_input()
    run = nepho("detect", "--no-default-rules", "-r", "rules.yml", "-o", "ndjson", "-o", "csv:out.csv",
                "-o", "navigator:layer.json", "log.json")
    findings = [told for told in map(json.loads, run.stdout.splitlines()) if told["kind"] == "finding"]
    tap.check("three outputs of one run", run.returncode == 0 and len(findings) == len(HOSTILE) + 1, run.stderr)
    check_csv(findings)
    check_navigator(findings)
    run = nepho("detect", "--no-default-rules", "-r", "rules.yml", "-o", "csv", "log.json")
    tap.check("csv on stdout, without a summary", run.stdout == Path("out.csv").read_text(encoding="utf-8"))


def check_values():
    Path("expand.yml").write_text(
        RULE.format(title="E", id="00000000-0000-4000-8000-000000000003", tags="attack.t1485",
                    items="userIdentity.userName|expand: '%admins%'"), encoding="utf-8")
    Path("values.yml").write_text("admins: [OK, 'n*body']\n", encoding="utf-8")
    detect = ("detect", "--no-default-rules", "-r", "expand.yml", "-o", "csv")
    run = nepho(*detect, "--values", "values.yml", "log.json")
    tap.check("values are filled in", run.returncode == 0 and len(run.stdout.splitlines()) == 2, run.stdout, run.stderr)
    run = nepho(*detect, "log.json")
    tap.check("without them the rule is refused", run.returncode == 2 and "expand.yml:8:" in run.stderr
              and "--values FILE" in run.stderr, run.stderr)
    run = nepho("rules", "lint", "-r", "expand.yml", "-o", "ndjson")
    codes = [told["code"] for told in json.loads(run.stdout.splitlines()[0])["diagnostics"]]
    tap.check("lint has a code for it", run.returncode == 1 and codes == ["expand-without-values"], run.stdout)
    for text, place in (("a: [b\n", "bad.yml:2:1:"), ("a: [b, null]\n", "bad.yml:1:8:"), ("- a\n", "bad.yml:1:1:")):
        Path("bad.yml").write_text(text, encoding="utf-8")
        for command in (("detect", "log.json"), ("rules", "lint"), ("rules", "list")):
            words = [word for word in command if word != "log.json"]
            run = nepho(*words, "-r", "expand.yml", "--values", "bad.yml", *command[len(words):])
            tap.check(f"{' '.join(words)}: {place} is told", run.returncode == 2 and place in run.stderr, run.stderr)
    run = nepho("rules", "lint", "-r", "expand.yml", "--values", "missing.yml")
    tap.check("a missing file is named", run.returncode == 2 and "missing.yml" in run.stderr, run.stderr)


def main():
    check_outputs()
    check_values()
    tap.done()


if __name__ == "__main__":
    main()
