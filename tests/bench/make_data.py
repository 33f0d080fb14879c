#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the bench's input from real CloudTrail records: the same records again and again, each time with fresh ids,
access keys and times, as NDJSON and as gzip objects named and sized as S3 delivers them."""

import argparse
import gzip
import json
import pathlib
import random
import re
import string
from datetime import datetime, timedelta

VALUE = re.compile(r'"(eventID|eventTime|accessKeyId)":"([^"]*)"')
SPAN = timedelta(minutes=30)  # what one round of the records covers, rounded up


def load_records(folder):
    records = []
    for path in sorted(folder.glob("*.json")):
        records += json.loads(path.read_text())["Records"]
    return [json.dumps(record, separators=(",", ":"), ensure_ascii=False) for record in records]


def fresh_id(rng):
    digits = "%032x" % rng.getrandbits(128)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Round:
    """One pass over the records with its own keys and times."""

    def __init__(self, rng, number):
        self.rng, self.shift, self.keys = rng, SPAN * number, {}

    def value(self, match):
        name, value = match.groups()
        if name == "eventID":
            value = fresh_id(self.rng)
        elif name == "eventTime":
            time = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ") + self.shift
            value = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            fresh = value[:4] + "".join(self.rng.choices(string.ascii_uppercase + string.digits, k=16))
            value = self.keys.setdefault(value, fresh)
        return f'"{name}":"{value}"'

    def records(self, texts):
        return [VALUE.sub(self.value, text) for text in texts]


def write_objects(folder, records, per_object, rng):
    """Writes records as objects of the sizes that S3 has: a few to some hundred records each."""
    at = 0
    while at < len(records):
        count = min(len(records) - at, max(1, int(rng.expovariate(1 / per_object))))
        part = records[at : at + count]
        last = max(re.search(r'"eventTime":"([^"]*)"', text).group(1) for text in part)
        time = datetime.strptime(last, "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=5)
        name = "111122223333_CloudTrail_us-east-1_%s_%s.json.gz" % (
            time.strftime("%Y%m%dT%H%MZ"),
            "".join(rng.choices(string.ascii_letters + string.digits, k=16)),
        )
        day = folder / time.strftime("%Y/%m/%d")
        day.mkdir(parents=True, exist_ok=True)
        (day / name).write_bytes(gzip.compress(('{"Records":[' + ",".join(part) + "]}").encode(), 6))
        at += count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trail", type=pathlib.Path, help="folder of CloudTrail files")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    texts = load_records(options.trail)
    options.out.mkdir(parents=True, exist_ok=True)
    written, number = 0, 0
    with open(options.out / "events.ndjson", "w", encoding="utf-8") as stream:
        while written < options.megabytes * 1_000_000:
            records = Round(rng, number).records(texts)
            written += stream.write("\n".join(records) + "\n")
            write_objects(options.out / "objects", records, 90, rng)
            number += 1
    print(f"{number * len(texts)} records, {written} characters")


if __name__ == "__main__":
    main()
