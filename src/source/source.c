/* SPDX-License-Identifier: Apache-2.0 */
/* What all sources share: batches, and the end of a source. */
#include "source/source.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/json/json.h"

enum {
    PATH_MAX_BYTES =
        64 * 1024 /* far above PATH_MAX, which no path that was opened exceeds by much */
};

void np_batch_init(struct np_batch *batch)
{
    *batch = (struct np_batch){.object = ""};
    np_buf_init(&batch->path, PATH_MAX_BYTES);
}

void np_batch_done(struct np_batch *batch)
{
    if (batch == NULL)
        return;
    np_free(batch->data);
    np_vec_done(&batch->pieces);
    np_buf_done(&batch->path);
    np_batch_init(batch);
}

int np_batch_begin(struct np_batch *batch, const char *object, np_time_ns arrival,
                   size_t keep_bytes)
{
    np_buf_reset(&batch->path);
    int r = np_buf_add(&batch->path, object, strlen(object) + 1);
    if (r < 0)
        return r;
    if (batch->cap > keep_bytes) {
        np_free(batch->data);
        batch->data = NULL;
        batch->cap = 0;
    }
    batch->object = batch->path.data;
    batch->arrival = arrival;
    batch->len = 0;
    batch->pieces.len = 0;
    return 0;
}

int np_batch_reserve(struct np_batch *batch, size_t bytes)
{
    if (bytes > NP_BATCH_MAX_BYTES)
        return -E2BIG;
    size_t need = bytes + NP_JSON_PADDING;
    if (need <= batch->cap)
        return 0;
    need = NP_MAX(need, batch->cap + batch->cap / 2);
    char *grown = np_realloc_array(batch->data, need, 1);
    if (grown == NULL)
        return -ENOMEM;
    batch->data = grown;
    batch->cap = need;
    return 0;
}

void np_source_free(struct np_source **source)
{
    if (source == NULL || *source == NULL)
        return;
    (*source)->ops->destroy(*source);
    *source = NULL;
}
