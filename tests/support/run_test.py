#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a test for the build's test runner and gives it clean TAP: run_test.py TEST [NEPHO]

TEST is a unit test (a program made with cmocka), or an end-to-end script (.sh or .py) or a table of rules (.t, .items,
see tests/golden/rules.py and falco.py), which run the program under test, NEPHO. What a test may rely on:
  NEPHO           the program under test (scripts only)
  NEPHO_TEST_DATA the folder of real data; not set where there is none
  NP_SOURCE_ROOT  the source tree
  TMPDIR          an empty folder of its own, also its working folder, removed afterwards
  import tap      tests/support/tap.py (Python only)
What a unit test may be run under: NP_TEST_UNDER, a command such as "valgrind -q --error-exitcode=99".
A script that prints no TAP counts as one case, by its exit status. Exit status 77 means that all of it was skipped,
and the last line printed says why. A unit test prints "# reason" in front of cmocka's skip().
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
INTERPRETERS = {
    ".py": [sys.executable],
    ".sh": ["bash"],
    ".t": [sys.executable, str(SUPPORT.parent / "golden/rules.py")],
    ".items": [sys.executable, str(SUPPORT.parent / "golden/falco.py")],
}

RESULT = re.compile(r"^(not )?ok\b")
PLAN = re.compile(r"^1\.\.\d+")
CMOCKA_SKIP = re.compile(r"^not ok (\d+) # SKIP (.*)")  # cmocka before 1.1.6; TAP wants "ok N - name # SKIP reason"


def run(test, nepho, folder):
    env = dict(os.environ, TMPDIR=folder, HOME=folder, PYTHONPATH=str(SUPPORT), PYTHONDONTWRITEBYTECODE="1")
    if nepho:
        env["NEPHO"] = nepho
    under = os.environ.get("NP_TEST_UNDER", "").split()
    interpreter = INTERPRETERS.get(Path(test).suffix, under)
    return subprocess.run(
        [*interpreter, test],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
    )


def last_line(*texts):
    for text in texts:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            return re.sub(r"^(1\.\.0\s*)?#?\s*(skip\b:?)?\s*", "", lines[-1], flags=re.IGNORECASE)
    return "no reason given"


def with_skip_reasons(lines):
    """Puts the comment in front of a skipped case of cmocka behind it, as its reason."""
    before = ""
    for line in lines:
        skipped = CMOCKA_SKIP.match(line)
        reason = before[1:].strip() if before.startswith("#") else "no reason given"
        yield f"ok {skipped[1]} - {skipped[2]} # SKIP {reason}" if skipped else line
        before = line


def report(name, done):
    """The TAP text of a finished test, and the exit status for the runner."""
    if done.returncode == 77:
        return f"1..0 # SKIP {last_line(done.stdout, done.stderr)}", 0
    lines = list(with_skip_reasons(done.stdout.splitlines()))
    results = [line for line in lines if RESULT.match(line)]
    if not results and not any(PLAN.match(line) for line in lines):
        verdict = "ok" if done.returncode == 0 else "not ok"
        return "\n".join([*(f"# {line}" for line in lines), f"{verdict} 1 - {name}", "1..1"]), 0
    # Anything that is no TAP (a sanitizer's report, say) must not confuse the runner.
    lines = [line if re.match(r"^(1\.\.|ok\b|not ok\b|#|Bail out!|$)", line) else f"# {line}" for line in lines]
    if not any(PLAN.match(line) for line in lines):
        lines.append(f"1..{len(results)}")
    # A test that says "not ok" also exits non-zero; that is no second failure.
    failed = any(line.startswith("not ok") for line in results)
    return "\n".join(lines), 0 if failed else done.returncode


def main():
    test = os.path.abspath(sys.argv[1])
    nepho = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(prefix="nepho-test-") as folder:
        done = run(test, nepho, folder)
    text, status = report(Path(test).stem, done)
    print(text, flush=True)
    sys.stderr.write(done.stderr)
    if status < 0:
        sys.exit(f"ended by signal {-status}")
    sys.exit(status)


if __name__ == "__main__":
    main()
