# SPDX-License-Identifier: Apache-2.0
# re searches, with regard to case; '.' is no newline without `s`; look-around and \d, common in the wild, work.

arn|re: 'role/admin'
{"arn":"arn:aws:iam::111122223333:role/admin-x"}
match
{"arn":"arn:aws:iam::111122223333:role/Admin"}
no match

arn|re|i: 'ROLE/ADMIN'
{"arn":"arn:aws:iam::111122223333:role/Admin"}
match

# contains and its like add wildcards, re does not and needs none.
cmd|re: '^curl'
{"cmd":"curl x"}
match
{"cmd":"so curl x"}
no match

cmd|re: 'curl.*sh$'
{"cmd":"curl x | sh"}
match
{"cmd":"curl x |\nsh"}
no match

cmd|re|s: 'curl.*sh$'
{"cmd":"curl x |\nsh"}
match

cmd|re: '^\d{3}-\w+\s\S$'
{"cmd":"123-abc x"}
match
{"cmd":"12-abc x"}
no match

cmd|re: 'curl(?! --help)'
{"cmd":"curl x"}
match
{"cmd":"curl --help"}
no match

cmd|re: '(?<=-)evil\b'
{"cmd":"so-evil one"}
match
{"cmd":"so evil one"}
no match

cmd|re: '(.)\1{3}'
{"cmd":"aaaa"}
match
{"cmd":"abab"}
no match

cmd|re: '(?i)EVIL'
{"cmd":"so evil"}
match
