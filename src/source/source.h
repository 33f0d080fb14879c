/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who tells us: a source hands out batches of raw pieces with their origin, finite input in time
 * order.
 *
 * In: paths (files, folders, stdin). Out: batches; a piece is one record, or a line that may hold
 * several. Counts every object seen and everything it could not read, with the reason: nothing is
 * dropped in silence. Not here: what a record means, except its time, which event/ tells. One
 * thread at a time reads a source, not always the same; `bytes_read` may be read by any.
 *
 * How it goes: walk.h lists objects, place.h puts them into the order of reading, object.h opens
 * one and unpacks it, archive.h and awslogs.h give what is inside of it, reader.h cuts it into
 * pieces, merge.h brings several into one order, input.c drives them; tally.h counts.
 *
 * To add a source: one file with an ops table, its tests (tests/unit/source/). The smallest example
 * is the source of texts in memory in tests/support/memory_source.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"
#include "base/vec.h"
#include "codec/json/split.h"
#include "event/decoder.h"
#include "source/tally.h"

enum {
    NP_BATCH_BYTES = 512 * 1024,           /* aim of a batch's size: it stays in a core's cache */
    NP_BATCH_MAX_BYTES = 64 * 1024 * 1024, /* far above a long record and what is read with it */
    NP_RECORD_MAX_BYTES = 8 * 1024 * 1024, /* a longer record is passed over and named */
    NP_BATCH_PIECES_MAX = 65536,
};

struct np_batch_piece {
    uint32_t start; /* in the batch's data */
    uint32_t len;
    uint64_t offset; /* of its first byte in the unpacked object */
    bool is_line;    /* NP_PIECE_LINE: may hold several values */
};

/*
 * All pieces of a batch come from one object. A batch is filled again and again by its owner:
 * memory is reused.
 */
struct np_batch {
    char *data; /* NP_JSON_PADDING readable bytes behind `len` */
    size_t len;
    size_t cap;
    NP_VEC(struct np_batch_piece) pieces;
    const char *object; /* path as walked, then in its archive; until the batch is filled again */
    np_time_ns arrival; /* 0 = not known */
    struct np_buf path; /* holds `object` */
};

/* An empty batch; allocates nothing yet. */
void np_batch_init(struct np_batch *batch);
void np_batch_done(struct np_batch *batch);

/*
 * For those who fill batches: empties it and says what it is of; memory above `keep_bytes` is given
 * back. 0 or -ENOMEM.
 */
NP_NODISCARD int np_batch_begin(struct np_batch *batch, const char *object, np_time_ns arrival,
                                size_t keep_bytes);

/* Makes room for `bytes` of data in all and the padding behind them: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_batch_reserve(struct np_batch *batch, size_t bytes);

struct np_source;

struct np_source_ops {
    /*
     * Fills `batch`: 1 = filled, 0 = the end, -EINTR = a signal came while it waited for a pipe
     * (nothing is lost: call again to go on), other negative = the run cannot go on. Skipped things
     * go to the tally. May block.
     */
    int (*next)(struct np_source *source, struct np_batch *batch, struct np_err *err);
    void (*destroy)(struct np_source *source);
};

/* The head of every source's own struct. */
struct np_source {
    const struct np_source_ops *ops;
    struct np_tally tally;       /* of whoever reads, until the end */
    _Atomic uint64_t bytes_read; /* packed bytes taken in so far; written by whoever reads */
    uint64_t bytes_total;        /* known in advance; 0 = not known */
};

/*
 * Asked by a source that looks events up itself, before it writes one: whether it is wanted by any rule. What is not is counted all
 * the same, as np_syscall_quiet. Called by whoever reads.
 */
struct np_screen {
    bool (*wants)(void *context, struct np_event *event);
    /* The subjects of events from here on (np_event.subject) are others. */
    void (*forget)(void *context);
    void *context;
};

struct np_input_params {
    const char *const *paths; /* as the user gave them; "-" is stdin; borrowed for the call */
    size_t path_count;
    /* Tells records' times and whether envelopes are unwrapped; borrowed for the source's life. */
    const struct np_decode_plan *plan;
    const struct np_screen *screen; /* borrowed as well; NULL = every event is wanted */
};

/*
 * A source of files, folders (recursive) and stdin, read in time order: objects by the time in
 * their S3 name, others by the event time of their first record; long ones are merged record by
 * record with a bounded number of open files. -ENOENT and the like, with the path in `err`, where a
 * path that the user gave cannot be read at all. Each folder is walked once; a file is an object
 * for each name that leads to it.
 */
NP_NODISCARD int np_input_new(struct np_source **out_source, const struct np_input_params *params,
                              struct np_err *err);

/* Frees any source; NULL-safe. */
void np_source_free(struct np_source **source);
