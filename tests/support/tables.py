# SPDX-License-Identifier: Apache-2.0
"""What golden tables have in common."""


def blocks(text):
    """Runs of lines between blank ones, without the comments, each line with its number."""
    block = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
