/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking what the libraries' own compressors packed, whole, in small steps, damaged and cut. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/inflate.h"

enum { TEXT_BYTES = 300000, RESULT_MAX = 1 << 24 };

static const enum np_packing both[] = {NP_PACKING_GZIP, NP_PACKING_ZSTD};

/* Text that packs to about a tenth. */
static void add_text(struct np_buf *out, size_t len, unsigned seed)
{
    srand(seed);
    while (out->len < len)
        (void) np_buf_printf(out, "{\"eventName\":\"Get%d\",\"n\":%d}\n", rand() % 50,
                             rand() % 1000);
    out->len = len;
}

static void add_gzip(struct np_buf *out, struct np_span text)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    assert_non_null(compressor);
    size_t bound = libdeflate_gzip_compress_bound(compressor, text.len);
    assert_int_equal(np_buf_reserve(out, bound), 0);
    out->len +=
        libdeflate_gzip_compress(compressor, text.ptr, text.len, out->data + out->len, bound);
    libdeflate_free_compressor(compressor);
}

static void add_zstd(struct np_buf *out, struct np_span text, int window_log)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    (void) ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    (void) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    size_t bound = ZSTD_compressBound(text.len);
    assert_int_equal(np_buf_reserve(out, bound), 0);
    size_t len = ZSTD_compress2(context, out->data + out->len, bound, text.ptr, text.len);
    assert_false(ZSTD_isError(len));
    out->len += len;
    (void) ZSTD_freeCCtx(context);
}

static void add_packed(struct np_buf *out, enum np_packing packing, struct np_span text)
{
    if (packing == NP_PACKING_GZIP)
        add_gzip(out, text);
    else
        add_zstd(out, text, 20);
}

static struct np_inflate *new_inflate(enum np_packing packing)
{
    struct np_inflate *inflate = NULL;
    assert_int_equal(np_inflate_new(&inflate, packing, NULL), 0);
    return inflate;
}

/*
 * Unpacks `packed`, given `in_part` bytes at a time into `out_part` bytes at a time, the way a
 * caller does. Returns 0, -EBADMSG and so on, or 1 where the input was cut short.
 */
static int unpack(struct np_inflate *inflate, struct np_span packed, size_t in_part,
                  size_t out_part, struct np_buf *out, struct np_err *err)
{
    int result = 1;
    np_inflate_reset(inflate);
    while (packed.len > 0 && result >= 0) {
        struct np_span part = np_span_head(packed, in_part);
        packed = np_span_from(packed, part.len);
        size_t len = out_part;
        while (result >= 0 && (part.len > 0 || len == out_part)) {
            assert_int_equal(np_buf_reserve(out, out_part), 0);
            result = np_inflate_step(inflate, &part, out->data + out->len, out_part, &len, err);
            out->len += len;
            if (result == 0)
                assert_false(np_inflate_is_inside(inflate));
        }
    }
    return result < 0 ? result : np_inflate_is_inside(inflate);
}

static void detects_by_content(void **state)
{
    (void) state;
    static const struct {
        struct np_span head;
        enum np_packing packing;
    } cases[] = {
        {{"\x1f\x8b\x08\x00", 4}, NP_PACKING_GZIP},
        {{"\x1f\x8b\x07\x00", 4}, NP_PACKING_NONE},
        {{"\x28\xb5\x2f\xfd", 4}, NP_PACKING_ZSTD},
        {{"\x28\xb5\x2f", 3}, NP_PACKING_NONE},
        {{"\x50\x2a\x4d\x18", 4}, NP_PACKING_ZSTD},
        {{"\x5f\x2a\x4d\x18", 4}, NP_PACKING_ZSTD},
        {{"\x60\x2a\x4d\x18", 4}, NP_PACKING_NONE},
        {{"{\"a\":1}", 7}, NP_PACKING_NONE},
        {{"", 0}, NP_PACKING_NONE},
        {{NULL, 0}, NP_PACKING_NONE},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(np_packing_detect(cases[i].head), cases[i].packing);
}

static void unpacks_in_steps_of_any_size(void **state)
{
    (void) state;
    static const size_t parts[][2] = {{SIZE_MAX, TEXT_BYTES},
                                      {SIZE_MAX, TEXT_BYTES + 1},
                                      {SIZE_MAX, 100},
                                      {1, 65536},
                                      {1, 1},
                                      {1000, 999}};
    for (size_t i = 0; i < NP_ARRAY_LEN(both); i++) {
        struct np_buf text;
        struct np_buf packed;
        np_buf_init(&text, RESULT_MAX);
        np_buf_init(&packed, RESULT_MAX);
        add_text(&text, TEXT_BYTES, 1);
        add_packed(&packed, both[i], np_buf_span(&text));
        struct np_inflate *inflate = new_inflate(both[i]);
        for (size_t k = 0; k < NP_ARRAY_LEN(parts); k++) {
            struct np_buf out;
            np_buf_init(&out, RESULT_MAX);
            int result =
                unpack(inflate, np_buf_span(&packed), parts[k][0], parts[k][1], &out, NULL);
            assert_int_equal(result, 0);
            assert_true(np_span_eq(np_buf_span(&out), np_buf_span(&text)));
            np_buf_done(&out);
        }
        np_inflate_free(&inflate);
        np_buf_done(&packed);
        np_buf_done(&text);
    }
}

/*
 * Three members, the middle one empty, with padding behind; for zstd with skippable frames
 * around.
 */
static void add_members(struct np_buf *packed, enum np_packing packing)
{
    static const char skippable[] = "\x53\x2a\x4d\x18\x05\x00\x00\x00skip!";
    struct np_span skipped =
        packing == NP_PACKING_ZSTD ? np_span_make(skippable, sizeof(skippable) - 1) : NP_SPAN("");
    (void) np_buf_add_span(packed, skipped);
    add_packed(packed, packing, NP_SPAN("first,"));
    add_packed(packed, packing, NP_SPAN(""));
    (void) np_buf_add_span(packed, skipped);
    add_packed(packed, packing, NP_SPAN("last"));
    (void) np_buf_add_span(packed, skipped);
}

static void unpacks_members_in_a_row_and_passes_over_padding(void **state)
{
    (void) state;
    static const char padding[600];
    static const size_t in_parts[] = {1, 7, SIZE_MAX};
    for (size_t i = 0; i < NP_ARRAY_LEN(both); i++) {
        struct np_buf packed;
        np_buf_init(&packed, RESULT_MAX);
        add_members(&packed, both[i]);
        struct np_inflate *inflate = new_inflate(both[i]);
        for (size_t k = 0; k < 2 * NP_ARRAY_LEN(in_parts); k++) {
            if (k == NP_ARRAY_LEN(in_parts))
                (void) np_buf_add(&packed, padding, sizeof(padding));
            struct np_buf out;
            np_buf_init(&out, RESULT_MAX);
            assert_int_equal(unpack(inflate, np_buf_span(&packed),
                                    in_parts[k % NP_ARRAY_LEN(in_parts)], 4, &out, NULL),
                             0);
            assert_span_equal(np_buf_span(&out), "first,last");
            np_buf_done(&out);
        }
        np_inflate_free(&inflate);
        np_buf_done(&packed);
    }
}

static void tells_what_is_damaged(void **state)
{
    (void) state;
    static const struct {
        enum np_packing packing;
        long place; /* of the byte that is changed, from the end where negative */
        const char *message;
    } cases[] = {
        {NP_PACKING_GZIP, 0, "gzip data is damaged at byte 0: what follows is no other member"},
        {NP_PACKING_GZIP, 1, "gzip data is damaged at byte 2: no gzip header"},
        {NP_PACKING_GZIP, -8, "the checksum does not match"},
        {NP_PACKING_GZIP, -4, "the length does not match"},
        {NP_PACKING_ZSTD, 1, "zstd data is damaged at byte 0: "},
        {NP_PACKING_ZSTD, -1, "the checksum does not match"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_buf packed;
        struct np_buf out;
        np_buf_init(&packed, RESULT_MAX);
        np_buf_init(&out, RESULT_MAX);
        add_packed(&packed, cases[i].packing, NP_SPAN("some text, some text"));
        packed.data[cases[i].place >= 0 ? cases[i].place : (long) packed.len + cases[i].place] ^= 1;
        struct np_inflate *inflate = new_inflate(cases[i].packing);
        struct np_err err = {};
        assert_int_equal(unpack(inflate, np_buf_span(&packed), SIZE_MAX, 100, &out, &err),
                         -EBADMSG);
        if (strstr(err.msg, cases[i].message) == NULL)
            fail_msg("case %zu: %s", i, err.msg);
        np_inflate_free(&inflate);
        np_buf_done(&out);
        np_buf_done(&packed);
    }
}

static void refuses_what_follows_a_member_or_padding(void **state)
{
    (void) state;
    static const struct np_span behind[] = {
        {"x", 1}, {"{\"a\":1}", 7}, {"\0x", 2}, {"\0\x1f\x8b", 3}};
    for (size_t i = 0; i < NP_ARRAY_LEN(both) * NP_ARRAY_LEN(behind); i++) {
        enum np_packing packing = both[i % 2];
        struct np_buf packed;
        struct np_buf out;
        np_buf_init(&packed, RESULT_MAX);
        np_buf_init(&out, RESULT_MAX);
        add_packed(&packed, packing, NP_SPAN("text"));
        (void) np_buf_add_span(&packed, behind[i / 2]);
        struct np_inflate *inflate = new_inflate(packing);
        assert_int_equal(unpack(inflate, np_buf_span(&packed), 1, 1, &out, NULL), -EBADMSG);
        assert_span_equal(np_buf_span(&out), "text");
        if (packing == NP_PACKING_GZIP) {
            size_t len = 0;
            char result[100];
            assert_int_equal(np_gunzip_whole(inflate, np_buf_span(&packed), result, 100, &len),
                             -EBADMSG);
        }
        np_inflate_free(&inflate);
        np_buf_done(&out);
        np_buf_done(&packed);
    }
}

/* A byte near the end is wrong: nearly all of the text before it comes out, and comes out right. */
static void keeps_what_was_unpacked_before_the_damage(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(both); i++) {
        struct np_buf text;
        struct np_buf packed;
        struct np_buf out;
        np_buf_init(&text, RESULT_MAX);
        np_buf_init(&packed, RESULT_MAX);
        np_buf_init(&out, RESULT_MAX);
        add_text(&text, TEXT_BYTES, 2);
        add_packed(&packed, both[i], np_buf_span(&text));
        (void) memset(packed.data + packed.len - 1000, 0xff, 500);
        struct np_inflate *inflate = new_inflate(both[i]);
        int result = unpack(inflate, np_buf_span(&packed), SIZE_MAX, RESULT_MAX / 2, &out, NULL);
        assert_int_equal(result, -EBADMSG);
        size_t same = 0;
        while (same < out.len && same < text.len && out.data[same] == text.data[same])
            same++;
        assert_true(same > TEXT_BYTES / 2);
        np_inflate_free(&inflate);
        np_buf_done(&out);
        np_buf_done(&packed);
        np_buf_done(&text);
    }
}

static void says_that_a_stream_was_cut_short(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(both); i++) {
        struct np_buf packed;
        np_buf_init(&packed, RESULT_MAX);
        add_packed(&packed, both[i], NP_SPAN("some text, some text, some text"));
        struct np_inflate *inflate = new_inflate(both[i]);
        for (size_t len = 1; len <= packed.len; len++) {
            struct np_buf out;
            np_buf_init(&out, RESULT_MAX);
            struct np_span part = np_span_head(np_buf_span(&packed), len);
            assert_int_equal(unpack(inflate, part, SIZE_MAX, 100, &out, NULL), len < packed.len);
            np_buf_done(&out);
        }
        np_inflate_free(&inflate);
        np_buf_done(&packed);
    }
}

static void refuses_a_large_window(void **state)
{
    (void) state;
    struct np_buf text;
    struct np_buf packed;
    struct np_buf out;
    np_buf_init(&text, RESULT_MAX);
    np_buf_init(&packed, RESULT_MAX);
    np_buf_init(&out, RESULT_MAX);
    /* A frame header alone: no single segment, a window of 2^27 bytes. */
    (void) np_buf_add(&packed, "\x28\xb5\x2f\xfd\x00\x88\x01\x00\x00", 9);
    struct np_inflate *inflate = new_inflate(NP_PACKING_ZSTD);
    struct np_err err = {};
    assert_int_equal(unpack(inflate, np_buf_span(&packed), SIZE_MAX, 100, &out, &err), -E2BIG);
    assert_string_equal(err.msg, "zstd data wants a window of more than 64 MiB");
    packed.data[5] = '\x80'; /* 2^26 */
    assert_int_equal(unpack(inflate, np_buf_span(&packed), SIZE_MAX, 100, &out, &err), 0);
    np_inflate_free(&inflate);
    np_buf_done(&out);
    np_buf_done(&packed);
    np_buf_done(&text);
}

static void unpacks_whole_gzip_objects(void **state)
{
    (void) state;
    struct np_buf packed;
    np_buf_init(&packed, RESULT_MAX);
    add_members(&packed, NP_PACKING_GZIP);
    (void) np_buf_add(&packed, "\0\0\0", 3);
    struct np_inflate *inflate = new_inflate(NP_PACKING_GZIP);
    char out[64] = "";
    size_t len = 99;
    for (size_t cap = 0; cap < 10; cap++)
        assert_int_equal(np_gunzip_whole(inflate, np_buf_span(&packed), out, cap, &len), -E2BIG);
    assert_int_equal(len, 99);
    assert_int_equal(np_gunzip_whole(inflate, np_buf_span(&packed), out, 10, &len), 0);
    assert_span_equal(np_span_make(out, len), "first,last");
    struct np_span cut = np_span_head(np_buf_span(&packed), packed.len - 4);
    assert_int_equal(np_gunzip_whole(inflate, cut, out, sizeof(out), &len), -EBADMSG);
    packed.data[packed.len - 11] ^= 1;
    assert_int_equal(np_gunzip_whole(inflate, np_buf_span(&packed), out, sizeof(out), &len),
                     -EBADMSG);
    np_inflate_free(&inflate);
    np_buf_done(&packed);
}

static void reads_the_claimed_size(void **state)
{
    (void) state;
    struct np_buf packed;
    np_buf_init(&packed, RESULT_MAX);
    struct np_buf text;
    np_buf_init(&text, RESULT_MAX);
    add_text(&text, TEXT_BYTES, 3);
    add_gzip(&packed, np_buf_span(&text));
    assert_int_equal(np_gunzip_claimed(np_buf_span(&packed)), TEXT_BYTES);
    assert_int_equal(np_gunzip_claimed(np_span_head(np_buf_span(&packed), 17)), 0);
    assert_int_equal(np_gunzip_claimed(NP_SPAN("12345678901234\xff\xff\xff\xff")), 0xffffffff);
    np_buf_done(&text);
    np_buf_done(&packed);
}

#ifdef NP_FAULT_INJECTION
static void survives_any_allocation_failure(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(both); i++) {
        struct np_inflate *inflate = NULL;
        int result = -ENOMEM;
        for (long n = 0; result != 0; n++) {
            struct np_err err = {};
            np_alloc_fail_at(n);
            result = np_inflate_new(&inflate, both[i], &err);
            np_alloc_fail_at(-1);
            assert_true(result == 0 ||
                        (result == -ENOMEM && inflate == NULL && err.msg[0] != '\0'));
        }
        np_inflate_free(&inflate);
    }
}

static void survives_want_of_memory_on_the_way(void **state)
{
    (void) state;
    struct np_buf text;
    struct np_buf packed;
    np_buf_init(&text, RESULT_MAX);
    np_buf_init(&packed, RESULT_MAX);
    add_text(&text, TEXT_BYTES, 4);
    add_gzip(&packed, np_buf_span(&text));
    struct np_inflate *inflate = new_inflate(NP_PACKING_GZIP);
    struct np_span in = np_buf_span(&packed);
    struct np_err err = {};
    char out[1000];
    size_t len = 0;
    np_alloc_fail_at(0);
    assert_int_equal(np_inflate_step(inflate, &in, out, sizeof(out), &len, &err), -ENOMEM);
    np_alloc_fail_at(-1);
    assert_string_equal(err.msg, "no memory to unpack gzip data");
    np_inflate_free(&inflate);
    np_buf_done(&packed);
    np_buf_done(&text);
}

static void allocates_nothing_after_the_first_object(void **state)
{
    (void) state;
    struct np_buf packed;
    np_buf_init(&packed, RESULT_MAX);
    add_members(&packed, NP_PACKING_GZIP);
    struct np_inflate *inflate = new_inflate(NP_PACKING_GZIP);
    size_t count = 0;
    for (int object = 0; object < 3; object++) {
        char out[64];
        size_t len = 0;
        np_inflate_reset(inflate);
        struct np_span part = np_buf_span(&packed);
        int result = 1;
        while (result == 1 && part.len > 0)
            result = np_inflate_step(inflate, &part, out, sizeof(out), &len, NULL);
        assert_int_equal(result, 0);
        assert_int_equal(np_gunzip_whole(inflate, np_buf_span(&packed), out, sizeof(out), &len), 0);
        if (object > 0)
            assert_int_equal(np_alloc_count(), count);
        count = np_alloc_count();
    }
    np_inflate_free(&inflate);
    np_buf_done(&packed);
}
#endif

static void frees_nothing_twice(void **state)
{
    (void) state;
    struct np_inflate *inflate = NULL;
    np_inflate_free(&inflate);
    inflate = new_inflate(NP_PACKING_ZSTD);
    np_inflate_free(&inflate);
    assert_null(inflate);
    np_inflate_free(&inflate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detects_by_content),
        cmocka_unit_test(unpacks_in_steps_of_any_size),
        cmocka_unit_test(unpacks_members_in_a_row_and_passes_over_padding),
        cmocka_unit_test(tells_what_is_damaged),
        cmocka_unit_test(refuses_what_follows_a_member_or_padding),
        cmocka_unit_test(keeps_what_was_unpacked_before_the_damage),
        cmocka_unit_test(says_that_a_stream_was_cut_short),
        cmocka_unit_test(refuses_a_large_window),
        cmocka_unit_test(unpacks_whole_gzip_objects),
        cmocka_unit_test(reads_the_claimed_size),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_any_allocation_failure),
        cmocka_unit_test(survives_want_of_memory_on_the_way),
        cmocka_unit_test(allocates_nothing_after_the_first_object),
#endif
        cmocka_unit_test(frees_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
