# SPDX-License-Identifier: Apache-2.0
# A path over an array means any element, for each item of a map and each value under `all` anew.

resources.ARN|startswith: 'arn:aws:s3'
{"resources":[{"ARN":"arn:aws:iam::1:user/x"},{"ARN":"arn:aws:s3:::b"}]}
match
{"resources":[{"ARN":"arn:aws:iam::1:user/x"}]}
no match
{"resources":[]}
no match

items.cidr: 0.0.0.0/0
items.port: 22
{"items":[{"cidr":"0.0.0.0/0","port":22}]}
match
{"items":[{"cidr":"0.0.0.0/0","port":443},{"cidr":"10.0.0.0/8","port":22}]}
match
{"items":[{"cidr":"0.0.0.0/0","port":443}]}
no match

items.name|contains|all:
    - one
    - two
{"items":[{"name":"one"},{"name":"and two"}]}
match
{"items":[{"name":"two and one"}]}
match
{"items":[{"name":"one"},{"name":"three"}]}
no match
