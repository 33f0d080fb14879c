/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of ATT&CK. */
#include "support/unit.h"

#include "base/compiler.h"
#include "rule/attack.h"

static void reads_techniques(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"attack.t1078", "T1078"},
        {"attack.t1078.004", "T1078.004"},
        {"ATTACK.T1078", "T1078"},
        {"attack.initial-access", NULL},
        {"attack.t107", NULL},
        {"attack.t10788", NULL},
        {"attack.t1078.", NULL},
        {"attack.t1078.04", NULL},
        {"attack.t1078.0044", NULL},
        {"attack.t1078-004", NULL},
        {"attack.g0016", NULL},
        {"attack.", NULL},
        {"attack", NULL},
        {"t1078", NULL},
        {"cve.t1078", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_attack_id id = {.text = "-"};
        assert_int_equal(np_attack_technique(np_span_of(cases[i][0]), &id), cases[i][1] != NULL);
        assert_string_equal(id.text, cases[i][1] != NULL ? cases[i][1] : "-");
    }
}

static void knows_tactics_and_the_form_of_ids(void **state)
{
    (void) state;
    static const char *const good[] = {"initial-access", "initial_access", "Impact", "stealth",
                                       "t1078",          "t1078.004",      "ta0001", "g0016",
                                       "s0002",          "m1013",          "ds0017", "c0010"};
    static const char *const bad[] = {"", "initial", "initial access", "t1", "x0001", "g00016"};
    for (size_t i = 0; i < NP_ARRAY_LEN(good); i++)
        assert_true(np_attack_is_known(np_span_of(good[i])));
    for (size_t i = 0; i < NP_ARRAY_LEN(bad); i++)
        assert_false(np_attack_is_known(np_span_of(bad[i])));
    assert_string_equal(np_attack_nearest(NP_SPAN("discvery")), "discovery");
    assert_null(np_attack_nearest(NP_SPAN("qqqqqq")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_techniques),
        cmocka_unit_test(knows_tactics_and_the_form_of_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
