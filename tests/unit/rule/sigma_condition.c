/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/rule/sigma_fixture.h"

static const char selections[] = "  a:\n    a: 1\n"
                                 "  b:\n    b: 1\n"
                                 "  sel_x:\n    x: 1\n"
                                 "  sel_y:\n    y: 1\n"
                                 "  _hidden:\n    h: 1\n";

static void load_condition(struct sigma_fixture *fixture, const char *condition)
{
    char detection[4096];
    (void) snprintf(detection, sizeof(detection), "%s  condition: %s", selections, condition);
    sigma_begin(fixture);
    sigma_load_detection(fixture, detection);
}

static void compiles_conditions(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"a", "a = #1"},
        {"a and b", "(a = #1 and b = #1)"},
        {"a or b", "(a = #1 or b = #1)"},
        {"not a", "not a = #1"},
        {"not not a", "a = #1"},
        {"a or b and sel_x", "(a = #1 or (b = #1 and x = #1))"},
        {"a and b or sel_x and sel_y", "((a = #1 and b = #1) or (x = #1 and y = #1))"},
        {"(a or b) and sel_x", "((a = #1 or b = #1) and x = #1)"},
        {"not a and b", "(not a = #1 and b = #1)"},
        {"not (a and b)", "not (a = #1 and b = #1)"},
        {"a and not (b or not sel_x)", "(a = #1 and not (b = #1 or not x = #1))"},
        {"a or b or sel_x or sel_y", "(a = #1 or b = #1 or x = #1 or y = #1)"},
        {"((a))", "a = #1"},
        {"(a)and(b)", "(a = #1 and b = #1)"},
        {"1 of sel_*", "(x = #1 or y = #1)"},
        {"any of sel_*", "(x = #1 or y = #1)"},
        {"all of sel_*", "(x = #1 and y = #1)"},
        {"1 of *_x", "x = #1"},
        {"1 of s*_*x", "x = #1"},
        {"1 of sel_x", "x = #1"},
        {"1 of them", "(a = #1 or b = #1 or x = #1 or y = #1)"},
        {"all of them", "(a = #1 and b = #1 and x = #1 and y = #1)"},
        {"1 of *", "(a = #1 or b = #1 or x = #1 or y = #1)"},
        {"1 of _*", "h = #1"},
        {"_hidden", "h = #1"},
        {"a and not 1 of sel_*", "(a = #1 and not (x = #1 or y = #1))"},
        {"not 1 of sel_* and a", "(not (x = #1 or y = #1) and a = #1)"},
        {"not all of sel_*", "not (x = #1 and y = #1)"},
        {"a AND NOT b OR ALL OF THEM", "((a = #1 and not b = #1) or "
                                       "(a = #1 and b = #1 and x = #1 and y = #1))"},
        {"'a and  b '", "(a = #1 and b = #1)"},
        {">\n    a\n    and\n    b", "(a = #1 and b = #1)"},
        {"[a, b and sel_x]", "(a = #1 or (b = #1 and x = #1))"},
        {"[a]", "a = #1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        load_condition(&fixture, cases[i][0]);
        assert_string_equal(sigma_condition(&fixture, 0), cases[i][1]);
        assert_int_equal(fixture.diags.errors, 0);
        sigma_end(&fixture);
    }
}

/* The condition stands in line 15, from column 14 on. */
static void tells_where_a_condition_goes_wrong(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"a and", "error 15:19 bad-condition -: the condition ends where a selection is expected"},
        {"a b", "error 15:16 bad-condition b: 'b' stands where 'and', 'or' or the end is expected"},
        {"a adn b",
         "error 15:16 bad-condition adn: 'adn' stands where 'and', 'or' or the end is expected "
         "(and)"},
        {"and a", "error 15:14 bad-condition and: 'and' stands where a selection is expected"},
        {"a or or b", "error 15:19 bad-condition or: 'or' stands where a selection is expected"},
        {"(a or b", "error 15:21 bad-condition -: the condition ends where ')' is expected"},
        {"a)", "error 15:15 bad-condition ): ')' stands where 'and', 'or' or the end is expected"},
        {"a and ()", "error 15:21 bad-condition ): ')' stands where a selection is expected"},
        {"not", "error 15:17 bad-condition -: the condition ends where a selection is expected"},
        {"1 of", "error 15:18 bad-condition -: the condition ends where 'them' or a pattern of "
                 "names is expected"},
        {"1 of (a)", "error 15:19 bad-condition (: '(' stands where 'them' or a pattern of names "
                     "is expected"},
        {"a and 2 of sel_*", "error 15:20 bad-condition 2: no other number than 1 can stand in "
                             "front of 'of' (1, any or all)"},
        {"some of sel_*", "error 15:14 bad-condition some: this word cannot stand in front of "
                          "'of' (1, any or all)"},
        {"a and sel_z", "error 15:20 undefined-selection sel_z: selection 'sel_z' is not defined "
                        "(sel_x)"},
        {"a and nto b",
         "error 15:20 undefined-selection nto: selection 'nto' is not defined (not)"},
        {"A", "error 15:14 undefined-selection A: selection 'A' is not defined (a)"},
        {"a and sel_*", "error 15:20 undefined-selection sel_*: selection 'sel_*' is not defined "
                        "(put '1 of' or 'all of' in front of a pattern)"},
        {"a and not 1 of filter*",
         "error 15:29 undefined-selection filter*: no selection fits 'filter*'"},
        {"a | count() > 5", "error 15:16 aggregation |: aggregations behind '|' are not part of "
                            "Sigma any more (write a correlation document)"},
        {"\"a | near b\"", "error 15:17 aggregation |: aggregations behind '|' are not part of "
                           "Sigma any more (write a correlation document)"},
        {"'\xc3\xbc and b'",
         "error 15:14 undefined-selection \xc3\xbc: selection '\xc3\xbc' is not defined"},
        {"'a and \xc3\xbc'",
         "error 15:21 undefined-selection \xc3\xbc: selection '\xc3\xbc' is not defined"},
        {"[a, b and]", "error 15:23 bad-condition -: the condition ends where a selection is "
                       "expected"},
        {"''", "error 15:14 missing-condition condition: 'condition' is empty or no text"},
        {"' '", "error 15:14 missing-condition condition: 'condition' is empty or no text"},
        {"", "error 15:13 missing-condition condition: 'condition' is empty or no text"},
        {"[]", "error 15:14 missing-condition condition: 'condition' is empty or no text"},
        {"{a: b}", "error 15:14 missing-condition condition: 'condition' is empty or no text"},
        {"[a, [b]]", "error 15:18 missing-condition condition: a condition must be a text"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sigma_fixture fixture;
        load_condition(&fixture, cases[i][0]);
        assert_string_equal(sigma_problem(&fixture, 0), cases[i][1]);
        assert_int_equal(fixture.set->refused, 1);
        sigma_end(&fixture);
    }
}

/* A folded text has no columns: the problem is told where the value begins. */
static void falls_back_to_the_place_of_a_folded_text(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    load_condition(&fixture, ">\n    a\n    and\n    nix");
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 15:14 undefined-selection nix: selection 'nix' is not defined");
    sigma_end(&fixture);
}

static void bounds_parentheses(void **state)
{
    (void) state;
    for (int depth = 50; depth <= 51; depth++) {
        struct sigma_fixture fixture;
        char condition[512] = "";
        for (int i = 0; i < depth; i++)
            condition[i] = '(';
        condition[depth] = 'a';
        memset(condition + depth + 1, ')', (size_t) depth);
        load_condition(&fixture, condition);
        assert_string_equal(sigma_problem(&fixture, fixture.diags.diags.len - 1),
                            depth == 50 ? "warning 13:3 unused-selection _hidden: selection "
                                          "'_hidden' is not used by the condition"
                                        : "error 15:64 bad-condition (: parentheses are nested "
                                          "deeper than 50");
        sigma_end(&fixture);
    }
}

/* The deepest expression that a condition can ask for is one that the IR takes. */
static void fits_the_deepest_condition_into_the_ir(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    char condition[2048] = "";
    size_t len = 0;
    for (int i = 0; i < 50; i++)
        len += (size_t) snprintf(condition + len, sizeof(condition) - len, "a or b and not (");
    condition[len++] = 'a';
    memset(condition + len, ')', 50);
    load_condition(&fixture, condition);
    assert_int_equal(fixture.diags.errors, 0);
    assert_int_equal(fixture.set->rules.len, 1);
    sigma_end(&fixture);
}

static void bounds_the_length(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    (void) np_buf_add_str(&text, "  a:\n    a: 1\n  condition: a");
    for (int i = 0; i < 4096; i++)
        (void) np_buf_add_str(&text, " or a");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 7:14 bad-condition -: the condition is longer than 16384 bytes");
    np_buf_done(&text);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiles_conditions),
        cmocka_unit_test(tells_where_a_condition_goes_wrong),
        cmocka_unit_test(falls_back_to_the_place_of_a_folded_text),
        cmocka_unit_test(bounds_parentheses),
        cmocka_unit_test(fits_the_deepest_condition_into_the_ir),
        cmocka_unit_test(bounds_the_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
