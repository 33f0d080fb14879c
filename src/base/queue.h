/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one bounded queue between threads: pointers, first in first out. A full queue makes the
 * pusher wait (files, replay). Any number of pushers and poppers.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"

struct np_queue;

/* A queue of at most `capacity` pointers: 0 or -ENOMEM. */
NP_NODISCARD int np_queue_new(struct np_queue **out_queue, size_t capacity);

/*
 * Frees the queue, not what is in it; NULL-safe, nulls the pointer. No thread may use it any more.
 */
void np_queue_free(struct np_queue **queue);

/*
 * Appends `item` (not NULL), waiting for room: 0, or -EPIPE when the queue is closed (the item
 * stays the caller's).
 */
NP_NODISCARD int np_queue_push(struct np_queue *queue, void *item);

/* Takes the oldest item, waiting for one; NULL when the queue is closed and empty. */
NP_NODISCARD void *np_queue_pop(struct np_queue *queue);

/* Ends the queue: pushes fail from now on, pops drain what is left. May be called twice. */
void np_queue_close(struct np_queue *queue);
