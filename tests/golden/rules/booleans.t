# SPDX-License-Identifier: Apache-2.0
# A boolean is what its text says, in any case.

flag: true
{"flag":true}
match
{"flag":"true"}
match
{"flag":"True"}
match
{"flag":"TRUE"}
match
{"flag":false}
no match
{"flag":1}
no match
{"flag":"yes"}
no match
{"flag":null}
no match
{}
no match

flag: 'True'
{"flag":true}
match
{"flag":false}
no match

flag: false
{"flag":false}
match
{"flag":"False"}
match
{"flag":true}
no match
{"flag":0}
no match
{"flag":""}
no match
{"flag":null}
no match
{}
no match

flag: [true, maybe]
{"flag":"Maybe"}
match
{"flag":true}
match
{"flag":false}
no match

# YAML 1.2 knows no other words for them.
flag: yes
{"flag":"Yes"}
match
{"flag":true}
no match
