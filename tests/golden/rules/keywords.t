# SPDX-License-Identifier: Apache-2.0
# A value without a field is looked for in every text of the record, also as a part of it.

- evil
{"name":"so evil one"}
match
{"name":"EVIL"}
match
{"a":{"b":[{"c":"evil"}]}}
match
{"name":"ev","other":"il"}
no match
{"name":"good"}
no match
{}
no match

# Keys are texts, too.
- evil
{"so_evil":1}
match
{"a":{"Evil":null}}
match

# Any of a list.
- evil
- bad
{"name":"too bad"}
match
{"name":"good"}
no match

# Blanks count, and a keyword never reaches from one text into the next.
- 'very evil'
{"name":"very evil"}
match
{"name":"very  evil"}
no match
{"a":"very","b":"evil"}
no match

- 'a":"b'
{"a":"b"}
no match
{"text":"{\"a\":\"b\"}"}
match

'|all':
    - evil
    - bad
{"one":"bad","two":"evil"}
match
{"name":"evil and bad"}
match
{"name":"evil"}
no match

# Wildcards, and escapes of them.
- e*l one
{"name":"so evil one"}
match
{"name":"one evil"}
no match

- ev?l
{"name":"so evil"}
match
{"name":"so evl"}
no match

- 'what\?'
{"name":"so what?"}
match
{"name":"so whatever"}
no match

- 'C:\Windows\'
{"name":"in c:\\windows\\system32"}
match
{"name":"in c:/windows/system32"}
no match

# Folding is Unicode.
- übel
{"name":"SO ÜBEL"}
match

# Selections of keywords and of fields.
keywords:
    - evil
selection:
    code: 7
condition: keywords and selection
{"name":"evil","code":7}
match
{"name":"evil","code":8}
no match

'|re':
    - ev[a-i]l$
{"name":"so evil"}
match
{"name":"so Evil"}
no match
{"name":"evil one"}
no match

'|cased':
    - Evil
{"name":"so Evil"}
match
{"name":"so evil"}
no match
