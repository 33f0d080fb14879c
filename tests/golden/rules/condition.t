# SPDX-License-Identifier: Apache-2.0
# The condition: or binds least, then and, not, `1 of`, parentheses. Here every selection looks at one letter.

a: {a: 1}
b: {b: 1}
condition: a and b
{"a":1,"b":1}
match
{"a":1}
no match

a: {a: 1}
b: {b: 1}
condition: a or b
{"b":1}
match
{"c":1}
no match

a: {a: 1}
condition: not a
{"a":2}
match
{"a":1}
no match

a: {a: 1}
condition: not not a
{"a":1}
match
{"a":2}
no match

a: {a: 1}
b: {b: 1}
c: {c: 1}
condition: a or b and c
{"a":1}
match
{"b":1,"c":1}
match
{"b":1}
no match

a: {a: 1}
b: {b: 1}
c: {c: 1}
condition: (a or b) and c
{"b":1,"c":1}
match
{"a":1}
no match

a: {a: 1}
b: {b: 1}
condition: not a and b
{"b":1}
match
{"a":1,"b":1}
no match
{}
no match

a: {a: 1}
b: {b: 1}
condition: not (a and b)
{"a":1}
match
{"a":1,"b":1}
no match

a: {a: 1}
b: {b: 1}
c: {c: 1}
condition: a and not (b or (c and not b))
{"a":1}
match
{"a":1,"b":1}
no match
{"a":1,"c":1}
no match

# Several lines of YAML are one condition.
a: {a: 1}
b: {b: 1}
condition: >-
    a
    and not b
{"a":1}
match
{"a":1,"b":1}
no match

# A selection that the condition leaves out counts for nothing.
a: {a: 1}
b: {b: 1}
condition: a
{"a":1}
match
{"b":1}
no match

# A list of conditions is any of them.
a: {a: 1}
b: {b: 1}
c: {c: 1}
condition:
    - a and b
    - c
{"c":1}
match
{"a":1,"b":1}
match
{"a":1}
no match
