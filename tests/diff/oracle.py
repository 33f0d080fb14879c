# SPDX-License-Identifier: Apache-2.0
"""What a Sigma rule says of an event: slow, obvious, and written from the specification alone.

A judge beside the program: it shares nothing with it, and does each thing the way the text says it, however long that
takes. Sources: the Sigma specification 2.1 and docs/reference/sigma.md, which decides where the specification is open.

    load_rule(text of a YAML file).matches(jsonvalue.read_event(text of a JSON object))

A rule is a tree: All(nodes), Any(nodes), Not(node), Leaf(field, modifiers, value). Each value of a list is a leaf.

What is not judged: whether a rule is refused; log sources; filters; correlations. Regular expressions are Python's,
which are those of PCRE2 for what rules use, except that \\d, \\w, \\s and \\b know Unicode here, that \\h, \\K, \\R,
\\z and [[:classes:]] are missing, and that with `m` ^ is also true behind a newline that ends the text.
"""

import base64
import ipaddress
import operator
import re
from collections import namedtuple
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import product

import yaml

from jsonvalue import Number, amount, amount_of, elements, find, keywords_of, read_event, texts

# ---------------------------------------------------------------------------------------------------------------------
# Patterns: lists of characters and of these.

ANY, ONE, DASH = "any run of characters", "any one character", "any dash"
DASHES = "-/\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"


def parse_pattern(value):
    """A backslash is one, unless before '*', '?' or a backslash, which it makes ordinary."""
    parsed = re.findall(r"\\[*?\\]|.", value, re.DOTALL)
    return [{"*": ANY, "?": ONE}.get(token, token[-1]) for token in parsed]


@lru_cache(maxsize=10_000)
def letters_of(text, cased):
    """The folded letters of a text, and which of them begin a character: folding may make several letters of one."""
    folded = [character if cased else character.casefold() for character in text]
    starts = [at == 0 for letters in folded for at in range(len(letters))]
    return "".join(folded), [*starts, True]


def pattern_matches(pattern, text, cased):
    """Whether all of a text fits a pattern. '?' is one character of the text as it stands, others compare folded."""
    if text == "":
        return not pattern  # '*' says that there is something
    letters, starts = letters_of(text, cased)
    places = {0}  # where the text may go on behind the tokens so far
    for token in pattern:
        if not places:
            return False
        if token == ANY:
            places = set(range(min(places), len(letters) + 1))
        elif token == ONE:
            places = {starts.index(True, at + 1) for at in places if at < len(letters) and starts[at]}
        elif token == DASH:
            places = {at + 1 for at in places if at < len(letters) and letters[at] in DASHES}
        else:
            for letter in letters_of(token, cased)[0]:
                places = {at + 1 for at in places if at < len(letters) and letters[at] == letter}
    return len(letters) in places


def to_bytes(pattern):
    if isinstance(pattern, bytes):
        return pattern
    if {ANY, ONE, DASH} & set(pattern):
        raise ValueError("a wildcard cannot be encoded")
    return "".join(pattern).encode()


def to_characters(pattern):
    """Bytes that are no text become a character that no text has."""
    return list(pattern.decode(errors="surrogateescape")) if isinstance(pattern, bytes) else pattern


def base64_offsets(raw):
    """What of the Base64 of any text with these bytes inside is always the same, behind 0, 1 and 2 other bytes."""
    for before in range(3):
        encoded = base64.b64encode(b" " * before + raw)
        first = (0, 2, 3)[before]
        last = len(encoded) - (0, 3, 2)[(before + len(raw)) % 3]
        yield encoded[first:last]


ENCODINGS = {
    "utf16le": lambda text: text.encode("utf-16-le"),
    "wide": lambda text: text.encode("utf-16-le"),
    "utf16be": lambda text: text.encode("utf-16-be"),
    "utf16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
}


def spelt(pattern):
    """The pattern with each dash in every form, each combination of them: what is encoded has no any-dash."""
    if isinstance(pattern, bytes):
        return [pattern]
    return map(list, product(*(DASHES if token == DASH else [token] for token in pattern)))


def modify(pattern, modifier):
    """The patterns that a modifier makes of one."""
    if modifier in ENCODINGS:
        return [ENCODINGS[modifier](to_bytes(each).decode()) for each in spelt(pattern)]
    if modifier == "base64":
        return [base64.b64encode(to_bytes(each)) for each in spelt(pattern)]
    if modifier == "base64offset":
        return [new for each in spelt(pattern) for new in base64_offsets(to_bytes(each))]
    pattern = to_characters(pattern)
    if modifier == "windash":
        return [[DASH if token in DASHES else token for token in pattern]]
    before = [ANY] if modifier in ("contains", "endswith") else []
    behind = [ANY] if modifier in ("contains", "startswith") else []
    return [before + pattern + behind]


@cache
def patterns_of(leaf):
    """The patterns of a leaf, one of which must fit."""
    patterns = [parse_pattern(texts(leaf.value)[0])]
    for modifier in leaf.modifiers:
        if modifier not in ("all", "neq", "cased"):
            patterns = [new for pattern in patterns for new in modify(pattern, modifier)]
    patterns = [to_characters(pattern) for pattern in patterns]
    return [[ANY, *pattern, ANY] for pattern in patterns] if leaf.field == "" else patterns


# ---------------------------------------------------------------------------------------------------------------------
# Rules

All = namedtuple("All", "nodes")
Any = namedtuple("Any", "nodes")
Not = namedtuple("Not", "node")
Leaf = namedtuple("Leaf", "field modifiers value")

COMPARE = {
    "lt": lambda a, b: a < b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b,
}  # fmt: skip
TIME_PARTS = {
    "minute": lambda time: time.minute, "hour": lambda time: time.hour, "day": lambda time: time.day,
    "week": lambda time: time.isocalendar()[1], "month": lambda time: time.month, "year": lambda time: time.year,
}  # fmt: skip
REGEX_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
SHAPES = ("contains", "startswith", "endswith")


def evaluate(node, event):
    if isinstance(node, All):
        return all(evaluate(each, event) for each in node.nodes)
    if isinstance(node, Any):
        return any(evaluate(each, event) for each in node.nodes)
    if isinstance(node, Not):
        return not evaluate(node.node, event)
    return leaf_matches(node, event)


def leaf_matches(leaf, event):
    """Whether the field, in any of its elements, is what value and modifiers say (neq is a Not around leaves)."""
    modifiers = leaf.modifiers
    if leaf.field == "":
        return any(text_matches(leaf, text) for text in keywords_of(event))
    found = find(event, leaf.field.split("."))
    if "exists" in modifiers:
        return bool(found) == leaf.value
    values = list(elements(found))
    if leaf.value is None:
        return not found or None in values
    if "fieldref" in modifiers:
        others = elements(find(event, leaf.value.split(".")))
        return any(same_field(value, other, modifiers) for other in others for value in values)
    return any(value_matches(leaf, value) for value in values)


def value_matches(leaf, value):
    part, order = (next((m for m in leaf.modifiers if m in table), None) for table in (TIME_PARTS, COMPARE))
    if part or order:
        worth = part_of(value, part) if part else amount_of(value)
        return worth is not None and COMPARE.get(order, operator.eq)(worth, amount(leaf.value))
    if "cidr" in leaf.modifiers:
        return isinstance(value, str) and in_network(value, leaf.value)
    if not set(leaf.modifiers) - {"all", "neq", "cased"} and same_number(leaf.value, value):
        return True
    return any(text_matches(leaf, text) for text in texts(value))


def text_matches(leaf, text):
    if "re" in leaf.modifiers:
        flags = sum(flag for modifier, flag in REGEX_FLAGS.items() if modifier in leaf.modifiers)
        return re.search(leaf.value, text, flags) is not None
    return any(pattern_matches(pattern, text, "cased" in leaf.modifiers) for pattern in patterns_of(leaf))


TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?(?:[Zz]| ?([-+])([0-9]{2}):?([0-9]{2}))?)?"
)
UNITS = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}  # of a second, by the digits of the number since 1970


def time_of(value):
    """The time that a text or a number is, in UTC; None where it is none."""
    worth = amount_of(value)
    if worth is not None:
        whole = int(worth) if 0 < worth < 10**19 else 0
        unit = UNITS.get(len(str(whole)))
        return unit and datetime(1970, 1, 1) + timedelta(seconds=whole // unit)
    match = TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    year, month, day, hour, minute, second, ahead, behind = (int(part or 0) for part in match.group(1, 2, 3, 4, 5, 6, 8, 9))
    if not 1678 <= year <= 2261 or second > 60 or ahead > 23 or behind > 59:
        return None
    try:
        local = datetime(year, month, day, hour, minute) + timedelta(seconds=second)  # 60 is the next minute
    except ValueError:
        return None
    return local - timedelta(hours=ahead, minutes=behind) * (-1 if match[7] == "-" else 1)


def part_of(value, part):
    time = time_of(value)
    return time and TIME_PARTS[part](time)


def same_number(a, b):
    """Two numbers, or a number and its text. Two texts are compared as texts."""
    if not isinstance(a, Number) and not isinstance(b, Number):
        return False
    return amount_of(a) is not None and amount_of(a) == amount_of(b)


def same_field(value, other, modifiers):
    """fieldref: the value of a field, and that of the field that it is compared with."""
    shape = next((modifier for modifier in modifiers if modifier in SHAPES), None)
    if not shape and same_number(value, other):
        return True
    fold = str if "cased" in modifiers else str.casefold
    for a, b in product(map(fold, texts(value)), map(fold, texts(other))):
        if {"contains": b in a, "startswith": a.startswith(b), "endswith": a.endswith(b)}.get(shape, a == b):
            return True
    return False


def in_network(text, network):
    if "%" in text:
        return False  # a zone is no part of an address
    try:
        return ipaddress.ip_address(text) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


# What a rule's YAML says: the core schema of YAML 1.2, in which yes, no, on, off and dates are texts.


class Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}


for tag, form in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
}.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{form})\\Z"), None)
for tag in ("int", "float"):
    Loader.add_constructor(f"tag:yaml.org,2002:{tag}", lambda loader, node: Number(node.value))


def read_item(key, values):
    """One line of a selection, `field|modifier|...: value`."""
    field, *modifiers = key.split("|")
    values = values if isinstance(values, list) else [values]
    leaves = [Leaf(field, tuple(modifiers), value) for value in values]
    node = leaves[0] if len(leaves) == 1 else All(leaves) if "all" in modifiers else Any(leaves)
    return Not(node) if "neq" in modifiers else node


def read_selection(selection):
    """A map is all of its items, a list any of its maps; what has no field is a keyword."""
    if isinstance(selection, dict):
        return All([read_item(key, values) for key, values in selection.items()])
    if isinstance(selection, list):
        return Any([read_selection(each) for each in selection])
    return Leaf("", (), selection)


class Condition:
    """not binds closer than and, and closer than or."""

    def __init__(self, text, selections):
        self.tokens = re.findall(r"[()]|[^\s()]+", text) + [""]
        self.selections = selections

    def take(self, *wanted):
        return self.tokens.pop(0) if not wanted or self.tokens[0] in wanted else None

    def either(self):
        nodes = [self.both()]
        while self.take("or"):
            nodes.append(self.both())
        return nodes[0] if len(nodes) == 1 else Any(nodes)

    def both(self):
        nodes = [self.negated()]
        while self.take("and"):
            nodes.append(self.negated())
        return nodes[0] if len(nodes) == 1 else All(nodes)

    def negated(self):
        if self.take("not"):
            return Not(self.negated())
        if self.take("("):
            node = self.either()
            self.take(")")
            return node
        word = self.take()
        if self.tokens[0] != "of":
            return self.selections[word]
        self.take("of")
        pattern = self.take()
        form = ".*" if pattern == "them" else ".*".join(re.escape(part) for part in pattern.split("*"))
        nodes = [node for name, node in self.selections.items() if re.fullmatch(form, name) and name[0] != "_"]
        return All(nodes) if word == "all" else Any(nodes)


class Rule:
    def __init__(self, document):
        detection = document["detection"]
        self.selections = {
            name: read_selection(each) for name, each in detection.items() if name not in ("condition", "timeframe")
        }
        conditions = detection["condition"]
        conditions = conditions if isinstance(conditions, list) else [conditions]
        self.tree = Any([Condition(condition, self.selections).either() for condition in conditions])

    def matches(self, event):
        return evaluate(self.tree, event)


def load_rule(text):
    return Rule(yaml.load(text, Loader))
