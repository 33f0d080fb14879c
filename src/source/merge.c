/* SPDX-License-Identifier: Apache-2.0 */
/* A binary heap of readers, and the runs that they give: see merge.h. */
#include "source/merge.h"

#include <errno.h>
#include <string.h>

enum { READERS_MAX = 1024 * 1024, CLOCK_MAX_BYTES = 64 * 1024 * 1024 };

static bool is_before(const struct np_reader *a, const struct np_reader *b)
{
    return a->key != b->key ? a->key < b->key : a->number < b->number;
}

static void swap(struct np_merge *merge, size_t a, size_t b)
{
    struct np_reader *kept = merge->heap.items[a];
    merge->heap.items[a] = merge->heap.items[b];
    merge->heap.items[b] = kept;
}

int np_merge_push(struct np_merge *merge, struct np_reader *reader)
{
    int r = np_vec_push(&merge->heap, reader, READERS_MAX);
    if (r < 0)
        return r;
    struct np_reader **items = merge->heap.items;
    for (size_t i = merge->heap.len - 1; i > 0 && is_before(items[i], items[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(merge, i, (i - 1) / 2);
    return 0;
}

struct np_reader *np_merge_pop(struct np_merge *merge)
{
    if (merge->heap.len == 0)
        return NULL;
    struct np_reader **items = merge->heap.items;
    struct np_reader *first = items[0];
    size_t len = --merge->heap.len;
    items[0] = items[len];
    for (size_t i = 0, child = 1; child < len; i = child, child = 2 * i + 1) {
        if (child + 1 < len && is_before(items[child + 1], items[child]))
            child++;
        if (!is_before(items[child], items[i]))
            break;
        swap(merge, i, child);
    }
    return first;
}

np_time_ns np_merge_key(const struct np_merge *merge)
{
    return merge->heap.len > 0 ? merge->heap.items[0]->key : NP_MERGE_LAST;
}

int np_clock_init(struct np_clock *clock, const struct np_decode_plan *plan)
{
    *clock = (struct np_clock){.plan = plan};
    np_arena_init(&clock->texts, CLOCK_MAX_BYTES);
    return np_decoder_new(&clock->decoder, plan);
}

void np_clock_done(struct np_clock *clock)
{
    np_decoder_free(&clock->decoder);
    np_arena_done(&clock->texts);
}

np_time_ns np_clock_time(struct np_clock *clock, const struct np_batch *batch, size_t piece)
{
    const struct np_batch_piece *found = &batch->pieces.items[piece];
    np_arena_reset(&clock->texts);
    return np_decode_time(clock->decoder, np_span_make(batch->data + found->start, found->len),
                          &clock->texts);
}

/* `time` plus `more`, but never beyond the end of time. */
static np_time_ns later(np_time_ns time, np_time_ns more)
{
    np_time_ns sum = 0;
    return __builtin_add_overflow(time, more, &sum) ? NP_MERGE_LAST : sum;
}

size_t np_merge_run(struct np_clock *clock, const struct np_reader *reader, np_time_ns limit)
{
    const struct np_batch *ahead = &reader->ahead;
    size_t left = ahead->pieces.len - reader->next_piece;
    if (reader->key == NP_MERGE_FIRST || limit == NP_MERGE_LAST)
        return left;
    np_time_ns last = np_clock_time(clock, ahead, ahead->pieces.len - 1);
    if (last != NP_TIME_NONE && later(last, NP_MERGE_CALM_NS) <= limit)
        return left; /* nothing else is near: no need to look at each */
    np_time_ns end = later(limit, NP_MERGE_GRAIN_NS);
    size_t count = 1;
    while (count < left && np_clock_time(clock, ahead, reader->next_piece + count) <= end)
        count++; /* a piece without a time goes with the one before it: NP_TIME_NONE is below all
                    times */
    return count;
}

int np_merge_take(struct np_reader *reader, size_t count, struct np_batch *batch)
{
    const struct np_batch_piece *first = &reader->ahead.pieces.items[reader->next_piece];
    const struct np_batch_piece *last = &first[count - 1];
    size_t len = (size_t) last->start + last->len - first->start;
    int r = np_batch_begin(batch, reader->ahead.object, reader->ahead.arrival, NP_BATCH_MAX_BYTES);
    if (r == 0)
        r = np_batch_reserve(batch, len);
    if (r == 0)
        r = np_vec_reserve(&batch->pieces, count, NP_BATCH_PIECES_MAX);
    if (r < 0)
        return r;
    memcpy(batch->data, reader->ahead.data + first->start, len);
    batch->len = len;
    for (size_t i = 0; i < count; i++) {
        batch->pieces.items[i] = first[i];
        batch->pieces.items[i].start -= first->start;
    }
    batch->pieces.len = count;
    reader->next_piece += count;
    return 0;
}
