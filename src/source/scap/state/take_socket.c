/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets: what they are made for, whom they talk to and who began it. A datagram socket learns its
 * far end from each message; who is client and who is server is told by bind, connect and accept,
 * or guessed from the ports that the process uses.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "source/scap/state/internal.h"
#include "source/scap/state/socket.h"

enum {
    SOCKET_TYPE_MASK = 0xff, /* without SOCK_NONBLOCK and SOCK_CLOEXEC */
    CONNECT_IN_PROGRESS = -EINPROGRESS,
};

static uint8_t proto_of(int64_t type, int64_t protocol)
{
    bool is_raw = type == SOCK_RAW;
    switch (protocol) {
    case IPPROTO_TCP:
        return is_raw ? NP_L4_RAW : NP_L4_TCP;
    case IPPROTO_UDP:
        return is_raw ? NP_L4_RAW : NP_L4_UDP;
    case IPPROTO_ICMP:
        return is_raw ? NP_L4_RAW : NP_L4_ICMP;
    case IPPROTO_RAW:
        return NP_L4_RAW;
    case IPPROTO_IP:
        if ((type & SOCKET_TYPE_MASK) == SOCK_STREAM)
            return NP_L4_TCP;
        return (type & SOCKET_TYPE_MASK) == SOCK_DGRAM ? NP_L4_UDP : NP_L4_UNKNOWN;
    default:
        return NP_L4_UNKNOWN;
    }
}

static enum np_descriptor_kind kind_of(int64_t domain)
{
    switch (domain) {
    case NP_SCAP_AF_UNIX:
        return NP_FD_UNIX;
    case NP_SCAP_AF_INET:
        return NP_FD_IPV4;
    case NP_SCAP_AF_INET6:
        return NP_FD_IPV6;
    case NP_SCAP_AF_NETLINK:
        return NP_FD_NETLINK;
    default:
        return NP_FD_UNKNOWN;
    }
}

static int add_socket(struct np_take *take, int64_t fd, int64_t domain, uint8_t proto)
{
    np_auto_descriptor struct np_descriptor *made = np_descriptor_new(kind_of(domain));
    if (made == NULL)
        return -ENOMEM;
    uint8_t *place = np_socket_proto(made);
    if (place != NULL)
        *place = proto;
    return np_take_descriptor(take, fd, &made);
}

int np_take_socket(struct np_take *take)
{
    if (take->entry == NULL || take->result < 0)
        return 0;
    return add_socket(take, take->result, np_take_int(take, 1, 0),
                      proto_of(np_take_int(take, 2, 0), np_take_int(take, 3, 0)));
}

int np_take_socketpair(struct np_take *take)
{
    int64_t first = np_take_int(take, 1, -1);
    int64_t second = np_take_int(take, 2, -1);
    if (take->entry == NULL || take->result < 0 || first == second)
        return 0;
    struct np_descriptor *seen = NULL;
    for (size_t end = 0; end < 2; end++) {
        np_auto_descriptor struct np_descriptor *made = np_descriptor_new(NP_FD_UNIX);
        if (made == NULL)
            return -ENOMEM;
        made->socket.unix_.source = (uint64_t) np_take_int(take, 3, 0);
        made->socket.unix_.dest = (uint64_t) np_take_int(take, 4, 0);
        int r = np_take_descriptor(take, end == 0 ? first : second, &made);
        if (r < 0)
            return r;
        if (end == 0)
            seen = take->descriptor;
    }
    take->descriptor = seen; /* the event is about the first end, its number is the second's */
    return 0;
}

static int name_by_ends(struct np_take *take)
{
    np_buf_reset(&take->state->text);
    np_socket_name(&take->state->text, take->descriptor);
    return np_descriptor_set_name(take->descriptor, take->state);
}

/* A bound socket has its port; with none it stays what it was. */
static void set_server(struct np_descriptor *descriptor, const struct np_scap_tuple *address)
{
    union np_socket *socket = &descriptor->socket;
    if (address->dest_port == 0)
        return;
    descriptor->flags |= NP_FD_ROLE_SERVER;
    if (address->family == NP_SCAP_AF_INET6) {
        uint8_t proto = socket->v6.proto;
        descriptor->kind = NP_FD_IPV6_SERVER;
        socket->v6_server.port = address->dest_port;
        memcpy(socket->v6_server.address, address->dest, sizeof(socket->v6_server.address));
        socket->v6_server.proto = proto;
        return;
    }
    bool was_v6 = descriptor->kind == NP_FD_IPV6 || descriptor->kind == NP_FD_IPV6_SERVER;
    uint8_t proto = was_v6 ? socket->v6.proto : socket->v4.proto;
    descriptor->kind = NP_FD_IPV4_SERVER;
    memcpy(socket->v4_server.address, address->dest, sizeof(socket->v4_server.address));
    socket->v4_server.port = address->dest_port;
    socket->v4_server.proto = proto;
}

int np_take_bind(struct np_take *take)
{
    struct np_scap_tuple address;
    if (take->descriptor == NULL || take->result < 0 || !np_take_has(take, 1))
        return 0;
    if (np_scap_address_read(take->event->params[1], &address) && address.family != NP_SCAP_AF_UNIX)
        set_server(take->descriptor, &address);
    np_buf_reset(&take->state->text);
    np_scap_address_name(&take->state->text, take->event->params[1]);
    return np_descriptor_set_name(take->descriptor, take->state);
}

static bool has_no_role(const struct np_descriptor *descriptor)
{
    return (descriptor->flags & (NP_FD_ROLE_CLIENT | NP_FD_ROLE_SERVER)) == 0;
}

static bool is_v4_of(const struct np_descriptor *descriptor, enum np_l4_proto proto)
{
    return descriptor->kind == NP_FD_IPV4 && descriptor->socket.v4.proto == proto;
}

static int connect_ip(struct np_take *take, const struct np_scap_tuple *tuple)
{
    struct np_descriptor *descriptor = take->descriptor;
    descriptor->kind = tuple->family == NP_SCAP_AF_INET6 ? NP_FD_IPV6 : NP_FD_IPV4;
    bool has_changed = np_socket_set_ends(descriptor, tuple, NP_SCAP_FAR_OVERWRITE);
    if (has_changed && (descriptor->flags & NP_FD_ROLE_SERVER) != 0 &&
        is_v4_of(descriptor, NP_L4_UDP))
        np_socket_swap_ends(descriptor);
    return name_by_ends(take);
}

int np_take_connect(struct np_take *take)
{
    struct np_descriptor *descriptor = take->descriptor;
    struct np_scap_tuple tuple;
    if (take->entry == NULL || descriptor == NULL ||
        (take->result < 0 && take->result != CONNECT_IN_PROGRESS))
        return 0;
    descriptor->flags |= NP_FD_CONNECTED; /* one in progress is taken as made */
    if (!np_scap_tuple_read(take->event->params[1], &tuple))
        return 0;
    int r = 0;
    if (tuple.family != NP_SCAP_AF_UNIX) {
        r = connect_ip(take, &tuple);
    } else {
        if (descriptor->kind != NP_FD_UNIX)
            return 0;
        descriptor->socket.unix_.source = tuple.unix_source;
        descriptor->socket.unix_.dest = tuple.unix_dest;
        np_buf_reset(&take->state->text);
        np_scap_tuple_name(&take->state->text, take->event->params[1]);
        r = np_descriptor_set_name(descriptor, take->state);
    }
    if (r == 0 && has_no_role(descriptor))
        descriptor->flags |= NP_FD_ROLE_CLIENT;
    return r;
}

int np_take_accept(struct np_take *take)
{
    struct np_scap_tuple tuple;
    if (take->entry == NULL || take->result < 0)
        return 0;
    take->entry->task.last_fd = take->result;
    if (!np_scap_tuple_read(take->event->params[1], &tuple))
        return 0;
    np_auto_descriptor struct np_descriptor *made = np_descriptor_new(kind_of(tuple.family));
    if (made == NULL)
        return -ENOMEM;
    made->flags = NP_FD_ROLE_SERVER | NP_FD_CONNECTED;
    if (tuple.family == NP_SCAP_AF_UNIX) {
        made->socket.unix_.source = tuple.unix_source;
        made->socket.unix_.dest = tuple.unix_dest;
    } else {
        np_socket_set_ends(made, &tuple, NP_SCAP_FAR_OVERWRITE);
        *np_socket_proto(made) = NP_L4_TCP;
    }
    np_buf_reset(&take->state->text);
    np_scap_tuple_name(&take->state->text, take->event->params[1]);
    int r = np_descriptor_set_name(made, take->state);
    return r < 0 ? r : np_take_descriptor(take, take->result, &made);
}

/* Whether the process has a socket with that port at its far end, or bound to it. */
static bool is_bound_to(struct np_task_entry *entry, uint16_t port)
{
    const struct np_idmap *table = np_entry_descriptors(entry);
    const struct np_descriptor *one = NULL;
    for (size_t at = 0; table != NULL && (one = np_idmap_next(table, &at)) != NULL;) {
        if ((one->kind == NP_FD_IPV4 && one->socket.v4.dest_port == port) ||
            (one->kind == NP_FD_IPV4_SERVER && one->socket.v4_server.port == port))
            return true;
    }
    return false;
}

static bool uses_client_port(struct np_task_entry *entry, uint16_t port)
{
    const struct np_idmap *table = np_entry_descriptors(entry);
    const struct np_descriptor *one = NULL;
    for (size_t at = 0; table != NULL && (one = np_idmap_next(table, &at)) != NULL;) {
        if (one->kind == NP_FD_IPV4 && one->socket.v4.source_port == port)
            return true;
    }
    return false;
}

/* A process that owns the far port serves it; where that does not decide, servers read first. */
static void guess_role(struct np_take *take, uint32_t first_move)
{
    struct np_descriptor *descriptor = take->descriptor;
    if (!is_bound_to(take->entry, descriptor->socket.v4.dest_port))
        descriptor->flags |= NP_FD_ROLE_CLIENT;
    else if (!uses_client_port(take->entry, descriptor->socket.v4.source_port))
        descriptor->flags |= NP_FD_ROLE_SERVER;
    else
        descriptor->flags |= first_move;
}

/* Puts the ends of a message into the event's socket: whether that changed something. */
static bool learn_ends(struct np_take *take, const struct np_scap_tuple *tuple)
{
    struct np_descriptor *descriptor = take->descriptor;
    if (tuple->family == NP_SCAP_AF_UNIX) {
        descriptor->kind = NP_FD_UNIX;
        descriptor->socket.unix_.source = tuple->unix_source;
        descriptor->socket.unix_.dest = tuple->unix_dest;
        return true;
    }
    if (tuple->family == NP_SCAP_AF_INET) {
        if (descriptor->kind == NP_FD_IPV4_SERVER)
            descriptor->socket.v4.proto = descriptor->socket.v4_server.proto;
        descriptor->kind = NP_FD_IPV4;
    }
    if (!np_socket_set_ends(descriptor, tuple, NP_SCAP_FAR_KEEP))
        return false;
    uint8_t *proto = np_socket_proto(descriptor);
    /* A stream would not change its ends. */
    if ((descriptor->kind == NP_FD_IPV4 || descriptor->kind == NP_FD_IPV6) &&
        *proto == NP_L4_UNKNOWN)
        *proto = NP_L4_UDP;
    np_state_complete_ends(take->state, descriptor);
    return true;
}

/* `mine` is the role of who makes this move first, `swapped` that of whose ends come reversed. */
static int learn_peer(struct np_take *take, size_t param, uint32_t mine, uint32_t swapped)
{
    struct np_descriptor *descriptor = take->descriptor;
    struct np_scap_tuple tuple;
    if (descriptor->name != NULL && is_v4_of(descriptor, NP_L4_TCP))
        return 0;
    if (!np_scap_tuple_read(take->event->params[param], &tuple) || !learn_ends(take, &tuple))
        return 0;
    if (descriptor->kind != NP_FD_IPV4 && descriptor->kind != NP_FD_IPV6) {
        np_buf_reset(&take->state->text);
        np_scap_tuple_name(&take->state->text, take->event->params[param]);
        return np_descriptor_set_name(descriptor, take->state);
    }
    if (has_no_role(descriptor))
        guess_role(take, mine);
    if ((descriptor->flags & swapped) != 0)
        np_socket_swap_ends(descriptor);
    return name_by_ends(take);
}

/* Whether the message went through: a socket that it went through is connected. */
static bool has_moved(struct np_take *take)
{
    struct np_descriptor *descriptor = take->descriptor;
    if (take->result < 0)
        return false;
    if (descriptor->kind == NP_FD_IPV4 || descriptor->kind == NP_FD_IPV6)
        descriptor->flags |= NP_FD_CONNECTED;
    return true;
}

int np_take_receive(struct np_take *take)
{
    if (take->entry == NULL || take->descriptor == NULL || !has_moved(take))
        return 0;
    switch (take->event->type) {
    case NP_SCAP_RECVFROM_X:
        return learn_peer(take, 2, NP_FD_ROLE_SERVER, NP_FD_ROLE_CLIENT);
    case NP_SCAP_RECVMSG_X:
        return learn_peer(take, 3, NP_FD_ROLE_SERVER, NP_FD_ROLE_CLIENT);
    case NP_SCAP_RECV_X:
    case NP_SCAP_RECVMMSG_X:
        return learn_peer(take, 4, NP_FD_ROLE_SERVER, NP_FD_ROLE_CLIENT);
    default:
        return 0;
    }
}

static bool has_tuple(uint16_t type)
{
    return type == NP_SCAP_SEND_X || type == NP_SCAP_SENDTO_X || type == NP_SCAP_SENDMSG_X ||
           type == NP_SCAP_SENDMMSG_X;
}

/* A socket that was opened before the recording: what sends to an address is taken as UDP. */
static int infer_socket(struct np_take *take)
{
    struct np_span tuple = take->event->params[4];
    if (take->result < 0 || tuple.len == 0 || take->event->type == NP_SCAP_SENDMMSG_X)
        return 0;
    int64_t domain = (uint8_t) tuple.ptr[0];
    if (domain != NP_SCAP_AF_INET && domain != NP_SCAP_AF_INET6)
        return 0;
    return add_socket(take, np_take_int(take, 2, -1), domain, NP_L4_UDP);
}

int np_take_send(struct np_take *take)
{
    bool is_message = has_tuple(take->event->type);
    if (take->entry == NULL)
        return 0;
    if (is_message && take->descriptor == NULL) {
        int r = infer_socket(take);
        if (r < 0)
            return r;
    }
    if (take->descriptor == NULL || !has_moved(take) || !is_message)
        return 0;
    return learn_peer(take, 4, NP_FD_ROLE_CLIENT, NP_FD_ROLE_SERVER);
}
