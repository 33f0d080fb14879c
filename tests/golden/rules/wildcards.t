# SPDX-License-Identifier: Apache-2.0
# In a value '*' is any run of characters, '?' is exactly one.

name: e*l
{"name":"evil"}
match
{"name":"el"}
match
{"name":"EVIL"}
match
{"name":"e\nl"}
match
{"name":"evils"}
no match
{"name":"devil"}
no match

name: '*evil'
{"name":"evil"}
match
{"name":"so evil"}
match
{"name":"evils"}
no match

name: 'evil*'
{"name":"evils"}
match
{"name":"so evils"}
no match

name: '*evil*'
{"name":"so evils"}
match
{"name":"ev il"}
no match

name: ev?l
{"name":"evil"}
match
{"name":"evl"}
no match
{"name":"eviil"}
no match

# One character, however many bytes it takes.
name: caf?
{"name":"café"}
match
{"name":"caf🔥"}
match
{"name":"caf"}
no match
{"name":"cafés"}
no match

name: '?*'
{"name":"x"}
match
{"name":"xyz"}
match
{"name":""}
no match

name: 'a*b*c'
{"name":"abc"}
match
{"name":"a-b-b-c-c"}
match
{"name":"a-c-b"}
no match

name: 'a**b??c'
{"name":"abxyc"}
match
{"name":"a--bxyc"}
match
{"name":"abxc"}
no match

name|cased: E*l
{"name":"Evil"}
match
{"name":"evil"}
no match

# Wildcards inside of what a modifier opens.
name|contains: e?i*
{"name":"so evil"}
match
{"name":"so ei"}
no match

name|startswith: '?vil'
{"name":"evil one"}
match
{"name":"vil one"}
no match

name|endswith: 'e*l'
{"name":"so evil"}
match
{"name":"so evils"}
no match
