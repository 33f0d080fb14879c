/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocks of a capture (.scap), and what is in them. A file is a section header and then blocks,
 * each with its length before and behind its body: the machine, its users, processes, descriptors
 * and interfaces as they were when the recording began, then the events.
 *
 * Here bytes are only taken apart. Every length comes from a file and is checked; spans point into
 * the block. Little-endian files only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "source/object.h"
#include "source/scap/table.h"

enum {
    NP_SCAP_MAGIC_BYTES = 12,     /* that tell a capture */
    NP_SCAP_BLOCK_HEAD_BYTES = 8, /* type and length of a block */
    NP_SCAP_BLOCK_MIN_BYTES = 12,
    NP_SCAP_BLOCK_MAX_BYTES = 64 * 1024 * 1024, /* of lists; more is no capture */
    NP_SCAP_PARAMS_MAX = 33,                    /* of execveat */
};

/* What a block is, whatever its version. */
enum np_scap_block_kind {
    NP_SCAP_BLOCK_UNKNOWN,
    NP_SCAP_BLOCK_SECTION,
    NP_SCAP_BLOCK_MACHINE,
    NP_SCAP_BLOCK_PROCS,
    NP_SCAP_BLOCK_FDS,
    NP_SCAP_BLOCK_EVENT,
    NP_SCAP_BLOCK_INTERFACES,
    NP_SCAP_BLOCK_USERS,
    NP_SCAP_BLOCK_OLD, /* of a form that is known and refused */
};

struct np_scap_block {
    uint32_t type; /* as stored */
    enum np_scap_block_kind kind;
    bool has_flags;      /* an event with flags */
    bool is_large;       /* an event whose lengths of parameters have 32 bits */
    struct np_span body; /* without head and trailing length */
};

/* Whether bytes begin as a capture does (of either byte order). Packets (pcapng) begin likewise. */
enum np_verdict np_scap_detect(struct np_span head);

/*
 * Reads the head of a block: its kind and its whole length with head and trailer (at least
 * NP_SCAP_BLOCK_MIN_BYTES). `head` has NP_SCAP_BLOCK_HEAD_BYTES. -EBADMSG.
 */
NP_NODISCARD int np_scap_block_head(struct np_span head, struct np_scap_block *out_block,
                                    size_t *out_len, struct np_err *err);

/*
 * Takes the body of a block whose head is read; `bytes` are the whole block. -EBADMSG where the
 * length behind it is another than the one in front.
 */
NP_NODISCARD int np_scap_block_take(struct np_span bytes, struct np_scap_block *block,
                                    struct np_err *err);

/* The section header. -EBADMSG, or -ENOTSUP where the version or the byte order is not taken. */
NP_NODISCARD int np_scap_section(struct np_span body, struct np_err *err);

struct np_scap_machine {
    uint32_t cpus;
    uint64_t memory_bytes;
    uint64_t max_pid;
    struct np_span hostname;
    uint64_t boot_ns; /* since 1970; 0 = not told */
};

NP_NODISCARD int np_scap_machine(struct np_span body, struct np_scap_machine *out_machine,
                                 struct np_err *err);

/* One event, decoded as far as its type tells. */
struct np_scap_event {
    uint64_t number; /* counts the event blocks of a file from 1; set by the reader */
    uint64_t ts;     /* ns since 1970 */
    int64_t tid;
    uint16_t type;
    uint16_t cpu;
    uint32_t flags; /* of the block; bits of the recorder */
    const struct np_scap_type *info;
    uint32_t params_len; /* that are stored: may be fewer than `info` has, never more */
    struct np_span params[NP_SCAP_PARAMS_MAX]; /* those not stored are empty */
};

/*
 * Takes an event block apart: 1, or 0 where its type is not known (`type`, `ts`, `tid` and `cpu`
 * are set all the same). Calls that were entered and old forms have no parameters here. -EBADMSG.
 * `out_event->number` is not touched.
 */
NP_NODISCARD int np_scap_event(const struct np_scap_block *block, struct np_scap_event *out_event,
                               struct np_err *err);

/*
 * Parameter `i` as a number, by its type (of NP_SCAP_DYN by its variant): false where it is empty,
 * too short, or no number. An unsigned 64-bit number keeps its bits.
 */
bool np_scap_event_int(const struct np_scap_event *event, size_t i, int64_t *out_value);

/* Parameter `i` as text, without the NUL behind it; empty where there is none. */
struct np_span np_scap_event_text(const struct np_scap_event *event, size_t i);

/* The result of the call: its first parameter of type errno, descriptor or pid. */
bool np_scap_event_result(const struct np_scap_event *event, int64_t *out_result);

/* A place in a list that is read entry by entry. */
struct np_scap_cursor {
    struct np_span rest;
    uint32_t block_type;
};

/* A cursor at the first entry of a block of processes, descriptors, users or interfaces. */
struct np_scap_cursor np_scap_entries(const struct np_scap_block *block);

/* A task as it was when the recording began. What an older form does not have is 0 or empty. */
struct np_scap_proc {
    int64_t tid;
    int64_t pid;
    int64_t ptid; /* of the parent */
    int64_t sid;
    int64_t vpgid;
    int64_t pgid;
    bool has_pgid;
    struct np_span comm;
    struct np_span exe; /* argv[0] */
    struct np_span exepath;
    struct np_span args; /* from argv[1], each NUL-terminated */
    struct np_span cwd;
    struct np_span env;     /* each NUL-terminated */
    struct np_span cgroups; /* "subsystem=path", each NUL-terminated */
    struct np_span root;
    int64_t fdlimit;
    uint32_t flags; /* of clone, as the project numbers them */
    uint32_t uid;
    uint32_t gid;
    uint32_t vmsize_kb;
    uint32_t vmrss_kb;
    uint32_t vmswap_kb;
    uint64_t pfmajor;
    uint64_t pfminor;
    int64_t vtid;
    int64_t vpid;
    uint64_t pidns_init_start_ts; /* ns */
    uint32_t tty;
    uint32_t loginuid; /* UINT32_MAX: none */
    bool exe_writable;
    bool exe_upper_layer;
    bool exe_lower_layer;
    bool exe_from_memfd;
    bool has_caps;
    uint64_t cap_inheritable;
    uint64_t cap_permitted;
    uint64_t cap_effective;
    uint64_t exe_ino;
    uint64_t exe_ino_ctime; /* ns */
    uint64_t exe_ino_mtime; /* ns */
};

/* The next task: 1, or 0 at the end. -EBADMSG: the rest of the list cannot be read. */
NP_NODISCARD int np_scap_proc_next(struct np_scap_cursor *cursor, struct np_scap_proc *out_proc,
                                   struct np_err *err);

/* An address of the machine, in network order: 4 or 16 bytes. */
struct np_scap_address {
    struct np_span address;
    struct np_span netmask;
    struct np_span interface; /* name */
};

/* The next address of a block of interfaces: as np_scap_proc_next(). */
NP_NODISCARD int np_scap_address_next(struct np_scap_cursor *cursor,
                                      struct np_scap_address *out_address, struct np_err *err);

/* What a descriptor leads to, as captures number it. */
enum np_scap_fd_type {
    NP_SCAP_FD_UNKNOWN = 0,
    NP_SCAP_FD_FILE = 1,
    NP_SCAP_FD_DIRECTORY = 2,
    NP_SCAP_FD_IPV4_SOCK = 3,
    NP_SCAP_FD_IPV6_SOCK = 4,
    NP_SCAP_FD_IPV4_SERVSOCK = 5,
    NP_SCAP_FD_IPV6_SERVSOCK = 6,
    NP_SCAP_FD_FIFO = 7,
    NP_SCAP_FD_UNIX_SOCK = 8,
    NP_SCAP_FD_EVENT = 9,
    NP_SCAP_FD_UNSUPPORTED = 10,
    NP_SCAP_FD_SIGNALFD = 11,
    NP_SCAP_FD_EVENTPOLL = 12,
    NP_SCAP_FD_INOTIFY = 13,
    NP_SCAP_FD_TIMERFD = 14,
    NP_SCAP_FD_NETLINK = 15,
    NP_SCAP_FD_FILE_V2 = 16,
    NP_SCAP_FD_BPF = 17,
    NP_SCAP_FD_USERFAULTFD = 18,
    NP_SCAP_FD_IOURING = 19,
    NP_SCAP_FD_MEMFD = 20,
    NP_SCAP_FD_PIDFD = 21,
    NP_SCAP_FD_TYPE_MAX
};

/* A descriptor as it was when the recording began. */
struct np_scap_fd {
    int64_t fd;
    uint64_t ino;
    uint8_t type;               /* enum np_scap_fd_type */
    struct np_span name;        /* path, or text of the kernel */
    uint32_t open_flags;        /* of FILE_V2, as flags.def numbers them */
    uint32_t dev;               /* of FILE_V2 */
    struct np_span source;      /* address in network order, 4 or 16 bytes; else empty */
    struct np_span destination; /* likewise, not of a server socket */
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t l4proto; /* 0 unknown, 1 none, 2 tcp, 3 udp, 4 icmp, 5 raw */
    uint64_t unix_source;
    uint64_t unix_destination;
    int64_t pidfd_pid; /* of PIDFD */
};

/* Whose descriptors the block has; the cursor goes on to the first one. -EBADMSG. */
NP_NODISCARD int np_scap_fds_owner(struct np_scap_cursor *cursor, int64_t *out_tid,
                                   struct np_err *err);

/* The next descriptor: as np_scap_proc_next(). */
NP_NODISCARD int np_scap_fd_next(struct np_scap_cursor *cursor, struct np_scap_fd *out_fd,
                                 struct np_err *err);

/* A user or a group. */
struct np_scap_user {
    bool is_group;
    uint32_t uid; /* not of a group */
    uint32_t gid;
    struct np_span name;
    struct np_span home;  /* not of a group */
    struct np_span shell; /* likewise */
};

/* The next user or group: as np_scap_proc_next(). */
NP_NODISCARD int np_scap_user_next(struct np_scap_cursor *cursor, struct np_scap_user *out_user,
                                   struct np_err *err);
