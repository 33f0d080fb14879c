/* SPDX-License-Identifier: Apache-2.0 */
/* The window and what is passed over: see stream.h. */
#include "source/scap/stream.h"

#include <errno.h>
#include <string.h>

#include "base/compiler.h"

enum {
    CHUNK_BYTES = 256 * 1024, /* unpacked bytes that are asked for at a time */
    WINDOW_MAX_BYTES = NP_SCAP_BLOCK_MAX_BYTES + CHUNK_BYTES,
};

int np_scap_stream_init(struct np_scap_stream *stream, struct np_object *object,
                        struct np_span head)
{
    *stream = (struct np_scap_stream){.object = object};
    np_buf_init(&stream->window, WINDOW_MAX_BYTES);
    return np_buf_add_span(&stream->window, head);
}

void np_scap_stream_done(struct np_scap_stream *stream)
{
    np_buf_done(&stream->window);
}

static size_t held(const struct np_scap_stream *stream)
{
    return stream->window.len - stream->at;
}

static int fail(struct np_err *err, int r)
{
    return np_fail(err, r, "%s", strerror(-r));
}

/* Reads more behind what is held, which moves to the front where there is no room. */
static int read_more(struct np_scap_stream *stream, struct np_err *err)
{
    struct np_buf *window = &stream->window;
    if (stream->at > 0 && window->cap - window->len < CHUNK_BYTES) {
        memmove(window->data, window->data + stream->at, held(stream));
        window->len -= stream->at;
        stream->at = 0;
    }
    int r = np_buf_reserve(window, CHUNK_BYTES);
    if (r < 0)
        return fail(err, r);
    size_t len = 0;
    r = np_object_read(stream->object, window->data + window->len, CHUNK_BYTES, &len, err);
    window->len += len;
    if (r == 0)
        stream->is_ended = len == 0;
    return r;
}

/* Reads until `len` bytes are held, or the object ends. */
static int hold(struct np_scap_stream *stream, size_t len, struct np_err *err)
{
    int r = 0;
    while (r == 0 && held(stream) < len && !stream->is_ended)
        r = read_more(stream, err);
    return r;
}

static void use(struct np_scap_stream *stream, size_t len)
{
    stream->at += len;
    stream->offset += len;
}

static int fail_cut(struct np_scap_stream *stream, struct np_err *err)
{
    use(stream, held(stream));
    return np_fail(err, -ENODATA, "the capture ends inside a block (cut off?)");
}

/* Drops what is to be passed over. */
static int pass_over(struct np_scap_stream *stream, struct np_err *err)
{
    while (stream->pass > 0) {
        if (held(stream) == 0) {
            int r = stream->is_ended ? fail_cut(stream, err) : read_more(stream, err);
            if (r < 0)
                return r;
        }
        size_t len = (size_t) NP_MIN(stream->pass, (uint64_t) held(stream));
        use(stream, len);
        stream->pass -= len;
    }
    return 0;
}

/* How long a block of this kind may be and still be held; 0: it is passed over. */
static size_t longest(enum np_scap_block_kind kind)
{
    if (kind == NP_SCAP_BLOCK_UNKNOWN)
        return 0;
    return kind == NP_SCAP_BLOCK_EVENT ? NP_SCAP_EVENT_MAX_BYTES : NP_SCAP_BLOCK_MAX_BYTES;
}

static struct np_span front(const struct np_scap_stream *stream, size_t len)
{
    return np_span_make(stream->window.data + stream->at, len);
}

int np_scap_stream_next(struct np_scap_stream *stream, struct np_scap_block *out_block,
                        uint64_t *out_offset, bool *out_too_long, struct np_err *err)
{
    size_t len = 0;
    int r = pass_over(stream, err);
    if (r == 0)
        r = hold(stream, NP_SCAP_BLOCK_HEAD_BYTES, err);
    if (r < 0 || held(stream) == 0)
        return r;
    *out_offset = stream->offset;
    if (held(stream) < NP_SCAP_BLOCK_HEAD_BYTES)
        return fail_cut(stream, err);
    r = np_scap_block_head(front(stream, NP_SCAP_BLOCK_HEAD_BYTES), out_block, &len, err);
    if (r < 0)
        return r;
    *out_too_long = len > longest(out_block->kind) && longest(out_block->kind) > 0;
    if (len > longest(out_block->kind)) {
        stream->pass = len;
        return 1;
    }
    r = hold(stream, len, err);
    if (r < 0)
        return r;
    if (held(stream) < len)
        return fail_cut(stream, err);
    r = np_scap_block_take(front(stream, len), out_block, err);
    use(stream, len);
    return r < 0 ? r : 1;
}

bool np_scap_stream_is_ready(const struct np_scap_stream *stream)
{
    struct np_scap_block block;
    size_t len = 0;
    if (stream->is_ended || np_object_is_ready(stream->object))
        return true;
    return held(stream) >= NP_SCAP_BLOCK_HEAD_BYTES &&
           np_scap_block_head(front(stream, NP_SCAP_BLOCK_HEAD_BYTES), &block, &len, NULL) == 0 &&
           held(stream) >= len;
}
