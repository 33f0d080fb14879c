/* SPDX-License-Identifier: Apache-2.0 */
/* SplitMix64, and numbers of a range by multiplication instead of a division. */
#include "simulate/random.h"

#include "base/hash.h"

/* Scrambles all bits; the constants are those of the paper. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const uint64_t golden_ratio = UINT64_C(0x9e3779b97f4a7c15);

struct np_random np_random_for(uint64_t seed, struct np_span purpose, uint64_t number)
{
    return (struct np_random){mix(np_hash64(purpose, seed) + number * golden_ratio)};
}

uint64_t np_random_next(struct np_random *random)
{
    random->state += golden_ratio;
    return mix(random->state);
}

int64_t np_random_between(struct np_random *random, int64_t low, int64_t high)
{
    uint64_t next = np_random_next(random);
    if (high <= low)
        return low;
    uint64_t count = (uint64_t) high - (uint64_t) low + 1;
    if (count == 0) /* of all 2^64 */
        return (int64_t) next;
    uint64_t part = (uint64_t) (((unsigned __int128) next * count) >> 64);
    return (int64_t) ((uint64_t) low + part);
}

bool np_random_chance(struct np_random *random, uint32_t chance)
{
    return np_random_between(random, 0, 9999) < (int64_t) chance;
}
