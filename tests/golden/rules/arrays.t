# SPDX-License-Identifier: Apache-2.0
# A path over an array means any element.

name: two
{"name":["one","TWO"]}
match
{"name":["one","three"]}
no match
{"name":[]}
no match

name: [two, three]
{"name":["one","three"]}
match
{"name":["one"]}
no match

name|contains: vi
{"name":["good","evil"]}
match
{"name":["v","i"]}
no match

name|endswith: l
{"name":["lo","evil"]}
match
{"name":["lo"]}
no match

code: 2
{"code":[1,2,"x"]}
match
{"code":["2"]}
match
{"code":[1,22]}
no match

flag: true
{"flag":[false,true]}
match
{"flag":[false]}
no match

items.name: two
{"items":[{"name":"one"},{"name":"two"}]}
match
{"items":[{"name":"one"},{"id":"two"}]}
no match
{"items":{"name":"two"}}
match
{"items":[]}
no match
{"items":["name","two"]}
no match

items.names: two
{"items":[{"names":["one"]},{"names":["three","two"]}]}
match
{"items":[{"names":["one"]}]}
no match

items.list.name: two
{"items":[{"list":[{"name":"one"}]},{"list":[{"name":"two"}]}]}
match
{"items":[{"list":[{"name":"one"}]}]}
no match

items.name: ''
{"items":[{"name":"one"},{"name":""}]}
match
{"items":[{"name":"one"}]}
no match

# not: no element at all.
selection:
    name: two
condition: not selection
{"name":["one","three"]}
match
{"name":["one","two"]}
no match
