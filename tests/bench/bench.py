#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures nepho beside the JSON reader alone, in one run, as ratios of user CPU time: bench.py NEPHO

Input: real CloudTrail records (NEPHO_TEST_DATA), multiplied with fresh ids, times and keys to 320 MB; rules: the shipped pack and 1,000
made ones. At the end, how fast `simulate` makes events, and what incidents cost beside findings alone. Each pair runs alternately
ROUNDS times; the median counts. One JSON line a metric is added to tests/bench/history.jsonl with --record.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 5


def build_bound(folder):
    program = folder / "bound"
    subprocess.run(
        ["g++", "-std=c++17", "-O2", str(HERE / "bound.cc"), "-o", str(program), "-lsimdjson", "-ldeflate", "-lz"], check=True
    )
    return program


def cpu_of(command, stdin=None, stderr=None):
    """User CPU seconds and peak memory in MB of one run."""
    process = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime, usage.ru_maxrss / 1024


def compare(bound, ours):
    """Runs both alternately; medians of user CPU, and the peak of ours."""
    times = {"bound": [], "ours": []}
    peak = 0
    for _ in range(ROUNDS):
        times["bound"].append(bound())
        seconds, megabytes = ours()
        times["ours"].append(seconds)
        peak = max(peak, megabytes)
    return statistics.median(times["bound"]), statistics.median(times["ours"]), peak


def commit():
    run = subprocess.run(["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


class Report:
    def __init__(self, record):
        self.record = record
        self.failed = False

    def metric(self, name, value, unit, bar=None, at_most=False):
        good = bar is None or (value <= bar if at_most else value >= bar)
        self.failed |= not good
        wanted = "" if bar is None else f"  (bar: {'at most' if at_most else 'at least'} {bar:g})"
        print(f"{name:<58} {value:10.3f} {unit}{wanted}{'' if good else '  MISSED'}")
        if self.record:
            line = {"commit": commit(), "cpu": processor(), "date": time.strftime("%Y-%m-%d"), "metric": name,
                    "value": round(value, 4), "unit": unit, "rounds": ROUNDS}
            with open(HERE / "history.jsonl", "a") as history:
                history.write(json.dumps(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nepho")
    parser.add_argument("--record", action="store_true", help="add the figures to history.jsonl")
    parser.add_argument("--whole", action="store_true", help="30 million events for the memory of a stream, not 2 million (20 minutes)")
    options = parser.parse_args()
    data = os.environ.get("NEPHO_TEST_DATA")
    if not data:
        sys.exit("bench: NEPHO_TEST_DATA is not set; it names the folder of real logs")
    with tempfile.TemporaryDirectory(prefix="nepho-bench.") as name:
        folder = pathlib.Path(name)
        subprocess.run([HERE / "make_data.py", pathlib.Path(data) / "cloudtrail/trail-real", folder], check=True)
        subprocess.run([HERE / "make_rules.py", folder / "rules", "--count", "1000"], check=True)
        return measure(options, folder, pathlib.Path(data))


def measure(options, folder, data):
    report = Report(options.record)
    bound = build_bound(folder)
    events = folder / "events.ndjson"
    detect = [options.nepho, "detect", "--findings-only", "--threads", "1", "--progress", "never", "-r", str(folder / "rules"), "-o",
              f"ndjson:{folder / 'found'}"]
    objects = folder / "objects.txt"
    objects.write_text("".join(f"{path}\n" for path in sorted((folder / "objects").rglob("*.gz"))))

    def bound_lines():
        return min(cpu_of([bound, "lines", events])[0], cpu_of([bound, "many", events])[0])

    def bound_objects():
        with open(objects) as stdin:
            return cpu_of([bound, "objects", "-"], stdin)[0]

    for what, alone, path in (("NDJSON", bound_lines, events), (".json.gz of S3 size", bound_objects, folder / "objects")):
        reader, ours, peak = compare(alone, lambda path=path: cpu_of([*detect, str(path)]))
        report.metric(f"{what}: user CPU of the JSON reader alone", reader, "s")
        report.metric(f"{what}: user CPU of nepho with 1,000 rules more", ours, "s")
        report.metric(f"{what}: rate as a share of the JSON reader's", reader / ours, "", bar=0.5)
        report.metric(f"{what}: peak memory", peak, "MB", bar=200, at_most=True)
    summary = json.loads((folder / "found").read_text().splitlines()[-1])
    report.metric("events", summary["events"], "")
    report.metric("findings", summary["findings"], "")
    report.metric("rules", summary["rules"]["loaded"], "")
    measure_scale(options.nepho, report, folder)
    measure_threads(options.nepho, report, folder)
    measure_simulate(options.nepho, report, folder)
    measure_incidents(options.nepho, report, folder)
    measure_memory(options.nepho, report, options.whole)
    measure_replay(options.nepho, report, bound, folder, data / "captures")
    return 1 if report.failed else 0


def rules_only(nepho, folder, count):
    """The command that runs `count` made rules and no shipped ones; loading is measured apart."""
    return [nepho, "detect", "--findings-only", "--progress", "never", "--no-default-rules", "-r", str(folder / f"rules-{count}"), "-o",
            f"ndjson:{folder / 'found'}"]


def measure_scale(nepho, report, folder):
    """What more rules cost: the rate at 10,000 as a share of that at 100, less the time to load them, and that time."""
    tiny = folder / "tiny.ndjson"
    tiny.write_text((folder / "events.ndjson").read_text().split("\n", 1)[0] + "\n")
    run, load = {}, {}
    for count in (100, 3000, 10000):
        subprocess.run([HERE / "make_rules.py", folder / f"rules-{count}", "--count", str(count)], check=True)
        command = [*rules_only(nepho, folder, count), "--threads", "1"]
        load[count] = statistics.median(cpu_of([*command, str(tiny)])[0] for _ in range(ROUNDS))
        if count != 3000:
            whole = statistics.median(cpu_of([*command, str(folder / "events.ndjson")])[0] for _ in range(ROUNDS))
            run[count] = whole - load[count]
    report.metric("rate at 10,000 rules as a share of that at 100", run[100] / run[10000], "", bar=0.5)
    report.metric("loading 3,000 rules", load[3000], "s", bar=1, at_most=True)
    report.metric("loading 10,000 rules", load[10000], "s", bar=3, at_most=True)


def wall_of(*commands):
    """Seconds until all commands, started together, have ended."""
    start = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) for command in commands]
    for process in running:
        process.wait()
    return time.monotonic() - start


def measure_threads(nepho, report, folder):
    """Two threads against one by wall clock, beside what two independent runs of one reach; best of alternating pairs. The bar holds
    where the machine has a second core to give at that moment: where the independent runs do not disturb each other."""
    detect = [nepho, "detect", "--findings-only", "--progress", "never", "-r", str(folder / "rules"), "-o", f"ndjson:{folder / 'found'}"]
    for what, path in (("NDJSON", folder / "events.ndjson"), (".json.gz of S3 size", folder / "objects")):
        one, two = ([*detect, str(path), "--threads", threads] for threads in "12")
        gains, ideals = [], []
        for _ in range(ROUNDS):
            single = wall_of(one)
            gains.append(single / wall_of(two))
            ideals.append(2 * single / wall_of(one, one))
        bar = 1.6 if statistics.median(ideals) >= 1.8 else None
        report.metric(f"{what}: two threads, times as fast as one (best of five)", max(gains), "", bar=bar)
        report.metric(f"{what}: two independent runs, times as fast as one (best of five)", max(ideals), "")


def measure_simulate(nepho, report, folder):
    """Events that `simulate` makes in a second of user CPU."""
    count = 200_000
    for what, output in (("NDJSON", "-"), ("as S3 holds them", str(folder / "trail"))):
        seconds = []
        for _ in range(ROUNDS):
            shutil.rmtree(folder / "trail", ignore_errors=True)
            command = [nepho, "simulate", "--background", str(count), "-o", output]
            seconds.append(cpu_of(command, stderr=subprocess.DEVNULL)[0])  # it says what it wrote
        report.metric(f"simulate, {what}: events a second of user CPU", count / statistics.median(seconds), "")


def measure_incidents(nepho, report, folder):
    """The rate with incidents as a share of that with findings only: on ordinary days, and on the records of attacks."""
    days = folder / "days.ndjson"
    with open(days, "wb") as out:
        subprocess.run([nepho, "simulate", "--background", "300000", "-o", "-"], stdout=out, stderr=subprocess.DEVNULL,
                       check=True)
    detect = [nepho, "detect", "--threads", "1", "--progress", "never", "-o", f"ndjson:{folder / 'found'}"]
    for what, path, bar in (("ordinary days", days, 0.7), ("attacks", folder / "events.ndjson", None)):
        alone, ours, peak = compare(lambda path=path: cpu_of([*detect, "--findings-only", str(path)])[0],
                                    lambda path=path: cpu_of([*detect, str(path)]))
        report.metric(f"{what}: rate with incidents as a share of that without", alone / ours, "", bar=bar)
        report.metric(f"{what}: peak memory with incidents", peak, "MB", bar=500, at_most=True)


def measure_memory(nepho, report, whole):
    """Peak memory of a stream of many accounts, whose acts, threads and stories fill what there is for them."""
    events, accounts = (30_000_000, 10_000) if whole else (2_000_000, 2_000)
    simulate = subprocess.Popen([nepho, "simulate", "--background", str(events), "--accounts", str(accounts), "-o", "-"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    _, peak = cpu_of([nepho, "detect", "--progress", "never", "-o", "ndjson:/dev/null", "-"], simulate.stdout)
    simulate.stdout.close()
    if simulate.wait() != 0:
        sys.exit("simulate failed")
    report.metric(f"{events:,} events of {accounts:,} accounts as a stream: peak memory", peak, "MB", bar=500, at_most=True)


def measure_replay(nepho, report, bound, folder, captures):
    """Replay of captures of system calls with 25 and with 93 Falco rules, beside reading their blocks alone."""
    capture = folder / "calls.scap"
    capture.write_bytes(b"".join(path.read_bytes() for path in sorted(captures.glob("*.scap"))) * 40)
    stable = ["-r", captures / "rules/falco_rules.adapted.yaml"]
    every = [*stable, "-r", captures / "rules/falco-incubating_rules.adapted.yaml", "-r",
             captures / "rules/falco-sandbox_rules.adapted.yaml", "-r", captures / "rules/enable.yaml"]
    detect = [nepho, "detect", "--findings-only", "--no-default-rules", "--threads", "1", "--progress", "never", "-o",
              f"ndjson:{folder / 'found'}"]
    for count, rules in ((25, stable), (93, every)):
        alone, ours, peak = compare(lambda: cpu_of([bound, "capture", capture])[0],
                                    lambda rules=rules: cpu_of([*detect, *rules, capture]))
        events = json.loads((folder / "found").read_text().splitlines()[-1])["events"]
        report.metric(f"replay with {count} Falco rules: events a second of user CPU", events / ours, "")
        report.metric(f"replay with {count} Falco rules: rate as a share of reading the blocks", alone / ours, "", bar=0.3)
        report.metric(f"replay with {count} Falco rules: peak memory", peak, "MB", bar=64, at_most=True)
    empty = folder / "none.scap"
    empty.write_bytes(next(iter(sorted(captures.glob("*.scap")))).read_bytes())
    load = statistics.median(cpu_of([*detect, *every, empty])[0] for _ in range(ROUNDS))
    report.metric("loading 93 Falco rules", load * 1000, "ms", bar=50, at_most=True)


if __name__ == "__main__":
    sys.exit(main())
