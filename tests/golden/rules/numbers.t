# SPDX-License-Identifier: Apache-2.0
# Numbers compare exactly to 64 bits, also with the text of numbers.

code: 4688
{"code":4688}
match
{"code":"4688"}
match
{"code":4688.0}
match
{"code":4689}
no match
{"code":"4688x"}
no match
{"code":46880}
no match

code: '4688'
{"code":4688}
match
{"code":"4688"}
match
{"code":4688.0}
match
{"code":4.688e3}
match
{"code":"4688.0"}
no match
{"code":4689}
no match

# Where one side is a number and the other its text, both are numbers; two texts are texts.
code: '1.0'
{"code":1}
match
{"code":1.0}
match
{"code":10e-1}
match
{"code":"1.0"}
match
{"code":"1"}
no match
{"code":true}
no match

code: 1
{"code":"1.0"}
match
{"code":"1e0"}
match
{"code":"01"}
no match
{"code":"1 "}
no match

code|cased: ['1e3', x]
{"code":1000}
match
{"code":"1E3"}
no match

code|neq: '1.0'
{"code":1}
no match
{"code":"1"}
match

# Of many values, too.
code: ['1.0', a, b, c, d, e, f, g, '9007199254740993.0', '9007199254740993', '1e2']
{"code":1}
match
{"code":100}
match
{"code":9007199254740993}
match
{"code":[7,100.0]}
match
{"code":"100"}
no match
{"code":101}
no match

n: '9007199254740993'
{"n":9007199254740993}
match
{"n":9007199254740992}
no match
{"n":9007199254740994}
no match

n: '18446744073709551615'
{"n":18446744073709551615}
match
{"n":18446744073709551614}
no match

# What is no number as JSON writes them is a text only.
code: '007'
{"code":7}
no match
{"code":"007"}
match

# Wildcards and text modifiers work on the text of the number.
code: '1.0*'
{"code":1.0}
match
{"code":1.05}
match
{"code":1}
no match

code|startswith: '1'
{"code":1e3}
match
{"code":0.1}
no match

code|endswith: '.0'
{"code":4688.0}
match
{"code":4688}
no match

code|re: '^1\.0$'
{"code":1.0}
match
{"code":1}
no match

code: -1
{"code":-1}
match
{"code":"-1"}
match
{"code":1}
no match

code: 0
{"code":0}
match
{"code":"0"}
match
{"code":false}
no match
{"code":""}
no match
{"code":null}
no match

code: [1, two, 3.5]
{"code":1}
match
{"code":"TWO"}
match
{"code":"3.5"}
match
{"code":2}
no match

# 2^53 + 1 is no double.
n: 9007199254740993
{"n":9007199254740993}
match
{"n":"9007199254740993"}
match
{"n":9007199254740992}
no match
{"n":9007199254740994}
no match

n|gt: 9007199254740992
{"n":9007199254740993}
match
{"n":9007199254740992}
no match
{"n":9007199254740992.0}
no match

# The ends of 64 bits.
n: 9223372036854775807
{"n":9223372036854775807}
match
{"n":9223372036854775806}
no match
{"n":9223372036854775808}
no match

n: -9223372036854775808
{"n":-9223372036854775808}
match
{"n":"-9223372036854775808"}
match
{"n":-9223372036854775807}
no match

n: 18446744073709551615
{"n":18446744073709551615}
match
{"n":"18446744073709551615"}
match
{"n":18446744073709551614}
no match
{"n":-1}
no match

n|gte: 18446744073709551615
{"n":18446744073709551615}
match
{"n":1e20}
match
{"n":18446744073709551614}
no match

n|gt: 9223372036854775807
{"n":9223372036854775808}
match
{"n":9223372036854775807}
no match
{"n":-9223372036854775808}
no match

# Floats.
n: 1.5
{"n":1.5}
match
{"n":1.50}
match
{"n":15e-1}
match
{"n":"1.5"}
match
{"n":1}
no match

n: 1000
{"n":1e3}
match

n: 1.0
{"n":1}
match
{"n":"1"}
match
{"n":1.1}
no match

n: 0.1
{"n":0.1}
match
{"n":0.10000001}
no match

# What is not written as JSON writes numbers also stands for its own text.
n: 012345678901
{"n":"012345678901"}
match
{"n":12345678901}
match
{"n":"12345678901"}
match
{"n":"0123456789010"}
no match

n: 0x10
{"n":"0x10"}
match
{"n":16}
match
