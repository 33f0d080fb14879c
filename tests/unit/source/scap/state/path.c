/* SPDX-License-Identifier: Apache-2.0 */
#include "source/scap/state/path.h"

#include "fixture.h"

static void joins_and_cleans(void **unused)
{
    static const struct {
        const char *base;
        const char *path;
        const char *expected;
    } cases[] = {
        {"/home/", "a", "/home/a"},
        {"/home", "a", "/home/a"},
        {"/home/", "/etc/passwd", "/etc/passwd"},
        {"/home/", "../etc/./x", "/etc/x"},
        {"/home/", "../../../x", "/x"},
        {"/home/", "a/b/..", "/home/a"},
        {"/home/", "a/", "/home/a"},
        {"/home/", "", "/home"},
        {"/", "..", "/"},
        {"", "a//b", "a/b"},
        {"", "a/..", "."},
        {"", "../a", "../a"},
        {"", "../../a", "../../a"},
        {"", "", ""},
        {"./", "a", "a"},
        {"<UNKNOWN>", "a", "<UNKNOWN>/a"},
        {"", "//etc//x", "/etc/x"},
        {"/home/", "..a/...", "/home/..a/..."},
    };
    (void) unused;
    np_auto_buf struct np_buf out;
    np_buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(
            np_scap_path_join(&out, np_span_of(cases[i].base), np_span_of(cases[i].path)), 0);
        assert_string_equal(np_buf_cstr(&out), cases[i].expected);
    }
}

static void says_that_a_path_is_too_long(void **unused)
{
    (void) unused;
    char longest[1024];
    np_auto_buf struct np_buf out;
    np_buf_init(&out, 4096);
    memset(longest, 'a', sizeof(longest));
    longest[0] = '/';
    struct np_span path = {longest, 1023};
    assert_int_equal(np_scap_path_join(&out, (struct np_span){}, path), 0);
    assert_int_equal(out.len, 1023);
    path.len = 1024;
    assert_int_equal(np_scap_path_join(&out, (struct np_span){}, path), 0);
    assert_string_equal(np_buf_cstr(&out), "/PATH_TOO_LONG");
}

static void finds_the_base_of_a_dirfd(void **unused)
{
    (void) unused;
    struct world world;
    world_init(&world);
    add_task(&world, 10, 10, 1, "shell");
    const struct np_task *task =
        take_openat(&world, 10, 3, -100, "/srv/data", O_PPM_DIRECTORY)->task;
    assert_span(np_scap_path_base(world.state, task, 3, NP_SPAN("x")), "/srv/data");
    assert_span(np_scap_path_base(world.state, task, -100, NP_SPAN("x")), "/home/");
    assert_span(np_scap_path_base(world.state, task, 4, NP_SPAN("x")), "<UNKNOWN>");
    assert_span(np_scap_path_base(world.state, task, 4, NP_SPAN("/x")), ".");
    assert_span(np_scap_path_base(world.state, NULL, -100, NP_SPAN("x")), "<UNKNOWN>");
    world_done(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_and_cleans),
        cmocka_unit_test(says_that_a_path_is_too_long),
        cmocka_unit_test(finds_the_base_of_a_dirfd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
