# SPDX-License-Identifier: Apache-2.0
# base64: the value in Base64 as a whole. Here: "attack" is YXR0YWNr, "attacks" is YXR0YWNrcw==.

data|base64: attack
{"data":"YXR0YWNr"}
match
{"data":"attack"}
no match
{"data":"YXR0YWNrcw=="}
no match

data|base64: attacks
{"data":"YXR0YWNrcw=="}
match
{"data":"YXR0YWNr"}
no match

data|base64|contains: attack
{"data":"x=YXR0YWNr;"}
match
{"data":"x=attack;"}
no match

data|base64|cased: attack
{"data":"YXR0YWNr"}
match
{"data":"yxr0ywnr"}
no match

data|base64|contains:
    - attack
    - defend
{"data":"ZGVmZW5k"}
match
{"data":"b3RoZXI="}
no match

# What is encoded is the value, escapes taken away: here a star, "*" is Kg==.
data|base64: '\*'
{"data":"Kg=="}
match

# A wildcard has no Base64.
data|base64: att*
refused

data|contains|base64: attack
refused
