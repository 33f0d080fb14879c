/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters as text. */
#include "fixture.h"

static void names_flags_and_descriptors(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_SOCKET_X, PROGRAM);
    put(&asking.world, 0, 3);
    put(&asking.world, 1, 17);
    put(&asking.world, 2, 10);
    put(&asking.world, 3, 768);
    put(&asking.world, 4, 0);
    take(&asking.world);
    expect(&asking, "evt.args", "fd=3(<o>) domain=17(AF_PACKET) type=10 proto=768 flags=0(O_NONE)");
    expect(&asking, "evt.arg.domain", "AF_PACKET");
    expect(&asking, "evt.arg[1]", "AF_PACKET");
    expect(&asking, "evt.arg.type", "10");
    expect(&asking, "evt.arg.fd", "<o>");
    expect(&asking, "evt.arg.path", NULL);
    expect(&asking, "evt.rawarg.domain", "17");
    asking_done(&asking);
}

static void names_errors(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    take_openat(&asking.world, PROGRAM, -2, NP_SCAP_AT_FDCWD, "/nowhere", 1);
    expect(&asking, "evt.arg.fd", "ENOENT");
    expect(&asking, "evt.arg.dirfd", "AT_FDCWD");
    expect(&asking, "evt.arg.name", "/nowhere");
    expect(&asking, "evt.arg.flags", "O_RDONLY");
    expect(&asking, "evt.arg.mode", "0");
    asking_done(&asking);
}

static void resolves_relative_paths(void **state)
{
    (void) state;
    static const struct {
        const char *path;
        int64_t folder;
        const char *expected;
    } cases[] = {
        {"a/../b", NP_SCAP_AT_FDCWD, "/home/b"},
        {"./b", 5, "/srv/d/b"},
        {"b", 77, "b"}, /* a folder that is not known */
        {"/x/../y", NP_SCAP_AT_FDCWD, "/x/../y"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct asking asking;
        asking_init(&asking);
        take_openat(&asking.world, PROGRAM, 5, NP_SCAP_AT_FDCWD, "/srv/d", O_PPM_DIRECTORY);
        event_begin(&asking.world, NP_SCAP_SYMLINKAT_X, PROGRAM);
        put(&asking.world, 0, 0);
        put_text(&asking.world, 1, "target");
        put(&asking.world, 2, cases[i].folder);
        put_text(&asking.world, 3, cases[i].path);
        take(&asking.world);
        expect(&asking, "evt.arg.linkpath", cases[i].expected);
        expect(&asking, "evt.arg.target", "target");
        asking_done(&asking);
    }
}

static void says_what_is_missing(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_CONNECT_X, PROGRAM);
    put(&asking.world, 0, -115);
    put_bytes(&asking.world, 1, "", 0);
    put_bytes(&asking.world, 2, "", 0);
    take(&asking.world);
    expect(&asking, "evt.arg.tuple", "NULL");
    expect(&asking, "evt.arg.fd", "<NA>");
    expect(&asking, "evt.arg.addr", NULL); /* not stored at all */
    event_begin(&asking.world, NP_SCAP_RENAME_X, PROGRAM);
    put(&asking.world, 0, 0);
    put_text(&asking.world, 1, "(NULL)");
    put_bytes(&asking.world, 2, "", 0);
    take(&asking.world);
    expect(&asking, "evt.arg.oldpath", "<NA>");
    expect(&asking, "evt.arg.newpath", "<NA>");
    asking_done(&asking);
}

static void writes_addresses(void **state)
{
    (void) state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *expected;
    } cases[] = {
        {"\x02\x7f\0\0\x01\x34\x12", 7, "127.0.0.1:4660"},
        {"\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x50\0", 19, "::1:80"},
        {"\x01/run/a", 8, "/run/a"},
        {"\x02\x7f", 2, "INVALID IPv4"},
        {"\x0a\x7f", 2, "INVALID IPv6"},
        {"\x10", 1, "family 16"},
    };
    struct asking asking;
    asking_init(&asking);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        event_begin(&asking.world, NP_SCAP_BIND_X, PROGRAM);
        put(&asking.world, 0, -13);
        put_bytes(&asking.world, 1, cases[i].bytes, cases[i].len);
        take(&asking.world);
        expect(&asking, "evt.arg.addr", cases[i].expected);
    }
    asking_done(&asking);
}

static void writes_both_ends(void **state)
{
    (void) state;
    static const char mapped[] = "\x0a\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\x01\x01\0"
                                 "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\x02\x50\0";
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_CONNECT_X, PROGRAM);
    put(&asking.world, 0, -111);
    put_bytes(&asking.world, 1, mapped, sizeof(mapped) - 1);
    take(&asking.world);
    expect(&asking, "evt.arg.tuple", "10.0.0.1:1->10.0.0.2:80");
    event_begin(&asking.world, NP_SCAP_CONNECT_X, PROGRAM);
    put(&asking.world, 0, -111);
    put_bytes(&asking.world, 1, "\x01\x10\0\0\0\0\0\0\0\x0f\0\0\0\0\0\0\0/run/a", 24);
    take(&asking.world);
    expect(&asking, "evt.arg.tuple", "10->f /run/a");
    asking_done(&asking);
}

static void writes_modes_users_and_bytes(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_CHMOD_X, PROGRAM);
    put(&asking.world, 0, 0);
    put_text(&asking.world, 1, "/a");
    put(&asking.world, 2, 1 << 11 | 1 << 8 | 1 << 6);
    take(&asking.world);
    expect(&asking, "evt.arg.mode", "S_IXUSR|S_IRUSR|S_ISUID");
    take_call(&asking.world, NP_SCAP_SETUID_X, PROGRAM, 0, 4242);
    expect(&asking, "evt.args", "res=0 uid=4242(<NA>)");
    take_call(&asking.world, NP_SCAP_SETUID_X, PROGRAM, 0, -1);
    expect(&asking, "evt.args", "res=0 uid=-1(<NONE>)");
    event_begin(&asking.world, NP_SCAP_READ_X, PROGRAM);
    put(&asking.world, 0, 3);
    put_bytes(&asking.world, 1, "a\n\xc3", 3);
    take(&asking.world);
    expect(&asking, "evt.arg.data", "a..");
    expect(&asking, "evt.buffer", "a\n\xc3");
    asking_done(&asking);
}

static void survives_short_numbers(void **state)
{
    (void) state;
    struct asking asking;
    asking_init(&asking);
    event_begin(&asking.world, NP_SCAP_CHMOD_X, PROGRAM);
    put_bytes(&asking.world, 0, "\1", 1);
    put_bytes(&asking.world, 1, "a", 1); /* no NUL */
    put_bytes(&asking.world, 2, "\1\1", 2);
    take(&asking.world);
    expect(&asking, "evt.arg.res", "<NA>");
    expect(&asking, "evt.arg.filename", "/home/a");
    expect(&asking, "evt.arg.mode", "<NA>");
    asking_done(&asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_flags_and_descriptors),
        cmocka_unit_test(names_errors),
        cmocka_unit_test(resolves_relative_paths),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(writes_addresses),
        cmocka_unit_test(writes_both_ends),
        cmocka_unit_test(writes_modes_users_and_bytes),
        cmocka_unit_test(survives_short_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
