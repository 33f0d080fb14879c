/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One open object and its unpacked bytes. Content decides how it is packed: plain bytes are read
 * straight into the caller's memory, gzip and zstd are streamed through a small buffer, and a small
 * gzip file is unpacked at one go where the caller has room for all of it. Its bytes come from a
 * descriptor or, where it is a part of another object, from a function. Used again for one object
 * after the other, so that reading many small ones allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "codec/inflate.h"

enum {
    NP_OBJECT_CHUNK_BYTES = 64 * 1024,              /* of packed bytes, read at a time */
    NP_OBJECT_WHOLE_PACKED_MAX_BYTES = 1024 * 1024, /* a gzip file that is read at one go */
    NP_OBJECT_WHOLE_MAX_BYTES = 4 * 1024 * 1024,    /* what it may claim to hold */
    NP_OBJECT_HEAD_BYTES = 4,                       /* that tell the packing */
};

enum np_object_kind {
    NP_OBJECT_FILE,   /* must be a regular file when it is opened: never waits */
    NP_OBJECT_STREAM, /* a pipe or a device: may wait */
    NP_OBJECT_STDIN,
    NP_OBJECT_KIND_MAX
};

#define NP_OBJECT_SIZE_UNKNOWN UINT64_MAX

/* Gives the next bytes of a part as read() does: 0, or a negative errno with the reason in `err`. */
typedef int np_object_feed_fn(void *context, char *out, size_t cap, size_t *out_len,
                              struct np_err *err);

struct np_object {
    int fd;                  /* -1: closed, or read to its end */
    np_object_feed_fn *feed; /* of a part, until it is read to its end */
    void *feed_context;
    bool is_file;
    bool is_known;    /* the packing has been looked at */
    bool is_streamed; /* unpacking has begun */
    enum np_packing packing;
    char head[NP_OBJECT_HEAD_BYTES]; /* first bytes, not given out yet */
    size_t head_len;
    struct np_inflate *inflates[NP_PACKING_MAX]; /* made when first needed */
    struct np_buf packed;
    size_t packed_at; /* before it, used */
    size_t whole_bytes;
    uint64_t size;  /* of a file when it was opened; else what is said of it, or unknown */
    uint64_t taken; /* packed bytes read so far */
};

/* Whether the first bytes of an object show what is asked. */
enum np_verdict {
    NP_VERDICT_NO,
    NP_VERDICT_YES,
    NP_VERDICT_UNSURE, /* more bytes are needed, where there are more */
};

/* A closed object; allocates nothing yet. */
void np_object_init(struct np_object *object);

/* Closes it and frees everything. */
void np_object_done(struct np_object *object);

/*
 * Opens a file or a pipe (which waits for a writer): 0 or a negative errno. `path` is not needed
 * for stdin.
 */
NP_NODISCARD int np_object_open(struct np_object *object, const char *path,
                                enum np_object_kind kind);

/* Opens a part of another object. `size` says how many bytes it has, which may be wrong. */
void np_object_open_part(struct np_object *object, np_object_feed_fn *feed, void *context,
                         uint64_t size);

/* Closes it and keeps the memory; `taken` stays until another one is opened. */
void np_object_close(struct np_object *object);

/*
 * Looks at the first bytes. `*out_bytes` is what a small gzip file claims to hold, so that
 * np_object_read() can unpack it at one go into that much room; else 0. 0, or a negative errno as
 * np_object_read().
 */
NP_NODISCARD int np_object_look(struct np_object *object, size_t *out_bytes, struct np_err *err);

/*
 * Gives the next bytes, `cap` at most: 0 with `*out_len`, which is 0 only at the end. -EINTR: a
 * signal came while it waited, nothing is lost. -EBADMSG, -ENODATA (packed data that is damaged, or
 * cut off), -E2BIG (a limit of ours), any errno of read(): the reason is in `err` and there will be
 * no more bytes. -ENOMEM.
 */
NP_NODISCARD int np_object_read(struct np_object *object, char *out, size_t cap, size_t *out_len,
                                struct np_err *err);

/* Whether np_object_read() would not wait for a writer; that of a part is not asked. */
bool np_object_is_ready(const struct np_object *object);

/* Bytes of memory that it holds. */
size_t np_object_memory(const struct np_object *object);
