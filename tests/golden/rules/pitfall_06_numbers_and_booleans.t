# SPDX-License-Identifier: Apache-2.0
# A number is equal to its text and a boolean to its word, on either side; big integers stay exact.

EventID: 4688
{"EventID":4688}
match
{"EventID":"4688"}
match
{"EventID":46880}
no match

ResultType: '50057'
{"ResultType":50057}
match
{"ResultType":"50057"}
match

count|gt: 100
{"count":"101"}
match
{"count":"99"}
no match

# CloudTrail carries a real boolean.
requestParameters.enable: 'false'
{"requestParameters":{"enable":false}}
match
{"requestParameters":{"enable":"false"}}
match
{"requestParameters":{"enable":true}}
no match
{"requestParameters":{}}
no match

requestParameters.enable: true
{"requestParameters":{"enable":"true"}}
match
{"requestParameters":{"enable":"True"}}
match

id: 9007199254740993
{"id":9007199254740993}
match
{"id":9007199254740992}
no match

id: 18446744073709551615
{"id":18446744073709551615}
match
{"id":18446744073709551614}
no match
{"id":-1}
no match
