/* SPDX-License-Identifier: Apache-2.0 */
/* Address to place; see place.h. */
#include "actor/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "codec/cidr.h"

enum { CACHE_SLOTS = 8192, IPV4_GROUP_BITS = 24, IPV6_GROUP_BITS = 48 };

struct slot {
    uint64_t address;            /* its hash; 0 = empty */
    struct np_whereabouts place; /* its name is held */
};

struct np_places {
    struct np_names *names;
    struct slot slots[CACHE_SLOTS];
};

int np_places_new(struct np_places **out_places, struct np_names *names)
{
    struct np_places *places = np_alloc(sizeof(*places));
    if (places == NULL)
        return -ENOMEM;
    places->names = names;
    *out_places = places;
    return 0;
}

void np_places_free(struct np_places **places)
{
    if (places == NULL || *places == NULL)
        return;
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        np_names_release((*places)->names, (*places)->slots[i].place.name);
    }
    np_free(*places);
    *places = NULL;
}

static bool is_private(struct np_span address)
{
    static const struct np_cidr networks[] = {
        {.bytes = {10}, .prefix = 8},
        {.bytes = {172, 16}, .prefix = 12},
        {.bytes = {192, 168}, .prefix = 16},
        {.bytes = {100, 64}, .prefix = 10},
        {.bytes = {169, 254}, .prefix = 16},
        {.bytes = {0xfc}, .prefix = 7, .is_ipv6 = true},
        {.bytes = {0xfe, 0x80}, .prefix = 10, .is_ipv6 = true},
    };
    bool is = false;
    for (size_t i = 0; i < NP_ARRAY_LEN(networks) && !is; i++)
        is = np_cidr_contains(&networks[i], address);
    return is;
}

/* The group of a full-length address as text. */
static np_name name_group(struct np_names *names, struct np_cidr address)
{
    size_t kept = address.is_ipv6 ? IPV6_GROUP_BITS / 8 : IPV4_GROUP_BITS / 8;
    size_t size = address.is_ipv6 ? 16 : 4;
    char text[INET6_ADDRSTRLEN];
    char group[INET6_ADDRSTRLEN + 4];
    memset(address.bytes + kept, 0, size - kept);
    if (inet_ntop(address.is_ipv6 ? AF_INET6 : AF_INET, address.bytes, text, sizeof(text)) == NULL)
        return NP_NAME_NONE;
    int len = snprintf(group, sizeof(group), "%s/%zu", text, 8 * kept);
    return np_names_put(names, np_span_make(group, (size_t) len));
}

static struct np_whereabouts find_place(struct np_places *places, np_name address)
{
    struct np_span text = np_names_text(places->names, address);
    struct np_cidr parsed;
    if (memchr(text.ptr, '/', text.len) != NULL || !np_cidr_parse(text, &parsed))
        return (struct np_whereabouts){.name = address, .is_inside_aws = true};
    return (struct np_whereabouts){.name = name_group(places->names, parsed),
                                   .is_private = is_private(text)};
}

struct np_whereabouts np_places_of(struct np_places *places, np_name address)
{
    if (address == NP_NAME_NONE)
        return (struct np_whereabouts){};
    uint64_t hash = np_names_hash(places->names, address);
    struct slot *slot = &places->slots[hash % CACHE_SLOTS];
    if (slot->address == hash)
        return slot->place;
    struct np_whereabouts place = find_place(places, address);
    place.name = np_names_hold(places->names, place.name);
    place.hash = np_names_hash(places->names, place.name);
    np_names_release(places->names, slot->place.name);
    *slot = (struct slot){.address = hash, .place = place};
    return place;
}
