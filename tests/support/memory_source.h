/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest source: objects that are texts in memory, one batch each, cut by the splitter. For
 * tests of the engine; a starting point for a new source.
 */
#pragma once

#include "codec/json/json.h"
#include "source/source.h"

struct memory_source {
    struct np_source head;
    const char *const *texts; /* borrowed */
    size_t count;
    size_t next;
};

static inline int memory_source_next(struct np_source *source, struct np_batch *batch,
                                     struct np_err *err)
{
    struct memory_source *memory = (struct memory_source *) source;
    struct np_split split;
    struct np_piece piece;
    char name[32];
    if (memory->next == memory->count)
        return 0;
    struct np_span text = np_span_of(memory->texts[memory->next]);
    (void) snprintf(name, sizeof(name), "memory-%zu", memory->next++);
    int r = np_batch_begin(batch, name, 0, NP_BATCH_BYTES);
    if (r == 0)
        r = np_batch_reserve(batch, text.len);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    memcpy(batch->data, text.ptr, text.len);
    batch->len = text.len;
    source->tally.objects++;
    np_split_init(&split, (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                                   .max_depth = NP_JSON_MAX_DEPTH,
                                                   .lines = true,
                                                   .unwrap = true});
    struct np_span window = np_span_make(batch->data, batch->len);
    while (np_split_next(&split, window, true, &piece) == NP_SPLIT_PIECE) {
        struct np_batch_piece part = {.start = (uint32_t) (piece.bytes.ptr - batch->data),
                                      .len = (uint32_t) piece.bytes.len,
                                      .offset = piece.offset,
                                      .is_line = piece.kind == NP_PIECE_LINE};
        if (piece.kind != NP_PIECE_RECORD && piece.kind != NP_PIECE_LINE)
            np_tally_piece(&source->tally, name, &piece);
        else if (np_vec_push(&batch->pieces, part, NP_BATCH_PIECES_MAX) < 0)
            return np_fail(err, -ENOMEM, "out of memory");
    }
    return 1;
}

static inline void memory_source_destroy(struct np_source *source)
{
    np_tally_done(&source->tally);
}

/* Begins to read `count` texts; np_source_free() is not for it, memory_source_destroy() is. */
static inline void memory_source_init(struct memory_source *memory, const char *const *texts,
                                      size_t count)
{
    static const struct np_source_ops ops = {.next = memory_source_next,
                                             .destroy = memory_source_destroy};
    *memory = (struct memory_source){.head = {.ops = &ops}, .texts = texts, .count = count};
    np_tally_init(&memory->head.tally);
}
