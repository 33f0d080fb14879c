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
