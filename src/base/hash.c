/* SPDX-License-Identifier: Apache-2.0 */
/* XXH3 from libxxhash's header; see hash.h. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t np_hash64(struct np_span bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.len > 0 ? bytes.ptr : "", bytes.len, seed);
}

struct np_hash128 np_hash128(struct np_span bytes, uint64_t seed)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.len > 0 ? bytes.ptr : "", bytes.len, seed);
    return (struct np_hash128){hash.low64, hash.high64};
}

void np_hash128_format(char out_text[33], struct np_hash128 hash)
{
    for (size_t i = 0; i < 32; i++) {
        uint64_t half = i < 16 ? hash.high : hash.low;
        out_text[i] = "0123456789abcdef"[half >> (60 - i % 16 * 4) & 15];
    }
    out_text[32] = '\0';
}
