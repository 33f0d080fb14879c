/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One object cut into pieces, batch by batch. Bytes are read straight into the batch; only what
 * stands behind the last whole piece is copied, into the tail, which the next batch begins with.
 * What is no record goes to the tally. An object whose first bytes show an archive is read member
 * by member, each like an object of its own; one whose first bytes show base64 of gzip is decoded;
 * of one whose first bytes show a capture of system calls, the pieces are the records that are made
 * of it. While objects are merged, a reader holds a small batch ahead, whose next piece's time is
 * its place in the order.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "codec/json/split.h"
#include "source/archive.h"
#include "source/awslogs.h"
#include "source/object.h"
#include "source/scap/capture.h"
#include "source/source.h"

enum {
    NP_READER_AHEAD_BYTES = 64 * 1024, /* aim of a batch that is merged */
    NP_READER_WHOLE_FACTOR = 8, /* a gzip file of so many times the aim is unpacked at one go */
};

/* An object is given up after so many bytes without one record, and an archive after so many
 * members. */
#define NP_READER_BARREN_MAX_BYTES   (UINT64_C(2) << 30)
#define NP_READER_BARREN_MAX_MEMBERS UINT64_C(1000000)

/* What a filling is for. */
enum np_fill {
    NP_FILL_AHEAD, /* few bytes, records only */
    NP_FILL_WHOLE, /* as much as a batch aims at; lines unseen */
    NP_FILL_MAX
};

/* An open object, or none. */
struct np_reader {
    struct np_object object;
    struct np_archive *archive; /* where the object is one, of its bytes */
    struct np_object member;    /* of the archive, packed or not */
    bool is_in_member;
    struct np_awslogs *awslogs;      /* where the object or the member is of this kind */
    struct np_object decoded;        /* by it, packed */
    struct np_scap_capture *capture; /* where the object or the member is one */
    bool is_looked_at;               /* it is known what the first bytes show */
    struct np_split split;
    struct np_buf path;                /* NUL-terminated */
    struct np_buf member_path;         /* NUL-terminated; begins with the other one */
    bool unwrap;                       /* look into envelopes */
    const struct np_field_set *fields; /* what records of captures hold; NULL: heads alone */
    const struct np_screen *screen;    /* of captures' events; NULL: all are wanted */
    np_time_ns arrival;                /* 0 = not known */
    np_time_ns member_arrival;
    struct np_buf tail;     /* read, but in no batch yet */
    struct np_tally *tally; /* NULL: nothing is told, for a first look */
    uint64_t barren_bytes;  /* read since the last record */
    uint64_t counted;       /* of object.taken, told the source */
    bool is_ended;          /* the object gives no more bytes */
    bool is_told;           /* something of it was given out or told, so it is not empty */
    /* While it is merged: */
    struct np_batch ahead;
    size_t next_piece; /* of `ahead` */
    np_time_ns key;    /* its place in the order */
    uint32_t number;   /* decides between equal times */
    size_t held_bytes; /* what the input has counted of it */
    bool is_held_open;
};

/* A closed reader: 0 or -ENOMEM. */
NP_NODISCARD int np_reader_new(struct np_reader **out_reader);
void np_reader_free(struct np_reader **reader);

/* Opens the object at `reader->path`: 0 or a negative errno. */
NP_NODISCARD int np_reader_open(struct np_reader *reader, enum np_object_kind kind);

/* Closes it and keeps some memory. */
void np_reader_close(struct np_reader *reader);

/*
 * Fills `batch` with at least one piece: 1, or 0 at the end of the object. -EINTR (call again),
 * -ENOMEM. Waits for a stream only while there is no piece.
 */
NP_NODISCARD int np_reader_fill(struct np_reader *reader, struct np_batch *batch, enum np_fill fill,
                                struct np_err *err);

/* Bytes of memory that it holds. */
size_t np_reader_memory(const struct np_reader *reader);
