# SPDX-License-Identifier: Apache-2.0
# startswith: at the start of the field.

name|startswith: ev
{"name":"evil"}
match
{"name":"EV"}
match
{"name":"devil"}
no match
{"name":" evil"}
no match
{"name":"e"}
no match
{}
no match

name|startswith:
    - one
    - two
{"name":"two"}
match
{"name":"and two"}
no match

name|startswith|cased: Ev
{"name":"Evil"}
match
{"name":"evil"}
no match

name|startswith: 12
{"name":1234}
match
{"name":"1234"}
match
{"name":312}
no match

name|startswith|all:
    - evil
    - e*l
{"name":"evil one"}
match
{"name":"eel"}
no match
