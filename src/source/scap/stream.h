/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An object of unpacked bytes cut into the blocks of a capture. A window holds what was read and is
 * not used yet; it grows with the bytes that come and not with what a block claims. What is of no
 * use is passed over without being held.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "source/object.h"
#include "source/scap/blocks.h"

enum { NP_SCAP_EVENT_MAX_BYTES = 8 * 1024 * 1024 }; /* a longer event is passed over and named */

struct np_scap_stream {
    struct np_object *object; /* borrowed */
    struct np_buf window;
    size_t at;       /* in the window, of the next block */
    uint64_t offset; /* in the object, of the next block */
    uint64_t pass;   /* bytes that are still to be passed over */
    bool is_ended;   /* the object gives no more */
};

/* A stream of `object`, of which `head` (copied) was read before: 0 or -ENOMEM. */
NP_NODISCARD int np_scap_stream_init(struct np_scap_stream *stream, struct np_object *object,
                                     struct np_span head);
void np_scap_stream_done(struct np_scap_stream *stream);

/*
 * The next block, whose body lives until the next call: 1, or 0 at the end. One of an unknown type
 * and one that is too long have no body; `*out_too_long` says which of both. `*out_offset` is where
 * it begins in the object. -EBADMSG, -ENODATA (cut off), or a failure of the object: there will be
 * no more blocks. -EINTR: call again. -ENOMEM.
 */
NP_NODISCARD int np_scap_stream_next(struct np_scap_stream *stream, struct np_scap_block *out_block,
                                     uint64_t *out_offset, bool *out_too_long, struct np_err *err);

/* Whether the next call need not wait for somebody else. */
bool np_scap_stream_is_ready(const struct np_scap_stream *stream);
