/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open descriptor of a process, as far as a capture tells it. Numbers of kinds and protocols are
 * those of the capture format.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "source/scap/state/text.h"

enum np_descriptor_kind {
    NP_FD_UNINITIALIZED = -1, /* of a call that failed */
    NP_FD_UNKNOWN = 0,
    NP_FD_FILE = 1,
    NP_FD_DIRECTORY = 2,
    NP_FD_IPV4 = 3,
    NP_FD_IPV6 = 4,
    NP_FD_IPV4_SERVER = 5, /* bound, no peer yet */
    NP_FD_IPV6_SERVER = 6,
    NP_FD_PIPE = 7,
    NP_FD_UNIX = 8,
    NP_FD_EVENT = 9,
    NP_FD_UNSUPPORTED = 10,
    NP_FD_SIGNAL = 11,
    NP_FD_EVENTPOLL = 12,
    NP_FD_INOTIFY = 13,
    NP_FD_TIMER = 14,
    NP_FD_NETLINK = 15,
    NP_FD_FILE_V2 = 16, /* a file with device, inode and open flags */
    NP_FD_BPF = 17,
    NP_FD_USERFAULT = 18,
    NP_FD_IO_URING = 19,
    NP_FD_MEMFD = 20,
    NP_FD_PIDFD = 21,
    NP_FD_KIND_MAX
};

enum np_l4_proto { NP_L4_UNKNOWN = 0, NP_L4_NA = 1, NP_L4_TCP, NP_L4_UDP, NP_L4_ICMP, NP_L4_RAW };

enum np_descriptor_flag {
    NP_FD_ROLE_CLIENT = 1u << 0,
    NP_FD_ROLE_SERVER = 1u << 1,
    NP_FD_CONNECTED = 1u << 2,   /* or being connected */
    NP_FD_UPPER_LAYER = 1u << 3, /* of an overlay file system */
    NP_FD_LOWER_LAYER = 1u << 4
};

/*
 * Addresses of a socket; which member holds says the kind. They share their bytes on purpose: Falco
 * turns a bound socket into a connected one without clearing it, and what it then reads as the
 * address of the far end is left over from the bound one. Addresses are in network order, ports in
 * host order.
 */
union np_socket {
    struct {
        uint8_t source[4];
        uint8_t dest[4];
        uint16_t source_port;
        uint16_t dest_port;
        uint8_t proto;
    } v4;
    struct {
        uint8_t source[16];
        uint8_t dest[16];
        uint16_t source_port;
        uint16_t dest_port;
        uint8_t proto;
    } v6;
    struct {
        uint8_t address[4];
        uint16_t port;
        uint8_t proto;
    } v4_server;
    struct {
        uint8_t address[16];
        uint16_t port;
        uint8_t proto;
    } v6_server;
    struct {
        uint64_t source; /* kernel addresses of both ends */
        uint64_t dest;
    } unix_;
};

struct np_descriptor {
    int64_t fd;
    enum np_descriptor_kind kind;
    uint32_t flags;      /* enum np_descriptor_flag */
    uint32_t open_flags; /* the capture's own numbers (PPM_O_*) */
    uint32_t dev;
    uint64_t ino;
    int64_t pid;              /* of a pidfd */
    struct np_text *name;     /* path, address tuple, ... */
    struct np_text *name_raw; /* path as the call gave it */
    struct np_text *old_name; /* name before the event that last touched it */
    union np_socket socket;
};
