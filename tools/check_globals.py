#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No writable globals: check_globals.py BUILD_DIR

Reads the symbols of every static library and of main.c's object in a build without instrumentation, and names each one that
lies in writable memory. Tables of pointers are written once by the loader and then sealed (.data.rel.ro), so they pass.
"""

import re
import subprocess
import sys
from pathlib import Path

ALLOWED = {
    # symbol: why it may be written
    "interrupted": "set by the signal handler",
}
WRITABLE = re.compile(r"^(\.(data|bss|tdata|tbss|ldata|lbss)\b(?!\.rel\.ro)|\*COM\*)")


def symbols(file):
    """Yields (object, symbol, section) of what `nm` finds defined in `file`."""
    run = subprocess.run(["nm", "--format=sysv", "--demangle", str(file)], check=True, capture_output=True, text=True)
    member = file.name
    for line in run.stdout.splitlines():
        title = re.match(r"^(?:Symbols from .*\[)?(.*?)\]?:$", line)
        if title and "|" not in line:
            member = title[1]
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 7 and cells[0] != "Name":
            yield member, cells[0], cells[6]


def main():
    build = Path(sys.argv[1])
    files = sorted([*build.glob("src/libnp_*.a"), *build.glob("nepho.p/*.o")])
    if not files:
        sys.exit(f"check_globals: no libraries in {build}")
    bad = [
        f"{file.name}({member}): '{name}' is writable ({section})"
        for file in files
        for member, name, section in symbols(file)
        if WRITABLE.match(section) and name.split(".")[0] not in ALLOWED
    ]
    print("\n".join(bad), end="\n" if bad else "")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
