# SPDX-License-Identifier: Apache-2.0
# all: every value of the list, where a list otherwise means any of them.

name|all:
    - e*
    - '*l'
{"name":"evil"}
match
{"name":"eve"}
no match

name|re|all:
    - ^e
    - l$
{"name":"evil"}
match
{"name":"evils"}
no match

# Of an array, each value may be another element.
name|all:
    - one
    - two
{"name":["two","three","one"]}
match
{"name":["one","three"]}
no match
{"name":"one"}
no match

code|all: [1, 2]
{"code":[2,1]}
match
{"code":[1]}
no match

code|gt|all: [1, 2]
{"code":3}
match
{"code":2}
no match

address|cidr|all:
    - 10.0.0.0/8
    - 10.1.0.0/16
{"address":"10.1.2.3"}
match
{"address":"10.2.2.3"}
no match

name|fieldref|all:
    - one
    - two
{"name":"x","one":"x","two":"X"}
match
{"name":"x","one":"x","two":"y"}
no match
