# SPDX-License-Identifier: Apache-2.0
# null is true where the key is absent and where it is null; exists is about the key; '' is the empty text only.

errorCode: null
{"eventName":"GetObject"}
match
{"eventName":"GetObject","errorCode":null}
match
{"errorCode":""}
no match
{"errorCode":"AccessDenied"}
no match

errorCode|exists: true
{"errorCode":null}
match
{"errorCode":""}
match
{"eventName":"GetObject"}
no match

errorCode|exists: false
{"eventName":"GetObject"}
match
{"errorCode":null}
no match

errorCode: ''
{"errorCode":""}
match
{"errorCode":null}
no match
{"eventName":"GetObject"}
no match

# Below a null there is nothing.
responseElements.user.name: null
{"responseElements":null}
match
{"responseElements":{"user":null}}
match
{"responseElements":{"user":{"name":"eve"}}}
no match

responseElements.user.name|exists: true
{"responseElements":null}
no match
