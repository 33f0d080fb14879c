# SPDX-License-Identifier: Apache-2.0
"""The known ways to more rights in AWS: each is found by a shipped rule, or it is said why not; the page says so too."""

import os
import sys
from pathlib import Path

import tap

sys.path.insert(0, os.path.join(os.environ["NP_SOURCE_ROOT"], "tools"))
import gen_escalation  # noqa: E402


def main():
    data = tap.data_folder()
    if not data:
        tap.skip("every path is found or explained", "NEPHO_TEST_DATA is not set")
        tap.done()
    text, unexplained = gen_escalation.make(os.environ["NEPHO"], Path(data))
    tap.check("every path is found or explained", not unexplained, *unexplained)
    page = gen_escalation.PAGE
    current = page.exists() and page.read_text(encoding="utf-8") == text
    tap.check("docs/reference/escalation.md is what the rules say", current, "run `make doc`")
    tap.done()


if __name__ == "__main__":
    main()
