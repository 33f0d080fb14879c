# SPDX-License-Identifier: Apache-2.0
# The path a.b is the member b of a, and as well the flat key "a.b".

a.b: x
{"a":{"b":"x"}}
match
{"a.b":"x"}
match
{"a":{"b":"y"}}
no match
{"a":"x"}
no match
{"b":"x"}
no match
{"a":{"a":{"b":"x"}}}
no match

a.b.c: x
{"a":{"b":{"c":"x"}}}
match
{"a.b.c":"x"}
match
{"a.b":{"c":"x"}}
match
{"a":{"b.c":"x"}}
match
{"a":{"b":{"d":"x"}}}
no match
{"a.b":{"d":"x"}}
no match

a: x
{"a":"x","b":{"a":"y"}}
match
{"b":{"a":"x"}}
no match

# How a key is written in JSON makes no difference.
name: x
{"n\u0061me":"x"}
match

ключ.ü: x
{"ключ":{"ü":"x"}}
match

"with blank.and-dash_1": x
{"with blank":{"and-dash_1":"x"}}
match

# Of repeated keys the last counts.
name: x
{"name":"y","name":"x"}
match
{"name":"x","name":"y"}
no match
