/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: their kinds, what they say of themselves, and what they lack. */
#include "unit/rule/sigma_fixture.h"

#define DETECTION "detection: {s: {f: a}, condition: s}\n"
#define RULE      "title: t\nlogsource: {product: aws}\n" DETECTION

static void reads_what_a_rule_says_of_itself(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "a/r.yml",
               "# a comment\ntitle: Root used\nid: 0e95725d-7320-415d-80f7-004da920fc11\nlevel: "
               "High\nstatus: test\n"
               "tags:\n  - attack.t1078\n  - cve.2021-1\nauthor: x\nmine: y\ndescription: d\n"
               "logsource:\n  product: AWS\n  service: cloudtrail\n  category: c\n  definition: d\n"
               "  other: 5\n" DETECTION);
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    const struct np_rule_info *info = np_rule_set_info(fixture.set, 0);
    assert_string_equal(info->id, "0e95725d-7320-415d-80f7-004da920fc11");
    assert_string_equal(info->title, "Root used");
    assert_string_equal(info->priority, "High");
    assert_string_equal(info->file, "a/r.yml");
    assert_int_equal(info->line, 2);
    assert_int_equal(info->level, NP_LEVEL_HIGH);
    assert_int_equal(info->language, NP_LANGUAGE_SIGMA);
    assert_int_equal(info->tag_count, 2);
    assert_string_equal(info->tags[1], "cve.2021-1");
    const struct np_rule *rule = &fixture.set->rules.items[0];
    assert_string_equal(rule->product, "AWS");
    assert_string_equal(rule->service, "cloudtrail");
    assert_string_equal(rule->category, "c");
    size_t count = 0;
    const struct np_rule_doc *doc = np_rule_set_docs(fixture.set, &count);
    assert_int_equal(count, 1);
    assert_string_equal(doc->file, "a/r.yml");
    assert_string_equal(doc->id, "0e95725d-7320-415d-80f7-004da920fc11");
    assert_string_equal(doc->title, "Root used");
    assert_string_equal(doc->type, "detection");
    assert_string_equal(doc->level, "high");
    assert_string_equal(doc->product, "AWS");
    assert_int_equal(doc->status, NP_DOC_OK);
    assert_int_equal(doc->line, 2);
    sigma_end(&fixture);
}

static void fills_in_what_a_rule_does_not_say(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml", RULE "---\nlogsource: {product: aws}\n" DETECTION);
    const struct np_rule_info *info = np_rule_set_info(fixture.set, 0);
    assert_string_equal(info->id, "t");
    assert_string_equal(info->priority, "");
    assert_int_equal(info->level, NP_LEVEL_MEDIUM);
    assert_int_equal(info->tag_count, 0);
    assert_string_equal(np_rule_set_info(fixture.set, 1)->id, "r.yml#1");
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(fixture.set, &count);
    assert_string_equal(docs[0].id, "");
    assert_string_equal(docs[0].level, "medium");
    assert_string_equal(docs[0].category, "");
    assert_int_equal(docs[1].index, 1);
    assert_int_equal(docs[1].status, NP_DOC_WARNING);
    assert_string_equal(sigma_problem(&fixture, 0),
                        "warning 5:1 missing-title title: neither title nor id");
    sigma_end(&fixture);
}

/* Each case is one document: what it is refused for. */
static const char *const refusals[][2] = {
    {"title: t\n" DETECTION, "error 1:1 missing-logsource logsource: no 'logsource'"},
    {"title: t\nlogsource: aws\n" DETECTION,
     "error 2:12 missing-logsource logsource: 'logsource' is not a mapping (product, category or "
     "service)"},
    {"title: t\nlogsource: {}\n" DETECTION,
     "error 2:12 missing-logsource logsource: 'logsource' names nothing to look at (product, "
     "category or service)"},
    {"title: t\nlogsource:\n" DETECTION,
     "error 2:11 missing-logsource logsource: 'logsource' is not a mapping (product, category or "
     "service)"},
    {"title: t\nlogsource: {definition: x}\n" DETECTION,
     "error 2:12 missing-logsource logsource: 'logsource' names nothing to look at (product, "
     "category or service)"},
    {"title: t\nlogsource: {product: [a]}\n" DETECTION,
     "error 2:22 bad-logsource product: 'product' of 'logsource' must be a text that is not empty"},
    {"title: t\nlogsource: {product: aws, service: 5}\n" DETECTION,
     "error 2:36 bad-logsource service: 'service' of 'logsource' must be a text that is not empty"},
    {"title: t\nlogsource: {product: null, service: ~}\n" DETECTION,
     "error 2:12 missing-logsource logsource: 'logsource' names nothing to look at (product, "
     "category or service)"},
    {"title: t\nlogsource: {product: aws, category: ''}\n" DETECTION,
     "error 2:37 bad-logsource category: 'category' of 'logsource' must be a text that is not "
     "empty"},
    {"title: t\nlogsource: {product: aws}\n",
     "error 1:1 missing-detection detection: no 'detection'"},
    {"title: t\nlogsource: {product: aws}\ndetection:\n",
     "error 3:11 missing-detection detection: 'detection' is empty or no mapping"},
    {"title: t\nlogsource: {product: aws}\ndetection: [a]\n",
     "error 3:12 missing-detection detection: 'detection' is empty or no mapping"},
    {"title: t\nlogsource: {product: aws}\ndetection: {}\n",
     "error 3:12 missing-detection detection: 'detection' is empty or no mapping"},
    {"title: t\nlogsource: {product: aws}\ndetection: {condition: s}\n",
     "error 3:12 missing-selection detection: there is no selection in it"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}}\n",
     "error 3:12 missing-condition condition: no 'condition'"},
    {"title: t\nlogsource: {product: aws}\ndetection:\n  s: {f: a}\n  condtion: s\n",
     "error 5:3 missing-condition condition: no 'condition' (condition)"},
    {RULE "level: hihg\n", "error 4:8 unknown-level level: level 'hihg' is not known (high)"},
    {RULE "level: severe\n", "error 4:8 unknown-level level: level 'severe' is not known "
                             "(informational, low, medium, high or critical)"},
    {RULE "level:\n", "error 4:7 unknown-level level: level '' is not known (informational, low, "
                      "medium, high or critical)"},
    {RULE "level: [high]\n", "error 4:8 unknown-level level: 'level' is not a text"},
    {RULE "action: globl\n", "error 4:9 bad-action globl: this action is none of global, reset "
                             "and repeat (global)"},
    {RULE "action: repeat\n",
     "error 4:9 bad-action repeat: there is no document before this one to repeat"},
    {"- rule: x\n", "error 1:1 LOAD_ERR_YAML_VALIDATE condition: no 'condition', 'output', 'desc' "
                    "and 'priority'"},
    {"just words\n", "error 1:1 not-a-rule -: this is a text, not a rule (a rule begins with "
                     "'title:')"},
    {"{}\n", "error 1:1 missing-logsource logsource: no 'logsource'"},
};

static void refuses_documents_that_lack_something(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yml", refusals[i][0]);
        size_t n = 0;
        while (n + 1 < fixture.diags.diags.len &&
               fixture.diags.diags.items[n].severity == NP_SEVERITY_WARNING)
            n++;
        assert_string_equal(sigma_problem(&fixture, n), refusals[i][1]);
        assert_int_equal(np_rule_set_loaded(fixture.set), 0);
        assert_int_equal(np_rule_set_refused(fixture.set), 1);
        size_t count = 0;
        assert_int_equal(np_rule_set_docs(fixture.set, &count)->status, NP_DOC_ERROR);
        assert_int_equal(count, 1);
        sigma_end(&fixture);
    }
}

/* Each case is one document that loads with a warning. */
static const char *const warnings[][2] = {
    {RULE "tag: x\n", "warning 4:1 unknown-key tag: key 'tag' is not known and has no effect "
                      "(tags)"},
    {RULE "Level: high\n", "warning 4:1 unknown-key Level: key 'Level' is not known and has no "
                           "effect (level)"},
    {RULE "status: testing\n",
     "warning 4:9 unknown-status status: status 'testing' is not known (stable, test, "
     "experimental, deprecated or unsupported)"},
    {RULE "status: experimantal\n",
     "warning 4:9 unknown-status status: status 'experimantal' is not known (experimental)"},
    {RULE "tags: [a.a, [b]]\n",
     "warning 4:13 not-a-text tags: tags are a list of texts; what is not is ignored"},
    {RULE "id: [a]\n", "warning 4:5 not-a-text id: 'id' is not a text and is ignored"},
    {"id: x\nlogsource: {product: aws}\n" DETECTION, "warning 1:1 missing-title title: no title"},
    {"title: t\nlogsource: {product: aws, servce: cloudtrail}\n" DETECTION,
     "warning 2:27 unknown-key servce: key 'servce' is not known and has no effect (service)"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, t: {f: b}, condition: s}\n",
     "warning 3:24 unused-selection t: selection 't' is not used by the condition"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, timeframe: 5m, condition: s}\n",
     "warning 3:35 unused-timeframe timeframe: 'timeframe' has no effect without an aggregation "
     "(write a correlation document)"},
};

static void warns_of_what_has_no_effect(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yml", warnings[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), warnings[i][1]);
        assert_int_equal(fixture.diags.diags.len, 1);
        assert_int_equal(np_rule_set_loaded(fixture.set), 1);
        size_t count = 0;
        assert_int_equal(np_rule_set_docs(fixture.set, &count)->status, NP_DOC_WARNING);
        sigma_end(&fixture);
    }
}

static void suggests_the_key_that_was_meant(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml", "title: t\nlogsources: {product: aws}\ndetecion: {s: {f: a}}\n");
    assert_string_equal(sigma_problem(&fixture, 0),
                        "warning 2:1 unknown-key logsources: key 'logsources' is not known and "
                        "has no effect (logsource)");
    assert_string_equal(sigma_problem(&fixture, 2),
                        "error 2:1 missing-logsource logsource: no 'logsource' (logsource)");
    assert_string_equal(sigma_problem(&fixture, 3),
                        "error 3:1 missing-detection detection: no 'detection' (detection)");
    sigma_end(&fixture);
}

static void takes_one_tag_for_a_list(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml", RULE "tags: attack.t1078\n");
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    assert_int_equal(np_rule_set_info(fixture.set, 0)->tag_count, 1);
    sigma_end(&fixture);
}

static void warns_of_an_id_that_is_taken(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "a.yml", RULE "id: x\n");
    sigma_load(&fixture, "b.yml", RULE "id: x\n---\n" RULE "---\n" RULE "id: y\n---\n" RULE);
    assert_int_equal(fixture.diags.diags.len, 3);
    assert_string_equal(sigma_problem(&fixture, 0),
                        "warning 4:5 duplicate-id x: a document in 'a.yml', line 1, has the same "
                        "id");
    assert_string_equal(sigma_problem(&fixture, 1),
                        "warning 10:8 duplicate-title t: a document in 'b.yml', line 6, has the "
                        "same title");
    assert_string_equal(sigma_problem(&fixture, 2),
                        "warning 15:8 duplicate-title t: a document in 'b.yml', line 6, has the "
                        "same title");
    assert_int_equal(np_rule_set_loaded(fixture.set), 5);
    sigma_end(&fixture);
}

static void bounds_the_selections_of_a_rule(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    for (int i = 0; i <= 1024; i++)
        (void) np_buf_printf(&text, "  s%d: {f: a}\n", i);
    (void) np_buf_add_str(&text, "  condition: s0");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 1029:3 bad-selection s1024: too many selections");
    np_buf_reset(&text);
    (void) np_buf_add_str(&text, "  ");
    for (int i = 0; i <= 256; i++)
        (void) np_buf_add_char(&text, 's');
    (void) np_buf_add_str(&text, ": {f: a}\n  condition: 1 of s*");
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_int_equal(np_rule_set_refused(fixture.set), 2);
    np_buf_done(&text);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_a_rule_says_of_itself),
        cmocka_unit_test(fills_in_what_a_rule_does_not_say),
        cmocka_unit_test(refuses_documents_that_lack_something),
        cmocka_unit_test(warns_of_what_has_no_effect),
        cmocka_unit_test(suggests_the_key_that_was_meant),
        cmocka_unit_test(takes_one_tag_for_a_list),
        cmocka_unit_test(warns_of_an_id_that_is_taken),
        cmocka_unit_test(bounds_the_selections_of_a_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
