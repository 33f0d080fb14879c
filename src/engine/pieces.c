/* SPDX-License-Identifier: Apache-2.0 */
/* See pieces.h. */
#include "engine/pieces.h"

#include <errno.h>

#include "codec/json/json.h"
#include "event/syscall.h"

static int take_split(const struct np_pieces *pieces, const struct np_batch_piece *piece);

/* Names a record that gave no event. */
static void skip_record(const struct np_pieces *pieces, enum np_decode_result result,
                        const char *reason)
{
    switch (result) {
    case NP_DECODE_DIGEST:
        pieces->tally->digests++;
        return;
    case NP_DECODE_CONTROL:
        return;
    case NP_DECODE_UNKNOWN:
        reason = "a JSON object of no known kind (name its log source with --as)";
        break;
    case NP_DECODE_SEVERAL:
        reason = "an envelope inside another record";
        break;
    default:
        break; /* the decoder gave the reason */
    }
    np_tally_skip(pieces->tally, pieces->batch->object, reason, result == NP_DECODE_TOO_DEEP);
}

static int take_quiet(const struct np_pieces *pieces, struct np_span bytes)
{
    struct np_syscall_quiet quiet;
    if (pieces->quiet == NULL || !np_syscall_read_quiet(bytes, &quiet))
        return 0;
    return pieces->quiet(pieces->context, &quiet);
}

static int take_piece(const struct np_pieces *pieces, const struct np_batch_piece *piece)
{
    const struct np_batch *batch = pieces->batch;
    struct np_record record = {
        .bytes = np_span_make(batch->data + piece->start, piece->len),
        .origin = {.object = batch->object, .offset = piece->offset, .length = piece->len},
        .arrival = batch->arrival,
    };
    struct np_event *event = NULL;
    const char *reason = NULL;
    enum np_decode_result result =
        np_decode(pieces->decoder, &record, pieces->texts, &event, &reason);
    switch (result) {
    case NP_DECODE_EVENT:
        return pieces->fn(pieces->context, event);
    case NP_DECODE_QUIET:
        return take_quiet(pieces, record.bytes);
    case NP_DECODE_NO_MEMORY:
        return -ENOMEM;
    case NP_DECODE_SEVERAL:
    case NP_DECODE_INVALID:
    case NP_DECODE_TOO_DEEP:
        if (piece->is_line)
            return take_split(pieces, piece);
        break;
    case NP_DECODE_DIGEST:
    case NP_DECODE_CONTROL:
    case NP_DECODE_UNKNOWN:
        break;
    }
    skip_record(pieces, result, reason);
    return 0;
}

/* Splits a line that holds more than one value, or an envelope, and decodes what it holds. */
static int take_split(const struct np_pieces *pieces, const struct np_batch_piece *piece)
{
    const struct np_batch *batch = pieces->batch;
    struct np_split split;
    np_split_init(&split,
                  (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                           .max_depth = NP_JSON_MAX_DEPTH,
                                           .unwrap = !np_decode_plan_is_generic(pieces->plan)});
    struct np_span window = np_span_make(batch->data + piece->start, piece->len);
    struct np_piece part;
    int r = 0;
    while (r == 0 && np_split_next(&split, window, true, &part) == NP_SPLIT_PIECE) {
        if (part.kind == NP_PIECE_RECORD) {
            struct np_batch_piece record = {.start = piece->start +
                                                     (uint32_t) (part.bytes.ptr - window.ptr),
                                            .len = (uint32_t) part.bytes.len,
                                            .offset = piece->offset + part.offset};
            r = take_piece(pieces, &record);
        } else {
            part.offset += piece->offset; /* in the object, not in the line */
            np_tally_piece(pieces->tally, batch->object, &part);
        }
    }
    return r;
}

int np_pieces_decode_one(const struct np_pieces *pieces, size_t index)
{
    return take_piece(pieces, &pieces->batch->pieces.items[index]);
}

int np_pieces_decode(const struct np_pieces *pieces)
{
    int r = 0;
    for (size_t i = 0; i < pieces->batch->pieces.len && r == 0; i++)
        r = np_pieces_decode_one(pieces, i);
    return r;
}
