/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the pieces of a batch to events. A line that is not one good record may still hold some, so
 * it is split; what gives no event is named in a tally.
 */
#pragma once

#include "source/source.h"

struct np_syscall_quiet;

struct np_pieces {
    struct np_decoder *decoder;
    const struct np_decode_plan *plan; /* of the decoder */
    const struct np_batch *batch;
    struct np_arena *texts; /* for decoded texts; the caller resets it with the batch */
    struct np_tally *tally; /* takes what could not be read */
    /* Called with each event; anything but 0 ends the walk. */
    int (*fn)(void *context, struct np_event *event);
    /* The same with events that a screen kept from being written; NULL = the source has none. */
    int (*quiet)(void *context, const struct np_syscall_quiet *quiet);
    void *context;
};

/* Decodes the piece of that index: 0, what `fn` ended it with, or -ENOMEM. */
NP_NODISCARD int np_pieces_decode_one(const struct np_pieces *pieces, size_t index);

/* Decodes every piece of the batch: 0, what `fn` ended it with, or -ENOMEM. */
NP_NODISCARD int np_pieces_decode(const struct np_pieces *pieces);
