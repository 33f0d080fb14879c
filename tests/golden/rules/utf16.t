# SPDX-License-Identifier: Apache-2.0
# wide, utf16le, utf16be, utf16: the value in UTF-16. Bytes of text are looked for as they are; mostly Base64 follows.

data|wide: cmd
{"data":"c\u0000m\u0000d\u0000"}
match
{"data":"cmd"}
no match
{"data":"\u0000c\u0000m\u0000d"}
no match

data|utf16le|contains: cmd
{"data":"run c\u0000m\u0000d\u0000 now"}
match
{"data":"run cmd now"}
no match

data|utf16be|contains: cmd
{"data":"run \u0000c\u0000m\u0000d now"}
match
{"data":"run c\u0000m\u0000dnow"}
no match

# Base64 of 63 00 6d 00 64 00, of 00 63 00 6d 00 64, and of ff fe 63 00 6d 00 64 00
data|utf16le|base64: cmd
{"data":"YwBtAGQA"}
match
{"data":"AGMAbQBk"}
no match

data|utf16be|base64: cmd
{"data":"AGMAbQBk"}
match
{"data":"YwBtAGQA"}
no match

data|utf16|base64: cmd
{"data":"//5jAG0AZAA="}
match
{"data":"YwBtAGQA"}
no match

# Beyond ASCII: "é" is e9 00, "🔥" is 3d d8 25 dd
data|wide|base64: é
{"data":"6QA="}
match

data|wide|base64: 🔥
{"data":"Pdgl3Q=="}
match
