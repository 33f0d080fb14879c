/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One loop over members for both formats: what may stand between members is decided here, what
 * stands in one is left to zlib and zstd. libdeflate is twice as fast as zlib but
 * wants all of the input and room for all of the result, hence the second way for gzip.
 */
#include "codec/inflate.h"

#include <limits.h>
#include <stdint.h>

#define ZLIB_CONST
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/alloc.h"
#include "base/compiler.h"

struct np_inflate {
    enum np_packing packing;
    bool is_inside; /* a member */
    bool is_padding;
    uint64_t used; /* bytes of the stream so far */
    z_stream gzip;
    bool gzip_ready;
    struct libdeflate_decompressor *whole;
    ZSTD_DCtx *zstd;
    size_t zstd_wants; /* bytes up to the end of the current block */
};

/* What np_inflate_step() was called with, moved on as bytes go by. */
struct flow {
    struct np_span in;
    char *out;
    size_t room;
};

static const char *const packing_names[NP_PACKING_MAX] = {
    [NP_PACKING_GZIP] = "gzip", [NP_PACKING_ZSTD] = "zstd"};

/* First bytes of a member; RFC 1952 section 2.3.1, RFC 8878 sections 3.1.1 and 3.1.2. */
enum {
    GZIP_FIRST = 0x1f,
    ZSTD_FIRST = 0x28,
    ZSTD_SKIPPABLE_FIRST = 0x50,
    ZSTD_SKIPPABLE_COUNT = 16
};

enum { ZSTD_HEADER_MAX_BYTES = 18 }; /* RFC 8878 section 3.1.1.1, with the magic number */

/* Whether a member may begin with `byte`. */
static bool begins_member(enum np_packing packing, char byte)
{
    unsigned char c = (unsigned char) byte;
    if (packing == NP_PACKING_GZIP)
        return c == GZIP_FIRST;
    return c == ZSTD_FIRST ||
           (c >= ZSTD_SKIPPABLE_FIRST && c < ZSTD_SKIPPABLE_FIRST + ZSTD_SKIPPABLE_COUNT);
}

enum np_packing np_packing_detect(struct np_span head)
{
    if (head.len > 0 && begins_member(NP_PACKING_GZIP, head.ptr[0]) &&
        np_span_starts(np_span_from(head, 1), NP_SPAN("\x8b\x08")))
        return NP_PACKING_GZIP;
    if (head.len > 0 && begins_member(NP_PACKING_ZSTD, head.ptr[0])) {
        bool is_frame = head.ptr[0] == ZSTD_FIRST;
        struct np_span rest = is_frame ? NP_SPAN("\xb5\x2f\xfd") : NP_SPAN("\x2a\x4d\x18");
        if (np_span_starts(np_span_from(head, 1), rest))
            return NP_PACKING_ZSTD;
    }
    return NP_PACKING_NONE;
}

static voidpf gzip_alloc(voidpf opaque, uInt count, uInt size)
{
    (void) opaque;
    return np_alloc_array(count, size);
}

static void gzip_free(voidpf opaque, voidpf memory)
{
    (void) opaque;
    np_free(memory);
}

static bool prepare_gzip(struct np_inflate *stream)
{
    enum { WINDOW_BITS_MAX = 15, GZIP_ONLY = 16 };
    stream->gzip = (z_stream){.zalloc = gzip_alloc, .zfree = gzip_free};
    stream->gzip_ready = inflateInit2(&stream->gzip, WINDOW_BITS_MAX + GZIP_ONLY) == Z_OK;
    stream->whole = libdeflate_alloc_decompressor();
    return stream->gzip_ready && stream->whole != NULL;
}

static bool prepare_zstd(struct np_inflate *stream)
{
    stream->zstd = ZSTD_createDCtx();
    return stream->zstd != NULL && !ZSTD_isError(ZSTD_DCtx_setParameter(
                                       stream->zstd, ZSTD_d_windowLogMax, NP_ZSTD_WINDOW_LOG_MAX));
}

int np_inflate_new(struct np_inflate **out_inflate, enum np_packing packing, struct np_err *err)
{
    NP_ASSERT(packing == NP_PACKING_GZIP || packing == NP_PACKING_ZSTD);
    struct np_inflate *stream = np_alloc(sizeof(*stream));
    if (stream == NULL)
        return np_fail(err, -ENOMEM, "no memory to unpack %s data", packing_names[packing]);
    stream->packing = packing;
    if (!(packing == NP_PACKING_GZIP ? prepare_gzip(stream) : prepare_zstd(stream))) {
        np_inflate_free(&stream);
        return np_fail(err, -ENOMEM, "no memory to unpack %s data", packing_names[packing]);
    }
    np_inflate_reset(stream);
    *out_inflate = stream;
    return 0;
}

void np_inflate_free(struct np_inflate **stream)
{
    if (*stream == NULL)
        return;
    if ((*stream)->gzip_ready)
        (void) inflateEnd(&(*stream)->gzip); /* fails only without a state */
    libdeflate_free_decompressor((*stream)->whole);
    (void) ZSTD_freeDCtx((*stream)->zstd); /* cannot fail; takes NULL */
    np_free(*stream);
    *stream = NULL;
}

void np_inflate_reset(struct np_inflate *stream)
{
    stream->is_inside = false;
    stream->is_padding = false;
    stream->used = 0;
}

bool np_inflate_is_inside(const struct np_inflate *stream)
{
    return stream->is_inside;
}

static void advance(struct np_inflate *stream, struct flow *flow, size_t used, size_t made)
{
    stream->used += used;
    flow->in = np_span_from(flow->in, used);
    flow->out += made;
    flow->room -= made;
}

static int fail_damaged(const struct np_inflate *stream, const char *reason, struct np_err *err)
{
    return np_fail(err, -EBADMSG, "%s data is damaged at byte %llu: %s",
                   packing_names[stream->packing], (unsigned long long) stream->used, reason);
}

/*
 * Begins a member at the front of the input, which is not empty: 1, or 0 where only padding is
 * left.
 */
static int begin_member(struct np_inflate *stream, struct flow *flow, struct np_err *err)
{
    size_t zeros = 0;
    while (zeros < flow->in.len && flow->in.ptr[zeros] == 0)
        zeros++;
    stream->is_padding = stream->is_padding || zeros > 0;
    advance(stream, flow, zeros, 0);
    if (flow->in.len == 0)
        return 0;
    if (stream->is_padding || !begins_member(stream->packing, flow->in.ptr[0]))
        return fail_damaged(stream, "what follows is no other member", err);
    if (stream->packing == NP_PACKING_GZIP)
        (void) inflateReset(&stream->gzip); /* fails only without a state */
    else
        (void) ZSTD_DCtx_reset(stream->zstd, ZSTD_reset_session_only); /* cannot fail so */
    stream->zstd_wants = ZSTD_HEADER_MAX_BYTES;
    stream->is_inside = true;
    return 1;
}

/* zlib's words where ours are plainer. */
static const char *gzip_reason(const char *message)
{
    static const struct {
        const char *theirs;
        const char *ours;
    } reasons[] = {
        {"incorrect header check", "no gzip header"},
        {"header crc mismatch", "the header's checksum does not match"},
        {"incorrect data check", "the checksum does not match"},
        {"incorrect length check", "the length does not match"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(reasons); i++)
        if (np_span_is(np_span_of(message), reasons[i].theirs))
            return reasons[i].ours;
    return message;
}

static int unpack_gzip(struct np_inflate *stream, struct flow *flow, struct np_err *err)
{
    z_stream *gzip = &stream->gzip;
    gzip->next_in = (const Bytef *) flow->in.ptr;
    gzip->avail_in = (uInt) NP_MIN(flow->in.len, (size_t) UINT_MAX);
    gzip->next_out = (Bytef *) flow->out;
    gzip->avail_out = (uInt) NP_MIN(flow->room, (size_t) UINT_MAX);
    int result = inflate(gzip, Z_NO_FLUSH);
    size_t used = (size_t) (gzip->next_in - (const Bytef *) flow->in.ptr);
    advance(stream, flow, used, (size_t) (gzip->next_out - (Bytef *) flow->out));
    switch (result) {
    case Z_STREAM_END:
        stream->is_inside = false;
        return 0;
    case Z_OK:
    case Z_BUF_ERROR: /* no progress */
        return 0;
    case Z_MEM_ERROR:
        return np_fail(err, -ENOMEM, "no memory to unpack gzip data");
    default:
        return fail_damaged(stream, gzip_reason(gzip->msg != NULL ? gzip->msg : zError(result)),
                            err);
    }
}

static int fail_zstd(const struct np_inflate *stream, size_t result, struct np_err *err)
{
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return np_fail(err, -ENOMEM, "no memory to unpack zstd data");
    case ZSTD_error_frameParameter_windowTooLarge:
        return np_fail(err, -E2BIG, "zstd data wants a window of more than %d MiB",
                       1 << (NP_ZSTD_WINDOW_LOG_MAX - 20));
    case ZSTD_error_checksum_wrong:
        return fail_damaged(stream, "the checksum does not match", err);
    default:
        return fail_damaged(stream, ZSTD_getErrorName(result), err);
    }
}

/*
 * A block at a time: on failure zstd does not tell what the same call had unpacked before. The
 * header should not be cut: zstd might take its second half for a frame (seen in version 1.5.4).
 */
static int unpack_zstd(struct np_inflate *stream, struct flow *flow, struct np_err *err)
{
    ZSTD_inBuffer in = {.src = flow->in.ptr, .size = NP_MIN(flow->in.len, stream->zstd_wants)};
    ZSTD_outBuffer out = {.dst = flow->out, .size = flow->room};
    size_t result = ZSTD_decompressStream(stream->zstd, &out, &in);
    if (ZSTD_isError(result))
        return fail_zstd(stream, result, err);
    advance(stream, flow, in.pos, out.pos);
    stream->zstd_wants = result;
    stream->is_inside = result != 0;
    return 0;
}

/* 1 while it may go on, 0 at the end of a member with no input left. */
static int unpack(struct np_inflate *stream, struct flow *flow, struct np_err *err)
{
    for (;;) {
        if (!stream->is_inside) {
            if (flow->in.len == 0)
                return 0;
            int begun = begin_member(stream, flow, err);
            if (begun <= 0)
                return begun;
        }
        size_t left = flow->in.len;
        size_t room = flow->room;
        int result = stream->packing == NP_PACKING_GZIP ? unpack_gzip(stream, flow, err)
                                                        : unpack_zstd(stream, flow, err);
        if (result < 0)
            return result;
        bool has_moved = flow->in.len < left || flow->room < room;
        if (stream->is_inside && (flow->in.len == 0 || flow->room == 0 || !has_moved))
            return 1;
    }
}

int np_inflate_step(struct np_inflate *stream, struct np_span *in, char *out, size_t out_cap,
                    size_t *out_len, struct np_err *err)
{
    NP_ASSERT(out_cap > 0);
    struct flow flow = {.in = *in, .room = out_cap};
    flow.out = out;
    int result = unpack(stream, &flow, err);
    *in = flow.in;
    *out_len = out_cap - flow.room;
    return result;
}

size_t np_gunzip_claimed(struct np_span packed)
{
    enum { SHORTEST = 18, SIZE_BYTES = 4 }; /* header 10, checksum and size 8 */
    if (packed.len < SHORTEST)
        return 0;
    size_t claimed = 0;
    for (size_t i = 0; i < SIZE_BYTES; i++) /* RFC 1952: little endian */
        claimed |= (size_t) (unsigned char) packed.ptr[packed.len - SIZE_BYTES + i] << (8 * i);
    return claimed;
}

int np_gunzip_whole(struct np_inflate *stream, struct np_span packed, char *out, size_t out_cap,
                    size_t *out_len)
{
    NP_ASSERT(stream->packing == NP_PACKING_GZIP);
    size_t len = 0;
    while (packed.len > 0 && packed.ptr[0] != 0) {
        size_t used = 0;
        size_t made = 0;
        switch (libdeflate_gzip_decompress_ex(stream->whole, packed.ptr, packed.len, out + len,
                                              out_cap - len, &used, &made)) {
        case LIBDEFLATE_SUCCESS:
            packed = np_span_from(packed, used);
            len += made;
            break;
        case LIBDEFLATE_INSUFFICIENT_SPACE:
            return -E2BIG;
        default:
            return -EBADMSG;
        }
    }
    for (size_t i = 0; i < packed.len; i++)
        if (packed.ptr[i] != 0)
            return -EBADMSG;
    *out_len = len;
    return 0;
}
