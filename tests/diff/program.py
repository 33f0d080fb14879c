# SPDX-License-Identifier: Apache-2.0
"""Runs the program once over many rules and events, and tells which rule was true of which event."""

import json
import os
import subprocess
import tempfile
from pathlib import Path


def verdicts(rules, events):
    """{(index of a rule, index of an event)} that match; `rules` and `events` are texts, an event on one line each.

    Every rule has to load with `product: diff`, and every event has to be read: else this raises.
    """
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        for number, rule in enumerate(rules):
            Path(folder, f"{number}.yml").write_text(rule, encoding="utf-8")
        index_at, stream = {}, bytearray()
        for number, event in enumerate(events):
            index_at[len(stream)] = number
            stream += event.encode() + b"\n"
        Path(folder, "events").write_bytes(stream)
        run = subprocess.run(
            [os.environ["NEPHO"], "detect", "--as", "product=diff", "--no-default-rules",
             "-r", ".", "-o", "ndjson", "events"],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        )  # fmt: skip
    told = [json.loads(line) for line in run.stdout.splitlines()]
    summary = told.pop() if told else {}
    if (
        run.returncode != 0
        or summary.get("records") != len(events)
        or summary["events"] != len(events)
        or summary["rules"] != {"loaded": len(rules), "refused": 0}
        or not summary["complete"]
    ):
        raise RuntimeError(f"exit status {run.returncode}\n{run.stderr[-4000:]}\n{summary}")
    return {(int(Path(each["rule"]["file"]).stem), index_at[each["origin"]["offset"]]) for each in told}
