#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `make check` and `make quick` do: run_checks.py [quick]

Builds the program three ways below build-check/ and puts every test and every check through them:
  release    gcc, -O2, hardened, -Werror; the checks of globals read its libraries
  sanitized  gcc, ASan + UBSan, coverage: all tests, then the coverage itself
  clang      clang, ASan + UBSan: every fuzz corpus
The last line printed is `N passed, N failed, N skipped`, counted from what the tests themselves reported (TAP cases) and the checks.
`quick` is the sanitized build with the unit tests only.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILDS = ROOT / "build-check"
JOBS = str(os.cpu_count() or 2)

SANITIZED = ["-Dtests=true", "-Db_sanitize=address,undefined", "-Doptimization=1", "--werror"]
CLANG = {"CC": "clang", "CXX": "clang++"}

CORE = ("base", "codec", "event", "source", "rule")  # what every result stands on
CORE_LINES_PERCENT = 90
ALL_LINES_PERCENT = 80

TAP_CASE = re.compile(r"^(not )?ok\b(?:\s+\d+)?\s*-?\s*([^#]*)(?:#\s*(skip|todo)\S*\s*(.*))?", re.IGNORECASE)
TAP_SKIP_ALL = re.compile(r"^1\.\.0\s*#\s*skip\S*\s*(.*)", re.IGNORECASE)


class Result:
    """Counts, and what failed or was skipped, by name."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []  # (name, reason)

    def check(self, name, complaint):
        """Counts a check as a test; `complaint` is empty where all is well."""
        if complaint:
            self.failed.append(name)
            print(f"FAILED  {name}\n{complaint.rstrip()}", flush=True)
        else:
            self.passed += 1
            print(f"ok      {name}", flush=True)

    def line(self):
        return f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


def run(*command, env=None):
    """Runs a command: its exit status and all that it printed."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )
    return done.returncode, done.stdout


def complaint_of(*command, env=None):
    """Empty where the command succeeds, else the end of its output."""
    status, output = run(*command, env=env)
    return "" if status == 0 else "\n".join(output.splitlines()[-60:]) or f"exit status {status}"


def configure(folder, options, env):
    """Configures a build folder, anew where it cannot be brought up to date; a complaint or nothing."""
    if (folder / "build.ninja").exists():
        # also finds scripts and fuzz targets that are new
        if not complaint_of("meson", "setup", "--reconfigure", str(folder), *options, env=env):
            return ""
        shutil.rmtree(folder)
    return complaint_of("meson", "setup", str(folder), *options, env=env)


def build(result, name, options, env=None):
    """Configures and builds below build-check/; the folder, or None where that failed."""
    start = time.monotonic()
    folder = BUILDS / name
    complaint = configure(folder, options, env) or complaint_of("ninja", "-C", str(folder), "-j", JOBS)
    result.check(f"build {name} ({time.monotonic() - start:.0f} s)", complaint)
    return None if complaint else folder


def count_cases(result, test):
    """Adds the cases of one entry of meson's testlog.json."""
    program = test["name"].split(" / ")[-1]  # without project and suite
    failed = 0
    for line in test.get("stdout", "").splitlines():
        skip_all = TAP_SKIP_ALL.match(line)
        case = TAP_CASE.match(line)
        if skip_all:
            result.skipped.append((program, skip_all[1].strip()))
        elif case and case[3] and case[3].lower() == "skip":
            result.skipped.append((f"{program}: {case[2].strip()}", case[4].strip()))
        elif case and case[1]:
            failed += 1
            result.failed.append(f"{program}: {case[2].strip()}")
        elif case:
            result.passed += 1
    if test["result"] not in ("OK", "SKIP") and failed == 0:
        result.failed.append(f"{program} ({test['result']}, exit status {test['returncode']})")


def run_tests(result, folder, *suites):
    """Runs the suites of a build folder (all without one) and counts every case."""
    start = time.monotonic()
    log = folder / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    for counts in folder.rglob("*.gcda"):  # of an earlier run: they would be added up
        counts.unlink()
    chosen = [option for suite in suites for option in ("--suite", suite)]
    status, output = run("meson", "test", "-C", str(folder), "--num-processes", JOBS, "--print-errorlogs", "--quiet", *chosen)
    seen = Result()
    tests = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    for test in tests:
        count_cases(seen, test)
    if status != 0 or seen.failed:
        print("\n".join(output.splitlines()[-200:]), flush=True)
        if not seen.failed:
            seen.failed.append(f"tests in {folder.name} (exit status {status})")
    print(f"tests   {folder.name}: {seen.line()} ({len(tests)} programs, {time.monotonic() - start:.0f} s)", flush=True)
    result.passed += seen.passed
    result.failed += seen.failed
    result.skipped += seen.skipped


def check_coverage(result, folder):
    summary = folder / "coverage.json"
    complaint = complaint_of(
        "gcovr", "--root", str(ROOT), "--object-directory", str(folder), "--filter", "src/", "-j", JOBS,
        "--json-summary", str(summary), str(folder),
    )
    if complaint:
        result.check("coverage", complaint)
        return
    files = json.loads(summary.read_text())["files"]
    core = [file for file in files if file["filename"].split("/")[1] in CORE]
    for name, chosen, wanted in (
        (f"coverage of {', '.join(CORE)}", core, CORE_LINES_PERCENT),
        ("coverage of everything", files, ALL_LINES_PERCENT),
    ):
        total = sum(file["line_total"] for file in chosen)
        percent = 100 * sum(file["line_covered"] for file in chosen) / max(total, 1)
        worst = sorted(chosen, key=lambda file: file["line_covered"] - file["line_total"])[:15]
        missing = "\n".join(f"  {f['filename']}: {f['line_total'] - f['line_covered']} lines never run" for f in worst)
        result.check(f"{name}: {percent:.1f} % of {total} lines", missing if percent < wanted else "")


def check_skips(result):
    """Every skip needs a line in tests/skips_allowed.txt; one for want of data is a failure where there is data."""
    allowed = [
        line.split(maxsplit=1)
        for line in (ROOT / "tests/skips_allowed.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    with_data = bool(os.environ.get("NEPHO_TEST_DATA"))
    refused = [
        f"  {name}: {reason}"
        for name, reason in result.skipped
        if (with_data and "NEPHO_TEST_DATA" in reason)
        or not any(fnmatchcase(name, glob) and re.search(pattern, reason) for glob, pattern in allowed)
    ]
    result.check("no skip without leave", "\n".join(refused))


def check_all(result):
    release = build(result, "release", ["--werror"])
    program = build(result, "program", ["--werror", "-Db_lto=true"])  # as the Makefile builds it
    result.check("layers", complaint_of("tools/check_layers.py"))
    result.check("headers compile alone", complaint_of("tools/check_headers.sh"))
    result.check("sizes", complaint_of("tools/check_size.py"))
    if release:
        result.check("no writable globals", complaint_of("tools/check_globals.py", str(release)))
    if program:
        result.check("reference pages", complaint_of("tools/gen_reference.py", str(program / "nepho"), "--check"))
    sanitized = build(result, "sanitized", [*SANITIZED, "-Db_coverage=true"])
    if sanitized:
        run_tests(result, sanitized)
        check_coverage(result, sanitized)
    clang = build(result, "clang", [*SANITIZED, "-Db_lundef=false"], CLANG)
    if clang:
        run_tests(result, clang, "fuzz")
    check_skips(result)


def check_quick(result):
    folder = build(result, "sanitized", [*SANITIZED, "-Db_coverage=true"])
    if folder:
        run_tests(result, folder, "unit")


def main():
    result = Result()
    start = time.monotonic()
    if sys.argv[1:] == ["quick"]:
        check_quick(result)
    else:
        check_all(result)
    for name, reason in result.skipped:
        print(f"skipped {name}: {reason}")
    for name in result.failed:
        print(f"FAILED  {name}")
    print(f"{time.monotonic() - start:.0f} s")
    print(result.line(), flush=True)
    sys.exit(1 if result.failed else 0)


if __name__ == "__main__":
    main()
