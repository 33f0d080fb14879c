/* SPDX-License-Identifier: Apache-2.0 */
/* What values become; numbers in brackets are those of the pitfalls that a case stands for. */
#include "unit/rule/sigma_fixture.h"

/* Each case: `f<modifiers>: <value>` and what it becomes; `f = ` in front is left out. */
static void assert_values(const char *const cases[][3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sigma_fixture fixture;
        char detection[1024];
        (void) snprintf(detection, sizeof(detection), "  s:\n    f%s: %s\n  condition: s",
                        cases[i][0], cases[i][1]);
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, detection);
        assert_string_equal(sigma_problem(&fixture, 0), "none");
        const char *condition = sigma_condition(&fixture, 0);
        assert_true(strncmp(condition, "f = ", 4) == 0);
        assert_string_equal(condition + 4, cases[i][2]);
        sigma_end(&fixture);
    }
}

#define ASSERT_VALUES(cases) assert_values((cases), sizeof(cases) / sizeof((cases)[0]))

static void folds_plain_values(void **state) /* [1] */
{
    (void) state;
    static const char *const cases[][3] = {
        {"", "No", "no"},
        {"", "'MFA'", "mfa"},
        {"", "STRASSE", "strasse"},
        {"",
         "Stra\xc3\x9f"
         "e",
         "strasse"},
        {"", "'\xc3\x84rger'", "\xc3\xa4rger"},
        {"|cased", "No", "cased No"},
        {"|cased|contains", "No", "cased *No*"},
    };
    ASSERT_VALUES(cases);
}

static void reads_wildcards(void **state)
{
    (void) state;
    static const char *const cases[][3] = {
        {"", "'a*'", "a*"},   {"", "'*a'", "*a"},   {"", "'*a*'", "*a*"},
        {"", "'a*b'", "a*b"}, {"", "'a?b'", "a?b"}, {"", "'?'", "?"},
        {"", "'*'", "*"},     {"", "'***'", "*"},   {"", "'a**b?*'", "a*b?*"},
    };
    ASSERT_VALUES(cases);
}

/* In single quotes YAML takes a backslash as it is. The printer writes a backslash as two. */
static void reads_escapes(void **state) /* [4] */
{
    (void) state;
    static const char *const cases[][3] = {
        {"", "'a\\b'", "a\\\\b"},             /* a\b: a backslash */
        {"", "'a\\\\b'", "a\\\\b"},           /* a\\b: one too */
        {"", "'a\\*b'", "a\\*b"},             /* a\*b: a star */
        {"", "'a\\?b'", "a\\?b"},             /* a\?b: a question mark */
        {"", "'a\\\\*b'", "a\\\\*b"},         /* a\\*b: a backslash, then any run */
        {"", "'a\\\\\\*b'", "a\\\\\\*b"},     /* a\\\*b: a backslash, then a star */
        {"", "'a\\\\\\b'", "a\\\\\\\\b"},     /* a\\\b: two backslashes */
        {"", "'a\\\\\\\\b'", "a\\\\\\\\b"},   /* a\\\\b: two */
        {"", "'a\\\\\\\\*b'", "a\\\\\\\\*b"}, /* a\\\\*b: two, then any run */
        {"", "'a\\'", "a\\\\"},               /* a\ */
        {"", "'a\\\\'", "a\\\\"},             /* a\\ */
        {"", "'\\'", "\\\\"},
        {"|contains", "'\\Temp\\'", "*\\\\temp\\\\*"}, /* the run that is added is not escaped */
        {"|startswith", "'C:\\'", "c:\\\\*"},
        {"|endswith", "'\\cmd.exe'", "*\\\\cmd.exe"},
        {"|contains", "'a\\*'", "*a\\**"},     /* contains a* as it stands */
        {"|re", "'a\\\\\\*b'", "/a\\\\\\*b/"}, /* no escapes of ours in an expression [5] */
    };
    ASSERT_VALUES(cases);
}

static void adds_runs_by_modifier(void **state)
{
    (void) state;
    static const char *const cases[][3] = {
        {"|contains", "a", "*a*"},      {"|startswith", "a", "a*"},
        {"|endswith", "a", "*a"},       {"|contains", "'a*b'", "*a*b*"},
        {"|startswith", "'*a'", "*a*"}, {"|endswith", "'a*'", "*a*"},
        {"|contains", "'*'", "*"}, /* present and not empty [9] */
        {"|contains", "''", "*"},
    };
    ASSERT_VALUES(cases);
}

static void types_plain_scalars(void **state) /* [3] [6] */
{
    (void) state;
    static const char *const cases[][3] = {
        {"", "4688", "#4688"},
        {"", "'4688'", "4688~#4688"}, /* a text, and numbers that are equal to it */
        {"", "-1", "#-1"},
        {"", "0x10", "(#16 | 0x10)"}, /* a field may hold just that text */
        {"", "9007199254740993", "#9007199254740993"},
        {"", "18446744073709551615", "#18446744073709551615"},
        {"", "99999999999999999999", "99999999999999999999~#1e+20"}, /* beyond 64 bits: as text */
        {"", "1.5", "#1.5"},
        {"", ".inf", ".inf"},
        {"", "null", "null"},
        {"", "", "null"},
        {"", "~", "null"},
        {"", "'null'", "null"}, /* printed alike, told apart below */
        {"", "''", ""},
        {"", "true", "true"},
        {"", "False", "false"},
        {"", "'FALSE'", "false"},
        {"", "yes", "yes"},
        {"|contains", "4688", "*4688*"},
        {"|startswith", "1.50", "1.50*"},
        {"|endswith", "True", "*true"},
        {"|re", "4688", "/4688/"},
        {"|base64", "12", "mti="},
    };
    ASSERT_VALUES(cases);
}

static void tells_null_from_its_word(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    f: ['null', null, '']\n  condition: s");
    const struct np_pred *pred = &fixture.set->ir.preds.items[0];
    assert_int_equal(pred->literal_count, 3);
    assert_int_equal(pred->literals[0].kind, NP_LITERAL_PATTERN);
    assert_int_equal(pred->literals[1].kind, NP_LITERAL_NULL);
    assert_int_equal(pred->literals[2].kind, NP_LITERAL_PATTERN);
    assert_int_equal(pred->literals[2].pattern.kind, NP_PATTERN_EXACT);
    sigma_end(&fixture);
}

static void encodes_in_the_order_of_the_modifiers(void **state) /* [13] */
{
    (void) state;
    static const char *const cases[][3] = {
        {"|cased|base64", "foobar", "cased Zm9vYmFy"},
        {"|base64", "foobar", "zm9vymfy"}, /* folded as every value is */
        {"|cased|base64offset", "foobar", "(cased Zm9vYmFy | cased Zvb2Jhc | cased mb29iYX)"},
        {"|cased|base64offset|contains", "/bin/bash",
         "(cased *L2Jpbi9iYXNo* | cased *9iaW4vYmFza* | cased *vYmluL2Jhc2*)"},
        {"|cased|wide", "cmd", "cased c<00>m<00>d<00>"},
        {"|cased|utf16le", "ab", "cased a<00>b<00>"},
        {"|cased|utf16be", "ab", "cased <00>a<00>b"},
        {"|cased|wide|base64offset|contains", "ping",
         "(cased *cABpAG4AZw* | cased *AAaQBuAGcA* | cased *wAGkAbgBnA*)"},
        {"|cased|utf16|base64", "ab", "cased //5hAGIA"},
        {"|cased|utf16be|base64", "\xf0\x9f\x98\x80", "cased 2D3eAA=="}, /* U+1F600: a pair */
        {"|cased|wide|base64", "\xc3\xbc", "cased /AA="},
        {"|cased|base64|contains", "'a\\*'", "cased *YSo=*"}, /* an escaped star is a star */
        {"|cased|wide|contains", "a", "cased *a<00>*"},
        {"|cased|contains|wide", "'a'", "cased *a<00>*"}, /* wildcards stay what they are */
    };
    ASSERT_VALUES(cases);
}

#define EN  "\xe2\x80\x93"
#define EM  "\xe2\x80\x94"
#define BAR "\xe2\x80\x95"

static void tries_all_dashes(void **state) /* [13] */
{
    (void) state;
    static const char *const cases[][3] = {
        {"|windash", "'-a'", "<->a"},
        {"|windash", "'" EN "a'", "<->a"},
        {"|windash|contains", "' /a" BAR "b '", "* <->a<->b *"},
        {"|contains|windash", "'-a'", "*<->a*"},
        {"|windash", "'--a-'", "<-><->a<->"},
        {"|windash", "'a" EM "*/?'", "a<->*<->?"},
        {"|windash", "a", "a"},
        {"|cased|windash", "'-A'", "cased <->A"},
        {"|windash|base64", "'-a'", "(lwe= | l2e= | 4octyq== | 4ocuyq== | 4ocvyq==)"},
    };
    ASSERT_VALUES(cases);
}

static void tries_all_combinations_of_dashes_before_an_encoding(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, "  s:\n    f|windash|base64: '-a -b-c -d'\n  condition: s");
    const struct np_pred *pred = &fixture.set->ir.preds.items[0];
    assert_int_equal(pred->literal_count, 625);
    sigma_condition(&fixture, 0);
    /* The texts "-a /b" EN "c " BAR "d" and BAR "a " BAR "b" BAR "c " BAR "d". */
    assert_non_null(strstr(np_buf_cstr(&fixture.text), " lwegl2ligjnjiokalwq= "));
    assert_non_null(strstr(np_buf_cstr(&fixture.text), " 4ocvysdigjvi4ocvyydigjvk)"));
    sigma_end(&fixture);
}

/* A rule set holds so many texts that nobody wrote, then it takes no more. */
static void bounds_what_values_are_multiplied_into(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 20);
    (void) np_buf_add_str(&text, "  s:\n    f|windash|base64:\n");
    for (int i = 0; i < 321; i++)
        (void) np_buf_printf(&text, "      - '-a -b -c -d%d'\n", i);
    (void) np_buf_add_str(&text, "  condition: s");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 1:1 limit -: the rule set grows too large with this document");
    np_buf_done(&text);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_plain_values),
        cmocka_unit_test(reads_wildcards),
        cmocka_unit_test(reads_escapes),
        cmocka_unit_test(adds_runs_by_modifier),
        cmocka_unit_test(types_plain_scalars),
        cmocka_unit_test(tells_null_from_its_word),
        cmocka_unit_test(encodes_in_the_order_of_the_modifiers),
        cmocka_unit_test(tries_all_dashes),
        cmocka_unit_test(tries_all_combinations_of_dashes_before_an_encoding),
        cmocka_unit_test(bounds_what_values_are_multiplied_into),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
