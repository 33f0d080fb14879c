# SPDX-License-Identifier: Apache-2.0
# A field that is an object is its JSON text: as written, without the blanks between, and with inner JSON texts unescaped.

requestParameters|contains: Suspended
{"requestParameters":{"VersioningConfiguration":{"Status":"Suspended"}}}
match
{"requestParameters":{"VersioningConfiguration":{"Status":"Enabled"}}}
no match

requestParameters|contains: '"Status":"Suspended"'
{"requestParameters":{"a":{"Status":"Suspended"}}}
match
{"requestParameters": {"a": { "Status" : "Suspended" } } }
match
{"requestParameters":{"a":{"Status":"Enabled","Other":"Suspended"}}}
no match

# Blanks in texts stay.
requestParameters|contains: '"a b":"c  d"'
{"requestParameters": { "a b" : "c  d" } }
match
{"requestParameters": { "ab" : "cd" } }
no match

# As written.
requestParameters|contains: '{ "a" : 1 }'
{"requestParameters":{ "a" : 1 }}
match
{"requestParameters":{"a":1}}
no match

# A policy is a JSON text within JSON.
requestParameters|contains|all:
    - '"arn:aws:s3:::bucket'
    - '"s3:GetObject"'
{"requestParameters":{"policyDocument":"{\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::bucket/*\"}"}}
match
{"requestParameters":{"policyDocument":{"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}}
match
{"requestParameters":{"policyDocument":"{\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::bucket/*\"}"}}
no match

responseElements|contains: '"Failure"'
{"responseElements":{"ConsoleLogin":"Failure"}}
match
{"responseElements":null}
no match

# The order of members does not change from run to run: it is that of the record.
requestParameters: '{"b":1,"a":2}'
{"requestParameters":{"b":1,"a":2}}
match
{"requestParameters":{"a":2,"b":1}}
no match

requestParameters|startswith: '{"a"'
{"requestParameters":{"a":1}}
match

requestParameters|endswith: '}]}'
{"requestParameters":{"a":[{"b":1}]}}
match

requestParameters|re: '"count":[1-9][0-9]+[,}]'
{"requestParameters":{"count":12}}
match
{"requestParameters":{"count":2}}
no match

# An object in an array.
requestParameters.layers|contains: '"arn:'
{"requestParameters":{"layers":[{"id":"arn:x"}]}}
match
{"requestParameters":{"layers":[{"id":"x"}]}}
no match
