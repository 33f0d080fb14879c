# SPDX-License-Identifier: Apache-2.0
# contains '*' means that there is something: not empty, not null, not absent.

errorMessage|contains: '*'
{"errorMessage":"denied"}
match
{"errorMessage":" "}
match
{"errorMessage":0}
match
{"errorMessage":""}
no match
{"errorMessage":null}
no match
{}
no match

requestParameters.layers|contains: '*'
{"requestParameters":{"layers":["arn:x"]}}
match
{"requestParameters":{"layers":[{"id":"x"}]}}
match
{"requestParameters":{}}
no match

# Under `not`: no error.
selection:
    eventName: GetObject
failed:
    errorMessage|contains: '*'
condition: selection and not failed
{"eventName":"GetObject"}
match
{"eventName":"GetObject","errorMessage":null}
match
{"eventName":"GetObject","errorMessage":"denied"}
no match
