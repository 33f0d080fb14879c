# SPDX-License-Identifier: Apache-2.0
# A list of values is any of them, a map all of its items, a list of maps any of the maps.

name: [one, two]
{"name":"one"}
match
{"name":"TWO"}
match
{"name":"one two"}
no match

name: one
code: 1
{"name":"one","code":1}
match
{"name":"one","code":2}
no match
{"name":"one"}
no match

name: [one, two]
code: [1, 2]
{"name":"two","code":1}
match
{"name":"two","code":3}
no match

- name: one
- code: 1
{"name":"one"}
match
{"code":1}
match
{"name":"two","code":2}
no match

- name: one
  code: 1
- name: two
  code: 2
{"name":"one","code":1}
match
{"name":"two","code":2}
match
{"name":"one","code":2}
no match

- name|endswith: .exe
- text|contains|all:
    - bad
    - evil
{"name":"a.exe"}
match
{"text":"evil, bad"}
match
{"text":"evil"}
no match

# Keywords and maps in one list.
- evil
- code: 1
{"name":"so evil"}
match
{"code":1}
match
{"code":2}
no match

# One value in a list is that value.
name: [one]
{"name":"one"}
match
{"name":"two"}
no match

# A list that is long enough to be looked up otherwise.
name:
    - alpha
    - beta
    - gamma
    - delta
    - epsilon
    - zeta
    - eta
    - theta
    - iota
    - kappa
    - lambda
    - mü
    - nu*
    - 15
    - null
{"name":"Iota"}
match
{"name":"MÜ"}
match
{"name":"number"}
match
{"name":15}
match
{}
match
{"name":"iot"}
no match
{"name":16}
no match
{"name":"Muh"}
no match
