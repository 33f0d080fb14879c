/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact accounting of input: how many objects there were and what could not be read, by object and
 * reason. One writer; tallies can be added up at the end, in any order with the same result.
 * Bounded: beyond the maximum number of entries the rest is counted under one entry with the object
 * "(others)".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "codec/json/split.h"

enum {
    NP_TALLY_ENTRIES_MAX = 10000,
    NP_TALLY_REASON_MAX_BYTES = 240, /* of the reasons that are made here */
};

#define NP_TALLY_NO_OFFSET UINT64_MAX /* it is about the object, not about a place in it */

struct np_tally_entry {
    const char *object;
    const char *reason; /* in words, with the remedy where there is one; of the first occurrence */
    const char *what;   /* what is folded: things of one object with equal `what` are one entry */
    uint64_t first_offset; /* of the first one in the unpacked object, or NP_TALLY_NO_OFFSET */
    uint64_t count;
    bool is_limit; /* a limit of ours was the reason: a blind spot */
};

struct np_tally {
    uint64_t objects; /* files and stdin */
    uint64_t bytes;   /* taken in, as they are stored (packed) */
    uint64_t digests; /* CloudTrail digests: known, no events */
    NP_VEC(struct np_tally_entry) entries;
    struct np_map entry_of; /* by object and `what` */
    struct np_arena texts;
    struct np_buf key; /* scratch */
    uint64_t lost;     /* entries that memory was out for, counted all the same */
};

/* An empty tally; allocates nothing yet. */
void np_tally_init(struct np_tally *tally);

/* Frees everything; NULL-safe. */
void np_tally_done(struct np_tally *tally);

/*
 * Counts one more thing of `object` that was skipped; both texts are copied. Equal reasons are one
 * entry.
 */
void np_tally_skip(struct np_tally *tally, const char *object, const char *reason, bool is_limit);

/* The same with the place: `offset` of its first byte in the unpacked object. */
void np_tally_skip_at(struct np_tally *tally, const char *object, uint64_t offset,
                      const char *reason, bool is_limit);

/* Counts a piece that is neither RECORD nor LINE; says in words what it is. */
void np_tally_piece(struct np_tally *tally, const char *object, const struct np_piece *piece);

/*
 * Counts an object that could not be read because a system call failed with `error` (an errno,
 * positive).
 */
void np_tally_errno(struct np_tally *tally, const char *object, int error);

/* Adds everything in `other` to `tally`. */
void np_tally_add(struct np_tally *tally, const struct np_tally *other);

/* Sorts the entries by object, then reason, so that output does not depend on threads. */
void np_tally_sort(struct np_tally *tally);
