/* SPDX-License-Identifier: Apache-2.0 */
/* Rules one at a time: the same answers as the index gives, and what their build says of cost. */
#include "support/unit.h"

#include <errno.h>

#include "rule/cost.h"
#include "support/fake_event.h"
#include "support/ir_kit.h"

enum { NAME = NP_FIELD_EVENT_NAME, SOURCE = NP_FIELD_EVENT_SOURCE };

static np_expr_id is(struct ir_kit *kit, const char *pattern)
{
    return kit_match(kit, NAME, kit_pattern(kit, pattern));
}

static struct np_rule_trial *trial_of(struct ir_kit *kit)
{
    struct np_rule_trial *trial = NULL;
    assert_int_equal(np_rule_index_new(&kit->set.index, &kit->set), 0);
    assert_int_equal(np_rule_trial_new(&trial, &kit->set), 0);
    return trial;
}

static void asks_a_rule_whatever_the_log_source(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, is(&kit, "CreateUser"));
    kit_rule(&kit, is(&kit, "createuser"))->product = "okta";
    (void) kit_rule(&kit, is(&kit, "DeleteUser"));
    struct np_rule_trial *trial = trial_of(&kit);
    fake.values[NAME] = text_value("CreateUser");
    np_rule_trial_begin(trial, &fake.event);
    assert_int_equal(np_rule_trial_run(trial, 0), NP_TRIAL_TRUE);
    assert_int_equal(np_rule_trial_run(trial, 1), NP_TRIAL_TRUE);
    assert_int_equal(np_rule_trial_run(trial, 2), NP_TRIAL_FALSE);
    assert_true(np_rule_takes(&kit.set, 0, fake.event.logsource));
    assert_false(np_rule_takes(&kit.set, 1, fake.event.logsource));
    fake.values[NAME] = text_value("DeleteUser");
    np_rule_trial_begin(trial, &fake.event);
    assert_int_equal(np_rule_trial_run(trial, 0), NP_TRIAL_FALSE);
    assert_int_equal(np_rule_trial_run(trial, 2), NP_TRIAL_TRUE);
    np_rule_trial_free(&trial);
    ir_kit_done(&kit);
}

static void says_what_a_rule_needs(void **state)
{
    (void) state;
    struct ir_kit kit;
    np_expr_id never = 0;
    ir_kit_init(&kit);
    struct np_literal word = kit_pattern(&kit, "*word*");
    assert_int_equal(np_ir_constant(&kit.set.ir, false, &never), 0);
    (void) kit_rule(&kit, is(&kit, "CreateUser"));
    (void) kit_rule(&kit, kit_same(&kit, NAME, SOURCE, NP_PATTERN_EXACT));
    (void) kit_rule(&kit, kit_and(&kit, is(&kit, "a"),
                                  kit_not(&kit, kit_match(&kit, SOURCE, kit_regex("^a+$")))));
    (void) kit_rule(&kit, kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1));
    (void) kit_rule(&kit, never);
    static const struct np_rule_traits expected[] = {
        {}, {.every_event = true}, {.regex = true}, {.keywords = true}, {.never = true}};
    struct np_rule_trial *trial = trial_of(&kit);
    for (uint32_t i = 0; i < NP_ARRAY_LEN(expected); i++) {
        const struct np_rule_traits *traits = np_rule_trial_traits(trial, i);
        assert_int_equal(traits->every_event, expected[i].every_event);
        assert_int_equal(traits->regex, expected[i].regex);
        assert_int_equal(traits->keywords, expected[i].keywords);
        assert_int_equal(traits->never, expected[i].never);
    }
    np_rule_trial_free(&trial);
    ir_kit_done(&kit);
}

static void knows_candidates_by_their_witnesses(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit,
                    kit_and(&kit, is(&kit, "CreateUser"), kit_not(&kit, kit_exists(&kit, SOURCE))));
    (void) kit_rule(&kit, kit_same(&kit, NAME, SOURCE, NP_PATTERN_EXACT));
    (void) kit_rule(&kit, kit_not(&kit, is(&kit, "CreateUser")));
    struct np_rule_trial *trial = trial_of(&kit);
    fake.values[NAME] = text_value("CreateUser");
    fake.values[SOURCE] = text_value("iam");
    np_rule_trial_begin(trial, &fake.event);
    assert_true(np_rule_trial_is_candidate(trial, 0));
    assert_int_equal(np_rule_trial_run(trial, 0), NP_TRIAL_FALSE);
    assert_true(np_rule_trial_is_candidate(trial, 1));
    assert_false(np_rule_trial_is_candidate(trial, 2));
    fake.values[NAME] = text_value("Other");
    np_rule_trial_begin(trial, &fake.event);
    assert_false(np_rule_trial_is_candidate(trial, 0));
    assert_true(np_rule_trial_is_candidate(trial, 2));
    assert_int_equal(np_rule_trial_run(trial, 2), NP_TRIAL_TRUE);
    np_rule_trial_free(&trial);
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    (void) kit_rule(&kit, is(&kit, "CreateUser"));
    (void) kit_rule(&kit, is(&kit, "*User*"));
    assert_int_equal(np_rule_index_new(&kit.set.index, &kit.set), 0);
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_rule_trial *trial = NULL;
        np_alloc_fail_at(n);
        r = np_rule_trial_new(&trial, &kit.set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && trial == NULL));
        np_rule_trial_free(&trial);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_a_rule_whatever_the_log_source),
        cmocka_unit_test(says_what_a_rule_needs),
        cmocka_unit_test(knows_candidates_by_their_witnesses),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
