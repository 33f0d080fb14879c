/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static int setup(void **state)
{
    static struct world world;
    world_init(&world);
    add_task(&world, 10, 10, 1, "shell");
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_done(*state);
    return 0;
}

static const struct np_descriptor *find(const struct world *world, int64_t fd)
{
    return np_task_descriptor(world->state, np_task_find(world->state, 10), fd);
}

static void open_resolves_against_directory(void **state)
{
    struct world *world = *state;
    const struct np_descriptor *dir =
        take_openat(world, 10, 3, -100, "d/", O_PPM_DIRECTORY)->descriptor;
    assert_int_equal(dir->kind, NP_FD_DIRECTORY);
    assert_text(dir->name, "/home/d");
    assert_text(dir->name_raw, "d/");
    const struct np_scap_moment *moment = take_openat(world, 10, 4, 3, "../x", 1 << 15);
    assert_int_equal(moment->fd, 4);
    assert_true(moment->name_changed);
    assert_int_equal(moment->descriptor->kind, NP_FD_FILE_V2);
    assert_int_equal(moment->descriptor->dev, 8);
    assert_int_equal(moment->descriptor->ino, 1234);
    assert_true((moment->descriptor->flags & NP_FD_UPPER_LAYER) != 0);
    assert_text(moment->descriptor->name, "/home/x");
    assert_text(take_openat(world, 10, 5, 9, "x", 0)->descriptor->name, "<UNKNOWN>/x");
    assert_text(take_openat(world, 10, 5, 9, "/x", 0)->descriptor->name, "/x");
}

static void open_that_fails_has_no_descriptor(void **state)
{
    struct world *world = *state;
    const struct np_scap_moment *moment = take_openat(world, 10, -2, -100, "/nothing", 0);
    assert_null(moment->descriptor);
    assert_int_equal(moment->fd, -1);
    assert_int_equal(moment->error, 2);
}

static void open_and_creat_see_the_working_directory(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_OPEN_X, 10);
    put(world, 0, 3);
    put_text(world, 1, "a");
    put(world, 2, 1);
    put(world, 3, 0);
    assert_text(take(world)->descriptor->name, "/home/a");
    event_begin(world, NP_SCAP_CREAT_X, 10);
    put(world, 0, 4);
    put_text(world, 1, "b");
    put(world, 2, 0);
    put(world, 3, 1);
    put(world, 4, 2);
    put(world, 5, 2);
    const struct np_descriptor *made = take(world)->descriptor;
    assert_text(made->name, "/home/b");
    assert_int_equal(made->ino, 2);
    assert_true((made->flags & NP_FD_LOWER_LAYER) != 0);
}

static void a_closed_descriptor_is_there_until_the_next_event(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", 0);
    const struct np_scap_moment *moment = take_call(world, NP_SCAP_CLOSE_X, 10, 0, 3);
    assert_text(moment->descriptor->name, "/x");
    assert_false(moment->name_changed);
    assert_non_null(find(world, 3));
    take_nothing(world);
    assert_null(find(world, 3));
}

static void a_close_that_fails_closes_nothing(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", 0);
    take_call(world, NP_SCAP_CLOSE_X, 10, -5, 3);
    take_nothing(world);
    assert_non_null(find(world, 3));
}

static void dup_copies_and_replaces(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", 0);
    take_openat(world, 10, 1, -100, "/y", 0);
    event_begin(world, NP_SCAP_DUP2_X, 10);
    put(world, 0, 1);
    put(world, 1, 3);
    put(world, 2, 1);
    const struct np_scap_moment *moment = take(world);
    assert_int_equal(moment->fd, 1);
    assert_text(moment->descriptor->name, "/x");
    assert_false(moment->name_changed);
    assert_text(find(world, 1)->name, "/x");
    assert_int_equal(np_task_descriptor_count(world->state, moment->task), 2);
    assert_text(take_call(world, NP_SCAP_DUP_1_X, 10, 7, 3)->descriptor->name, "/x");
    assert_null(take_call(world, NP_SCAP_DUP_1_X, 10, 8, 30)->descriptor);
}

static void dup_onto_itself_keeps_the_descriptor(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", 0);
    assert_text(take_call(world, NP_SCAP_DUP2_X, 10, 3, 3)->descriptor->name, "/x");
}

static void dup3_sets_close_on_exec(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", 0);
    for (int64_t flags = 0; flags <= O_PPM_CLOEXEC; flags += O_PPM_CLOEXEC) {
        event_begin(world, NP_SCAP_DUP3_X, 10);
        put(world, 0, 4);
        put(world, 1, 3);
        put(world, 2, 4);
        put(world, 3, flags);
        assert_int_equal(take(world)->descriptor->open_flags, flags);
    }
}

static void fcntl_copies_for_dupfd_only(void **state)
{
    struct world *world = *state;
    static const struct {
        int64_t command;
        bool copies;
    } cases[] = {{1, true}, {26, true}, {2, false}, {5, false}};
    take_openat(world, 10, 3, -100, "/x", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t fd = 20 + (int64_t) i;
        event_begin(world, NP_SCAP_FCNTL_X, 10);
        put(world, 0, fd);
        put(world, 1, 3);
        put(world, 2, cases[i].command);
        assert_int_equal(take(world)->fd, cases[i].copies ? fd : 3);
        assert_int_equal(find(world, fd) != NULL, cases[i].copies);
    }
}

static void a_pipe_has_two_ends(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_PIPE2_X, 10);
    put(world, 0, 0);
    put(world, 1, 5);
    put(world, 2, 6);
    put(world, 3, 42);
    put(world, 4, O_PPM_CLOEXEC);
    assert_int_equal(take(world)->fd, 6);
    assert_int_equal(find(world, 5)->kind, NP_FD_PIPE);
    assert_int_equal(find(world, 6)->ino, 42);
    assert_int_equal(find(world, 6)->open_flags, O_PPM_CLOEXEC);
}

static void exec_keeps_descriptors_known(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/x", O_PPM_CLOEXEC);
    take_exec(world, 10, "/bin/x", "x");
    assert_non_null(find(world, 3));
}

static void makes_descriptors_of_every_kind(void **state)
{
    struct world *world = *state;
    static const struct {
        uint16_t type;
        enum np_descriptor_kind kind;
    } cases[] = {
        {NP_SCAP_EVENTFD2_X, NP_FD_EVENT},
        {NP_SCAP_SIGNALFD4_X, NP_FD_SIGNAL},
        {NP_SCAP_TIMERFD_CREATE_X, NP_FD_TIMER},
        {NP_SCAP_INOTIFY_INIT1_X, NP_FD_INOTIFY},
        {NP_SCAP_BPF_2_X, NP_FD_BPF},
        {NP_SCAP_USERFAULTFD_X, NP_FD_USERFAULT},
        {NP_SCAP_IO_URING_SETUP_X, NP_FD_IO_URING},
        {NP_SCAP_EPOLL_CREATE1_X, NP_FD_EVENTPOLL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct np_scap_moment *moment = take_call(world, cases[i].type, 10, 9, 0);
        assert_int_equal(moment->descriptor->kind, cases[i].kind);
        assert_int_equal(moment->fd, 9);
        assert_null(take_call(world, cases[i].type, 10, -1, 0)->descriptor);
    }
}

static void a_memory_file_has_its_name(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_MEMFD_CREATE_X, 10);
    put(world, 0, 3);
    put_text(world, 1, "code");
    put(world, 2, 1);
    const struct np_descriptor *made = take(world)->descriptor;
    assert_int_equal(made->kind, NP_FD_MEMFD);
    assert_text(made->name, "code");
}

static void pidfd_fetches_from_another_process(void **state)
{
    struct world *world = *state;
    add_task(world, 30, 30, 1, "other");
    take_openat(world, 30, 8, -100, "/secret", 0);
    event_begin(world, NP_SCAP_PIDFD_OPEN_X, 10);
    put(world, 0, 3);
    put(world, 1, 30);
    put(world, 2, 0);
    assert_text(take(world)->descriptor->name, "/proc/30");
    event_begin(world, NP_SCAP_PIDFD_GETFD_X, 10);
    put(world, 0, 4);
    put(world, 1, 3);
    put(world, 2, 8);
    assert_text(take(world)->descriptor->name, "/secret");
    assert_text(find(world, 4)->name, "/secret");
}

static void moves_with_chdir_and_fchdir(void **state)
{
    struct world *world = *state;
    const struct np_task *task = np_task_find(world->state, 10);
    event_begin(world, NP_SCAP_CHDIR_X, 10);
    put(world, 0, 0);
    put_text(world, 1, "sub/../other");
    take(world);
    assert_span(np_task_cwd(world->state, task), "/home/other/");
    take_openat(world, 10, 3, -100, "/srv", O_PPM_DIRECTORY);
    take_call(world, NP_SCAP_FCHDIR_X, 10, 0, 3);
    assert_span(np_task_cwd(world->state, task), "/srv/");
    event_begin(world, NP_SCAP_CHDIR_X, 10);
    put(world, 0, -2);
    put_text(world, 1, "/nowhere");
    take(world);
    assert_span(np_task_cwd(world->state, task), "/srv/");
}

static void chroot_sets_the_root(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_CHROOT_X, 10);
    put(world, 0, 0);
    put_text(world, 1, "jail");
    assert_text(take(world)->task->root, "/home/jail");
}

static void forgets_what_is_over_the_limit(void **state)
{
    struct world *world = *state;
    struct np_scap_state_lost lost;
    for (int64_t fd = 0; fd < 4100; fd++)
        take_openat(world, 10, fd, -100, "/x", 0);
    assert_null(world->moment.descriptor);
    np_scap_state_lost(world->state, &lost);
    assert_int_equal(lost.descriptors, 4);
    assert_non_null(take_openat(world, 10, 5, -100, "/y", 0)->descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(open_resolves_against_directory),
        CASE(open_that_fails_has_no_descriptor),
        CASE(open_and_creat_see_the_working_directory),
        CASE(a_closed_descriptor_is_there_until_the_next_event),
        CASE(a_close_that_fails_closes_nothing),
        CASE(dup_copies_and_replaces),
        CASE(dup_onto_itself_keeps_the_descriptor),
        CASE(dup3_sets_close_on_exec),
        CASE(fcntl_copies_for_dupfd_only),
        CASE(a_pipe_has_two_ends),
        CASE(exec_keeps_descriptors_known),
        CASE(makes_descriptors_of_every_kind),
        CASE(a_memory_file_has_its_name),
        CASE(pidfd_fetches_from_another_process),
        CASE(moves_with_chdir_and_fchdir),
        CASE(chroot_sets_the_root),
        CASE(forgets_what_is_over_the_limit),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
