/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, folders and stdin in time order.
 *
 * First each object gets its place: the time in its S3 name, else the event time of its first
 * record, for which it is opened, looked at and closed again. Then they are opened one after the
 * other as their time comes. An object with an S3 name holds a few minutes of events that are a few
 * minutes old, so it is read at one go. Any other one may be long: it is merged with those that are
 * open, record by record, until it is the only one. Objects without any time come last. A stream
 * cannot be looked at without being read, so it is opened first and merged from there on.
 *
 * What may be open at once is bounded by files and by memory. Where more would be needed, objects
 * wait, and what that does to the order is counted as late by whoever looks at times.
 */
#include "source/source.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "source/merge.h"
#include "source/place.h"
#include "source/reader.h"
#include "source/s3_name.h"
#include "source/walk.h"

enum {
    OPEN_FILES_MAX = 256,
    HELD_MAX_BYTES = 24 * 1024 * 1024, /* of merged readers; one long record may come on top */
    HELD_SHARE_BYTES = 512 * 1024, /* a reader above it is emptied first where memory is short */
};

struct input {
    struct np_source source; /* first: what callers see */
    struct np_object_list objects;
    bool is_placed; /* the objects stand in the order of reading */
    size_t next;    /* object to be opened */
    struct np_clock clock;
    const struct np_screen *screen;
    struct np_merge merge;
    struct np_reader *whole;   /* being read at one go */
    struct np_reader *current; /* merged, not in the heap: gave the last run, or is new */
    struct np_reader *spare;   /* closed, for the next object */
    size_t held_bytes;         /* of the readers that are merged */
    size_t open_files;
    size_t open_files_max;
};

static struct input *input_of(struct np_source *source)
{
    return (struct input *) source;
}

static enum np_object_kind kind_of(const struct input *input, const struct np_object_ref *ref)
{
    if (ref->folder != NP_FOLDER_STREAM)
        return NP_OBJECT_FILE;
    return strcmp(np_object_list_name(&input->objects, ref), "-") == 0 ? NP_OBJECT_STDIN
                                                                       : NP_OBJECT_STREAM;
}

static bool name_time(const struct input *input, const struct np_object_ref *ref,
                      np_time_ns *out_time)
{
    return np_s3_name_time(np_span_of(np_object_list_name(&input->objects, ref)), out_time);
}

/* Takes a closed reader and gives it the object's path; nothing is opened yet. */
static int take_reader(struct input *input, const struct np_object_ref *ref,
                       struct np_reader **out_reader)
{
    struct np_reader *reader = NP_TAKE(input->spare);
    int r = reader == NULL ? np_reader_new(&reader) : 0;
    if (r == 0)
        r = np_object_list_path(&input->objects, ref, &reader->path);
    if (r < 0) {
        np_reader_free(&reader);
        return r;
    }
    reader->unwrap = !np_decode_plan_is_generic(input->clock.plan);
    reader->fields = np_decode_plan_fields(input->clock.plan);
    reader->screen = input->screen;
    *out_reader = reader;
    return 0;
}

/* Closes a reader and keeps one for the next object. */
static void retire(struct input *input, struct np_reader *reader)
{
    np_reader_close(reader);
    if (input->spare == NULL)
        input->spare = reader;
    else
        np_reader_free(&reader);
}

/* Counts what a merged reader holds; `is_in` is false when it leaves. */
static void count_held(struct input *input, struct np_reader *reader, bool is_in)
{
    input->held_bytes -= reader->held_bytes;
    input->open_files -= reader->is_held_open;
    reader->held_bytes = is_in ? np_reader_memory(reader) : 0;
    reader->is_held_open = is_in && reader->object.fd >= 0;
    input->held_bytes += reader->held_bytes;
    input->open_files += reader->is_held_open;
}

/* Fills a batch and counts the bytes that it took. */
static int fill(struct input *input, struct np_reader *reader, struct np_batch *batch,
                enum np_fill purpose, struct np_err *err)
{
    int r = np_reader_fill(reader, batch, purpose, err);
    uint64_t more = reader->object.taken - reader->counted;
    reader->counted = reader->object.taken;
    input->source.tally.bytes += more;
    input->source.bytes_read += more;
    return r;
}

/* Opens an object; where that fails it is told and `*out_reader` stays NULL. */
static int open_next(struct input *input, struct np_reader **out_reader, struct np_err *err)
{
    const struct np_object_ref *ref = &input->objects.refs.items[input->next];
    struct np_reader *reader = NULL;
    int r = take_reader(input, ref, &reader);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    r = np_reader_open(reader, kind_of(input, ref));
    if (r == -EINTR) {
        retire(input, reader);
        return np_fail(err, r, "%s", strerror(EINTR));
    }
    input->next++;
    if (r < 0) {
        np_tally_errno(&input->source.tally, reader->path.data, -r);
        retire(input, reader);
        return 0;
    }
    reader->tally = &input->source.tally;
    reader->number = ref->name;
    reader->key = NP_MERGE_FIRST;
    if (!name_time(input, ref, &reader->arrival))
        reader->arrival = 0;
    *out_reader = reader;
    return 0;
}

/*
 * Puts the reader in `current` where it belongs: into the heap by its next piece's time, or away at
 * its end.
 */
static int settle(struct input *input, struct np_err *err)
{
    struct np_reader *reader = input->current;
    if (reader == NULL)
        return 0;
    if (reader->next_piece == reader->ahead.pieces.len) {
        int r = fill(input, reader, &reader->ahead, NP_FILL_AHEAD, err);
        reader->next_piece = 0;
        if (r < 0)
            return r;
        count_held(input, reader, r > 0);
        if (r == 0) {
            input->current = NULL;
            retire(input, reader);
            return 0;
        }
    }
    np_time_ns time = np_clock_time(&input->clock, &reader->ahead, reader->next_piece);
    if (input->held_bytes > HELD_MAX_BYTES && reader->held_bytes > HELD_SHARE_BYTES)
        reader->key = NP_MERGE_FIRST;
    else if (time != NP_TIME_NONE)
        reader->key = time;
    int r = np_merge_push(&input->merge, reader);
    if (r == 0)
        input->current = NULL;
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

/* Whether one more object may be merged. */
static bool has_room(const struct input *input)
{
    return input->merge.heap.len == 0 ||
           (input->held_bytes < HELD_MAX_BYTES && input->open_files < input->open_files_max);
}

/* Whether the next object is read at one go: it is short, or there is no time to merge it by. */
static bool is_next_whole(const struct input *input)
{
    const struct np_object_ref *ref = &input->objects.refs.items[input->next];
    np_time_ns time = 0;
    return ref->time == NP_MERGE_LAST || name_time(input, ref, &time);
}

/* The time of the next object that could be opened now; NP_MERGE_LAST where there is none. */
static np_time_ns next_time(const struct input *input)
{
    if (input->next == input->objects.refs.len || !(is_next_whole(input) || has_room(input)))
        return NP_MERGE_LAST;
    return input->objects.refs.items[input->next].time;
}

/* Whether the next object is to be opened: nothing that is open has an older record. */
static bool is_next_due(const struct input *input)
{
    if (input->whole != NULL || input->next == input->objects.refs.len)
        return false;
    np_time_ns time = next_time(input);
    return input->merge.heap.len == 0 ||
           (time != NP_MERGE_LAST && time <= np_merge_key(&input->merge));
}

/* Opens what is due. What is left alone need not be merged any more. */
static int admit(struct input *input, struct np_err *err)
{
    size_t count = input->objects.refs.len;
    while (is_next_due(input)) {
        bool is_alone = input->merge.heap.len == 0 && input->next + 1 == count;
        bool is_whole = is_alone || is_next_whole(input);
        int r = open_next(input, is_whole ? &input->whole : &input->current, err);
        if (r == 0)
            r = settle(input, err);
        if (r < 0)
            return r;
    }
    if (input->whole == NULL && input->next == count && input->merge.heap.len == 1)
        input->whole = np_merge_pop(&input->merge);
    return 0;
}

/* Reads on in the object that is read at one go; 0 at its end. */
static int read_whole(struct input *input, struct np_batch *batch, struct np_err *err)
{
    struct np_reader *reader = input->whole;
    size_t left = reader->ahead.pieces.len - reader->next_piece;
    if (left > 0) { /* it was merged before */
        int r = np_merge_take(reader, left, batch);
        return r < 0 ? np_fail(err, r, "out of memory") : 1;
    }
    int r = fill(input, reader, batch, NP_FILL_WHOLE, err);
    if (r != 0)
        return r;
    count_held(input, reader, false);
    input->whole = NULL;
    retire(input, reader);
    return 0;
}

/* Gives a run of the oldest of the objects that are merged. */
static int give_run(struct input *input, struct np_batch *batch, struct np_err *err)
{
    struct np_reader *reader = np_merge_pop(&input->merge);
    np_time_ns limit = NP_MIN(np_merge_key(&input->merge), next_time(input));
    input->current = reader;
    int r = np_merge_take(reader, np_merge_run(&input->clock, reader, limit), batch);
    return r < 0 ? np_fail(err, r, "out of memory") : 1;
}

static int input_next(struct np_source *source, struct np_batch *batch, struct np_err *err)
{
    struct input *input = input_of(source);
    int r = input->is_placed ? 0 : np_place_objects(&input->objects, &input->clock);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    input->is_placed = true;
    while (r == 0) {
        if (input->whole != NULL) {
            r = read_whole(input, batch, err);
            continue;
        }
        r = settle(input, err);
        if (r == 0)
            r = admit(input, err);
        if (r == 0 && input->whole == NULL) {
            if (input->merge.heap.len == 0)
                return 0;
            r = give_run(input, batch, err);
        }
    }
    return r;
}

static void input_destroy(struct np_source *source)
{
    struct input *input = input_of(source);
    for (size_t i = 0; i < input->merge.heap.len; i++)
        np_reader_free(&input->merge.heap.items[i]);
    np_vec_done(&input->merge.heap);
    np_reader_free(&input->whole);
    np_reader_free(&input->current);
    np_reader_free(&input->spare);
    np_clock_done(&input->clock);
    np_object_list_done(&input->objects);
    np_tally_done(&input->source.tally);
    np_free(input);
}

/* Lists what the paths lead to. */
static int walk_paths(struct input *input, const struct np_input_params *params, struct np_err *err)
{
    struct np_walk *walk = NULL;
    int r = np_walk_new(&walk, &input->objects, &input->source.tally);
    if (r < 0)
        return np_fail(err, r, "out of memory");
    for (size_t i = 0; i < params->path_count && r == 0; i++)
        r = np_walk_path(walk, params->paths[i], err);
    np_walk_free(&walk);
    input->source.bytes_total = input->objects.has_stream ? 0 : input->objects.bytes;
    return r;
}

/* Half of what the process may open, so that rules and outputs find room. */
static size_t open_files_max(void)
{
    struct rlimit limit = {.rlim_cur = OPEN_FILES_MAX};
    (void) getrlimit(RLIMIT_NOFILE, &limit); /* where it fails the default stands */
    size_t half = (size_t) NP_MIN(limit.rlim_cur / 2, (rlim_t) OPEN_FILES_MAX);
    return NP_MAX(half, (size_t) 1);
}

int np_input_new(struct np_source **out_source, const struct np_input_params *params,
                 struct np_err *err)
{
    static const struct np_source_ops ops = {.next = input_next, .destroy = input_destroy};
    struct input *input = np_alloc(sizeof(*input));
    if (input == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    struct np_source *source = &input->source;
    source->ops = &ops;
    np_tally_init(&source->tally);
    np_object_list_init(&input->objects);
    input->open_files_max = open_files_max();
    input->screen = params->screen;
    int r = np_clock_init(&input->clock, params->plan);
    if (r < 0)
        (void) np_fail(err, r, "out of memory");
    if (r == 0)
        r = walk_paths(input, params, err);
    if (r < 0) {
        np_source_free(&source);
        return r;
    }
    *out_source = source;
    return 0;
}
