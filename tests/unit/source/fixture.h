/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of this folder share: a folder of their own that they work in, files and packed
 * files in it, and a source read to its end as text.
 */
#pragma once

#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/json/json.h"
#include "event/decoder.h"
#include "source/source.h"

/* A decode plan as a run without rules has it. */
struct plan {
    struct np_field_set *fields;
    struct np_decode_plan *plan;
};

static inline struct plan make_plan(const struct np_logsource *generic)
{
    struct plan made = {};
    assert_int_equal(np_field_set_new(&made.fields), 0);
    assert_int_equal(np_decode_plan_new(&made.plan, made.fields, generic, NULL), 0);
    return made;
}

static inline void free_plan(struct plan *plan)
{
    np_decode_plan_free(&plan->plan);
    np_field_set_free(&plan->fields);
}

/* For every run of a test program; to make one takes longer than to read a small object. */
static struct plan common_plan;

/*
 * Makes an empty folder below $TMPDIR and goes there; a test's paths are short and the same in
 * every run.
 */
static inline int enter_folder(void **state)
{
    char path[4096];
    const char *parent = getenv("TMPDIR");
    (void) snprintf(path, sizeof(path), "%s/np-source-XXXXXX", parent != NULL ? parent : "/tmp");
    if (mkdtemp(path) == NULL || chdir(path) != 0)
        return -1;
    common_plan = make_plan(NULL);
    *state = np_strndup(path, strlen(path));
    return *state != NULL ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;
    return remove(path);
}

static inline int leave_folder(void **state)
{
    int r = chdir("/");
    if (r == 0)
        r = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    np_free(*state);
    free_plan(&common_plan);
    return r;
}

/* Makes the folders above `path`. */
static inline void make_folders(const char *path)
{
    char part[4096];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void) snprintf(part, sizeof(part), "%.*s", (int) (slash - path), path);
        assert_true(mkdir(part, 0755) == 0 || errno == EEXIST);
    }
}

static inline void put_bytes(const char *path, const void *bytes, size_t len)
{
    make_folders(path);
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static inline void put_text(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

/* Appends `bytes` as one gzip member. */
static inline void add_gzip(struct np_buf *out, const void *bytes, size_t len)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    assert_non_null(compressor);
    size_t bound = libdeflate_gzip_compress_bound(compressor, len);
    assert_int_equal(np_buf_reserve(out, bound), 0);
    size_t packed =
        libdeflate_gzip_compress(compressor, bytes, len, out->data + out->len, out->cap - out->len);
    assert_true(packed > 0);
    out->len += packed;
    libdeflate_free_compressor(compressor);
}

static inline void add_zstd(struct np_buf *out, const void *bytes, size_t len)
{
    assert_int_equal(np_buf_reserve(out, ZSTD_compressBound(len)), 0);
    size_t packed = ZSTD_compress(out->data + out->len, out->cap - out->len, bytes, len, 3);
    assert_false(ZSTD_isError(packed));
    out->len += packed;
}

static inline void put_gzip(const char *path, const char *text)
{
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, strlen(text));
    put_bytes(path, packed.data, packed.len);
    np_buf_done(&packed);
}

/* A CloudTrail record with nothing but what the order needs. */
static inline int add_event(struct np_buf *out, np_time_ns time, const char *account,
                            const char *end)
{
    char text[NP_TIME_TEXT_BYTES];
    np_time_format(text, time);
    return np_buf_printf(out,
                         "{\"eventVersion\":\"1.08\",\"eventTime\":\"%s\",\"eventName\":\"X\","
                         "\"eventSource\":\"y.amazonaws.com\",\"recipientAccountId\":\"%s\"}%s",
                         text, account, end);
}

static inline void put_event(const char *path, const char *time)
{
    struct np_buf text;
    np_time_ns ns = 0;
    np_buf_init(&text, SIZE_MAX);
    assert_true(np_time_parse(np_span_of(time), &ns));
    assert_int_equal(add_event(&text, ns, "111111111111", "\n"), 0);
    put_bytes(path, text.data, text.len);
    np_buf_done(&text);
}

static inline void add_record(struct np_buf *out, const struct np_batch *batch, uint64_t offset,
                              struct np_span bytes)
{
    assert_int_equal(np_buf_printf(out, "%s:%llu %.*s\n", batch->object,
                                   (unsigned long long) offset, NP_SPAN_ARGS(bytes)),
                     0);
}

/* Writes the records of a batch as lines "object:offset bytes". */
static inline void add_batch(struct np_buf *out, const struct np_batch *batch)
{
    for (size_t i = 0; i < batch->pieces.len; i++) {
        const struct np_batch_piece *piece = &batch->pieces.items[i];
        struct np_span bytes = np_span_make(batch->data + piece->start, piece->len);
        assert_true((size_t) piece->start + piece->len <= batch->len);
        assert_true(batch->len + NP_JSON_PADDING <= batch->cap);
        if (!piece->is_line) {
            add_record(out, batch, piece->offset, bytes);
            continue;
        }
        struct np_split split;
        struct np_piece part;
        np_split_init(&split, (struct np_split_params){.max_record = NP_RECORD_MAX_BYTES,
                                                       .max_depth = NP_JSON_MAX_DEPTH,
                                                       .unwrap = true});
        while (np_split_next(&split, bytes, true, &part) == NP_SPLIT_PIECE)
            if (part.kind == NP_PIECE_RECORD)
                add_record(out, batch, piece->offset + part.offset, part.bytes);
    }
}

/* Reads a source to its end and writes its records; returns how it ended. */
static inline int read_source(struct np_source *source, struct np_buf *out)
{
    struct np_batch batch;
    int r = 1;
    np_batch_init(&batch);
    while ((r = source->ops->next(source, &batch, NULL)) > 0) {
        assert_true(batch.pieces.len > 0);
        add_batch(out, &batch);
    }
    np_batch_done(&batch);
    return r;
}

/* The tally as lines "object[:offset]: reason xN", sorted. */
static inline void add_tally(struct np_buf *out, struct np_tally *tally)
{
    np_tally_sort(tally);
    for (size_t i = 0; i < tally->entries.len; i++) {
        const struct np_tally_entry *entry = &tally->entries.items[i];
        assert_int_equal(np_buf_add_str(out, entry->object), 0);
        if (entry->first_offset != NP_TALLY_NO_OFFSET)
            assert_int_equal(np_buf_printf(out, ":%llu", (unsigned long long) entry->first_offset),
                             0);
        assert_int_equal(np_buf_printf(out, ": %s x%llu%s\n", entry->reason,
                                       (unsigned long long) entry->count,
                                       entry->is_limit ? " (limit)" : ""),
                         0);
    }
}

/* What a whole run gave. */
struct run {
    struct np_buf records;
    struct np_buf skipped;
    uint64_t objects;
    uint64_t bytes;
    uint64_t bytes_total;
};

/* Reads `paths` (NULL ends them) to the end. */
static inline struct run read_with(const struct plan *plan, const char *const *paths)
{
    struct run run = {};
    struct np_source *source = NULL;
    struct np_input_params params = {.paths = paths, .plan = plan->plan};
    while (paths[params.path_count] != NULL)
        params.path_count++;
    np_buf_init(&run.records, SIZE_MAX);
    np_buf_init(&run.skipped, SIZE_MAX);
    struct np_err err = {};
    if (np_input_new(&source, &params, &err) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(read_source(source, &run.records), 0);
    add_tally(&run.skipped, &source->tally);
    run.objects = source->tally.objects;
    run.bytes = source->tally.bytes;
    run.bytes_total = source->bytes_total;
    assert_int_equal(run.bytes, source->bytes_read);
    np_source_free(&source);
    return run;
}

/* Reads `path` where other JSON is an event of `generic`. */
static inline struct run read_generic(const char *path, const struct np_logsource *generic)
{
    struct plan plan = make_plan(generic);
    struct run run = read_with(&plan, (const char *const[]){path, NULL});
    free_plan(&plan);
    return run;
}

static inline void free_run(struct run *run)
{
    np_buf_done(&run->records);
    np_buf_done(&run->skipped);
}

#define READ(...) read_with(&common_plan, (const char *const[]){__VA_ARGS__, NULL})

#define assert_records(run, text) assert_string_equal(np_buf_cstr(&(run)->records), (text))
#define assert_skipped(run, text) assert_string_equal(np_buf_cstr(&(run)->skipped), (text))
