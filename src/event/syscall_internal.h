/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a resolved record, for its writer and its reader. A record is a head, the texts of the head, then values up to its
 * length: each a value's head and its text; a list is followed by its items. Nothing is aligned.
 */
#pragma once

#include "event/syscall.h"

enum { NP_RECORD_TEXTS = 4 }; /* name, user, address, outcome */

/* "\0npS" and "\0npQ": the first byte begins no JSON. */
#define NP_RECORD_MAGIC       UINT32_C(0x53706e00)
#define NP_RECORD_QUIET_MAGIC UINT32_C(0x51706e00)

/* What a record of either kind begins with. */
struct np_record_start {
    uint32_t magic;
    uint32_t len; /* of the whole record */
    int64_t time;
};

/* Of one event. */
struct np_record_head {
    struct np_record_start start;
    uint64_t num;
    int64_t tid;
    uint16_t type;
    uint16_t category;
    uint16_t text_len[NP_RECORD_TEXTS];
    uint32_t unused;
};

/* Of quiet events: all of the record. */
struct np_record_quiet {
    struct np_record_start start;
    uint64_t count;
    int64_t newest;
};

struct np_record_value {
    uint32_t field;
    uint8_t kind; /* enum np_value_kind */
    uint8_t flags;
    uint16_t unused;
    uint32_t count; /* of a list's items, which follow */
    uint32_t text_len;
    uint64_t bits; /* of a boolean or number */
};
