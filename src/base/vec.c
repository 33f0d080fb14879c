/* SPDX-License-Identifier: Apache-2.0 */
/* Growth of vectors: by half again, never beyond the stated maximum. */
#include "base/vec.h"

#include <errno.h>

int np_vec_grow(void **items, size_t *cap, size_t need, size_t max, size_t size)
{
    if (need > max)
        return -E2BIG;
    size_t wanted = *cap + *cap / 2;
    if (wanted < 8)
        wanted = 8;
    if (wanted < need)
        wanted = need;
    if (wanted > max)
        wanted = max;
    void *grown = np_realloc_array(*items, wanted, size);
    if (grown == NULL)
        return -ENOMEM;
    *items = grown;
    *cap = wanted;
    return 0;
}
