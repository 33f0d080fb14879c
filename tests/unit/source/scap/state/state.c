/* SPDX-License-Identifier: Apache-2.0 */
#include "source/scap/state/state.h"

#include "base/alloc.h"
#include "fixture.h"

static void reads_the_tables_at_the_beginning(void **unused)
{
    (void) unused;
    struct world world;
    world_init(&world);
    const struct np_scap_machine machine = {.boot_ns = 12};
    np_scap_state_set_machine(world.state, &machine);
    add_task(&world, 10, 10, 1, "shell");
    add_task(&world, 11, 10, 1, "thread");
    const struct np_scap_fd file = {.fd = 3,
                                    .type = NP_FD_FILE_V2,
                                    .ino = 5,
                                    .dev = 8,
                                    .open_flags = 1,
                                    .name = NP_SPAN("/etc/hosts")};
    const struct np_scap_fd unknown = {.fd = 4, .type = 200};
    assert_int_equal(np_scap_state_add_fd(world.state, 10, &file), 0);
    assert_int_equal(np_scap_state_add_fd(world.state, 10, &unknown), 0);
    assert_int_equal(np_scap_state_add_fd(world.state, 99, &file), 0);
    take_nothing(&world);

    const struct np_task *thread = np_task_find(world.state, 11);
    const struct np_task *main = np_task_main(world.state, thread);
    assert_ptr_equal(main, np_task_find(world.state, 10));
    assert_int_equal(main->ptid, 0); /* its parent is not there */
    assert_null(np_task_parent(world.state, main));
    const struct np_descriptor *found = np_task_descriptor(world.state, thread, 3);
    assert_text(found->name, "/etc/hosts");
    assert_int_equal(found->dev, 8);
    assert_null(np_task_descriptor(world.state, thread, 4));
    assert_null(np_task_descriptor(world.state, thread, -1));
    assert_span(np_task_cwd(world.state, thread), "/home/");
    assert_int_equal(np_scap_state_first_ts(world.state), FIRST_NS + STEP_NS);
    size_t cursor = 0;
    assert_ptr_equal(np_task_descriptor_next(world.state, thread, &cursor), found);
    assert_null(np_task_descriptor_next(world.state, thread, &cursor));
    world_done(&world);
}

/* What a scenario of many kinds of calls does with a memory that fails once: 0 or -ENOMEM. */
static int replay(struct world *world)
{
    const struct np_scap_user user = {
        .uid = 7, .gid = 8, .name = NP_SPAN("u"), .home = NP_SPAN("/h"), .shell = NP_SPAN("/s")};
    const struct np_scap_user group = {.is_group = true, .gid = 8, .name = NP_SPAN("g")};
    const struct np_scap_proc proc = {.tid = 10,
                                      .pid = 10,
                                      .comm = NP_SPAN("shell"),
                                      .exe = NP_SPAN("sh"),
                                      .exepath = NP_SPAN("/bin/sh"),
                                      .args = NP_SPAN("-x"),
                                      .cwd = NP_SPAN("/home"),
                                      .env = NP_SPAN("A=1"),
                                      .root = NP_SPAN("/"),
                                      .cgroups = NP_SPAN("a=/")};
    const struct np_scap_fd fd = {.fd = 3, .type = NP_FD_FILE_V2, .name = NP_SPAN("/x")};
    int r = np_scap_state_add_user(world->state, &user);
    if (r == 0)
        r = np_scap_state_add_user(world->state, &group);
    if (r == 0)
        r = np_scap_state_add_proc(world->state, &proc);
    if (r == 0)
        r = np_scap_state_add_fd(world->state, 10, &fd);
    static const uint16_t types[] = {
        NP_SCAP_SOCKET_X,    NP_SCAP_PIPE_X,       NP_SCAP_OPENAT_2_X,     NP_SCAP_CLONE_20_X,
        NP_SCAP_EXECVE_19_X, NP_SCAP_DUP_1_X,      NP_SCAP_MEMFD_CREATE_X, NP_SCAP_PIDFD_OPEN_X,
        NP_SCAP_CHDIR_X,     NP_SCAP_SOCKETPAIR_X, NP_SCAP_SETUID_X,       NP_SCAP_PROCEXIT_1_E};
    for (size_t i = 0; r == 0 && i < 3 * sizeof(types) / sizeof(types[0]); i++) {
        event_begin(world, types[i % (sizeof(types) / sizeof(types[0]))], 10 + (int64_t) i % 2);
        for (size_t param = 0; param < world->event.info->params_len; param++) {
            enum np_scap_param_type type = world->event.info->params[param].type;
            if (type == NP_SCAP_CHARBUF || type == NP_SCAP_FSPATH || type == NP_SCAP_FSRELPATH)
                put_text(world, param, "text");
            else if (type < NP_SCAP_CHARBUF || type >= NP_SCAP_ERRNO)
                put(world, param, (int64_t) (i % 5 + param));
        }
        world->moment.fd = -77;
        r = np_scap_state_take(world->state, &world->event, &world->moment);
        assert_true(r == 0 || world->moment.fd == -77);
    }
    return r;
}

static void survives_failed_allocations(void **unused)
{
    (void) unused;
    struct world world;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        memset(&world, 0, sizeof(world));
        np_alloc_fail_at(n);
        r = np_scap_state_new(&world.state);
        if (r == 0)
            r = replay(&world);
        assert_true(r == 0 || r == -ENOMEM);
        np_alloc_fail_at(-1);
        np_scap_state_free(&world.state);
        assert_null(world.state);
    }
}

static void knows_users_and_groups(void **unused)
{
    (void) unused;
    struct world world;
    world_init(&world);
    event_begin(&world, NP_SCAP_USER_ADDED_E, -1);
    put(&world, 0, 1000);
    put(&world, 1, 100);
    put_text(&world, 2, "ann");
    put_text(&world, 3, "/home/ann");
    put_text(&world, 4, "/bin/sh");
    put_text(&world, 5, "");
    assert_null(take(&world)->task);
    const struct np_user *user = np_scap_state_user(world.state, 1000);
    assert_text(user->name, "ann");
    assert_text(user->home, "/home/ann");
    assert_text(user->shell, "/bin/sh");
    event_begin(&world, NP_SCAP_USER_ADDED_E, -1);
    put(&world, 0, 1000);
    put_text(&world, 2, "inside");
    put_text(&world, 5, "container");
    take(&world);
    assert_text(np_scap_state_user(world.state, 1000)->name, "ann");
    event_begin(&world, NP_SCAP_GROUP_ADDED_E, -1);
    put(&world, 0, 100);
    put_text(&world, 1, "staff");
    put_text(&world, 2, "");
    take(&world);
    assert_text(np_scap_state_group(world.state, 100)->name, "staff");
    assert_null(np_scap_state_group(world.state, 1000));
    event_begin(&world, NP_SCAP_USER_DELETED_E, -1);
    put(&world, 0, 1000);
    take(&world);
    assert_null(np_scap_state_user(world.state, 1000));
    world_done(&world);
}

static void follows_changes_of_identity(void **unused)
{
    (void) unused;
    static const struct {
        uint16_t type;
        size_t effective;
        bool is_gid;
    } cases[] = {
        {NP_SCAP_SETUID_X, 1, false},    {NP_SCAP_SETREUID_X, 2, false},
        {NP_SCAP_SETRESUID_X, 2, false}, {NP_SCAP_SETGID_X, 1, true},
        {NP_SCAP_SETREGID_X, 2, true},   {NP_SCAP_SETRESGID_X, 2, true},
    };
    struct world world;
    world_init(&world);
    add_task(&world, 10, 10, 1, "shell");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int64_t result = -1; result <= 0; result++) {
            event_begin(&world, cases[i].type, 10);
            put(&world, 0, result);
            for (size_t param = 1; param < world.event.info->params_len; param++)
                put(&world, param, param == cases[i].effective ? 500 + (int64_t) i : 1);
            const struct np_task *task = take(&world)->task;
            uint32_t id = cases[i].is_gid ? task->gid : task->uid;
            assert_int_equal(id == 500 + i, result == 0);
            assert_int_equal(task->cap_effective, 5); /* only exec tells the new ones */
        }
    }
    assert_int_equal(take_call(&world, NP_SCAP_SETSID_X, 10, 10, 0)->task->sid, 10);
    world_done(&world);
}

static void follows_capabilities(void **unused)
{
    (void) unused;
    struct world world;
    world_init(&world);
    add_task(&world, 10, 10, 1, "shell");
    event_begin(&world, NP_SCAP_CAPSET_X, 10);
    put(&world, 0, 0);
    put(&world, 1, 1);
    put(&world, 2, 2);
    put(&world, 3, 4);
    assert_int_equal(take(&world)->task->cap_effective, 4);
    assert_int_equal(take_call(&world, NP_SCAP_UNSHARE_X, 10, 0, 1 << 5)->task->cap_effective, 4);
    const struct np_task *task = take_call(&world, NP_SCAP_UNSHARE_X, 10, 0, 1 << 20)->task;
    assert_int_equal(task->cap_effective, 0x1ffffffffff);
    world_done(&world);
}

static void knows_the_machines_addresses(void **unused)
{
    (void) unused;
    struct world world;
    world_init(&world);
    static const uint8_t v4[] = {10, 0, 0, 1};
    static const uint8_t other[] = {10, 0, 0, 2};
    static const uint8_t mask[] = {255, 255, 255, 0};
    static const uint8_t v6[16] = {[15] = 1};
    const struct np_scap_interface interfaces[] = {
        {{(const char *) v4, 4}, {(const char *) mask, 4}},
        {{(const char *) v6, 16}, {NULL, 0}},
        {{(const char *) v4, 3}, {(const char *) mask, 4}},
    };
    for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
        assert_int_equal(np_scap_state_add_interface(world.state, &interfaces[i]), 0);
    assert_true(np_scap_state_is_local(world.state, v4, 4));
    assert_false(np_scap_state_is_local(world.state, other, 4));
    assert_true(np_scap_state_is_local(world.state, v6, 16));
    world_done(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_tables_at_the_beginning),
        cmocka_unit_test(survives_failed_allocations),
        cmocka_unit_test(knows_users_and_groups),
        cmocka_unit_test(follows_changes_of_identity),
        cmocka_unit_test(follows_capabilities),
        cmocka_unit_test(knows_the_machines_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
