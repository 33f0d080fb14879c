# SPDX-License-Identifier: Apache-2.0
# What cannot mean what it says is refused.

name|contians: x
refused

name|: x
refused

a: {a: 1}
condition: a and
refused

a: {a: 1}
condition: (a
refused

a: {a: 1}
condition: a b
refused

a: {a: 1}
condition: a and b
refused

a: {a: 1}
condition: 1 of b*
refused

a: {a: 1}
condition: ''
refused

a: {a: 1}
condition: a | count() > 5
refused

a: {a: 1}
condition: a | count(b) by c > 5
refused

a: 1
a: 2
refused

a: {a: 1}
a: {b: 1}
condition: a
refused

name|re: '('
refused

name|re: 'a{2,1}'
refused

name|cidr: 10.0.0.0/33
refused

name|cidr: 2001:db8::/129
refused

name|cidr: ten
refused

n|gt: many
refused

n|lte: null
refused

n|lt: true
refused

name|exists: maybe
refused

name|exists: 1
refused

name|expand: '%names%'
refused

name|i: x
refused

logsource: {}
name: x
refused

# And this is not.
name: x
{"name":"x"}
match
