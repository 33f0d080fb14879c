/* SPDX-License-Identifier: Apache-2.0 */
/* What a record can answer of conditions that ask who acted. */
#include "unit/rule/sigma_fixture.h"

/* Each case: a detection, and what is left of its condition. */
static const char *const cases[][2] = {
    {"  s: {eventName: A, nepho.foreign: true}\n  condition: s", "eventName = a"},
    {"  s: {nepho.foreign: true}\n  condition: s", "true"},
    {"  s: {nepho.foreign: true}\n  condition: not s", "true"},
    {"  s: {eventName: A}\n  t: {nepho.moved: true}\n  condition: s and not t", "eventName = a"},
    {"  s: {eventName: A}\n  t: {nepho.moved: true}\n  condition: s or t", "true"},
    {"  s: {eventName: A}\n  t: {nepho.moved: true, errorCode: B}\n  condition: s and not t",
     "eventName = a"},
    {"  s: {eventName: A}\n  t: [{nepho.moved: true}, {errorCode: B}]\n  condition: s and not t",
     "(eventName = a and not errorCode = b)"},
    {"  s: {eventName: A}\n  t: {nepho.moved: true, errorCode: B}\n  condition: not (s and not t)",
     "not (eventName = a and not errorCode = b)"},
    {"  a1: {eventName: A, nepho.tactic: impact}\n  a2: {eventName: B}\n  condition: 1 of a*",
     "(eventName = a or eventName = b)"},
    {"  a1: {eventName: A}\n  a2: {nepho.actor.hops|gte: 2}\n  condition: all of a*",
     "eventName = a"},
    {"  s: {eventName: A, userIdentity.arn|fieldref: nepho.actor.root}\n  condition: s",
     "eventName = a"},
    {"  s: {eventName: A, nepho.actor.join: null}\n  condition: s", "eventName = a"},
    {"  s: {eventName: A, nepho.endpoint.owner|exists: false}\n  condition: s", "eventName = a"},
    {"  s: [word]\n  t: {nepho.foreign: true}\n  condition: s and t", "keyword = *word*"},
    {"  s: {eventName: A}\n  t: {errorCode: B}\n  condition: s and not t",
     "(eventName = a and not errorCode = b)"},
};

static void leaves_what_a_record_can_answer(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, cases[i][0]);
        assert_int_equal(fixture.set->rules.len, 1);
        np_expr_id relaxed = 0;
        np_expr_id condition = fixture.set->rules.items[0].condition;
        assert_int_equal(np_ir_relax(&fixture.set->ir, condition, &relaxed), 0);
        fixture.set->rules.items[0].condition = relaxed;
        assert_string_equal(sigma_condition(&fixture, 0), cases[i][1]);
        sigma_end(&fixture);
    }
}

/* Each case: a detection, and its first problem. */
static const char *const problems[][2] = {
    {"  s: {nepho.moved: true}\n  condition: s",
     "warning 5:7 needs-actors nepho.moved: 'nepho.moved' is known only where incidents are looked "
     "for: the rule does not run with --findings-only, and samples cannot test it"},
    {"  s: {nepho.movd: true}\n  condition: s",
     "error 5:7 bad-value nepho.movd: there is no such field of Nephoscope's own (nepho.moved)"},
    {"  s: {userName|fieldref: nepho.whatever}\n  condition: s",
     "error 5:26 bad-value userName: there is no such field of Nephoscope's own"},
};

static void knows_only_the_fields_of_the_catalogue(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(problems); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, problems[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), problems[i][1]);
        sigma_end(&fixture);
    }
}

static void marks_rules_that_ask_who(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s: {nepho.moved: true}\n  condition: s");
    sigma_load_detection(&fixture, "  s: {moved: true}\n  condition: s");
    assert_int_equal(np_rule_set_compile(fixture.set, NULL), 0);
    assert_true(np_rule_set_asks_who(fixture.set, 0));
    assert_false(np_rule_set_asks_who(fixture.set, 1));
    assert_int_equal(np_rule_set_loaded(fixture.set), 2);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_what_a_record_can_answer),
        cmocka_unit_test(knows_only_the_fields_of_the_catalogue),
        cmocka_unit_test(marks_rules_that_ask_who),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
