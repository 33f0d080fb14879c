#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the reference pages that come from tables in the code: gen_reference.py NEPHO [--check]

  docs/reference/commands.md  from the command table, by asking the program
  docs/reference/fields.md    from src/event/fields.def
  docs/reference/falco-fields.md  from src/event/syscall.def and src/event/falco/cloud.def
  docs/reference/behaviours.md  from src/incident/behaviours.def
With --check nothing is written: exit status 1 says that a page is not what it would be.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECTION = re.compile(r"^/\* (?!SPDX)(.+?): (.*?) \*/$", re.MULTILINE)
FIELD = re.compile(r'^X\(\w+,\s*"([^"]+)",\s*(\w+),\s*((?:"[^"]*"\s*)+)\)', re.MULTILINE)
BEHAVIOUR = re.compile(r'^B\(\w+,\s*"([^"]+)",\s*(\w+),((?:\s*"[^"]*",?)+)\)', re.MULTILINE)
FALCO_SECTION = re.compile(r"^/\* (?!SPDX)(.+?) \*/$", re.MULTILINE)
FALCO_FIELD = re.compile(r'^X\(\w+, (?:(\w+), )?"([^"]+)", (\w+), (\w+), (\w+), (\w+)(?:, (\w+), "([^"]*)")?\)', re.MULTILINE)
TEXT = re.compile(r'((?:"[^"]*"\s*)+),?')  # neighbours are one, as in C
MADE = "<!-- Made by `make doc`; do not edit. -->\n"


def help_of(nepho, *words):
    run = subprocess.run([nepho, "help", *words], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return run.stdout


def commands_page(nepho):
    overview = help_of(nepho)
    parts = [MADE, "# Commands\n", f"```\n{overview}```\n"]
    for name in re.findall(r"^  ([a-z]+(?: [a-z]+)?)  ", overview, re.MULTILINE):
        parts += [f"## nepho {name}\n", f"```\n{help_of(nepho, *name.split())}```\n"]
    return "\n".join(parts)


def fields_page():
    text = (ROOT / "src/event/fields.def").read_text()
    page = (
        f"{MADE}\n# Fields of events\n\n"
        "These are read of every record of a kind. A rule may name any other path of the record as well.\n"
    )
    sections = list(SECTION.finditer(text))
    for section, following in zip(sections, [*sections[1:], None]):
        page += f"\n## {section[1]}\n\n{section[2][0].upper()}{section[2][1:]}\n\n| field | type | what it says |\n|---|---|---|\n"
        for name, kind, words in FIELD.findall(text, section.end(), following.start() if following else len(text)):
            meaning = "".join(re.findall('"([^"]*)"', words))
            page += f"| `{name}` | {kind.lower()} | {meaning} |\n"
    return page


def falco_name(name, argument, required):
    """The name as a rule may write it."""
    form = {"NO_ARGUMENT": "", "INDEX": "[N]", "KEY": "[KEY]", "SUFFIX": ".NAME"}[argument]
    return f"`{name}{form}`" if required == "REQUIRED" or not form else f"`{name}`, `{name}{form}`"


def falco_source(how, path):
    """Where an event of a log has the value."""
    if how in ("OWN", "POINTER"):
        return "computed"
    if how == "NOTHING":
        return "never there"
    return f"`{path.replace('/.', '').replace('/', '.')}`"


def falco_table(path, source):
    text = (ROOT / path).read_text()
    sections = list(FALCO_SECTION.finditer(text))
    page = ""
    for section, following in zip(sections, [*sections[1:], None]):
        rows = [row for row in FALCO_FIELD.findall(text, section.end(), following.start() if following else len(text)) if row[0] in ("", "BOTH", source)]
        if rows:
            is_log = bool(rows[0][0])
            page += f"\n### {section[1].rstrip('.')}\n\n| field | type |{' where |' if is_log else ''}\n|---|---|{'---|' if is_log else ''}\n"
        for _, name, kind, form, argument, required, how, place in rows:
            shown = f"list of {kind.lower()}s" if form == "LIST" else kind.lower()
            page += f"| {falco_name(name, argument, required)} | {shown} |" + (f" {falco_source(how, place)} |\n" if is_log else "\n")
    return page


def falco_fields_page():
    return (
        f"{MADE}\n# Fields of Falco's rules\n\n"
        "What a Falco rule may name, by event source. [Falco's own reference](https://falco.org/docs/reference/rules/supported-fields) and the READMEs of its plugins\n"
        "`cloudtrail`, `k8saudit` and `json` say what each means. `[N]` is a number, `[KEY]` a text. A comparison with a field that an event does not have is false.\n\n"
        "For logs, *where* is the place in the record. `evt.num` is where the record begins in its file, counted from 1, and times are in UTC.\n"
        "\n## Source `syscall`\n" + falco_table("src/event/syscall.def", "")
        + "\n## Source `aws_cloudtrail`\n" + falco_table("src/event/falco/cloud.def", "CT")
        + "\n## Source `k8s_audit`\n" + falco_table("src/event/falco/cloud.def", "K8S")
    )


def behaviours_page():
    page = (
        f"{MADE}\n# Behaviours\n\n"
        "What no single record shows, decided from the order of an actor's calls and from what is known of it. A behaviour gives findings like a rule and adds to the\n"
        "score of incidents; each speaks once an actor and hour. `nepho rules explain --rule ID` says the same at the terminal.\n\n"
        "*Out of place* is a credential that can be carried away (a long-lived key, the session of a machine) where it is not known to belong, or a place that is strange to\n"
        "its owner and to all others. *Looked around* means two different telling reads before. Callers who came by single sign-on, by a web identity (OIDC, SAML) or with a\n"
        "second factor, and those in their usual place, are left to the rules.\n\n"
        "To silence one: `--exclude-rule ID`, or in the configuration (`-c`) `exclude_rules: [ID]`. `--no-default-rules` silences all. What is given there as `accounts` and\n"
        "`endpoints` makes several of them exact.\n"
    )
    for name, level, texts in BEHAVIOUR.findall((ROOT / "src/incident/behaviours.def").read_text()):
        title, says, innocent, *tags = ("".join(re.findall('"([^"]*)"', text)) for text in TEXT.findall(texts))
        tactic = next(tag for tag in tags if not re.match(r"attack\.t\d", tag))
        techniques = ", ".join(tag.removeprefix("attack.").upper() for tag in tags if tag != tactic)
        page += f"\n## nepho.{name}\n\n**{title}**. {level.lower()}; {tactic.removeprefix('attack.')}, {techniques}\n\n{says}\n\nOften innocent: {innocent[0].lower()}{innocent[1:]}\n"
    return page


def main():
    nepho, check = sys.argv[1], "--check" in sys.argv[2:]
    stale = []
    pages = {
        "commands.md": commands_page(nepho),
        "fields.md": fields_page(),
        "falco-fields.md": falco_fields_page(),
        "behaviours.md": behaviours_page(),
    }
    for name, text in pages.items():
        page = ROOT / "docs/reference" / name
        if page.exists() and page.read_text() == text:
            continue
        stale.append(f"docs/reference/{name} is not what the code says; run `make doc`")
        if not check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text)
            print(f"wrote docs/reference/{name}")
    if check and stale:
        sys.exit("\n".join(stale))


if __name__ == "__main__":
    main()
