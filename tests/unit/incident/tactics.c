/* SPDX-License-Identifier: Apache-2.0 */
/* The table of calls: what it takes, what it refuses, and what is guessed. */
#include "support/unit.h"

#include "base/alloc.h"
#include "incident/tactics.h"

static struct np_call_meaning meaning(const char *table, const char *service, const char *api,
                                      bool reads)
{
    struct np_tactics *tactics = NULL;
    assert_int_equal(np_tactics_load(&tactics, np_span_of(table), NULL), 0);
    struct np_call_meaning found =
        np_tactics_of(tactics, np_span_of(service), np_span_of(api), reads);
    np_tactics_free(&tactics);
    return found;
}

static const char table[] = "# calls\n"
                            "\n"
                            "iam\tCreateAccessKey\tpersistence\tsensitive\n"
                            "lambda\tInvoke\texecution\ttelling\n"
                            "ec2\tDescribeRegions\tdiscovery\ttelling\n";

static void knows_the_calls_of_the_table(void **state)
{
    (void) state;
    struct np_call_meaning call = meaning(table, "iam", "CreateAccessKey", false);
    assert_int_equal(call.tactic, NP_TACTIC_PERSISTENCE);
    assert_int_equal(call.weight, NP_WEIGHT_SENSITIVE);
    assert_false(call.guessed);
    assert_true(meaning(table, "sts", "CreateAccessKey", false).guessed);
}

static void cuts_the_date_off_an_api(void **state)
{
    static const struct {
        const char *api;
        bool known;
    } cases[] = {
        {"Invoke", true},           {"Invoke20150331", true},
        {"Invoke20150331v2", true}, {"Invoke2015_03_31", true},
        {"Invoke2015", false},      {"Invokev2", false},
        {"20150331", false},        {"", false},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(!meaning(table, "lambda", cases[i].api, false).guessed, cases[i].known);
}

static void guesses_by_the_verb_and_says_so(void **state)
{
    static const struct {
        const char *api;
        bool reads;
        enum np_tactic tactic;
    } cases[] = {
        {"GetWidget", true, NP_TACTIC_DISCOVERY},         {"DeleteWidget", false, NP_TACTIC_IMPACT},
        {"StopWidget", false, NP_TACTIC_DEFENSE_EVASION}, {"FrobWidget", true, NP_TACTIC_DISCOVERY},
        {"FrobWidget", false, NP_TACTIC_EXECUTION},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_call_meaning call = meaning(table, "widgets", cases[i].api, cases[i].reads);
        assert_int_equal(call.tactic, cases[i].tactic);
        assert_int_equal(call.weight, NP_WEIGHT_ORDINARY);
        assert_true(call.guessed);
    }
}

static void refuses_what_it_cannot_mean(void **state)
{
    static const char *const cases[] = {
        "iam\tCreateUser\tpersistence\n",
        "iam\tCreateUser\tpersistence\tsensitive\tmore\n",
        "iam\tCreateUser\tmischief\tsensitive\n",
        "iam\tCreateUser\tpersistence\tvery\n",
        "\tCreateUser\tpersistence\tsensitive\n",
        "iam\tA\timpact\ttelling\niam\tA\timpact\ttelling\n",
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_tactics *tactics = NULL;
        struct np_err err = {};
        assert_int_equal(np_tactics_load(&tactics, np_span_of(cases[i]), &err), -EINVAL);
        assert_null(tactics);
        assert_true(err.msg[0] != '\0');
    }
}

static void names_of_tactics_read_back(void **state)
{
    (void) state;
    for (int tactic = NP_TACTIC_NONE + 1; tactic < NP_TACTIC_MAX; tactic++)
        assert_int_equal(np_tactic_parse(np_span_of(np_tactic_name((enum np_tactic) tactic))),
                         tactic);
    assert_int_equal(np_tactic_parse(NP_SPAN("")), NP_TACTIC_NONE);
}

#ifdef NP_FAULT_INJECTION
static void survives_without_memory(void **state)
{
    (void) state;
    for (long n = 0;; n++) {
        struct np_tactics *tactics = NULL;
        np_alloc_fail_at(n);
        int r = np_tactics_load(&tactics, np_span_of(table), NULL);
        np_alloc_fail_at(-1);
        if (r == 0) {
            np_tactics_free(&tactics);
            return;
        }
        assert_int_equal(r, -ENOMEM);
        assert_null(tactics);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_calls_of_the_table),
        cmocka_unit_test(cuts_the_date_off_an_api),
        cmocka_unit_test(guesses_by_the_verb_and_says_so),
        cmocka_unit_test(refuses_what_it_cannot_mean),
        cmocka_unit_test(names_of_tactics_read_back),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_without_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
