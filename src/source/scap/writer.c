/* SPDX-License-Identifier: Apache-2.0 */
/* See writer.h. */
#include "source/scap/writer.h"

#include <errno.h>

#include "source/scap/blocks.h"
#include "source/scap/fields/fields.h"
#include "source/scap/params.h"

enum {
    RECORDS_MAX_BYTES = NP_BATCH_MAX_BYTES / 2,
    TEXTS_MAX_BYTES = 256 * 1024 * 1024, /* of one event */
    PIECES_MAX = NP_BATCH_PIECES_MAX + 2 /* a batch is full before; a last event may bring two */
};

/* Processors tell their events a little out of order; a longer step back begins another record. */
#define QUIET_STEP_BACK_MAX_NS NP_NS_PER_S

/* A moment, and where its values go. */
struct lookup {
    const struct np_scap_moment *moment;
    struct np_arena *texts;
};

static int look_up(void *context, const struct np_syscall_want *want, struct np_value *out_value)
{
    const struct lookup *lookup = context;
    return np_scap_field(lookup->moment, want, lookup->texts, out_value);
}

int np_scap_writer_init(struct np_scap_writer *writer, const struct np_field_set *fields,
                        const struct np_screen *screen)
{
    *writer = (struct np_scap_writer){.screen = screen};
    np_buf_init(&writer->records, RECORDS_MAX_BYTES);
    np_arena_init(&writer->texts, TEXTS_MAX_BYTES);
    if (fields == NULL)
        return 0;
    int r = np_syscall_wants_init(&writer->wants, fields);
    return r == 0 ? np_glance_new(&writer->glance, &writer->wants, &writer->texts, look_up) : r;
}

void np_scap_writer_done(struct np_scap_writer *writer)
{
    np_glance_free(&writer->glance);
    np_syscall_wants_done(&writer->wants);
    np_buf_done(&writer->records);
    np_arena_done(&writer->texts);
}

void np_scap_writer_forget(const struct np_scap_writer *writer)
{
    if (writer->screen != NULL)
        writer->screen->forget(writer->screen->context);
}

void np_scap_writer_begin(struct np_scap_writer *writer)
{
    np_buf_reset(&writer->records);
    writer->quiet = (struct np_syscall_quiet){};
    np_scap_writer_forget(writer); /* another capture may have been read since */
}

/* Adds the record that begins at `start` to the pieces, which have room. */
static void add_piece(const struct np_scap_writer *writer, struct np_batch *batch, size_t start,
                      uint64_t offset)
{
    batch->pieces.items[batch->pieces.len++] = (struct np_batch_piece){
        .start = (uint32_t) start,
        .len = (uint32_t) (writer->records.len - start),
        .offset = offset,
    };
}

/* Writes the record of the quiet events so far. */
static int flush_quiet(struct np_scap_writer *writer, struct np_batch *batch)
{
    size_t start = writer->records.len;
    if (writer->quiet.count == 0)
        return 0;
    int r = np_vec_reserve(&batch->pieces, batch->pieces.len + 1, PIECES_MAX);
    if (r == 0)
        r = np_syscall_add_quiet(&writer->records, &writer->quiet);
    if (r < 0)
        return r;
    add_piece(writer, batch, start, writer->quiet_offset);
    writer->quiet = (struct np_syscall_quiet){};
    return 0;
}

static int add_quiet(struct np_scap_writer *writer, np_time_ns time, uint64_t offset,
                     struct np_batch *batch)
{
    struct np_syscall_quiet *quiet = &writer->quiet;
    np_time_ns oldest = 0;
    int r = 0;
    if (quiet->count > 0 &&
        !__builtin_sub_overflow(quiet->newest, QUIET_STEP_BACK_MAX_NS, &oldest) && time < oldest)
        r = flush_quiet(writer, batch);
    if (quiet->count == 0) {
        *quiet = (struct np_syscall_quiet){.first = time, .newest = time};
        writer->quiet_offset = offset;
    }
    quiet->count++;
    quiet->newest = NP_MAX(quiet->newest, time);
    return r;
}

/* What is wanted of an event; of one that has its name in itself, as if it were any. */
static int wants_of(struct np_scap_writer *writer, const struct np_scap_event *event,
                    const struct np_syscall_want_list **out_list)
{
    const char *name = np_scap_event_has_own_name(event) ? NULL : event->info->name;
    return np_syscall_wants_of(&writer->wants, event->type, np_span_of(name), out_list);
}

/* An event at hand. */
struct subject {
    const struct np_scap_moment *moment;
    struct np_event *event;                  /* a glance at it; NULL = no values are wanted */
    const struct np_syscall_want_list *list; /* of the values */
};

/* Writes the record: its head, and the values as the glance has them. */
static int write_record(struct np_scap_writer *writer, const struct subject *subject)
{
    struct np_syscall_head head;
    struct np_buf *records = &writer->records;
    int r = np_scap_head(subject->moment, &writer->texts, &head);
    if (r < 0)
        return r;
    size_t start = np_syscall_begin(records, &head);
    for (size_t i = 0; subject->event != NULL && i < subject->list->count; i++) {
        np_field_id field = subject->list->items[i].field;
        np_syscall_add(records, field, np_event_field(subject->event, field));
    }
    r = np_syscall_end(records, start);
    if (r == 0 && subject->event != NULL)
        r = np_glance_error(writer->glance);
    if (r == 0 && records->len - start > NP_RECORD_MAX_BYTES)
        r = -E2BIG;
    if (r < 0)
        records->len = start;
    return r;
}

static int add_record(struct np_scap_writer *writer, const struct subject *subject, uint64_t offset,
                      struct np_batch *batch)
{
    int r = flush_quiet(writer, batch);
    size_t start = writer->records.len;
    if (r == 0)
        r = np_vec_reserve(&batch->pieces, batch->pieces.len + 1, PIECES_MAX);
    if (r == 0)
        r = write_record(writer, subject);
    if (r == 0)
        add_piece(writer, batch, start, offset);
    return r;
}

/* Begins the glance at the event, which borrows `lookup`. */
static int glance_at(struct np_scap_writer *writer, struct lookup *lookup, struct subject *subject)
{
    const struct np_scap_event *event = subject->moment->event;
    int r = wants_of(writer, event, &subject->list);
    if (r < 0)
        return r;
    struct np_glance_head head = {
        .time = (np_time_ns) event->ts,
        .category = np_scap_category(subject->moment),
        .subject = subject->moment->subject,
        .list = subject->list,
        .context = lookup,
    };
    subject->event = np_glance_begin(writer->glance, &head);
    return 0;
}

int np_scap_writer_take(struct np_scap_writer *writer, const struct np_scap_moment *moment,
                        uint64_t offset, struct np_batch *batch)
{
    const struct np_screen *screen = writer->screen;
    struct lookup lookup = {moment, &writer->texts};
    struct subject subject = {.moment = moment};
    int r = 0;
    np_arena_reset(&writer->texts);
    if (writer->glance != NULL)
        r = glance_at(writer, &lookup, &subject);
    if (r < 0)
        return r;
    if (screen == NULL || subject.event == NULL || screen->wants(screen->context, subject.event))
        return add_record(writer, &subject, offset, batch);
    r = np_glance_error(writer->glance);
    return r < 0 ? r : add_quiet(writer, subject.event->time, offset, batch);
}

int np_scap_writer_finish(struct np_scap_writer *writer, struct np_batch *batch)
{
    int r = flush_quiet(writer, batch);
    if (r == 0)
        r = np_batch_reserve(batch, writer->records.len);
    if (r < 0)
        return r;
    if (writer->records.len > 0)
        memcpy(batch->data, writer->records.data, writer->records.len);
    batch->len = writer->records.len;
    return 0;
}
