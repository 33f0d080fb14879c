#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who includes whom: every `#include "module/..."` in src/ against the table in ARCHITECTURE.md.

A row of the table reads `| module | may include | but not |`. The second cell holds modules, or single headers
(`rule/finding.h`), or `-`; the third, patterns of headers that stay out of reach all the same. A module may always include
its own headers; nobody includes another module's *_internal.h.
"""

import fnmatch
import re
import sys
from pathlib import Path

HEADING = "## Who may include whom"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def words(cell):
    return [word.strip("`,") for word in cell.split() if word.strip("`,-")]


def read_table(text):
    """The rules: module -> (allowed, forbidden)."""
    if HEADING not in text:
        sys.exit(f"check_layers: ARCHITECTURE.md has no '{HEADING}'")
    table = {}
    for line in text.split(HEADING, 1)[1].splitlines():
        if line.startswith("## "):
            break
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(cells[0]) <= set("-: ") or cells[0] == "module":
            continue
        table[cells[0].strip("`")] = (words(cells[1]), words(cells[2]) if len(cells) > 2 else [])
    return table


def find_cycle(table):
    """A module that can reach itself, or None. Single headers count: they pull their module's types along."""
    reach = {module: {word.split("/")[0] for word in allowed} - {module} for module, (allowed, _) in table.items()}
    for _ in table:
        for module, below in reach.items():
            below.update(*(reach.get(other, set()) for other in set(below)))
    return next((module for module, below in reach.items() if module in below), None)


def complaint(module, header, table, src):
    """What is wrong with an include of `header` in a file of `module`; None where it is allowed."""
    if "/" not in header or "." in header.split("/")[:-1] or ".." in header.split("/"):
        return f'"{header}" is not written as "module/file.h"'
    target = header.split("/")[0]
    if not (src / header).is_file():
        return f'there is no "src/{header}"'
    if target == module:
        return None
    allowed, forbidden = table[module]
    if fnmatch.fnmatch(header, "*_internal.h"):
        return f'"{header}" is private to {target}'
    if any(fnmatch.fnmatch(header, pattern) for pattern in forbidden):
        return f'{module} stays away from "{header}"'
    if target not in allowed and header not in allowed:
        return f'{module} may not include "{header}"'
    return None


def check(root):
    src = root / "src"
    table = read_table((root / "ARCHITECTURE.md").read_text())
    cycle = find_cycle(table)
    if cycle:
        yield f"ARCHITECTURE.md: the table has a cycle through '{cycle}'"
    for file in sorted([*src.rglob("*.[ch]"), *src.rglob("*.cc"), *src.rglob("*.def")]):
        module = file.relative_to(src).parts[0]
        if module not in table:
            yield f"{file.relative_to(root)}: the table in ARCHITECTURE.md does not know '{module}'"
            continue
        text = file.read_text()
        for match in INCLUDE.finditer(text):
            wrong = complaint(module, match[1], table, src)
            if wrong:
                yield f"{file.relative_to(root)}:{text.count(chr(10), 0, match.start(1)) + 1}: {wrong}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1])
    complaints = list(check(root))
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
