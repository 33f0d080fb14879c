/* SPDX-License-Identifier: Apache-2.0 */
/* What paths lead to: order, links, loops, and everything in a folder that is no file. */
#include "fixture.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "source/walk.h"

struct walked {
    struct np_object_list list;
    struct np_tally tally;
    struct np_buf text; /* a path a line, then what was skipped */
    struct np_err err;
    int result;
};

static void walk(struct walked *walked, const char *const *paths)
{
    struct np_walk *walk = NULL;
    np_object_list_init(&walked->list);
    np_tally_init(&walked->tally);
    np_buf_init(&walked->text, SIZE_MAX);
    walked->err = (struct np_err){};
    assert_int_equal(np_walk_new(&walk, &walked->list, &walked->tally), 0);
    walked->result = 0;
    for (; *paths != NULL && walked->result == 0; paths++)
        walked->result = np_walk_path(walk, *paths, &walked->err);
    np_walk_free(&walk);
    struct np_buf path;
    np_buf_init(&path, SIZE_MAX);
    for (size_t i = 0; i < walked->list.refs.len; i++) {
        assert_int_equal(np_object_list_path(&walked->list, &walked->list.refs.items[i], &path), 0);
        assert_int_equal(np_buf_printf(&walked->text, "%s\n", path.data), 0);
    }
    np_buf_done(&path);
    add_tally(&walked->text, &walked->tally);
}

static void done(struct walked *walked)
{
    np_object_list_done(&walked->list);
    np_tally_done(&walked->tally);
    np_buf_done(&walked->text);
}

#define WALK(walked, ...) walk((walked), (const char *const[]){__VA_ARGS__, NULL})

#define assert_walk(text_, ...)                                                                    \
    do {                                                                                           \
        struct walked walked_;                                                                     \
        WALK(&walked_, __VA_ARGS__);                                                               \
        assert_string_equal(np_buf_cstr(&walked_.text), text_);                                    \
        assert_int_equal(walked_.result, 0);                                                       \
        done(&walked_);                                                                            \
    } while (0)

#define assert_refused(code_, message_, ...)                                                       \
    do {                                                                                           \
        struct walked walked_;                                                                     \
        WALK(&walked_, __VA_ARGS__);                                                               \
        assert_int_equal(walked_.result, code_);                                                   \
        assert_string_equal(walked_.err.msg, message_);                                            \
        done(&walked_);                                                                            \
    } while (0)

static void lists_files_then_folders_by_name(void **state)
{
    (void) state;
    put_text("logs/b.json", "{}");
    put_text("logs/a/2.json", "{}");
    put_text("logs/a/10.json", "{}");
    put_text("logs/z/y/x.json", "");
    put_text("logs/.hidden", "{}");
    put_text("logs/C.json", "{}");
    assert_walk("logs/.hidden\nlogs/C.json\nlogs/b.json\nlogs/a/10.json\nlogs/a/2.json\n"
                "logs/z/y/x.json\n",
                "logs");
    assert_walk("logs/a/10.json\nlogs/a/2.json\n", "logs/a/");
    assert_walk("logs/b.json\n./logs/b.json\n", "logs/b.json", "./logs/b.json");
    make_folders("empty/");
    assert_walk("", "empty");
}

static void counts_objects_and_bytes(void **state)
{
    (void) state;
    struct walked walked;
    put_text("count/a.json", "12345");
    put_text("count/b/c.json", "123");
    WALK(&walked, "count", "count/a.json");
    assert_int_equal(walked.tally.objects, 3);
    assert_int_equal(walked.list.bytes, 13);
    assert_false(walked.list.has_stream);
    done(&walked);
    WALK(&walked, "count/a.json", "/dev/null");
    assert_int_equal(walked.tally.objects, 2);
    assert_true(walked.list.has_stream);
    done(&walked);
}

static void walks_a_folder_once(void **state)
{
    (void) state;
    put_text("once/a/f.json", "{}");
    assert_int_equal(symlink("a", "once/b"), 0);
    assert_walk("once/a/f.json\n", "once");
    assert_walk("once/a/f.json\n", "once", "./once", "once/a");
    assert_walk("once/a/f.json\nonce/a/f.json\n", "once/a/f.json", "once");
}

static void follows_links_and_names_loops(void **state)
{
    (void) state;
    put_text("target/f.json", "{}");
    make_folders("links/deep/er/");
    assert_int_equal(symlink("../target/f.json", "links/file"), 0);
    assert_int_equal(symlink("../target", "links/folder"), 0);
    assert_int_equal(symlink("..", "links/deep/up"), 0);
    assert_int_equal(symlink("../..", "links/deep/er/up"), 0);
    assert_int_equal(symlink(".", "links/self"), 0);
    assert_int_equal(symlink("ping", "links/pong"), 0);
    assert_int_equal(symlink("pong", "links/ping"), 0);
    assert_int_equal(symlink("gone", "links/dangling"), 0);
    assert_walk(
        "links/file\nlinks/folder/f.json\n"
        "links/dangling: a dangling link: what it leads to is not there (restore or remove it) x1\n"
        "links/deep/er/up: a link loop: it leads back to a folder above it (remove the link) x1\n"
        "links/deep/up: a link loop: it leads back to a folder above it (remove the link) x1\n"
        "links/ping: a link loop: its links lead to each other (remove one) x1\n"
        "links/pong: a link loop: its links lead to each other (remove one) x1\n"
        "links/self: a link loop: it leads back to a folder above it (remove the link) x1\n",
        "links");
}

static void names_what_is_no_file(void **state)
{
    (void) state;
    make_folders("odd/");
    assert_int_equal(mkfifo("odd/fifo", 0644), 0);
    assert_int_equal(symlink("/dev/null", "odd/device"), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "odd/socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *) &address, sizeof(address)), 0);
    assert_walk("odd/device: a device in a folder is not read (name it as an input of its own) x1\n"
                "odd/fifo: a FIFO in a folder is not read (name it as an input of its own) x1\n"
                "odd/socket: a socket is not read (pipe its data into \"nepho detect -\") x1\n",
                "odd");
    assert_walk("odd/fifo\nodd/device\n", "odd/fifo", "odd/device");
    assert_refused(-EINVAL, "input 'odd/socket' is neither a file, a folder nor a pipe",
                   "odd/socket");
    (void) close(fd);
}

static void refuses_given_paths_that_cannot_be_read(void **state)
{
    (void) state;
    assert_refused(-ENOENT, "input 'missing': No such file or directory", "missing");
    assert_refused(-ENOENT, "input '': No such file or directory", "");
    put_text("file", "{}");
    assert_refused(-ENOTDIR, "input 'file/x': Not a directory", "file/x");
    assert_int_equal(symlink("gone", "dangling"), 0);
    assert_refused(-ENOENT, "input 'dangling': No such file or directory", "dangling");
}

static void names_unreadable_folders_inside(void **state)
{
    (void) state;
    if (geteuid() == 0) {
        print_message("# root may read everything\n");
        skip();
    }
    put_text("closed/in/f.json", "{}");
    put_text("closed/out.json", "{}");
    assert_int_equal(chmod("closed/in", 0), 0);
    assert_walk("closed/out.json\n"
                "closed/in: cannot be read: Permission denied (run as a user who may read it) x1\n",
                "closed");
    assert_refused(-EACCES, "input 'closed/in': Permission denied", "closed/in");
    assert_int_equal(chmod("closed/in", 0755), 0);
}

static void survives_very_deep_folders(void **state)
{
    (void) state;
    char home[4096];
    assert_non_null(getcwd(home, sizeof(home)));
    enum { DEPTH = 5000 };
    make_folders("deep/");
    assert_int_equal(chdir("deep"), 0);
    for (int i = 0; i < DEPTH; i++) {
        assert_int_equal(mkdir("d", 0755), 0);
        assert_int_equal(chdir("d"), 0);
    }
    assert_int_equal(chdir(home), 0);
    struct walked walked;
    WALK(&walked, "deep");
    assert_int_equal(walked.result, 0);
    assert_int_equal(walked.list.refs.len, 0);
    assert_int_equal(walked.tally.entries.len, 1);
    assert_string_equal(walked.tally.entries.items[0].reason,
                        "cannot be read: File name too long (name a folder further down as the "
                        "input)");
    done(&walked);
    assert_int_equal(system("rm -rf deep"), 0); /* nftw() cannot: the path is too long */
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    put_text("fault/a.json", "{}");
    put_text("fault/b/c.json", "{}");
    for (long n = 0;; n++) {
        struct np_object_list list;
        struct np_tally tally;
        struct np_walk *made = NULL;
        np_object_list_init(&list);
        np_tally_init(&tally);
        np_alloc_fail_at(n);
        int r = np_walk_new(&made, &list, &tally);
        if (r == 0)
            r = np_walk_path(made, "fault", NULL);
        np_alloc_fail_at(-1);
        np_walk_free(&made);
        size_t found = list.refs.len;
        np_object_list_done(&list);
        np_tally_done(&tally);
        if (r == 0) {
            assert_int_equal(found, 2);
            break;
        }
        assert_int_equal(r, -ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_files_then_folders_by_name),
        cmocka_unit_test(counts_objects_and_bytes),
        cmocka_unit_test(walks_a_folder_once),
        cmocka_unit_test(follows_links_and_names_loops),
        cmocka_unit_test(names_what_is_no_file),
        cmocka_unit_test(refuses_given_paths_that_cannot_be_read),
        cmocka_unit_test(names_unreadable_folders_inside),
        cmocka_unit_test(survives_very_deep_folders),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
