/* SPDX-License-Identifier: Apache-2.0 */
/* Whole runs over files, folders and pipes: what is read, and what is told. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static void unwraps_only_what_is_no_event_of_its_own(void **state)
{
    (void) state;
    put_text("wrapped.json", "{\"Records\":[{\"a\":1},\n{\"a\":2}],\n\"more\":{}}");
    struct run run = READ("wrapped.json");
    assert_records(&run, "wrapped.json:12 {\"a\":1}\nwrapped.json:21 {\"a\":2}\n");
    free_run(&run);
    struct np_logsource generic = {.product = NP_SPAN("x")};
    run = read_generic("wrapped.json", &generic);
    assert_records(&run, "wrapped.json:0 {\"Records\":[{\"a\":1},\n{\"a\":2}],\n\"more\":{}}\n");
    free_run(&run);
}

static void accounts_for_every_object(void **state)
{
    (void) state;
    put_text("account/1-empty.json", "");
    put_text("account/2-page.html", "<!DOCTYPE html>\n<p>\n");
    put_text("account/3-good.json", "{\"a\":1}\n");
    put_text("account/4-cut.json", "{\"a\":1}\n{\"b\":");
    struct np_buf packed;
    np_buf_init(&packed, SIZE_MAX);
    add_gzip(&packed, "{\"a\":1}\n", 8);
    put_bytes("account/5-cut.json.gz", packed.data, packed.len - 4);
    np_buf_done(&packed);
    assert_int_equal(symlink(".", "account/6-loop"), 0);
    struct run run = READ("account");
    assert_int_equal(run.objects, 5);
    assert_records(&run, "account/3-good.json:0 {\"a\":1}\naccount/4-cut.json:0 {\"a\":1}\n"
                         "account/5-cut.json.gz:0 {\"a\":1}\n");
    assert_skipped(
        &run,
        "account/1-empty.json: empty x1\n"
        "account/2-page.html:0: not JSON (HTML) x1\n"
        "account/4-cut.json:8: JSON that does not close (cut off?) x1\n"
        "account/5-cut.json.gz: gzip data ends too early (cut off?) x1\n"
        "account/6-loop: a link loop: it leads back to a folder above it (remove the link) x1\n");
    assert_int_equal(run.bytes, run.bytes_total);
    free_run(&run);
}

static void goes_on_without_a_file_that_has_gone(void **state)
{
    (void) state;
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_buf got;
    put_text("vanish/a.json", "{\"a\":1}\n");
    put_text("vanish/b.json", "{\"b\":1}\n");
    struct np_input_params params = {
        .paths = (const char *const[]){"vanish"}, .path_count = 1, .plan = plan.plan};
    np_buf_init(&got, SIZE_MAX);
    assert_int_equal(np_input_new(&source, &params, NULL), 0);
    assert_int_equal(unlink("vanish/a.json"), 0);
    assert_int_equal(read_source(source, &got), 0);
    add_tally(&got, &source->tally);
    assert_string_equal(np_buf_cstr(&got),
                        "vanish/b.json:0 {\"b\":1}\n"
                        "vanish/a.json: cannot be read: No such file or directory x1\n");
    np_source_free(&source);
    np_buf_done(&got);
    free_plan(&plan);
}

static void refuses_a_path_that_is_not_there(void **state)
{
    (void) state;
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_err err = {};
    put_text("there.json", "{}");
    struct np_input_params params = {.paths = (const char *const[]){"there.json", "missing.json"},
                                     .path_count = 2,
                                     .plan = plan.plan};
    assert_int_equal(np_input_new(&source, &params, &err), -ENOENT);
    assert_null(source);
    assert_string_equal(err.msg, "input 'missing.json': No such file or directory");
    free_plan(&plan);
}

/* Writes each text into a pipe as a writer of its own would, then closes it. */
static void *write_slowly(void *argument)
{
    const int *fd = argument;
    for (int i = 0; i < 3; i++) {
        char text[64];
        int len = snprintf(text, sizeof(text),
                           "{\"eventTime\":\"2024-01-0%dT12:00:00Z\",\"n\":%d}\n", 2 * i + 1, i);
        for (int k = 0; k < len; k++)
            if (write(*fd, text + k, 1) != 1)
                return NULL;
    }
    (void) close(*fd);
    return NULL;
}

static void merges_a_pipe_with_files(void **state)
{
    (void) state;
    int ends[2];
    pthread_t writer;
    int kept = dup(STDIN_FILENO);
    put_text("pipe/2.json", "{\"eventTime\":\"2024-01-02T12:00:00Z\",\"n\":3}\n");
    put_text("pipe/4.json", "{\"eventTime\":\"2024-01-04T12:00:00Z\",\"n\":4}\n");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_slowly, &ends[1]), 0);
    struct run run = READ("pipe", "-", "-");
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_records(&run, "-:0 {\"eventTime\":\"2024-01-01T12:00:00Z\",\"n\":0}\n"
                         "pipe/2.json:0 {\"eventTime\":\"2024-01-02T12:00:00Z\",\"n\":3}\n"
                         "-:43 {\"eventTime\":\"2024-01-03T12:00:00Z\",\"n\":1}\n"
                         "pipe/4.json:0 {\"eventTime\":\"2024-01-04T12:00:00Z\",\"n\":4}\n"
                         "-:86 {\"eventTime\":\"2024-01-05T12:00:00Z\",\"n\":2}\n");
    assert_skipped(&run, "");
    assert_int_equal(run.objects, 3);
    assert_int_equal(run.bytes_total, 0);
    free_run(&run);
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(kept), 0);
}

static void *open_and_write_slowly(void *argument)
{
    int fd =
        open(argument, O_WRONLY | O_CLOEXEC); /* waits for the reader, as the reader does for it */
    return fd >= 0 ? write_slowly(&fd) : NULL;
}

static void reads_a_named_pipe_that_is_given(void **state)
{
    (void) state;
    static char name[] = "named";
    pthread_t writer;
    assert_int_equal(mkfifo(name, 0644), 0);
    assert_int_equal(pthread_create(&writer, NULL, open_and_write_slowly, name), 0);
    struct run run = READ("named");
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_records(&run, "named:0 {\"eventTime\":\"2024-01-01T12:00:00Z\",\"n\":0}\n"
                         "named:43 {\"eventTime\":\"2024-01-03T12:00:00Z\",\"n\":1}\n"
                         "named:86 {\"eventTime\":\"2024-01-05T12:00:00Z\",\"n\":2}\n");
    assert_skipped(&run, "");
    free_run(&run);
}

/* What a source needs, and one that reads `path`. */
struct opened {
    struct plan plan;
    struct np_source *source;
    struct np_batch batch;
};

static struct opened open_source(const char *path)
{
    struct opened opened = {.plan = make_plan(NULL)};
    struct np_input_params params = {.paths = &path, .path_count = 1, .plan = opened.plan.plan};
    np_batch_init(&opened.batch);
    assert_int_equal(np_input_new(&opened.source, &params, NULL), 0);
    return opened;
}

static int next(struct opened *opened)
{
    return opened->source->ops->next(opened->source, &opened->batch, NULL);
}

static void close_source(struct opened *opened)
{
    np_source_free(&opened->source);
    np_batch_done(&opened->batch);
    free_plan(&opened->plan);
}

/* Puts another file in the place of stdin; gives back a descriptor for end_stdin(). */
static int begin_stdin(int fd)
{
    int kept = dup(STDIN_FILENO);
    assert_true(kept >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO && close(fd) == 0);
    return kept;
}

static void end_stdin(int kept)
{
    assert_true(dup2(kept, STDIN_FILENO) == STDIN_FILENO && close(kept) == 0);
}

static void knows_the_size_of_a_file_as_stdin(void **state)
{
    (void) state;
    put_text("redirected", "skipped{\"a\":1}\n");
    int fd = open("redirected", O_RDONLY | O_CLOEXEC);
    assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
    int kept = begin_stdin(fd);
    struct run run = READ("-");
    end_stdin(kept);
    assert_records(&run, "-:0 {\"a\":1}\n");
    assert_int_equal(run.bytes_total, 8);
    assert_int_equal(run.bytes, 8);
    free_run(&run);
}

static void refuses_stdin_that_is_closed(void **state)
{
    (void) state;
    struct plan plan = make_plan(NULL);
    struct np_source *source = NULL;
    struct np_err err = {};
    struct np_input_params params = {
        .paths = (const char *const[]){"-"}, .path_count = 1, .plan = plan.plan};
    int kept = dup(STDIN_FILENO);
    assert_int_equal(close(STDIN_FILENO), 0);
    assert_int_equal(np_input_new(&source, &params, &err), -EBADF);
    end_stdin(kept);
    assert_string_equal(err.msg, "input '-': Bad file descriptor");
    free_plan(&plan);
}

static void on_alarm(int number)
{
    (void) number;
}

static void gives_what_a_pipe_has_and_can_be_interrupted(void **state)
{
    (void) state;
    int ends[2];
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 20000}, {0, 20000}}; /* enough between two, also for valgrind */
    struct itimerval never = {};
    assert_int_equal(pipe(ends), 0);
    int kept = begin_stdin(ends[0]);
    struct opened opened = open_source("-");
    assert_int_equal(write(ends[1], "{\"a\":1}\n{\"b\"", 12), 12);
    assert_int_equal(next(&opened), 1); /* does not wait for the rest */
    assert_int_equal(opened.batch.pieces.len, 1);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(next(&opened), -EINTR);
    assert_int_equal(write(ends[1], ":", 1), 1);
    assert_int_equal(next(&opened), -EINTR);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(write(ends[1], "2}\n", 3), 3);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(next(&opened), 1);
    assert_int_equal(opened.batch.pieces.len, 1);
    assert_int_equal(opened.batch.pieces.items[0].offset, 8);
    assert_span_equal(np_span_make(opened.batch.data, opened.batch.pieces.items[0].len),
                      "{\"b\":2}");
    assert_int_equal(next(&opened), 0);
    assert_int_equal(opened.source->tally.entries.len, 0);
    close_source(&opened);
    end_stdin(kept);
}

static void gives_the_last_line_of_a_pipe_before_another_comes(void **state)
{
    (void) state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int kept = begin_stdin(ends[0]);
    struct opened opened = open_source("-");
    assert_int_equal(write(ends[1], "{\"a\":1}\n{\"b\":2}\n", 16), 16);
    assert_int_equal(next(&opened), 1);
    assert_int_equal(opened.batch.pieces.len, 2);
    assert_int_equal(write(ends[1], "{\"c\":3}\n", 8), 8);
    assert_int_equal(next(&opened), 1);
    assert_int_equal(opened.batch.pieces.len, 1);
    assert_int_equal(opened.batch.pieces.items[0].offset, 16);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(next(&opened), 0);
    close_source(&opened);
    end_stdin(kept);
}

static void can_be_ended_in_the_middle(void **state)
{
    (void) state;
    put_event("middle/a.json", "2024-01-01T12:00:00Z");
    put_event("middle/b.json", "2024-01-02T12:00:00Z");
    put_text("middle/c.json", "{\"eventTime\":\"2024-01-01T12:00:00Z\"}\n"
                              "{\"eventTime\":\"2024-01-03T12:00:00Z\"}\n");
    put_text("middle/d.json", "{\"eventTime\":\"2024-01-01T12:00:00Z\"}\n"
                              "{\"eventTime\":\"2024-01-04T12:00:00Z\"}\n");
    for (int steps = 0; steps < 6; steps++) {
        struct opened opened = open_source("middle");
        for (int i = 0; i < steps; i++)
            assert_int_equal(next(&opened), 1);
        close_source(&opened);
    }
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    put_event("fault/a.json", "2024-01-01T12:00:00Z");
    put_event("fault/b/c.json", "2024-01-02T12:00:00Z");
    put_gzip("fault/d.gz", "{\"eventTime\":\"2024-01-01T11:00:00Z\"}\n");
    put_event("fault/111111111111_CloudTrail_us-east-1_20240102T1210Z_x.json",
              "2024-01-02T12:00:00Z");
    struct plan plan = make_plan(NULL);
    struct np_input_params params = {
        .paths = (const char *const[]){"fault"}, .path_count = 1, .plan = plan.plan};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_source *source = NULL;
        struct np_batch batch;
        np_batch_init(&batch);
        np_alloc_fail_at(n);
        r = np_input_new(&source, &params, NULL);
        if (r == 0)
            while ((r = source->ops->next(source, &batch, NULL)) == 1)
                continue;
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_source_free(&source);
        np_batch_done(&batch);
    }
    free_plan(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwraps_only_what_is_no_event_of_its_own),
        cmocka_unit_test(accounts_for_every_object),
        cmocka_unit_test(goes_on_without_a_file_that_has_gone),
        cmocka_unit_test(refuses_a_path_that_is_not_there),
        cmocka_unit_test(merges_a_pipe_with_files),
        cmocka_unit_test(reads_a_named_pipe_that_is_given),
        cmocka_unit_test(knows_the_size_of_a_file_as_stdin),
        cmocka_unit_test(refuses_stdin_that_is_closed),
        cmocka_unit_test(gives_what_a_pipe_has_and_can_be_interrupted),
        cmocka_unit_test(gives_the_last_line_of_a_pipe_before_another_comes),
        cmocka_unit_test(can_be_ended_in_the_middle),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
