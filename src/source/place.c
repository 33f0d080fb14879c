/* SPDX-License-Identifier: Apache-2.0 */
/* One reader looks at all objects in turn: see place.h. */
#include "source/place.h"

#include <stdlib.h>

#include "source/s3_name.h"

enum { LOOKED_AT_RECORDS = 16 /* for one with a time */ };

/* The event time of the first of `batch`'s records that has one, else NP_MERGE_LAST. */
static np_time_ns first_time(struct np_clock *clock, const struct np_batch *batch)
{
    size_t count = NP_MIN(batch->pieces.len, (size_t) LOOKED_AT_RECORDS);
    for (size_t i = 0; i < count; i++) {
        np_time_ns time = np_clock_time(clock, batch, i);
        if (time != NP_TIME_NONE)
            return time;
    }
    return NP_MERGE_LAST;
}

/* What np_place_objects() needs for one object after the other. */
struct look {
    const struct np_object_list *list;
    struct np_clock *clock;
    struct np_reader *reader;
};

static int look_at(struct look *look, struct np_object_ref *ref)
{
    struct np_reader *reader = look->reader;
    ref->time = NP_MERGE_LAST;
    int r = np_object_list_path(look->list, ref, &reader->path);
    if (r < 0)
        return r;
    if (np_reader_open(reader, NP_OBJECT_FILE) == 0)
        r = np_reader_fill(reader, &reader->ahead, NP_FILL_AHEAD, NULL);
    if (r > 0)
        ref->time = first_time(look->clock, &reader->ahead);
    np_reader_close(reader);
    return NP_MIN(r, 0);
}

static int place(struct look *look, struct np_object_ref *ref)
{
    struct np_span name = np_span_of(np_object_list_name(look->list, ref));
    if (ref->folder == NP_FOLDER_STREAM) {
        ref->time = NP_MERGE_FIRST;
        return 0;
    }
    return np_s3_name_time(name, &ref->time) ? 0 : look_at(look, ref);
}

static int compare_refs(const void *a, const void *b)
{
    const struct np_object_ref *left = a;
    const struct np_object_ref *right = b;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return left->name < right->name ? -1 : left->name > right->name;
}

int np_place_objects(struct np_object_list *list, struct np_clock *clock)
{
    struct look look = {.list = list, .clock = clock};
    if (list->refs.len < 2)
        return 0;
    int r = np_reader_new(&look.reader);
    if (r == 0)
        look.reader->unwrap = !np_decode_plan_is_generic(clock->plan);
    for (size_t i = 0; i < list->refs.len && r == 0; i++)
        r = place(&look, &list->refs.items[i]);
    np_reader_free(&look.reader);
    if (r == 0)
        qsort(list->refs.items, list->refs.len, sizeof(list->refs.items[0]), compare_refs);
    return r;
}
