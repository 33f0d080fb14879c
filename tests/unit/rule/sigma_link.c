/* SPDX-License-Identifier: Apache-2.0 */
/* Filters and correlations: documents about rules that may stand anywhere. */
#include "unit/rule/sigma_fixture.h"

#define SOURCE "logsource: {product: aws, service: cloudtrail}\n"
#define RULE_A                                                                                     \
    "title: Rule A\nid: id-a\nname: name_a\n" SOURCE "detection: {s: {f: a}, condition: s}\n---\n"
#define RULE_B "title: Rule B\nid: id-b\n" SOURCE "detection: {s: {f: b}, condition: s}\n---\n"
#define FILTER(rules, condition)                                                                   \
    "title: Filter\nlogsource: {product: aws}\nfilter:\n  rules: " rules                           \
    "\n  selection: {user: admin}\n  condition: " condition "\n---\n"

static const struct np_rule_doc *doc_of(struct sigma_fixture *fixture, size_t n)
{
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(fixture->set, &count);
    assert_in_range(n, 0, count - 1);
    return &docs[n];
}

static void begin(struct sigma_fixture *fixture, const char *text)
{
    sigma_begin(fixture);
    sigma_load(fixture, "r.yml", text);
    sigma_link(fixture);
}

static void puts_a_filter_onto_its_rule_as_written(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {FILTER("[id-a]", "not selection"), "(f = a and not user = admin)"},
        {FILTER("[id-a]", "selection"), "(f = a and user = admin)"},
        {FILTER("[name_a]", "not selection"), "(f = a and not user = admin)"},
        {FILTER("['Rule A']", "not selection"), "(f = a and not user = admin)"},
        {FILTER("id-a", "not selection"), "(f = a and not user = admin)"},
        {FILTER("[id-a, name_a, Rule A]", "not selection"), "(f = a and not user = admin)"},
        {FILTER("any", "not selection"), "(f = a and not user = admin)"},
        {FILTER("all", "not selection"), "(f = a and not user = admin)"},
        {FILTER("[id-b]", "not selection"), "f = a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int before = 0; before < 2; before++) {
            struct sigma_fixture fixture;
            sigma_begin(&fixture);
            if (before)
                sigma_load(&fixture, "f.yml", cases[i][0]);
            sigma_load(&fixture, "r.yml", RULE_A RULE_B);
            if (!before)
                sigma_load(&fixture, "f.yml", cases[i][0]);
            sigma_link(&fixture);
            assert_string_equal(sigma_condition(&fixture, 0), cases[i][1]);
            assert_string_equal(sigma_problem(&fixture, 0), "none");
            assert_int_equal(np_rule_set_loaded(fixture.set), 2);
            const struct np_rule_doc *doc = doc_of(&fixture, before ? 0 : 2);
            assert_string_equal(doc->type, "filter");
            assert_int_equal(doc->status, NP_DOC_OK);
            sigma_end(&fixture);
        }
    }
}

static void joins_several_filters_of_a_rule(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    begin(&fixture,
          FILTER("[id-a, id-b]", "not selection") RULE_A RULE_B FILTER("[Rule A]", "selection"));
    assert_string_equal(sigma_condition(&fixture, 0),
                        "(f = a and not user = admin and user = admin)");
    assert_string_equal(sigma_condition(&fixture, 1), "(f = b and not user = admin)");
    assert_string_equal(sigma_fields(&fixture, 0), "f user");
    sigma_end(&fixture);
}

/* Deep conditions come of nesting, not of many filters. */
static void takes_more_filters_than_levels(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml", RULE_A);
    for (int i = 0; i < NP_EXPR_MAX_DEPTH + 1; i++)
        sigma_load(&fixture, "f.yml", FILTER("any", "not selection"));
    sigma_link(&fixture);
    const struct np_rule *rule = &fixture.set->rules.items[0];
    assert_in_range(fixture.set->ir.exprs.items[rule->condition].depth, 3, 4);
    sigma_end(&fixture);
}

static void keeps_a_filter_within_its_log_source(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    begin(&fixture, RULE_A "title: F\nlogsource: {product: AWS, category: x}\nfilter:\n"
                           "  rules: [id-a]\n  s: {f: a}\n  condition: not s\n");
    assert_string_equal(sigma_condition(&fixture, 0), "f = a");
    assert_string_equal(
        sigma_problem(&fixture, 0),
        "warning 10:11 filter-logsource id-a: the filter does not apply: the rule is "
        "of another log source (give the filter the log source of the rule)");
    assert_int_equal(doc_of(&fixture, 1)->status, NP_DOC_WARNING);
    sigma_end(&fixture);
    begin(&fixture, RULE_A "title: F\nlogsource: {product: AWS}\nfilter:\n"
                           "  rules: any\n  s: {f: a}\n  condition: not s\n");
    assert_string_equal(sigma_condition(&fixture, 0), "(f = a and not f = a)");
    sigma_end(&fixture);
}

static void warns_of_a_filter_on_rules_that_are_not_loaded(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    begin(&fixture, FILTER("[id-a]", "not selection"));
    assert_string_equal(sigma_problem(&fixture, 0), "warning 4:11 unknown-rule id-a: no rule of "
                                                    "this id, name or title is loaded");
    assert_int_equal(np_rule_set_refused(fixture.set), 0);
    sigma_end(&fixture);
}

static void warns_of_a_filter_that_names_no_rules(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    begin(&fixture, RULE_A "title: F\nlogsource: {product: aws}\nfilter:\n  s: {user: x}\n"
                           "  condition: not s\n");
    assert_string_equal(sigma_condition(&fixture, 0), "(f = a and not user = x)");
    assert_string_equal(sigma_problem(&fixture, 0),
                        "warning 10:3 filter-without-rules rules: the filter names no rules: it "
                        "applies to all of its log source (name the rules, or write 'rules: any')");
    sigma_end(&fixture);
}

static void refuses_broken_filters(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"title: F\nfilter: {rules: any, s: {f: a}, condition: s}\n",
         "error 1:1 missing-logsource logsource: no 'logsource'"},
        {"title: F\nlogsource: {product: aws}\nfilter: []\n",
         "error 3:9 missing-detection filter: 'filter' is empty or no mapping"},
        {FILTER("[]", "selection"), "error 4:10 bad-rules rules: 'rules' must be a list that names "
                                    "rules (an id, a name or a title)"},
        {FILTER("[a, [b]]", "selection"), "error 4:14 bad-rules rules: 'rules' must be a list that "
                                          "names rules (an id, a name or a title)"},
        {FILTER("any", "nix"),
         "error 6:14 undefined-selection nix: selection 'nix' is not defined"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        begin(&fixture, cases[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), cases[i][1]);
        assert_int_equal(np_rule_set_refused(fixture.set), 1);
        sigma_end(&fixture);
    }
}

#define CORRELATION(rules)                                                                         \
    "title: Many\nlevel: high\ncorrelation:\n  type: event_count\n  rules: " rules                 \
    "\n  group-by: [f]\n  timespan: 5m\n  condition: {gte: 5}\n---\n"

static void loads_a_correlation_that_does_not_run_yet(void **state)
{
    (void) state;
    static const char *const cases[] = {
        RULE_A CORRELATION("[id-a]"),
        RULE_A CORRELATION("[name_a]"),
        RULE_A CORRELATION("Rule A"),
        RULE_A "title: T\nname: t\ncorrelation: {type: temporal, rules: [id-a], timespan: 90s}\n"
               "---\n" CORRELATION("[id-a, t]"),
        CORRELATION("[id-a]") RULE_A,
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        begin(&fixture, cases[i]);
        assert_int_equal(fixture.diags.errors, 0);
        assert_string_equal(fixture.diags.diags.items[0].code, "not-run-yet");
        assert_int_equal(np_rule_set_loaded(fixture.set), 1); /* its base rule, which speaks */
        assert_int_equal(np_rule_set_refused(fixture.set), 0);
        size_t last = i == 3 ? 2 : i == 4 ? 0 : 1;
        assert_string_equal(doc_of(&fixture, last)->type, "correlation");
        assert_string_equal(doc_of(&fixture, last)->level, "high");
        assert_int_equal(doc_of(&fixture, last)->status, NP_DOC_WARNING);
        sigma_end(&fixture);
    }
}

static void refuses_broken_correlations(void **state)
{
    (void) state;
#define BODY(body) "title: C\ncorrelation: {" body "}\n"
#define REST       ", rules: [x], timespan: 5m"
    static const char *const cases[][2] = {
        {BODY("type: event_cont" REST),
         "error 2:21 unknown-correlation type: correlation type 'event_cont' is not known "
         "(event_count)"},
        {BODY("rules: [x], timespan: 5m"),
         "error 2:14 bad-correlation type: the correlation has no 'type'"},
        {BODY("type: temporal, rules: [x]"),
         "error 2:14 bad-correlation timespan: the correlation has no 'timespan'"},
        {BODY("type: temporal, rules: [x], timespan: 5"),
         "error 2:53 bad-correlation timespan: 'timespan' is no time span (write it as 30s, 5m, "
         "2h or 1d)"},
        {BODY("type: temporal, rules: [x], timespan: 5M"),
         "error 2:53 bad-correlation timespan: 'timespan' is no time span (write it as 30s, 5m, "
         "2h or 1d)"},
        {BODY("type: temporal, timespan: 5m"),
         "error 2:14 bad-correlation rules: the correlation names no 'rules'"},
        {BODY("type: temporal, rules: [], timespan: 5m"),
         "error 2:38 bad-rules rules: 'rules' must be a list that names rules (an id, a name or a "
         "title)"},
        {BODY("type: event_count" REST),
         "error 2:14 bad-correlation condition: the correlation needs a 'condition' that is a "
         "mapping (gt, gte, lt, lte, eq or neq with a number)"},
        {BODY("type: event_count, condition: {field: f}" REST),
         "error 2:45 bad-correlation condition: the condition compares with nothing (gt, gte, lt, "
         "lte, eq or neq with a number)"},
        {BODY("type: event_count, condition: {gte: 5x}" REST),
         "error 2:51 bad-correlation condition: a correlation compares with numbers"},
        {BODY("type: value_count, condition: {gte: 5}" REST),
         "error 2:45 bad-correlation field: the condition does not say which 'field' to look at"},
        {"title: C\ncorrelation: x\n",
         "error 2:14 bad-correlation correlation: 'correlation' is not a mapping"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        begin(&fixture, cases[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), cases[i][1]);
        assert_int_equal(np_rule_set_refused(fixture.set), 1);
        sigma_end(&fixture);
    }
}

static void refuses_a_correlation_on_rules_that_are_not_loaded(void **state)
{
    (void) state;
    static const char *const cases[] = {
        CORRELATION("[id-a]"),
        "title: bad\nid: id-a\n---\n" CORRELATION("[id-a]"), /* refused itself */
        CORRELATION("[Many]"),                               /* itself */
        "title: F\nid: id-a\nlogsource: {product: aws}\n"
        "filter: {rules: any, s: {f: a}, condition: s}\n---\n" CORRELATION("[id-a]"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        begin(&fixture, cases[i]);
        const struct np_diag *last = &fixture.diags.diags.items[fixture.diags.diags.len - 1];
        assert_string_equal(last->code, "unknown-rule");
        assert_int_equal(last->severity, NP_SEVERITY_ERROR);
        assert_int_equal(last->place.column, 11);
        assert_int_equal(doc_of(&fixture, fixture.set->docs.len - 1)->status, NP_DOC_ERROR);
        assert_int_equal(np_rule_set_refused(fixture.set), i == 1 ? 2 : 1);
        sigma_end(&fixture);
    }
}

static void links_once(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    begin(&fixture, RULE_A FILTER("[id-a]", "not selection"));
    sigma_link(&fixture);
    assert_string_equal(sigma_condition(&fixture, 0), "(f = a and not user = admin)");
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_a_filter_onto_its_rule_as_written),
        cmocka_unit_test(joins_several_filters_of_a_rule),
        cmocka_unit_test(takes_more_filters_than_levels),
        cmocka_unit_test(keeps_a_filter_within_its_log_source),
        cmocka_unit_test(warns_of_a_filter_on_rules_that_are_not_loaded),
        cmocka_unit_test(warns_of_a_filter_that_names_no_rules),
        cmocka_unit_test(refuses_broken_filters),
        cmocka_unit_test(loads_a_correlation_that_does_not_run_yet),
        cmocka_unit_test(refuses_broken_correlations),
        cmocka_unit_test(refuses_a_correlation_on_rules_that_are_not_loaded),
        cmocka_unit_test(links_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
