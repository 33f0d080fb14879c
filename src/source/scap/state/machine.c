/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the machine: its name, users, groups and interfaces. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "source/scap/state/internal.h"
#include "source/scap/state/socket.h"

static const uint8_t zero[16];
static const uint8_t v4_loopback[4] = {127, 0, 0, 1};
static const uint8_t v6_loopback[16] = {[15] = 1};

static size_t bytes_of(bool is_v6)
{
    return is_v6 ? 16 : 4;
}

/* Whether both are in the network of the interface; the network part of IPv6 is taken as 64 bits. */
static bool is_in_subnet(const struct np_interface *interface, const uint8_t *address)
{
    if (interface->is_v6)
        return memcmp(interface->address, address, 8) == 0;
    for (size_t i = 0; i < 4; i++) {
        if (((interface->address[i] ^ address[i]) & interface->netmask[i]) != 0)
            return false;
    }
    return true;
}

int np_scap_state_add_interface(struct np_scap_state *state,
                                const struct np_scap_interface *interface)
{
    struct np_interface added = {.is_v6 = interface->address.len == 16};
    if (interface->address.len != bytes_of(added.is_v6) ||
        (!added.is_v6 && interface->netmask.len != 4))
        return 0;
    memcpy(added.address, interface->address.ptr, interface->address.len);
    if (!added.is_v6)
        memcpy(added.netmask, interface->netmask.ptr, 4);
    if (state->interfaces.len >= NP_INTERFACES_MAX) {
        state->lost.names++;
        return 0;
    }
    return np_vec_push(&state->interfaces, added, NP_INTERFACES_MAX);
}

bool np_scap_state_is_local(const struct np_scap_state *state, const uint8_t *address, size_t len)
{
    for (size_t i = 0; i < state->interfaces.len; i++) {
        const struct np_interface *interface = &state->interfaces.items[i];
        if (len != bytes_of(interface->is_v6))
            continue;
        if (interface->is_v6 ? is_in_subnet(interface, address)
                             : memcmp(interface->address, address, len) == 0)
            return true;
    }
    return false;
}

/*
 * The machine's address that talks to `peer`: the peer itself where it is one, one in the same
 * network, else the first that is no loopback; zero where there is none.
 */
static const uint8_t *near_address(const struct np_scap_state *state, const uint8_t *peer,
                                   bool is_v6)
{
    size_t bytes = bytes_of(is_v6);
    const uint8_t *in_subnet = NULL;
    const uint8_t *other = NULL;
    for (size_t i = 0; i < state->interfaces.len; i++) {
        const struct np_interface *interface = &state->interfaces.items[i];
        const uint8_t *address = interface->address;
        if (interface->is_v6 != is_v6)
            continue;
        if (memcmp(address, peer, bytes) == 0)
            return address;
        if (in_subnet == NULL && is_in_subnet(interface, peer))
            in_subnet = address;
        if (other == NULL && memcmp(address, is_v6 ? v6_loopback : v4_loopback, bytes) != 0)
            other = address;
    }
    if (in_subnet != NULL)
        return in_subnet;
    return other != NULL ? other : zero;
}

void np_state_complete_ends(const struct np_scap_state *state, struct np_descriptor *descriptor)
{
    bool is_v6 = descriptor->kind == NP_FD_IPV6;
    if (!is_v6 && descriptor->kind != NP_FD_IPV4)
        return;
    union np_socket *socket = &descriptor->socket;
    size_t bytes = bytes_of(is_v6);
    uint8_t *source = is_v6 ? socket->v6.source : socket->v4.source;
    uint8_t *dest = is_v6 ? socket->v6.dest : socket->v4.dest;
    bool same_port = is_v6 ? socket->v6.source_port == socket->v6.dest_port
                           : socket->v4.source_port == socket->v4.dest_port;
    bool no_source = memcmp(source, zero, bytes) == 0;
    if (!no_source && memcmp(dest, zero, bytes) != 0)
        return;
    uint8_t *unknown = no_source ? source : dest;
    const uint8_t *peer = no_source ? dest : source;
    const uint8_t *address = near_address(state, peer, is_v6);
    if (memcmp(address, peer, bytes) == 0 && same_port)
        return; /* a socket does not talk to itself */
    memcpy(unknown, address, bytes);
}

void np_scap_state_set_machine(struct np_scap_state *state, const struct np_scap_machine *machine)
{
    state->boot_ts = machine->boot_ns;
}

uint64_t np_scap_state_first_ts(const struct np_scap_state *state)
{
    return state->first_ts;
}

static void free_user(struct np_user *user)
{
    if (user == NULL)
        return;
    np_text_drop(&user->name);
    np_text_drop(&user->home);
    np_text_drop(&user->shell);
    np_free(user);
}

static void free_group(struct np_group *group)
{
    if (group == NULL)
        return;
    np_text_drop(&group->name);
    np_free(group);
}

static int add_group(struct np_scap_state *state, const struct np_scap_user *added)
{
    struct np_group *old = np_idmap_get(&state->user_groups, added->gid);
    if (old == NULL && state->user_groups.len >= NP_USERS_MAX) {
        state->lost.names++;
        return 0;
    }
    struct np_group *group = np_alloc(sizeof(*group));
    if (group == NULL)
        return -ENOMEM;
    group->gid = added->gid;
    int r = np_text_set(&group->name, added->name);
    if (r == 0)
        r = np_idmap_put(&state->user_groups, added->gid, group);
    free_group(r == 0 ? old : group);
    return r;
}

int np_scap_state_add_user(struct np_scap_state *state, const struct np_scap_user *user)
{
    if (user->is_group)
        return add_group(state, user);
    struct np_user *old = np_idmap_get(&state->users, user->uid);
    if (old == NULL && state->users.len >= NP_USERS_MAX) {
        state->lost.names++;
        return 0;
    }
    struct np_user *added = np_alloc(sizeof(*added));
    if (added == NULL)
        return -ENOMEM;
    added->uid = user->uid;
    added->gid = user->gid;
    int r = np_text_set(&added->name, user->name);
    if (r == 0)
        r = np_text_set(&added->home, user->home);
    if (r == 0)
        r = np_text_set(&added->shell, user->shell);
    if (r == 0)
        r = np_idmap_put(&state->users, user->uid, added);
    free_user(r == 0 ? old : added);
    return r;
}

void np_state_free_users(struct np_scap_state *state)
{
    for (size_t i = 0; i < state->users.cap; i++)
        free_user(state->users.entries[i].value);
    for (size_t i = 0; i < state->user_groups.cap; i++)
        free_group(state->user_groups.entries[i].value);
    np_idmap_done(&state->users);
    np_idmap_done(&state->user_groups);
}

/* Users and groups of containers have ids of their own and are not those of the machine. */
static bool is_of_container(const struct np_take *take, size_t param)
{
    return np_scap_event_text(take->event, param).len > 0;
}

int np_take_user(struct np_take *take)
{
    const struct np_scap_event *event = take->event;
    bool is_group = event->type == NP_SCAP_GROUP_ADDED_E || event->type == NP_SCAP_GROUP_DELETED_E;
    if (is_of_container(take, is_group ? 2 : 5) || !np_take_has(take, 0))
        return 0;
    uint32_t id = (uint32_t) np_take_int(take, 0, 0);
    if (event->type == NP_SCAP_USER_DELETED_E)
        free_user(np_idmap_remove(&take->state->users, id));
    else if (event->type == NP_SCAP_GROUP_DELETED_E)
        free_group(np_idmap_remove(&take->state->user_groups, id));
    else if (is_group)
        return np_scap_state_add_user(
            take->state, &(struct np_scap_user){
                             .is_group = true, .gid = id, .name = np_scap_event_text(event, 1)});
    else
        return np_scap_state_add_user(
            take->state, &(struct np_scap_user){.uid = id,
                                                .gid = (uint32_t) np_take_int(take, 1, 0),
                                                .name = np_scap_event_text(event, 2),
                                                .home = np_scap_event_text(event, 3),
                                                .shell = np_scap_event_text(event, 4)});
    return 0;
}

const struct np_user *np_scap_state_user(const struct np_scap_state *state, uint32_t uid)
{
    return np_idmap_get(&state->users, uid);
}

const struct np_group *np_scap_state_group(const struct np_scap_state *state, uint32_t gid)
{
    return np_idmap_get(&state->user_groups, gid);
}
