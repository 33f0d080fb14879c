/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The splitter inside a value: np_json_scan_pass() does the work, and only blocks that may matter
 * are walked bit by bit. What may matter is the bracket that closes the value, an array behind an
 * envelope's key, the depth limit, and a { at the start of a line.
 */
#include "codec/json/split_internal.h"

#include "base/compiler.h"

/*
 * Keys of a top-level object whose array holds records, with their quotes: CloudTrail's files, log shippers, LookupEvents,
 * subscriptions of CloudWatch Logs, Kubernetes lists. No record of a known kind has such an array itself.
 */
static const char *const envelope_keys[] = {
    "\"Records\"", "\"records\"", "\"Events\"", "\"logEvents\"", "\"items\"",
};

/* For np_json_scan.watch: are arrays at depth 1 of interest? */
enum { ARRAYS_DO_NOT_MATTER = 1, ARRAYS_MATTER = 2 };

void np_split_value_begin(struct np_split *split, enum np_split_value value)
{
    bool is_rest = value == NP_SPLIT_ENVELOPE_REST;
    bool may_be_envelope =
        value == NP_SPLIT_RECORD && split->container == NP_SPLIT_TOP && split->params.unwrap;
    np_split_begin(split, NP_SPLIT_INSIDE);
    if (is_rest)
        split->start = split->container_start;
    split->scan++;
    split->value = (uint8_t) value;
    split->too_deep = false;
    split->swallowed = 0;
    np_json_scan_enter(&split->scan_state,
                       is_rest || may_be_envelope ? ARRAYS_MATTER : ARRAYS_DO_NOT_MATTER,
                       value == NP_SPLIT_RECORD ? split->params.max_depth : UINT64_MAX);
}

/* What a value up to `end` is if it keeps to no limit, else `otherwise`. */
static enum np_piece_kind kind_of(const struct np_split *split, uint64_t end,
                                  enum np_piece_kind otherwise)
{
    if (split->value != NP_SPLIT_RECORD)
        return otherwise;
    if (end - split->start > split->params.max_record)
        return NP_PIECE_TOO_LONG;
    return split->too_deep ? NP_PIECE_TOO_DEEP : otherwise;
}

/* The value closes with the byte before `end`. */
static enum np_split_step close_value(struct np_split *split, const struct np_split_view *view,
                                      uint64_t end)
{
    np_split_go_between(split, end);
    switch ((enum np_split_value) split->value) {
    case NP_SPLIT_RECORD:
        return np_split_give(split, view, kind_of(split, end, NP_PIECE_RECORD), end);
    case NP_SPLIT_NESTED_ARRAY:
        return np_split_give(split, view, NP_PIECE_NO_OBJECT, end);
    case NP_SPLIT_ENVELOPE_REST:
        break;
    }
    split->container = NP_SPLIT_TOP;
    return split->let_go ? np_split_give(split, view, NP_PIECE_TOO_LONG, end) : NP_STEP_GO_ON;
}

static enum np_split_step give_unclosed(struct np_split *split, const struct np_split_view *view,
                                        enum np_piece_kind kind, uint64_t end)
{
    return split->value == NP_SPLIT_ENVELOPE_REST ? np_split_give_container(split, view, end)
                                                  : np_split_give(split, view, kind, end);
}

/* Whether splitting, having come to `offset`, may start again at the first swallowed line. */
static bool may_rescan(const struct np_split *split, uint64_t offset)
{
    if (split->swallowed == 0)
        return false;
    uint64_t cost = split->rescanned + (offset - split->swallowed);
    return cost / NP_SPLIT_RESCAN_FACTOR <= NP_MIN(offset, split->params.max_record);
}

static enum np_split_step rescan(struct np_split *split, const struct np_split_view *view,
                                 uint64_t offset)
{
    split->rescanned += offset - split->swallowed;
    split->solid_scan = split->swallowed;
    np_split_go_top(split, split->swallowed);
    return give_unclosed(split, view, NP_PIECE_BROKEN, split->swallowed_end);
}

enum np_split_step np_split_value_end(struct np_split *split, const struct np_split_view *view,
                                      uint64_t offset)
{
    if (may_rescan(split, offset))
        return rescan(split, view, offset);
    uint64_t end = np_split_solid_before(split, view, offset).end;
    np_split_go_top(split, offset);
    return give_unclosed(split, view, kind_of(split, end, NP_PIECE_BROKEN), end);
}

/* Whether the [ at `offset`, at depth 1 of an object, is the value of an envelope's key. */
static bool opens_records(const struct np_split *split, const struct np_split_view *view,
                          uint64_t offset)
{
    struct np_span before = np_split_trim_end(np_split_span(split, view, split->hold, offset));
    if (!np_span_ends(before, NP_SPAN(":")))
        return false;
    before.len--;
    before = np_split_trim_end(before);
    for (size_t i = 0; i < NP_ARRAY_LEN(envelope_keys); i++) {
        struct np_span key = np_span_of(envelope_keys[i]);
        if (!np_span_ends(before, key))
            continue;
        /* Behind a backslash its first quote would be part of a longer key. */
        if (!np_span_ends(np_span_head(before, before.len - key.len), NP_SPAN("\\")))
            return true;
    }
    return false;
}

/* An opening bracket: GO_ON where the records of an envelope begin, else MORE. */
static enum np_split_step open_bracket(struct np_split *split, const struct np_split_view *view,
                                       uint64_t offset)
{
    struct np_json_scan *scan = &split->scan_state;
    scan->depth++;
    if (scan->depth == 2 && scan->watch == ARRAYS_MATTER &&
        *np_split_at(split, view, offset) == '[' && opens_records(split, view, offset)) {
        split->container = NP_SPLIT_ENVELOPE;
        split->container_start = split->start;
        np_split_go_between(split, offset + 1);
        return NP_STEP_GO_ON;
    }
    if (scan->depth > scan->max_depth) {
        split->too_deep = true;
        scan->max_depth = UINT64_MAX;
    }
    return NP_STEP_MORE;
}

/* A { behind a newline: a piece where that is a boundary, else MORE. */
static enum np_split_step meet_line(struct np_split *split, const struct np_split_view *view,
                                    uint64_t offset)
{
    struct np_split_solid solid = np_split_solid_before(split, view, offset);
    if (!np_split_may_precede_object(solid.byte))
        return np_split_value_end(split, view, offset);
    if (split->swallowed == 0 && !split->let_go) {
        split->swallowed = offset;
        split->swallowed_end = solid.end;
    }
    return NP_STEP_MORE;
}

/* Walks over the bits of the block at `block`: MORE where the value goes on behind it. */
static enum np_split_step look(struct np_split *split, const struct np_split_view *view,
                               uint64_t block, const struct np_json_masks *masks)
{
    uint64_t bits = masks->open | masks->close | masks->line_start;
    enum np_split_step step = NP_STEP_MORE;
    for (; bits != 0 && step == NP_STEP_MORE; bits &= bits - 1) {
        uint64_t bit = bits & -bits;
        uint64_t offset = block + (uint64_t) __builtin_ctzll(bits);
        if ((masks->line_start & bit) != 0 && *np_split_at(split, view, offset) == '{')
            step = meet_line(split, view, offset);
        if (step != NP_STEP_MORE)
            break;
        if ((masks->open & bit) != 0)
            step = open_bracket(split, view, offset);
        else if ((masks->close & bit) != 0 && --split->scan_state.depth == 0)
            step = close_value(split, view, offset + 1);
    }
    return step;
}

/*
 * The value has grown beyond what the window has to hold: a swallowed line shows that it is
 * broken, but not in the rest of an envelope, which may well be long. That is told, for there may
 * be records in it.
 */
static enum np_split_step pass_limit(struct np_split *split, const struct np_split_view *view)
{
    if (split->value == NP_SPLIT_ENVELOPE_REST)
        split->start = split->hold;
    else if (may_rescan(split, split->scan))
        return rescan(split, view, split->scan);
    np_split_let_go(split, view);
    split->swallowed = 0;
    split->scan_state.watch = ARRAYS_DO_NOT_MATTER;
    return NP_STEP_GO_ON;
}

enum np_split_step np_split_value_step(struct np_split *split, const struct np_split_view *view)
{
    uint64_t keep = NP_MAX(split->params.max_record, (uint64_t) NP_SPLIT_HEAD_BYTES);
    uint64_t end = view->end;
    if (!split->let_go && end - split->hold > keep)
        end = split->hold + keep;
    while (split->scan < end) {
        struct np_json_masks masks;
        struct np_span rest = np_split_span(split, view, split->scan, end);
        split->scan += np_json_scan_pass(&split->scan_state, rest.ptr, rest.len, &masks);
        if (split->scan == end)
            break;
        enum np_split_step step = look(split, view, split->scan, &masks);
        if (step != NP_STEP_MORE)
            return step;
        split->scan = NP_MIN(split->scan + NP_JSON_SCAN_BLOCK, end);
    }
    return end < view->end ? pass_limit(split, view) : NP_STEP_MORE;
}
