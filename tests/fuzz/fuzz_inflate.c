/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as packed data, in steps of two sizes and, where they are gzip, as a whole: where a
 * stream comes to its end, all ways agree. The first byte chooses the sizes.
 */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "codec/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RESULT_MAX = 1 << 18, CUT_SHORT = 1, TOO_LARGE = 2 };

/* Unpacks into `out` of RESULT_MAX bytes: 0, a negative errno, CUT_SHORT or TOO_LARGE. */
static int unpack(struct np_inflate *inflate, struct np_span packed, size_t in_part,
                  size_t out_part, char *out, size_t *out_len)
{
    int result = 1;
    np_inflate_reset(inflate);
    *out_len = 0;
    while (packed.len > 0) {
        struct np_span part = np_span_head(packed, in_part);
        packed = np_span_from(packed, part.len);
        size_t len = out_part;
        while (part.len > 0 || len == out_part) {
            if (out_part > RESULT_MAX - *out_len)
                return TOO_LARGE;
            struct np_err err;
            result = np_inflate_step(inflate, &part, out + *out_len, out_part, &len, &err);
            NP_ASSERT(len <= out_part && (result >= 0 || err.msg[0] != '\0'));
            *out_len += len;
            if (result < 0)
                return result;
        }
    }
    return np_inflate_is_inside(inflate) ? CUT_SHORT : 0;
}

static void check(struct np_inflate *inflate, enum np_packing packing, struct np_span packed,
                  unsigned sizes)
{
    np_auto_free char *a = np_alloc(RESULT_MAX);
    np_auto_free char *b = np_alloc(RESULT_MAX);
    NP_ASSERT(a != NULL && b != NULL);
    size_t a_len = 0;
    size_t b_len = 0;
    int whole = unpack(inflate, packed, SIZE_MAX, 4096, a, &a_len);
    int steps = unpack(inflate, packed, 1 + (sizes & 15), 1 + (sizes >> 4) * 9, b, &b_len);
    if (whole == TOO_LARGE || steps == TOO_LARGE)
        return;
    /* Of a header that is cut, zstd may take the second half for a frame: see inflate.c. */
    NP_ASSERT(whole == steps || packing == NP_PACKING_ZSTD);
    if (whole == 0 && steps == 0)
        NP_ASSERT(a_len == b_len && memcmp(a, b, a_len) == 0);
    if (packing != NP_PACKING_GZIP)
        return;
    int gunzip = np_gunzip_whole(inflate, packed, b, RESULT_MAX, &b_len);
    /* The other way round does not hold: libdeflate does not check a header's checksum. */
    if (whole == 0)
        NP_ASSERT(gunzip == 0 && a_len == b_len && memcmp(a, b, a_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct np_span packed = np_span_make((const char *) data + 1, size - 1);
    enum np_packing packing = np_packing_detect(packed);
    (void) np_gunzip_claimed(packed);
    if (packing == NP_PACKING_NONE)
        return 0;
    struct np_inflate *inflate = NULL;
    NP_ASSERT(np_inflate_new(&inflate, packing, NULL) == 0);
    check(inflate, packing, packed, data[0]);
    np_inflate_free(&inflate);
    return 0;
}
