/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decompression: gzip (several members in a row) and zstd (several frames, skippable ones too),
 * streamed with bounded memory, and gzip as a whole by libdeflate where the result is small.
 * Content decides, never a name. Bytes of zero behind the last member are padding; anything else
 * there is damage.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

enum np_packing { NP_PACKING_NONE, NP_PACKING_GZIP, NP_PACKING_ZSTD, NP_PACKING_MAX };

enum {
    NP_GUNZIP_WHOLE_MAX_BYTES = 16 * 1024 * 1024, /* result that the whole-object path accepts */
    NP_ZSTD_WINDOW_LOG_MAX = 26 /* a frame that wants a larger window (64 MiB) is refused */
};

/* How bytes that begin with `head` (4 are enough) are packed. */
enum np_packing np_packing_detect(struct np_span head);

struct np_inflate;

/* A decompressor for `packing` (not NONE): 0 or -ENOMEM. Not shared between threads. */
NP_NODISCARD int np_inflate_new(struct np_inflate **out_inflate, enum np_packing packing,
                                struct np_err *err);
void np_inflate_free(struct np_inflate **inflate);

/* Begins a new stream with the memory of the old one. */
void np_inflate_reset(struct np_inflate *inflate);

/*
 * Unpacks from the front of `*in` (which shrinks by what was used) into `out`, at most `out_cap`
 * (at least 1) bytes, and sets `*out_len`, also on failure: what was unpacked before a damaged
 * place is valid. Returns 1 while it may go on, 0 at the end of a member with no input left;
 * -EBADMSG where the data is damaged, -E2BIG where a zstd frame wants too large a window, or
 * -ENOMEM, and then only np_inflate_reset() may follow. An empty `*in` brings out what is held
 * back; 1 without a byte says that nothing is.
 */
NP_NODISCARD int np_inflate_step(struct np_inflate *inflate, struct np_span *in, char *out,
                                 size_t out_cap, size_t *out_len, struct np_err *err);

/*
 * Whether the stream stands inside a member: at the end of the input that means it was cut short.
 */
bool np_inflate_is_inside(const struct np_inflate *inflate);

/*
 * The size that a gzip object of one member claims for its result (its last four bytes), 0 where it
 * is too short to be one.
 */
size_t np_gunzip_claimed(struct np_span packed);

/*
 * Unpacks a whole gzip object of one or more members into `out`, with the memory of a
 * decompressor for gzip but apart from its stream: 0 and `*out_len`; -E2BIG where `out_cap` is
 * too small, -EBADMSG where it is damaged or cut short. In both cases the stream gives the rest:
 * what there is, and the reason.
 */
NP_NODISCARD int np_gunzip_whole(struct np_inflate *inflate, struct np_span packed, char *out,
                                 size_t out_cap, size_t *out_len);
