/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes of bytes: XXH3 (xxhash.com), the same on every machine. Not for secrets. The 128-bit form
 * is wide enough that equal hashes are taken as equal keys.
 */
#pragma once

#include <stdint.h>

#include "base/span.h"

struct np_hash128 {
    uint64_t low;
    uint64_t high;
};

/* 64-bit hash of the bytes, varied by `seed`. */
uint64_t np_hash64(struct np_span bytes, uint64_t seed);

/* 128-bit hash of the bytes, varied by `seed`. */
struct np_hash128 np_hash128(struct np_span bytes, uint64_t seed);

/* Writes the 32 hex digits of `hash`, high half first, and a NUL. */
void np_hash128_format(char out_text[33], struct np_hash128 hash);
