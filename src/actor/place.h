/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a call came from, as coarse as a network usually is: IPv4 /24, IPv6 /48; what is no address (a service's name,
 * "AWS Internal") is a place inside AWS under its own name. One address after the other comes from the same few: a cache
 * holds their places' names.
 */
#pragma once

#include "actor/names.h"

struct np_whereabouts {
    np_name name;
    uint64_t hash; /* of the name */
    bool is_inside_aws;
    bool is_private; /* RFC 1918, RFC 6598, RFC 4193, link-local */
};

struct np_places;

NP_NODISCARD int np_places_new(struct np_places **out_places, struct np_names *names);
void np_places_free(struct np_places **places);

/* The place of an address; its name is held here until another address takes its place in the cache. */
struct np_whereabouts np_places_of(struct np_places *places, np_name address);
