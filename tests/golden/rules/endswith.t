# SPDX-License-Identifier: Apache-2.0
# endswith: at the end of the field.

name|endswith: il
{"name":"evil"}
match
{"name":"IL"}
match
{"name":"evils"}
no match
{"name":"evil "}
no match
{"name":"l"}
no match
{}
no match

name|endswith:
    - .exe
    - .dll
{"name":"a.dll"}
match
{"name":"a.dll.txt"}
no match

name|endswith|cased: IL
{"name":"evIL"}
match
{"name":"evil"}
no match

name|endswith: 34
{"name":1234}
match
{"name":"1234"}
match
{"name":1342}
no match
