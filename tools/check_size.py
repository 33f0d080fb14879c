#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes that keep the code readable: the hard stops for functions, files and folders in src/.

Exceptions stand in tools/size_allow.txt, one a line: PLACE WHAT VALUE REASON..., where PLACE is a file, a folder or
file:function. They may only shrink: an entry that is larger than needed, or needed no more, is an error too. Function lines and
complexity come from pmccabe (the modified count: a switch is one decision). Nesting is read off the indentation,
which clang-format keeps exact.
"""

import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

LIMITS = {
    "function-lines": 60,
    "complexity": 15,
    "parameters": 5,
    "nesting": 4,
    "c-lines": 600,
    "h-lines": 250,
    "pairs": 15,
}
INDENT = 4
BLOCK = re.compile(r"^( +)(?:\} *)?(?:if|else|for|while|do|switch)\b")

Size = namedtuple("Size", "place what value")


def parameters(lines, first):
    """How many parameters the function has whose definition starts at line `first` (from 0)."""
    depth = count = 0
    text = "\n".join(lines[first : first + 20])
    for char in text[text.index("(") :]:
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            break
        count += char == "," and depth == 1
    inside = text[text.index("(") + 1 :].lstrip()
    return 0 if inside.startswith(("void)", ")")) else count + 1


def nesting(lines):
    """The deepest block in these lines, in levels below the function's own."""
    depths = (len(match[1]) // INDENT for match in map(BLOCK.match, lines) if match)
    return max(depths, default=0)


def function_sizes(file, place):
    lines = file.read_text().splitlines()
    run = subprocess.run(["pmccabe", str(file)], check=True, capture_output=True, text=True)
    for row in run.stdout.splitlines():
        # modified, traditional, statements, first line, lines, "file(line): name"
        complexity, _, _, first, length, name = row.split("\t")
        start = int(first) - 1
        where = f"{place}:{name.split(': ', 1)[1]}"
        yield Size(where, "complexity", int(complexity))
        yield Size(where, "function-lines", int(length))
        yield Size(where, "nesting", nesting(lines[start : start + int(length)]))
        yield Size(where, "parameters", parameters(lines, start))


def all_sizes(root):
    src = root / "src"
    for file in sorted(path for path in src.rglob("*") if path.suffix in (".c", ".cc", ".h")):
        place = file.relative_to(root).as_posix()
        yield Size(place, "h-lines" if file.suffix == ".h" else "c-lines", len(file.read_text().splitlines()))
        if file.suffix != ".h":
            yield from function_sizes(file, place)
    for folder in sorted(path for path in src.rglob("*") if path.is_dir()):
        pairs = [path for path in folder.glob("*.h") if any(path.with_suffix(s).exists() for s in (".c", ".cc"))]
        yield Size(folder.relative_to(root).as_posix(), "pairs", len(pairs))


def read_allowed(path):
    allowed = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            place, what, value, _reason = line.split(maxsplit=3)
            allowed[place, what] = int(value)
    return allowed


def check(root):
    allowed = read_allowed(root / "tools/size_allow.txt")
    for size in all_sizes(root):
        limit = LIMITS[size.what]
        granted = allowed.pop((size.place, size.what), None)
        if granted is None and size.value > limit:
            yield f"{size.place}: {size.what} {size.value}, at most {limit}"
        elif granted is not None and size.value > granted:
            yield f"{size.place}: {size.what} {size.value}, at most {granted} by tools/size_allow.txt"
        elif granted is not None and size.value < granted:
            yield f"{size.place}: {size.what} is {size.value} now: lower or remove its entry in tools/size_allow.txt"
    for place, what in allowed:
        yield f"{place}: has an entry for {what} in tools/size_allow.txt and is not there"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1])
    complaints = list(check(root))
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
