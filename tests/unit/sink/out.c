/* SPDX-License-Identifier: Apache-2.0 */
/* Whole lines, short writes, and every way in which a descriptor says no. */
#include "unit/sink/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

static void add_line(struct np_out *out, const char *text)
{
    np_buf_add_str(np_out_buf(out), text);
}

static void writes_what_was_committed_at_a_flush(void **state)
{
    (void) state;
    struct capture capture;
    capture_open(&capture);
    add_line(capture.out, "one\n");
    assert_int_equal(np_out_commit(capture.out, NULL), 0);
    assert_string_equal(capture_read(&capture), "");
    add_line(capture.out, "half");
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    assert_string_equal(capture_read(&capture), "one\n"); /* no half line */
    add_line(capture.out, " a line\n");
    assert_int_equal(np_out_commit(capture.out, NULL), 0);
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    assert_string_equal(capture_read(&capture), "one\nhalf a line\n");
    assert_false(np_out_is_terminal(capture.out));
    assert_false(np_out_is_stdout(capture.out));
    capture_close(&capture);
}

static void writes_by_itself_when_much_has_gathered(void **state)
{
    (void) state;
    struct capture capture;
    capture_open(&capture);
    for (int i = 0; i < 7000; i++) {
        add_line(capture.out, "0123456789\n");
        assert_int_equal(np_out_commit(capture.out, NULL), 0);
    }
    const char *text = capture_read(&capture);
    assert_true(capture.len >= 64 * 1024 && capture.len < 7000 * 11);
    assert_int_equal(text[capture.len - 1], '\n');
    capture_close(&capture);
}

static void empties_an_old_file(void **state)
{
    (void) state;
    struct capture capture;
    capture_open(&capture);
    add_line(capture.out, "old\n");
    assert_int_equal(np_out_commit(capture.out, NULL), 0);
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    np_out_free(&capture.out);
    assert_int_equal(np_out_file(&capture.out, capture.path, NULL), 0);
    assert_string_equal(capture_read(&capture), "");
    capture_close(&capture);
}

static void names_the_file_that_cannot_be_opened(void **state)
{
    (void) state;
    struct np_out *out = NULL;
    struct np_err err = {};
    assert_int_equal(np_out_file(&out, "/nowhere/findings.ndjson", &err), -ENOENT);
    assert_string_equal(err.msg,
                        "cannot write '/nowhere/findings.ndjson': No such file or directory");
    assert_null(out);
}

static void names_the_file_whose_disk_is_full(void **state)
{
    (void) state;
    struct np_out *out = NULL;
    struct np_err err = {};
    assert_int_equal(np_out_file(&out, "/dev/full", &err), 0);
    add_line(out, "text\n");
    assert_int_equal(np_out_commit(out, &err), 0);
    assert_int_equal(np_out_flush(out, &err), -ENOSPC);
    assert_string_equal(err.msg, "cannot write '/dev/full': No space left on device");
    add_line(out, "more\n");
    assert_int_equal(np_out_commit(out, &err), -ENOSPC); /* and so it stays */
    np_out_free(&out);
}

static void drops_a_line_that_is_too_long_and_keeps_those_before(void **state)
{
    (void) state;
    struct capture capture;
    struct np_err err = {};
    capture_open(&capture);
    add_line(capture.out, "before\n");
    assert_int_equal(np_out_commit(capture.out, NULL), 0);
    add_line(capture.out, "half a li");
    np_out_buf(capture.out)->error = -E2BIG;
    assert_int_equal(np_out_commit(capture.out, &err), -E2BIG);
    assert_true(strstr(err.msg, "a line is too long") != NULL);
    assert_string_equal(capture_read(&capture), "before\n");
    capture_close(&capture);
}

/* Puts a pipe in the place of stdout; returns the reading end. */
static int pipe_as_stdout(int *out_saved)
{
    int ends[2];
    assert_int_equal(fflush(stdout), 0);
    assert_int_equal(pipe(ends), 0);
    *out_saved = dup(STDOUT_FILENO);
    assert_true(*out_saved >= 0);
    assert_int_equal(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    assert_int_equal(close(ends[1]), 0);
    return ends[0];
}

static void restore_stdout(int saved)
{
    (void) dup2(saved, STDOUT_FILENO);
    (void) close(saved);
}

static void tells_when_the_reader_has_gone(void **state)
{
    (void) state;
    struct np_out *out = NULL;
    int saved = -1;
    assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    int r = np_out_stdout(&out);
    int end = pipe_as_stdout(&saved);
    (void) close(end);
    if (r == 0) {
        add_line(out, "text\n");
        r = np_out_commit(out, NULL);
    }
    int flushed = r == 0 ? np_out_flush(out, NULL) : r;
    restore_stdout(saved);
    assert_int_equal(r, 0);
    assert_int_equal(flushed, -EPIPE);
    assert_true(np_out_is_stdout(out));
    np_out_free(&out);
}

/* Reads a pipe to its end, slowly at first by reading little; gives the sum of all bytes. */
static void *drain(void *context)
{
    int end = *(const int *) context;
    uintptr_t sum = 0;
    unsigned char bytes[1000];
    for (;;) {
        ssize_t got = read(end, bytes, sizeof(bytes));
        if (got <= 0)
            return (void *) sum;
        for (ssize_t i = 0; i < got; i++)
            sum += bytes[i];
    }
}

static void waits_for_a_pipe_that_does_not_block(void **state)
{
    (void) state;
    enum { LINES = 30000 };
    struct np_out *out = NULL;
    pthread_t reader;
    void *sum = NULL;
    int saved = -1;
    assert_int_equal(np_out_stdout(&out), 0);
    int end = pipe_as_stdout(&saved);
    int r = fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    if (r == 0)
        r = pthread_create(&reader, NULL, drain, &end);
    for (int i = 0; i < LINES && r == 0; i++) {
        add_line(out, "0123456789\n");
        r = np_out_commit(out, NULL);
    }
    if (r == 0)
        r = np_out_flush(out, NULL);
    restore_stdout(saved); /* closes the writing end */
    assert_int_equal(r, 0);
    assert_int_equal(pthread_join(reader, &sum), 0);
    assert_int_equal((uintptr_t) sum, (uintptr_t) LINES * (525 + 10)); /* '0'..'9' and a newline */
    (void) close(end);
    np_out_free(&out);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_out *out = NULL;
        np_alloc_fail_at(n);
        r = np_out_file(&out, "/dev/null", NULL);
        if (r == 0) {
            add_line(out, "text\n");
            r = np_out_commit(out, NULL);
        } else {
            assert_null(out);
        }
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_out_free(&out);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_was_committed_at_a_flush),
        cmocka_unit_test(writes_by_itself_when_much_has_gathered),
        cmocka_unit_test(empties_an_old_file),
        cmocka_unit_test(names_the_file_that_cannot_be_opened),
        cmocka_unit_test(names_the_file_whose_disk_is_full),
        cmocka_unit_test(drops_a_line_that_is_too_long_and_keeps_those_before),
        cmocka_unit_test(tells_when_the_reader_has_gone),
        cmocka_unit_test(waits_for_a_pipe_that_does_not_block),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
