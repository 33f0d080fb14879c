/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings of likely mistakes, and what is none. */
#include "unit/rule/sigma_fixture.h"

/* Each case: a detection, whose first line is line 5, and its warning; NULL = none. */
static const char *const detections[][2] = {
    /* contradictions */
    {"  s: {eventName: A}\n  t: {eventName: B}\n  condition: s and t",
     "warning 7:14 contradiction condition: a part of this can never be true: one field is asked "
     "for two different values at once"},
    {"  s: {eventName: A}\n  t: {eventName: B}\n  condition: s or t", NULL},
    {"  s: {eventName: [A, B]}\n  t: {eventName: [b, C]}\n  condition: s and t", NULL},
    {"  s: {eventName|all: [A, B]}\n  condition: s",
     "warning 5:3 contradiction s: a part of this can never be true: one field is asked for two "
     "different values at once"},
    {"  s: {eventName: A, eventName|startswith: B}\n  condition: s",
     "warning 5:3 contradiction s: a part of this can never be true: one field is asked for two "
     "different values at once"},
    {"  s: {eventName: Ab, eventName|startswith: A}\n  condition: s", NULL},
    {"  s: {resources.ARN|all: [A, B]}\n  condition: s", NULL}, /* a list */
    {"  s: {sourceIPs|all: [A, B]}\n  condition: s", NULL},
    {"  s: {f|exists: false, g: a}\n  t: {f: a}\n  condition: s and t",
     "warning 7:14 contradiction condition: a part of this can never be true: a field is asked to "
     "be absent and to have a value"},
    {"  s: {f|exists: false, f: null}\n  condition: s", NULL},
    {"  s: {f|exists: true, f: a}\n  condition: s", NULL},
    {"  s: {f: a}\n  condition: s and not s",
     "warning 6:14 contradiction condition: a part of this can never be true: a test is asked for "
     "together with its opposite"},
    {"  s: {f: a, g: b}\n  condition: s and not s",
     "warning 6:14 contradiction condition: a part of this can never be true: what is excluded is "
     "the same as what is asked for"},
    {"  s: {f: a, g: b}\n  t: {g: B, f: A}\n  condition: s and not t",
     "warning 7:14 contradiction condition: a part of this can never be true: what is excluded is "
     "the same as what is asked for"},
    {"  s: {f: a, g: b}\n  t: {f: a, g: c}\n  condition: s and not t", NULL},
    {"  s: {f: a}\n  t: {f|startswith: a}\n  condition: s and not t",
     "warning 7:14 contradiction condition: a part of this can never be true: every value that one "
     "test asks for is excluded by another"},
    {"  s: {f: [a, b]}\n  t: {f|startswith: a}\n  condition: s and not t", NULL},
    {"  s: {f: a}\n  t: {g: b}\n  u: {h: c}\n  condition: u or not (s or t) and s",
     "warning 8:14 contradiction condition: a part of this can never be true: a test is asked for "
     "together with its opposite"},
    {"  s: [{f: a}, {f: b}]\n  condition: s and not s",
     "warning 6:14 contradiction condition: a part of this can never be true: what is excluded is "
     "the same as what is asked for"},
    {"  s: [a, b]\n  t: [b]\n  condition: s and not t", NULL}, /* keywords are found anywhere */
    /* values */
    {"  s: {f|contains: '*a'}\n  condition: s",
     "warning 5:19 redundant-wildcard f: the modifier puts a '*' there already (leave it out)"},
    {"  s: {f|contains: 'a*'}\n  condition: s",
     "warning 5:19 redundant-wildcard f: the modifier puts a '*' there already (leave it out)"},
    {"  s: {f|startswith: 'a*'}\n  condition: s",
     "warning 5:21 redundant-wildcard f: the modifier puts a '*' there already (leave it out)"},
    {"  s: {f|startswith: '*a'}\n  condition: s", NULL},
    {"  s: {f|endswith: 'a*'}\n  condition: s", NULL},
    {"  s: {f|contains: 'a\\*'}\n  condition: s", NULL},
    {"  s: {f|contains: 'a\\\\*'}\n  condition: s",
     "warning 5:19 redundant-wildcard f: the modifier puts a '*' there already (leave it out)"},
    {"  s: {f|contains: '*'}\n  condition: s", NULL}, /* is there [9] */
    {"  s: {f: '*a*'}\n  condition: s", NULL},
    {"  s: {f|re: 'ab*'}\n  condition: s",
     "warning 5:13 wildcard-in-regex f: '*' in a regular expression repeats the character in front "
     "of it (write '.*' for any text)"},
    {"  s: {f|re: 'a.*b'}\n  condition: s", NULL},
    {"  s: {f|re: 'a[bc]*'}\n  condition: s", NULL},
    {"  s: {f: [abc, x, ABC]}\n  condition: s",
     "warning 5:19 repeated-value f: this value differs from another one in case only, which plays "
     "no part"},
    {"  s: {f: [abc, x, abc]}\n  condition: s",
     "warning 5:19 repeated-value f: this value stands twice"},
    {"  s: {f|cased: [abc, ABC]}\n  condition: s", NULL},
    {"  s: {f|re: [abc, ABC]}\n  condition: s", NULL},
    {"  s: {f|base64: [abc, ABC]}\n  condition: s", NULL},
    /* fields written as values [10] */
    {"  s: {userIdentity.arn|contains: responseElements.accessKey.userName}\n  condition: s",
     "warning 5:34 field-as-value responseElements.accessKey.userName: "
     "'responseElements.accessKey.userName' is the name of a field, but compared as a text (did "
     "you "
     "mean the modifier 'fieldref'?)"},
    {"  s: {f: my.field, my.field|exists: true}\n  condition: s",
     "warning 5:10 field-as-value my.field: 'my.field' is the name of a field, but compared as a "
     "text (did you mean the modifier 'fieldref'?)"},
    {"  s: {f: user.login}\n  condition: s", NULL},
    {"  s: {f: iam.amazonaws.com}\n  condition: s", NULL},
    {"  s: {f|fieldref: userIdentity.arn}\n  condition: s", NULL},
    {"  s: {f: userIdentity.}\n  condition: s", NULL},
};

static void warns_of_detections(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(detections); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        sigma_load_detection(&fixture, detections[i][0]);
        sigma_link(&fixture);
        const char *want = detections[i][1] != NULL ? detections[i][1] : "none";
        assert_string_equal(sigma_problem(&fixture, 0), want);
        assert_string_equal(sigma_problem(&fixture, 1), "none");
        size_t count = 0;
        assert_int_equal(np_rule_set_docs(fixture.set, &count)->status,
                         detections[i][1] != NULL ? NP_DOC_WARNING : NP_DOC_OK);
        sigma_end(&fixture);
    }
}

#define WHOLE                                                                                      \
    "title: t\nid: 3c4f6e0a-5d1b-4f7e-9a53-0c2b8d7e6f10\nlevel: low\ndescription: d\n"             \
    "logsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"

/* Each case: a document and its first problem; the line added to WHOLE is line 7. */
static const char *const documents[][2] = {
    {WHOLE, "none"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
     "level: low\ndescription: d\n",
     "warning 1:1 missing-id id: no 'id' (write a random UUID, for example from 'uuidgen')"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
     "id: 3c4f6e0a-5d1b-4f7e-9a53-0c2b8d7e6f10\n",
     "warning 1:1 missing-level level: no 'level' (it counts as medium; write 'level: medium' to "
     "mean it)"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
     "level: low\nid: 3c4f6e0a-5d1b-4f7e-9a53-0c2b8d7e6f10\n",
     "warning 1:1 missing-description description: no 'description' (say what the rule finds and "
     "why it matters)"},
    {"title: t\nlogsource: {product: aws}\ndetection: {s: {f: a}, condition: s}\n"
     "level: low\ndescription: d\nid: my-rule\n",
     "warning 6:5 bad-id my-rule: 'my-rule' is no UUID (write a random UUID, for example from "
     "'uuidgen')"},
    {WHOLE "date: 2024-02-29\nmodified: '2024-12-31'\n", "none"},
    {WHOLE "date: 2023-02-29\n",
     "warning 7:7 bad-date 2023-02-29: '2023-02-29' is no date (write it as YYYY-MM-DD)"},
    {WHOLE "date: 2024/02/03\n",
     "warning 7:7 bad-date 2024/02/03: '2024/02/03' is no date (write it as YYYY-MM-DD)"},
    {WHOLE "modified: 2024-13-01\n",
     "warning 7:11 bad-date 2024-13-01: '2024-13-01' is no date (write it as YYYY-MM-DD)"},
    {WHOLE "tags: [attack.t1078.004, attack.initial-access, cve.2021-44228, tlp.red]\n", "none"},
    {WHOLE "tags: [alert]\n", "warning 7:8 bad-tag alert: 'alert' is no tag: a name in a namespace "
                              "(write it as namespace.name, for example attack.t1078)"},
    {WHOLE "tags: ['a b.c']\n",
     "warning 7:8 bad-tag a b.c: 'a b.c' is no tag: a name in a namespace (write it as "
     "namespace.name, for example attack.t1078)"},
    {WHOLE "tags: attack.discvery\n", "warning 7:7 bad-tag attack.discvery: 'attack.discvery' is "
                                      "neither a tactic nor a technique of ATT&CK (discovery)"},
    {WHOLE "tags: [attack.t10788]\n",
     "warning 7:8 bad-tag attack.t10788: 'attack.t10788' is neither a tactic nor a technique of "
     "ATT&CK (attack.t1078, attack.t1078.004 or a tactic as attack.discovery)"},
    {"title: t\nid: 0b5f1d6e-93a1-4c0e-a5c5-8f0f1c2d3e4f\nlevel: low\ndescription: d\n"
     "logsource: {product: linux, service: auditd}\ndetection: {s: {f: a}, condition: s}\n",
     "warning 5:38 needs-auditd auditd: 'auditd' is a log of its own: system calls read from a "
     "capture do not match this rule (give its log with --as product=linux,service=auditd)"},
    {"title: f\nlogsource: {product: aws}\nfilter: {rules: any, s: {f: a}, condition: s}\n",
     "none"},
};

static void warns_of_what_a_document_says_of_itself(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(documents); i++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        assert_int_equal(
            np_rule_set_load(fixture.set, "r.yml", np_span_of(documents[i][0]), &fixture.diags), 0);
        assert_string_equal(sigma_problem(&fixture, 0), documents[i][1]);
        sigma_end(&fixture);
    }
}

/* Large and deep conditions take no time worth speaking of. */
static void is_not_slowed_down_by_many_tests(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_buf text;
    np_buf_init(&text, 1 << 24);
    for (int s = 0; s < 60; s++) {
        (void) np_buf_printf(&text, "  s%d:\n    eventName|startswith:\n", s);
        for (int i = 0; i < 2000; i++)
            (void) np_buf_printf(&text, "      - a%db%d\n", i, s);
    }
    (void) np_buf_add_str(&text, "  condition: all of s*");
    sigma_begin(&fixture);
    sigma_load_detection(&fixture, np_buf_cstr(&text));
    assert_string_equal(sigma_problem(&fixture, 0), "none");
    np_buf_done(&text);
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warns_of_detections),
        cmocka_unit_test(warns_of_what_a_document_says_of_itself),
        cmocka_unit_test(is_not_slowed_down_by_many_tests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
