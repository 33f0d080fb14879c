# SPDX-License-Identifier: Apache-2.0
# A value without a modifier is the whole value of the field.

name: evil
{"name":"evil"}
match
{"name":"Evil"}
match
{"name":"evil "}
no match
{"name":"very evil"}
no match
{"name":""}
no match
{"other":"evil"}
no match

# Blanks count.
name: ' evil '
{"name":" evil "}
match
{"name":"evil"}
no match

# How JSON writes a text makes no difference.
name: "evil\t/"
{"name":"\u0065vil\t\/"}
match
{"name":"evil\\t/"}
no match

name|cased: Evil
{"name":"Evil"}
match
{"name":"evil"}
no match
{"name":"EVIL"}
no match

# A list of values is any of them.
name|cased:
    - One
    - Two
{"name":"Two"}
match
{"name":"two"}
no match
