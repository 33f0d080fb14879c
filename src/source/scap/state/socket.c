/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layouts: an address is u8 family, address, u16 port, or u8 family and a path; a pair is u8
 * family, then address and port of either end, or u8 family, two kernel addresses and a path.
 * Addresses are in network order, all else is little-endian.
 */
#include "source/scap/state/socket.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "source/scap/bytes.h"

enum { V4_BYTES = 4, V6_BYTES = 16 };

/* Whether 16 bytes are an IPv4 address written as an IPv6 one, or all zero. */
static bool is_mapped(const uint8_t *address)
{
    static const uint8_t zero[V6_BYTES];
    if (memcmp(address, zero, 10) != 0)
        return false;
    return (address[10] == 0xff && address[11] == 0xff) || memcmp(address, zero, V6_BYTES) == 0;
}

static size_t address_bytes(uint8_t family)
{
    if (family == NP_SCAP_AF_INET)
        return V4_BYTES;
    return family == NP_SCAP_AF_INET6 ? V6_BYTES : 0;
}

void np_scap_tuple_unmap(struct np_scap_tuple *tuple)
{
    if (tuple->family != NP_SCAP_AF_INET6 || !is_mapped(tuple->source) || !is_mapped(tuple->dest))
        return;
    tuple->family = NP_SCAP_AF_INET;
    memmove(tuple->source, tuple->source + V6_BYTES - V4_BYTES, V4_BYTES);
    memmove(tuple->dest, tuple->dest + V6_BYTES - V4_BYTES, V4_BYTES);
}

/* An address of `bytes` bytes and its port. */
static void take_end(struct np_scap_bytes *param, size_t bytes, uint8_t *address, uint16_t *port)
{
    struct np_span taken = np_scap_take(param, bytes);
    if (taken.len > 0)
        memcpy(address, taken.ptr, taken.len);
    *port = np_scap_take_u16(param);
}

/* A path, which is all of the rest. */
static struct np_span take_path(const struct np_scap_bytes *param)
{
    struct np_span rest = param->rest;
    return np_span_head(rest, rest.len > 0 ? strnlen(rest.ptr, rest.len) : 0);
}

bool np_scap_tuple_read(struct np_span param, struct np_scap_tuple *out_tuple)
{
    struct np_scap_bytes rest = {.rest = param};
    struct np_scap_tuple tuple = {.family = np_scap_take_u8(&rest)};
    size_t bytes = address_bytes(tuple.family);
    if (bytes > 0) {
        take_end(&rest, bytes, tuple.source, &tuple.source_port);
        take_end(&rest, bytes, tuple.dest, &tuple.dest_port);
        np_scap_tuple_unmap(&tuple);
    } else if (tuple.family == NP_SCAP_AF_UNIX) {
        tuple.unix_source = np_scap_take_u64(&rest);
        tuple.unix_dest = np_scap_take_u64(&rest);
        tuple.path = take_path(&rest);
    } else {
        return false;
    }
    if (rest.is_short)
        return false;
    *out_tuple = tuple;
    return true;
}

bool np_scap_address_read(struct np_span param, struct np_scap_tuple *out_tuple)
{
    struct np_scap_bytes rest = {.rest = param};
    struct np_scap_tuple tuple = {.family = np_scap_take_u8(&rest)};
    size_t bytes = address_bytes(tuple.family);
    if (bytes > 0) {
        take_end(&rest, bytes, tuple.dest, &tuple.dest_port);
        np_scap_tuple_unmap(&tuple);
    } else if (tuple.family == NP_SCAP_AF_UNIX) {
        tuple.path = take_path(&rest);
    } else {
        return false;
    }
    if (rest.is_short)
        return false;
    *out_tuple = tuple;
    return true;
}

/* The parts of either IP family, so that one piece of code does for both. */
struct ends {
    uint8_t *source;
    uint8_t *dest;
    uint16_t *source_port;
    uint16_t *dest_port;
    size_t bytes;
};

static struct ends ends_of(union np_socket *socket, bool is_v6)
{
    if (is_v6)
        return (struct ends){socket->v6.source, socket->v6.dest, &socket->v6.source_port,
                             &socket->v6.dest_port, V6_BYTES};
    return (struct ends){socket->v4.source, socket->v4.dest, &socket->v4.source_port,
                         &socket->v4.dest_port, V4_BYTES};
}

static bool set_address(uint8_t *address, const uint8_t *value, size_t bytes)
{
    if (memcmp(address, value, bytes) == 0)
        return false;
    memcpy(address, value, bytes);
    return true;
}

static bool set_port(uint16_t *port, uint16_t value)
{
    bool changed = *port != value;
    *port = value;
    return changed;
}

static bool is_zero(const uint8_t *address, size_t bytes)
{
    static const uint8_t zero[V6_BYTES];
    return memcmp(address, zero, bytes) == 0;
}

static bool has_ends(const struct ends *ends, const uint8_t *source, uint16_t source_port,
                     const uint8_t *dest, uint16_t dest_port)
{
    return memcmp(ends->source, source, ends->bytes) == 0 && *ends->source_port == source_port &&
           memcmp(ends->dest, dest, ends->bytes) == 0 && *ends->dest_port == dest_port;
}

bool np_socket_set_ends(struct np_descriptor *descriptor, const struct np_scap_tuple *tuple,
                        enum np_scap_far far)
{
    bool is_v6 = tuple->family == NP_SCAP_AF_INET6;
    enum np_descriptor_kind kind = is_v6 ? NP_FD_IPV6 : NP_FD_IPV4;
    struct ends ends = ends_of(&descriptor->socket, is_v6);
    if (descriptor->kind == kind &&
        (has_ends(&ends, tuple->source, tuple->source_port, tuple->dest, tuple->dest_port) ||
         has_ends(&ends, tuple->dest, tuple->dest_port, tuple->source, tuple->source_port)))
        return false;
    bool changed = set_address(ends.source, tuple->source, ends.bytes);
    changed |= set_port(ends.source_port, tuple->source_port);
    if (far == NP_SCAP_FAR_OVERWRITE || is_zero(ends.dest, ends.bytes)) {
        bool was_zero = is_zero(ends.dest, ends.bytes);
        changed |= set_address(ends.dest, tuple->dest, ends.bytes) || was_zero;
    }
    if (far == NP_SCAP_FAR_OVERWRITE || *ends.dest_port == 0) {
        bool was_zero = *ends.dest_port == 0;
        changed |= set_port(ends.dest_port, tuple->dest_port) || was_zero;
    }
    return changed;
}

void np_socket_swap_ends(struct np_descriptor *descriptor)
{
    struct ends ends = ends_of(&descriptor->socket, descriptor->kind != NP_FD_IPV4);
    uint8_t address[V6_BYTES];
    memcpy(address, ends.source, ends.bytes);
    memcpy(ends.source, ends.dest, ends.bytes);
    memcpy(ends.dest, address, ends.bytes);
    uint16_t port = *ends.source_port;
    *ends.source_port = *ends.dest_port;
    *ends.dest_port = port;
}

uint8_t *np_socket_proto(struct np_descriptor *descriptor)
{
    switch (descriptor->kind) {
    case NP_FD_IPV4:
        return &descriptor->socket.v4.proto;
    case NP_FD_IPV6:
        return &descriptor->socket.v6.proto;
    case NP_FD_IPV4_SERVER:
        return &descriptor->socket.v4_server.proto;
    case NP_FD_IPV6_SERVER:
        return &descriptor->socket.v6_server.proto;
    default:
        return NULL;
    }
}

static void add_address(struct np_buf *out, const uint8_t *address, bool is_v6)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(is_v6 ? AF_INET6 : AF_INET, address, text, sizeof(text)); /* never too long */
    np_buf_add_str(out, text);
}

static void add_end(struct np_buf *out, const uint8_t *address, uint16_t port, bool is_v6)
{
    add_address(out, address, is_v6);
    np_buf_printf(out, ":%u", port);
}

static void add_connection(struct np_buf *out, const union np_socket *socket, bool is_v6)
{
    union np_socket copy = *socket;
    struct ends ends = ends_of(&copy, is_v6);
    uint8_t proto = is_v6 ? socket->v6.proto : socket->v4.proto;
    if (proto == NP_L4_TCP || proto == NP_L4_UDP) {
        add_end(out, ends.source, *ends.source_port, is_v6);
        np_buf_add_str(out, "->");
        add_end(out, ends.dest, *ends.dest_port, is_v6);
    } else if (proto == NP_L4_ICMP || (proto == NP_L4_RAW && !is_v6)) {
        add_address(out, ends.source, is_v6);
        np_buf_add_str(out, "->");
        add_address(out, ends.dest, is_v6);
    } else {
        np_buf_add_str(out, "<unknown>");
    }
}

void np_socket_name(struct np_buf *out, const struct np_descriptor *descriptor)
{
    const union np_socket *socket = &descriptor->socket;
    switch (descriptor->kind) {
    case NP_FD_IPV4:
    case NP_FD_IPV6:
        add_connection(out, socket, descriptor->kind == NP_FD_IPV6);
        break;
    case NP_FD_IPV4_SERVER:
        add_end(out, socket->v4_server.address, socket->v4_server.port, false);
        break;
    case NP_FD_IPV6_SERVER:
        add_end(out, socket->v6_server.address, socket->v6_server.port, true);
        break;
    default:
        break;
    }
}

/* The printable part of a path, without what is not ASCII. */
static void add_clean(struct np_buf *out, struct np_span path)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] >= ' ' && path.ptr[i] <= '~')
            np_buf_add_char(out, path.ptr[i]);
    }
}

void np_scap_tuple_name(struct np_buf *out, struct np_span param)
{
    struct np_scap_tuple tuple;
    if (!np_scap_tuple_read(param, &tuple)) {
        if (param.len > 0)
            np_buf_printf(out, "family %u", (uint8_t) param.ptr[0]);
        return;
    }
    if (tuple.family == NP_SCAP_AF_UNIX) {
        np_buf_printf(out, "%" PRIx64 "->%" PRIx64 " ", tuple.unix_source, tuple.unix_dest);
        add_clean(out, tuple.path);
        return;
    }
    bool is_v6 = tuple.family == NP_SCAP_AF_INET6;
    add_end(out, tuple.source, tuple.source_port, is_v6);
    np_buf_add_str(out, "->");
    add_end(out, tuple.dest, tuple.dest_port, is_v6);
}

void np_scap_address_name(struct np_buf *out, struct np_span param)
{
    struct np_scap_tuple address;
    if (!np_scap_address_read(param, &address)) {
        if (param.len > 0)
            np_buf_printf(out, "family %u", (uint8_t) param.ptr[0]);
    } else if (address.family == NP_SCAP_AF_UNIX) {
        add_clean(out, address.path);
    } else {
        add_end(out, address.dest, address.dest_port, address.family == NP_SCAP_AF_INET6);
    }
}
