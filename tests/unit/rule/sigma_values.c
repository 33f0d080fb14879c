/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholders and their lists: what they become, and what is refused. */
#include "unit/rule/sigma_fixture.h"

static const char lists[] = "admins: [Bob, 'al*', 5]\n"
                            "accounts: ['111122223333', 444455556666]\n"
                            "paths: ['C:\\\\', 'x\\*', '%admins%']\n"
                            "empty: ''\n"
                            "nets: [10.0.0.0/8, 192.168.0.0/16]\n"
                            "bad_nets: [10.0.0.0/8, ten]\n"
                            "expressions: ['^a.c$']\n"
                            "hours: [7, '19']\n"
                            "fields: [g, h.i]\n";

static void load_lists(struct sigma_fixture *fixture, const char *text)
{
    assert_int_equal(
        np_rule_set_load_values(fixture->set, "v.yml", np_span_of(text), &fixture->diags), 0);
}

static void load_selection(struct sigma_fixture *fixture, const char *selection)
{
    char detection[1024];
    (void) snprintf(detection, sizeof(detection), "  s:\n    %s\n  condition: s", selection);
    sigma_load_detection(fixture, detection);
}

/* Each case: a selection and the condition that it becomes. [10] */
static const char *const selections[][2] = {
    {"f|expand: '%admins%'", "f = (bob | al* | #5)"},
    {"f|expand: ['%admins%', eve%x]", "f = (bob | al* | #5 | eve%x)"},
    {"f|contains|expand: '%admins%'", "f = (*bob* | *al* | *5*)"},
    {"f|expand|contains: '%admins%'", "f = (*bob* | *al* | *5*)"},
    {"f|expand|cased: '%admins%'", "f = (cased Bob | cased al* | #5)"},
    {"f|expand|neq: '%empty%'", "not f = "},
    {"f|expand: 'arn:%accounts%:user/%admins%'",
     "f = (arn:111122223333:user/bob | arn:111122223333:user/al* | arn:111122223333:user/5 | "
     "arn:444455556666:user/bob | arn:444455556666:user/al* | arn:444455556666:user/5)"},
    {"f|startswith|expand: 'a%empty%b'", "f = ab*"},
    {"f|expand: 'a\\%paths%'", "f = a%paths%"}, /* an escaped sign begins nothing */
    {"f|expand: '%paths%*'", "f = (c:\\\\* | x\\** | %admins%*)"},
    {"f|all|expand: ['%accounts%', '%admins%']",
     "(f = (111122223333~#111122223333 | #444455556666) and f = (bob | al* | #5))"},
    {"f|cidr|expand: '%nets%'", "f = (net 10.0.0.0/8 | net 192.168.0.0/16)"},
    {"f|re|expand: '%expressions%'", "f = /^a.c$/"},
    {"f|base64|expand: '%accounts%'", "f = (mtexmtiymjizmzmz | ndq0ndu1ntu2njy2)"},
    {"f|gt|expand: ['%hours%']", "(f > #7 or f > #19)"},
    {"f|hour|expand|neq: '%hours%'", "not hour(f) = (#7 | #19)"},
    {"f|fieldref|expand: '%fields%'", "(f == g or f == h.i)"},
    {"'|expand': '%admins%'", "keyword = (*bob* | *al* | *5*)"},
};

static void fills_in_lists(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(selections); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        load_lists(&fixture, lists);
        load_selection(&fixture, selections[i][0]);
        if (strstr(selections[i][0], "eve%x") == NULL && strchr(selections[i][0], '\\') == NULL)
            assert_string_equal(sigma_problem(&fixture, 0), "none");
        assert_string_equal(sigma_condition(&fixture, 0), selections[i][1]);
        sigma_end(&fixture);
    }
}

static const char *const refusals[][2] = {
    {"f|expand: '%admin%'", "error 6:15 expand-without-values admin: the file of --values has no "
                            "list 'admin' (admins)"},
    {"f|expand: 'a%xyzzy%'",
     "error 6:17 expand-without-values xyzzy: the file of --values has no list 'xyzzy'"},
    {"f|cidr|expand: '%bad_nets%'", "error 6:20 bad-cidr f: 'ten' is not an IP network (write it "
                                    "as 10.0.0.0/8 or 2001:db8::/32)"},
    {"f|cidr|expand: '%nets%/8'",
     "error 6:20 bad-value f: a placeholder must stand alone here (write %name% and nothing else)"},
    {"f|hour|expand: '%admins%'",
     "error 6:20 bad-value f: 'hour' needs a whole number from 0 to 23"},
    {"f|expand: 'no placeholder'", "warning 6:15 no-placeholder no placeholder: 'expand' has no "
                                   "effect on a value without a placeholder (write the name of a "
                                   "list as %name%)"},
};

static void tells_what_is_wrong_with_a_placeholder(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(refusals); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        load_lists(&fixture, lists);
        load_selection(&fixture, refusals[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), refusals[i][1]);
        sigma_end(&fixture);
    }
}

/* Each case: a file and its mistake. */
static const char *const files[][2] = {
    {"", "error 1:1 bad-values -: this is no mapping of names to lists (write 'name: [value, "
         "value]')"},
    {"[a]\n", "error 1:1 bad-values -: this is no mapping of names to lists (write 'name: [value, "
              "value]')"},
    {"a: []\n", "error 1:4 bad-values -: there are no values under this name (write a list of "
                "texts or numbers)"},
    {"a: {b: c}\n", "error 1:4 bad-values -: there are no values under this name (write a list of "
                    "texts or numbers)"},
    {"a: [b, null]\n",
     "error 1:8 bad-values -: this is no value for a list (write texts or numbers)"},
    {"a:\n", "error 1:3 bad-values -: this is no value for a list (write texts or numbers)"},
    {"a: [b, [c]]\n",
     "error 1:8 bad-values -: this is no value for a list (write texts or numbers)"},
    {"a: b\n---\na: c\n",
     "error 3:1 bad-values -: there is more than one document in this file (put all names into "
     "one)"},
};

static void refuses_files_that_hold_no_lists(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(files); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        assert_int_equal(
            np_rule_set_load_values(fixture.set, "v.yml", np_span_of(files[i][0]), &fixture.diags),
            -EINVAL);
        assert_string_equal(sigma_problem(&fixture, 0), files[i][1]);
        assert_null(fixture.set->values);
        sigma_end(&fixture);
    }
}

static void bounds_what_values_are_multiplied_into(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    (void) np_buf_add_str(&text, "many: [");
    for (int i = 0; i < 1000; i++)
        (void) np_buf_printf(&text, "v%d, ", i);
    (void) np_buf_add_str(&text, "x]\nlong: '");
    for (int i = 0; i < 1024; i++)
        (void) np_buf_add_char(&text, 'x');
    (void) np_buf_add_str(&text, "'\n");
    sigma_begin(&fixture);
    load_lists(&fixture, np_buf_cstr(&text));
    load_selection(&fixture, "f|expand: '%many%%many%'");
    assert_string_equal(sigma_problem(&fixture, 0), "error 1:1 limit -: the rule set grows too "
                                                    "large with this document");
    load_selection(&fixture, "f|expand: 'y%long%'");
    assert_string_equal(sigma_problem(&fixture, 1),
                        "error 6:15 bad-value -: a value with its placeholders filled in is longer "
                        "than 1024 bytes");
    np_buf_done(&text);
    sigma_end(&fixture);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    static const char rule[] = "title: t\nlogsource: {product: aws}\n"
                               "detection: {s: {f|expand: ['%admins%', 'a%accounts%b%admins%']}, "
                               "condition: s}\n";
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        np_alloc_fail_at(n);
        r = np_rule_set_load_values(fixture.set, "v.yml", np_span_of(lists), &fixture.diags);
        if (r == 0)
            r = np_rule_set_load(fixture.set, "r.yml", np_span_of(rule), &fixture.diags);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        sigma_end(&fixture);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_lists),
        cmocka_unit_test(tells_what_is_wrong_with_a_placeholder),
        cmocka_unit_test(refuses_files_that_hold_no_lists),
        cmocka_unit_test(bounds_what_values_are_multiplied_into),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
