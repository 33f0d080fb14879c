# SPDX-License-Identifier: Apache-2.0
"""Events made from a rule: hits, the same with one leaf broken, and each leaf's value in other guises.

The way: walk the rule's tree to see which leaves have to be true and which false (an assignment; there are several
where the tree has alternatives), give each field a value that makes its leaves so, and vary one field at a time.
Nobody relies on the events being what they are meant to be: the oracle and the program both judge them.
"""

import base64
import json
import re
from itertools import chain, islice, product

import jsonvalue
import oracle

ALTERNATIVES = 6  # assignments made into events; a list of a thousand values needs not a thousand events
MISSING = object()
# Each minute, hour, day, week and month is one's.
TIMES = [f"2023-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:01Z" for n in range(840)]

# ---------------------------------------------------------------------------------------------------------------------
# Which leaves have to be true, and which false


def assignments(node, wanted=True):
    """Ways to make a node true or false, each a list of (leaf, wanted); the simplest first."""
    if isinstance(node, oracle.Leaf):
        yield [(node, wanted)]
    elif isinstance(node, oracle.Not):
        yield from assignments(node.node, not wanted)
    elif isinstance(node, oracle.All) == wanted:  # each node has to be so
        options = [list(islice(assignments(each, wanted), ALTERNATIVES)) for each in node.nodes]
        # First the first of each; then each alternative of one node beside the first of the others.
        first = [option[0] for option in options]
        yield list(chain(*first))
        for at, option in enumerate(options):
            for other in option[1:]:
                yield list(chain(*first[:at], other, *first[at + 1 :]))
    else:  # one node is enough
        for each in node.nodes:
            yield from islice(assignments(each, wanted), ALTERNATIVES)


# ---------------------------------------------------------------------------------------------------------------------
# A value that makes one leaf true


def literal(pattern):
    """A text that fits a pattern."""
    return "".join({oracle.ANY: "", oracle.ONE: "x", oracle.DASH: "/"}.get(token, token) for token in pattern)


def text_of_expression(expression):
    """A text that fits a regular expression, mostly; look-arounds are passed over."""
    parser = re._parser  # the only reader of expressions that Python has

    def member(items):
        kind, value = items[0]
        if str(kind) == "NEGATE":
            refused = {chr(value) for kind, value in items[1:] if str(kind) == "LITERAL"}
            return next(each for each in "~x0 -" if each not in refused)
        if str(kind) == "RANGE":
            return chr(value[0])
        if str(kind) == "CATEGORY":
            return {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " "}.get(str(value), "w")
        return chr(value)

    def walk(parsed):
        text = ""
        for kind, value in parsed:
            kind = str(kind)
            if kind == "LITERAL":
                text += chr(value)
            elif kind in ("ANY", "NOT_LITERAL"):
                text += "~"
            elif kind == "IN":
                text += member(value)
            elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                text += walk(value[2]) * max(value[0], min(value[1], 1))
            elif kind == "SUBPATTERN":
                text += walk(value[3])
            elif kind == "ATOMIC_GROUP":
                text += walk(value)
            elif kind == "BRANCH":
                text += walk(value[1][0])
        return text

    return walk(parser.parse(expression))


def value_for(leaf):
    """A value of the field that makes the leaf true; MISSING where none is needed."""
    modifiers = leaf.modifiers
    if "exists" in modifiers:
        return "something" if leaf.value else MISSING
    if leaf.value is None:
        return MISSING
    if "fieldref" in modifiers:
        return "referred"
    if "re" in modifiers:
        return text_of_expression(leaf.value)
    if "cidr" in modifiers:
        return leaf.value.split("/")[0]
    if set(modifiers) & set(oracle.TIME_PARTS):
        return next((time for time in TIMES if oracle.value_matches(leaf, time)), "1970-01-01")
    if set(modifiers) & set(oracle.COMPARE):
        return int(float(leaf.value)) + {"lt": -1, "gt": 1}.get(next(m for m in modifiers if m in oracle.COMPARE), 0)
    is_plain = not set(modifiers) - {"all", "neq"}
    if isinstance(leaf.value, bool) or (isinstance(leaf.value, jsonvalue.Number) and is_plain):
        return leaf.value
    patterns = oracle.patterns_of(leaf)
    return literal(patterns[-1]) or ("x" if oracle.ANY in patterns[-1] else "")


def in_base64(leaf):
    """Base64 of texts that have the value of a base64offset leaf inside, behind 0, 1 and 2 other bytes."""
    pattern = oracle.parse_pattern(leaf.value)
    for modifier in leaf.modifiers[: leaf.modifiers.index("base64offset")]:
        (pattern,) = oracle.modify(pattern, modifier)
    for before in range(3):
        yield base64.b64encode(b"~~~"[:before] + oracle.to_bytes(pattern) + b"~~").decode()


def combined(leaves):
    """A value for a field of which several leaves have to be true: one text, or an array where that is not enough."""
    values = list(dict.fromkeys(map(value_for, leaves)))
    if MISSING in values or len(values) == 1:
        return values[0]
    # Beginnings in front, ends behind.
    rank = {leaf: "startswith" in leaf.modifiers and -1 or "endswith" in leaf.modifiers and 1 or 0 for leaf in leaves}
    text = " ".join(dict.fromkeys(str(value_for(leaf)) for leaf in sorted(leaves, key=rank.get)))
    for candidate in [*values, text]:
        if all(oracle.leaf_matches(leaf, holder(leaf.field, candidate)) for leaf in leaves):
            return candidate
    return values


def holder(field, value):
    return jsonvalue.read_event(write({field: value}))


def make_fields(assignment):
    """The fields of an event that makes the leaves so: {path: value}; keywords lie in a field of their own."""
    fields = {}
    for field in {leaf.field: None for leaf, _ in assignment}:
        wanted = [leaf for leaf, truth in assignment if truth and leaf.field == field]
        refused = [leaf for leaf, truth in assignment if not truth and leaf.field == field]
        if wanted:
            value = combined(wanted)
        elif any(leaf.value is None or leaf.value is False and "exists" in leaf.modifiers for leaf in refused):
            value = "present"
        else:
            value = MISSING
        if value is not MISSING:
            fields[field or "message"] = value
        for leaf in wanted:
            if "fieldref" in leaf.modifiers and value is not MISSING:
                fields[leaf.value] = value
    return fields


# ---------------------------------------------------------------------------------------------------------------------
# Events of fields, and other guises of a value


def write(value):
    """JSON, without escapes that are not needed; numbers as they were written."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{write(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    if isinstance(value, jsonvalue.Number):
        return value.removeprefix("+") if jsonvalue.NUMBER.fullmatch(value.removeprefix("+")) else str(int(value, 0))
    return json.dumps(value, ensure_ascii=False)


def nested(fields):
    """An event with the parts of paths as members of members; where that cannot be, with the path as a key."""
    event = {}
    for path, value in fields.items():
        *outer, last = path.split(".")
        node = event
        for part in outer:
            node = node.setdefault(part, {}) if isinstance(node, dict) else None
        if isinstance(node, dict) and last not in node:
            node[last] = value
        else:
            event[path] = value
    return event


def in_arrays(fields, path):
    """The event with the member on the way to a field, or the field itself, inside an array."""
    first, *rest = path.split(".", 1)
    inner = {rest[0]: fields[path]} if rest else fields[path]
    others = {key: value for key, value in fields.items() if key.split(".")[0] != first}
    return nested(others) | {first: [{"other": 1}, nested(inner) if rest else inner]}


def joined(fields, path):
    """The event with the parts of a path joined to keys in every way."""
    others = nested({key: value for key, value in fields.items() if key != path})
    parts = path.split(".")
    for glue in islice(product((".", None), repeat=len(parts) - 1), 8):
        keys = [parts[0]]
        for each, part in zip(glue, parts[1:]):
            keys = [*keys[:-1], f"{keys[-1]}.{part}"] if each else [*keys, part]
        value = fields[path]
        for key in reversed(keys[1:]):
            value = {key: value}
        yield others | {keys[0]: value}


def guises(value):
    """A value in other types, other case, and with something around it."""
    yield from (None, MISSING, "", " ", [], [None], {}, 0, True, "*")
    yield [value]
    yield ["other", value]
    yield [[value]]
    yield {"inner": value}
    text = value if isinstance(value, str) else json.dumps(value)
    yield from (text, text.upper(), text.lower(), text.swapcase(), text.title(), text.casefold())
    yield from (f" {text}", f"{text} ", f"x{text}", f"{text}x", f"{text}\n", f"xx{text}yy", text[1:], text[:-1])
    yield from (text.replace("/", "\\"), text.replace("-", "/"), text.replace("\\", "\\\\"), text.replace(" ", "  "))
    # Letters beyond ASCII that fold to ASCII letters: long s, the Kelvin sign, the sharp s.
    yield from (text.replace("s", "\u017f"), text.replace("k", "\u212a"), text.replace("ss", "\u00df"))
    if jsonvalue.NUMBER.fullmatch(text):
        yield jsonvalue.Number(text)
        yield jsonvalue.Number(f"{text}.0" if re.fullmatch("-?[0-9]+", text) else text)
        yield from (jsonvalue.Number(f"{text}0") if text != "0" else 0, jsonvalue.Number("1"))


def variants(fields):
    """The event itself, and those with one field broken or in another guise."""
    yield nested(fields)
    yield dict(fields)
    for path, value in fields.items():
        yield nested(fields | {path: "something else"})
        for guise in guises(value):
            changed = {key: each for key, each in fields.items() if key != path}
            yield nested(changed if guise is MISSING else changed | {path: guise})
        yield in_arrays(fields, path)
        yield from joined(fields, path)


def make_events(rule):
    """The texts of a rule's own events, each once."""
    events = {}
    ways = list(islice(assignments(rule.tree), ALTERNATIVES))
    for number, assignment in enumerate(ways):
        fields = make_fields(assignment)
        for event in variants(fields) if number == 0 else [nested(fields)]:
            events[write(event)] = None
        for leaf in [leaf for leaf, _ in assignment if "base64offset" in leaf.modifiers]:
            for text in in_base64(leaf):
                events[write(nested(fields | {leaf.field: text}))] = None
        # One leaf the other way round: a wanted one false, an unwanted one true.
        for at, (leaf, truth) in enumerate(assignment[:40] if number == 0 else []):
            turned = [*assignment[:at], (leaf, not truth), *assignment[at + 1 :]]
            events[write(nested(make_fields(turned)))] = None
    for assignment in islice(assignments(rule.tree, False), ALTERNATIVES):
        events[write(nested(make_fields(assignment)))] = None
    return list(events)
