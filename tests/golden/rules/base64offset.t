# SPDX-License-Identifier: Apache-2.0
# base64offset: the value somewhere inside of a text in Base64, so behind 0, 1 or 2 bytes of a group of three.

# Base64 of "attack", "xattack", "xyattack", "xyzattack now", "attach"
data|base64offset|contains: attack
{"data":"YXR0YWNr"}
match
{"data":"eGF0dGFjaw=="}
match
{"data":"eHlhdHRhY2s="}
match
{"data":"eHl6YXR0YWNrIG5vdw=="}
match
{"data":"YXR0YWNo"}
no match
{"data":"attack"}
no match

# The ends that neighbours change are left out: Base64 of "-attacker", "--attack!", "--attacK-"
data|base64offset|contains: attack
{"data":"LWF0dGFja2Vy"}
match
{"data":"LS1hdHRhY2sh"}
match
{"data":"LS1hdHRhY0st"}
no match

# Base64 of "defend it", "not attacked", "nothing"
data|base64offset|contains:
    - attack
    - defend
{"data":"ZGVmZW5kIGl0"}
match
{"data":"bm90IGF0dGFja2Vk"}
match
{"data":"bm90aGluZw=="}
no match

data|base64offset|contains: att*
refused
