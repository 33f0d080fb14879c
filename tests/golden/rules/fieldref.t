# SPDX-License-Identifier: Apache-2.0
# fieldref: the value of one field against that of another, without regard to case.

a|fieldref: b
{"a":"evil","b":"evil"}
match
{"a":"Evil","b":"EVIL"}
match
{"a":"evil","b":"evils"}
no match
{"a":"b","b":"x"}
no match
{"a":"x"}
no match
{"b":"x"}
no match
{}
no match

a|fieldref: b
{"a":7,"b":7}
match
{"a":7,"b":8}
no match

a.name|fieldref: b.c.name
{"a":{"name":"x"},"b":{"c":{"name":"x"}}}
match
{"a":{"name":"x"},"b":{"name":"x"}}
no match

a|fieldref|startswith: b
{"a":"evil one","b":"Evil"}
match
{"a":"so evil","b":"evil"}
no match

a|fieldref|endswith: b
{"a":"so evil","b":"EVIL"}
match
{"a":"evil one","b":"evil"}
no match

a|fieldref|contains: b
{"a":"so evil one","b":"EVIL"}
match
{"a":"evil","b":"so evil one"}
no match
{"a":"evil"}
no match

a|startswith|fieldref: b
{"a":"evil one","b":"evil"}
match
{"a":"so evil","b":"evil"}
no match

a|endswith|fieldref: b
{"a":"so evil","b":"evil"}
match
{"a":"evil one","b":"evil"}
no match

a|contains|fieldref: b
{"a":"so evil one","b":"evil"}
match
{"a":"ev il","b":"evil"}
no match

# A value is no pattern.
a|fieldref: b
{"a":"evil","b":"e*"}
no match
{"a":"e*","b":"e*"}
match

# Any of several fields; any elements of arrays.
a|fieldref: [b, c]
{"a":"x","b":"y","c":"x"}
match
{"a":"x","b":"y","c":"z"}
no match

a|fieldref: b
{"a":["x","y"],"b":["z","Y"]}
match
{"a":["x","y"],"b":["z"]}
no match

a|fieldref: b
{"a":"ÄÖÜ","b":"äöü"}
match

# cased: with regard to case.
a|fieldref|cased: b
{"a":"Evil","b":"Evil"}
match
{"a":"Evil","b":"EVIL"}
no match

a|cased|fieldref|contains: b
{"a":"so Evil one","b":"Evil"}
match
{"a":"so Evil one","b":"evil"}
no match

a|fieldref|cased|neq: b
{"a":"Evil","b":"evil"}
match
{"a":"evil","b":"evil"}
no match

# Numbers compare as numbers, also with the text of one; two texts as texts.
a|fieldref: b
{"a":7,"b":"7.0"}
match
{"a":"7e0","b":7}
match
{"a":7.0,"b":7}
match
{"a":"7.0","b":"7"}
no match
{"a":9007199254740993,"b":9007199254740992}
no match
{"a":true,"b":1}
no match

a|fieldref|startswith: b
{"a":7.0,"b":7}
match
{"a":7,"b":7.0}
no match
