# SPDX-License-Identifier: Apache-2.0
# contains: anywhere in the field; without regard to case; also in the text of numbers.

name|contains: vi
{"name":"evil"}
match
{"name":"VILE"}
match
{"name":"v i"}
no match
{"name":""}
no match
{"name":null}
no match
{}
no match

name|contains:
    - one
    - two
{"name":"twofold"}
match
{"name":"three"}
no match

name|contains|all:
    - one
    - two
{"name":"two, one"}
match
{"name":"twofold"}
no match

# In any order of the two modifiers.
name|all|contains:
    - one
    - two
{"name":"two, one"}
match
{"name":"twofold"}
no match

name|contains|cased: Vi
{"name":"eVil"}
match
{"name":"evil"}
no match

name|cased|contains: Vi
{"name":"eVil"}
match
{"name":"evil"}
no match

name|contains: 23
{"name":12345}
match
{"name":"12345"}
match
{"name":13245}
no match

name|contains: '.5'
{"name":1.5}
match
{"name":15}
no match
