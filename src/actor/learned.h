/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is usual: things met, each under a 64-bit key that says for whom and what, with when it was met first and last and
 * on how many occasions. A table of buckets: where a bucket is full, the thing that was not met for longest leaves. Grows by
 * doubling up to its maximum.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/time.h"

enum { NP_OCCASIONS_MAX = 255 };

/* What was known of a thing before it was met now. */
struct np_learned_thing {
    np_time_ns first; /* NP_TIME_NONE = never met */
    np_time_ns last;
    uint32_t occasions; /* two meetings with more than NP_OCCASION_NS between them are two */
    bool suspect;
};

#define NP_OCCASION_NS (10 * NP_NS_PER_MIN)

struct np_learned;

NP_NODISCARD int np_learned_new(struct np_learned **out_learned, size_t max_bytes);
void np_learned_free(struct np_learned **learned);

/* Asks memory for the thing with this key, which is met soon. */
void np_learned_prefetch(const struct np_learned *learned, uint64_t key);

/* What is known of the thing with this key. */
struct np_learned_thing np_learned_get(const struct np_learned *learned, uint64_t key);

/* The same, and meets it at `time`; `suspect` marks it where it is met for the first time. */
struct np_learned_thing np_learned_meet(struct np_learned *learned, uint64_t key, np_time_ns time,
                                        bool suspect);

/* Counts one more occasion, whenever the last was. */
void np_learned_count(struct np_learned *learned, uint64_t key, np_time_ns time);

size_t np_learned_bytes(const struct np_learned *learned);
