# SPDX-License-Identifier: Apache-2.0
# cidr: an address within a network, IPv4 or IPv6.

address|cidr: 10.0.0.0/8
{"address":"10.0.0.0"}
match
{"address":"10.255.255.255"}
match
{"address":"11.0.0.0"}
no match
{"address":"9.255.255.255"}
no match
{"address":"10.0.0"}
no match
{"address":"10.0.0.1 "}
no match
{"address":"ec2.amazonaws.com"}
no match
{"address":""}
no match
{"address":null}
no match
{}
no match

address|cidr: 192.0.2.128/25
{"address":"192.0.2.128"}
match
{"address":"192.0.2.127"}
no match

address|cidr: 192.0.2.7/32
{"address":"192.0.2.7"}
match
{"address":"192.0.2.6"}
no match

address|cidr: 0.0.0.0/0
{"address":"203.0.113.9"}
match
{"address":"2001:db8::1"}
no match

# However an address is spelt.
address|cidr: 2001:db8::/32
{"address":"2001:db8::1"}
match
{"address":"2001:0DB8:0:0:0:0:0:1"}
match
{"address":"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"}
match
{"address":"2001:db9::1"}
no match
{"address":"32.1.13.184"}
no match

address|cidr: fe80::/10
{"address":"febf::1"}
match
{"address":"fec0::1"}
no match

address|cidr: 2001:db8::5/128
{"address":"2001:db8::5"}
match
{"address":"2001:db8::4"}
no match

address|cidr:
    - 10.0.0.0/8
    - 192.168.0.0/16
    - fd00::/8
{"address":"192.168.3.4"}
match
{"address":"fd12::1"}
match
{"address":"192.169.3.4"}
no match

# Any element of an array.
address|cidr: 10.0.0.0/8
{"address":["192.0.2.1","10.1.1.1"]}
match
{"address":["192.0.2.1"]}
no match
