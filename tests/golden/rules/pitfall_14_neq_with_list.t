# SPDX-License-Identifier: Apache-2.0
# neq with a list: none of the values; not over an absent field is true.

region|neq: [us-east-1, eu-west-1]
{"region":"ap-south-1"}
match
{"region":"us-east-1"}
no match
{"region":"EU-WEST-1"}
no match

code|neq: [1, 2]
{"code":3}
match
{"code":2}
no match
{"code":"1"}
no match

name|contains|neq:
    - evil
    - bad
{"name":"good"}
match
{"name":"so bad"}
no match

# neq is not(equal), so an absent field is different from everything.
region|neq: us-east-1
{"name":"x"}
match

selection:
    region: us-east-1
condition: not selection
{"name":"x"}
match
{"region":null}
match
{"region":"us-east-1"}
no match
