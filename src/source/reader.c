/* SPDX-License-Identifier: Apache-2.0 */
/* The loop of reading and cutting: see reader.h. */
#include "source/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "codec/json/json.h"
#include "source/s3_name.h"
#include "source/scap/blocks.h"

enum { TAIL_MAX_BYTES = NP_BATCH_MAX_BYTES, PATH_MAX_BYTES = 64 * 1024 };

static const size_t aims[NP_FILL_MAX] = {
    [NP_FILL_AHEAD] = NP_READER_AHEAD_BYTES,
    [NP_FILL_WHOLE] = NP_BATCH_BYTES,
};

int np_reader_new(struct np_reader **out_reader)
{
    struct np_reader *reader = np_alloc(sizeof(*reader));
    if (reader == NULL)
        return -ENOMEM;
    np_object_init(&reader->object);
    np_object_init(&reader->member);
    np_object_init(&reader->decoded);
    np_buf_init(&reader->path, PATH_MAX_BYTES);
    np_buf_init(&reader->member_path, PATH_MAX_BYTES);
    np_buf_init(&reader->tail, TAIL_MAX_BYTES);
    np_batch_init(&reader->ahead);
    *out_reader = reader;
    return 0;
}

void np_reader_free(struct np_reader **reader)
{
    if (reader == NULL || *reader == NULL)
        return;
    np_archive_free(&(*reader)->archive);
    np_awslogs_free(&(*reader)->awslogs);
    np_scap_capture_free(&(*reader)->capture);
    np_object_done(&(*reader)->object);
    np_object_done(&(*reader)->member);
    np_object_done(&(*reader)->decoded);
    np_buf_done(&(*reader)->path);
    np_buf_done(&(*reader)->member_path);
    np_buf_done(&(*reader)->tail);
    np_batch_done(&(*reader)->ahead);
    np_free(*reader);
    *reader = NULL;
}

/* Gets ready for bytes of the object or of a member. */
static void begin_bytes(struct np_reader *reader, bool is_in_member)
{
    np_split_init(&reader->split, (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                                           .max_depth = NP_JSON_MAX_DEPTH,
                                                           .unwrap = reader->unwrap});
    np_buf_reset(&reader->tail);
    np_object_close(&reader->decoded);
    np_awslogs_free(&reader->awslogs);
    np_scap_capture_free(&reader->capture);
    reader->is_in_member = is_in_member;
    reader->is_looked_at = false;
    reader->is_ended = false;
    reader->is_told = false;
}

int np_reader_open(struct np_reader *reader, enum np_object_kind kind)
{
    np_reader_close(reader);
    int r = np_object_open(&reader->object, reader->path.data, kind);
    if (r == 0)
        begin_bytes(reader, false);
    return r;
}

void np_reader_close(struct np_reader *reader)
{
    np_archive_free(&reader->archive);
    np_awslogs_free(&reader->awslogs);
    np_scap_capture_free(&reader->capture);
    np_object_close(&reader->decoded);
    np_object_close(&reader->member);
    np_object_close(&reader->object);
    if (reader->tail.cap > NP_BATCH_BYTES)
        np_buf_done(&reader->tail);
    np_buf_reset(&reader->tail);
    reader->barren_bytes = 0;
    reader->counted = 0;
    reader->ahead.pieces.len = 0;
    reader->next_piece = 0;
}

size_t np_reader_memory(const struct np_reader *reader)
{
    return sizeof(*reader) + np_object_memory(&reader->object) + np_object_memory(&reader->member) +
           (reader->archive != NULL ? np_archive_memory(reader->archive) : 0) +
           (reader->capture != NULL ? np_scap_capture_memory(reader->capture) : 0) +
           reader->tail.cap + reader->ahead.cap +
           reader->ahead.pieces.cap * sizeof(reader->ahead.pieces.items[0]);
}

/* What is stored: the object or the member. */
static struct np_object *stored_of(struct np_reader *reader)
{
    return reader->is_in_member ? &reader->member : &reader->object;
}

/* What is read. */
static struct np_object *bytes_of(struct np_reader *reader)
{
    return reader->awslogs != NULL ? &reader->decoded : stored_of(reader);
}

static const char *path_of(const struct np_reader *reader)
{
    return reader->is_in_member ? reader->member_path.data : reader->path.data;
}

static void skip(struct np_reader *reader, const char *reason, bool is_limit)
{
    reader->is_told = true;
    if (reader->tally != NULL)
        np_tally_skip(reader->tally, path_of(reader), reason, is_limit);
}

/*
 * Begins a batch with the tail. `*out_goal` is up to where to read first: a long tail is cut before
 * it grows.
 */
static int begin(struct np_reader *reader, struct np_batch *batch, size_t aim, size_t *out_goal)
{
    size_t tail = reader->tail.len;
    size_t goal = tail > aim / 2 ? tail : tail + aim;
    np_time_ns arrival = reader->is_in_member ? reader->member_arrival : reader->arrival;
    int r = np_batch_begin(batch, path_of(reader), arrival, (NP_READER_WHOLE_FACTOR + 1) * aim);
    if (r == 0)
        r = np_batch_reserve(batch, goal);
    if (r < 0)
        return r;
    if (tail > 0)
        memcpy(batch->data, reader->tail.data, tail);
    batch->len = tail;
    np_buf_reset(&reader->tail);
    *out_goal = goal;
    return 0;
}

/* Puts what the splitter still needs back into the tail; the pieces stay where they are. */
static int keep_tail(struct np_reader *reader, const struct np_batch *batch)
{
    size_t consumed = (size_t) np_split_consumed(&reader->split);
    int r = np_buf_add(&reader->tail, batch->data + consumed, batch->len - consumed);
    if (r == 0)
        np_split_drop(&reader->split, consumed);
    return r;
}

/* Makes room for a small gzip file that can be unpacked at one go. */
static int make_room(struct np_reader *reader, struct np_batch *batch, size_t aim, size_t *goal,
                     struct np_err *err)
{
    size_t whole = 0;
    int r = np_object_look(bytes_of(reader), &whole, err);
    if (r < 0 || whole > NP_READER_WHOLE_FACTOR * aim)
        return r;
    *goal = NP_MAX(*goal, batch->len + whole);
    return np_batch_reserve(batch, *goal);
}

/*
 * Makes an archive of the object that begins with `head`. Its members follow when it is read to its
 * end.
 */
static int begin_archive(struct np_reader *reader, struct np_span head, struct np_err *err)
{
    struct np_archive_params params = {.object = &reader->object,
                                       .head = head,
                                       .barren_max_bytes = NP_READER_BARREN_MAX_BYTES,
                                       .barren_max_members = NP_READER_BARREN_MAX_MEMBERS};
    reader->is_ended = true;
    if (reader->is_in_member) {
        skip(reader, "an archive inside an archive is not read (unpack it first)", false);
        return 0;
    }
    reader->is_told = true;
    return np_archive_new(&reader->archive, &params, err);
}

/* Decodes what is stored and begins with `head`, instead of reading it as it is. */
static int begin_awslogs(struct np_reader *reader, struct np_span head, struct np_err *err)
{
    int r = np_awslogs_new(&reader->awslogs, stored_of(reader), head);
    if (r < 0)
        return np_fail(err, r, "%s", strerror(-r));
    np_object_open_part(&reader->decoded, np_awslogs_read, reader->awslogs, NP_OBJECT_SIZE_UNKNOWN);
    return 0;
}

/* Makes a capture of what is stored and begins with `head`; it reads the rest by itself. */
static int begin_capture(struct np_reader *reader, struct np_span head, struct np_err *err)
{
    reader->is_ended = true;
    reader->is_told = true;
    struct np_scap_capture_params params = {
        .object = bytes_of(reader),
        .head = head,
        .fields = reader->fields,
        .screen = reader->screen,
    };
    int r = np_scap_capture_new(&reader->capture, &params);
    return r < 0 ? np_fail(err, r, "%s", strerror(-r)) : 0;
}

/* Looks at the first bytes, which may be too few to tell. */
static int look(struct np_reader *reader, struct np_batch *batch, struct np_err *err)
{
    struct np_span head = np_span_make(batch->data, batch->len);
    enum np_verdict archive = np_archive_detect(head);
    enum np_verdict awslogs = np_awslogs_detect(head, reader->unwrap);
    enum np_verdict capture = np_scap_detect(head);
    reader->is_looked_at = archive != NP_VERDICT_UNSURE && awslogs != NP_VERDICT_UNSURE &&
                           capture != NP_VERDICT_UNSURE;
    if (archive != NP_VERDICT_YES && awslogs != NP_VERDICT_YES && capture != NP_VERDICT_YES)
        return 0;
    reader->is_looked_at = true;
    batch->len = 0;
    if (capture == NP_VERDICT_YES)
        return begin_capture(reader, head, err);
    return archive == NP_VERDICT_YES ? begin_archive(reader, head, err)
                                     : begin_awslogs(reader, head, err);
}

/* Whether more can be read without a wait for somebody else. */
static bool is_ready(struct np_reader *reader)
{
    return np_object_is_ready(bytes_of(reader)) && np_object_is_ready(stored_of(reader));
}

/*
 * Reads up to `goal`, less where a stream would have to be waited for. What is wrong with the
 * object ends it.
 */
static int take_in(struct np_reader *reader, struct np_batch *batch, size_t aim, size_t goal)
{
    struct np_err err = {};
    size_t start = batch->len;
    int r = goal > start ? make_room(reader, batch, aim, &goal, &err) : 0;
    while (r == 0 && batch->len < goal && !reader->is_ended) {
        size_t len = 0;
        if (batch->len > start && reader->is_looked_at && !is_ready(reader))
            break;
        r = np_object_read(bytes_of(reader), batch->data + batch->len, goal - batch->len, &len,
                           &err);
        batch->len += len;
        reader->barren_bytes += len;
        reader->is_ended = r == 0 && len == 0;
        if (r == 0 && len > 0 && !reader->is_looked_at)
            r = look(reader, batch, &err);
    }
    if (r == 0 || r == -EINTR || r == -ENOMEM)
        return r;
    skip(reader, err.msg, r == -E2BIG);
    reader->is_ended = true;
    return 0;
}

/* Cuts the batch's data into pieces, as many as a batch may have. */
static int cut(struct np_reader *reader, struct np_batch *batch)
{
    struct np_span window = np_span_make(batch->data, batch->len);
    struct np_piece piece;
    while (batch->pieces.len < NP_BATCH_PIECES_MAX) {
        int r = np_vec_reserve(&batch->pieces, batch->pieces.len + 1, NP_BATCH_PIECES_MAX);
        if (r < 0)
            return r;
        if (np_split_next(&reader->split, window, reader->is_ended, &piece) != NP_SPLIT_PIECE)
            break;
        if (piece.kind == NP_PIECE_RECORD || piece.kind == NP_PIECE_LINE) {
            batch->pieces.items[batch->pieces.len++] =
                (struct np_batch_piece){.start = (uint32_t) (piece.bytes.ptr - window.ptr),
                                        .len = (uint32_t) piece.bytes.len,
                                        .offset = piece.offset,
                                        .is_line = piece.kind == NP_PIECE_LINE};
            continue;
        }
        reader->is_told = true;
        if (reader->tally != NULL)
            np_tally_piece(reader->tally, path_of(reader), &piece);
    }
    return 0;
}

/* Drops what is needed no more, so that the window holds no more than one record that has begun. */
static void drop_used(struct np_reader *reader, struct np_batch *batch)
{
    size_t consumed = (size_t) np_split_consumed(&reader->split);
    if (consumed == 0)
        return;
    batch->len -= consumed;
    memmove(batch->data, batch->data + consumed, batch->len);
    np_split_drop(&reader->split, consumed);
}

/* Ends an object that is nothing but a bomb or noise. */
static void give_up(struct np_reader *reader, struct np_batch *batch)
{
    char reason[NP_TALLY_REASON_MAX_BYTES];
    (void) snprintf(reason, sizeof(reason), "given up after %u GiB without one record",
                    (unsigned) (NP_READER_BARREN_MAX_BYTES >> 30));
    skip(reader, reason, true);
    reader->is_ended = true;
    batch->len = 0;
    np_object_close(bytes_of(reader));
    np_split_init(&reader->split, reader->split.params);
}

/*
 * Cuts what is there, and where a stream would now have to be waited for also a last line, which is known to be one
 * only by what follows it.
 */
static int cut_what_came(struct np_reader *reader, struct np_batch *batch)
{
    int r = cut(reader, batch);
    if (r < 0 || reader->is_ended || !reader->split.params.lines || is_ready(reader))
        return r;
    reader->split.params.lines = false;
    return cut(reader, batch);
}

/* Reads and cuts until there is a piece or the end. */
static int read_and_cut(struct np_reader *reader, struct np_batch *batch, size_t aim, size_t goal)
{
    for (;;) {
        int r = reader->is_ended ? 0 : take_in(reader, batch, aim, goal);
        if (r == 0)
            r = cut_what_came(reader, batch);
        if (r < 0 || batch->pieces.len > 0 || reader->is_ended)
            return r;
        if (reader->barren_bytes > NP_READER_BARREN_MAX_BYTES)
            give_up(reader, batch);
        drop_used(reader, batch);
        goal = batch->len + aim;
        r = np_batch_reserve(batch, goal);
        if (r < 0)
            return r;
    }
}

/* Fills `batch` with records of the capture: 1, or 0 at its end. */
static int fill_from_capture(struct np_reader *reader, struct np_batch *batch, size_t aim,
                             struct np_err *err)
{
    int r = np_scap_capture_fill(reader->capture, batch, aim, reader->tally, err);
    if (r > 0 && reader->archive != NULL)
        np_archive_note_record(reader->archive);
    return r;
}

/* Fills `batch` from the object or the member: 1, or 0 at its end. */
static int fill_batch(struct np_reader *reader, struct np_batch *batch, enum np_fill fill,
                      struct np_err *err)
{
    size_t goal = 0;
    reader->split.params.lines = fill == NP_FILL_WHOLE;
    int r = begin(reader, batch, aims[fill], &goal);
    if (r == 0 && reader->capture == NULL)
        r = read_and_cut(reader, batch, aims[fill], goal);
    if (r == 0 && reader->capture != NULL)
        return fill_from_capture(reader, batch, aims[fill], err);
    int kept = r == 0 || r == -EINTR ? keep_tail(reader, batch) : 0;
    if (r < 0 || kept < 0)
        return np_fail(err, r < 0 ? r : kept, "%s", strerror(r < 0 ? -r : -kept));
    if (batch->pieces.len > 0) {
        reader->barren_bytes = 0;
        if (reader->archive != NULL)
            np_archive_note_record(reader->archive);
        reader->is_told = true;
        return 1;
    }
    if (!reader->split.seen_value && !reader->is_told)
        skip(reader, "empty", false);
    return 0;
}

/* Gets ready for a member, and opens it where it can be read. */
static int take_member(struct np_reader *reader, const struct np_archive_member *member)
{
    begin_bytes(reader, true);
    np_buf_reset(&reader->member_path);
    int r = np_buf_printf(&reader->member_path, "%s/%s", reader->path.data, member->name);
    if (r == 0)
        r = np_buf_add_char(&reader->member_path, '\0');
    if (r < 0)
        return r;
    if (!np_s3_name_time(np_span_of(member->name), &reader->member_arrival))
        reader->member_arrival = reader->arrival;
    if (member->problem != NULL) {
        skip(reader, member->problem, false);
        reader->is_ended = true;
        return 0;
    }
    np_object_open_part(&reader->member, np_archive_read, reader->archive, member->size);
    return 0;
}

/* Goes on to the next member: 1, or 0 at the end of the archive, which is told where it is bad. */
static int next_member(struct np_reader *reader, struct np_err *err)
{
    struct np_archive_member member;
    struct np_err why = {};
    np_object_close(&reader->member);
    reader->is_in_member = false;
    int r = np_archive_next(reader->archive, &member, &why);
    if (r > 0)
        r = take_member(reader, &member);
    else if (r == 0 || (r != -EINTR && r != -ENOMEM)) {
        if (r < 0)
            skip(reader, why.msg, r == -E2BIG);
        return 0;
    }
    return r == 0 ? 1 : np_fail(err, r, "%s", strerror(-r));
}

int np_reader_fill(struct np_reader *reader, struct np_batch *batch, enum np_fill fill,
                   struct np_err *err)
{
    int r = fill_batch(reader, batch, fill, err);
    while (r == 0 && reader->archive != NULL) {
        r = next_member(reader, err);
        if (r <= 0)
            return r;
        r = fill_batch(reader, batch, fill, err);
    }
    return r;
}
