/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an archive, whose members are read, cut short or passed over as the first byte says,
 * and as base64 of gzip, which gives the same bytes whatever the steps it is read in.
 */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "source/archive.h"
#include "source/awslogs.h"

#include "../support/memory_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BARREN_MAX_BYTES = 1 << 20, BARREN_MAX_MEMBERS = 1000, DECODED_MAX = 1 << 18 };

static void read_archive(struct np_span bytes, unsigned how)
{
    struct memory_object memory = {.left = bytes, .step = how & 1 ? 7 : SIZE_MAX};
    struct np_object object;
    struct np_archive *archive = NULL;
    struct np_archive_member member;
    struct np_err err = {};
    memory_object_open(&object, &memory);
    struct np_archive_params params = {.object = &object,
                                       .barren_max_bytes = BARREN_MAX_BYTES,
                                       .barren_max_members = BARREN_MAX_MEMBERS};
    NP_ASSERT(np_archive_new(&archive, &params, NULL) == 0);
    int r = 0;
    while ((r = np_archive_next(archive, &member, &err)) == 1) {
        char part[512];
        size_t len = sizeof(part);
        NP_ASSERT(strlen(member.name) < NP_ARCHIVE_NAME_MAX_BYTES);
        for (unsigned i = how & 6; i > 0 && len > 0 && member.problem == NULL; i--)
            if (np_archive_read(archive, part, sizeof(part), &len, &err) < 0)
                break;
    }
    NP_ASSERT(r == 0 || err.msg[0] != '\0');
    NP_ASSERT(np_archive_next(archive, &member, &err) == 0);
    np_archive_free(&archive);
    np_object_done(&object);
}

/* Decodes into `out` of DECODED_MAX bytes, `step` of them at a time; returns how it ended. */
static int decode(struct np_span bytes, size_t step, char *out, size_t *out_len)
{
    struct memory_object memory = {.left = bytes, .step = SIZE_MAX};
    struct np_object object;
    struct np_awslogs *awslogs = NULL;
    size_t len = 1;
    int r = 0;
    memory_object_open(&object, &memory);
    NP_ASSERT(np_awslogs_new(&awslogs, &object, (struct np_span){}) == 0);
    *out_len = 0;
    while (r == 0 && len > 0 && *out_len + step <= DECODED_MAX) {
        r = np_awslogs_read(awslogs, out + *out_len, step, &len, NULL);
        NP_ASSERT(len <= step && (r == 0 || len == 0));
        *out_len += len;
    }
    np_awslogs_free(&awslogs);
    np_object_done(&object);
    return r;
}

static void read_base64(struct np_span bytes)
{
    np_auto_free char *a = np_alloc(DECODED_MAX);
    np_auto_free char *b = np_alloc(DECODED_MAX);
    NP_ASSERT(a != NULL && b != NULL);
    size_t a_len = 0;
    size_t b_len = 0;
    int whole = decode(bytes, DECODED_MAX / 2, a, &a_len);
    int steps = decode(bytes, 3, b, &b_len);
    NP_ASSERT(whole == steps && a_len == b_len && memcmp(a, b, a_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > DECODED_MAX / 2)
        return 0;
    struct np_span bytes = np_span_make((const char *) data + 1, size - 1);
    if (np_archive_detect(bytes) == NP_VERDICT_YES)
        read_archive(bytes, data[0]);
    if (np_packing_detect(bytes) == NP_PACKING_NONE)
        read_base64(bytes);
    return 0;
}
