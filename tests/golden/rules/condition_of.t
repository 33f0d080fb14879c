# SPDX-License-Identifier: Apache-2.0
# `1 of`, `any of` and `all of`, of `them` or of a pattern of names.

sel_a: {a: 1}
sel_b: {b: 1}
other: {c: 1}
condition: 1 of them
{"c":1}
match
{"d":1}
no match

sel_a: {a: 1}
sel_b: {b: 1}
condition: any of them
{"b":1}
match
{"c":1}
no match

sel_a: {a: 1}
sel_b: {b: 1}
condition: all of them
{"a":1,"b":1}
match
{"b":1}
no match

sel_a: {a: 1}
sel_b: {b: 1}
other: {c: 1}
condition: 1 of sel_*
{"b":1}
match
{"c":1}
no match

sel_a: {a: 1}
sel_b: {b: 1}
other: {c: 1}
condition: any of sel_*
{"b":1}
match
{"c":1}
no match

sel_a: {a: 1}
sel_b: {b: 1}
other: {c: 1}
condition: all of sel_*
{"a":1,"b":1}
match
{"a":1,"c":1}
no match

# '*' may stand anywhere in the pattern.
sel_a_x: {a: 1}
sel_b_x: {b: 1}
sel_c_y: {c: 1}
condition: 1 of sel*_x
{"b":1}
match
{"c":1}
no match

pre_sel: {a: 1}
other: {b: 1}
condition: 1 of *sel
{"a":1}
match
{"b":1}
no match

sel_1: {a: 1}
sel_2: {b: 1}
filter_1: {c: 1}
filter_2: {d: 1}
condition: all of sel_* and not 1 of filter_*
{"a":1,"b":1}
match
{"a":1,"b":1,"d":1}
no match
{"a":1}
no match

sel_1: {a: 1}
sel_2: {b: 1}
condition: not all of sel_*
{"a":1}
match
{"a":1,"b":1}
no match

keywords: [evil]
sel_1: {a: 1}
sel_2: {b: 1}
condition: keywords and (1 of sel_*)
{"name":"evil","b":1}
match
{"name":"evil"}
no match

# A name that begins with '_' is not one of them; by its name it can be used.
_helper: {a: 1}
sel: {b: 1}
condition: 1 of them
{"b":1}
match
{"a":1}
no match

_helper: {a: 1}
sel: {b: 1}
condition: all of them
{"b":1}
match
{"a":1}
no match

_helper: {a: 1}
sel: {b: 1}
condition: sel and not _helper
{"b":1}
match
{"a":1,"b":1}
no match
