/* SPDX-License-Identifier: Apache-2.0 */
/* One loop for each kind of entry: see tables.h. */
#include "source/scap/tables.h"

#include <errno.h>

static int take_procs(struct np_scap_state *state, const struct np_scap_block *block,
                      struct np_err *err)
{
    struct np_scap_cursor cursor = np_scap_entries(block);
    struct np_scap_proc proc;
    int r = 1;
    while (r > 0) {
        r = np_scap_proc_next(&cursor, &proc, err);
        if (r > 0 && np_scap_state_add_proc(state, &proc) < 0)
            r = -ENOMEM;
    }
    return r;
}

static int take_fds(struct np_scap_state *state, const struct np_scap_block *block,
                    struct np_err *err)
{
    struct np_scap_cursor cursor = np_scap_entries(block);
    struct np_scap_fd fd;
    int64_t tid = 0;
    int r = np_scap_fds_owner(&cursor, &tid, err) < 0 ? -EBADMSG : 1;
    while (r > 0) {
        r = np_scap_fd_next(&cursor, &fd, err);
        if (r > 0 && np_scap_state_add_fd(state, tid, &fd) < 0)
            r = -ENOMEM;
    }
    return r;
}

static int take_users(struct np_scap_state *state, const struct np_scap_block *block,
                      struct np_err *err)
{
    struct np_scap_cursor cursor = np_scap_entries(block);
    struct np_scap_user user;
    int r = 1;
    while (r > 0) {
        r = np_scap_user_next(&cursor, &user, err);
        if (r > 0 && np_scap_state_add_user(state, &user) < 0)
            r = -ENOMEM;
    }
    return r;
}

static int take_interfaces(struct np_scap_state *state, const struct np_scap_block *block,
                           struct np_err *err)
{
    struct np_scap_cursor cursor = np_scap_entries(block);
    struct np_scap_address address;
    int r = 1;
    while (r > 0) {
        r = np_scap_address_next(&cursor, &address, err);
        if (r <= 0)
            break;
        struct np_scap_interface interface = {.address = address.address,
                                              .netmask = address.netmask};
        if (np_scap_state_add_interface(state, &interface) < 0)
            r = -ENOMEM;
    }
    return r;
}

static int take_machine(struct np_scap_state *state, const struct np_scap_block *block,
                        struct np_err *err)
{
    struct np_scap_machine machine;
    int r = np_scap_machine(block->body, &machine, err);
    if (r == 0)
        np_scap_state_set_machine(state, &machine);
    return r;
}

int np_scap_tables_take(struct np_scap_state *state, const struct np_scap_block *block,
                        struct np_err *err)
{
    switch (block->kind) {
    case NP_SCAP_BLOCK_MACHINE:
        return take_machine(state, block, err);
    case NP_SCAP_BLOCK_PROCS:
        return take_procs(state, block, err);
    case NP_SCAP_BLOCK_FDS:
        return take_fds(state, block, err);
    case NP_SCAP_BLOCK_USERS:
        return take_users(state, block, err);
    case NP_SCAP_BLOCK_INTERFACES:
        return take_interfaces(state, block, err);
    default:
        return 0; /* no table */
    }
}
