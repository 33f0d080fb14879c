/* SPDX-License-Identifier: Apache-2.0 */
/* One object to batches: any cut gives the same records, and what is no record is told. */
#include "fixture.h"

#include "source/reader.h"

/*
 * Reads one file with batches of one kind; the records go to `records`, what was skipped to
 * `skipped`.
 */
static void read_file(const char *path, enum np_fill fill, struct np_buf *records,
                      struct np_buf *skipped)
{
    struct np_reader *reader = NULL;
    struct np_tally tally;
    struct np_batch batch;
    np_tally_init(&tally);
    np_batch_init(&batch);
    np_buf_init(records, SIZE_MAX);
    np_buf_init(skipped, SIZE_MAX);
    assert_int_equal(np_reader_new(&reader), 0);
    reader->tally = &tally;
    reader->unwrap = true;
    assert_int_equal(np_buf_add(&reader->path, path, strlen(path) + 1), 0);
    assert_int_equal(np_reader_open(reader, NP_OBJECT_STREAM), 0);
    int r = 0;
    while ((r = np_reader_fill(reader, &batch, fill, NULL)) == 1) {
        assert_in_range(batch.pieces.len, 1, NP_BATCH_PIECES_MAX);
        add_batch(records, &batch);
    }
    assert_int_equal(r, 0);
    assert_int_equal(np_reader_fill(reader, &batch, fill, NULL), 0); /* the end stays the end */
    add_tally(skipped, &tally);
    np_reader_free(&reader);
    np_tally_done(&tally);
    np_batch_done(&batch);
}

static void assert_reads(const char *path, const char *records, const char *skipped)
{
    for (enum np_fill fill = 0; fill < NP_FILL_MAX; fill++) {
        struct np_buf got;
        struct np_buf said;
        read_file(path, fill, &got, &said);
        assert_string_equal(np_buf_cstr(&got), records);
        assert_string_equal(np_buf_cstr(&said), skipped);
        np_buf_done(&got);
        np_buf_done(&said);
    }
}

static void tells_what_is_no_record(void **state)
{
    static const struct {
        const char *text;
        const char *records;
        const char *skipped;
    } cases[] = {
        {"", "", "f: empty x1\n"},
        {" \r\n\t\n", "", "f: empty x1\n"},
        {"\xEF\xBB\xBF\n", "", "f: empty x1\n"},
        {"[]", "", ""},
        {"{\"Records\":[]}", "", ""},
        {"{\"a\":1}", "f:0 {\"a\":1}\n", ""},
        {"\xEF\xBB\xBF{\"a\":1}\r\n\r\n{\"b\":2}\r\n", "f:3 {\"a\":1}\nf:14 {\"b\":2}\n", ""},
        {"[{\"a\":1},17,{\"b\":2}]", "f:1 {\"a\":1}\nf:12 {\"b\":2}\n",
         "f:9: a JSON value that is no object x1\n"},
        {"<html>\n<p>\n{\"a\":1}\n", "f:11 {\"a\":1}\n", "f:0: not JSON (HTML) x1\n"},
        {"{\"a\":1}\n{\"b\":\n", "f:0 {\"a\":1}\n",
         "f:8: JSON that does not close (cut off?) x1\n"},
        {"{\"a\":\"1\n{\"b\":2}\n", "f:8 {\"b\":2}\n",
         "f:0: JSON that does not close (cut off?) x1\n"},
        {"{\"Records\":[{\"a\":1},", "f:12 {\"a\":1}\n",
         "f:0: JSON that does not close (cut off?) x1\n"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        put_text("f", cases[i].text);
        assert_reads("f", cases[i].records, cases[i].skipped);
        put_gzip("f", cases[i].text);
        assert_reads("f", cases[i].records, cases[i].skipped);
    }
}

/* Many records of many lengths, some longer than a batch that is merged. */
static void make_records(struct np_buf *out)
{
    uint64_t random = 7;
    np_buf_init(out, SIZE_MAX);
    for (int i = 0; i < 3000; i++) {
        random = random * 6364136223846793005 + 1442695040888963407;
        size_t len = i % 500 == 499 ? 200 * 1000 : random >> 55;
        assert_int_equal(np_buf_printf(out, "{\"n\":%d,\"text\":\"%0*d\"}%s", i, (int) len, 0,
                                       i % 3 != 0 ? "\n" : ""),
                         0);
    }
}

static void gives_the_same_records_however_they_are_read(void **state)
{
    (void) state;
    struct np_buf text;
    struct np_buf packed;
    struct np_buf want;
    struct np_buf skipped;
    make_records(&text);
    np_buf_init(&packed, SIZE_MAX);
    put_bytes("f", text.data, text.len);
    read_file("f", NP_FILL_WHOLE, &want, &skipped);
    assert_string_equal(np_buf_cstr(&skipped), "");
    np_buf_done(&skipped);
    size_t lines = 0;
    for (size_t i = 0; i < want.len; i++)
        lines += want.data[i] == '\n';
    assert_int_equal(lines, 3000);
    assert_reads("f", np_buf_cstr(&want), "");
    add_gzip(&packed, text.data, text.len);
    put_bytes("f", packed.data, packed.len);
    assert_reads("f", np_buf_cstr(&want), "");
    np_buf_reset(&packed);
    add_zstd(&packed, text.data, text.len);
    put_bytes("f", packed.data, packed.len);
    assert_reads("f", np_buf_cstr(&want), "");
    np_buf_done(&packed);
    np_buf_done(&text);
    np_buf_done(&want);
}

static void passes_over_a_record_that_is_too_long(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    assert_int_equal(np_buf_printf(&text, "{\"a\":1}\n{\"b\":\"%0*d\"}\n{\"c\":3}\n",
                                   NP_RECORD_MAX_BYTES + 1, 0),
                     0);
    put_bytes("f", text.data, text.len);
    char want[64];
    (void) snprintf(want, sizeof(want), "f:0 {\"a\":1}\nf:%d {\"c\":3}\n",
                    8 + NP_RECORD_MAX_BYTES + 10);
    assert_reads("f", want, "f:8: a record longer than 8 MiB x1 (limit)\n");
    np_buf_done(&text);
}

static void holds_a_record_of_the_greatest_length(void **state)
{
    (void) state;
    struct np_buf text;
    struct np_buf got;
    struct np_buf skipped;
    np_buf_init(&text, SIZE_MAX);
    assert_int_equal(np_buf_printf(&text, "{\"b\":\"%0*d\"}", NP_RECORD_MAX_BYTES - 8, 0), 0);
    assert_int_equal(text.len, NP_RECORD_MAX_BYTES);
    put_bytes("f", text.data, text.len);
    for (enum np_fill fill = 0; fill < NP_FILL_MAX; fill++) {
        read_file("f", fill, &got, &skipped);
        assert_int_equal(got.len, text.len + strlen("f:0 \n"));
        assert_int_equal(skipped.len, 0);
        np_buf_done(&got);
        np_buf_done(&skipped);
    }
    np_buf_done(&text);
}

static void bounds_the_pieces_of_a_batch(void **state)
{
    (void) state;
    enum { COUNT = 3 * NP_BATCH_PIECES_MAX + 5 };
    struct np_buf text;
    struct np_buf got;
    struct np_buf skipped;
    np_buf_init(&text, SIZE_MAX);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(np_buf_add_str(&text, "{}"), 0);
    put_bytes("f", text.data, text.len);
    for (enum np_fill fill = 0; fill < NP_FILL_MAX; fill++) {
        read_file("f", fill, &got, &skipped);
        size_t lines = 0;
        for (size_t i = 0; i < got.len; i++)
            lines += got.data[i] == '\n';
        assert_int_equal(lines, COUNT);
        np_buf_done(&got);
        np_buf_done(&skipped);
    }
    np_buf_done(&text);
}

static void tells_damage_and_uses_the_rest(void **state)
{
    (void) state;
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, "{\"a\":1}\n{\"b\":", 13);
    put_bytes("f", packed.data, packed.len - 8); /* all data, no trailer */
    assert_reads("f", "f:0 {\"a\":1}\n",
                 "f:8: JSON that does not close (cut off?) x1\n"
                 "f: gzip data ends too early (cut off?) x1\n");
    packed.data[packed.len - 8] ^= 1; /* the checksum */
    put_bytes("f", packed.data, packed.len);
    struct np_buf got;
    struct np_buf said;
    read_file("f", NP_FILL_WHOLE, &got, &said);
    assert_string_equal(np_buf_cstr(&got), "f:0 {\"a\":1}\n");
    assert_true(strstr(np_buf_cstr(&said), "f: gzip data is damaged at byte ") != NULL);
    np_buf_done(&got);
    np_buf_done(&said);
    np_buf_done(&packed);
}

static void tells_that_a_folder_is_no_stream(void **state)
{
    (void) state;
    assert_reads(".", "", ".: cannot be read any further: Is a directory x1\n");
}

/* A gzip file of `count` times the same bytes, as several members. */
static void put_bomb(const char *path, const char *bytes, size_t len, int count)
{
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, bytes, len);
    size_t member = packed.len;
    for (int i = 1; i < count; i++) {
        assert_int_equal(np_buf_reserve(&packed, member), 0);
        assert_int_equal(np_buf_add(&packed, packed.data, member), 0);
    }
    put_bytes(path, packed.data, packed.len);
    np_buf_done(&packed);
}

static void gives_up_a_bomb_with_bounded_memory(void **state)
{
    enum { MEMBER_BYTES = 64 * 1024 * 1024, MEMBERS = 40 };
    (void) state;
    if (test_is_short()) {
        print_message("# NP_TEST_SHORT is set\n");
        skip();
    }
    np_auto_free char *zeros = np_alloc(MEMBER_BYTES);
    assert_non_null(zeros);
    put_bomb("bomb", zeros, MEMBER_BYTES, MEMBERS);
    struct np_reader *reader = NULL;
    struct np_tally tally;
    struct np_batch batch;
    np_tally_init(&tally);
    np_batch_init(&batch);
    assert_int_equal(np_reader_new(&reader), 0);
    reader->tally = &tally;
    reader->unwrap = true;
    assert_int_equal(np_buf_add_str(&reader->path, "bomb"), 0);
    assert_int_equal(np_buf_add_char(&reader->path, '\0'), 0);
    assert_int_equal(np_reader_open(reader, NP_OBJECT_FILE), 0);
    assert_int_equal(np_reader_fill(reader, &batch, NP_FILL_WHOLE, NULL), 0);
    assert_true(np_reader_memory(reader) + batch.cap < 4 * 1024 * 1024);
    assert_true(reader->object.taken > 0); /* is counted all the same */
    assert_int_equal(tally.entries.len, 1);
    assert_string_equal(tally.entries.items[0].reason, "given up after 2 GiB without one record");
    assert_true(tally.entries.items[0].is_limit);
    np_reader_free(&reader);
    np_tally_done(&tally);
    np_batch_done(&batch);
}

static void allocates_nothing_in_the_steady_state(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, SIZE_MAX);
    for (int i = 0; i < 100 * 1000; i++)
        assert_int_equal(np_buf_printf(&text, "{\"n\":%d,\"eventName\":\"x\"}\n", i), 0);
    put_bytes("f", text.data, text.len);
    struct np_reader *reader = NULL;
    struct np_batch batch;
    np_batch_init(&batch);
    assert_int_equal(np_reader_new(&reader), 0);
    assert_int_equal(np_buf_add_str(&reader->path, "f"), 0);
    assert_int_equal(np_buf_add_char(&reader->path, '\0'), 0);
    size_t before = 0;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(np_reader_open(reader, NP_OBJECT_FILE), 0);
        while (np_reader_fill(reader, &batch, NP_FILL_WHOLE, NULL) == 1)
            continue;
        if (round == 0)
            before = np_alloc_count();
    }
    assert_int_equal(np_alloc_count(), before);
    np_reader_free(&reader);
    np_batch_done(&batch);
    np_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_no_record),
        cmocka_unit_test(gives_the_same_records_however_they_are_read),
        cmocka_unit_test(passes_over_a_record_that_is_too_long),
        cmocka_unit_test(holds_a_record_of_the_greatest_length),
        cmocka_unit_test(bounds_the_pieces_of_a_batch),
        cmocka_unit_test(tells_damage_and_uses_the_rest),
        cmocka_unit_test(tells_that_a_folder_is_no_stream),
        cmocka_unit_test(gives_up_a_bomb_with_bounded_memory),
        cmocka_unit_test(allocates_nothing_in_the_steady_state),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
