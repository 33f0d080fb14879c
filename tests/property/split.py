# SPDX-License-Identifier: Apache-2.0
"""However the bytes of an input arrive, the output is the same: random records, in every envelope, at times damaged or
packed, are read as a file, and from a pipe in random pieces. A failure prints the seed of its round:

    NP_SEED=SEED NP_ROUNDS=1 meson test -C build property/split
"""

import array
import fcntl
import gzip
import json
import os
import random
import re
import subprocess
import termios
from pathlib import Path

import tap

# Every record gives a finding, so that the place of each is compared; the second rule looks inside.
RULES = {
    "any": "eventName|exists: true",
    "some": "requestParameters|contains: '}'",
}
TEXTS = [*'a\\"{}[],:\n\r\t\0é🔥', "evil", '\\"', '{"Records":[', "\n{", ""]
JUNK = [b"null", b"17", b"nonsense", b"<html>", b"{", b"[", b"]}", b'{"a":1}', b'{"a":"', b"\xff\xfe", b"\0", b","]
ENDS = ("exit status 0", "exit status 4")  # 4: damage may leave no record


def random_text(rng):
    return "".join(rng.choices(TEXTS, k=rng.randrange(6)))


def random_value(rng, depth=0):
    kind = rng.randrange(4 if depth < 4 else 2)
    if kind == 0:
        return rng.choice([None, True, False, rng.randrange(-(2**63), 2**64), rng.random()])
    if kind == 1:
        return random_text(rng)
    values = [random_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return values if kind == 2 else {random_text(rng): value for value in values}


def random_record(rng, number):
    record = {
        "eventVersion": "1.08",
        "eventTime": f"2024-01-01T00:{rng.randrange(60):02}:00Z",
        "eventName": random_text(rng),
        "recipientAccountId": "111122223333",
        "requestParameters": random_value(rng),
    }
    if rng.randrange(4):
        record["eventID"] = f"id-{rng.choice([number, number // 2])}"  # some are there twice
    return record


def write_records(rng, records):
    """The records in one of the ways in which logs come."""

    def write(value):
        indent, ascii_only = rng.choice([None, None, 1, 4]), rng.randrange(2)
        return json.dumps(value, indent=indent, ensure_ascii=bool(ascii_only)).encode()

    envelope = rng.choice(["lines", "crlf", "blank lines", "nothing between", "array", "Records", "several Records"])
    between = {"lines": b"\n", "crlf": b"\r\n", "blank lines": b"\n \n\n", "nothing between": b""}
    if envelope in between:
        return between[envelope].join(map(write, records))
    if envelope == "array":
        return write(records)
    parts = 1 if envelope == "Records" else 3
    documents = ({"version": 1, "Records": records[i::parts], "next": random_value(rng)} for i in range(parts))
    return b"\n".join(map(write, documents))


def damage(rng, data):
    """Puts something in, takes something out, or cuts the end off."""
    at = rng.randrange(len(data))
    kind = rng.randrange(3)
    if kind == 0:
        return data[:at] + b"\n" + rng.choice(JUNK) + b"\n" + data[at:]
    return data[:at] + (data[at + rng.randrange(1, 60) :] if kind == 1 else b"")


def random_input(rng):
    data = write_records(rng, [random_record(rng, n) for n in range(rng.randrange(1, 40))])
    if rng.randrange(4) == 0:
        data = b"\xef\xbb\xbf" + data
    while rng.randrange(3) == 0:
        data = damage(rng, data) or b"{"
    if rng.randrange(4) == 0:
        half = rng.randrange(len(data))
        data = gzip.compress(data[:half]) + gzip.compress(data[half:])
    return data


def write_pieces(rng, run, data):
    """Writes the data to the program in random pieces, each only when the one before it has been read."""
    pipe, unread, at = run.stdin.fileno(), array.array("i", [0]), 0
    longest = rng.choice([1, 10, 300, 4000])
    while at < len(data) and run.poll() is None:
        fcntl.ioctl(pipe, termios.FIONREAD, unread)
        if unread[0] > 0:
            os.sched_yield()
            continue
        size = rng.randrange(1, longest + 1)
        try:
            at += os.write(pipe, data[at : at + size])
        except BrokenPipeError:
            break  # the exit status tells
    run.stdin.close()


def comparable(line):
    """A line of output without what has to differ: the time taken, and the input's name with the ids made of it."""
    told = json.loads(line)
    told.pop("seconds", None)
    told.pop("id", None)
    return re.sub(r'"(object|id)": "(-|data)(?=[":])', r'"\1": "INPUT', json.dumps(told))


def detect(rng, data, path):
    """The lines of output, behind the exit status."""
    with subprocess.Popen(
        [os.environ["NEPHO"], "detect", "--no-default-rules", "-r", "rules", "-o", "ndjson:out", path],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:
        if path == "-":
            write_pieces(rng, run, data)
    return [f"exit status {run.returncode}", *map(comparable, Path("out").read_text(encoding="utf-8").splitlines())]


def main():
    seed, rounds = int(os.environ.get("NP_SEED", 1)), int(os.environ.get("NP_ROUNDS", 40))
    Path("rules").mkdir()
    for name, item in RULES.items():
        rule = f"title: {name}\nlogsource: {{product: aws}}\ndetection:\n  s:\n    {item}\n  condition: s\n"
        Path("rules", f"{name}.yml").write_text(rule)
    findings = 0
    for number in range(seed, seed + rounds):
        rng = random.Random(number)
        data = random_input(rng)
        Path("data").write_bytes(data)
        whole, pieces = detect(rng, data, "data"), detect(rng, data, "-")
        findings += len(whole) - 2
        differing = [pair for pair in zip(whole, pieces) if pair[0] != pair[1]]
        tap.check(
            f"pieces give what the file gives, NP_SEED={number}", whole == pieces and whole[0] in ENDS,
            f"lines: {len(whole)} of the file, {len(pieces)} of the pieces", *(differing[0] if differing else ()),
        )
    tap.comment(f"{findings} findings")
    tap.check("most rounds found something", findings > rounds or rounds < 10)
    tap.done()


if __name__ == "__main__":
    main()
