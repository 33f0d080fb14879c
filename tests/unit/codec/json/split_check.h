/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splits a text in every way there is and compares: shared by the splitter's unit test and fuzz
 * target. What must hold of every piece is asserted.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/vec.h"
#include "codec/json/split.h"

enum { SPLIT_PIECES_MAX = 1 << 20, SPLIT_COPY_MAX = 1 << 14, SPLIT_BYTES_MAX = 1 << 16 };

/* How a stream reaches the splitter. */
enum split_feed { SPLIT_WHOLE, SPLIT_RANDOM, SPLIT_BYTES };

struct split_pieces {
    NP_VEC(struct np_piece) list; /* their bytes are not valid any more */
    struct np_buf text;           /* of each a blank, the letter of its kind and its bytes */
    size_t window_max;            /* most bytes that had to be kept */
};

static inline void split_pieces_done(struct split_pieces *pieces)
{
    np_vec_done(&pieces->list);
    np_buf_done(&pieces->text);
}

/* Takes a piece, of the stream `text`, having checked what always holds. */
static inline void split_add_piece(struct split_pieces *pieces, struct np_span text,
                                   const struct np_piece *piece)
{
    static const char letters[NP_PIECE_KIND_MAX] = "RLOGBTD";
    NP_ASSERT(piece->length > 0 && piece->offset + piece->length <= text.len);
    bool is_whole = piece->kind == NP_PIECE_RECORD || piece->kind == NP_PIECE_LINE;
    bool is_container = piece->kind == NP_PIECE_BROKEN && piece->bytes.len == 0;
    if (!is_container) {
        size_t len = (size_t) piece->length;
        size_t shown = is_whole ? len : NP_MIN(len, (size_t) NP_SPLIT_HEAD_BYTES);
        NP_ASSERT(np_span_eq(piece->bytes, np_span_make(text.ptr + piece->offset, shown)));
    }
    if (pieces->list.len > 0 && !is_container) {
        const struct np_piece *last = &pieces->list.items[pieces->list.len - 1];
        NP_ASSERT(piece->offset >= last->offset + last->length);
    }
    NP_ASSERT(np_vec_push(&pieces->list, *piece, SPLIT_PIECES_MAX) == 0);
    (void) np_buf_add_char(&pieces->text, ' ');
    (void) np_buf_add_char(&pieces->text, letters[piece->kind]);
    if (is_container)
        (void) np_buf_printf(&pieces->text, "=%zu+%zu", (size_t) piece->offset,
                             (size_t) piece->length);
    else
        (void) np_buf_add_span(&pieces->text, piece->bytes);
}

/* How many bytes come next. */
static inline size_t split_next_part(enum split_feed feed, size_t left)
{
    size_t part = feed == SPLIT_WHOLE   ? left
                  : feed == SPLIT_BYTES ? 1
                                        : 1 + (size_t) rand() % (1 + left / 8);
    return NP_MIN(part, left);
}

/*
 * The window, of a small text in memory of its own, so that AddressSanitizer sees a read before
 * or behind it.
 */
static inline struct np_span split_window(struct np_span text, uint64_t from, size_t to,
                                          char **memory)
{
    struct np_span window = np_span_make(text.ptr + from, to - (size_t) from);
    if (text.len > SPLIT_COPY_MAX || window.len == 0)
        return window;
    *memory = np_alloc(window.len);
    NP_ASSERT(*memory != NULL);
    memcpy(*memory, window.ptr, window.len);
    return np_span_make(*memory, window.len);
}

/* Splits `text` the way a caller does. */
static inline struct split_pieces split_how(struct np_span text, struct np_split_params params,
                                            enum split_feed feed, enum np_json_scan_how how)
{
    struct split_pieces pieces = {};
    np_buf_init(&pieces.text, SIZE_MAX);
    struct np_split split;
    np_split_init(&split, params);
    np_json_scan_init(&split.scan_state, how);
    enum np_split_status status = NP_SPLIT_MORE;
    bool final = false;
    for (size_t known = 0; status == NP_SPLIT_PIECE || !final;) {
        if (status == NP_SPLIT_MORE) {
            size_t part = split_next_part(feed, text.len - known);
            known += part;
            final = known == text.len && (feed == SPLIT_WHOLE || part == 0);
        }
        np_auto_free char *memory = NULL;
        struct np_span window = split_window(text, split.base, known, &memory);
        struct np_piece piece;
        status = np_split_next(&split, window, final, &piece);
        if (status == NP_SPLIT_PIECE)
            split_add_piece(&pieces, text, &piece);
        if (status == NP_SPLIT_PIECE && (feed != SPLIT_RANDOM || rand() % 2 == 0))
            continue; /* what is used may be dropped later */
        np_split_drop(&split, np_split_consumed(&split));
        if (status == NP_SPLIT_MORE)
            pieces.window_max = NP_MAX(pieces.window_max, known - (size_t) split.base);
    }
    NP_ASSERT(split.base == text.len);
    return pieces;
}

static inline struct split_pieces split(struct np_span text, struct np_split_params params)
{
    return split_how(text, params, SPLIT_WHOLE, NP_JSON_SCAN_BEST);
}

/*
 * The pieces with each LINE split again, as the caller does where the reader finds several
 * documents.
 */
static inline struct split_pieces split_lines_again(struct np_span text,
                                                    struct np_split_params params,
                                                    enum split_feed feed)
{
    params.lines = true;
    struct split_pieces coarse = split_how(text, params, feed, NP_JSON_SCAN_BEST);
    params.lines = false;
    struct split_pieces fine = {};
    np_buf_init(&fine.text, SIZE_MAX);
    for (size_t i = 0; i < coarse.list.len; i++) {
        struct np_piece piece = coarse.list.items[i];
        if (piece.kind != NP_PIECE_LINE) {
            NP_ASSERT(np_vec_push(&fine.list, piece, SPLIT_PIECES_MAX) == 0);
            continue;
        }
        struct np_span line = np_span_make(text.ptr + piece.offset, (size_t) piece.length);
        struct split_pieces parts = split(line, params);
        for (size_t k = 0; k < parts.list.len; k++) {
            struct np_piece part = parts.list.items[k];
            part.offset += piece.offset;
            NP_ASSERT(np_vec_push(&fine.list, part, SPLIT_PIECES_MAX) == 0);
        }
        split_pieces_done(&parts);
    }
    split_pieces_done(&coarse);
    return fine;
}

static inline bool same_pieces(const struct split_pieces *a, const struct split_pieces *b)
{
    bool same = a->list.len == b->list.len;
    for (size_t i = 0; same && i < a->list.len; i++) {
        const struct np_piece *x = &a->list.items[i];
        const struct np_piece *y = &b->list.items[i];
        same = x->kind == y->kind && x->offset == y->offset && x->length == y->length;
    }
    return same;
}

/* The most that a splitter may ask its caller to keep. */
static inline size_t window_limit(struct np_split_params params)
{
    return NP_MAX((size_t) params.max_record, (size_t) NP_SPLIT_SCALAR_MAX_BYTES) + 1;
}

/* Whether `text` gives the same pieces however it is fed, scanned, and with or without `lines`. */
static inline bool is_split_alike(struct np_span text, struct np_split_params params)
{
    /* Byte by byte takes too long for a large text. */
    enum split_feed last = text.len <= SPLIT_BYTES_MAX ? SPLIT_BYTES : SPLIT_RANDOM;
    struct split_pieces want = split(text, params);
    bool alike = true;
    for (enum split_feed feed = SPLIT_WHOLE; feed <= last; feed++) {
        for (int how = NP_JSON_SCAN_BEST; how <= NP_JSON_SCAN_PORTABLE; how++) {
            struct split_pieces got = split_how(text, params, feed, (enum np_json_scan_how) how);
            alike = alike && same_pieces(&want, &got) && got.window_max <= window_limit(params);
            split_pieces_done(&got);
        }
        struct split_pieces lines = split_lines_again(text, params, feed);
        alike = alike && same_pieces(&want, &lines);
        split_pieces_done(&lines);
    }
    split_pieces_done(&want);
    return alike;
}
