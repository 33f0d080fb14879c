# SPDX-License-Identifier: Apache-2.0
"""What Falco rules say on logs: one of those that match or all, fields as they are, appended ones, and Sigma rules beside them."""

import json
import os
import subprocess

import tap

RULES = """
- rule: First
  desc: d
  condition: ct.name startswith "Create"
  output: "first %ct.name by %ct.user of %json.value[/responseElements/no]"
  priority: NOTICE
  source: aws_cloudtrail
- rule: Second
  desc: d
  condition: ct.name = "CreateAccessKey"
  output: second %tolower(ct.name)
  priority: critical
  source: aws_cloudtrail
  tags: [T1098]
- rule: Exec
  desc: d
  condition: ka.verb = "create"
  output: "%ka.response.code"
  priority: INFO
  source: k8s_audit
---
title: By Sigma
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: CreateAccessKey}, condition: selection}
level: low
"""

RECORDS = [
    {"eventVersion": "1.08", "eventTime": f"2023-07-10T11:45:0{i}Z", "eventName": name, "eventSource": "iam.amazonaws.com",
     "awsRegion": "us-east-1", "userIdentity": {"type": "IAMUser", "userName": "ann"}, "eventID": f"e-{i}",
     "recipientAccountId": "111122223333"}
    for i, name in enumerate(["CreateAccessKey", "CreateUser", "DeleteUser"])
]
AUDIT = {
    "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse", "auditID": "a-1", "stage": "ResponseComplete",
    "verb": "create", "requestURI": "/api/v1/pods", "responseStatus": {"code": 201}, "stageTimestamp": "2023-07-10T11:45:09.000001Z",
    "requestReceivedTimestamp": "2023-07-10T11:45:09Z", "user": {"username": "ann"},
}


def detect(*options, host=None):
    env = dict(os.environ, FALCO_HOSTNAME=host) if host is not None else dict(os.environ)
    command = [os.environ["NEPHO"], "detect", "logs.json", "--no-default-rules", "--findings-only", "-r", "rules.yaml", *options]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=env, check=False)


def alerts(*options, host=None):
    return [json.loads(line) for line in detect(*options, "-o", "falco", host=host).stdout.splitlines()]


def names(found):
    return [alert["rule"] for alert in found]


def check_matching():
    tap.check("of several rules the first speaks", names(alerts()) == ["First", "First", "Exec"], names(alerts()))
    tap.check("first is what is said, too", names(alerts("--rule-matching", "first")) == names(alerts()))
    every = alerts("--rule-matching", "all")
    tap.check("or all do, in the order of rules", names(every) == ["First", "Second", "First", "Exec"], names(every))
    grave = alerts("--min-level", "high")
    tap.check("one below the wanted level takes nobody's place", names(grave) == ["Second"], names(grave))
    told = detect("-o", "ndjson").stdout.splitlines()
    sigma = [line for line in told if '"title":"By Sigma"' in line]
    tap.check("a rule of Sigma speaks besides", len(sigma) == 1, *told)
    for options, message in ((["--rule-matching", "some"], "not first or all"), (["--append-fields", "no.field"], "no.field")):
        run = detect(*options)
        tap.check(f"{options} is a mistake", run.returncode == 2 and message in run.stderr, run.returncode, run.stderr)


def check_alert():
    alert = alerts(host="lab")[0]
    tap.check("output", alert["output"] == "2023-07-10T11:45:00.000000000+0000: Notice first CreateAccessKey by ann of <NA>", alert["output"])
    tap.check("a missing field is null", alert["output_fields"] == {
        "evt.time.iso8601": 1688989500000000000, "ct.name": "CreateAccessKey", "ct.user": "ann", "json.value[/responseElements/no]": None},
        alert["output_fields"])
    rest = [alert[key] for key in ("time", "priority", "source", "hostname", "tags")]
    tap.check("the other keys", rest == ["2023-07-10T11:45:00.000000000Z", "Notice", "aws_cloudtrail", "lab", []], rest)
    tap.check("each alert has an id of its own", len({alert["uuid"] for alert in alerts()}) == 3)
    code = alerts()[2]
    tap.check("a field that Falco has as text is text", code["output_fields"]["ka.response.code"] == "201", code)
    second = alerts("--rule-matching", "all")[1]
    tap.check("a transformed value is in the text, the field itself among the fields",
              second["output"].endswith("second createaccesskey") and second["output_fields"]["ct.name"] == "CreateAccessKey", second)


def check_appended():
    found = alerts("--append-fields", "evt.num,ct.region", "--append-fields", "ka.verb,ct.name")
    fields = [list(alert["output_fields"]) for alert in found]
    tap.check("appended fields stand behind the output's, each once, where the source has them", fields == [
        ["evt.time.iso8601", "ct.name", "ct.user", "json.value[/responseElements/no]", "evt.num", "ct.region"],
        ["evt.time.iso8601", "ct.name", "ct.user", "json.value[/responseElements/no]", "evt.num", "ct.region"],
        ["evt.time.iso8601", "ka.response.code", "evt.num", "ka.verb"],
    ], *fields)


def check_ndjson():
    run = detect("-o", "ndjson", "--append-fields", "evt.num")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    finding = next(line for line in found if line["kind"] == "finding" and line["rule"]["language"] == "falco")
    tap.check("a finding's message and fields are the output's", finding["message"] == "first CreateAccessKey by ann of <NA>"
              and isinstance(finding["fields"]["evt.num"], int) and finding["fields"]["json.value[/responseElements/no]"] is None, finding)
    rule = finding["rule"]
    tap.check("and its rule is Falco's", (rule["id"], rule["title"], rule["language"], rule["priority"], rule["level"]) ==
              ("First", "First", "falco", "Notice", "low"), rule)


def main():
    with open("rules.yaml", "w", encoding="utf-8") as out:
        out.write(RULES)
    with open("logs.json", "w", encoding="utf-8") as out:
        for record in [*RECORDS, AUDIT]:
            out.write(json.dumps(record) + "\n")
    check_matching()
    check_alert()
    check_appended()
    check_ndjson()
    tap.done()


if __name__ == "__main__":
    main()
