/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <arpa/inet.h>
#include <stdbool.h>

enum { STREAM = 1, DATAGRAM = 2, UDP = 17, IN_PROGRESS = -115, REFUSED = -111 };

static int setup(void **state)
{
    static struct world world;
    static const uint8_t near_end[] = {10, 0, 0, 1};
    static const uint8_t mask[] = {255, 0, 0, 0};
    world_init(&world);
    add_task(&world, 10, 10, 1, "peer");
    const struct np_scap_interface interface = {{(const char *) near_end, 4},
                                                {(const char *) mask, 4}};
    assert_int_equal(np_scap_state_add_interface(world.state, &interface), 0);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_done(*state);
    return 0;
}

/* Writes an address and its port as an event has them; says how many bytes. */
static size_t write_end(uint8_t *bytes, bool is_v6, const char *address, uint16_t port)
{
    size_t len = is_v6 ? 16 : 4;
    assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, address, bytes), 1);
    bytes[len] = (uint8_t) port;
    bytes[len + 1] = (uint8_t) (port >> 8);
    return len + 2;
}

static void put_tuple(struct world *world, size_t param, const char *source, uint16_t source_port,
                      const char *dest, uint16_t dest_port)
{
    uint8_t bytes[64];
    bool is_v6 = strchr(source, ':') != NULL;
    bytes[0] = is_v6 ? 10 : 2;
    size_t len = 1 + write_end(bytes + 1, is_v6, source, source_port);
    len += write_end(bytes + len, is_v6, dest, dest_port);
    put_bytes(world, param, bytes, len);
}

static void put_address(struct world *world, size_t param, const char *address, uint16_t port)
{
    uint8_t bytes[64];
    bool is_v6 = strchr(address, ':') != NULL;
    bytes[0] = is_v6 ? 10 : 2;
    put_bytes(world, param, bytes, 1 + write_end(bytes + 1, is_v6, address, port));
}

static const struct np_descriptor *take_socket(struct world *world, int64_t fd, int64_t domain,
                                               int64_t type, int64_t protocol)
{
    event_begin(world, NP_SCAP_SOCKET_X, 10);
    put(world, 0, fd);
    put(world, 1, domain);
    put(world, 2, type);
    put(world, 3, protocol);
    return take(world)->descriptor;
}

static const struct np_scap_moment *take_connect(struct world *world, int64_t fd, int64_t result,
                                                 const char *dest, uint16_t port)
{
    bool is_v6 = strchr(dest, ':') != NULL;
    event_begin(world, NP_SCAP_CONNECT_X, 10);
    put(world, 0, result);
    put_tuple(world, 1, is_v6 ? "::1" : "10.0.0.1", 4000, dest, port);
    put(world, 2, fd);
    return take(world);
}

static const struct np_scap_moment *take_bind(struct world *world, int64_t fd, const char *address,
                                              uint16_t port)
{
    event_begin(world, NP_SCAP_BIND_X, 10);
    put(world, 0, 0);
    put_address(world, 1, address, port);
    put(world, 2, fd);
    return take(world);
}

static const struct np_scap_moment *take_sendto(struct world *world, int64_t fd, const char *dest,
                                                uint16_t port)
{
    event_begin(world, NP_SCAP_SENDTO_X, 10);
    put(world, 0, 5);
    put_text(world, 1, "data");
    put(world, 2, fd);
    put(world, 3, 5);
    put_tuple(world, 4, "0.0.0.0", 5000, dest, port);
    return take(world);
}

static const struct np_scap_moment *take_recvfrom(struct world *world, int64_t fd,
                                                  const char *source, uint16_t source_port,
                                                  uint16_t port)
{
    event_begin(world, NP_SCAP_RECVFROM_X, 10);
    put(world, 0, 5);
    put_text(world, 1, "data");
    put_tuple(world, 2, source, source_port, "10.0.0.1", port);
    put(world, 3, fd);
    put(world, 4, 5);
    return take(world);
}

static void knows_what_a_socket_is_for(void **state)
{
    static const struct {
        int64_t domain;
        int64_t type;
        int64_t protocol;
        enum np_descriptor_kind kind;
        uint8_t proto;
    } cases[] = {
        {2, STREAM, 0, NP_FD_IPV4, NP_L4_TCP},   {2, STREAM | 04000, 0, NP_FD_IPV4, NP_L4_TCP},
        {2, DATAGRAM, 0, NP_FD_IPV4, NP_L4_UDP}, {2, DATAGRAM, UDP, NP_FD_IPV4, NP_L4_UDP},
        {2, 3, 1, NP_FD_IPV4, NP_L4_RAW},        {2, DATAGRAM, 1, NP_FD_IPV4, NP_L4_ICMP},
        {2, 3, 255, NP_FD_IPV4, NP_L4_RAW},      {2, STREAM, 132, NP_FD_IPV4, NP_L4_UNKNOWN},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct np_descriptor *made =
            take_socket(world, 3, cases[i].domain, cases[i].type, cases[i].protocol);
        assert_int_equal(made->kind, cases[i].kind);
        assert_int_equal(made->socket.v4.proto, cases[i].proto);
    }
    assert_int_equal(take_socket(world, 3, 10, STREAM, 0)->socket.v6.proto, NP_L4_TCP);
    assert_int_equal(take_socket(world, 3, 1, STREAM, 0)->kind, NP_FD_UNIX);
    assert_int_equal(take_socket(world, 3, 16, 3, 0)->kind, NP_FD_NETLINK);
    assert_int_equal(take_socket(world, 3, 17, 3, 0)->kind, NP_FD_UNKNOWN);
    assert_null(take_socket(world, -1, 2, STREAM, 0));
}

static void connect_makes_a_client(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    const struct np_scap_moment *moment = take_connect(world, 3, 0, "10.0.0.9", 443);
    assert_text(moment->descriptor->name, "10.0.0.1:4000->10.0.0.9:443");
    assert_int_equal(moment->descriptor->flags, NP_FD_ROLE_CLIENT | NP_FD_CONNECTED);
    assert_true(moment->name_changed);
    assert_false(take_connect(world, 3, 0, "10.0.0.9", 443)->name_changed);
    take_socket(world, 4, 10, STREAM, 0);
    assert_text(take_connect(world, 4, 0, "::1", 80)->descriptor->name, "::1:4000->::1:80");
}

static void connect_in_progress_counts_as_made(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    const struct np_scap_moment *moment = take_connect(world, 3, IN_PROGRESS, "10.0.0.9", 443);
    assert_true((moment->descriptor->flags & NP_FD_CONNECTED) != 0);
    assert_int_equal(moment->error, -IN_PROGRESS);
}

static void connect_that_fails_changes_nothing(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    const struct np_scap_moment *moment = take_connect(world, 3, REFUSED, "10.0.0.9", 443);
    assert_text(moment->descriptor->name, "");
    assert_int_equal(moment->descriptor->flags, 0);
}

static void bind_makes_a_server_where_it_has_a_port(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    const struct np_descriptor *bound = take_bind(world, 3, "0.0.0.0", 80)->descriptor;
    assert_int_equal(bound->kind, NP_FD_IPV4_SERVER);
    assert_int_equal(bound->socket.v4_server.port, 80);
    assert_int_equal(bound->socket.v4_server.proto, NP_L4_TCP);
    assert_int_equal(bound->flags, NP_FD_ROLE_SERVER);
    assert_text(bound->name, "0.0.0.0:80");
    take_socket(world, 4, 2, STREAM, 0);
    bound = take_bind(world, 4, "10.0.0.1", 0)->descriptor;
    assert_int_equal(bound->kind, NP_FD_IPV4);
    assert_text(bound->name, "10.0.0.1:0");
    take_socket(world, 5, 10, STREAM, 0);
    bound = take_bind(world, 5, "::1", 81)->descriptor;
    assert_int_equal(bound->kind, NP_FD_IPV6_SERVER);
    assert_int_equal(bound->socket.v6_server.proto, NP_L4_TCP);
    assert_text(bound->name, "::1:81");
    assert_int_equal(take_bind(world, 5, "::ffff:10.0.0.1", 82)->descriptor->kind,
                     NP_FD_IPV4_SERVER);
}

static void accept_makes_a_connected_server(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_ACCEPT4_6_X, 10);
    put(world, 0, 6);
    put_tuple(world, 1, "10.0.0.9", 5555, "10.0.0.1", 80);
    const struct np_scap_moment *moment = take(world);
    assert_int_equal(moment->fd, 6);
    assert_text(moment->descriptor->name, "10.0.0.9:5555->10.0.0.1:80");
    assert_int_equal(moment->descriptor->socket.v4.proto, NP_L4_TCP);
    assert_int_equal(moment->descriptor->flags, NP_FD_ROLE_SERVER | NP_FD_CONNECTED);
    event_begin(world, NP_SCAP_ACCEPT4_6_X, 10);
    put(world, 0, -11);
    assert_null(take(world)->descriptor);
}

static void accept_takes_mapped_addresses_as_ipv4(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_ACCEPT_5_X, 10);
    put(world, 0, 6);
    put_tuple(world, 1, "::ffff:10.0.0.9", 5555, "::ffff:10.0.0.1", 80);
    const struct np_descriptor *made = take(world)->descriptor;
    assert_int_equal(made->kind, NP_FD_IPV4);
    assert_text(made->name, "10.0.0.9:5555->10.0.0.1:80");
}

static void unix_sockets_are_named_by_ends_and_path(void **state)
{
    struct world *world = *state;
    uint8_t bytes[32] = {1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0xab};
    memcpy(bytes + 17, "/run/s\x01k", 9);
    take_socket(world, 3, 1, STREAM, 0);
    event_begin(world, NP_SCAP_CONNECT_X, 10);
    put(world, 0, 0);
    put_bytes(world, 1, bytes, 26);
    put(world, 2, 3);
    const struct np_descriptor *connected = take(world)->descriptor;
    assert_text(connected->name, "10->ab /run/sk");
    assert_int_equal(connected->socket.unix_.dest, 0xab);
    assert_true((connected->flags & NP_FD_ROLE_CLIENT) != 0);
}

static void a_datagram_socket_follows_its_messages(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, DATAGRAM, 0);
    const struct np_scap_moment *moment = take_sendto(world, 3, "10.0.0.9", 53);
    assert_text(moment->descriptor->name, "10.0.0.1:5000->10.0.0.9:53");
    assert_true(moment->name_changed);
    assert_int_equal(moment->descriptor->flags, NP_FD_ROLE_CLIENT | NP_FD_CONNECTED);
    moment = take_recvfrom(world, 3, "10.0.0.9", 53, 5000);
    assert_text(moment->descriptor->name, "10.0.0.1:5000->10.0.0.9:53");
    assert_false(moment->name_changed);
}

/* What it was bound to is not cleared, and its port is read as the address of the far end. */
static void a_bound_datagram_socket_serves(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, DATAGRAM, 0);
    take_bind(world, 3, "0.0.0.0", 53);
    const struct np_scap_moment *moment = take_recvfrom(world, 3, "10.0.0.9", 5555, 53);
    assert_text(moment->descriptor->name, "10.0.0.9:5555->53.0.3.0:53");
    assert_int_equal(moment->descriptor->kind, NP_FD_IPV4);
    assert_int_equal(moment->descriptor->socket.v4.proto, NP_L4_UDP);
    assert_true((moment->descriptor->flags & NP_FD_ROLE_SERVER) != 0);
    assert_true((moment->descriptor->flags & NP_FD_ROLE_CLIENT) == 0);
}

static void shutdown_changes_nothing(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    take_connect(world, 3, 0, "10.0.0.9", 443);
    const struct np_scap_moment *moment = take_call(world, NP_SCAP_SHUTDOWN_X, 10, 0, 3);
    assert_text(moment->descriptor->name, "10.0.0.1:4000->10.0.0.9:443");
    assert_false(moment->name_changed);
}

static void a_message_that_fails_teaches_nothing(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, DATAGRAM, 0);
    event_begin(world, NP_SCAP_SENDTO_X, 10);
    put(world, 0, -1);
    put_text(world, 1, "");
    put(world, 2, 3);
    put(world, 3, 5);
    put_tuple(world, 4, "10.0.0.1", 5000, "10.0.0.9", 53);
    const struct np_scap_moment *moment = take(world);
    assert_text(moment->descriptor->name, "");
    assert_int_equal(moment->descriptor->flags, 0);
}

static void a_stream_keeps_the_name_that_it_has(void **state)
{
    struct world *world = *state;
    take_socket(world, 3, 2, STREAM, 0);
    take_connect(world, 3, 0, "10.0.0.9", 443);
    assert_text(take_sendto(world, 3, "10.0.0.8", 53)->descriptor->name,
                "10.0.0.1:4000->10.0.0.9:443");
}

static void who_sends_through_an_unknown_socket_uses_udp(void **state)
{
    struct world *world = *state;
    const struct np_scap_moment *moment = take_sendto(world, 9, "10.0.0.9", 53);
    assert_int_equal(moment->descriptor->kind, NP_FD_IPV4);
    assert_int_equal(moment->descriptor->socket.v4.proto, NP_L4_UDP);
    assert_int_equal(moment->fd, 9);
}

static void a_pair_of_sockets_has_both_ends(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_SOCKETPAIR_X, 10);
    put(world, 0, 0);
    put(world, 1, 3);
    put(world, 2, 4);
    put(world, 3, 100);
    put(world, 4, 200);
    const struct np_scap_moment *moment = take(world);
    assert_int_equal(moment->descriptor->fd, 3);
    assert_int_equal(moment->fd, 4);
    assert_int_equal(np_task_descriptor(world->state, moment->task, 4)->socket.unix_.dest, 200);
}

static void ignores_addresses_that_are_cut_off(void **state)
{
    struct world *world = *state;
    static const char cut[] = {2, 10, 0, 0, 1, 80, 0, 10};
    static const uint16_t types[] = {NP_SCAP_CONNECT_X, NP_SCAP_BIND_X, NP_SCAP_SENDTO_X,
                                     NP_SCAP_RECVFROM_X, NP_SCAP_ACCEPT4_6_X};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        for (size_t len = 0; len <= sizeof(cut); len++) {
            take_socket(world, 3, 2, DATAGRAM, 0);
            event_begin(world, types[i], 10);
            for (size_t param = 0; param < world->event.info->params_len; param++) {
                enum np_scap_param_type type = world->event.info->params[param].type;
                if (type == NP_SCAP_FD)
                    put(world, param, 3);
                else if (type == NP_SCAP_ERRNO)
                    put(world, param, 0);
                else
                    put_bytes(world, param, cut, len);
            }
            take(world);
        }
    }
}

static void connections_at_the_beginning_have_their_roles(void **state)
{
    struct world *world = *state;
    static const char far[] = {10, 0, 0, 9};
    static const char near[] = {10, 0, 0, 1};
    const struct np_scap_fd server = {.fd = 3,
                                      .type = NP_FD_IPV4_SERVER,
                                      .source = {near, 4},
                                      .source_port = 80,
                                      .l4proto = NP_L4_TCP};
    const struct np_scap_fd in = {.fd = 4,
                                  .type = NP_FD_IPV4,
                                  .source = {near, 4},
                                  .destination = {far, 4},
                                  .source_port = 80,
                                  .destination_port = 5555,
                                  .l4proto = NP_L4_TCP};
    const struct np_scap_fd out = {.fd = 5,
                                   .type = NP_FD_IPV4,
                                   .source = {near, 4},
                                   .destination = {far, 4},
                                   .source_port = 4000,
                                   .destination_port = 443,
                                   .l4proto = NP_L4_TCP};
    assert_int_equal(np_scap_state_add_fd(world->state, 10, &in), 0);
    assert_int_equal(np_scap_state_add_fd(world->state, 10, &server), 0);
    assert_int_equal(np_scap_state_add_fd(world->state, 10, &out), 0);
    take_nothing(world);
    const struct np_task *task = np_task_find(world->state, 10);
    const struct np_descriptor *one = np_task_descriptor(world->state, task, 4);
    assert_text(one->name, "10.0.0.9:5555->10.0.0.1:80");
    assert_true((one->flags & NP_FD_ROLE_SERVER) != 0);
    one = np_task_descriptor(world->state, task, 5);
    assert_text(one->name, "10.0.0.1:4000->10.0.0.9:443");
    assert_true((one->flags & NP_FD_ROLE_CLIENT) != 0);
    assert_text(np_task_descriptor(world->state, task, 3)->name, "10.0.0.1:80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(knows_what_a_socket_is_for),
        CASE(connect_makes_a_client),
        CASE(connect_in_progress_counts_as_made),
        CASE(connect_that_fails_changes_nothing),
        CASE(bind_makes_a_server_where_it_has_a_port),
        CASE(accept_makes_a_connected_server),
        CASE(accept_takes_mapped_addresses_as_ipv4),
        CASE(unix_sockets_are_named_by_ends_and_path),
        CASE(a_datagram_socket_follows_its_messages),
        CASE(a_bound_datagram_socket_serves),
        CASE(shutdown_changes_nothing),
        CASE(a_message_that_fails_teaches_nothing),
        CASE(a_stream_keeps_the_name_that_it_has),
        CASE(who_sends_through_an_unknown_socket_uses_udp),
        CASE(a_pair_of_sockets_has_both_ends),
        CASE(ignores_addresses_that_are_cut_off),
        CASE(connections_at_the_beginning_have_their_roles),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
