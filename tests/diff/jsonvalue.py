# SPDX-License-Identifier: Apache-2.0
"""The values of events and rules, as they were written: JSON with the raw text of each object and number."""

import json
import re
from fractions import Fraction

# null, true and false are Python's, texts are str; a number is its text.
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")  # JSON's


class Number(str):
    """A number, as it was written."""


class Object(dict):
    """The members of a JSON object (of repeated keys, the last), and its text as written."""

    raw = ""


def amount(text):
    """What the text of a number is worth: whole numbers of 64 bits exactly, all others as the nearest double."""
    if re.fullmatch(r"0[xo][0-9a-fA-F]+", text):
        return Fraction(int(text, 0))
    if re.fullmatch(r"[-+]?[0-9]+", text) and -(2**63) <= int(text) < 2**64:
        return Fraction(int(text))
    double = float(text)
    return Fraction(double) if abs(double) != float("inf") else double


def amount_of(value):
    """What a value is worth: a number, or a text that is one; else None."""
    if isinstance(value, Number) or (isinstance(value, str) and NUMBER.fullmatch(value)):
        return amount(value)
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Events: JSON, with the raw text of each object and number.

BLANKS = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
WORD = re.compile(r"null|true|false")
WORDS = {"null": None, "true": True, "false": False}


def skip_blanks(text, at):
    return BLANKS.match(text, at).end()


def read_value(text, at):
    """The JSON value at a place, and the place behind it."""
    at = skip_blanks(text, at)
    if text[at] == "{":
        return read_object(text, at)
    if text[at] == "[":
        return read_array(text, at)
    if text[at] == '"':
        literal = STRING.match(text, at)
        return json.loads(literal[0]), literal.end()
    if number := NUMBER.match(text, at):
        return Number(number[0]), number.end()
    word = WORD.match(text, at)
    return WORDS[word[0]], word.end()


def read_array(text, start):
    values, at = [], skip_blanks(text, start + 1)
    while text[at] != "]":
        value, at = read_value(text, at)
        values.append(value)
        at = skip_blanks(text, at)
        if text[at] == ",":
            at = skip_blanks(text, at + 1)
    return values, at + 1


def read_object(text, start):
    members, at = Object(), skip_blanks(text, start + 1)
    while text[at] != "}":
        key = STRING.match(text, at)
        value, at = read_value(text, skip_blanks(text, key.end()) + 1)  # 1 for the colon
        members[json.loads(key[0])] = value
        at = skip_blanks(text, at)
        if text[at] == ",":
            at = skip_blanks(text, at + 1)
    members.raw = text[start : at + 1]
    return members, at + 1


def read_event(text):
    return read_value(text, 0)[0]


def find(node, parts):
    """The values at a path: in objects by any way of joining its parts to keys, in arrays in each element."""
    if not parts:
        return [node]
    if isinstance(node, list):
        return [value for element in node for value in find(element, parts)]
    found = []
    if isinstance(node, Object):
        for count in range(1, len(parts) + 1):
            key = ".".join(parts[:count])
            if key in node:
                found += find(node[key], parts[count:])
    return found


def elements(values):
    """The values, with those of arrays in place of the arrays."""
    for value in values:
        if isinstance(value, list):
            yield from elements(value)
        else:
            yield value


def texts(value):
    """The texts by which a value matches: none for null, one for most, several for an object."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, Object):
        compact = re.sub(STRING.pattern + r"|[ \t\r\n]+", lambda m: m[0] if m[0][0] == '"' else "", value.raw)
        return [value.raw, compact, STRING.sub(lambda m: f'"{json.loads(m[0])}"', compact)]
    return [value]


def keywords_of(node):
    """All keys and texts of an event."""
    if isinstance(node, Object):
        for key, value in node.items():
            yield key
            yield from keywords_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from keywords_of(value)
    elif isinstance(node, str) and not isinstance(node, Number):
        yield node
