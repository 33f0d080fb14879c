/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as URI references; the log as a whole is looked at by tests/e2e/sarif.py. */
#include "support/unit.h"

#include "cli/rules/sarif.h"

static void makes_uri_references_of_paths(void **state)
{
    (void) state;
    static const struct {
        const char *path;
        const char *folder;
        const char *uri;
    } cases[] = {
        {"rules/a.yml", "/repo", "rules/a.yml"},
        {"./rules/a.yml", "/repo", "rules/a.yml"},
        {".//././a.yml", "/repo", "a.yml"},
        {"../a.yml", "/repo", "../a.yml"},
        {"/repo/rules/a.yml", "/repo", "rules/a.yml"},
        {"/repo//a.yml", "/repo", "a.yml"},
        {"/reposhop/a.yml", "/repo", "file:///reposhop/a.yml"},
        {"/a.yml", "/", "a.yml"},
        {"/repo/a.yml", NULL, "file:///repo/a.yml"},
        {"a b.yml", "/", "a%20b.yml"},
        {"a:b.yml", "/", "a%3Ab.yml"},
        {"100%#?.yml", "/", "100%25%23%3F.yml"},
        {"\xc3\xa4\xff\n\x1b.yml", "/", "%C3%A4%FF%0A%1B.yml"},
        {"", "/", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_auto_buf struct np_buf buf;
        np_buf_init(&buf, 1024);
        np_sarif_add_uri(&buf, cases[i].path, cases[i].folder);
        assert_string_equal(np_buf_cstr(&buf), cases[i].uri);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_uri_references_of_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
