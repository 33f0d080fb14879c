/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors, sockets' ends, paths, and what an event did. */
#include "fixture.h"

static void tells_of_an_opened_file(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"fd.num", "5"},
        {"fd.name", "/home/b/c"},
        {"fd.nameraw", "b/c"},
        {"fd.directory", "/home/b"},
        {"fd.filename", "c"},
        {"fd.typechar", "f"},
        {"fd.type", "file"},
        {"fd.l4proto", "<NA>"},
        {"fd.sip", NULL},
        {"fd.port", NULL},
        {"fd.connected", "false"},
        {"fd.ino", "1234"},
        {"evt.res", "SUCCESS"},
        {"evt.rawres", "5"},
        {"evt.failed", "false"},
        {"evt.is_open_read", "true"},
        {"evt.is_open_write", "true"},
        {"evt.is_open_exec", "false"},
        {"evt.is_open_create", "false"},
        {"evt.dir", "<"},
        {"evt.hostname", ""},
        {"evt.is_async", "false"},
        {"evt.category", "file"},
        {"fs.path.nameraw", "b//c"},
        {"fs.path.name", "/home/b/c"},
        {"fs.path.source", NULL},
        {"evt.abspath", "/home/b/c"},
    };
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, 5, NP_SCAP_AT_FDCWD, "b//c", 3);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        expect(&asking, cases[i][0], cases[i][1]);
    asking_done(&asking);
}

static void names_what_a_failed_open_asked_for(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, -13, NP_SCAP_AT_FDCWD, "../x", 2);
    expect(&asking, "fd.num", "-1");
    expect(&asking, "fd.name", "/x");
    expect(&asking, "fd.nameraw", "../x");
    expect(&asking, "fd.directory", "/");
    expect(&asking, "fd.filename", NULL);
    expect(&asking, "fd.typechar", "f");
    expect(&asking, "fd.type", NULL);
    expect(&asking, "evt.res", "EACCES");
    expect(&asking, "evt.rawres", "-13");
    expect(&asking, "evt.failed", "true");
    expect(&asking, "evt.count.error.file", "1");
    asking_done(&asking);
}

static void tells_near_and_far_ends(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"fd.name", "10.0.0.1:4660->10.0.0.2:80"},
        {"fd.type", "ipv4"},
        {"fd.typechar", "4"},
        {"fd.l4proto", "tcp"},
        {"fd.sockfamily", "ip"},
        {"fd.cip", "10.0.0.1"},
        {"fd.sip", "10.0.0.2"},
        {"fd.lip", "10.0.0.1"},
        {"fd.rip", "10.0.0.2"},
        {"fd.cport", "4660"},
        {"fd.sport", "80"},
        {"fd.lport", "4660"},
        {"fd.rport", "80"},
        {"fd.ip", "10.0.0.1,10.0.0.2"},
        {"fd.net", "10.0.0.1,10.0.0.2"},
        {"fd.port", "4660,80"},
        {"fd.snet", "10.0.0.2"},
        {"fd.is_server", "false"},
        {"fd.connected", "true"},
        {"fd.sip.name", NULL},
    };
    struct asking asking;
    asking_init(&asking);
    struct np_scap_interface interface = {.address = {"\x0a\0\0\x01", 4},
                                          .netmask = {"\xff\0\0\0", 4}};
    assert_int_equal(np_scap_state_add_interface(asking.world.state, &interface), 0);
    event_begin(&asking.world, NP_SCAP_SOCKET_X, PROGRAM);
    put(&asking.world, 0, 3);
    put(&asking.world, 1, 2);
    put(&asking.world, 2, 1);
    put(&asking.world, 3, 6);
    take(&asking.world);
    event_begin(&asking.world, NP_SCAP_CONNECT_X, PROGRAM);
    put(&asking.world, 0, 0);
    put_bytes(&asking.world, 1, "\x02\x0a\0\0\x01\x34\x12\x0a\0\0\x02\x50\0", 13);
    put(&asking.world, 2, 3);
    take(&asking.world);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        expect(&asking, cases[i][0], cases[i][1]);
    asking_done(&asking);
}

static void has_empty_names_where_no_descriptor_is_known(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_SETNS_X, PROGRAM);
    put(&asking.world, 0, -9);
    put(&asking.world, 1, 44);
    take(&asking.world);
    expect(&asking, "fd.name", "");
    expect(&asking, "fd.type", NULL);
    expect(&asking, "evt.res", "EBADF");
    asking_done(&asking);
}

static void tells_sources_and_targets(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_RENAME_X, PROGRAM);
    put(&asking.world, 0, 0);
    put_text(&asking.world, 1, "a");
    put_text(&asking.world, 2, "/b");
    take(&asking.world);
    expect(&asking, "fs.path.source", "/home/a");
    expect(&asking, "fs.path.sourceraw", "a");
    expect(&asking, "fs.path.target", "/b");
    expect(&asking, "fs.path.name", NULL);
    expect(&asking, "evt.arg.oldpath", "/home/a");
    put(&asking.world, 0, -2);
    take(&asking.world);
    expect(&asking, "fs.path.source", NULL);
    asking_done(&asking);
}

static void lists_what_a_poll_waits_for(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, 5, NP_SCAP_AT_FDCWD, "/a", 1);
    event_begin(&asking.world, NP_SCAP_POLL_X, PROGRAM);
    put(&asking.world, 0, 1);
    put_bytes(&asking.world, 1, "\2\0\5\0\0\0\0\0\0\0\1\0\7\0\0\0\0\0\0\0\1\0\3", 23);
    take(&asking.world);
    expect(&asking, "fdlist.nums", "5,7");
    expect(&asking, "fdlist.names", "/a,<NA>");
    expect(&asking, "fdlist.cips", "");
    expect(&asking, "evt.arg.fds", "5:f1 7:?1");
    asking_done(&asking);
}

static void puts_a_record_s_head_together(void **state)
{
    (void) state;
    struct asking asking;
    struct np_syscall_head head;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, 5, NP_SCAP_AT_FDCWD, "/a", 2);
    assert_int_equal(np_scap_head(&asking.world.moment, &asking.arena, &head), 0);
    assert_int_equal(head.category, NP_SYSCALL_FILE);
    assert_span(head.name, "openat");
    assert_span(head.user, "7");
    assert_span(head.address, "");
    assert_span(head.outcome, "ok");
    take_openat(&asking.world, PROGRAM, -2, NP_SCAP_AT_FDCWD, "/a", 2);
    assert_int_equal(np_scap_head(&asking.world.moment, &asking.arena, &head), 0);
    assert_int_equal(head.category, NP_SYSCALL_OTHER);
    assert_span(head.outcome, "ENOENT");
    take_exec(&asking.world, PROGRAM, "/bin/ls", "ls");
    assert_int_equal(np_scap_head(&asking.world.moment, &asking.arena, &head), 0);
    assert_int_equal(head.category, NP_SYSCALL_PROCESS);
    asking_done(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_of_an_opened_file),
        cmocka_unit_test(names_what_a_failed_open_asked_for),
        cmocka_unit_test(tells_near_and_far_ends),
        cmocka_unit_test(has_empty_names_where_no_descriptor_is_known),
        cmocka_unit_test(tells_sources_and_targets),
        cmocka_unit_test(lists_what_a_poll_waits_for),
        cmocka_unit_test(puts_a_record_s_head_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
