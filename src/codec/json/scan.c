/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masks of 64 bytes, and what can be told from counting their bits.
 *
 * A quote that a backslash escapes is found by carry: adding the first bit of a run of
 * backslashes to the run leaves a bit right behind it, and whether start and end lie on bits of
 * the same parity tells whether the run's length is odd. The bytes inside strings are the running
 * xor of the quotes that are left. Both ways are described in Langdale and Lemire, "Parsing
 * gigabytes of JSON per second" (VLDB Journal 28, 2019).
 */
#include "codec/json/scan.h"

#include <endian.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/compiler.h"

#define EVEN_BITS     UINT64_C(0x5555555555555555)
#define ODD_BITS      (~EVEN_BITS)
#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { PREFETCH_BYTES = 2048 };
enum { FOLD_BRACKET = 0x20 }; /* turns [ into { and ] into }, and no other byte into one of them */

/* Which bytes of a block are what, strings not yet considered. */
struct raw_masks {
    uint64_t quote;
    uint64_t backslash;
    uint64_t newline;
    uint64_t open;
    uint64_t close;
};

/* The bytes right behind a run of backslashes of odd length; `len` bytes of the block are valid. */
ALWAYS_INLINE uint64_t find_escaped(struct np_json_scan *scan, uint64_t backslash, size_t len)
{
    uint64_t carried = scan->escaped;
    backslash &= ~carried; /* an escaped backslash starts no run */
    uint64_t starts = backslash & ~(backslash << 1);
    uint64_t odd_sum;
    bool odd_runs_on = __builtin_add_overflow(backslash, starts & ODD_BITS, &odd_sum);
    uint64_t even_sum = backslash + (starts & EVEN_BITS);
    uint64_t behind = ~backslash & ((even_sum & ODD_BITS) | (odd_sum & EVEN_BITS));
    scan->escaped = len < NP_JSON_SCAN_BLOCK ? (behind >> len & 1) != 0 : odd_runs_on;
    return behind | carried;
}

/*
 * Each bit becomes the xor of itself and all below: 1 from an opening quote up to before the
 * closing one.
 */
ALWAYS_INLINE uint64_t running_xor(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

/*
 * Moves the state over a block of `len` valid bytes; whether it needs a look, and then its masks.
 */
ALWAYS_INLINE bool needs_look(struct np_json_scan *scan, struct raw_masks raw, size_t len,
                              struct np_json_masks *out_masks)
{
    uint64_t quote = raw.quote;
    if (np_unlikely(raw.backslash != 0 || scan->escaped))
        quote &= ~find_escaped(scan, raw.backslash, len);
    uint64_t inside = running_xor(quote) ^ scan->in_string;
    scan->in_string = inside >> 63 != 0 ? UINT64_MAX : 0;

    uint64_t open = raw.open & ~inside;
    uint64_t close = raw.close & ~inside;
    uint64_t line_start = (raw.newline << 1 | scan->after_newline) & raw.open;
    scan->after_newline = (raw.newline >> (len - 1) & 1) != 0;

    uint64_t opens = (uint64_t) __builtin_popcountll(open);
    uint64_t closes = (uint64_t) __builtin_popcountll(close);
    if (np_likely(line_start == 0 && scan->depth > closes &&
                  (opens == 0 || scan->depth >= closes + scan->watch) &&
                  scan->depth + opens <= scan->max_depth)) {
        scan->depth += opens - closes;
        return false;
    }
    *out_masks = (struct np_json_masks){.open = open, .close = close, .line_start = line_start};
    return true;
}

/*
 * One bit for each of the eight bytes of `word` that equals `byte`, the lowest byte in the lowest
 * bit.
 */
ALWAYS_INLINE uint64_t bits_of_word(uint64_t word, char byte)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t low_bits = each * 0x7f;
    uint64_t differs = word ^ each * (uint64_t) byte; /* 0 in the bytes that are wanted */
    uint64_t zero = ~(((differs & low_bits) + low_bits) | differs | low_bits) >> 7;
    return zero * UINT64_C(0x0102040810204080) >> 56; /* moves bit 8n to bit 56 + n */
}

ALWAYS_INLINE struct raw_masks classify_portable(const char *bytes)
{
    const uint64_t fold = UINT64_C(0x0101010101010101) * FOLD_BRACKET;
    struct raw_masks raw = {};
    for (unsigned i = 0; i < NP_JSON_SCAN_BLOCK; i += (unsigned) sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof(word));
        word = le64toh(word);
        raw.quote |= bits_of_word(word, '"') << i;
        raw.backslash |= bits_of_word(word, '\\') << i;
        raw.newline |= bits_of_word(word, '\n') << i;
        raw.open |= bits_of_word(word | fold, '{') << i;
        raw.close |= bits_of_word(word | fold, '}') << i;
    }
    return raw;
}

/*
 * The block at `bytes`, of which `left` are left; a short last one is padded with blanks in
 * `buffer`. Memory is asked for well ahead, which more than doubles the speed where the bytes are
 * in no cache.
 */
ALWAYS_INLINE const char *block_at(const char *bytes, size_t left, char *buffer)
{
    __builtin_prefetch(bytes + NP_MIN(left, (size_t) PREFETCH_BYTES));
    if (np_likely(left >= NP_JSON_SCAN_BLOCK))
        return bytes;
    memset(buffer, ' ', NP_JSON_SCAN_BLOCK);
    memcpy(buffer, bytes, left);
    return buffer;
}

static size_t pass_portable(struct np_json_scan *scan, const char *bytes, size_t len,
                            struct np_json_masks *out_masks)
{
    char buffer[NP_JSON_SCAN_BLOCK];
    for (size_t at = 0; at < len; at += NP_JSON_SCAN_BLOCK) {
        const char *block = block_at(bytes + at, len - at, buffer);
        size_t valid = NP_MIN(len - at, (size_t) NP_JSON_SCAN_BLOCK);
        if (needs_look(scan, classify_portable(block), valid, out_masks))
            return at;
    }
    return len;
}

#if defined(__x86_64__)

#define TARGET_AVX2 __attribute__((target("avx2,popcnt")))

TARGET_AVX2 ALWAYS_INLINE uint64_t bits_of(__m256i low, __m256i high, char byte)
{
    __m256i wanted = _mm256_set1_epi8(byte);
    uint32_t low_bits = (uint32_t) _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t high_bits = (uint32_t) _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return low_bits | (uint64_t) high_bits << 32;
}

TARGET_AVX2 ALWAYS_INLINE struct raw_masks classify_avx2(const char *bytes)
{
    __m256i low = _mm256_loadu_si256((const __m256i *) (const void *) bytes);
    __m256i high = _mm256_loadu_si256((const __m256i *) (const void *) (bytes + sizeof(low)));
    __m256i fold = _mm256_set1_epi8(FOLD_BRACKET);
    __m256i low_folded = _mm256_or_si256(low, fold);
    __m256i high_folded = _mm256_or_si256(high, fold);
    return (struct raw_masks){.quote = bits_of(low, high, '"'),
                              .backslash = bits_of(low, high, '\\'),
                              .newline = bits_of(low, high, '\n'),
                              .open = bits_of(low_folded, high_folded, '{'),
                              .close = bits_of(low_folded, high_folded, '}')};
}

/* pass_portable() once more, so that the compiler uses AVX2 and POPCNT for the whole loop. */
TARGET_AVX2 static size_t pass_avx2(struct np_json_scan *scan, const char *bytes, size_t len,
                                    struct np_json_masks *out_masks)
{
    char buffer[NP_JSON_SCAN_BLOCK];
    for (size_t at = 0; at < len; at += NP_JSON_SCAN_BLOCK) {
        const char *block = block_at(bytes + at, len - at, buffer);
        size_t valid = NP_MIN(len - at, (size_t) NP_JSON_SCAN_BLOCK);
        if (needs_look(scan, classify_avx2(block), valid, out_masks))
            return at;
    }
    return len;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}

#else

static size_t pass_avx2(struct np_json_scan *scan, const char *bytes, size_t len,
                        struct np_json_masks *out_masks)
{
    return pass_portable(scan, bytes, len, out_masks);
}

static bool has_avx2(void)
{
    return false;
}

#endif

void np_json_scan_init(struct np_json_scan *scan, enum np_json_scan_how how)
{
    *scan = (struct np_json_scan){.has_avx2 = how == NP_JSON_SCAN_BEST && has_avx2()};
}

void np_json_scan_enter(struct np_json_scan *scan, uint64_t watch, uint64_t max_depth)
{
    *scan = (struct np_json_scan){
        .depth = 1, .watch = watch, .max_depth = max_depth, .has_avx2 = scan->has_avx2};
}

size_t np_json_scan_pass(struct np_json_scan *scan, const char *bytes, size_t len,
                         struct np_json_masks *out_masks)
{
    return scan->has_avx2 ? pass_avx2(scan, bytes, len, out_masks)
                          : pass_portable(scan, bytes, len, out_masks);
}
