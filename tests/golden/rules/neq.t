# SPDX-License-Identifier: Apache-2.0
# neq: the field is different from the values. See pitfall_14 for lists and absent fields.

name|neq: evil
{"name":"good"}
match
{"name":"evil"}
no match
{"name":"EVIL"}
no match

name|neq: e*l
{"name":"good"}
match
{"name":"eel"}
no match

code|neq: 5
{"code":6}
match
{"code":5}
no match
{"code":"5"}
no match
{"code":5.0}
no match
{"code":"five"}
match

flag|neq: true
{"flag":false}
match
{"flag":"True"}
no match

name|neq: null
{"name":""}
match
{"name":null}
no match
{}
no match

name|neq: ''
{"name":"x"}
match
{"name":""}
no match

name|contains|neq: evil
{"name":"good"}
match
{"name":"so evil"}
no match

name|re|neq: '^e'
{"name":"good"}
match
{"name":"evil"}
no match

address|cidr|neq: 10.0.0.0/8
{"address":"192.0.2.1"}
match
{"address":"10.9.9.9"}
no match

name|fieldref|neq: other
{"name":"a","other":"b"}
match
{"name":"a","other":"A"}
no match

name|neq|cased: Evil
{"name":"evil"}
match
{"name":"Evil"}
no match
