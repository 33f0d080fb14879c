/* SPDX-License-Identifier: Apache-2.0 */
/* Files of several documents, and `action:` in them. */
#include "unit/rule/sigma_fixture.h"

static void loads_each_document_of_a_file(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "title: one\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
               "---\ntitle: bad\n---\n---\n"
               "title: two\nlogsource: {product: aws}\ndetection: {s: {f: b}, condition: s}\n");
    size_t count = 0;
    const struct np_rule_doc *docs = np_rule_set_docs(fixture.set, &count);
    assert_int_equal(count, 3);
    assert_int_equal(docs[1].status, NP_DOC_ERROR);
    assert_int_equal(docs[2].index, 3); /* the empty one is counted, but is no document of ours */
    assert_int_equal(docs[2].line, 8);
    assert_int_equal(fixture.diags.diags.items[0].document, 1);
    assert_string_equal(sigma_condition(&fixture, 0), "f = a");
    assert_string_equal(sigma_condition(&fixture, 1), "f = b");
    sigma_end(&fixture);
}

static void puts_a_global_document_into_those_behind_it(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "action: global\ntitle: all\nlevel: low\ndetection:\n  g: {x: 1}\n"
               "  condition: s and g\n"
               "---\nid: 1\nlogsource: {product: aws}\ndetection: {s: {f: a}}\n"
               "---\nid: 2\nlogsource: {product: gcp}\ndetection: {s: {f: b}}\n");
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    assert_int_equal(np_rule_set_loaded(fixture.set), 2);
    assert_string_equal(sigma_condition(&fixture, 0), "(f = a and x = #1)");
    assert_string_equal(sigma_condition(&fixture, 1), "(f = b and x = #1)");
    assert_string_equal(np_rule_set_info(fixture.set, 1)->title, "all");
    assert_int_equal(np_rule_set_info(fixture.set, 1)->level, NP_LEVEL_LOW);
    assert_int_equal(np_rule_set_info(fixture.set, 1)->line, 12);
    sigma_end(&fixture);
}

static void ends_a_global_document_by_reset_and_by_another(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "action: global\nlogsource: {product: aws}\nlevel: low\n"
               "---\ntitle: a\ndetection: {s: {f: a}, condition: s}\n"
               "---\naction: global\nlogsource: {product: gcp}\n"
               "---\ntitle: b\ndetection: {s: {f: b}, condition: s}\n"
               "---\naction: reset\n"
               "---\ntitle: c\ndetection: {s: {f: c}, condition: s}\n");
    assert_int_equal(np_rule_set_loaded(fixture.set), 2);
    assert_string_equal(fixture.set->rules.items[0].product, "aws");
    assert_string_equal(fixture.set->rules.items[1].product, "gcp");
    assert_string_equal(np_rule_set_info(fixture.set, 1)->priority, "");
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 16:1 missing-logsource logsource: no 'logsource'");
    sigma_end(&fixture);
}

static void takes_what_stands_beside_a_reset_as_a_document(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "action: global\nlogsource: {product: aws}\nlevel: low\n"
               "---\ntitle: a\ndetection: {s: {f: a}, condition: s}\n"
               "---\naction: reset\ntitle: b\nlogsource: {product: gcp}\n"
               "detection: {s: {f: b}, condition: s}\n"
               "---\naction: repeat\ntitle: c\n");
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    assert_int_equal(np_rule_set_loaded(fixture.set), 3);
    assert_string_equal(fixture.set->rules.items[1].product, "gcp");
    assert_string_equal(np_rule_set_info(fixture.set, 1)->priority, "");
    assert_string_equal(fixture.set->rules.items[2].product, "gcp");
    sigma_end(&fixture);
}

static void repeats_the_document_before(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "title: a\nlogsource: {product: aws}\n"
               "detection: {s: {f: a, g: b}, condition: s}\n"
               "---\naction: repeat\ntitle: b\ndetection: {s: {f: c}}\n"
               "---\naction: repeat\ntitle: c\nlogsource: {service: s}\n");
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    assert_string_equal(sigma_condition(&fixture, 0), "(f = a and g = b)");
    assert_string_equal(sigma_condition(&fixture, 1), "(f = c and g = b)");
    assert_string_equal(sigma_condition(&fixture, 2), "(f = c and g = b)");
    assert_string_equal(fixture.set->rules.items[2].product, "aws");
    assert_string_equal(fixture.set->rules.items[2].service, "s");
    assert_int_equal(np_rule_set_info(fixture.set, 2)->line, 9);
    sigma_end(&fixture);
}

static void does_not_repeat_a_document_that_is_no_yaml(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml",
               "title: a\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
               "---\ntitle: b\ntitle: b\n"
               "---\naction: repeat\ntitle: c\n");
    assert_int_equal(np_rule_set_loaded(fixture.set), 1);
    assert_int_equal(np_rule_set_refused(fixture.set), 2);
    sigma_end(&fixture);
}

static void add_keys(struct np_buf *text, const char *name)
{
    (void) np_buf_add_str(text, "detection:\n  condition: s\n  s:\n");
    for (int i = 0; i < 300; i++)
        (void) np_buf_printf(text, "    %s%d: a\n", name, i);
}

/* Large documents cannot be made to merge again and again. */
static void bounds_the_work_of_merging(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 24);
    (void) np_buf_add_str(&text, "action: global\nlogsource: {product: aws}\n");
    add_keys(&text, "g");
    for (int i = 0; i < 12; i++) {
        (void) np_buf_printf(&text, "---\ntitle: t%d\n", i);
        add_keys(&text, "f");
    }
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yml", np_buf_cstr(&text));
    assert_int_equal(np_rule_set_loaded(fixture.set), 10);
    assert_int_equal(np_rule_set_refused(fixture.set), 2);
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 3357:1 limit -: the global documents of this file are too large to "
                        "go into all others");
    np_buf_done(&text);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_each_document_of_a_file),
        cmocka_unit_test(puts_a_global_document_into_those_behind_it),
        cmocka_unit_test(ends_a_global_document_by_reset_and_by_another),
        cmocka_unit_test(takes_what_stands_beside_a_reset_as_a_document),
        cmocka_unit_test(repeats_the_document_before),
        cmocka_unit_test(does_not_repeat_a_document_that_is_no_yaml),
        cmocka_unit_test(bounds_the_work_of_merging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
