/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeded random numbers: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
 * Small, the same on every machine, and cheap to begin anew from any seed. Not for secrets.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct np_random {
    uint64_t state;
};

/* A generator for one purpose: the same seed and purpose give the same numbers. */
struct np_random np_random_for(uint64_t seed, struct np_span purpose, uint64_t number);

uint64_t np_random_next(struct np_random *random);

/* A number from `low` to `high`, both included; `low` where `high` is not greater. */
int64_t np_random_between(struct np_random *random, int64_t low, int64_t high);

/* Is true in `chance` of 10,000 calls. */
bool np_random_chance(struct np_random *random, uint32_t chance);
