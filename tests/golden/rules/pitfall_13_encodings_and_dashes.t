# SPDX-License-Identifier: Apache-2.0
# Modifiers work from left to right; base64offset in all three positions; windash in all permutations.

# Base64 of "Invoke" in UTF-16, behind 0, 2 and 4 bytes of a script (that is 0, 2 and 1 of a group).
script|wide|base64offset|contains: Invoke
{"script":"SQBuAHYAbwBrAGUA"}
match
{"script":"IABJAG4AdgBvAGsAZQAgAHgA"}
match
{"script":"OwAgAEkAbgB2AG8AawBlACAAeAA="}
match
{"script":"Invoke"}
no match

# Of the bytes as they are.
script|base64offset|contains: Invoke
{"script":"SW52b2tl"}
match
{"script":"IEludm9rZSB4"}
match
{"script":"OyBJbnZva2UgeA=="}
match
{"script":"SQBuAHYAbwBrAGUA"}
no match

# The other way round it would be UTF-16 of a Base64 text.
script|base64|wide|contains: Invoke
{"script":"SQBuAHYAbwBrAGUA"}
no match
{"script":"S\u0000W\u00005\u00002\u0000b\u00002\u0000t\u0000l\u0000"}
match

# Edges: 1, 2 and 3 characters behind each other; what is left of one character may be anything.
script|base64offset|contains: http://
{"script":"aHR0cDovL2E="}
match
{"script":"eGh0dHA6Ly9i"}
match
{"script":"eHhodHRwOi8vYw=="}
match
{"script":"ZnRwOi8vYQ=="}
no match

cmd|windash|contains|all:
    - ' -enc -w'
    - ' -nop'
{"cmd":"powershell /enc –w hidden —nop"}
match
{"cmd":"powershell ―enc /w hidden -nop"}
match
{"cmd":"powershell -enc hidden -nop"}
no match
