/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts posted to a URL one by one, in order, each until it is accepted: a queue with a bound, and a thread that empties it. Adding
 * never waits. What finds no room is dropped and counted, and np_post_finish() tells; nothing is lost in silence.
 *
 * A text is delivered when the answer's status is 2xx. It is given up where the peer refuses it as such (4xx, but 408 and 429), else tried
 * again, ever less often up to every two seconds. Where a connection breaks behind the peer's back, it may get a text twice.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

struct np_post;

struct np_post_params {
    const char *url; /* http or https */
    const char *content_type;
    size_t max_texts;     /* that wait */
    size_t max_bytes;     /* of texts that wait */
    uint32_t patience_ms; /* np_post_finish() waits so long for a next text to be accepted */
};

/* Starts the thread. 0; -EINVAL for a URL that is none, -ENOMEM or -EAGAIN, with `err`. */
NP_NODISCARD int np_post_new(struct np_post **out_post, const struct np_post_params *params,
                             struct np_err *err);

/* Queues a copy of `text`, or drops it. Never waits for the peer. */
void np_post_add(struct np_post *post, struct np_span text);

/*
 * Waits until all that is queued is delivered or given up, or patience is at its end. 0; -EIO where a text was not delivered, `err` says how
 * many and why. Nothing may be added afterwards.
 */
NP_NODISCARD int np_post_finish(struct np_post *post, struct np_err *err);

/* Ends the thread, without waiting for the peer; NULL-safe. */
void np_post_free(struct np_post **post);
