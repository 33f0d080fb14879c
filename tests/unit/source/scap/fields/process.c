/* SPDX-License-Identifier: Apache-2.0 */
/* The process, those it comes from, its user. */
#include "fixture.h"

static void tells_of_a_program_that_was_started(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"proc.name", "ls"},
        {"proc.exe", "ls"},
        {"proc.exepath", "/bin/ls"},
        {"proc.cmdline", "ls -l /tmp"},
        {"proc.exeline", "ls -l /tmp"},
        {"proc.args", "-l /tmp"},
        {"proc.args[1]", "/tmp"},
        {"proc.args[2]", NULL},
        {"proc.cmdnargs", "2"},
        {"proc.cmdlenargs", "6"},
        {"proc.env", "C=3"},
        {"proc.env[C]", "3"},
        {"proc.env[D]", ""},
        {"proc.pid", "30"},
        {"thread.tid", "30"},
        {"thread.ismain", "true"},
        {"proc.tty", "34816"},
        {"proc.is_exe_writable", "true"},
        {"proc.is_exe_upper_layer", "false"},
        {"proc.is_exe_from_memfd", "true"},
        {"thread.cap_inheritable", "CAP_CHOWN"},
        {"thread.cap_permitted", "CAP_DAC_OVERRIDE"},
        {"thread.cap_effective", "CAP_CHOWN CAP_DAC_OVERRIDE"},
        {"proc.exe_ino", "99"},
        {"evt.type", "execve"},
        {"evt.arg.flags", "EXE_WRITABLE|EXE_FROM_MEMFD"},
        {"fd.name", NULL},
        {"fd.num", NULL},
        {"container.id", NULL},
        {"k8s.ns.name", NULL},
    };
    struct asking asking;
    asking_init(&asking);
    take_exec(&asking.world, PROGRAM, "/bin/ls", "ls");
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        expect(&asking, cases[i][0], cases[i][1]);
    asking_done(&asking);
}

static void tells_of_ancestors(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"proc.ppid", "20"},       {"proc.pname", "bash"},       {"proc.pexepath", "/bin/program"},
        {"proc.pcmdline", "bash"}, {"proc.aname[0]", "cat"},     {"proc.aname[1]", "bash"},
        {"proc.aname[2]", "init"}, {"proc.aname[3]", NULL},      {"proc.aname", "bash,init"},
        {"proc.apid", "20,1"},     {"proc.acmdline[2]", "init"}, {"proc.aenv[B]", "2"},
        {"proc.aenv[Z]", ""},      {"proc.loginshellid", "20"},  {"proc.sname", "init"},
    };
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, 3, NP_SCAP_AT_FDCWD, "/a", 1);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        expect(&asking, cases[i][0], cases[i][1]);
    take_openat(&asking.world, INIT, 3, NP_SCAP_AT_FDCWD, "/a", 1);
    expect(&asking, "proc.ppid", NULL);
    expect(&asking, "proc.pname", NULL);
    asking_done(&asking);
}

static void knows_nothing_of_a_thread_that_was_never_seen(void **state)
{
    (void) state;
    static const char *const absent[] = {"proc.name", "proc.pid", "proc.pname", "proc.aname[2]",
                                         "proc.cwd",  "fd.name",  "user.name",  "user.uid"};
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, 4711, 3, NP_SCAP_AT_FDCWD, "a", 1);
    asking.world.moment.task = NULL;
    for (size_t i = 0; i < NP_ARRAY_LEN(absent); i++)
        expect(&asking, absent[i], NULL);
    expect(&asking, "thread.tid", "4711");
    expect(&asking, "evt.type", "openat");
    asking_done(&asking);
}

static void tells_of_users(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    struct np_scap_user user = {.uid = 7,
                                .gid = 7,
                                .name = NP_SPAN("ann"),
                                .home = NP_SPAN("/home/ann"),
                                .shell = NP_SPAN("/bin/sh")};
    assert_int_equal(np_scap_state_add_user(asking.world.state, &user), 0);
    take_openat(&asking.world, PROGRAM, 3, NP_SCAP_AT_FDCWD, "/a", 1);
    expect(&asking, "user.uid", "7");
    expect(&asking, "user.name", "ann");
    expect(&asking, "user.homedir", "/home/ann");
    expect(&asking, "user.shell", "/bin/sh");
    expect(&asking, "group.gid", "0");
    expect(&asking, "group.name", "root");
    take_call(&asking.world, NP_SCAP_SETUID_X, PROGRAM, 0, 7);
    expect(&asking, "evt.arg.uid", "ann");
    asking_done(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_of_a_program_that_was_started),
        cmocka_unit_test(tells_of_ancestors),
        cmocka_unit_test(knows_nothing_of_a_thread_that_was_never_seen),
        cmocka_unit_test(tells_of_users),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
