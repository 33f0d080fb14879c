# SPDX-License-Identifier: Apache-2.0
# re: a regular expression, searched for, with regard to case; i, m and s change that.

name|re: v.l
{"name":"evil"}
match
{"name":"evil one"}
match
{"name":"eVil"}
no match
{"name":"v\nl"}
no match
{"name":null}
no match
{}
no match

name|re: ^evil$
{"name":"evil"}
match
{"name":"so evil"}
no match
{"name":"so\nevil\none"}
no match

name|re|i: ^evil$
{"name":"EVIL"}
match
{"name":"EVILS"}
no match

name|re|i: ^übel$
{"name":"ÜBEL"}
match

name|re|m: ^evil$
{"name":"so\nevil\none"}
match
{"name":"so\nEvil\none"}
no match
{"name":"so evil one"}
no match

name|re|s: ^e.l$
{"name":"e\nl"}
match
{"name":"E\nl"}
no match

name|re|i|m|s: ^e.l$
{"name":"so\nE\nL\none"}
match
{"name":"so e l one"}
no match

# Quantifiers, classes, groups, alternation; `.` is one character, not one byte.
name|re: ^(ab+|[^c-x]{2,3})?z$
{"name":"abbz"}
match
{"name":"yyz"}
match
{"name":"z"}
match
{"name":"xz"}
no match

name|re: ^.$
{"name":"é"}
match
{"name":"ee"}
no match

# A list is any of them.
name|re:
    - ^one
    - two$
{"name":"one thing"}
match
{"name":"not two"}
match
{"name":"two or one"}
no match

# The text of numbers.
code|re: ^4[0-9]+$
{"code":42}
match
{"code":"42"}
match
{"code":24}
no match

# Any element of an array.
name|re: ^e
{"name":["good","evil"]}
match
{"name":["good","so evil"]}
no match

name|re: .*
{"name":""}
match
{"name":null}
no match
{}
no match
