#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules and events that nobody wrote: the program against the oracle on what hypothesis thinks of.

Alphabets are small, so that things match. Each rule gets a few events of its own, and those that make_events makes of
it. All examples are collected first and run many at once; where the two differ, hypothesis runs the same examples
again, each by itself, and shrinks one to the smallest that differs. The examples are the same in every run; to see
others, set NP_TEST_SEED to a number.
"""

import json
import os
from collections import Counter

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

import jsonvalue
import make_events
import oracle
import program
import tap

EXAMPLES = 600
SHOWN = 20  # differences
MADE = 60  # events made of each rule, at most
A_RUN = 40  # rules in one run of the program, which matches each of them with the events of all
SEED = int(os.environ.get("NP_TEST_SEED", "1"))

# ---------------------------------------------------------------------------------------------------------------------
# Values

LETTERS = "aAbBsSkK \\*?\"-/.\n\N{LATIN SMALL LETTER E WITH ACUTE}\N{LATIN CAPITAL LETTER E WITH ACUTE}"
FOLDED = "\N{LATIN SMALL LETTER SHARP S}\N{LATIN SMALL LETTER LONG S}\N{KELVIN SIGN}\N{EN DASH}\N{FIRE}"
NUMBERS = [
    "0", "1", "-1", "10", "1.0", "1.50", "0.1", "-0.5", "1e3", "1000", "10.5",
    "9007199254740992", "9007199254740993", "9007199254740992.0", "-9007199254740993",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551614",
    "18446744073709551615", "-0", "0.0", "1E3", "1.5", "1e-1", "-10",
]  # fmt: skip
ADDRESSES = ["10.0.0.1", "10.1.2.3", "192.0.2.1", "2001:db8::1", "2001:DB8:0:0::2", "::", "10.0.0.01", "10.0.0.1/8"]
NETWORKS = ["10.0.0.0/8", "10.0.0.0/16", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0"]
TIMES = [
    "2023-07-10T11:45:01Z", "2023-07-10 23:59:60", "2020-12-31T23:30:00.5-01:00", "2021-01-03t00:00:00,25 +0530",
    "2021-01-03", "2023-02-29", "2023-07-10T24:00:00Z", "1677-12-31", "1678-01-01T00:00:00+23:59", "1688989501",
    "1688989501.9", "1688989501123", "1688989501123456789", "9999999999", "10000000000", "999999999",
]  # fmt: skip
PARTS = {
    "minute": [0, 15, 30, 45, 59], "hour": [0, 11, 18, 23], "day": [1, 2, 10, 31], "week": [1, 28, 52, 53],
    "month": [1, 7, 12], "year": [1678, 2020, 2021, 2023],
}  # fmt: skip
WORDS = ["true", "True", "FALSE", "null", "", "a", "ab", "007", "+1", "1.", ".5", "0x10", " 1", *NUMBERS, *ADDRESSES]
FIELDS = ["a", "b", "a.b", "a.b.c", "c"]


def some_of(*choices):
    return st.sampled_from(choices)


texts = st.text(LETTERS + FOLDED, max_size=5) | st.sampled_from(WORDS)
plain_texts = st.text("abk- \N{LATIN SMALL LETTER E WITH ACUTE}\N{FIRE}", min_size=1, max_size=7)
numbers = st.sampled_from(NUMBERS).map(jsonvalue.Number)
times = st.sampled_from(TIMES) | st.sampled_from([time for time in TIMES if time.isdigit()]).map(jsonvalue.Number)
scalars = texts | numbers | st.booleans() | st.none()
options = st.builds("{}{}".format, st.sampled_from(oracle.DASHES), some_of("a", "b", "k*", "s\\*", "a?b"))
option_texts = st.lists(options, max_size=3).map(" ".join) | st.text(f"ab {oracle.DASHES}", max_size=6)
encoders = st.sampled_from(
    ["base64", "base64offset", "wide|base64", "utf16le|base64offset", "utf16be|base64", "utf16|base64"]
)
shapes = st.sampled_from(oracle.SHAPES)


def parts_of(part):
    """A time modifier, alone or with a comparison before or behind it."""
    return some_of(part, part, *(f"{part}|{order}" for order in oracle.COMPARE), f"gte|{part}")


def expressions():
    """Regular expressions that mean the same to Python and to PCRE2."""
    atoms = some_of("a", "b", "B", ".", "[ab]", "[^a]", "k", "s", "\\.", "\\*", " ", "\N{FIRE}")
    parts = st.recursive(
        st.builds("{}{}".format, atoms, some_of("", "", "*", "+", "?", "{2}", "+?")),
        lambda inner: st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        max_leaves=5,
    )
    # Python's ^ may stand behind a newline at the very end, the other's not: so something has to follow it.
    return st.builds("{}{}{}".format, some_of("", "", "^a", "^b", "^."), parts, some_of("", "$"))


# ---------------------------------------------------------------------------------------------------------------------
# Rules


def listed(values):
    """A value, or a list of some; never an empty one."""
    return values | st.lists(values, min_size=1, max_size=3)


def item(modifiers, values):
    """`field|modifiers: values`, some of them with all, neq or cased among the modifiers."""
    fields = st.sampled_from(FIELDS)
    more = some_of("", "", "|all", "|cased", "|neq", "|cased|all", "|neq|all")

    def build(field, modifier, other, value):
        other = other if isinstance(value, list) and len(value) > 1 else other.replace("|all", "")
        return "|".join(filter(None, [field, modifier])) + other, value

    return st.builds(build, fields, modifiers, more, values)


flags = st.lists(st.sampled_from(["i", "m", "s"]), unique=True).map(lambda each: "|".join(["re", *each]))
items = st.one_of(
    item(st.just(""), listed(scalars)),
    item(st.just(""), listed(texts)),
    item(st.just(""), listed(st.sampled_from(NUMBERS))),
    item(shapes, listed(texts | numbers)),
    item(shapes, listed(some_of('"a":', '{"b"', '"b"\t:', ' "a"', '{  "', '\\"a\\":', '"a":"', "\\u0061"))),
    item(some_of("windash", "windash|contains", "contains|windash", "windash|endswith"), listed(option_texts)),
    item(encoders, listed(plain_texts)),
    item(st.builds("{}|{}".format, encoders, shapes), listed(plain_texts)),
    item(some_of("wide|contains", "utf16be", "utf16le|startswith"), listed(st.text("abk", min_size=1, max_size=3))),
    item(flags, listed(expressions())).filter(lambda pair: "cased" not in pair[0]),
    item(st.just("cidr"), listed(st.sampled_from(NETWORKS))).filter(lambda pair: "cased" not in pair[0]),
    item(st.sampled_from(list(oracle.COMPARE)), listed(numbers | st.sampled_from(NUMBERS))).filter(
        lambda pair: "cased" not in pair[0]
    ),
    st.one_of(item(parts_of(part), listed(st.sampled_from(PARTS[part]))) for part in PARTS).filter(
        lambda pair: "cased" not in pair[0]
    ),
    item(some_of("fieldref", "fieldref|contains", "startswith|fieldref"), listed(st.sampled_from(FIELDS))),
    st.tuples(st.sampled_from([f"{field}|exists" for field in FIELDS]), st.booleans()),
)
maps = st.lists(items, min_size=1, max_size=3, unique_by=lambda pair: pair[0]).map(dict)
keywords = texts.filter(lambda text: text.strip("*") != "")
selections = st.one_of(
    maps,
    st.lists(maps, min_size=1, max_size=2),
    st.lists(keywords, min_size=1, max_size=2),
    st.lists(keywords, min_size=2, max_size=2).map(lambda values: {"|all": values}),
    st.tuples(keywords, maps).map(list),
)


def conditions(names):
    """Conditions on selections of these names, with and without parentheses."""
    open_names = [name for name in names if name[0] != "_"]
    patterns = {"them"} | {f"{name[:3]}*" for name in open_names} | {f"*{name[-1]}" for name in open_names}
    of = st.builds("{} of {}".format, some_of("1", "any", "all"), st.sampled_from(sorted(patterns)))
    return st.recursive(
        st.sampled_from(names) | of,
        lambda inner: st.one_of(
            inner.map("not {}".format),
            inner.map("({})".format),
            st.builds("{} {} {}".format, inner, some_of("and", "or"), inner),
        ),
        max_leaves=4,
    )


@st.composite
def rules(draw):
    """The text of a rule."""
    names = draw(st.lists(some_of("sel_a", "sel_b", "filter_a", "_c"), min_size=1, max_size=3, unique=True))
    if all(name[0] == "_" for name in names):
        names.append("sel_a")  # for `them`
    detection = {name: draw(selections) for name in names}
    detection["condition"] = draw(listed(conditions(names)))
    return f"title: generated\nlogsource: {{product: diff}}\ndetection: {make_events.write(detection)}\n"


# ---------------------------------------------------------------------------------------------------------------------
# Events

values = st.recursive(
    scalars | times,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(some_of("a", "b", "c", "b.c"), inner, max_size=2),
    max_leaves=4,
)
objects = st.dictionaries(some_of("a", "b", "c", "a.b", "a.b.c", "b.c"), values, max_size=4)
bodies = st.dictionaries(
    some_of("a", "b", "c"), st.dictionaries(some_of("a", "b"), scalars, min_size=1, max_size=2), min_size=2, max_size=3
)
policies = st.dictionaries(some_of("a", "b"), values.map(make_events.write), max_size=2)  # JSON texts within JSON


def spelt(text, style):
    """The same JSON in other words: with blanks between, or with escapes for all that is not ASCII and for 'a'."""
    if style == "blanks":
        return jsonvalue.STRING.sub(lambda match: f" {match[0]}\t", text).replace("{", "{ ")
    if style == "escapes":
        text = jsonvalue.STRING.sub(lambda match: match[0].replace("a", "\\u0061").replace("/", "\\/"), text)
        return "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)
    return text


events = st.builds(spelt, (objects | bodies | policies).map(make_events.write), some_of("", "blanks", "escapes"))

# ---------------------------------------------------------------------------------------------------------------------


def differences(cases):
    """Runs cases, (rule, events), in one go. Lists what differs, and counts the verdicts that were true and false."""
    numbered = {event: number for number, event in enumerate(dict.fromkeys(e for _, own in cases for e in own))}
    found = program.verdicts([rule for rule, _ in cases], list(numbered))
    wrong, count = {}, Counter()
    for number, (text, own) in enumerate(cases):
        rule = oracle.load_rule(text)
        for event in own:
            want = rule.matches(jsonvalue.read_event(event))
            count[want] += 1
            if want != ((number, numbered[event]) in found) and text not in wrong:
                wrong[text] = f"{text}event:   {event}\noracle:  {want}\nprogram: {not want}"
    return list(wrong.values()), count


def with_made(rule, own):
    return rule, [*own, *make_events.make_events(oracle.load_rule(rule))[:MADE]]


def for_each_example(run):
    """Gives run() the examples, always the same ones; an exception out of it makes hypothesis shrink its example."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    drawn = given(rules(), st.lists(events, min_size=4, max_size=8))(run)
    settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=checks)(seed(SEED)(drawn))()


def judge_alone(rule, own):
    wrong, _ = differences([with_made(rule, own)])
    assert not wrong, wrong[0]


def main():
    cases = []
    for_each_example(lambda rule, own: cases.append(with_made(rule, own)))
    wrong, count = [], Counter()
    for at in range(0, len(cases), A_RUN):
        try:
            differ, verdicts = differences(cases[at : at + A_RUN])
        except RuntimeError as failed:
            differ, verdicts = [str(failed)], {}
        wrong += differ
        count.update(verdicts)
    tap.comment(f"seed {SEED}: {len(cases)} rules, {count.total()} verdicts: {count[True]} true, {count[False]} false")
    if wrong:
        try:
            for_each_example(judge_alone)  # hypothesis tells the smallest example
        except (AssertionError, RuntimeError) as smallest:
            wrong.insert(0, f"the smallest:\n{smallest}\nothers:")
    tap.check("program and oracle agree on generated rules", not wrong, f"{len(wrong)} differences", *wrong[:SHOWN])
    tap.check("generated rules match some events and leave others", min(count[True], count[False]) > 1000, count)
    tap.done()


if __name__ == "__main__":
    main()
