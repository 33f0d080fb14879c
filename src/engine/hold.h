/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where acts wait for their place in time: a ring of slots of some seconds of event time. The acts of a slot leave some time
 * after the watermark, the newest event time less the lateness, has passed it; by time, and within a second by event id. So acts
 * that come in any order within the lateness leave in the same order.
 *
 * An act older than what has left goes at once, marked late. Where half of the memory is used, what waits is packed; where all of
 * it is, the oldest slot leaves before its time.
 */
#pragma once

#include "engine/held.h"

enum { NP_HOLD_MAX_BYTES = 48 * 1024 * 1024 };

struct np_hold;

struct np_hold_params {
    np_time_ns lateness; /* not negative; the ring has as many seconds, or some more */
    size_t max_bytes;    /* for acts; what leaves takes some more */
    /* Takes acts whose turn it is, in their order, all of a second together; they live during the call. Negative ends the run. */
    int (*leave)(void *context, const struct np_held *const *acts, size_t count,
                 struct np_err *err);
    void *context;
};

NP_NODISCARD int np_hold_new(struct np_hold **out_hold, const struct np_hold_params *params);
void np_hold_free(struct np_hold **hold);

/* Lets acts leave whose turn it is now, then keeps a copy of `held` or lets it go at once: 0, -ENOMEM, or what `leave` ended it with. */
NP_NODISCARD int np_hold_take(struct np_hold *hold, const struct np_held *held, struct np_err *err);

/* Lets all leave, at the end of the input. */
NP_NODISCARD int np_hold_finish(struct np_hold *hold, struct np_err *err);

/* Acts within the lateness that came when their second had left already, for lack of memory. */
uint64_t np_hold_missed(const struct np_hold *hold);
