/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of the ends of a socket. The source of a connection is its client. Which end is the near one is told by the addresses of the
 * machine: the source if it is one of them, else the destination.
 */
#include "source/scap/fields/descriptor.h"

struct end {
    struct np_span address;
    uint16_t port;
};

/* Both ends of a connection, or the one end of a listening socket twice. */
struct ends {
    struct end source;
    struct end dest;
    bool is_server;
};

static struct end end_of(const uint8_t *address, size_t len, uint16_t port)
{
    return (struct end){{(const char *) address, len}, port};
}

/* False where the descriptor is no IP socket. */
static bool read_ends(const struct np_descriptor *descriptor, struct ends *out_ends)
{
    const union np_socket *socket = &descriptor->socket;
    switch (descriptor->kind) {
    case NP_FD_IPV4:
        out_ends->source = end_of(socket->v4.source, 4, socket->v4.source_port);
        out_ends->dest = end_of(socket->v4.dest, 4, socket->v4.dest_port);
        out_ends->is_server = false;
        return true;
    case NP_FD_IPV6:
        out_ends->source = end_of(socket->v6.source, 16, socket->v6.source_port);
        out_ends->dest = end_of(socket->v6.dest, 16, socket->v6.dest_port);
        out_ends->is_server = false;
        return true;
    case NP_FD_IPV4_SERVER:
        out_ends->dest = end_of(socket->v4_server.address, 4, socket->v4_server.port);
        break;
    case NP_FD_IPV6_SERVER:
        out_ends->dest = end_of(socket->v6_server.address, 16, socket->v6_server.port);
        break;
    default:
        return false;
    }
    out_ends->source = out_ends->dest;
    out_ends->is_server = true;
    return true;
}

static bool has_role(const struct np_descriptor *descriptor)
{
    return (descriptor->flags & (NP_FD_ROLE_CLIENT | NP_FD_ROLE_SERVER)) != 0;
}

enum np_l4_proto np_descriptor_proto(const struct np_descriptor *descriptor)
{
    uint8_t proto = 0;
    switch (descriptor->kind) {
    case NP_FD_IPV4:
        proto = descriptor->socket.v4.proto;
        break;
    case NP_FD_IPV6:
        proto = descriptor->socket.v6.proto;
        break;
    case NP_FD_IPV4_SERVER:
        return descriptor->socket.v4_server.proto;
    case NP_FD_IPV6_SERVER:
        return descriptor->socket.v6_server.proto;
    default:
        return NP_L4_NA;
    }
    return proto == NP_L4_RAW || has_role(descriptor) ? proto : NP_L4_NA;
}

static const char *proto_name(enum np_l4_proto proto)
{
    switch (proto) {
    case NP_L4_TCP:
        return "tcp";
    case NP_L4_UDP:
        return "udp";
    case NP_L4_ICMP:
        return "icmp";
    case NP_L4_RAW:
        return "raw";
    default:
        return "<NA>";
    }
}

static bool is_local(const struct np_query *query, const struct end *end)
{
    return np_scap_state_is_local(query->moment->state, (const uint8_t *) end->address.ptr,
                                  end->address.len);
}

/* The end that a field is about; NULL where the socket has no such end. */
static const struct end *pick(const struct np_query *query, const struct ends *ends)
{
    bool source_is_near = !ends->is_server && is_local(query, &ends->source);
    switch (query->want->which) {
    case NP_SYSCALL_FD_CIP:
    case NP_SYSCALL_FD_CNET:
    case NP_SYSCALL_FD_CPORT:
    case NP_SYSCALL_FD_CPROTO:
        return ends->is_server ? NULL : &ends->source;
    case NP_SYSCALL_FD_SIP:
    case NP_SYSCALL_FD_SNET:
    case NP_SYSCALL_FD_SPORT:
    case NP_SYSCALL_FD_SPROTO:
        return &ends->dest;
    case NP_SYSCALL_FD_LIP:
    case NP_SYSCALL_FD_LNET:
    case NP_SYSCALL_FD_LPORT:
    case NP_SYSCALL_FD_LPROTO:
        return ends->is_server ? NULL : source_is_near ? &ends->source : &ends->dest;
    case NP_SYSCALL_FD_RIP:
    case NP_SYSCALL_FD_RNET:
    case NP_SYSCALL_FD_RPORT:
    case NP_SYSCALL_FD_RPROTO:
        return ends->is_server ? NULL : source_is_near ? &ends->dest : &ends->source;
    default:
        return NULL;
    }
}

/* Of a listening socket the port is told without a role, the address is not. */
static bool needs_role(uint16_t which, const struct ends *ends)
{
    bool is_server_port = which == NP_SYSCALL_FD_SPORT || which == NP_SYSCALL_FD_SPROTO;
    return !is_server_port || !ends->is_server;
}

static bool is_address(uint16_t which)
{
    return (which >= NP_SYSCALL_FD_CIP && which <= NP_SYSCALL_FD_RIP) ||
           (which >= NP_SYSCALL_FD_CNET && which <= NP_SYSCALL_FD_RNET);
}

/* A protocol is a port as text. */
static int put_end(const struct np_query *query, const struct end *end)
{
    uint16_t which = query->want->which;
    if (is_address(which))
        return np_put_address(query, end->address);
    int r = np_put_uint(query, end->port);
    if (which >= NP_SYSCALL_FD_CPROTO && which <= NP_SYSCALL_FD_RPROTO)
        query->out->kind = NP_VALUE_TEXT;
    return r;
}

/* Both ends as a list. */
static int put_both(const struct np_query *query, const struct ends *ends)
{
    const struct end *both[] = {&ends->source, &ends->dest};
    size_t count = ends->is_server ? 1 : NP_ARRAY_LEN(both);
    bool is_port =
        query->want->which == NP_SYSCALL_FD_PORT || query->want->which == NP_SYSCALL_FD_PROTO;
    struct np_value *items = np_arena_zalloc(query->arena, count * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        struct np_query one = *query;
        one.out = &items[i];
        r = is_port ? np_put_uint(&one, both[i]->port) : np_put_address(&one, both[i]->address);
    }
    return r < 0 ? r : np_put_items(query, items, count);
}

int np_field_socket(const struct np_query *query, const struct np_descriptor *descriptor)
{
    struct ends ends = {};
    uint16_t which = query->want->which;
    if (which == NP_SYSCALL_FD_L4PROTO)
        return np_put_literal(query, proto_name(np_descriptor_proto(descriptor)));
    bool is_socket = read_ends(descriptor, &ends);
    if (which == NP_SYSCALL_FD_IS_SERVER)
        return np_put_bool(query, is_socket && (ends.is_server || is_local(query, &ends.dest)));
    if (!is_socket)
        return 0;
    if (which == NP_SYSCALL_FD_IP || which == NP_SYSCALL_FD_NET || which == NP_SYSCALL_FD_PORT ||
        which == NP_SYSCALL_FD_PROTO)
        return put_both(query, &ends);
    const struct end *end = pick(query, &ends);
    if (end == NULL || (needs_role(which, &ends) && !has_role(descriptor)))
        return 0;
    return put_end(query, end);
}
