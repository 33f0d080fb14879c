/* SPDX-License-Identifier: Apache-2.0 */
/* One object to bytes: packings by content, damage, streams, signals, files that change. */
#include "fixture.h"

#include <signal.h>
#include <sys/time.h>

#include "source/object.h"

enum { TEXT_BYTES = 300 * 1000 };

/* Text that packs to about a third, so that it fills more than one chunk. */
static char *make_text(void)
{
    char *text = np_alloc(TEXT_BYTES + 1);
    assert_non_null(text);
    uint64_t random = 88172645463325252;
    for (size_t i = 0; i < TEXT_BYTES; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        text[i] = i % 7 == 0 ? (char) ('a' + random % 26) : (char) ('a' + i % 3);
    }
    return text;
}

/* Reads to the end with at most `cap` bytes at a time; returns how it ended. */
static int read_all(struct np_object *object, size_t cap, struct np_buf *out, struct np_err *err)
{
    size_t len = 1;
    int r = 0;
    while (r == 0 && len > 0) {
        assert_int_equal(np_buf_reserve(out, cap), 0);
        r = np_object_read(object, out->data + out->len, cap, &len, err);
        out->len += len;
    }
    return r;
}

static void assert_reads(const char *path, size_t cap, struct np_span want, int want_result)
{
    struct np_object object;
    struct np_buf got;
    struct np_err err = {};
    np_object_init(&object);
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_object_open(&object, path, NP_OBJECT_FILE), 0);
    assert_int_equal(read_all(&object, cap, &got, &err), want_result);
    if (want_result == 0 || want_result == -ENODATA)
        assert_int_equal(got.len, want.len);
    assert_true(got.len <= want.len && (got.len == 0 || memcmp(got.data, want.ptr, got.len) == 0));
    np_buf_done(&got);
    np_object_done(&object);
}

static void reads_plain_files_of_any_size(void **state)
{
    static const size_t caps[] = {1, 3, 4, 5, 64 * 1024, 1024 * 1024};
    (void) state;
    np_auto_free char *text = make_text();
    for (size_t i = 0; i < NP_ARRAY_LEN(caps); i++)
        for (size_t len = 0; len < 12; len++) {
            put_bytes("plain", text, len);
            assert_reads("plain", caps[i], np_span_make(text, len), 0);
        }
    put_bytes("plain.gz", text, TEXT_BYTES);
    assert_reads("plain.gz", 1024, np_span_make(text, TEXT_BYTES), 0);
    assert_reads("plain.gz", 1024 * 1024, np_span_make(text, TEXT_BYTES), 0);
}

static void unpacks_by_content(void **state)
{
    static const size_t caps[] = {7, 4096, 100 * 1000, 1024 * 1024};
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, 1000);
    add_gzip(&packed, text + 1000, 0);
    add_gzip(&packed, text + 1000, TEXT_BYTES - 1000);
    put_bytes("gzip", packed.data, packed.len);
    np_buf_reset(&packed);
    add_zstd(&packed, text, 1000);
    add_zstd(&packed, text + 1000, TEXT_BYTES - 1000);
    put_bytes("zstd", packed.data, packed.len);
    np_buf_reset(&packed);
    add_gzip(&packed, text, TEXT_BYTES);
    put_bytes("gzip.json", packed.data, packed.len);
    np_buf_reset(&packed);
    add_gzip(&packed, text, 0);
    put_bytes("nothing", packed.data, packed.len);
    for (size_t i = 0; i < NP_ARRAY_LEN(caps); i++) {
        assert_reads("gzip", caps[i], np_span_make(text, TEXT_BYTES), 0);
        assert_reads("gzip.json", caps[i], np_span_make(text, TEXT_BYTES), 0);
        assert_reads("zstd", caps[i], np_span_make(text, TEXT_BYTES), 0);
        assert_reads("nothing", caps[i], np_span_make(text, 0), 0);
    }
    np_buf_done(&packed);
}

/* Writes a prefix of what is packed and reads it; what comes out is a prefix of the text. */
static void assert_cut(struct np_span packed, size_t len, struct np_span text)
{
    struct np_object object;
    struct np_buf got;
    struct np_err err = {};
    put_bytes("cut", packed.ptr, len);
    np_object_init(&object);
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_object_open(&object, "cut", NP_OBJECT_FILE), 0);
    int r = read_all(&object, 1024 * 1024, &got, &err);
    assert_true(r == -ENODATA);
    assert_true(strstr(err.msg, "cut off?") != NULL);
    assert_true(got.len < text.len && (got.len == 0 || memcmp(got.data, text.ptr, got.len) == 0));
    size_t more = 1;
    assert_int_equal(np_object_read(&object, got.data, got.cap, &more, NULL), -ENODATA);
    assert_int_equal(more, 0);
    np_buf_done(&got);
    np_object_done(&object);
}

static void uses_what_comes_before_a_cut(void **state)
{
    (void) state;
    np_auto_free char *text = make_text();
    struct np_span whole = np_span_make(text, TEXT_BYTES);
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, TEXT_BYTES);
    for (size_t len = 4; len < packed.len; len += 5000)
        assert_cut(np_buf_span(&packed), len, whole);
    assert_cut(np_buf_span(&packed), packed.len - 1, np_span_make(text, TEXT_BYTES + 1));
    np_buf_reset(&packed);
    add_zstd(&packed, text, TEXT_BYTES);
    for (size_t len = 4; len < packed.len; len += 5000)
        assert_cut(np_buf_span(&packed), len, whole);
    np_buf_done(&packed);
}

static void uses_what_comes_before_damage(void **state)
{
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, 1000);
    size_t first = packed.len;
    add_gzip(&packed, text + 1000, TEXT_BYTES - 1000);
    memset(packed.data + first + 5000, 0xff, 1000);
    put_bytes("damaged", packed.data, packed.len);
    struct np_object object;
    struct np_buf got;
    struct np_err err = {};
    np_object_init(&object);
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_object_open(&object, "damaged", NP_OBJECT_FILE), 0);
    assert_int_equal(read_all(&object, 4096, &got, &err), -EBADMSG);
    assert_true(strstr(err.msg, "gzip data is damaged at byte ") != NULL);
    assert_true(got.len > 1000);
    np_buf_reset(&packed);
    add_zstd(&packed, text, 1000);
    first = packed.len;
    add_zstd(&packed, text + 1000, TEXT_BYTES - 1000);
    packed.data[first + 4] |= 8; /* a reserved bit of the frame's header */
    put_bytes("damaged", packed.data, packed.len);
    np_buf_reset(&got);
    assert_int_equal(np_object_open(&object, "damaged", NP_OBJECT_FILE), 0);
    assert_int_equal(read_all(&object, 4096, &got, &err), -EBADMSG);
    assert_true(strstr(err.msg, "zstd data is damaged at byte ") != NULL);
    assert_int_equal(got.len, 1000);
    np_buf_done(&packed);
    np_buf_done(&got);
    np_object_done(&object);
}

static void does_not_trust_the_size_that_is_claimed(void **state)
{
    static const uint32_t claims[] = {0, 1, 1000, TEXT_BYTES - 1, TEXT_BYTES + 1, UINT32_MAX};
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, TEXT_BYTES);
    for (size_t i = 0; i < NP_ARRAY_LEN(claims); i++) {
        for (int k = 0; k < 4; k++)
            packed.data[packed.len - 4 + (size_t) k] = (char) (claims[i] >> 8 * k);
        put_bytes("liar", packed.data, packed.len);
        struct np_object object;
        struct np_buf got;
        struct np_err err = {};
        size_t room = 0;
        np_object_init(&object);
        np_buf_init(&got, SIZE_MAX);
        assert_int_equal(np_object_open(&object, "liar", NP_OBJECT_FILE), 0);
        assert_int_equal(np_object_look(&object, &room, &err), 0);
        assert_true(room <= NP_OBJECT_WHOLE_MAX_BYTES);
        assert_int_equal(read_all(&object, NP_MAX(room, (size_t) 4096), &got, &err), -EBADMSG);
        assert_int_equal(got.len, TEXT_BYTES);
        np_buf_done(&got);
        np_object_done(&object);
    }
    np_buf_done(&packed);
}

static void tells_the_room_that_a_small_file_needs(void **state)
{
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    struct np_object object;
    size_t room = 0;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, text, TEXT_BYTES);
    put_bytes("small", packed.data, packed.len);
    np_object_init(&object);
    assert_int_equal(np_object_open(&object, "small", NP_OBJECT_FILE), 0);
    assert_int_equal(np_object_look(&object, &room, NULL), 0);
    assert_int_equal(room, TEXT_BYTES);
    size_t len = 0;
    np_auto_free char *out = np_alloc(TEXT_BYTES);
    assert_int_equal(np_object_read(&object, out, TEXT_BYTES, &len, NULL), 0);
    assert_int_equal(len, TEXT_BYTES); /* at one go */
    assert_memory_equal(out, text, TEXT_BYTES);
    assert_int_equal(object.taken, packed.len);
    assert_int_equal(np_object_look(&object, &room, NULL), 0);
    assert_int_equal(room, 0);
    assert_int_equal(np_object_read(&object, out, TEXT_BYTES, &len, NULL), 0);
    assert_int_equal(len, 0);
    np_object_done(&object);
    np_buf_done(&packed);
}

static void reads_files_that_change(void **state)
{
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    struct np_buf got;
    struct np_object object;
    np_buf_init(&packed, SIZE_MAX);
    np_buf_init(&got, SIZE_MAX);
    np_object_init(&object);
    add_gzip(&packed, text, 1000);
    size_t first = packed.len;
    add_gzip(&packed, text + 1000, TEXT_BYTES - 1000);
    put_bytes("grows", packed.data, first);
    assert_int_equal(np_object_open(&object, "grows", NP_OBJECT_FILE), 0);
    put_bytes("grows", packed.data, packed.len);
    assert_int_equal(read_all(&object, 4096, &got, NULL), 0);
    assert_int_equal(got.len, TEXT_BYTES);
    np_buf_reset(&got);
    put_bytes("shrinks", text, TEXT_BYTES);
    assert_int_equal(np_object_open(&object, "shrinks", NP_OBJECT_FILE), 0);
    assert_int_equal(truncate("shrinks", 10), 0);
    assert_int_equal(read_all(&object, 4096, &got, NULL), 0);
    assert_int_equal(got.len, 10);
    np_buf_done(&packed);
    np_buf_done(&got);
    np_object_done(&object);
}

static void refuses_what_is_no_file_any_more(void **state)
{
    (void) state;
    struct np_object object;
    np_object_init(&object);
    assert_int_equal(mkfifo("fifo", 0644), 0);
    assert_int_equal(np_object_open(&object, "fifo", NP_OBJECT_FILE), -ENODEV);
    assert_int_equal(np_object_open(&object, "gone", NP_OBJECT_FILE), -ENOENT);
    assert_int_equal(np_object_open(&object, ".", NP_OBJECT_FILE), -ENODEV);
    np_object_done(&object);
}

static void reads_devices_and_folders_as_streams(void **state)
{
    (void) state;
    struct np_object object;
    struct np_err err = {};
    size_t len = 0;
    char byte = 1;
    np_object_init(&object);
    assert_int_equal(np_object_open(&object, "/dev/zero", NP_OBJECT_STREAM), 0);
    assert_int_equal(np_object_read(&object, &byte, 1, &len, &err), 0);
    assert_int_equal(len, 1);
    assert_int_equal(byte, 0);
    assert_int_equal(np_object_open(&object, ".", NP_OBJECT_STREAM), 0);
    assert_int_equal(np_object_read(&object, &byte, 1, &len, &err), -EISDIR);
    assert_string_equal(err.msg, "cannot be read any further: Is a directory");
    np_object_done(&object);
}

static void on_alarm(int number)
{
    (void) number;
}

/* An alarm that interrupts whatever waits, again and again. */
static void set_alarm(suseconds_t interval_us)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval timer = {{0, interval_us}, {0, interval_us}};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void waits_for_stdin_and_can_be_interrupted(void **state)
{
    (void) state;
    struct np_object object;
    struct np_err err = {};
    int ends[2];
    char out[16];
    size_t len = 0;
    int kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    np_object_init(&object);
    assert_int_equal(np_object_open(&object, "-", NP_OBJECT_STDIN), 0);
    assert_false(np_object_is_ready(&object));
    set_alarm(1000);
    assert_int_equal(np_object_read(&object, out, sizeof(out), &len, &err), -EINTR);
    assert_int_equal(write(ends[1], "ab", 2), 2); /* fewer than tell the packing */
    assert_int_equal(np_object_read(&object, out, sizeof(out), &len, &err), -EINTR);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(np_object_read(&object, out, sizeof(out), &len, &err), -EINTR);
    set_alarm(0);
    assert_int_equal(write(ends[1], "cdef", 4), 4);
    assert_true(np_object_is_ready(&object));
    assert_int_equal(np_object_read(&object, out, sizeof(out), &len, &err), 0);
    assert_int_equal(len, 6);
    assert_memory_equal(out, "abcdef", 6);
    assert_int_equal(close(ends[1]), 0);
    assert_true(np_object_is_ready(&object));
    assert_int_equal(np_object_read(&object, out, sizeof(out), &len, &err), 0);
    assert_int_equal(len, 0);
    np_object_done(&object);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(kept), 0);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    np_auto_free char *text = make_text();
    struct np_buf packed;
    struct np_buf got;
    np_buf_init(&packed, SIZE_MAX);
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_buf_reserve(&got, 2 * TEXT_BYTES), 0);
    add_gzip(&packed, text, TEXT_BYTES);
    put_bytes("fault", packed.data, packed.len);
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_object object;
        size_t len = 0;
        np_object_init(&object);
        assert_int_equal(np_object_open(&object, "fault", NP_OBJECT_FILE), 0);
        np_alloc_fail_at(n);
        r = np_object_read(&object, got.data, got.cap, &len, NULL);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_object_done(&object);
    }
    np_buf_done(&packed);
    np_buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_files_of_any_size),
        cmocka_unit_test(unpacks_by_content),
        cmocka_unit_test(uses_what_comes_before_a_cut),
        cmocka_unit_test(uses_what_comes_before_damage),
        cmocka_unit_test(does_not_trust_the_size_that_is_claimed),
        cmocka_unit_test(tells_the_room_that_a_small_file_needs),
        cmocka_unit_test(reads_files_that_change),
        cmocka_unit_test(refuses_what_is_no_file_any_more),
        cmocka_unit_test(reads_devices_and_folders_as_streams),
        cmocka_unit_test(waits_for_stdin_and_can_be_interrupted),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
