# SPDX-License-Identifier: Apache-2.0
# exists: about the presence of the field, not its value.

name|exists: true
{"name":"x"}
match
{"name":""}
match
{"name":0}
match
{"name":false}
match
{"name":null}
match
{"name":{}}
match
{"other":"x"}
no match
{}
no match

name|exists: false
{}
match
{"other":{"name":"x"}}
match
{"name":"x"}
no match
{"name":null}
no match
{"name":""}
no match

a.b|exists: true
{"a":{"b":1}}
match
{"a.b":null}
match
{"a":{"c":1}}
no match
{"a":null}
no match
{"a":"b"}
no match

items.name|exists: true
{"items":[{"id":1},{"name":"x"}]}
match
{"items":[{"id":1}]}
no match

name|exists: true
other|exists: false
{"name":"x"}
match
{"name":"x","other":"y"}
no match
