/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

#include "unit/rule/sigma_fixture.h"

#define RULE(title, id)                                                                            \
    "title: " title "\nid: " id "\nlogsource: {product: aws}\n"                                    \
    "detection: {s: {f: a}, condition: s}\n"

static void records_a_file_that_is_no_yaml_as_one_refused_document(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"a: 'b\n", "error 2:1 yaml-syntax -: not YAML: found unexpected end of stream, while "
                    "scanning a quoted scalar (close the quote)"},
        {"\x7f"
         "ELF\x02\x01\x01",
         "error 1:1 yaml-encoding -: not YAML: control characters are "
         "not allowed (save the file as UTF-8 text)"},
        {"title: a\ntitle: b\n", "error 2:1 repeated-key title: key 'title' stands here again; "
                                 "first in line 1 (keep one of the two)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load(&fixture, "x.yml", cases[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), cases[i][1]);
        size_t count = 0;
        const struct np_rule_doc *doc = np_rule_set_docs(fixture.set, &count);
        assert_int_equal(count, 1);
        assert_string_equal(doc->file, "x.yml");
        assert_string_equal(doc->type, "detection");
        assert_string_equal(doc->title, "");
        assert_string_equal(doc->id, "");
        assert_int_equal(doc->status, NP_DOC_ERROR);
        assert_int_equal(np_rule_set_refused(fixture.set), 1);
        sigma_end(&fixture);
    }
}

static void keeps_what_stands_before_a_syntax_error(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "x.yml", RULE("one", "1") "---\na: 'b\n");
    assert_int_equal(np_rule_set_loaded(fixture.set), 1);
    assert_int_equal(np_rule_set_refused(fixture.set), 1);
    sigma_end(&fixture);
}

static void warns_of_a_file_without_rules(void **state)
{
    (void) state;
    static const char *const cases[] = {"", "# nothing\n", "---\n---\n"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load(&fixture, "x.yml", cases[i]);
        assert_string_equal(sigma_problem(&fixture, 0),
                            "warning 0:0 empty-file -: there is no rule in this file");
        size_t count = 0;
        assert_int_equal(np_rule_set_docs(fixture.set, &count)->status, NP_DOC_WARNING);
        assert_int_equal(count, 1);
        sigma_end(&fixture);
    }
}

static void names_falco_as_the_language_of_a_list(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "x.yaml", "- rule: x\n  desc: y\n- macro: z\n");
    size_t count = 0;
    const struct np_rule_doc *doc = np_rule_set_docs(fixture.set, &count);
    assert_int_equal(count, 2);
    assert_int_equal(doc->language, NP_LANGUAGE_FALCO);
    assert_int_equal(doc->status, NP_DOC_ERROR);
    sigma_end(&fixture);
}

static void does_not_need_the_text_after_loading(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    char file[] = "x.yml";
    char *text = np_strndup(RULE("one", "1"), strlen(RULE("one", "1")));
    assert_non_null(text);
    sigma_begin(&fixture);
    sigma_load(&fixture, file, text);
    memset(text, 'x', strlen(text));
    memset(file, 'x', strlen(file));
    np_free(text);
    assert_string_equal(np_rule_set_info(fixture.set, 0)->title, "one");
    assert_string_equal(np_rule_set_info(fixture.set, 0)->file, "x.yml");
    assert_string_equal(sigma_condition(&fixture, 0), "f = a");
    sigma_end(&fixture);
}

static void leaves_out_rules_by_id_or_title(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "x.yml",
               RULE("One", "1") "---\n" RULE("Two", "2") "---\n" RULE("One", "3"));
    assert_int_equal(np_rule_set_exclude(fixture.set, NP_SPAN("nix")), 0);
    assert_int_equal(np_rule_set_exclude(fixture.set, NP_SPAN("oNE")), 2);
    assert_int_equal(np_rule_set_loaded(fixture.set), 1);
    assert_string_equal(np_rule_set_info(fixture.set, 0)->title, "Two");
    assert_int_equal(np_rule_set_exclude(fixture.set, NP_SPAN("2")), 1);
    assert_int_equal(np_rule_set_loaded(fixture.set), 0);
    assert_int_equal(np_rule_set_refused(fixture.set), 0);
    sigma_end(&fixture);
}

static void frees_nothing_twice(void **state)
{
    (void) state;
    struct np_rule_set *set = NULL;
    np_rule_set_free(NULL);
    np_rule_set_free(&set);
    assert_null(set);
}

#ifdef NP_FAULT_INJECTION
/* One of everything: every path that allocates is walked. */
static const char everything[] =
    "action: global\nlevel: low\n---\n"
    "title: A\nid: 1\nname: a\ntags: [x, y]\nlogsource: {product: p, service: s, category: c}\n"
    "detection:\n"
    "  s: {f|contains|all: ['a*b', c], g|re: 'x+', h|cidr: 10.0.0.0/8, i|fieldref: j}\n"
    "  t: [word, {k|exists: false, l|windash: '-a', m|wide|base64offset|contains: x}]\n"
    "  u: {n|gt: 5, o|neq: [1, null, ''], p|utf16|base64: y, q|hour|lt: 9, r: '1.0'}\n"
    "  v: {s|expand|windash|base64: '-%two%', t|expand: ['%two%', 'a%two%b'], u|week: [1, 2]}\n"
    "  condition: ['s and not 1 of t*', 'u or (s and t)', v]\n---\n"
    "action: repeat\nid: 2\ndetection: {s: {f: z}, condition: nxt and (s}\n---\n"
    "title: B\nlogsource: {prodct: p}\n---\n"
    "- falco\n---\n"
    "title: C\nlogsource: {product: p}\nfilter: {rules: [1, nix], s: {q: r}, condition: not s}\n"
    "---\n"
    "title: D\ncorrelation: {type: temporal, rules: [1, nix], timespan: 5m}\n---\n"
    "title: 'E\n";

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        struct np_field_set *fields = NULL;
        struct np_rule_set *set = NULL;
        struct np_diag_list diags;
        np_diag_list_init(&diags);
        assert_int_equal(np_field_set_new(&fields), 0);
        np_alloc_fail_at(n);
        r = np_rule_set_new(&set, fields);
        assert_true((r == 0) == (set != NULL));
        if (r == 0) {
            np_rule_set_keep_notes(set);
            r = np_rule_set_load_values(set, "v.yml", NP_SPAN("two: [x, y, 2]\n"), &diags);
        }
        if (r == 0)
            r = np_rule_set_load(set, "f.yml", np_span_of(everything), &diags);
        if (r == 0)
            r = np_rule_set_link(set, &diags);
        np_alloc_fail_at(-1);
        if (r == 0) {
            assert_int_equal(np_rule_set_loaded(set), 1);
            assert_int_equal(np_rule_set_refused(set), 5);
        }
        np_rule_set_free(&set);
        np_field_set_free(&fields);
        np_diag_list_done(&diags);
    }
    assert_int_equal(r, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_a_file_that_is_no_yaml_as_one_refused_document),
        cmocka_unit_test(keeps_what_stands_before_a_syntax_error),
        cmocka_unit_test(warns_of_a_file_without_rules),
        cmocka_unit_test(names_falco_as_the_language_of_a_list),
        cmocka_unit_test(does_not_need_the_text_after_loading),
        cmocka_unit_test(leaves_out_rules_by_id_or_title),
        cmocka_unit_test(frees_nothing_twice),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
