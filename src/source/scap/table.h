/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the numbers of a capture mean: for each type of event its name, its category, what it does
 * to descriptors, and its parameters in the order in which they are stored. Facts of the driver's
 * event schema 4.x (falcosecurity/libs 0.25.4); the tables are in types.def and flags.def, one line
 * for a type or a name.
 *
 * An odd number is what a system call did, recorded when it returned ("exit"); the even number
 * before it is the same call when it was entered, which captures of today do not have. Some even
 * numbers are events that have no such pair (a task's end, a signal, a user that was added).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* How the bytes of a parameter are read; numbers are little-endian and of the width they name. */
enum np_scap_param_type {
    NP_SCAP_INT16,
    NP_SCAP_INT32,
    NP_SCAP_INT64,
    NP_SCAP_UINT8,
    NP_SCAP_UINT16,
    NP_SCAP_UINT32,
    NP_SCAP_UINT64,
    NP_SCAP_CHARBUF,    /* text, NUL-terminated */
    NP_SCAP_FSPATH,     /* path, relative to the task's folder; NUL-terminated */
    NP_SCAP_FSRELPATH,  /* path, relative to a descriptor of the event; NUL-terminated */
    NP_SCAP_BYTEBUF,    /* bytes */
    NP_SCAP_CHARBUFS,   /* texts, each NUL-terminated */
    NP_SCAP_CHARPAIRS,  /* texts in pairs, each NUL-terminated */
    NP_SCAP_ERRNO,      /* int64; negative is a negated errno */
    NP_SCAP_FD,         /* int64 */
    NP_SCAP_PID,        /* int64 */
    NP_SCAP_UID,        /* uint32 */
    NP_SCAP_GID,        /* uint32 */
    NP_SCAP_MODE,       /* uint32 */
    NP_SCAP_SYSCALLID,  /* uint16: the project's own number of a system call */
    NP_SCAP_SIGTYPE,    /* uint8 */
    NP_SCAP_SIGSET,     /* uint32 */
    NP_SCAP_RELTIME,    /* uint64, ns */
    NP_SCAP_ABSTIME,    /* uint64, ns since 1970 */
    NP_SCAP_SOCKADDR,   /* u8 family, address, u16 port; or u8 family and a path */
    NP_SCAP_SOCKTUPLE,  /* u8 family, address, port, address, port; or u8 family, two u64, path */
    NP_SCAP_FDLIST,     /* u16 count, then (int64 descriptor, int16 flags) each */
    NP_SCAP_FLAGS8,     /* uint8, bits with names */
    NP_SCAP_FLAGS16,    /* uint16 */
    NP_SCAP_FLAGS32,    /* uint32 */
    NP_SCAP_ENUMFLAGS8, /* uint8, one of several names */
    NP_SCAP_ENUMFLAGS16,
    NP_SCAP_ENUMFLAGS32,
    NP_SCAP_DYN, /* u8 index, then what that variant has: `variants` */
    NP_SCAP_PARAM_TYPE_MAX
};

/* How a number is stored. */
struct np_scap_width {
    uint8_t bytes; /* 0 = the type is no number */
    bool is_signed;
};

/* How a number is written. */
enum np_scap_format {
    NP_SCAP_AS_IS,
    NP_SCAP_DECIMAL,
    NP_SCAP_HEX, /* capital digits */
    NP_SCAP_OCTAL
};

/* A name of a value, or of bits of it. */
struct np_scap_flag {
    const char *name;
    uint32_t value;
};

/* The names of one parameter's values. */
struct np_scap_flags {
    const struct np_scap_flag *items;
    size_t count;
};

struct np_scap_variant {
    enum np_scap_param_type type;
    enum np_scap_format format;
};

/* What a parameter of type NP_SCAP_DYN may be, by index. */
struct np_scap_variants {
    const struct np_scap_variant *items;
    size_t count;
};

struct np_scap_param {
    const char *name;
    enum np_scap_param_type type;
    enum np_scap_format format;
    const struct np_scap_flags *flags;       /* NULL where it has none */
    const struct np_scap_variants *variants; /* of NP_SCAP_DYN, else NULL */
    int8_t relative_to;                      /* of NP_SCAP_FSRELPATH: number of the descriptor */
};

/* What a type of event does, from the point of view of rules ("evt.category"). */
enum np_scap_category {
    NP_SCAP_CAT_OTHER,
    NP_SCAP_CAT_FILE,
    NP_SCAP_CAT_NET,
    NP_SCAP_CAT_IPC,
    NP_SCAP_CAT_MEMORY,
    NP_SCAP_CAT_PROCESS,
    NP_SCAP_CAT_SLEEP,
    NP_SCAP_CAT_SYSTEM,
    NP_SCAP_CAT_SIGNAL,
    NP_SCAP_CAT_USER,
    NP_SCAP_CAT_TIME,
    NP_SCAP_CAT_PROCESSING,
    NP_SCAP_CAT_IO_READ,
    NP_SCAP_CAT_IO_WRITE,
    NP_SCAP_CAT_IO_OTHER,
    NP_SCAP_CAT_WAIT,
    NP_SCAP_CAT_SCHEDULER,
    NP_SCAP_CAT_INTERNAL,
    NP_SCAP_CAT_UNKNOWN,
    NP_SCAP_CAT_MAX
};

/* Where a type of event comes from. */
enum np_scap_origin {
    NP_SCAP_FROM_NOWHERE, /* not used */
    NP_SCAP_FROM_SYSCALL,
    NP_SCAP_FROM_TRACEPOINT,
    NP_SCAP_FROM_PLUGIN,
    NP_SCAP_FROM_META, /* of the recorder itself */
};

/* Bits of np_scap_type.does. */
enum {
    NP_SCAP_CREATES_FD = 1 << 0,
    NP_SCAP_DESTROYS_FD = 1 << 1,
    NP_SCAP_USES_FD = 1 << 2,
    NP_SCAP_READS_FD = 1 << 3,
    NP_SCAP_WRITES_FD = 1 << 4,
    NP_SCAP_MODIFIES_STATE = 1 << 5,
    NP_SCAP_WAITS = 1 << 7,
    NP_SCAP_SKIPS_PARSE_RESET = 1 << 8,
    NP_SCAP_LARGE = 1 << 9,  /* lengths of parameters may be 32 bits wide */
    NP_SCAP_ENTER = 1 << 10, /* a call that was entered; its parameters are not described */
    NP_SCAP_OLD = 1 << 11,   /* no recorder of today writes it; likewise */
};

struct np_scap_type {
    const char *name; /* "openat" */
    enum np_scap_category category;
    enum np_scap_origin origin;
    uint16_t does;
    uint8_t params_len;
    const struct np_scap_param *params;
};

/* Types by number: NP_SCAP_OPENAT_2_X ... */
enum np_scap_type_id {
#define CALL(id, ...)  NP_SCAP_##id##_E, NP_SCAP_##id##_X,
#define EVENT(id, ...) NP_SCAP_##id##_E, NP_SCAP_##id##_X,
#define OLD(id, ...)   NP_SCAP_##id##_E, NP_SCAP_##id##_X,
#define GAP(id)        NP_SCAP_##id##_E, NP_SCAP_##id##_X,
#include "source/scap/types.def"
#undef CALL
#undef EVENT
#undef OLD
#undef GAP
    NP_SCAP_TYPE_MAX
};

extern const struct np_scap_width np_scap_widths[NP_SCAP_PARAM_TYPE_MAX];

static inline struct np_scap_width np_scap_width_of(enum np_scap_param_type type)
{
    return np_scap_widths[type];
}

/* What a type number means; NULL where it is not known. */
const struct np_scap_type *np_scap_type_of(uint16_t id);

/* Which of a type's parameters has a name; -1 where there is none. */
int np_scap_type_param(const struct np_scap_type *type, struct np_span name);

/* "setxattr" for 141, a number of NP_SCAP_SYSCALLID; NULL where it is not known. */
const char *np_scap_call_name(uint64_t number);

/* "file", "net", "ipc" ...: what "evt.category" says. */
const char *np_scap_category_name(enum np_scap_category category);
