/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The splitter cuts records out of a stream of bytes, whatever wraps them: {"Records":[...]},
 * arrays, NDJSON, pretty-printed or concatenated documents, with or without white space, commas
 * or a byte order mark between them. A time (RFC 3339, ending in Z) and a blank before a top-level
 * object are passed over: so CloudWatch Logs exports its lines. It looks only at quotes, backslashes, brackets and newlines;
 * whether a record is valid JSON is the reader's business.
 *
 * The caller owns the bytes in one contiguous window and may cut the stream at any place: the
 * same bytes give the same pieces. Memory is the caller's window, which never has to hold more
 * than `max_record` and a small constant: what is longer is passed over while it goes by and told
 * when it ends.
 *
 * Boundaries. At the top level a record ends where its depth balances. A newline followed at once
 * by `{` is a boundary too, even inside an unbalanced value or a string, unless the last non-
 * blank byte before it is `[`, `,` or `:` (no valid JSON has one elsewhere): so a line that was
 * cut short costs itself and not the rest. Where an unbalanced value swallowed such lines all the
 * same and a boundary, the end of input or the record limit shows it, it is BROKEN only up to the
 * first of them and splitting starts again there (as long as what is read again is at most
 * NP_SPLIT_RESCAN_FACTOR times what was read, or so many times `max_record`).
 *
 * Envelopes. A top-level object becomes an envelope where, at depth 1 and within its first
 * `max_record` bytes, a known key is followed by an array: the elements are records, everything
 * else of it is passed over. Behind such an array another one is looked for in the same way; where
 * so much follows it that this has to end, that part is told as TOO_LONG.
 *
 * With `lines` on, a line at the top level that starts with `{`, ends with `}` and is followed by
 * `{` at once or by the end is given as NP_PIECE_LINE without a look inside: by the rule above a
 * boundary is there in any case, but the line may hold several documents or an envelope, which
 * the JSON reader tells (NP_JSON_SEVERAL). Then it is split again with `lines` off, which gives
 * the pieces that the stream would have given. A line longer than NP_SPLIT_LINE_MAX_BYTES is
 * looked into.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "codec/json/scan.h"

enum {
    NP_SPLIT_HEAD_BYTES = 64,            /* what a piece that is no record shows of itself */
    NP_SPLIT_LINE_MAX_BYTES = 64 * 1024, /* of a piece that is a LINE */
    NP_SPLIT_SCALAR_MAX_BYTES = 512,     /* a longer number is no JSON for us */
    NP_SPLIT_RESCAN_FACTOR = 64,         /* see above */
};

enum np_piece_kind {
    NP_PIECE_RECORD,    /* one object */
    NP_PIECE_LINE,      /* a line that begins with { and ends with }: one object or several */
    NP_PIECE_NO_OBJECT, /* a JSON value that is no object, where a record was expected */
    NP_PIECE_NO_JSON,   /* no JSON value, up to the next line that begins with { or [ */
    NP_PIECE_BROKEN,    /* a value, an array or an envelope that does not close */
    NP_PIECE_TOO_LONG,  /* a record beyond max_record, closed or not */
    NP_PIECE_TOO_DEEP,  /* a record deeper than max_depth, closed or not */
    NP_PIECE_KIND_MAX
};

/*
 * Pieces come in the order of the stream and do not overlap, but for this: a BROKEN array or
 * envelope starts where it starts, before the records that were cut out of it. What does not
 * close ends with its last byte that is no blank.
 */
struct np_piece {
    enum np_piece_kind kind;
    /*
     * Of a RECORD or LINE all its bytes, in the caller's window. Of any other kind the first
     * NP_SPLIT_HEAD_BYTES at most, in the window or in the splitter, until the next call; empty
     * of an array or envelope that is BROKEN.
     */
    struct np_span bytes;
    uint64_t offset; /* of its first byte in the stream */
    uint64_t length; /* in the stream */
};

struct np_split_params {
    uint64_t max_record; /* bytes */
    uint32_t max_depth;  /* of a RECORD, which itself has depth 1 */
    bool lines;          /* give whole lines unseen where that is exact: see above */
    bool unwrap; /* look for envelopes; off where every top-level object is an event of its own */
};

enum np_split_status {
    NP_SPLIT_PIECE, /* *out_piece is set */
    NP_SPLIT_MORE,  /* needs more bytes behind the window, or, after `final`, has come to the end */
};

struct np_split {
    struct np_split_params params;
    uint64_t base;   /* offset in the stream of the window's first byte; np_split_drop() moves it */
    bool seen_value; /* any JSON value so far, an empty array too */

    /* The rest is the splitter's own. Offsets are in the stream. */
    uint8_t state;
    uint8_t container; /* what stands around the values that are cut out */
    uint8_t value;     /* what the value is that `scan` stands in */
    bool too_deep;
    bool let_go; /* the value's first bytes are held no more */
    struct np_json_scan scan_state;
    uint64_t scan;  /* next byte to look at */
    uint64_t hold;  /* first byte that the window must keep */
    uint64_t start; /* of the value that `scan` stands in */
    uint64_t container_start;
    uint64_t swallowed; /* first { behind a newline in the value that was no boundary; 0 = none */
    uint64_t swallowed_end;         /* end of the last byte before it that is no blank */
    uint64_t rescanned;             /* bytes read again so far */
    uint64_t line_scan;             /* no newline from the current line's start up to here */
    uint64_t line_never;            /* no LINE starts before this */
    uint64_t solid_scan;            /* `solid` and `solid_end` tell of the stream up to here: */
    uint64_t solid_end;             /* end of the last byte that is no blank */
    char solid;                     /* that byte */
    char head[NP_SPLIT_HEAD_BYTES]; /* first bytes of a value that was let go */
};

/* Begins a new stream. */
void np_split_init(struct np_split *split, struct np_split_params params);

/*
 * Looks for the next piece in `window`, the bytes of the stream from `split->base` on; `final`
 * says that no more will come. After NP_SPLIT_PIECE call again. After NP_SPLIT_MORE append new
 * bytes and call again; with `final` it means the end. In either case the first
 * np_split_consumed() bytes may have been dropped before.
 */
enum np_split_status np_split_next(struct np_split *split, struct np_span window, bool final,
                                   struct np_piece *out_piece);

/*
 * How many bytes at the window's start the splitter needs no more; a piece just given is among
 * them.
 */
uint64_t np_split_consumed(const struct np_split *split);

/*
 * Says that the caller has dropped `bytes`, at most np_split_consumed(), from the window's start.
 */
void np_split_drop(struct np_split *split, uint64_t bytes);
