/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture of system calls: read at one go and in small steps, which gives the same
 * records. All fields of the catalogue are asked for.
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

/* Reads all records of a capture into `records`. */
static void read_capture(const struct np_field_set *fields, struct memory_object memory, size_t aim,
                         struct np_buf *records)
{
    struct np_object object;
    struct np_scap_capture *capture = NULL;
    struct np_batch batch;
    struct np_tally tally;
    memory_object_open(&object, &memory);
    np_batch_init(&batch);
    np_tally_init(&tally);
    NP_ASSERT(np_scap_capture_new(&capture, &(struct np_scap_capture_params){
                                                .object = &object, .fields = fields}) == 0);
    int r = 1;
    while (r > 0) {
        NP_ASSERT(np_batch_begin(&batch, "f", 0, NP_BATCH_BYTES) == 0);
        r = np_scap_capture_fill(capture, &batch, aim, &tally, NULL);
        for (size_t i = 0; r > 0 && i < batch.pieces.len; i++) {
            struct np_span bytes = {batch.data + batch.pieces.items[i].start,
                                    batch.pieces.items[i].len};
            NP_ASSERT(np_syscall_record_len(bytes) == bytes.len);
            NP_ASSERT(np_buf_add_span(records, bytes) == 0);
        }
    }
    NP_ASSERT(r == 0);
    np_scap_capture_free(&capture);
    np_tally_done(&tally);
    np_batch_done(&batch);
    np_object_done(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct np_span bytes = {(const char *) data, size};
    struct np_field_set *fields = make_fields();
    struct np_buf whole;
    struct np_buf stepped;
    np_buf_init(&whole, SIZE_MAX);
    np_buf_init(&stepped, SIZE_MAX);
    read_capture(fields, (struct memory_object){bytes, SIZE_MAX}, NP_BATCH_BYTES, &whole);
    read_capture(fields, (struct memory_object){bytes, SMALL_STEP}, SMALL_AIM, &stepped);
    /* a refused capture may have given batches before, of another size each */
    size_t common = NP_MIN(whole.len, stepped.len);
    NP_ASSERT(common == 0 || memcmp(whole.data, stepped.data, common) == 0);
    np_buf_done(&whole);
    np_buf_done(&stepped);
    np_field_set_free(&fields);
    return 0;
}
