/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian numbers and counted texts, taken from bytes of a file that may end too early. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"

/* Captures are read on little-endian machines only, as the project runs on no others. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "captures are little-endian");

/* What is left, and whether more was asked for than there was: then all later values are 0. */
struct np_scap_bytes {
    struct np_span rest;
    bool is_short;
};

/* The next `len` bytes. */
static inline struct np_span np_scap_take(struct np_scap_bytes *bytes, size_t len)
{
    if (len > bytes->rest.len) {
        bytes->is_short = true;
        bytes->rest.len = 0;
        return (struct np_span){};
    }
    struct np_span taken = {bytes->rest.ptr, len};
    bytes->rest.ptr += len;
    bytes->rest.len -= len;
    return taken;
}

/* A number of 1, 2, 4 or 8 bytes. */
static inline uint64_t np_scap_number(const char *bytes, size_t width)
{
    uint8_t of_1;
    uint16_t of_2;
    uint32_t of_4;
    uint64_t of_8;
    switch (width) { /* loads of a known width are one instruction each */
    case sizeof(of_1):
        memcpy(&of_1, bytes, sizeof(of_1));
        return of_1;
    case sizeof(of_2):
        memcpy(&of_2, bytes, sizeof(of_2));
        return of_2;
    case sizeof(of_4):
        memcpy(&of_4, bytes, sizeof(of_4));
        return of_4;
    default:
        memcpy(&of_8, bytes, sizeof(of_8));
        return of_8;
    }
}

static inline uint64_t np_scap_take_number(struct np_scap_bytes *bytes, size_t width)
{
    struct np_span taken = np_scap_take(bytes, width);
    return taken.len > 0 ? np_scap_number(taken.ptr, width) : 0;
}

/* The bits of a signed number of 1 to 8 bytes, its sign carried to the full width. */
static inline int64_t np_scap_carry_sign(uint64_t bits, size_t width)
{
    unsigned unused = (unsigned) (64 - 8 * width);
    return (int64_t) (bits << unused) >> unused;
}

static inline uint8_t np_scap_take_u8(struct np_scap_bytes *bytes)
{
    return (uint8_t) np_scap_take_number(bytes, 1);
}

static inline uint16_t np_scap_take_u16(struct np_scap_bytes *bytes)
{
    return (uint16_t) np_scap_take_number(bytes, 2);
}

static inline uint32_t np_scap_take_u32(struct np_scap_bytes *bytes)
{
    return (uint32_t) np_scap_take_number(bytes, 4);
}

static inline uint64_t np_scap_take_u64(struct np_scap_bytes *bytes)
{
    return np_scap_take_number(bytes, 8);
}

static inline int64_t np_scap_take_i64(struct np_scap_bytes *bytes)
{
    return (int64_t) np_scap_take_number(bytes, 8);
}

/* A text behind its length of 16 bits. */
static inline struct np_span np_scap_take_text(struct np_scap_bytes *bytes)
{
    return np_scap_take(bytes, np_scap_take_u16(bytes));
}
