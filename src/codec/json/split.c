/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The splitter is a small machine: a state says what stands at `scan`, one function a state moves
 * `scan` on. Here are the states between values and in text; json_split_value.c has the one
 * inside a value, where nearly all bytes go by.
 *
 * Nothing that a state remembers depends on where the window was cut: a step that wants a byte
 * that is not there returns MORE and is done again with more bytes. At the end of each call
 * settle() lets go of what is needed no more, and keeps the last byte that is no blank, which
 * decides on boundaries.
 */
#include "codec/json/split_internal.h"

#include <string.h>

#include "base/compiler.h"
#include "base/time.h"
#include "codec/value.h"

struct np_split_solid np_split_solid_before(const struct np_split *split,
                                            const struct np_split_view *view, uint64_t offset)
{
    struct np_span known = np_split_span(split, view, split->solid_scan, offset);
    known = np_split_trim_end(known);
    if (known.len == 0)
        return (struct np_split_solid){split->solid, split->solid_end};
    return (struct np_split_solid){known.ptr[known.len - 1], split->solid_scan + known.len};
}

void np_split_go_between(struct np_split *split, uint64_t offset)
{
    split->state = NP_SPLIT_BETWEEN;
    split->scan = offset;
    split->scan_state.after_newline = false;
}

void np_split_go_top(struct np_split *split, uint64_t offset)
{
    split->container = NP_SPLIT_TOP;
    np_split_go_between(split, offset);
}

void np_split_begin(struct np_split *split, enum np_split_state state)
{
    split->state = (uint8_t) state;
    split->start = split->hold = split->scan;
    split->let_go = false;
}

void np_split_let_go(struct np_split *split, const struct np_split_view *view)
{
    if (split->start >= split->base)
        memcpy(split->head, np_split_at(split, view, split->start), sizeof(split->head));
    split->let_go = true;
}

enum np_split_step np_split_give(struct np_split *split, const struct np_split_view *view,
                                 enum np_piece_kind kind, uint64_t end)
{
    uint64_t length = end - split->start;
    struct np_span bytes = np_span_make(split->head, sizeof(split->head));
    if (split->start >= split->base)
        bytes = np_split_span(split, view, split->start, end);
    if (kind != NP_PIECE_RECORD && kind != NP_PIECE_LINE)
        bytes = np_span_head(bytes, NP_MIN(length, (uint64_t) NP_SPLIT_HEAD_BYTES));
    *view->out_piece =
        (struct np_piece){.kind = kind, .bytes = bytes, .offset = split->start, .length = length};
    return NP_STEP_PIECE;
}

enum np_split_step np_split_give_container(const struct np_split *split,
                                           const struct np_split_view *view, uint64_t end)
{
    *view->out_piece = (struct np_piece){.kind = NP_PIECE_BROKEN,
                                         .offset = split->container_start,
                                         .length = end - split->container_start};
    return NP_STEP_PIECE;
}

/*
 * Where the line at `scan` ends and the next one begins, which is the same where no newline was
 * found; MORE where another byte is needed to tell.
 */
static enum np_split_step find_line_end(struct np_split *split, const struct np_split_view *view,
                                        uint64_t *out_end, uint64_t *out_next)
{
    uint64_t from = NP_MAX(split->scan, split->line_scan);
    uint64_t to =
        split->scan + NP_MIN(split->params.max_record, (uint64_t) NP_SPLIT_LINE_MAX_BYTES);
    to = NP_MIN(to, view->end);
    struct np_span rest = np_split_span(split, view, from, to);
    const char *newline = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
    *out_end = newline != NULL ? from + (uint64_t) (newline - rest.ptr) : to;
    *out_next = *out_end + (newline != NULL);
    split->line_scan = *out_end;
    return *out_next == view->end && !view->final ? NP_STEP_MORE : NP_STEP_GO_ON;
}

/* Gives the line at `scan` where that may be done unseen; GO_ON where it may not. */
static enum np_split_step take_line(struct np_split *split, const struct np_split_view *view)
{
    if (split->scan < split->line_never)
        return NP_STEP_GO_ON;
    uint64_t end;
    uint64_t next;
    if (find_line_end(split, view, &end, &next) == NP_STEP_MORE)
        return NP_STEP_MORE;
    struct np_span line = np_split_trim_end(np_split_span(split, view, split->scan, end));
    bool is_boundary = next == view->end || (next > end && *np_split_at(split, view, next) == '{');
    if (!is_boundary || line.ptr[line.len - 1] != '}') {
        split->line_never = next;
        return NP_STEP_GO_ON;
    }
    split->seen_value = true;
    split->start = split->scan;
    np_split_go_top(split, next);
    return np_split_give(split, view, NP_PIECE_LINE, split->start + line.len);
}

/* A { between values. */
static enum np_split_step begin_object(struct np_split *split, const struct np_split_view *view)
{
    if (split->container == NP_SPLIT_TOP && split->params.lines) {
        enum np_split_step step = take_line(split, view);
        if (step != NP_STEP_GO_ON)
            return step;
    }
    if (split->container != NP_SPLIT_TOP && split->scan_state.after_newline) {
        struct np_split_solid solid = np_split_solid_before(split, view, split->scan);
        if (!np_split_may_precede_object(solid.byte)) {
            np_split_go_top(split, split->scan);
            return np_split_give_container(split, view, solid.end);
        }
    }
    split->seen_value = true;
    np_split_value_begin(split, NP_SPLIT_RECORD);
    return NP_STEP_GO_ON;
}

/* A [ between values. */
static void begin_array(struct np_split *split)
{
    split->seen_value = true;
    if (split->container != NP_SPLIT_TOP) {
        np_split_value_begin(split, NP_SPLIT_NESTED_ARRAY);
        return;
    }
    split->container = NP_SPLIT_ARRAY;
    split->container_start = split->scan;
    np_split_go_between(split, split->scan + 1);
}

/* The ] of the array around the values. Behind an envelope's array another one may follow. */
static void end_array(struct np_split *split)
{
    if (split->container == NP_SPLIT_ARRAY)
        np_split_go_top(split, split->scan + 1);
    else
        np_split_value_begin(split, NP_SPLIT_ENVELOPE_REST);
}

/*
 * A byte order mark at the top level is passed over; other bytes are a number, a literal or text.
 */
static enum np_split_step begin_word(struct np_split *split, const struct np_split_view *view)
{
    static const struct np_span mark = {"\xEF\xBB\xBF", 3};
    struct np_span rest = np_split_span(split, view, split->scan, view->end);
    bool may_be_mark =
        split->container == NP_SPLIT_TOP && np_span_starts(mark, np_span_head(rest, mark.len));
    if (may_be_mark && rest.len >= mark.len) {
        split->scan += mark.len;
        return NP_STEP_GO_ON;
    }
    if (may_be_mark && !view->final)
        return NP_STEP_MORE;
    np_split_begin(split, NP_SPLIT_SCALAR);
    return NP_STEP_GO_ON;
}

static enum np_split_step step_between(struct np_split *split, const struct np_split_view *view)
{
    for (; split->scan < view->end; split->scan++) {
        char c = *np_split_at(split, view, split->scan);
        if (!np_json_is_blank(c) && c != ',')
            break;
        split->scan_state.after_newline = c == '\n';
    }
    if (split->scan == view->end)
        return NP_STEP_MORE;
    switch (*np_split_at(split, view, split->scan)) {
    case '{':
        return begin_object(split, view);
    case '[':
        begin_array(split);
        return NP_STEP_GO_ON;
    case '"':
        np_split_begin(split, NP_SPLIT_STRING);
        split->scan++;
        split->scan_state.escaped = false;
        return NP_STEP_GO_ON;
    case ']':
        if (split->container != NP_SPLIT_TOP) {
            end_array(split);
            return NP_STEP_GO_ON;
        }
        break;
    }
    return begin_word(split, view);
}

/* A scalar from `start` to `end` where a record was expected. */
static enum np_split_step close_scalar(struct np_split *split, const struct np_split_view *view,
                                       uint64_t end)
{
    split->seen_value = true;
    np_split_go_between(split, end);
    return np_split_give(split, view, NP_PIECE_NO_OBJECT, end);
}

/* A newline in it shows that a string is none, but text. */
static enum np_split_step step_string(struct np_split *split, const struct np_split_view *view)
{
    for (; split->scan < view->end; split->scan++) {
        char c = *np_split_at(split, view, split->scan);
        if (c == '\n') {
            split->state = NP_SPLIT_TEXT;
            return NP_STEP_GO_ON;
        }
        if (c == '"' && !split->scan_state.escaped)
            return close_scalar(split, view, split->scan + 1);
        split->scan_state.escaped = c == '\\' && !split->scan_state.escaped;
    }
    return NP_STEP_MORE;
}

static bool ends_word(char c)
{
    return c == ',' || c == '"' || c == '{' || c == '}' || c == '[' || c == ']' ||
           np_json_is_blank(c);
}

/* Whether the word is a time as an export of CloudWatch Logs begins its lines with. */
static bool is_export_time(const struct np_split *split, const struct np_split_view *view)
{
    np_time_ns time = 0;
    struct np_span word = np_split_span(split, view, split->start, split->scan);
    return split->container == NP_SPLIT_TOP && np_span_ends(word, NP_SPAN("Z")) &&
           np_time_parse(word, &time);
}

/* A record follows such a time behind one blank; else it is text. */
static enum np_split_step pass_time(struct np_split *split, const struct np_split_view *view)
{
    uint64_t object = split->scan + 1;
    if (object == view->end && !view->final)
        return NP_STEP_MORE;
    if (object < view->end && memcmp(np_split_at(split, view, split->scan), " {", 2) == 0)
        np_split_go_between(split, object);
    else
        split->state = NP_SPLIT_TEXT;
    return NP_STEP_GO_ON;
}

static enum np_split_step step_scalar(struct np_split *split, const struct np_split_view *view)
{
    uint64_t too_long = split->start + NP_SPLIT_SCALAR_MAX_BYTES + 1;
    while (split->scan < NP_MIN(view->end, too_long) &&
           !ends_word(*np_split_at(split, view, split->scan)))
        split->scan++;
    if (split->scan == view->end && split->scan < too_long && !view->final)
        return NP_STEP_MORE;
    if (is_export_time(split, view))
        return pass_time(split, view);
    struct np_value value;
    if (split->scan < too_long &&
        np_json_token_scalar(np_split_span(split, view, split->start, split->scan), &value))
        return close_scalar(split, view, split->scan);
    split->state = NP_SPLIT_TEXT;
    return NP_STEP_GO_ON;
}

static enum np_split_step step_text(struct np_split *split, const struct np_split_view *view)
{
    struct np_span rest = np_split_span(split, view, split->scan, view->end);
    const char *newline = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
    if (newline == NULL) {
        split->scan = view->end;
        return NP_STEP_MORE;
    }
    split->scan += (uint64_t) (newline - rest.ptr) + 1;
    split->state = NP_SPLIT_TEXT_LINE_START;
    return NP_STEP_GO_ON;
}

/* The text ends before `offset`. An array that it stood in is not looked into any further. */
static enum np_split_step close_text(struct np_split *split, const struct np_split_view *view,
                                     uint64_t offset)
{
    uint64_t end = np_split_solid_before(split, view, offset).end;
    np_split_go_top(split, offset);
    return np_split_give(split, view, NP_PIECE_NO_JSON, end);
}

static enum np_split_step step_text_line_start(struct np_split *split,
                                               const struct np_split_view *view)
{
    while (split->scan < view->end && np_json_is_blank(*np_split_at(split, view, split->scan)))
        split->scan++;
    if (split->scan == view->end)
        return NP_STEP_MORE;
    char c = *np_split_at(split, view, split->scan);
    if (c == '{' || c == '[')
        return close_text(split, view, split->scan);
    split->state = NP_SPLIT_TEXT;
    return NP_STEP_GO_ON;
}

/* The input has ended: what is open does not close. MORE where nothing is. */
static enum np_split_step finish(struct np_split *split, const struct np_split_view *view)
{
    if (split->state == NP_SPLIT_INSIDE)
        return np_split_value_end(split, view, view->end);
    if (split->state != NP_SPLIT_BETWEEN)
        return close_text(split, view, view->end);
    if (split->container == NP_SPLIT_TOP)
        return NP_STEP_MORE;
    np_split_go_top(split, view->end);
    return np_split_give_container(split, view, np_split_solid_before(split, view, view->end).end);
}

/* Makes the state independent of the bytes before `hold`. */
static void settle(struct np_split *split, const struct np_split_view *view)
{
    struct np_split_solid solid = np_split_solid_before(split, view, split->scan);
    split->solid = solid.byte;
    split->solid_end = solid.end;
    split->solid_scan = split->scan;
    bool is_text = split->state == NP_SPLIT_STRING || split->state == NP_SPLIT_TEXT ||
                   split->state == NP_SPLIT_TEXT_LINE_START;
    if (is_text && !split->let_go && split->scan - split->start >= NP_SPLIT_HEAD_BYTES)
        np_split_let_go(split, view);
    if (split->state == NP_SPLIT_BETWEEN || split->let_go)
        split->hold = split->scan;
}

void np_split_init(struct np_split *split, struct np_split_params params)
{
    NP_ASSERT(params.max_record > 0 && params.max_depth > 0);
    *split = (struct np_split){.params = params};
    np_json_scan_init(&split->scan_state, NP_JSON_SCAN_BEST);
}

enum np_split_status np_split_next(struct np_split *split, struct np_span window, bool final,
                                   struct np_piece *out_piece)
{
    typedef enum np_split_step step_fn(struct np_split * split, const struct np_split_view *view);
    static step_fn *const steps[NP_SPLIT_STATE_MAX] = {
        [NP_SPLIT_BETWEEN] = step_between, [NP_SPLIT_INSIDE] = np_split_value_step,
        [NP_SPLIT_STRING] = step_string,   [NP_SPLIT_SCALAR] = step_scalar,
        [NP_SPLIT_TEXT] = step_text,       [NP_SPLIT_TEXT_LINE_START] = step_text_line_start};
    const struct np_split_view view = {.bytes = window.len > 0 ? window.ptr : "",
                                       .end = split->base + window.len,
                                       .final = final,
                                       .out_piece = out_piece};
    enum np_split_step step;
    do {
        step = steps[split->state](split, &view);
    } while (step == NP_STEP_GO_ON);
    if (step == NP_STEP_MORE && final)
        step = finish(split, &view);
    settle(split, &view);
    return step == NP_STEP_PIECE ? NP_SPLIT_PIECE : NP_SPLIT_MORE;
}

uint64_t np_split_consumed(const struct np_split *split)
{
    return split->hold - split->base;
}

void np_split_drop(struct np_split *split, uint64_t bytes)
{
    NP_ASSERT(bytes <= np_split_consumed(split));
    split->base += bytes;
}
