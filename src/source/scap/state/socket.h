/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of sockets: read from parameters of events, put into descriptors, and written out.
 * Parameters come from a file: each function checks the length that its family needs.
 */
#pragma once

#include "base/buf.h"
#include "source/scap/state/descriptor.h"

enum { NP_SCAP_AF_UNIX = 1, NP_SCAP_AF_INET = 2, NP_SCAP_AF_INET6 = 10, NP_SCAP_AF_NETLINK = 16 };

/* The two ends of a connection as an event has them; addresses in network order. */
struct np_scap_tuple {
    uint8_t family; /* NP_SCAP_AF_..., IPv6 with IPv4 in it is NP_SCAP_AF_INET */
    uint8_t source[16];
    uint8_t dest[16];
    uint16_t source_port;
    uint16_t dest_port;
    uint64_t unix_source;
    uint64_t unix_dest;
    struct np_span path; /* of a unix socket; borrowed */
};

/* Reads a parameter of two addresses: false where it is empty, too short or of another family. */
bool np_scap_tuple_read(struct np_span param, struct np_scap_tuple *out_tuple);

/* Reads a parameter of one address, into the far end of the tuple. */
bool np_scap_address_read(struct np_span param, struct np_scap_tuple *out_tuple);

/* Makes the tuple one of IPv4 where both addresses are IPv4 written as IPv6, or all zero. */
void np_scap_tuple_unmap(struct np_scap_tuple *tuple);

/* What becomes of a far end that is set already. */
enum np_scap_far { NP_SCAP_FAR_KEEP, NP_SCAP_FAR_OVERWRITE };

/*
 * Puts the ends into a descriptor, into the member of the tuple's IP family: true where this
 * changed something. A descriptor of that kind that has the same ends, in either order, stays as it
 * is.
 */
bool np_socket_set_ends(struct np_descriptor *descriptor, const struct np_scap_tuple *tuple,
                        enum np_scap_far far);

/* Exchanges both ends of an IP socket. */
void np_socket_swap_ends(struct np_descriptor *descriptor);

/* Where the protocol of a socket stands, by its kind; NULL where it has none. */
uint8_t *np_socket_proto(struct np_descriptor *descriptor);

/*
 * Texts as Falco writes them, appended to `out` ("1.2.3.4:5->6.7.8.9:10"): of a descriptor, of a
 * parameter of two addresses, of one. Failures stay in `out->error`.
 */
void np_socket_name(struct np_buf *out, const struct np_descriptor *descriptor);
void np_scap_tuple_name(struct np_buf *out, struct np_span param);
void np_scap_address_name(struct np_buf *out, struct np_span param);
