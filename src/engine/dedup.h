/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The set of events already seen, by key, within a bounded memory. When it is full the quarter with the oldest event times
 * leaves. An event as old as those that have left can no longer be told from a repeat: it counts as new, and as unchecked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/hash.h"
#include "base/time.h"

struct np_dedup;

/* A set of at most `max_bytes`: 0 or -ENOMEM. */
NP_NODISCARD int np_dedup_new(struct np_dedup **out_dedup, size_t max_bytes);
void np_dedup_free(struct np_dedup **dedup);

/* Asks memory for the place of `key`, so that a later np_dedup_add() does not wait for it. */
void np_dedup_prefetch(const struct np_dedup *dedup, struct np_hash128 key);

/* Adds the key of an event of that time: 1 = was there already, 0 = new. Where memory for growth is out the set stays smaller. */
int np_dedup_add(struct np_dedup *dedup, struct np_hash128 key, np_time_ns time);

/* How many events could not be checked because their time has left the set. */
uint64_t np_dedup_unchecked(const struct np_dedup *dedup);
