# SPDX-License-Identifier: Apache-2.0
# fieldref compares two fields without regard to case; a field's name without it is a text; expand needs its list.

userIdentity.userName|fieldref: requestParameters.userName
{"userIdentity":{"userName":"eve"},"requestParameters":{"userName":"Eve"}}
match
{"userIdentity":{"userName":"eve"},"requestParameters":{"userName":"bob"}}
no match
{"userIdentity":{"userName":"eve"}}
no match

# An ARN is not a user name, but ends with it.
userIdentity.arn|fieldref: requestParameters.userName
{"userIdentity":{"arn":"arn:aws:iam::1:user/eve"},"requestParameters":{"userName":"eve"}}
no match

userIdentity.arn|fieldref|endswith: requestParameters.userName
{"userIdentity":{"arn":"arn:aws:iam::1:user/eve"},"requestParameters":{"userName":"Eve"}}
match

userIdentity.arn|contains: requestParameters.userName
{"userIdentity":{"arn":"arn:aws:iam::1:user/eve"},"requestParameters":{"userName":"eve"}}
no match
{"userIdentity":{"arn":"requestParameters.userName"}}
match

user|expand: '%admins%'
refused

user|contains|expand: '%admins%'
refused

# Without expand it is a text like any other.
user: '%admins%'
{"user":"%ADMINS%"}
match
{"user":"root"}
no match
