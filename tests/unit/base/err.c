/* SPDX-License-Identifier: Apache-2.0 */
/* Error texts that read from the outside in. */
#include "support/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"

static int inner(struct np_err *err)
{
    return np_fail(err, -EINVAL, "field '%s' is not a list", "x");
}

static int outer(struct np_err *err)
{
    int r = inner(err);
    return r < 0 ? np_context(err, r, "rule '%s'", "root") : 0;
}

static void puts_context_in_front(void **state)
{
    (void) state;
    struct np_err err = {};
    assert_int_equal(outer(&err), -EINVAL);
    assert_int_equal(err.code, -EINVAL);
    assert_string_equal(err.msg, "rule 'root': field 'x' is not a list");
}

static void works_without_a_place_for_the_text(void **state)
{
    (void) state;
    assert_int_equal(outer(NULL), -EINVAL);
}

static void names_a_code_that_has_no_text_yet(void **state)
{
    (void) state;
    struct np_err err = {};
    assert_int_equal(np_context(&err, -ENOENT, "'%s'", "f.yml"), -ENOENT);
    assert_string_equal(err.msg, "'f.yml': No such file or directory");
    /* A text that belongs to another code says nothing about this one. */
    assert_int_equal(np_context(&err, -ENOMEM, "loading"), -ENOMEM);
    assert_string_equal(err.msg, "loading: Cannot allocate memory");
}

static void marks_a_text_that_was_cut(void **state)
{
    (void) state;
    struct np_err err = {};
    assert_int_equal(np_fail(&err, -EINVAL, "%300d", 1), -EINVAL);
    assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
    assert_string_equal(err.msg + sizeof(err.msg) - 4, "...");
    err = (struct np_err){};
    assert_int_equal(np_fail(&err, -EINVAL, "short"), -EINVAL);
    assert_int_equal(np_context(&err, -EINVAL, "%300d", 1), -EINVAL);
    assert_string_equal(err.msg + sizeof(err.msg) - 4, "...");
    err = (struct np_err){};
    assert_int_equal(np_fail(&err, -EINVAL, "%200d", 1), -EINVAL);
    assert_int_equal(np_context(&err, -EINVAL, "%100d", 1), -EINVAL);
    assert_string_equal(err.msg + sizeof(err.msg) - 4, "...");
}

static void leaves_a_text_that_just_fits(void **state)
{
    (void) state;
    struct np_err err = {};
    assert_int_equal(np_fail(&err, -EINVAL, "%*d", (int) sizeof(err.msg) - 1, 7), -EINVAL);
    assert_int_equal(err.msg[sizeof(err.msg) - 2], '7');
}

static void never_takes_errno_for_success(void **state)
{
    (void) state;
    errno = 0;
    assert_int_equal(np_neg_errno(), -EIO);
    errno = ENOSPC;
    assert_int_equal(np_neg_errno(), -ENOSPC);
}

static void aborts_on_a_broken_assertion(void **state)
{
    (void) state;
    pid_t child = fork();
    if (child == 0) {
        (void) close(STDERR_FILENO); /* the message is meant for people */
        int one = 1;
        NP_ASSERT(one == 1);
        NP_ASSERT_HOT(one == 2);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void takes_what_a_cleanup_would_end(void **state)
{
    (void) state;
    const char *text = "text";
    assert_string_equal(NP_TAKE(text), "text");
    assert_null(text);
    int fd = 7;
    assert_int_equal(NP_TAKE_FD(fd), 7);
    assert_int_equal(fd, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_context_in_front),
        cmocka_unit_test(works_without_a_place_for_the_text),
        cmocka_unit_test(names_a_code_that_has_no_text_yet),
        cmocka_unit_test(marks_a_text_that_was_cut),
        cmocka_unit_test(leaves_a_text_that_just_fits),
        cmocka_unit_test(never_takes_errno_for_success),
        cmocka_unit_test(aborts_on_a_broken_assertion),
        cmocka_unit_test(takes_what_a_cleanup_would_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
