# SPDX-License-Identifier: Apache-2.0
# A field that the record has not makes its item false, not the rule an error; under `not` the item is then true.

status: Success
eventName: DeleteSAMLProvider
{"eventName":"DeleteSAMLProvider"}
no match
{"eventName":"DeleteSAMLProvider","status":"success"}
match

no.such.field|contains: x
{"a":1}
no match

no_such_field|re: '.*'
{"a":1}
no match

no_such_field|cidr: 0.0.0.0/0
{"a":1}
no match

no_such_field|lt: 5
{"a":1}
no match

selection:
    eventName: DeleteSAMLProvider
filter:
    status: Success
condition: selection and not filter
{"eventName":"DeleteSAMLProvider"}
match
{"eventName":"DeleteSAMLProvider","status":"success"}
no match

# One of two is enough.
- no_such_field: x
- a: 1
{"a":1}
match
