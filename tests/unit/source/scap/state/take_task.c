/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static int setup(void **state)
{
    static struct world world;
    world_init(&world);
    add_task(&world, 1, 1, 0, "init");
    add_task(&world, 10, 10, 1, "shell");
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_done(*state);
    return 0;
}

static struct clone caller(int64_t child)
{
    return (struct clone){
        .tid = 10, .result = child, .pid = 10, .ptid = 1, .comm = "shell", .flags = 0};
}

static struct clone child(int64_t tid)
{
    return (struct clone){
        .tid = tid, .result = 0, .pid = tid, .ptid = 10, .comm = "shell", .flags = 0};
}

static void check_child(const struct world *world)
{
    const struct np_task *task = np_task_find(world->state, 20);
    assert_non_null(task);
    assert_int_equal(task->pid, 20);
    assert_int_equal(task->ptid, 10);
    assert_int_equal(task->vpid, 20);
    assert_int_equal(task->uid, 8);
    assert_int_equal(task->gid, 9);
    assert_int_equal(task->cap_effective, 5);
    assert_int_equal(task->exe_ino, 77);
    assert_int_equal(task->last_exec_ts, 0);
    assert_text(task->comm, "shell");
    assert_text(task->exepath, "/bin/program");
    assert_span(np_task_cwd(world->state, task), "/home/");
    assert_int_equal(np_task_env(world->state, task).len, 7);
    assert_ptr_equal(np_task_parent(world->state, task), np_task_find(world->state, 10));
    assert_text(np_task_descriptor(world->state, task, 3)->name, "/etc/x");
}

static void makes_the_child_once_whichever_side_comes_first(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/etc/x", 0);
    take_clone(world, caller(20));
    check_child(world);
    uint64_t made = np_task_find(world->state, 20)->clone_ts;
    take_clone(world, child(20));
    assert_int_equal(np_task_find(world->state, 20)->clone_ts, made);
    check_child(world);
}

static void makes_the_child_when_it_comes_first(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/etc/x", 0);
    const struct np_scap_moment *moment = take_clone(world, child(20));
    assert_int_equal(moment->task->tid, 20);
    check_child(world);
    take_clone(world, caller(20));
    check_child(world);
}

static void child_has_descriptors_of_its_own(void **state)
{
    struct world *world = *state;
    take_openat(world, 10, 3, -100, "/etc/x", 0);
    take_clone(world, caller(20));
    take_call(world, NP_SCAP_CLOSE_X, 20, 0, 3);
    take_nothing(world);
    assert_null(np_task_descriptor(world->state, np_task_find(world->state, 20), 3));
    assert_non_null(np_task_descriptor(world->state, np_task_find(world->state, 10), 3));
}

static void threads_share_with_their_main_thread(void **state)
{
    struct world *world = *state;
    struct clone thread = caller(11);
    thread.flags = CL_THREAD;
    take_clone(world, thread);
    const struct np_task *task = np_task_find(world->state, 11);
    assert_int_equal(task->pid, 10);
    assert_int_equal(task->ptid, 1);
    assert_ptr_equal(np_task_main(world->state, task), np_task_find(world->state, 10));
    take_openat(world, 11, 4, -100, "y", 0);
    assert_text(np_task_descriptor(world->state, np_task_find(world->state, 10), 4)->name,
                "/home/y");
    take_call(world, NP_SCAP_CLOSE_X, 10, 0, 4);
    take_nothing(world);
    assert_null(np_task_descriptor(world->state, task, 4));
    assert_int_equal(np_task_threads(world->state, task), 2);
}

static void ignores_a_failed_clone(void **state)
{
    struct world *world = *state;
    const struct np_scap_moment *moment = take_clone(world, caller(-11));
    assert_int_equal(moment->error, 11);
    assert_null(np_task_find(world->state, 20));
}

static void leaves_the_child_of_vfork_to_itself(void **state)
{
    struct world *world = *state;
    struct clone late = caller(20);
    late.type = NP_SCAP_VFORK_20_X;
    take_clone(world, late);
    assert_null(np_task_find(world->state, 20));
    late.type = NP_SCAP_CLONE3_X;
    late.flags = CL_VFORK;
    take_clone(world, late);
    assert_null(np_task_find(world->state, 20));
    take_clone(world, child(20));
    assert_non_null(np_task_find(world->state, 20));
}

static void leaves_the_child_in_a_pid_namespace_to_itself(void **state)
{
    struct world *world = *state;
    struct clone side = caller(2);
    side.flags = CL_IN_PIDNS;
    take_clone(world, side);
    assert_null(np_task_find(world->state, 2));
    side = child(20);
    side.flags = CL_IN_PIDNS;
    side.vtid = side.vpid = 2;
    const struct np_task *task = take_clone(world, side)->task;
    assert_int_equal(task->vpid, 2);
    assert_true(np_task_in_pidns(task));
    assert_false(np_task_in_pidns(np_task_find(world->state, 10)));
}

static void learns_an_unknown_caller_from_its_clone(void **state)
{
    struct world *world = *state;
    take_clone(world, (struct clone){.tid = 50, .result = 51, .pid = 50, .ptid = 1, .comm = "new"});
    const struct np_task *task = np_task_find(world->state, 50);
    assert_int_equal(task->pid, 50);
    assert_int_equal(task->ptid, 1);
    assert_text(task->comm, "new");
    assert_ptr_equal(np_task_parent(world->state, np_task_find(world->state, 51)), task);
}

static void makes_unknown_tasks_of_nothing(void **state)
{
    struct world *world = *state;
    const struct np_scap_moment *moment = take_call(world, NP_SCAP_SETUID_X, 60, 0, 5);
    assert_int_equal(moment->task->tid, 60);
    assert_int_equal(moment->task->pid, -1);
    assert_int_equal(moment->task->uid, 5);
    assert_text(moment->task->comm, "<NA>");
    assert_span(np_task_cwd(world->state, moment->task), "./");
    take_exit(world, 61, 0);
    assert_null(world->moment.task);
}

static void exec_sets_what_a_program_has(void **state)
{
    struct world *world = *state;
    take_clone(world, child(20));
    const struct np_task *task = take_exec(world, 20, "/tmp/tool (deleted)", "tool")->task;
    assert_text(task->comm, "tool");
    assert_text(task->exepath, "/tmp/tool");
    assert_int_equal(np_text_span(task->args).len, 8);
    assert_int_equal(np_task_env(world->state, task).len, 4);
    assert_int_equal(task->last_exec_ts, world->ts);
    assert_true(task->exe_writable);
    assert_true(task->exe_from_memfd);
    assert_false(task->exe_upper_layer);
    assert_int_equal(task->cap_effective, 3);
    assert_int_equal(task->loginuid, 1000);
    assert_int_equal(task->tty, 34816);
    assert_int_equal(task->uid, 33);
    assert_int_equal(task->gid, 44);
    assert_int_equal(task->exe_ino_ctime_duration_clone_ts, task->clone_ts - FIRST_NS / 2);
    assert_int_equal(task->ptid, 10);
}

static void exec_that_fails_changes_nothing(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_EXECVE_19_X, 10);
    put(world, 0, -2);
    put_text(world, 1, "other");
    put_text(world, 13, "other");
    const struct np_scap_moment *moment = take(world);
    assert_text(moment->task->comm, "shell");
    assert_int_equal(moment->error, 2);
}

static void exec_ends_all_other_threads(void **state)
{
    struct world *world = *state;
    struct clone thread = caller(11);
    thread.flags = CL_THREAD;
    take_clone(world, thread);
    take_exec(world, 10, "/bin/tool", "tool");
    assert_null(np_task_find(world->state, 11));
    assert_int_equal(np_task_threads(world->state, np_task_find(world->state, 10)), 1);
}

static void exec_brings_a_dead_main_thread_back(void **state)
{
    struct world *world = *state;
    struct clone thread = caller(11);
    thread.flags = CL_THREAD;
    take_clone(world, thread);
    take_exit(world, 10, 0);
    take_exec(world, 10, "/bin/tool", "tool");
    const struct np_task *task = np_task_find(world->state, 10);
    assert_non_null(task);
    assert_false(task->dead);
    assert_null(np_task_find(world->state, 11));
}

static void an_exited_task_is_there_until_the_next_event(void **state)
{
    struct world *world = *state;
    take_exit(world, 10, 0);
    assert_non_null(np_task_find(world->state, 10));
    assert_int_equal(world->moment.task->tid, 10);
    take_nothing(world);
    assert_null(np_task_find(world->state, 10));
}

static void a_main_thread_stays_as_long_as_its_threads(void **state)
{
    struct world *world = *state;
    struct clone thread = caller(11);
    thread.flags = CL_THREAD;
    take_clone(world, thread);
    take_exit(world, 10, 0);
    take_nothing(world);
    assert_non_null(np_task_find(world->state, 10));
    assert_span(np_task_cwd(world->state, np_task_find(world->state, 11)), "/home/");
    take_exit(world, 11, 0);
    take_nothing(world);
    assert_null(np_task_find(world->state, 10));
    assert_null(np_task_find(world->state, 11));
}

static void orphans_go_to_the_reaper_that_is_told(void **state)
{
    struct world *world = *state;
    take_clone(world, child(20));
    take_clone(world, (struct clone){.tid = 30, .pid = 30, .ptid = 20, .comm = "x"});
    take_exit(world, 20, 10);
    take_nothing(world);
    assert_int_equal(np_task_find(world->state, 30)->ptid, 10);
}

static void orphans_go_to_init_when_no_reaper_is_told(void **state)
{
    struct world *world = *state;
    take_clone(world, child(20));
    take_exit(world, 10, 0);
    take_nothing(world);
    assert_int_equal(np_task_find(world->state, 20)->ptid, 1);
}

static void orphans_go_to_the_nearest_subreaper(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_PRCTL_X, 10);
    put(world, 0, 0);
    put(world, 1, 36);
    put_text(world, 2, "");
    put(world, 3, 1);
    take(world);
    take_clone(world, child(20));
    take_clone(world, (struct clone){.tid = 30, .pid = 30, .ptid = 20, .comm = "x"});
    take_exit(world, 20, 0);
    take_nothing(world);
    assert_int_equal(np_task_find(world->state, 30)->ptid, 10);
}

static void a_name_set_by_prctl_is_not_seen(void **state)
{
    struct world *world = *state;
    event_begin(world, NP_SCAP_PRCTL_X, 10);
    put(world, 0, 0);
    put(world, 1, 15);
    put_text(world, 2, "disguise");
    put(world, 3, 0);
    assert_text(take(world)->task->comm, "shell");
    struct clone named = child(20);
    named.comm = "disguise";
    assert_text(take_clone(world, named)->task->comm, "disguise");
}

static void a_tid_used_again_is_another_task(void **state)
{
    struct world *world = *state;
    take_clone(world, caller(20));
    take_exec(world, 20, "/bin/old", "old");
    world->ts += 3000000000u;
    struct clone again = child(20);
    again.comm = "new";
    const struct np_task *task = take_clone(world, again)->task;
    assert_text(task->comm, "new");
    assert_int_equal(task->last_exec_ts, 0);
}

static void the_caller_replaces_a_task_whose_exit_was_missed(void **state)
{
    struct world *world = *state;
    add_task(world, 20, 20, 1, "old");
    struct clone side = caller(20);
    side.comm = "new";
    take_clone(world, side);
    assert_text(np_task_find(world->state, 20)->comm, "new");
}

static void a_thread_of_an_unknown_process_tells_of_it(void **state)
{
    struct world *world = *state;
    const struct np_task *thread =
        take_clone(
            world,
            (struct clone){.tid = 91, .pid = 90, .ptid = 10, .comm = "worker", .flags = CL_THREAD})
            ->task;
    const struct np_task *main = np_task_main(world->state, thread);
    assert_int_equal(main->tid, 90);
    assert_int_equal(main->ptid, 10);
    assert_text(main->comm, "worker");
}

static void both_sides_of_fork_and_clone3_are_taken(void **state)
{
    struct world *world = *state;
    static const uint16_t types[] = {NP_SCAP_FORK_20_X, NP_SCAP_CLONE3_X, NP_SCAP_CLONE_20_X};
    for (int64_t i = 0; i < 3; i++) {
        struct clone side = caller(100 + i);
        side.type = types[i];
        take_clone(world, side);
        assert_int_equal(np_task_find(world->state, 100 + i)->ptid, 10);
        side = child(200 + i);
        side.type = types[i];
        assert_int_equal(take_clone(world, side)->task->ptid, 10);
    }
}

static void takes_the_name_of_a_clone_not_that_of_the_parent(void **state)
{
    struct world *world = *state;
    struct clone side = child(20);
    side.ptid = 77; /* never seen */
    side.comm = "alone";
    const struct np_task *task = take_clone(world, side)->task;
    assert_text(task->comm, "alone");
    assert_int_equal(task->ptid, 0);
    assert_text(task->exepath, "");
}

static void survives_parents_in_a_loop(void **state)
{
    struct world *world = *state;
    add_task(world, 70, 70, 71, "a");
    add_task(world, 71, 71, 70, "b");
    add_task(world, 72, 72, 72, "c");
    take_clone(world, (struct clone){.tid = 73, .pid = 73, .ptid = 70, .comm = "d"});
    take_exit(world, 70, 0);
    take_exit(world, 72, 0);
    take_nothing(world);
    assert_null(np_task_find(world->state, 70));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(makes_the_child_once_whichever_side_comes_first),
        CASE(makes_the_child_when_it_comes_first),
        CASE(child_has_descriptors_of_its_own),
        CASE(threads_share_with_their_main_thread),
        CASE(ignores_a_failed_clone),
        CASE(leaves_the_child_of_vfork_to_itself),
        CASE(leaves_the_child_in_a_pid_namespace_to_itself),
        CASE(learns_an_unknown_caller_from_its_clone),
        CASE(makes_unknown_tasks_of_nothing),
        CASE(exec_sets_what_a_program_has),
        CASE(exec_that_fails_changes_nothing),
        CASE(exec_ends_all_other_threads),
        CASE(exec_brings_a_dead_main_thread_back),
        CASE(an_exited_task_is_there_until_the_next_event),
        CASE(a_main_thread_stays_as_long_as_its_threads),
        CASE(orphans_go_to_the_reaper_that_is_told),
        CASE(orphans_go_to_init_when_no_reaper_is_told),
        CASE(orphans_go_to_the_nearest_subreaper),
        CASE(a_name_set_by_prctl_is_not_seen),
        CASE(a_tid_used_again_is_another_task),
        CASE(the_caller_replaces_a_task_whose_exit_was_missed),
        CASE(a_thread_of_an_unknown_process_tells_of_it),
        CASE(both_sides_of_fork_and_clone3_are_taken),
        CASE(takes_the_name_of_a_clone_not_that_of_the_parent),
        CASE(survives_parents_in_a_loop),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
