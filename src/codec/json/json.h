/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON. A *plan* says which paths of a record are wanted and into which slot each goes;
 * one walk over the record fills the slots. The reader only ever sees one record (or a line that
 * may hold several), cut out by split.h. simdjson finds the tokens (index.h); the walk
 * over them is ours (json.c).
 *
 * Valid means: the record is UTF-8, its strings close and hold no control characters, its depth
 * balances and keeps to the limit, and what the plan wants is well formed, with the objects and
 * arrays on the way. What is not wanted is passed over. Half a surrogate pair (RFC 8259, 8.2) is
 * no error: it reads as U+FFFD.
 *
 * A path `a.b` finds {"a":{"b":..}} and the flat key "a.b" (every way to join neighbouring
 * parts). A path over an array gives every element: a list, even of one; arrays in arrays count
 * as their elements. Where several places give a value to one slot the slot is a list of them
 * all, in the order of the record. Of repeated keys the last counts, at every level, with all
 * that hangs below it. An object with wanted paths below it fills its own slot with its raw bytes
 * as well, if it has one.
 *
 * A plan is immutable once built and shared by threads; a reader belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/value.h"

enum {
    NP_JSON_PADDING = 64,     /* bytes behind a record that must be readable, whatever they are */
    NP_JSON_MAX_DEPTH = 1024, /* a deeper record is refused */
    NP_JSON_MAX_PATH_PARTS = 16,
    NP_JSON_MAX_PATH_BYTES = 64 * 1024,
    NP_JSON_MAX_PLAN_KEYS = 1000000 /* of a plan, counted by place: about 100 MB */
};

struct np_json_plan;
struct np_json_reader;

/* How a path's first step may be spelt: see np_json_plan_add(). */
enum np_json_path_form {
    NP_JSON_PATH_ANY,         /* "a.b.c": as a>b>c, a.b>c, a>b.c, a.b.c */
    NP_JSON_PATH_JOINED_FIRST /* only those whose first key joins two parts or more: a.b>c, a.b.c */
};

/* Where a walk puts its values. The caller owns both arrays, with room for every slot. */
struct np_json_slots {
    struct np_value *values; /* those of the plan all absent before the walk */
    uint32_t *touched;       /* slots that were set, each once, for a cheap reset */
    size_t touched_len;      /* 0 at first; each walk appends */
    struct np_arena *arena;  /* the caller's: unescaped text and lists are made there */
};

enum np_json_result {
    NP_JSON_OK = 0,
    NP_JSON_SEVERAL = 1,  /* more follows behind the first value: cut it with the splitter first */
    NP_JSON_INVALID = 2,  /* not valid; *out_reason says why */
    NP_JSON_TOO_DEEP = 3, /* deeper than NP_JSON_MAX_DEPTH: a limit of ours; *out_reason says so */
    NP_JSON_NO_MEMORY = 4
};

/* An empty plan: 0 or -ENOMEM. */
NP_NODISCARD int np_json_plan_new(struct np_json_plan **out_plan);
void np_json_plan_free(struct np_json_plan **plan);

/*
 * Adds a path (copied) whose value goes to `slot`; two paths may share a slot, and a path may go
 * to several. 0, -EINVAL (an empty part), -E2BIG (too many parts, too long, plan full) or
 * -ENOMEM; a path that fails may not be read from the plan.
 */
NP_NODISCARD int np_json_plan_add(struct np_json_plan *plan, struct np_span path, uint32_t slot,
                                  enum np_json_path_form form);

/*
 * A reader: 0 or -ENOMEM. It grows to the longest record and the largest plan seen and allocates
 * nothing after that.
 */
NP_NODISCARD int np_json_reader_new(struct np_json_reader **out_reader);
void np_json_reader_free(struct np_json_reader **reader);

/*
 * Walks over `record`, which must be one JSON object with NP_JSON_PADDING readable bytes behind
 * it, and fills `slots`. Text is a span into the record where it has no escapes; unescaped text
 * and lists are made in the arena of `slots`. The record may be an object out of another record that was read
 * before: the values of that one stay valid.
 *
 * On NP_JSON_INVALID and NP_JSON_TOO_DEEP `*out_reason` is a literal such as "not UTF-8". On anything but NP_JSON_OK
 * the slots hold nothing of use, but `touched` is right. NP_JSON_SEVERAL says nothing about what
 * follows, except that it is UTF-8 and its strings close: where a line of several values breaks
 * that rule, the whole line is NP_JSON_INVALID.
 */
NP_NODISCARD enum np_json_result np_json_read(struct np_json_reader *reader,
                                              const struct np_json_plan *plan,
                                              struct np_span record, struct np_json_slots *slots,
                                              const char **out_reason);

/*
 * The same for an object, brace to brace, out of the record that the reader read last, whose bytes still stand: its tokens are known.
 * A part that is not of that record is read as a record of its own.
 */
NP_NODISCARD enum np_json_result np_json_read_part(struct np_json_reader *reader,
                                                   const struct np_json_plan *plan,
                                                   struct np_span part, struct np_json_slots *slots,
                                                   const char **out_reason);

/*
 * What np_json_each_text() calls: return false to stop. `text` lives until the next call. The
 * reader must not be used here.
 */
typedef bool np_json_text_fn(void *context, struct np_span text);

/*
 * Gives every key and every string value of `record` (same padding), unescaped, at any depth, in
 * the record's order. Its escapes are made in `arena`. True when the walk went to the end, false
 * when `fn` stopped it, the record turned out to be invalid or to be several, or memory is out.
 */
bool np_json_each_text(struct np_json_reader *reader, struct np_span record, struct np_arena *arena,
                       np_json_text_fn *fn, void *context);

/*
 * Appends `raw` without the white space outside strings: 0, -E2BIG or -ENOMEM (`out` as before,
 * but for its error).
 */
NP_NODISCARD int np_json_compact(struct np_buf *out, struct np_span raw);

/*
 * Appends `raw` with every string escape in it decoded once, so that JSON inside a JSON string
 * reads as JSON; what is no escape stays as it is: 0, -E2BIG or -ENOMEM (`out` as before, but for
 * its error).
 */
NP_NODISCARD int np_json_unescape(struct np_buf *out, struct np_span raw);
