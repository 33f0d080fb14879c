/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture of system calls: read at one go and in small steps, which gives the same
 * records; and with a screen that wants every other event, which gives the same of those and counts
 * the rest. All fields of the catalogue are asked for.
 */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "event/falco/fields.h"
#include "event/syscall.h"
#include "source/scap/blocks.h"
#include "source/scap/capture.h"

#include "../support/memory_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SMALL_STEP = 61, SMALL_AIM = 1000 };

/* Every field that takes no argument, and a few with one. */
static struct np_field_set *make_fields(void)
{
    static const char *const names[] = {
#define X(id, name, ...) name,
#include "event/syscall.def"
#undef X
        "proc.aname[2]", "proc.env[HOME]", "evt.arg.flags", "evt.arg[0]", "evt.rawarg.fd",
    };
    struct np_field_set *fields = NULL;
    np_field_id unused;
    NP_ASSERT(np_field_set_new(&fields) == 0);
    for (size_t i = 0; i < NP_ARRAY_LEN(names); i++)
        NP_ASSERT(np_field_intern(fields, np_span_of(names[i]), &unused) == 0);
    return fields;
}

/* Wants events whose number is even. */
static bool wants_even(void *context, struct np_event *event)
{
    const np_field_id *num = context;
    return np_event_field(event, *num)->uinteger % 2 == 0;
}

static void forget(void *context)
{
    (void) context;
}

/* How a capture is read, and what it gave. */
struct reading {
    const struct np_field_set *fields;
    const struct np_screen *screen; /* NULL = none */
    struct memory_object memory;
    size_t aim;
    struct np_buf records; /* all of them, one behind the other */
    bool is_partial;       /* the end was dropped: it was refused, or a limit was met */
};

static bool is_partial(const struct np_tally *tally)
{
    for (size_t i = 0; i < tally->entries.len; i++) {
        const struct np_tally_entry *entry = &tally->entries.items[i];
        if (entry->is_limit || strstr(entry->reason, "record it with Falco") != NULL)
            return true;
    }
    return false;
}

static void read_capture(struct reading *reading)
{
    struct np_object object;
    struct np_scap_capture *capture = NULL;
    struct np_batch batch;
    struct np_tally tally;
    memory_object_open(&object, &reading->memory);
    np_batch_init(&batch);
    np_tally_init(&tally);
    np_buf_init(&reading->records, SIZE_MAX);
    NP_ASSERT(np_scap_capture_new(
                  &capture, &(struct np_scap_capture_params){.object = &object,
                                                             .fields = reading->fields,
                                                             .screen = reading->screen}) == 0);
    int r = 1;
    while (r > 0) {
        NP_ASSERT(np_batch_begin(&batch, "f", 0, NP_BATCH_BYTES) == 0);
        r = np_scap_capture_fill(capture, &batch, reading->aim, &tally, NULL);
        for (size_t i = 0; r > 0 && i < batch.pieces.len; i++) {
            struct np_span bytes = {batch.data + batch.pieces.items[i].start,
                                    batch.pieces.items[i].len};
            NP_ASSERT(np_syscall_record_len(bytes) == bytes.len);
            NP_ASSERT(np_buf_add_span(&reading->records, bytes) == 0);
        }
    }
    NP_ASSERT(r == 0);
    reading->is_partial = is_partial(&tally);
    np_scap_capture_free(&capture);
    np_tally_done(&tally);
    np_batch_done(&batch);
    np_object_done(&object);
}

/* Takes a record off the front. */
static struct np_span next_record(struct np_span *records)
{
    struct np_span record = np_span_head(*records, np_syscall_record_len(*records));
    NP_ASSERT(record.len > 0);
    *records = np_span_from(*records, record.len);
    return record;
}

/* The screened records are all the others, but for those that are counted where they stood. */
static void check_screened(struct np_span all, struct np_span screened)
{
    struct np_syscall_quiet quiet;
    while (screened.len > 0) {
        struct np_span record = next_record(&screened);
        if (!np_syscall_read_quiet(record, &quiet)) {
            NP_ASSERT(np_span_eq(record, next_record(&all)));
            continue;
        }
        NP_ASSERT(quiet.count > 0 && quiet.first == np_syscall_time(all));
        while (quiet.count-- > 0)
            NP_ASSERT(np_syscall_time(next_record(&all)) <= quiet.newest);
    }
    NP_ASSERT(all.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_span bytes = {(const char *) data, size};
    struct np_field_set *fields = make_fields();
    np_field_id num = np_field_find(fields, NP_SPAN("evt.num"));
    struct np_screen screen = {.wants = wants_even, .forget = forget, .context = &num};
    struct reading whole = {.fields = fields, .memory = {bytes, SIZE_MAX}, .aim = NP_BATCH_BYTES};
    struct reading stepped = {.fields = fields, .memory = {bytes, SMALL_STEP}, .aim = SMALL_AIM};
    struct reading screened = {
        .fields = fields, .screen = &screen, .memory = {bytes, SMALL_STEP}, .aim = SMALL_AIM};
    read_capture(&whole);
    read_capture(&stepped);
    read_capture(&screened);
    /* a refused capture may have given batches before, of another size each */
    size_t common = NP_MIN(whole.records.len, stepped.records.len);
    NP_ASSERT(common == 0 || memcmp(whole.records.data, stepped.records.data, common) == 0);
    if (!whole.is_partial && !screened.is_partial)
        check_screened(np_buf_span(&whole.records), np_buf_span(&screened.records));
    np_buf_done(&whole.records);
    np_buf_done(&stepped.records);
    np_buf_done(&screened.records);
    np_field_set_free(&fields);
    return 0;
}
