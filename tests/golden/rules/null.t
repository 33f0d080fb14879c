# SPDX-License-Identifier: Apache-2.0
# null is true where the field is absent or null; '' is the empty text only.

name: null
{}
match
{"name":null}
match
{"name":""}
no match
{"name":"null"}
no match
{"name":0}
no match
{"name":false}
no match
{"name":"x"}
no match

name: ''
{"name":""}
match
{"name":null}
no match
{}
no match
{"name":" "}
no match

# Nothing behind the colon is null; the word in quotes is a text.
name:
{}
match
{"name":""}
no match

name: 'null'
{"name":"NULL"}
match
{"name":null}
no match
{}
no match

name: [null, '', '-']
{}
match
{"name":null}
match
{"name":""}
match
{"name":"-"}
match
{"name":"x"}
no match

# "not null" is written with the condition.
selection:
    code: 4738
filter:
    name: null
condition: selection and not filter
{"code":4738,"name":"x"}
match
{"code":4738,"name":""}
match
{"code":4738,"name":null}
no match
{"code":4738}
no match

# The way to the field may be missing, too.
a.b.c: null
{}
match
{"a":null}
match
{"a":{"b":{}}}
match
{"a":"text"}
match
{"a":{"b":{"c":1}}}
no match
