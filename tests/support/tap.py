# SPDX-License-Identifier: Apache-2.0
"""TAP for tests in Python: check() prints one line a case and goes on, done() ends the test."""

import os
import sys

_count = 0
_failed = 0


def check(name, ok, *why):
    """Counts a case; `why` is told where it failed, as comments."""
    global _count, _failed
    _count += 1
    _failed += not ok
    print("ok" if ok else "not ok", _count, "-", name.replace("#", ""))
    if not ok:
        comment(*why)


def comment(*texts):
    for text in texts:
        for line in str(text).splitlines():
            print("#  ", line)


def data_folder():
    """The folder of real data, or None."""
    return os.environ.get("NEPHO_TEST_DATA") or None


def skip(name, reason):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {reason}")


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)
