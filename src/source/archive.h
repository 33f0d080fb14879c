/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of an archive, one after the other as they are stored: tar (ustar, pax, GNU) and zip
 * by libarchive, which reads them as a stream, so that pipes work and memory does not grow with the
 * archive. What the archive itself is packed with (.tar.gz, .tar.zst) is not its business: it gets
 * unpacked bytes.
 *
 * A zip file is read by the headers in front of its members; its directory at the end is only
 * looked at for how many there are. Nothing is written anywhere, so the names of members may be
 * anything.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/span.h"
#include "source/object.h"

enum {
    NP_ARCHIVE_HEAD_BYTES = 512,      /* that tell an archive */
    NP_ARCHIVE_NAME_MAX_BYTES = 4096, /* of a member; a longer one is cut */
};

/*
 * Whether unpacked bytes that begin with `head` are an archive. What begins as JSON does is none,
 * so that nobody waits for more bytes of a log.
 */
enum np_verdict np_archive_detect(struct np_span head);

struct np_archive_params {
    struct np_object *object;    /* gives the archive's bytes; borrowed */
    struct np_span head;         /* that were read from it before; copied */
    uint64_t barren_max_bytes;   /* without a record, then it is given up */
    uint64_t barren_max_members; /* likewise */
};

struct np_archive;

/* An archive before its first member; nothing is read yet: 0 or -ENOMEM. */
NP_NODISCARD int np_archive_new(struct np_archive **out_archive,
                                const struct np_archive_params *params, struct np_err *err);

/* NULL-safe. */
void np_archive_free(struct np_archive **archive);

struct np_archive_member {
    const char *name;    /* path in the archive; lives until the next member */
    const char *problem; /* why it cannot be read, a literal; NULL where it can */
    uint64_t size;       /* as the archive says, or NP_OBJECT_SIZE_UNKNOWN */
};

/*
 * Goes on to the next member, past what is left of this one; folders are passed over. 1, or 0 at
 * the end. -EBADMSG, -ENODATA, -E2BIG or any errno of reading: the reason is in `err` and there
 * will be no more members. -EINTR: a signal came while a pipe was waited for, after which an
 * archive cannot go on, as the next call says. -ENOMEM.
 */
NP_NODISCARD int np_archive_next(struct np_archive *archive, struct np_archive_member *out_member,
                                 struct np_err *err);

/*
 * The next bytes of the member, none at its end; a np_object_feed_fn with the archive as its
 * context. A failure ends the member, and the archive too where np_archive_next() says so.
 */
NP_NODISCARD int np_archive_read(void *archive, char *out, size_t cap, size_t *out_len,
                                 struct np_err *err);

/* Says that there was a record: the limits of what has none begin again. */
void np_archive_note_record(struct np_archive *archive);

/* Bytes of memory that it holds. */
size_t np_archive_memory(const struct np_archive *archive);
