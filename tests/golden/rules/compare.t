# SPDX-License-Identifier: Apache-2.0
# lt, lte, gt, gte: numbers, exactly; text that is a number counts as one.

n|lt: 10
{"n":9}
match
{"n":10}
no match
{"n":11}
no match

n|lte: 10
{"n":10}
match
{"n":10.0}
match
{"n":10.5}
no match

n|gt: 10
{"n":11}
match
{"n":10.5}
match
{"n":10}
no match
{"n":9}
no match

n|gte: 10
{"n":10}
match
{"n":9.999}
no match

# A number in quotes is a number.
n|gt: '9'
{"n":10}
match
{"n":"10"}
match
{"n":9}
no match

n|lte: ['-1', '1e1']
{"n":10}
match
{"n":11}
no match

# By value, not as text.
n|gt: 9
{"n":10}
match
{"n":"10"}
match
{"n":"9"}
no match

n|lt: 0
{"n":-1}
match
{"n":"-1"}
match
{"n":0}
no match

n|gt: -1.5
{"n":-1}
match
{"n":-2}
no match

n|gt: 0.5
{"n":0.75}
match
{"n":1e3}
match
{"n":5e-1}
no match

# What is no number is neither less nor more.
n|gte: 0
{"n":"many"}
no match
{"n":""}
no match
{"n":null}
no match
{"n":true}
no match
{}
no match

n|lt: 10
{"n":"many"}
no match
{}
no match

n|gte: 10
n|lt: 20
{"n":10}
match
{"n":20}
no match

# A list is any of them; of an array, any element.
n|gt: [100, 10]
{"n":50}
match
{"n":5}
no match

n|gt: 10
{"n":[1,2,30]}
match
{"n":[1,2]}
no match
