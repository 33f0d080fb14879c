/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP networks: RFC 4632 notation for IPv4, RFC 4291 for IPv6. An IPv4-mapped IPv6 address counts
 * as its IPv4 address.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct np_cidr {
    uint8_t bytes[16]; /* IPv4 in the first four; bits behind the prefix are zero */
    uint8_t prefix;    /* bits */
    bool is_ipv6;
};

/*
 * Reads "10.0.0.0/8", "2001:db8::/32" or one address (its full prefix); false where it is neither.
 * Bits behind the prefix are cleared. Decimal parts with leading zeros are refused: some readers
 * take them for octal.
 */
bool np_cidr_parse(struct np_span text, struct np_cidr *out_cidr);

/* Whether `address` (text) is an IP address within `cidr`. */
bool np_cidr_contains(const struct np_cidr *cidr, struct np_span address);
