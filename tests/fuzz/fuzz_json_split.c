/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, split in every way there is: the pieces must be the same. The first two bytes choose
 * the limits, so that small inputs reach them; the third seeds the cuts.
 */
#include "../unit/codec/json/split_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 3, UNWRAP = 0x80 };
    if (size < HEAD)
        return 0;
    const struct np_split_params params = {
        .max_record = 1 + data[0], .max_depth = 1 + data[1] % UNWRAP, .unwrap = data[1] >= UNWRAP};
    srand(data[2]);
    NP_ASSERT(is_split_alike(np_span_make((const char *) data + HEAD, size - HEAD), params));
    return 0;
}
