/* SPDX-License-Identifier: Apache-2.0 */
/* Selections: fields, lists, modifiers that link and compare, keywords, and what is refused. */
#include "unit/rule/sigma_fixture.h"

/* Each case: a selection and the condition that it becomes. */
static const char *const selections[][2] = {
    {"f: a", "f = a"},
    {"f: [a, 'b*', 5, null]", "f = (a | b* | #5 | null)"},
    {"{f: a, g: [b, c]}", "(f = a and g = (b | c))"},
    {"[{f: a}, {g: b, h: c}]", "(f = a or (g = b and h = c))"},
    {"f|all: [a, b]", "(f = a and f = b)"},
    {"f|contains|all: [a, b]", "(f = *a* and f = *b*)"},
    {"f|all|contains: [a, b]", "(f = *a* and f = *b*)"},
    {"f|neq: a", "not f = a"},
    {"f|neq: [a, b]", "not f = (a | b)"}, /* none of them [14] */
    {"f|neq: 5", "not f = #5"},
    {"f|neq|all: [a, b]", "not (f = a and f = b)"},
    {"f|contains|neq: a", "not f = *a*"},
    {"f|base64offset|contains|all: [foo, bar]",
     "(f = (*zm9v* | *zvb* | *mb2*) and f = (*ymfy* | *jhc* | *iyx*))"},
    {"f|exists: true", "exists f"},
    {"f|exists: false", "not exists f"},
    {"f|exists|neq: true", "not exists f"},
    {"f|lt: 5", "f < #5"},
    {"f|lte: 5", "f <= #5"},
    {"f|gt: -1.5", "f > #-1.5"},
    {"f|gte: 18446744073709551615", "f >= #18446744073709551615"},
    {"f|gt: [5, 7]", "(f > #5 or f > #7)"},
    {"f|gt|all: [5, 7]", "(f > #5 and f > #7)"},
    {"f|gte: '5'", "f >= #5"},
    {"f: '5'", "f = 5~#5"},
    {"f|cased: ['1.0', a, '007', '1*', '']",
     "f = (cased 1.0~#1 | cased a | cased 007 | cased 1* | cased )"},
    {"f|contains: '5'", "f = *5*"},
    {"['5']", "keyword = *5*"},
    {"f: 007", "f = (#7 | 007)"},
    {"f|hour: 5", "hour(f) = #5"},
    {"f|hour: [5, '6', 7.0]", "hour(f) = (#5 | #6 | #7)"},
    {"f|minute|neq: 59", "not minute(f) = #59"},
    {"f|day|all: [1, 31]", "(day(f) = #1 and day(f) = #31)"},
    {"f|week|gte: 53", "week(f) >= #53"},
    {"f|lt|month: [2, 12]", "(month(f) < #2 or month(f) < #12)"},
    {"f|year|lte: 2023", "year(f) <= #2023"},
    {"f|hour|gt: 0", "hour(f) > #0"},
    {"f|re: 'a.*b$'", "f = /a.*b$/"},
    {"f|re: [a, b]", "f = (/a/ | /b/)"},
    {"f|re|all: [a, b]", "(f = /a/ and f = /b/)"},
    {"f|re|i: a", "f = /a/i"},
    {"f|re|i|m|s: a", "f = /a/ims"},
    {"f|re|ignorecase|multiline|dotall: a", "f = /a/ims"},
    {"f|re|cased: a", "f = /a/"},
    {"f|contains|re|i: a", "f = /a/i"}, /* an expression searches */
    {"f|re|neq: a", "not f = /a/"},
    {"f|cidr: 10.1.2.3/8", "f = net 10.0.0.0/8"},
    {"f|cidr: ['192.168.0.0/16', '127.0.0.1']", "f = (net 192.168.0.0/16 | net 127.0.0.1/32)"},
    {"f|cidr: '2001:db8::/32'", "f = net 20.01.0d.b8.00.00.00.00.00.00.00.00.00.00.00.00/32"},
    {"f|cidr|neq: 10.0.0.0/8", "not f = net 10.0.0.0/8"},
    {"f|fieldref: g.h", "f == g.h"},
    {"f|fieldref|startswith: g", "f ==* g"},
    {"f|endswith|fieldref: g", "f *== g"},
    {"f|fieldref|contains: g", "f *==* g"},
    {"f|fieldref|neq: g", "not f == g"},
    {"f|fieldref: [g, h]", "(f == g or f == h)"},
    {"f|fieldref|cased: g", "f == g cased"},
    {"f|cased|fieldref|endswith: g", "f *== g cased"},
    {"[a, 'b*c', 5, true]", "keyword = (*a* | *b*c* | *5* | *true*)"}, /* [8] */
    {"a", "keyword = *a*"},
    {"'|all': [a, b]", "(keyword = *a* and keyword = *b*)"},
    {"'': [a, b]", "keyword = (*a* | *b*)"},
    {"'|contains': a", "keyword = *a*"},
    {"'|startswith': a", "keyword = a*"},
    {"'|endswith|cased': a", "keyword = cased *a"},
    {"'|neq': a", "not keyword = *a*"},
    {"'|re': 'a+'", "keyword = /a+/"},
    {"'|cased|base64offset|contains': foobar",
     "keyword = (cased *Zm9vYmFy* | cased *Zvb2Jhc* | cased *mb29iYX*)"},
    {"[a, {f: b}]", "(keyword = *a* or f = b)"},
    {"[[a, b], {f: c}]", "(keyword = (*a* | *b*) or f = c)"},
    {"{'f.g[0]': a}", "f.g[0] = a"},
};

static void compiles_selections(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(selections) / sizeof(selections[0]); i++) {
        struct sigma_fixture fixture;
        char detection[1024];
        (void) snprintf(detection, sizeof(detection), "  s:\n    %s\n  condition: s",
                        selections[i][0]);
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, detection);
        assert_string_equal(sigma_problem(&fixture, 0), "none");
        assert_string_equal(sigma_condition(&fixture, 0), selections[i][1]);
        sigma_end(&fixture);
    }
}

/* Each selection stands in line 6, from column 5 on. */
static const char *const refusals[][2] = {
    {"f|contain: a",
     "error 6:7 unknown-modifier contain: modifier 'contain' is not known (contains)"},
    {"f|contains|al: a", "error 6:16 unknown-modifier al: modifier 'al' is not known (all)"},
    {"'f|xyzzy': a", "error 6:8 unknown-modifier xyzzy: modifier 'xyzzy' is not known"},
    {"f|: a", "error 6:7 unknown-modifier -: modifier '' is not known (remove the '|')"},
    {"f|Contains: a",
     "error 6:7 unknown-modifier Contains: modifier 'Contains' is not known (contains)"},
    {"f|all|all: [a, b]", "error 6:11 bad-modifier all: modifier 'all' stands twice (keep one of "
                          "the two)"},
    {"f|wide|utf16le: a", "error 6:12 bad-modifier utf16le: modifier 'utf16le' stands twice (keep "
                          "one of the two)"},
    {"f|wide|utf16be: a", "error 6:12 bad-modifier utf16be: modifier 'utf16be' contradicts one "
                          "before it"},
    {"f|contains|startswith: a", "error 6:16 bad-modifier startswith: modifier 'startswith' "
                                 "contradicts one before it"},
    {"f|startswith|endswith: a", "error 6:18 bad-modifier endswith: modifier 'endswith' "
                                 "contradicts one before it"},
    {"f|i: a", "error 6:7 bad-modifier i: modifier 'i' must stand behind 're' (re)"},
    {"f|i|re: a", "error 6:7 bad-modifier i: modifier 'i' must stand behind 're' (re)"},
    {"f|re|startswith: a",
     "error 6:7 bad-modifier re|startswith: modifier 're|startswith' combines what means nothing "
     "together (write ^ and $ for the start and the end of the text)"},
    {"f|cidr|contains: a", "error 6:7 bad-modifier cidr|contains: modifier 'cidr|contains' "
                           "combines what means nothing together"},
    {"f|exists|all: true", "error 6:7 bad-modifier exists|all: modifier 'exists|all' combines "
                           "what means nothing together"},
    {"f|lt|gt: 5", "error 6:10 bad-modifier gt: modifier 'gt' contradicts one before it"},
    {"f|hour|day: 5", "error 6:12 bad-modifier day: modifier 'day' contradicts one before it"},
    {"f|hour|contains: 5", "error 6:7 bad-modifier hour|contains: modifier 'hour|contains' "
                           "combines what means nothing together"},
    {"f|hour|fieldref: g", "error 6:7 bad-modifier hour|fieldref: modifier 'hour|fieldref' "
                           "combines what means nothing together"},
    {"'|hour': 5", "error 6:5 bad-modifier |hour: modifier 'hour' needs a field (write a field in "
                   "front of it)"},
    {"f|hour: 24", "error 6:13 bad-value f: 'hour' needs a whole number from 0 to 23"},
    {"f|hour: -1", "error 6:13 bad-value f: 'hour' needs a whole number from 0 to 23"},
    {"f|minute: 5.5", "error 6:15 bad-value f: 'minute' needs a whole number from 0 to 59"},
    {"f|day|gt: 0", "error 6:15 bad-value f: 'day' needs a whole number from 1 to 31"},
    {"f|week: [1, 54]", "error 6:17 bad-value f: 'week' needs a whole number from 1 to 53"},
    {"f|month: May", "error 6:14 bad-value f: 'month' needs a whole number from 1 to 12"},
    {"f|year: null", "error 6:13 bad-value f: 'year' needs a whole number from 1 to 9999"},
    {"f|year: 18446744073709551617",
     "error 6:13 bad-value f: 'year' needs a whole number from 1 to 9999"},
    {"f|expand: '%x%'", "error 6:15 expand-without-values x: there is no list of values for '%x%' "
                        "(--values FILE)"}, /* [10] */
    {"f|exists|expand: true", "error 6:7 bad-modifier exists|expand: modifier 'exists|expand' "
                              "combines what means nothing together"},
    {"f|re: '*a'", "error 6:11 bad-regex f: not a regular expression: '*' is no wildcard in one: "
                   "quantifier does not follow a repeatable item (write '.*' for any text)"},
    {"f|re: 'a('", "error 6:14 bad-regex f: not a regular expression: missing closing "
                   "parenthesis"},
    {"f|re: ''", "error 6:11 bad-value f: an empty regular expression matches everything"},
    {"f|re: null", "error 6:11 bad-value f: an empty regular expression matches everything"},
    {"f|cidr: 10.0.0.0/33", "error 6:13 bad-cidr f: '10.0.0.0/33' is not an IP network (write it "
                            "as 10.0.0.0/8 or 2001:db8::/32)"},
    {"f|cidr: ['10.0.0.0/8', x]", "error 6:28 bad-cidr f: 'x' is not an IP network (write it as "
                                  "10.0.0.0/8 or 2001:db8::/32)"},
    {"f|gt: many", "error 6:11 bad-value f: a comparison needs a number"},
    {"f|gte: '0x5'", "error 6:12 bad-value f: a comparison needs a number"},
    {"f|lt: null", "error 6:11 bad-value f: a comparison needs a number"},
    {"f|exists: yes", "error 6:15 bad-value f: 'exists' needs a boolean (write true or false, "
                      "without quotes)"},
    {"f|exists: 'true'", "error 6:15 bad-value f: 'exists' needs a boolean (write true or false, "
                         "without quotes)"},
    {"f|exists: [true]", "error 6:15 bad-value f: one value is needed here, not a list"},
    {"f|fieldref: 'g*'", "error 6:17 bad-value f: 'fieldref' needs the name of a field, without "
                         "wildcards"},
    {"f|fieldref: ''", "error 6:17 bad-value f: 'fieldref' needs the name of a field, without "
                       "wildcards"},
    {"f: []", "error 6:8 bad-value f: an empty list of values matches nothing"},
    {"f: {g: a}", "error 6:8 bad-value f: a value cannot be a list or a mapping itself (write the "
                  "path as 'a.b')"},
    {"f: [a, [b]]", "error 6:12 bad-value f: a value cannot be a list or a mapping itself (write "
                    "the path as 'a.b')"},
    {"f|contains: null", "error 6:17 bad-value f: null is no text (leave the modifier out, or "
                         "write '' for the empty text)"},
    {"f|wide: \xc3\xbc", "error 6:13 bad-value f: these bytes of UTF-16 never occur in a text (put "
                         "'base64' or 'base64offset' behind it)"},
    {"f|utf16: a", "error 6:14 bad-value f: these bytes of UTF-16 never occur in a text (put "
                   "'base64' or 'base64offset' behind it)"},
    {"f|base64: 'a*'", "error 6:15 bad-value a*: a text with wildcards cannot be encoded in "
                       "Base64"},
    {"f|contains|base64: a",
     "error 6:24 bad-value a: a text with wildcards cannot be encoded in Base64"},
    {"f|base64: ''", "error 6:15 bad-value -: nothing to encode in Base64"},
    {"f|windash|base64: '-a -b -c -d -e'",
     "error 6:23 too-many-dashes -a -b -c -d -e: 'windash' before an encoding takes at most 4 "
     "dashes and 1024 bytes in a value (give each option a value of its own, under 'all')"},
    {"''", "error 6:5 bad-value -: an empty keyword would match every event"},
    {"[a, '']", "error 6:9 bad-value -: an empty keyword would match every event"},
    {"[a, null]", "error 6:9 bad-value -: an empty keyword would match every event"},
    {"'|exists': true", "error 6:5 bad-modifier |exists: modifier 'exists' needs a field (write a "
                        "field in front of it)"},
    {"'|cidr': 10.0.0.0/8", "error 6:5 bad-modifier |cidr: modifier 'cidr' needs a field (write a "
                            "field in front of it)"},
    {"{}", "error 6:5 empty-selection -: there is nothing in this selection to search for"},
    {"[]", "error 6:5 empty-selection -: there is nothing in this selection to search for"},
    {"null", "error 6:5 empty-selection -: there is nothing in this selection to search for"},
    {"[{f: a}, {}]", "error 6:14 empty-selection -: there is nothing in this selection to search "
                     "for"},
};

static void refuses_what_cannot_be_meant(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct sigma_fixture fixture;
        char detection[1024];
        (void) snprintf(detection, sizeof(detection), "  s:\n    %s\n  condition: s",
                        refusals[i][0]);
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, detection);
        assert_string_equal(sigma_problem(&fixture, 0), refusals[i][1]);
        assert_int_equal(fixture.diags.diags.len, 1);
        assert_int_equal(np_rule_set_loaded(fixture.set), 0);
        assert_int_equal(np_rule_set_refused(fixture.set), 1);
        sigma_end(&fixture);
    }
}

static void tells_all_problems_of_a_document(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    f|nix: a\n    g|re: ['(', ')', a]\n  t: []\n"
                                   "  condition: s and u");
    assert_int_equal(fixture.diags.errors, 5);
    assert_string_equal(sigma_problem(&fixture, 2),
                        "error 7:17 bad-regex g: not a regular expression: unmatched closing "
                        "parenthesis");
    assert_string_equal(sigma_problem(&fixture, 4),
                        "error 9:20 undefined-selection u: selection 'u' is not defined (s)");
    sigma_end(&fixture);
}

static void gives_up_where_all_is_wrong(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    (void) np_buf_add_str(&text, "  s:\n");
    for (int i = 0; i < 1000; i++)
        (void) np_buf_printf(&text, "    f%d|nix: a\n", i);
    (void) np_buf_add_str(&text, "  condition: s");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_int_equal(fixture.diags.errors, 100);
    np_buf_done(&text);
    sigma_end(&fixture);
}

static void warns_of_all_on_one_value(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    f|contains|all: a\n  condition: s");
    assert_string_equal(sigma_problem(&fixture, 0),
                        "warning 6:5 single-all f: 'all' has no effect on one value");
    assert_string_equal(sigma_condition(&fixture, 0), "f = *a*");
    sigma_end(&fixture);
}

static void loads_a_rule_with_many_warnings(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    (void) np_buf_add_str(&text, "  s:\n");
    for (int i = 0; i < 200; i++)
        (void) np_buf_printf(&text, "    f%d|all: a\n", i);
    (void) np_buf_add_str(&text, "  condition: s");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_int_equal(np_rule_set_loaded(fixture.set), 1);
    assert_int_equal(fixture.diags.diags.len, 101);
    assert_string_equal(sigma_problem(&fixture, 100), "warning 1:1 limit -: further warnings about "
                                                      "this document are left out");
    np_buf_done(&text);
    sigma_end(&fixture);
}

static void refuses_names_that_no_field_can_have(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 16);
    (void) np_buf_add_str(&text, "  s:\n    ? ");
    for (int i = 0; i <= NP_FIELD_NAME_MAX_BYTES; i++)
        (void) np_buf_add_char(&text, 'f');
    (void) np_buf_add_str(&text, "\n    : a\n  condition: s");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_int_equal(fixture.diags.errors, 1);
    assert_string_equal(fixture.diags.diags.items[0].message, "this is no field name");
    np_buf_done(&text);
    sigma_end(&fixture);
}

static void lists_fields_in_the_order_of_the_rule(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    b: 1\n    a|fieldref: c\n  unused:\n    x: 1\n"
                                   "  t:\n    - a: 1\n    - d|exists: true\n    - word\n"
                                   "  condition: t or s");
    assert_string_equal(sigma_fields(&fixture, 0), "b a c d");
    sigma_end(&fixture);
}

static void shares_equal_predicates(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    f|contains: Word\n  condition: s");
    sigma_load_detection(&fixture, "  t:\n    f: '*wOrd*'\n  condition: t");
    assert_int_equal(fixture.set->ir.preds.len, 1);
    assert_int_equal(np_rule_set_loaded(fixture.set), 2);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiles_selections),
        cmocka_unit_test(refuses_what_cannot_be_meant),
        cmocka_unit_test(tells_all_problems_of_a_document),
        cmocka_unit_test(gives_up_where_all_is_wrong),
        cmocka_unit_test(loads_a_rule_with_many_warnings),
        cmocka_unit_test(warns_of_all_on_one_value),
        cmocka_unit_test(refuses_names_that_no_field_can_have),
        cmocka_unit_test(lists_fields_in_the_order_of_the_rule),
        cmocka_unit_test(shares_equal_predicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
