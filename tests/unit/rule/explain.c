/* SPDX-License-Identifier: Apache-2.0 */
/* Why rules match or not: trees, marks, filters, log sources; and rules that can never match. */
#include "unit/rule/sigma_fixture.h"

#include "rule/explain/explain.h"
#include "rule/explain/reach.h"
#include "support/fake_event.h"

#define HEAD "title: T\nid: id-t\nlogsource: {product: aws}\ndetection:\n"

struct explained {
    struct sigma_fixture sigma;
    struct np_explainer *explainer;
    struct np_arena arena;
    struct fake_event fake;
    struct np_explanation explanation;
    struct np_buf text;
};

/* What placeholders stand for. */
static const char lists[] = "names: [Bob, 'al*', 5]\nhours: [7, '19']\n";

static void begin(struct explained *explained, const char *rules)
{
    *explained = (struct explained){};
    sigma_begin(&explained->sigma);
    np_arena_init(&explained->arena, SIZE_MAX);
    np_buf_init(&explained->text, 1 << 20);
    fake_event_init(&explained->fake);
    np_rule_set_keep_notes(explained->sigma.set);
    assert_int_equal(np_rule_set_load_values(explained->sigma.set, "v.yml", np_span_of(lists),
                                             &explained->sigma.diags),
                     0);
    sigma_load(&explained->sigma, "r.yml", rules);
    sigma_link(&explained->sigma);
    assert_string_equal(sigma_problem(&explained->sigma, 0), "none");
    assert_int_equal(np_rule_set_compile(explained->sigma.set, NULL), 0);
    assert_int_equal(np_explainer_new(&explained->explainer, explained->sigma.set), 0);
}

static void end(struct explained *explained)
{
    np_explainer_free(&explained->explainer);
    assert_null(explained->explainer);
    np_buf_done(&explained->text);
    np_arena_done(&explained->arena);
    sigma_end(&explained->sigma);
}

static void explain(struct explained *explained)
{
    np_arena_reset(&explained->arena);
    assert_int_equal(np_explain(explained->explainer, 0, &explained->fake.event, &explained->arena,
                                &explained->explanation),
                     0);
}

/* "+" true, "-" false, ">" marked; "name=" a selection; a test as field, words and value. */
static void print(struct explained *explained, const struct np_explained *node)
{
    static const char *const kinds[] = {"all", "any", "not", "", "constant"};
    struct np_buf *text = &explained->text;
    (void) np_buf_printf(text, "%s%s", node->decides ? ">" : "", node->is_true ? "+" : "-");
    if (node->selection.len > 0)
        (void) np_buf_printf(text, "%.*s=", NP_SPAN_ARGS(node->selection));
    (void) np_buf_add_str(text, kinds[node->kind]);
    if (node->kind == NP_EXPLAINED_TEST) {
        struct np_span field = node->field == NP_FIELD_NONE
                                   ? NP_SPAN("*")
                                   : np_field_name(explained->sigma.fields, node->field);
        (void) np_buf_printf(text, "%.*s %.*s", NP_SPAN_ARGS(field), NP_SPAN_ARGS(node->test));
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        (void) np_buf_add_str(text, i == 0 ? "(" : ", ");
        print(explained, &node->children[i]);
    }
    (void) np_buf_add_str(text, node->child_count > 0 ? ")" : "");
}

static const char *tree(struct explained *explained)
{
    explain(explained);
    np_buf_reset(&explained->text);
    print(explained, explained->explanation.condition);
    return np_buf_cstr(&explained->text);
}

static void shows_selections_by_their_names(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  selection: {eventName: A, userAgent|contains: [x, y]}\n"
                   "  own: {awsRegion: here}\n"
                   "  condition: selection and not own\n");
    e.fake.values[NP_FIELD_EVENT_NAME] = text_value("a");
    e.fake.values[NP_FIELD_USER_AGENT] = text_value("why");
    assert_string_equal(tree(&e), "+all(+selection=all(+eventName is 'A', "
                                  "+userAgent contains 'x' or 'y'), "
                                  "+not(-own=awsRegion is 'here'))");
    assert_true(e.explanation.matches);
    assert_int_equal(e.explanation.tests, 3);
    assert_int_equal(e.explanation.changes, 0);
    end(&e);
}

static void words_say_what_modifiers_ask(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"eventName: A", "eventName is 'A'"},
        {"eventName: [A, 7, null]", "eventName is 'A' or 7 or null"},
        {"eventName: ''", "eventName is ''"},
        {"eventName|startswith: A", "eventName starts with 'A'"},
        {"eventName|endswith|cased: A", "eventName ends with 'A' (cased)"},
        {"eventName|re|i: ^A$", "eventName matches the expression '^A$' (i)"},
        {"eventName|cidr: 10.0.0.0/8", "eventName is in the network '10.0.0.0/8'"},
        {"eventName|exists: true", "eventName exists"},
        {"eventName|gte: 5", "eventName is at least 5"},
        {"eventName|lt: 5", "eventName is less than 5"},
        {"eventName|fieldref: awsRegion", "eventName is the same as the field 'awsRegion'"},
        {"eventName|fieldref|endswith: awsRegion", "eventName ends with the field 'awsRegion'"},
        {"eventName|base64offset|contains: foo", "eventName contains 'foo' (base64offset)"},
        {"eventName|fieldref|cased: awsRegion", "eventName is the same as the field 'awsRegion' "
                                                "(cased)"},
        {"eventTime|hour: [5, '6']", "eventTime in its hour is 5 or '6'"},
        {"eventTime|gte|week: 5", "eventTime in its week is at least 5"},
        /* What placeholders stand for. */
        {"eventName|expand: '%names%'", "eventName is 'Bob' or 'al*' or 5 (expand)"},
        {"eventName|expand|contains: ['%names%', '%hours%', 'x%hours%']",
         "eventName contains 'Bob' or 'al*' or 5 or 7 or '19' or 'x7' or 'x19' (expand)"},
        {"eventName|expand: '\\*%names%\\\\\\%'",
         "eventName is '\\*Bob\\%' or '\\*al*\\%' or '\\*5\\%' (expand)"},
        {"eventName|expand|windash: '%hours%-a-%hours%'",
         "eventName is '7-a-7' or '7-a-19' or '19-a-7' or '19-a-19' (expand, windash)"},
        {"eventTime|hour|expand: '%hours%'", "eventTime in its hour is 7 or '19' (expand)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char rule[512];
        struct explained e;
        (void) snprintf(rule, sizeof(rule), HEAD "  s: {%s}\n  condition: s\n", cases[i][0]);
        begin(&e, rule);
        const char *got = strchr(tree(&e), '=');
        assert_non_null(got);
        assert_string_equal(got + 1, cases[i][1]);
        end(&e);
    }
}

static void each_value_under_all_is_a_test(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  s: {userAgent|contains|all: [x, y]}\n  condition: s\n");
    e.fake.values[NP_FIELD_USER_AGENT] = text_value("xz");
    assert_string_equal(tree(&e), "-s=all(+userAgent contains 'x', >-userAgent contains 'y')");
    end(&e);
}

static void keywords_look_at_any_text(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  s: [foo, bar]\n  condition: s\n");
    e.fake.texts[e.fake.text_count++] = NP_SPAN("a bar b");
    assert_string_equal(tree(&e), "+s=* contains 'foo' or 'bar'");
    assert_null(e.explanation.condition->value);
    end(&e);
}

/* What has to come out otherwise. */
static void marks_the_fewest_tests(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  one: {eventName: A, awsRegion: r, errorCode: c}\n"
                   "  two: {eventName: B, awsRegion: r}\n"
                   "  own: {userAgent|contains: [x, y]}\n"
                   "  condition: 1 of one or two and not own\n");
    e.fake.values[NP_FIELD_EVENT_NAME] = text_value("A");
    e.fake.values[NP_FIELD_AWS_REGION] = text_value("r");
    e.fake.values[NP_FIELD_USER_AGENT] = text_value("x");
    assert_string_equal(tree(&e), "-any(-one=all(+eventName is 'A', +awsRegion is 'r', "
                                  ">-errorCode is 'c'), "
                                  "-all(-two=all(-eventName is 'B', +awsRegion is 'r'), "
                                  "-not(+own=userAgent contains 'x' or 'y')))");
    assert_false(e.explanation.matches);
    assert_int_equal(e.explanation.changes, 1);
    assert_int_equal(e.explanation.tests, 6);
    e.fake.values[NP_FIELD_AWS_REGION] = null_value();
    (void) tree(&e);
    assert_int_equal(e.explanation.changes, 2);
    end(&e);
}

static void a_test_gives_the_values_of_both_fields(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  s: {eventName|fieldref: awsRegion}\n  condition: not s\n");
    e.fake.values[NP_FIELD_EVENT_NAME] = text_value("bob");
    e.fake.values[NP_FIELD_AWS_REGION] = text_value("Bob");
    explain(&e);
    const struct np_explained *root = e.explanation.condition;
    assert_int_equal(root->kind, NP_EXPLAINED_NOT);
    assert_false(root->is_true);
    assert_int_equal(root->children[0].other, NP_FIELD_AWS_REGION);
    assert_span_equal(root->children[0].value->text, "bob");
    assert_span_equal(root->children[0].other_value->text, "Bob");
    assert_true(root->children[0].decides);
    end(&e);
}

static void tells_the_log_source_from_the_condition(void **state)
{
    (void) state;
    static const struct np_logsource elsewhere = {.product = {"gcp", 3}};
    struct explained e;
    begin(&e, HEAD "  s: {eventName: A}\n  condition: s\n");
    e.fake.values[NP_FIELD_EVENT_NAME] = text_value("A");
    e.fake.event.logsource = &elsewhere;
    explain(&e);
    assert_false(e.explanation.matches);
    assert_false(e.explanation.is_of_logsource);
    assert_string_equal(e.explanation.logsource.product, "aws");
    assert_true(e.explanation.condition->is_true);
    assert_int_equal(e.explanation.changes, 0);
    end(&e);
}

static void tells_filters_from_the_rule(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  s: {eventName: A}\n  condition: s\n---\n"
                   "title: F1\nlogsource: {product: aws}\nfilter:\n  rules: [id-t]\n"
                   "  own: {userAgent: x}\n  condition: not own\n---\n"
                   "title: F2\nlogsource: {product: aws}\nfilter:\n  rules: [id-t]\n"
                   "  there: {awsRegion: r}\n  condition: not there\n");
    e.fake.values[NP_FIELD_EVENT_NAME] = text_value("A");
    e.fake.values[NP_FIELD_AWS_REGION] = text_value("r");
    assert_string_equal(tree(&e), "+s=eventName is 'A'");
    assert_false(e.explanation.matches);
    assert_int_equal(e.explanation.changes, 1);
    assert_int_equal(e.explanation.tests, 3);
    assert_int_equal(e.explanation.filter_count, 2);
    assert_string_equal(e.explanation.filters[0].doc->title, "F1");
    assert_true(e.explanation.filters[0].condition->is_true);
    assert_string_equal(e.explanation.filters[1].doc->title, "F2");
    assert_false(e.explanation.filters[1].condition->is_true);
    end(&e);
}

static void agrees_with_the_matcher(void **state)
{
    (void) state;
    static const char *const names[] = {"A", "b", "", "AB"};
    struct explained e;
    struct np_matcher *matcher = NULL;
    begin(&e, HEAD "  a: {eventName|contains: a}\n  b: {eventName|contains: b}\n"
                   "  c: {errorCode: null}\n"
                   "  condition: (a and not b) or (not a and b and c)\n");
    assert_int_equal(np_matcher_new(&matcher, e.sigma.set), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const uint32_t *rules = NULL;
        e.fake.values[NP_FIELD_EVENT_NAME] = text_value(names[i]);
        explain(&e);
        assert_int_equal(e.explanation.matches,
                         np_matcher_run_plain(matcher, &e.fake.event, &rules));
        assert_int_equal(e.explanation.matches, e.explanation.changes == 0);
    }
    np_matcher_free(&matcher);
    end(&e);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct explained e;
    begin(&e, HEAD "  a: {eventName: a}\n  b: {eventName: b}\n  condition: a or not b\n");
    np_explainer_free(&e.explainer);
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_explainer_new(&e.explainer, e.sigma.set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || e.explainer == NULL);
    }
    r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        np_arena_done(&e.arena);
        np_arena_init(&e.arena, SIZE_MAX);
        np_alloc_fail_at(n);
        r = np_explain(e.explainer, 0, &e.fake.event, &e.arena, &e.explanation);
        np_alloc_fail_at(-1);
    }
    assert_true(e.explanation.matches);
    end(&e);
}

/* ---- rules that can never match */

static bool can_match(const char *condition, enum np_occurrence name, enum np_occurrence agent)
{
    char rule[1024];
    struct explained e;
    uint8_t occurrences[FAKE_FIELDS] = {};
    (void) snprintf(rule, sizeof(rule),
                    HEAD "  name: {eventName: A}\n  agent: {userAgent|contains: x}\n"
                         "  nothing: {eventName: null}\n  there: {eventName|exists: true}\n"
                         "  same: {userAgent|fieldref: eventName}\n  word: [foo]\n"
                         "  condition: %s\n",
                    condition);
    sigma_begin(&e.sigma);
    sigma_load(&e.sigma, "r.yml", rule);
    occurrences[NP_FIELD_EVENT_NAME] = (uint8_t) name;
    occurrences[NP_FIELD_USER_AGENT] = (uint8_t) agent;
    assert_int_equal(np_rule_set_loaded(e.sigma.set), 1);
    bool can = np_rule_can_match(e.sigma.set, 0, occurrences);
    sigma_end(&e.sigma);
    return can;
}

static void a_rule_is_dead_where_what_it_needs_never_occurs(void **state)
{
    (void) state;
    static const struct {
        const char *condition;
        enum np_occurrence name;
        enum np_occurrence agent;
        bool can;
    } cases[] = {
        {"name", NP_OCCURS, NP_OCCURS_NEVER, true},
        {"name", NP_OCCURS_NEVER, NP_OCCURS, false},
        {"name", NP_OCCURS_AS_NULL, NP_OCCURS, false},
        {"name and agent", NP_OCCURS, NP_OCCURS_NEVER, false},
        {"name or agent", NP_OCCURS, NP_OCCURS_NEVER, true},
        {"name and not agent", NP_OCCURS, NP_OCCURS_NEVER, true},
        {"agent and not name", NP_OCCURS, NP_OCCURS_NEVER, false},
        {"nothing", NP_OCCURS_NEVER, NP_OCCURS, true},
        {"nothing", NP_OCCURS_AS_NULL, NP_OCCURS, true},
        {"there", NP_OCCURS_NEVER, NP_OCCURS, false},
        {"there", NP_OCCURS_AS_NULL, NP_OCCURS, true},
        {"not there", NP_OCCURS_AS_NULL, NP_OCCURS, true},
        {"not nothing", NP_OCCURS_NEVER, NP_OCCURS, false},
        {"same", NP_OCCURS, NP_OCCURS_NEVER, false},
        {"same", NP_OCCURS_AS_NULL, NP_OCCURS, false},
        {"same", NP_OCCURS, NP_OCCURS, true},
        {"not same", NP_OCCURS_NEVER, NP_OCCURS, true},
        {"word", NP_OCCURS_NEVER, NP_OCCURS_NEVER, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (can_match(cases[i].condition, cases[i].name, cases[i].agent) != cases[i].can)
            fail_msg("case %zu: %s", i, cases[i].condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_selections_by_their_names),
        cmocka_unit_test(words_say_what_modifiers_ask),
        cmocka_unit_test(each_value_under_all_is_a_test),
        cmocka_unit_test(keywords_look_at_any_text),
        cmocka_unit_test(marks_the_fewest_tests),
        cmocka_unit_test(a_test_gives_the_values_of_both_fields),
        cmocka_unit_test(tells_the_log_source_from_the_condition),
        cmocka_unit_test(tells_filters_from_the_rule),
        cmocka_unit_test(agrees_with_the_matcher),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(a_rule_is_dead_where_what_it_needs_never_occurs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
