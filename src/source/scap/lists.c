/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of the beginning of a capture, entry by entry: see blocks.h. Newer blocks have the length
 * of each entry before it, so that fields can be added at its end; what an entry has of those
 * decides its length, not a version.
 */
#include <string.h>

#include "source/scap/blocks.h"
#include "source/scap/bytes.h"

enum {
    FDS_V2 = 0x218,
    INTERFACES_V2 = 0x219,
    USERS_V2 = 0x220,
    PADDING_MAX = 3, /* behind the last entry */
    ENTRY_LENGTH_BYTES = 4,
    IPV4_BYTES = 4,
    IPV6_BYTES = 16,
};

struct np_scap_cursor np_scap_entries(const struct np_scap_block *block)
{
    return (struct np_scap_cursor){.rest = block->body, .block_type = block->type};
}

static int fail_cut(struct np_scap_cursor *cursor, const char *what, struct np_err *err)
{
    cursor->rest.len = 0;
    return np_fail(err, -EBADMSG, "the list of %s is damaged", what);
}

/*
 * Begins an entry, which is all of the rest where it has no length: 1, or 0 at the end. `overhead`
 * is how many of its own bytes the length counts.
 */
static int begin_entry(struct np_scap_cursor *cursor, bool has_length, size_t overhead,
                       struct np_scap_bytes *out_entry)
{
    *out_entry = (struct np_scap_bytes){.rest = cursor->rest};
    if (cursor->rest.len <= PADDING_MAX)
        return 0;
    if (!has_length)
        return 1;
    struct np_scap_bytes rest = {.rest = cursor->rest};
    uint32_t len = np_scap_take_u32(&rest);
    if (len < overhead)
        return -EBADMSG;
    out_entry->rest = np_scap_take(&rest, len - overhead);
    cursor->rest = rest.rest;
    return rest.is_short ? -EBADMSG : 1;
}

/* Ends an entry; one without a length ends where its fields do. */
static int end_entry(struct np_scap_cursor *cursor, bool has_length,
                     const struct np_scap_bytes *entry)
{
    if (!has_length)
        cursor->rest = entry->rest;
    return entry->is_short ? -EBADMSG : 1;
}

/* The version of a block of processes; 9 has lengths of entries. */
static int procs_version(uint32_t type)
{
    switch (type) {
    case 0x202:
        return 1;
    case 0x207:
        return 2;
    case 0x209:
        return 3;
    default:
        return 4 + (int) (type - 0x210);
    }
}

/* Who it is, and what runs. */
static void take_identity(struct np_scap_bytes *entry, int version, struct np_scap_proc *proc)
{
    proc->tid = np_scap_take_i64(entry);
    proc->pid = np_scap_take_i64(entry);
    proc->ptid = np_scap_take_i64(entry);
    proc->sid = version >= 6 ? np_scap_take_i64(entry) : 0;
    proc->vpgid = version >= 8 ? np_scap_take_i64(entry) : 0;
    proc->comm = np_scap_take_text(entry);
    proc->exe = np_scap_take_text(entry);
    proc->exepath = version >= 7 ? np_scap_take_text(entry) : (struct np_span){};
    proc->args = np_scap_take_text(entry);
    proc->cwd = np_scap_take_text(entry);
    proc->fdlimit = np_scap_take_i64(entry);
    proc->flags = np_scap_take_u32(entry);
    proc->uid = np_scap_take_u32(entry);
    proc->gid = np_scap_take_u32(entry);
}

/* What versions 2 to 5 have added. */
static void take_surroundings(struct np_scap_bytes *entry, int version, struct np_scap_proc *proc)
{
    if (version >= 2) {
        proc->vmsize_kb = np_scap_take_u32(entry);
        proc->vmrss_kb = np_scap_take_u32(entry);
        proc->vmswap_kb = np_scap_take_u32(entry);
        proc->pfmajor = np_scap_take_u64(entry);
        proc->pfminor = np_scap_take_u64(entry);
    }
    if (version >= 3)
        proc->env = np_scap_take_text(entry);
    if (version >= 4) {
        proc->vtid = np_scap_take_i64(entry);
        proc->vpid = np_scap_take_i64(entry);
        proc->cgroups = np_scap_take_text(entry);
    }
    if (version >= 5)
        proc->root = np_scap_take_text(entry);
}

/* A number that entries may end before. */
static uint64_t take_added(struct np_scap_bytes *entry, size_t width)
{
    return entry->rest.len >= width ? np_scap_take_number(entry, width) : 0;
}

/* What was added to version 9 at the end, in the order in which it was added. */
static void take_added_fields(struct np_scap_bytes *entry, struct np_scap_proc *proc)
{
    proc->pidns_init_start_ts = take_added(entry, 8);
    proc->tty = (uint32_t) take_added(entry, 4);
    if (entry->rest.len >= sizeof(proc->loginuid))
        proc->loginuid = np_scap_take_u32(entry);
    proc->exe_writable = take_added(entry, 1) != 0;
    proc->has_caps = entry->rest.len >= 3 * sizeof(proc->cap_inheritable);
    proc->cap_inheritable = take_added(entry, 8);
    proc->cap_permitted = take_added(entry, 8);
    proc->cap_effective = take_added(entry, 8);
    proc->exe_upper_layer = take_added(entry, 1) != 0;
    proc->exe_ino = take_added(entry, 8);
    proc->exe_ino_ctime = take_added(entry, 8);
    proc->exe_ino_mtime = take_added(entry, 8);
    proc->exe_from_memfd = take_added(entry, 1) != 0;
    proc->exe_lower_layer = take_added(entry, 1) != 0;
    proc->has_pgid = entry->rest.len >= sizeof(proc->pgid);
    proc->pgid = (int64_t) take_added(entry, 8);
}

int np_scap_proc_next(struct np_scap_cursor *cursor, struct np_scap_proc *out_proc,
                      struct np_err *err)
{
    enum { HAS_LENGTHS = 9 };
    int version = procs_version(cursor->block_type);
    struct np_scap_bytes entry;
    int r = begin_entry(cursor, version >= HAS_LENGTHS, ENTRY_LENGTH_BYTES, &entry);
    if (r > 0) {
        *out_proc = (struct np_scap_proc){.loginuid = UINT32_MAX};
        take_identity(&entry, version, out_proc);
        take_surroundings(&entry, version, out_proc);
        if (version >= HAS_LENGTHS)
            take_added_fields(&entry, out_proc);
        r = end_entry(cursor, version >= HAS_LENGTHS, &entry);
    }
    return r < 0 ? fail_cut(cursor, "processes", err) : r;
}

int np_scap_fds_owner(struct np_scap_cursor *cursor, int64_t *out_tid, struct np_err *err)
{
    struct np_scap_bytes bytes = {.rest = cursor->rest};
    int64_t tid = np_scap_take_i64(&bytes);
    if (bytes.is_short)
        return fail_cut(cursor, "descriptors", err);
    cursor->rest = bytes.rest;
    *out_tid = tid;
    return 0;
}

static void take_socket(struct np_scap_bytes *entry, size_t address_bytes, bool is_server,
                        struct np_scap_fd *fd)
{
    fd->source = np_scap_take(entry, address_bytes);
    if (!is_server)
        fd->destination = np_scap_take(entry, address_bytes);
    fd->source_port = np_scap_take_u16(entry);
    if (!is_server)
        fd->destination_port = np_scap_take_u16(entry);
    fd->l4proto = np_scap_take_u8(entry);
}

/* What a descriptor leads to. False: the type is not known. */
static bool take_target(struct np_scap_bytes *entry, struct np_scap_fd *fd)
{
    switch (fd->type) {
    case NP_SCAP_FD_IPV4_SOCK:
    case NP_SCAP_FD_IPV4_SERVSOCK:
        take_socket(entry, IPV4_BYTES, fd->type == NP_SCAP_FD_IPV4_SERVSOCK, fd);
        return true;
    case NP_SCAP_FD_IPV6_SOCK:
    case NP_SCAP_FD_IPV6_SERVSOCK:
        take_socket(entry, IPV6_BYTES, fd->type == NP_SCAP_FD_IPV6_SERVSOCK, fd);
        return true;
    case NP_SCAP_FD_UNIX_SOCK:
        fd->unix_source = np_scap_take_u64(entry);
        fd->unix_destination = np_scap_take_u64(entry);
        fd->name = np_scap_take_text(entry);
        return true;
    case NP_SCAP_FD_FILE_V2:
        fd->open_flags = np_scap_take_u32(entry);
        fd->name = np_scap_take_text(entry);
        fd->dev = np_scap_take_u32(entry);
        return true;
    case NP_SCAP_FD_PIDFD:
        fd->pidfd_pid = np_scap_take_i64(entry);
        return true;
    case NP_SCAP_FD_UNKNOWN:
        return true;
    default:
        fd->name = np_scap_take_text(entry);
        return fd->type < NP_SCAP_FD_TYPE_MAX;
    }
}

int np_scap_fd_next(struct np_scap_cursor *cursor, struct np_scap_fd *out_fd, struct np_err *err)
{
    bool has_length = cursor->block_type == FDS_V2;
    struct np_scap_bytes entry;
    int r = begin_entry(cursor, has_length, ENTRY_LENGTH_BYTES, &entry);
    if (r > 0) {
        *out_fd = (struct np_scap_fd){.fd = np_scap_take_i64(&entry)};
        out_fd->ino = np_scap_take_u64(&entry);
        out_fd->type = np_scap_take_u8(&entry);
        if (!take_target(&entry, out_fd)) { /* of a newer recorder */
            entry.is_short = entry.is_short && !has_length;
            out_fd->type = NP_SCAP_FD_UNKNOWN;
            out_fd->name = (struct np_span){};
        }
        r = end_entry(cursor, has_length, &entry);
    }
    return r < 0 ? fail_cut(cursor, "descriptors", err) : r;
}

int np_scap_user_next(struct np_scap_cursor *cursor, struct np_scap_user *out_user,
                      struct np_err *err)
{
    bool has_length = cursor->block_type == USERS_V2;
    struct np_scap_bytes entry;
    int r = begin_entry(cursor, has_length, ENTRY_LENGTH_BYTES, &entry);
    if (r > 0) {
        *out_user = (struct np_scap_user){.is_group = np_scap_take_u8(&entry) != 0};
        if (!out_user->is_group)
            out_user->uid = np_scap_take_u32(&entry);
        out_user->gid = np_scap_take_u32(&entry);
        out_user->name = np_scap_take_text(&entry);
        if (!out_user->is_group) {
            out_user->home = np_scap_take_text(&entry);
            out_user->shell = np_scap_take_text(&entry);
        }
        r = end_entry(cursor, has_length, &entry);
    }
    return r < 0 ? fail_cut(cursor, "users", err) : r;
}

int np_scap_address_next(struct np_scap_cursor *cursor, struct np_scap_address *out_address,
                         struct np_err *err)
{
    enum { IPV4 = 1, IPV6 = 2, IPV4_NO_SPEED = 3, IPV6_NO_SPEED = 4 };
    bool has_length = cursor->block_type == INTERFACES_V2;
    struct np_scap_bytes entry;
    int r = begin_entry(cursor, has_length, 0, &entry);
    if (r > 0) {
        uint16_t type = np_scap_take_u16(&entry);
        uint16_t name_len = np_scap_take_u16(&entry);
        size_t bytes = type == IPV4 || type == IPV4_NO_SPEED ? IPV4_BYTES : IPV6_BYTES;
        out_address->address = np_scap_take(&entry, bytes);
        out_address->netmask = np_scap_take(&entry, bytes);
        (void) np_scap_take(&entry, bytes); /* broadcast */
        if (type == IPV4 || type == IPV6)
            (void) np_scap_take_u64(&entry); /* speed */
        out_address->interface = np_scap_take(&entry, name_len);
        entry.is_short = entry.is_short || type < IPV4 || type > IPV6_NO_SPEED;
        r = end_entry(cursor, has_length, &entry);
    }
    return r < 0 ? fail_cut(cursor, "interfaces", err) : r;
}
