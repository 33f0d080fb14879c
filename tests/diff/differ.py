#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Published and shipped Sigma rules: the program against the oracle, on events made from each rule and on real ones.

The log source of every rule is replaced, so that all of them see every event; the program runs once over all of that.
The oracle, which is slow, judges each rule on its own events, on some made from other rules and on real ones.
"""

import json
import os
import re
from pathlib import Path

import jsonvalue
import make_events
import oracle
import program
import tap

OF_OTHERS = 100  # events of other rules
REAL = 250  # real events; the same for all rules
SHOWN = 5  # differences told of a rule

SOURCE = Path(os.environ["NP_SOURCE_ROOT"])


def rerouted(text):
    """A rule's text with the log source that the program is told of."""
    return re.sub(r"^logsource:.*\n(?:[ \t].*\n|\n)*", "logsource:\n    product: diff\n", text, flags=re.MULTILINE)


def real_events(folder):
    """A sample of all real records, as JSON on one line each, evenly spread over the files."""
    events = []
    for path in sorted([*folder.glob("cloudtrail/**/*"), *folder.glob("audit-samples/*.ndjson")]):
        if not path.is_file() or path.suffix in (".html", ".js") or path.name.startswith("LICENSE"):
            continue
        text = path.read_text(encoding="utf-8")
        at = jsonvalue.skip_blanks(text, 0)
        while at < len(text):
            value, at = json.JSONDecoder().raw_decode(text, at)
            at = jsonvalue.skip_blanks(text, at)
            records = value if isinstance(value, list) else value.get("Records", [value])
            events += [json.dumps(record, ensure_ascii=False) for record in records]
    return events[:: max(1, len(events) // REAL)][:REAL]


def compare(name, rule, texts, events, judged, matched):
    """Judges one rule on the events of these numbers; a case of the test."""
    wrong, true = [], 0
    for number in judged:
        want = rule.matches(events[number])
        true += want
        if want != (number in matched):
            wrong.append([f"event:   {texts[number]}", f"oracle:  {want}", f"program: {not want}"])
    why = [line for lines in wrong[:SHOWN] for line in lines]
    if not 0 < true < len(judged):
        why.append("of a test that means something, some events have to match and some not")
    tap.check(f"{name}: true {true}, false {len(judged) - true}", not why, f"{len(wrong)} differences", *why)
    return true


def main():
    shipped = sorted((SOURCE / "rules").rglob("*.yml"))
    data = tap.data_folder()
    shared = sorted(Path(data, "rules/sigma").rglob("*.yml")) if data else []
    if not data:
        tap.skip("published rules and real events", "NEPHO_TEST_DATA is not set")
    texts = [rerouted(path.read_text(encoding="utf-8")) for path in [*shipped, *shared]]
    rules = [oracle.load_rule(text) for text in texts]

    events, own = [], []  # own: the numbers of each rule's events
    for rule in rules:
        made = make_events.make_events(rule)
        own.append(range(len(events), len(events) + len(made)))
        events += made
    made = len(events)
    events += real_events(Path(data)) if data else []
    read = [jsonvalue.read_event(event) for event in events]
    found = program.verdicts(texts, events)

    pairs = true = 0
    step = max(1, made // OF_OTHERS)
    for number, (path, rule) in enumerate(zip([*shipped, *shared], rules)):
        judged = sorted({*own[number], *range(number % step, made, step), *range(made, len(events))})
        matched = {event for event in judged if (number, event) in found}
        pairs += len(judged)
        true += compare(path.stem, rule, events, read, judged, matched)
    tap.comment(f"{len(rules)} rules, {made} events made from them, {len(events) - made} real events")
    tap.comment(f"{pairs} verdicts compared: {true} true, {pairs - true} false")
    tap.done()


if __name__ == "__main__":
    main()
