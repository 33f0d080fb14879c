/* SPDX-License-Identifier: Apache-2.0 */
/* From blocks to records: see capture.h. */
#include "source/scap/capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "source/scap/blocks.h"
#include "source/scap/state/state.h"
#include "source/scap/stream.h"
#include "source/scap/tables.h"
#include "source/scap/writer.h"

struct np_scap_capture {
    struct np_scap_stream stream;
    struct np_scap_state *state;
    struct np_scap_writer writer;
    /* That of the block at hand, and what is wrong with it: here as they are large to be cleared. */
    struct np_scap_event event;
    struct np_err why;
    uint64_t events;       /* blocks of events so far */
    uint64_t known_blocks; /* other than section headers */
    bool is_over;
};

/* Where one call of np_scap_capture_fill() stands. */
struct filling {
    struct np_scap_capture *capture;
    struct np_batch *batch;
    struct np_tally *tally;
    uint64_t offset; /* of the block */
};

int np_scap_capture_new(struct np_scap_capture **out_capture,
                        const struct np_scap_capture_params *params)
{
    struct np_scap_capture *capture = np_alloc(sizeof(*capture));
    if (capture == NULL)
        return -ENOMEM;
    int writer = np_scap_writer_init(&capture->writer, params->fields, params->screen);
    int r = np_scap_stream_init(&capture->stream, params->object, params->head);
    if (r == 0)
        r = writer;
    if (r == 0)
        r = np_scap_state_new(&capture->state);
    if (r < 0) {
        np_scap_capture_free(&capture);
        return r;
    }
    *out_capture = capture;
    return 0;
}

void np_scap_capture_free(struct np_scap_capture **capture)
{
    if (capture == NULL || *capture == NULL)
        return;
    np_scap_stream_done(&(*capture)->stream);
    np_scap_state_free(&(*capture)->state);
    np_scap_writer_done(&(*capture)->writer);
    np_free(*capture);
    *capture = NULL;
}

size_t np_scap_capture_memory(const struct np_scap_capture *capture)
{
    return sizeof(*capture) + capture->stream.window.cap + capture->writer.records.cap;
}

/* Tells that something of the capture was not read. */
static void tell(const struct filling *filling, const char *reason, bool is_limit)
{
    if (filling->tally != NULL)
        np_tally_skip_at(filling->tally, filling->batch->object, filling->offset, reason, is_limit);
}

/* Tells what went wrong with an entry or an event; memory that is out is passed on. */
static int forgive(const struct filling *filling, int r, const struct np_err *err)
{
    if (r != -EBADMSG)
        return r;
    tell(filling, err->msg, false);
    return 0;
}

/* Takes a table of the beginning. */
static int take_table(const struct filling *filling, const struct np_scap_block *block)
{
    struct np_err why = {};
    np_scap_writer_forget(&filling->capture->writer);
    return forgive(filling, np_scap_tables_take(filling->capture->state, block, &why), &why);
}

/* Begins a capture; there may be another one behind it, as cat(1) puts them together. */
static int take_section(struct np_scap_capture *capture, const struct np_scap_block *block,
                        struct np_err *err)
{
    int r = np_scap_section(block->body, err);
    if (r < 0)
        return r;
    capture->events = 0;
    np_scap_writer_forget(&capture->writer);
    np_scap_state_free(&capture->state);
    r = np_scap_state_new(&capture->state);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

/* Adds the record of an event to the batch. */
static int add_record(const struct filling *filling, const struct np_scap_event *event)
{
    struct np_scap_capture *capture = filling->capture;
    struct np_scap_moment moment;
    int r = np_scap_state_take(capture->state, event, &moment);
    if (r == 0)
        r = np_scap_writer_take(&capture->writer, &moment, filling->offset, filling->batch);
    if (r != -E2BIG)
        return r;
    tell(filling, "the values of an event are longer than 8 MiB", true);
    return 0;
}

/* Enter events that today's recorders still write, to know a path before it can be changed. */
static bool is_early_look(uint16_t type)
{
    return type == NP_SCAP_OPEN_E || type == NP_SCAP_CREAT_E || type == NP_SCAP_OPENAT_2_E ||
           type == NP_SCAP_OPENAT2_E || type == NP_SCAP_CONNECT_E;
}

/* Refuses a capture for an event in it. */
static int fail_old(const struct np_scap_event *event, struct np_err *err)
{
    if ((event->info->does & NP_SCAP_ENTER) != 0)
        return np_fail(err, -ENOTSUP,
                       "a capture in the form from before Falco 0.42, in which calls are also "
                       "recorded when they are entered ('%s'); record it with Falco 0.42 or later",
                       event->info->name);
    return np_fail(err, -ENOTSUP,
                   "a capture in an older form of the event '%s' (type %u, from before Falco "
                   "0.42); record it with Falco 0.42 or later",
                   event->info->name, (unsigned) event->type);
}

static void tell_unknown_event(const struct filling *filling, uint16_t type)
{
    char reason[NP_TALLY_REASON_MAX_BYTES];
    (void) snprintf(reason, sizeof(reason), "an event of unknown type %u", (unsigned) type);
    tell(filling, reason, false);
}

static int take_event(const struct filling *filling, const struct np_scap_block *block,
                      struct np_err *err)
{
    struct np_scap_event *event = &filling->capture->event;
    struct np_err *why = &filling->capture->why;
    event->number = ++filling->capture->events;
    int r = np_scap_event(block, event, why);
    if (r < 0)
        return forgive(filling, r, why);
    if (event->type == NP_SCAP_DROP_E || event->type == NP_SCAP_DROP_X) {
        tell(filling, "the recorder dropped events here (a 'drop' event)", false);
        return 0;
    }
    if (event->info == NULL) {
        tell_unknown_event(filling, event->type);
        return 0;
    }
    if (is_early_look(event->type))
        return 0;
    if ((event->info->does & (NP_SCAP_ENTER | NP_SCAP_OLD)) != 0)
        return fail_old(event, err);
    return add_record(filling, event);
}

/* A block of the form from before 2020, or of one that is not known. */
static int take_other(const struct filling *filling, const struct np_scap_block *block,
                      struct np_err *err)
{
    char reason[NP_TALLY_REASON_MAX_BYTES];
    if (block->kind == NP_SCAP_BLOCK_OLD)
        return np_fail(err, -ENOTSUP,
                       "a capture in the form from before 2020 (blocks of type 0x%" PRIX32
                       "); record it with Falco 0.42 or later",
                       block->type);
    (void) snprintf(reason, sizeof(reason), "a block of unknown type 0x%" PRIX32, block->type);
    tell(filling, reason, false);
    return 0;
}

static int take_block(const struct filling *filling, const struct np_scap_block *block,
                      struct np_err *err)
{
    switch (block->kind) {
    case NP_SCAP_BLOCK_EVENT:
        return take_event(filling, block, err);
    case NP_SCAP_BLOCK_SECTION:
        return take_section(filling->capture, block, err);
    case NP_SCAP_BLOCK_MACHINE:
    case NP_SCAP_BLOCK_PROCS:
    case NP_SCAP_BLOCK_FDS:
    case NP_SCAP_BLOCK_INTERFACES:
    case NP_SCAP_BLOCK_USERS:
        return take_table(filling, block);
    case NP_SCAP_BLOCK_OLD:
    case NP_SCAP_BLOCK_UNKNOWN:
        break;
    }
    return take_other(filling, block, err);
}

/* Reads one block: 1, or 0 at the end of the capture. */
static int step(struct filling *filling, struct np_err *err)
{
    struct np_scap_capture *capture = filling->capture;
    struct np_scap_block block;
    bool is_too_long = false;
    int r = np_scap_stream_next(&capture->stream, &block, &filling->offset, &is_too_long, err);
    if (r <= 0)
        return r;
    capture->known_blocks +=
        block.kind != NP_SCAP_BLOCK_UNKNOWN && block.kind != NP_SCAP_BLOCK_SECTION;
    if (is_too_long) {
        capture->events += block.kind == NP_SCAP_BLOCK_EVENT;
        tell(filling, "a block is longer than is read", true);
        return 1;
    }
    r = take_block(filling, &block, err);
    return r < 0 ? r : 1;
}

/* Tells at the end what is wrong with the whole. */
static void tell_end(const struct filling *filling)
{
    struct np_scap_state_lost lost;
    char reason[NP_TALLY_REASON_MAX_BYTES];
    if (filling->tally == NULL)
        return;
    if (filling->capture->known_blocks == 0)
        np_tally_skip(filling->tally, filling->batch->object,
                      "no system calls in it (a capture of network packets?)", false);
    np_scap_state_lost(filling->capture->state, &lost);
    if (lost.tasks == 0 && lost.descriptors == 0 && lost.names == 0)
        return;
    (void) snprintf(reason, sizeof(reason),
                    "there is more in it than is remembered: %" PRIu64 " tasks, %" PRIu64
                    " descriptors and %" PRIu64 " users or addresses were forgotten",
                    lost.tasks, lost.descriptors, lost.names);
    np_tally_skip(filling->tally, filling->batch->object, reason, true);
}

/* Ends a capture that is bad from here on. What was read before stays, but not of a refused one. */
static void end_badly(const struct filling *filling, int r, const struct np_err *err)
{
    char reason[sizeof(err->msg) + NP_TALLY_REASON_MAX_BYTES];
    filling->capture->is_over = true;
    if (r == -ENOTSUP) {
        filling->batch->pieces.len = 0;
        np_scap_writer_begin(&filling->capture->writer);
        tell(filling, err->msg, false);
        return;
    }
    (void) snprintf(reason, sizeof(reason), "%s; the %" PRIu64 " events before it were read",
                    err->msg, filling->capture->events);
    tell(filling, reason, false);
}

static bool is_full(const struct np_scap_capture *capture, const struct np_batch *batch, size_t aim)
{
    const struct np_scap_writer *writer = &capture->writer;
    if (writer->records.len >= aim || batch->pieces.len >= NP_BATCH_PIECES_MAX ||
        writer->quiet.count >= NP_BATCH_PIECES_MAX)
        return true;
    return (batch->pieces.len > 0 || writer->quiet.count > 0) &&
           !np_scap_stream_is_ready(&capture->stream);
}

int np_scap_capture_fill(struct np_scap_capture *capture, struct np_batch *batch, size_t aim,
                         struct np_tally *tally, struct np_err *err)
{
    struct filling filling = {.capture = capture, .batch = batch, .tally = tally};
    struct np_err why = {};
    int r = 1;
    np_scap_writer_begin(&capture->writer);
    while (r > 0 && !capture->is_over && !is_full(capture, batch, aim)) {
        r = step(&filling, &why);
        if (r == 0) {
            capture->is_over = true;
            tell_end(&filling);
        } else if (r < 0 && r != -EINTR && r != -ENOMEM)
            end_badly(&filling, r, &why);
    }
    int finish = np_scap_writer_finish(&capture->writer, batch);
    if (r != -ENOMEM && finish < 0)
        r = finish;
    if (r == -ENOMEM || (r == -EINTR && batch->pieces.len == 0))
        return np_fail(err, r, "%s", strerror(-r));
    return batch->pieces.len > 0 ? 1 : 0;
}
