#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the C file that carries a folder of data inside the program: gen_embedded.py DIR OUTPUT DEPFILE

Every *.yml and *.tsv below DIR becomes one entry of np_embedded_NAME (src/cli/embedded.h), sorted by path; NAME is that of
the folder. The depfile names the files and their folders, so that a changed, new or removed file rebuilds the table.
"""

import pathlib
import sys

ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\t"): "\\t", ord("\r"): "\\r", ord("\n"): "\\n"}


def c_literal(data):
    """The bytes as adjacent C string literals, one source line each; the compiler joins them."""
    lines = []
    for line in data.splitlines(keepends=True) or [b""]:
        # Octal escapes are three digits at most, so a digit behind one is never taken for a part of it.
        text = "".join(
            ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in line
        )
        lines.append(f'    "{text}"')
    return "\n".join(lines)


def table(root, files):
    yield f"/* Made by tools/gen_embedded.py from {root.name}/; do not edit. */"
    yield '#include "cli/embedded.h"'
    yield ""
    yield f"const struct np_embedded_file np_embedded_{root.name}[] = {{"
    for file in files:
        data = file.read_bytes()
        path = file.relative_to(root).as_posix()
        yield f'    {{"{path}",\n{c_literal(data)},\n    {len(data)}}},'
    yield "    {NULL, NULL, 0}};" if not files else "};"
    yield f"const size_t np_embedded_{root.name}_count = {len(files)};"


def main():
    root, output, depfile = map(pathlib.Path, sys.argv[1:4])
    found = [*root.rglob("*.yml"), *root.rglob("*.tsv")]
    files = sorted(found, key=lambda file: file.relative_to(root).as_posix())
    folders = sorted({root, *(path for path in root.rglob("*") if path.is_dir())})
    output.write_text("\n".join(table(root, files)) + "\n")
    depends = " ".join(str(path).replace(" ", "\\ ") for path in [*folders, *files])
    depfile.write_text(f"{output}: {depends}\n")


if __name__ == "__main__":
    main()
