/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of processes, descriptors, users and interfaces. */
#include "support/unit.h"

#include "support/scap_builder.h"

#include "base/compiler.h"

static struct np_scap_cursor cursor_of(const struct np_buf *body, uint32_t type)
{
    struct np_scap_block block = {.type = type, .body = np_buf_span(body)};
    return np_scap_entries(&block);
}

static void reads_processes_of_today(void **state)
{
    struct np_scap_proc proc;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_proc(&body, 7, 1, "/bin/cat");
    size_t start = body.len;
    scap_proc(&body, 8, 7, "/bin/sh");
    scap_u64(&body, 11); /* start of the pid namespace */
    scap_u32(&body, 3);  /* terminal */
    scap_u32(&body, 1000);
    scap_u8(&body, 1);
    for (uint64_t i = 1; i <= 3; i++) /* capabilities */
        scap_u64(&body, i);
    scap_end_entry(&body, start);
    struct np_scap_cursor cursor = cursor_of(&body, SCAP_PROCS);
    assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 1);
    assert_int_equal(proc.tid, 7);
    assert_span_equal(proc.comm, "cat");
    assert_span_equal(proc.root, "/");
    assert_int_equal(proc.loginuid, UINT32_MAX);
    assert_false(proc.has_caps);
    assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 1);
    assert_int_equal(proc.ptid, 7);
    assert_int_equal(proc.tty, 3);
    assert_int_equal(proc.loginuid, 1000);
    assert_true(proc.exe_writable && proc.has_caps && !proc.has_pgid);
    assert_int_equal(proc.cap_effective, 3);
    assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 0);
}

/* Version 4 has no session, no path of the program, no length of the entry. */
static void reads_processes_of_an_older_block(void **state)
{
    struct np_scap_proc proc;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    for (int64_t tid = 5; tid < 7; tid++) {
        scap_u64(&body, (uint64_t) tid);
        scap_u64(&body, 5);
        scap_u64(&body, 1);
        scap_text(&body, "sh");
        scap_text(&body, "-sh");
        scap_text(&body, "");
        scap_text(&body, "/");
        scap_u64(&body, 1024);
        for (int i = 0; i < 6; i++)
            scap_u32(&body, 9);
        scap_u64(&body, 0);
        scap_u64(&body, 0);
        scap_text(&body, "A=1");
        scap_u64(&body, 50);
        scap_u64(&body, 51);
        scap_text(&body, "cpu=/");
    }
    struct np_scap_cursor cursor = cursor_of(&body, SCAP_PROCS_V4);
    for (int64_t tid = 5; tid < 7; tid++) {
        assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 1);
        assert_int_equal(proc.tid, tid);
        assert_int_equal(proc.vpid, 51);
        assert_span_equal(proc.env, "A=1");
        assert_span_equal(proc.cgroups, "cpu=/");
        assert_int_equal(proc.exepath.len, 0);
    }
    assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 0);
}

static size_t begin_fd(struct np_buf *body, uint64_t fd, uint8_t type)
{
    size_t start = body->len;
    scap_u32(body, 0);
    scap_u64(body, fd);
    scap_u64(body, 4711);
    scap_u8(body, type);
    return start;
}

static void reads_descriptors_of_all_kinds(void **state)
{
    struct np_scap_fd fd;
    int64_t tid = 0;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_u64(&body, 7);
    size_t start = begin_fd(&body, 0, NP_SCAP_FD_FILE_V2);
    scap_u32(&body, 3);
    scap_text(&body, "/etc/hosts");
    scap_u32(&body, 64);
    scap_end_entry(&body, start);
    start = begin_fd(&body, 1, NP_SCAP_FD_IPV4_SOCK);
    scap_u32(&body, 0x0100007F);
    scap_u32(&body, 0x0200007F);
    scap_u16(&body, 4000);
    scap_u16(&body, 80);
    scap_u8(&body, 2);
    scap_end_entry(&body, start);
    start = begin_fd(&body, 2, NP_SCAP_FD_UNIX_SOCK);
    scap_u64(&body, 21);
    scap_u64(&body, 22);
    scap_text(&body, "/run/a");
    scap_end_entry(&body, start);
    start = begin_fd(&body, 3, 99); /* of a recorder to come */
    scap_u32(&body, 0xFFFFFFFF);
    scap_end_entry(&body, start);
    struct np_scap_cursor cursor = cursor_of(&body, SCAP_FDS_V2);
    assert_int_equal(np_scap_fds_owner(&cursor, &tid, NULL), 0);
    assert_int_equal(tid, 7);
    assert_int_equal(np_scap_fd_next(&cursor, &fd, NULL), 1);
    assert_span_equal(fd.name, "/etc/hosts");
    assert_int_equal(fd.dev, 64);
    assert_int_equal(np_scap_fd_next(&cursor, &fd, NULL), 1);
    assert_int_equal(fd.destination.len, 4);
    assert_int_equal(fd.destination_port, 80);
    assert_int_equal(fd.l4proto, 2);
    assert_int_equal(np_scap_fd_next(&cursor, &fd, NULL), 1);
    assert_int_equal(fd.unix_destination, 22);
    assert_span_equal(fd.name, "/run/a");
    assert_int_equal(np_scap_fd_next(&cursor, &fd, NULL), 1);
    assert_int_equal(fd.type, NP_SCAP_FD_UNKNOWN);
    assert_int_equal(fd.fd, 3);
    assert_int_equal(np_scap_fd_next(&cursor, &fd, NULL), 0);
}

static void reads_users_and_groups(void **state)
{
    struct np_scap_user user;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_u32(&body, 0);
    scap_u8(&body, 0);
    scap_u32(&body, 1000);
    scap_u32(&body, 100);
    scap_text(&body, "ann");
    scap_text(&body, "/home/ann");
    scap_text(&body, "/bin/sh");
    scap_end_entry(&body, 0);
    size_t start = body.len;
    scap_u32(&body, 0);
    scap_u8(&body, 1);
    scap_u32(&body, 100);
    scap_text(&body, "users");
    scap_end_entry(&body, start);
    struct np_scap_cursor cursor = cursor_of(&body, SCAP_USERS);
    assert_int_equal(np_scap_user_next(&cursor, &user, NULL), 1);
    assert_int_equal(user.uid, 1000);
    assert_span_equal(user.shell, "/bin/sh");
    assert_int_equal(np_scap_user_next(&cursor, &user, NULL), 1);
    assert_true(user.is_group);
    assert_span_equal(user.name, "users");
    assert_int_equal(np_scap_user_next(&cursor, &user, NULL), 0);
}

static void reads_addresses_of_interfaces(void **state)
{
    struct np_scap_address address;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_u32(&body, 26); /* without itself */
    scap_u16(&body, 1);
    scap_u16(&body, 2);
    scap_u32(&body, 0x0100007F);
    scap_u32(&body, 0xFF);
    scap_u32(&body, 0);
    scap_u64(&body, 0);
    (void) np_buf_add_str(&body, "lo");
    struct np_scap_cursor cursor = cursor_of(&body, SCAP_INTERFACES);
    assert_int_equal(np_scap_address_next(&cursor, &address, NULL), 1);
    assert_int_equal(address.address.len, 4);
    assert_span_equal(address.interface, "lo");
    assert_int_equal(np_scap_address_next(&cursor, &address, NULL), 0);
}

/* Every cut of a list is a shorter one or damaged, and ends. */
static void ends_with_a_list_that_is_cut(void **state)
{
    struct np_scap_proc proc;
    np_auto_buf struct np_buf body;
    (void) state;
    np_buf_init(&body, SCAP_BUILT_MAX_BYTES);
    scap_proc(&body, 7, 1, "/bin/cat");
    for (size_t len = 4; len < body.len; len++) {
        struct np_scap_cursor cursor = cursor_of(&body, SCAP_PROCS);
        struct np_err err = {};
        cursor.rest.len = len;
        assert_int_equal(np_scap_proc_next(&cursor, &proc, &err), -EBADMSG);
        assert_string_equal(err.msg, "the list of processes is damaged");
        assert_int_equal(np_scap_proc_next(&cursor, &proc, NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_processes_of_today),
        cmocka_unit_test(reads_processes_of_an_older_block),
        cmocka_unit_test(reads_descriptors_of_all_kinds),
        cmocka_unit_test(reads_users_and_groups),
        cmocka_unit_test(reads_addresses_of_interfaces),
        cmocka_unit_test(ends_with_a_list_that_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
