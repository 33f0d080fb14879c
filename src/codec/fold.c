/* SPDX-License-Identifier: Apache-2.0 */
/* ASCII eight bytes at a time, everything else by utf8proc: see fold.h. */
#include "codec/fold.h"

#include <errno.h>

#include <utf8proc.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static uint64_t load64(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    return word;
}

static uint64_t load32(const char *ptr)
{
    uint32_t word;
    memcpy(&word, ptr, sizeof(word));
    return word;
}

/* Up to seven bytes as a word; which byte goes where depends on the length alone. */
static uint64_t load_short(const char *ptr, size_t len)
{
    if (len >= 4)
        return load32(ptr) | load32(ptr + len - 4) << 32;
    if (len == 0)
        return 0;
    uint64_t first = (unsigned char) ptr[0];
    uint64_t middle = (unsigned char) ptr[len / 2];
    uint64_t last = (unsigned char) ptr[len - 1];
    return first | middle << 8 | last << 16;
}

bool np_fold_is_ascii(struct np_span text)
{
    const uint64_t top_bits = UINT64_C(0x8080808080808080);
    const char *ptr = text.ptr;
    size_t len = text.len;
    if (len < 8)
        return (load_short(ptr, len) & top_bits) == 0;
    for (; len > 32; ptr += 32, len -= 32) {
        uint64_t all = load64(ptr) | load64(ptr + 8) | load64(ptr + 16) | load64(ptr + 24);
        if ((all & top_bits) != 0)
            return false;
    }
    uint64_t all = load64(text.ptr + text.len - 8);
    for (; len > 8; ptr += 8, len -= 8)
        all |= load64(ptr);
    return (all & top_bits) == 0;
}

/* Folds the character at the front of `rest` into `out`; returns how many bytes it takes there. */
static size_t fold_character(struct np_span rest, utf8proc_uint8_t *out, size_t *out_used)
{
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t limit = rest.len < 4 ? (utf8proc_ssize_t) rest.len : 4;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *) rest.ptr, limit, &code);
    utf8proc_int32_t folded[4];
    utf8proc_ssize_t count =
        used > 0 ? utf8proc_decompose_char(code, folded, 4, UTF8PROC_CASEFOLD, NULL) : 0;
    if (count <= 0 || count > 4) { /* not UTF-8 */
        *out_used = 1;
        out[0] = (utf8proc_uint8_t) rest.ptr[0];
        return 1;
    }
    *out_used = (size_t) used;
    size_t len = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        len += (size_t) utf8proc_encode_char(folded[i], out + len);
    return len;
}

size_t np_fold_next(struct np_span text, size_t *out_used)
{
    utf8proc_uint8_t bytes[16];
    *out_used = NP_MIN(text.len, (size_t) 1);
    if (text.len == 0 || (unsigned char) text.ptr[0] < 0x80)
        return *out_used;
    return fold_character(text, bytes, out_used);
}

int np_fold_append(struct np_buf *out, struct np_span text)
{
    size_t worst = 0;
    if (__builtin_mul_overflow(text.len, (size_t) NP_FOLD_GROWTH_MAX, &worst))
        return -E2BIG;
    int r = np_buf_reserve(out, worst);
    if (r < 0)
        return r;
    char *to = out->data + out->len;
    for (size_t i = 0; i < text.len;) {
        if ((unsigned char) text.ptr[i] < 0x80) {
            *to++ = np_fold_byte(text.ptr[i++]);
            continue;
        }
        utf8proc_uint8_t bytes[16];
        size_t used = 0;
        size_t len = fold_character(np_span_from(text, i), bytes, &used);
        memcpy(to, bytes, len);
        to += len;
        i += used;
    }
    out->len = (size_t) (to - out->data);
    return 0;
}

bool np_fold_ascii_eq(struct np_span text, struct np_span folded)
{
    if (text.len != folded.len)
        return false;
    size_t len = text.len;
    if (len < 8)
        return np_fold_word(load_short(text.ptr, len)) == load_short(folded.ptr, len);
    for (size_t i = 0; i + 8 < len; i += 8)
        if (np_fold_word(load64(text.ptr + i)) != load64(folded.ptr + i))
            return false;
    return np_fold_word(load64(text.ptr + len - 8)) == load64(folded.ptr + len - 8);
}

static char upper_byte(char c)
{
    return c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c;
}

/*
 * Searching looks for places where the first and the last byte of the literal fit, in either case.
 */
struct ends {
    char first[2];
    char last[2];
    size_t distance; /* between the two */
};

#ifdef __SSE2__
/* Bit i: the ends fit at text[i]. Reads 16 bytes at both ends. */
static unsigned ends_fit(const char *text, const struct ends *ends)
{
    __m128i first = _mm_loadu_si128((const __m128i *) (const void *) text);
    __m128i last = _mm_loadu_si128((const __m128i *) (const void *) (text + ends->distance));
    __m128i first_fits = _mm_or_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8(ends->first[0])),
                                      _mm_cmpeq_epi8(first, _mm_set1_epi8(ends->first[1])));
    __m128i last_fits = _mm_or_si128(_mm_cmpeq_epi8(last, _mm_set1_epi8(ends->last[0])),
                                     _mm_cmpeq_epi8(last, _mm_set1_epi8(ends->last[1])));
    return (unsigned) _mm_movemask_epi8(_mm_and_si128(first_fits, last_fits));
}
#endif

size_t np_fold_ascii_find(struct np_span text, struct np_span folded)
{
    if (folded.len == 0)
        return 0;
    if (folded.len > text.len)
        return NP_FOLD_NOT_FOUND;
    size_t distance = folded.len - 1;
    char first = folded.ptr[0];
    char last = folded.ptr[distance];
    struct ends ends = {{first, upper_byte(first)}, {last, upper_byte(last)}, distance};
    size_t places = text.len - distance;
    size_t i = 0;
#ifdef __SSE2__
    for (; places - i >= 16; i += 16)
        for (unsigned fit = ends_fit(text.ptr + i, &ends); fit != 0; fit &= fit - 1) {
            size_t at = i + (size_t) __builtin_ctz(fit);
            if (np_fold_ascii_eq(np_span_make(text.ptr + at, folded.len), folded))
                return at;
        }
#endif
    for (; i < places; i++) {
        const char *at = text.ptr + i;
        if ((at[0] == ends.first[0] || at[0] == ends.first[1]) &&
            (at[distance] == ends.last[0] || at[distance] == ends.last[1]) &&
            np_fold_ascii_eq(np_span_make(at, folded.len), folded))
            return i;
    }
    return NP_FOLD_NOT_FOUND;
}

uint64_t np_fold_ascii_hash(struct np_span text)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    size_t len = text.len;
    uint64_t hash = (uint64_t) len * factor;
    uint64_t tail = len < 8 ? load_short(text.ptr, len) : load64(text.ptr + len - 8);
    for (size_t i = 0; i + 8 < len; i += 8) {
        hash = (hash ^ np_fold_word(load64(text.ptr + i))) * factor;
        hash ^= hash >> 32;
    }
    hash = (hash ^ np_fold_word(tail)) * factor;
    return hash ^ hash >> 29;
}
