# SPDX-License-Identifier: Apache-2.0
# A list of values is any of them, with `all` each; a map is all of its items; a list of maps any of the maps; a list of texts keywords.

eventName: [StopLogging, DeleteTrail]
{"eventName":"DeleteTrail"}
match
{"eventName":"GetTrail"}
no match

cmd|contains|all: [curl, sh]
{"cmd":"curl x | sh"}
match
{"cmd":"curl x"}
no match

eventSource: s3.amazonaws.com
eventName: GetObject
{"eventSource":"s3.amazonaws.com","eventName":"GetObject"}
match
{"eventSource":"s3.amazonaws.com","eventName":"PutObject"}
no match

- eventSource: s3.amazonaws.com
- eventName: GetObject
{"eventSource":"s3.amazonaws.com","eventName":"PutObject"}
match
{"eventSource":"iam.amazonaws.com","eventName":"PutUserPolicy"}
no match

# Keywords are parts of texts, not whole values.
- evil
- '* bad *'
{"message":"so evil one"}
match
{"message":"a bad one"}
match
{"message":"bad"}
no match

'|all':
    - OabVirtualDirectory
    - ' -ExternalUrl '
{"message":"Set-OabVirtualDirectory -ExternalUrl x"}
match
{"cmd":"set-oabvirtualdirectory","arguments":"x -externalurl y"}
match
{"message":"Set-OabVirtualDirectory"}
no match
