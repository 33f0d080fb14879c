/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is usual: things met, each under a 64-bit key that says for whom and what, with when it was met first and last and
 * on how many occasions. A table of buckets: where a bucket is full, the thing that was not met for longest leaves, and it is
 * kept until when things of this bucket are forgotten: so what is not there is either new, or cannot be known. Grows by
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

#define NP_FORGET_NS   (24 * 60 * NP_NS_PER_MIN) /* what was not met for so long is new again */
#define NP_OCCASION_NS (10 * NP_NS_PER_MIN)

struct np_learned;

/* `max_bytes` is for things; until when they are forgotten takes a 32nd more. */
NP_NODISCARD int np_learned_new(struct np_learned **out_learned, size_t max_bytes);
void np_learned_free(struct np_learned **learned);

/* Asks memory for the thing with this key, which is met soon. */
void np_learned_prefetch(const struct np_learned *learned, uint64_t key);

/* What is known of the thing with this key. */
struct np_learned_thing np_learned_get(const struct np_learned *learned, uint64_t key);

/* The same, and meets it at `time`; `suspect` marks it where it is met for the first time. */
struct np_learned_thing np_learned_meet(struct np_learned *learned, uint64_t key, np_time_ns time,
                                        bool suspect);

/*
 * Of a thing that is not known: if it was met at this time or before, that may be forgotten. NP_TIME_NONE = it never was met.
 */
np_time_ns np_learned_forgot(const struct np_learned *learned, uint64_t key);

/* Counts one more occasion, whenever the last was. */
void np_learned_count(struct np_learned *learned, uint64_t key, np_time_ns time);

/* How many things had to leave that were met within NP_FORGET_NS, while there was no more memory. */
uint64_t np_learned_lost(const struct np_learned *learned);
size_t np_learned_bytes(const struct np_learned *learned);
