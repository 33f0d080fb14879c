/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file: what it says, and where it is wrong. */
#include "cli/config/config.h"

#include "support/unit.h"

#include <errno.h>

static void reads_every_key(void **state)
{
    (void) state;
    static const char text[] = "accounts: ['111122223333', 444455556666]\n"
                               "endpoints: [a.json, /etc/b.json]\n"
                               "lateness: 2h\n"
                               "exclude_rules: Some title\n";
    struct np_config config;
    struct np_diag_list diags;
    np_config_init(&config);
    np_diag_list_init(&diags);
    assert_int_equal(np_config_load(&config, "conf/nepho.yml", np_span_of(text), &diags), 0);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(config.accounts.texts.len, 2);
    assert_string_equal(config.accounts.texts.items[1].text, "444455556666");
    assert_int_equal(config.accounts.texts.items[1].place.column, 28);
    assert_string_equal(config.endpoints.texts.items[0].text, "conf/a.json");
    assert_string_equal(config.endpoints.texts.items[1].text, "/etc/b.json");
    assert_int_equal(config.lateness, 120 * NP_NS_PER_MIN);
    assert_int_equal(config.exclude_rules.texts.len, 1);
    assert_string_equal(config.exclude_rules.texts.items[0].text, "Some title");
    np_config_done(&config);
    np_diag_list_done(&diags);
}

static void takes_an_empty_file_for_defaults(void **state)
{
    (void) state;
    static const char *const texts[] = {"", "# nothing\n", "---\n", "{}\n"};
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        struct np_config config;
        struct np_diag_list diags;
        np_config_init(&config);
        np_diag_list_init(&diags);
        assert_int_equal(np_config_load(&config, "c.yml", np_span_of(texts[i]), &diags), 0);
        assert_int_equal(config.lateness, 15 * NP_NS_PER_MIN);
        assert_int_equal(config.accounts.texts.len, 0);
        np_config_done(&config);
        np_diag_list_done(&diags);
    }
}

static void names_the_place_of_a_mistake(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *code;
        unsigned line;
        unsigned column;
    } cases[] = {
        {"accounts: []\nacounts: []\n", "unknown-key", 2, 1},
        {"lateness: soon\n", "bad-duration", 1, 11},
        {"lateness: 8d\n", "bad-duration", 1, 11},
        {"lateness: 15\n", "bad-duration", 1, 11},
        {"lateness: [15m]\n", "bad-duration", 1, 11},
        {"accounts: ['1', '111122223333']\n", "bad-account", 1, 12},
        {"accounts: {a: b}\n", "no-list", 1, 11},
        {"accounts:\n", "no-list", 1, 10},
        {"endpoints: [[a]]\n", "no-text", 1, 13},
        {"endpoints: ['']\n", "no-path", 1, 13},
        {"- a\n", "no-mapping", 1, 1},
        {"a: b\n---\nc: d\n", "several-documents", 3, 1},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_config config;
        struct np_diag_list diags;
        np_config_init(&config);
        np_diag_list_init(&diags);
        assert_int_equal(np_config_load(&config, "c.yml", np_span_of(cases[i].text), &diags),
                         -EINVAL);
        assert_int_equal(diags.diags.len, 1);
        assert_string_equal(diags.diags.items[0].code, cases[i].code);
        assert_string_equal(diags.diags.items[0].place.file, "c.yml");
        assert_int_equal(diags.diags.items[0].place.line, cases[i].line);
        assert_int_equal(diags.diags.items[0].place.column, cases[i].column);
        np_config_done(&config);
        np_diag_list_done(&diags);
    }
}

static void tells_every_mistake(void **state)
{
    (void) state;
    static const char text[] = "accounts: [1, 2]\nlateness: x\ncolour: red\n";
    struct np_config config;
    struct np_diag_list diags;
    np_config_init(&config);
    np_diag_list_init(&diags);
    assert_int_equal(np_config_load(&config, "c.yml", np_span_of(text), &diags), -EINVAL);
    assert_int_equal(diags.errors, 4);
    np_config_done(&config);
    np_diag_list_done(&diags);
}

static void refuses_broken_yaml(void **state)
{
    (void) state;
    static const char *const texts[] = {"a: [", "lateness: 1m\nlateness: 2m\n", "\t"};
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        struct np_config config;
        struct np_diag_list diags;
        np_config_init(&config);
        np_diag_list_init(&diags);
        assert_int_equal(np_config_load(&config, "c.yml", np_span_of(texts[i]), &diags), -EINVAL);
        assert_true(diags.errors > 0);
        np_config_done(&config);
        np_diag_list_done(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_key),
        cmocka_unit_test(takes_an_empty_file_for_defaults),
        cmocka_unit_test(names_the_place_of_a_mistake),
        cmocka_unit_test(tells_every_mistake),
        cmocka_unit_test(refuses_broken_yaml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
