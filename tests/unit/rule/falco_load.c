/* SPDX-License-Identifier: Apache-2.0 */
/* Falco's rule files: items, what they do to each other, versions, and the codes of the loader. */
#include "unit/rule/sigma_fixture.h"

/* A rule of a condition; the parts of a rule before and behind it. */
#define HEAD            "- rule: r\n  desc: d\n  output: o %proc.name\n  priority: notice\n"
#define RULE(condition) HEAD "  condition: " condition "\n"
#define OPENS           "evt.type = open and "

/* The problems of a text, a line each, as sigma_problem() prints them; lives until the next call. */
static const char *problems_of(struct sigma_fixture *fixture, struct np_buf *lines,
                               const char *text)
{
    np_buf_reset(lines);
    sigma_begin(fixture);
    sigma_load(fixture, "r.yaml", text);
    sigma_link(fixture);
    for (size_t i = 0; i < fixture->diags.diags.len; i++)
        (void) np_buf_printf(lines, "%s%s", i > 0 ? "\n" : "", sigma_problem(fixture, i));
    return np_buf_cstr(lines);
}

/* What a text leads to: its problems, and how many rules run. */
struct problem_case {
    const char *text;
    const char *problems;
    size_t rules;
};

static void check_problems(const struct problem_case *cases, size_t count)
{
    np_auto_buf struct np_buf lines;
    np_buf_init(&lines, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        struct sigma_fixture fixture;
        assert_string_equal(problems_of(&fixture, &lines, cases[i].text), cases[i].problems);
        assert_int_equal(np_rule_set_loaded(fixture.set), cases[i].rules);
        sigma_end(&fixture);
    }
}

/* ---- items */

static void loads_a_rule_with_all_that_it_says(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yaml",
               "- list: shells\n  items: [bash]\n"
               "- macro: shell\n  condition: proc.name in (shells)\n"
               "- rule: A shell\n  desc: d\n  condition: evt.type = execve and shell\n"
               "  output: Shell (%proc.name)\n  priority: WARNING\n  tags: [b, a, b]\n");
    sigma_link(&fixture);
    assert_int_equal(fixture.diags.diags.len, 0);
    assert_int_equal(np_rule_set_loaded(fixture.set), 1);
    const struct np_rule_info *info = np_rule_set_info(fixture.set, 0);
    assert_string_equal(info->id, "A shell");
    assert_string_equal(info->title, "A shell");
    assert_string_equal(info->priority, "Warning");
    assert_string_equal(info->source, "syscall");
    assert_string_equal(info->file, "r.yaml");
    assert_int_equal(info->level, NP_LEVEL_MEDIUM);
    assert_int_equal(info->language, NP_LANGUAGE_FALCO);
    assert_int_equal(info->line, 5);
    assert_int_equal(info->tag_count, 2);
    assert_string_equal(info->tags[0], "b");
    assert_string_equal(info->tags[1], "a");
    assert_string_equal(sigma_fields(&fixture, 0), "evt.type proc.name");
    sigma_end(&fixture);
}

static void gives_each_item_a_document(void **state)
{
    (void) state;
    static const char *const types[] = {"required_engine_version", "required_plugin_versions",
                                        "list", "macro", "rule"};
    static const char *const titles[] = {"", "", "l", "m", "r"};
    struct sigma_fixture fixture;
    size_t count = 0;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yaml",
               "- required_engine_version: 0.1.0\n- required_plugin_versions: []\n"
               "- list: l\n  items: [a]\n- macro: m\n  condition: proc.name = a\n" RULE(
                   OPENS "m and proc.name in (l)"));
    sigma_link(&fixture);
    const struct np_rule_doc *docs = np_rule_set_docs(fixture.set, &count);
    assert_int_equal(count, 5);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(docs[i].type, types[i]);
        assert_string_equal(docs[i].title, titles[i]);
        assert_string_equal(docs[i].id, titles[i]);
        assert_int_equal(docs[i].index, i);
        assert_int_equal(docs[i].language, NP_LANGUAGE_FALCO);
        assert_int_equal(docs[i].status, NP_DOC_OK);
    }
    assert_string_equal(docs[4].level, "low");
    assert_string_equal(docs[4].product, "linux");
    assert_int_equal(np_rule_set_doc_of(fixture.set, 0), 4);
    sigma_end(&fixture);
}

static void loads_sigma_and_falco_side_by_side(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    size_t count = 0;
    sigma_begin(&fixture);
    sigma_load(&fixture, "mixed.yaml",
               RULE(OPENS "proc.name = a") "---\ntitle: t\nlogsource: {product: aws}\n"
                                           "detection: {s: {a: b}, condition: s}\n---\n- 1\n- 2\n");
    sigma_link(&fixture);
    const struct np_rule_doc *docs = np_rule_set_docs(fixture.set, &count);
    assert_int_equal(count, 4);
    assert_int_equal(docs[1].language, NP_LANGUAGE_SIGMA);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(docs[i].index, i);
    assert_int_equal(np_rule_set_loaded(fixture.set), 2);
    assert_int_equal(np_rule_set_refused(fixture.set), 2);
    sigma_end(&fixture);
}

static void leaves_disabled_rules_out_but_looks_at_them(void **state)
{
    (void) state;
    static const struct problem_case cases[] = {
        {RULE(OPENS "proc.name = a") "  enabled: false\n", "", 0},
        {RULE(OPENS "proc.name = a") "  enabled: no\n", "", 0},
        {RULE(OPENS "proc.name = a") "  enabled: True\n", "", 1},
        {RULE(OPENS "proc.nam = a") "  enabled: false\n",
         "error 5:34 LOAD_ERR_COMPILE_CONDITION proc.nam: the source 'syscall' has no field "
         "'proc.nam'",
         0},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
}

static void knows_the_priorities(void **state)
{
    (void) state;
    static const struct {
        const char *word;
        const char *spelt;
        enum np_level level;
    } cases[] = {
        {"EMERGENCY", "Emergency", NP_LEVEL_CRITICAL},
        {"alert", "Alert", NP_LEVEL_CRITICAL},
        {"Critical", "Critical", NP_LEVEL_CRITICAL},
        {"ERROR", "Error", NP_LEVEL_HIGH},
        {"warning", "Warning", NP_LEVEL_MEDIUM},
        {"NOTICE", "Notice", NP_LEVEL_LOW},
        {"INFO", "Informational", NP_LEVEL_INFORMATIONAL},
        {"informational", "Informational", NP_LEVEL_INFORMATIONAL},
        {"debug", "Debug", NP_LEVEL_INFORMATIONAL},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct sigma_fixture fixture;
        np_auto_buf struct np_buf text;
        np_buf_init(&text, 4096);
        (void) np_buf_printf(&text,
                             "- rule: r\n  desc: d\n  output: o\n  condition: evt.type = open\n"
                             "  priority: %s\n",
                             cases[i].word);
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yaml", np_buf_cstr(&text));
        sigma_link(&fixture);
        assert_int_equal(np_rule_set_loaded(fixture.set), 1);
        assert_string_equal(np_rule_set_info(fixture.set, 0)->priority, cases[i].spelt);
        assert_int_equal(np_rule_set_info(fixture.set, 0)->level, cases[i].level);
        sigma_end(&fixture);
    }
}

static void gives_rules_the_log_source_of_their_source(void **state)
{
    (void) state;
    static const struct {
        const char *source;
        const char *condition;
        const char *product;
        const char *service;
    } cases[] = {
        {"syscall", "evt.type = open", "linux", ""},
        {"aws_cloudtrail", "ct.name = a", "aws", "cloudtrail"},
        {"k8s_audit", "ka.verb = get", "kubernetes", "audit"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct sigma_fixture fixture;
        np_auto_buf struct np_buf text;
        np_buf_init(&text, 4096);
        (void) np_buf_printf(&text,
                             "- rule: r\n  desc: d\n  output: o\n  priority: info\n"
                             "  condition: %s\n  source: %s\n",
                             cases[i].condition, cases[i].source);
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yaml", np_buf_cstr(&text));
        sigma_link(&fixture);
        assert_int_equal(np_rule_set_loaded(fixture.set), 1);
        assert_string_equal(fixture.set->rules.items[0].product, cases[i].product);
        assert_string_equal(fixture.set->rules.items[0].service, cases[i].service);
        assert_string_equal(np_rule_set_info(fixture.set, 0)->source, cases[i].source);
        sigma_end(&fixture);
    }
}

/* ---- what is refused, and what is told */

static void refuses_what_is_not_as_it_must_be(void **state)
{
    (void) state;
#define MALFORMED "error %s LOAD_ERR_YAML_VALIDATE "
    static const struct problem_case cases[] = {
        {"- 1\n", "error 1:3 LOAD_ERR_YAML_VALIDATE -: an item is a mapping", 0},
        {"- rule: [a]\n", "error 1:9 LOAD_ERR_YAML_VALIDATE rule: 'rule' is not a text", 0},
        {"- rule: ''\n", "error 1:9 LOAD_ERR_YAML_VALIDATE rule: 'rule' is empty", 0},
        {"- rule:\n", "error 1:8 LOAD_ERR_YAML_VALIDATE rule: 'rule' is empty", 0},
        {"- rule: r\n  condition: proc.name = a\n  desc: d\n  priority: info\n",
         "error 1:1 LOAD_ERR_YAML_VALIDATE output: no 'output'", 0},
        {HEAD, "error 1:1 LOAD_ERR_YAML_VALIDATE condition: no 'condition'", 0},
        {RULE(OPENS "proc.name = a") "  enabled: maybe\n",
         "error 6:12 LOAD_ERR_YAML_VALIDATE enabled: 'enabled' is neither true nor false", 0},
        {RULE(OPENS "proc.name = a") "  tags: a\n",
         "error 6:9 LOAD_ERR_YAML_VALIDATE tags: 'tags' is not a list", 0},
        {"- rule: r\n  desc: d\n  output: o\n  priority: hihg\n  condition: proc.name = a\n",
         "error 4:13 LOAD_ERR_YAML_VALIDATE priority: priority 'hihg' is none of emergency, "
         "alert, critical, error, warning, notice, informational and debug",
         0},
        {"- list: l\n", "error 1:1 LOAD_ERR_YAML_VALIDATE items: no 'items'", 0},
        {"- list: l\n  items: a\n",
         "error 2:10 LOAD_ERR_YAML_VALIDATE items: 'items' is not a list", 0},
        {"- list: l\n  items: [[a]]\n",
         "error 2:11 LOAD_ERR_YAML_VALIDATE items: a value of 'items' is not a text", 0},
        {"- macro: m\n", "error 1:1 LOAD_ERR_YAML_VALIDATE condition: no 'condition'", 0},
    };
#undef MALFORMED
    check_problems(cases, NP_ARRAY_LEN(cases));
}

static void tells_the_codes_of_the_loader(void **state)
{
    (void) state;
    static const struct problem_case cases[] = {
        {"- rule: r\n  desc: 'a\n",
         "error 3:1 LOAD_ERR_YAML_PARSE -: not YAML: found unexpected end of stream, while "
         "scanning "
         "a quoted scalar (close the quote)",
         0},
        {RULE(OPENS "proc.name = a") "  source: okta\n",
         "error 6:11 LOAD_UNKNOWN_SOURCE okta: event source 'okta' is not known; there are "
         "syscall, aws_cloudtrail and k8s_audit",
         0},
        {RULE(OPENS "nothing"),
         "error 5:34 LOAD_ERR_VALIDATE nothing: the macro 'nothing' is not defined", 0},
        {"- rule: r\n  desc: d\n  output: o %proc.nam\n  priority: info\n"
         "  condition: evt.type = open\n",
         "error 3:14 LOAD_ERR_COMPILE_OUTPUT proc.nam: the source 'syscall' has no field "
         "'proc.nam'",
         0},
        {RULE("proc.name = a"),
         "warning 1:1 LOAD_NO_EVTTYPE evt.type: the condition names no event types, so that every "
         "event is looked at (add 'evt.type in (...)')",
         1},
        {RULE("proc.name = a") "  warn_evttypes: false\n", "", 1},
        {RULE(OPENS "proc.nam = a") "  skip-if-unknown-filter: true\n",
         "warning 5:34 LOAD_UNKNOWN_FILTER proc.nam: the source 'syscall' has no field "
         "'proc.nam'; the rule is left out",
         0},
        {"- macro: m\n  condition: proc.name = a\n",
         "warning 1:1 LOAD_UNUSED_MACRO m: macro 'm' is not used", 0},
        {"- list: l\n  items: [a]\n", "warning 1:1 LOAD_UNUSED_LIST l: list 'l' is not used", 0},
        {"- thing: t\n",
         "warning 1:1 LOAD_UNKNOWN_ITEM -: this is none of rule, macro, list and required "
         "versions, "
         "and is ignored",
         0},
        {RULE(OPENS "proc.name = a") "  enabeld: true\n",
         "warning 6:3 LOAD_UNKNOWN_KEY enabeld: key 'enabeld' is not known and has no effect "
         "(enabled)",
         1},
        {RULE(OPENS "evt.dir = <"),
         "warning 5:14 LOAD_DEPRECATED_ITEM evt.dir: field 'evt.dir' is deprecated: events have no "
         "direction and no latency any more",
         1},
        {RULE(OPENS "proc.name = proc.pname"),
         "warning 5:14 LOAD_COMPILE_CONDITION proc.pname: 'proc.pname': this is the name of a "
         "field, but only a text here; val() around it makes it its value",
         1},
        {RULE(OPENS "proc.name = 'tolower(a)'"),
         "warning 5:14 LOAD_COMPILE_CONDITION tolower(a): 'tolower(a)': this reads as a "
         "transformer, but is only a text here",
         1},
        {RULE(OPENS "proc.name regex '.*a'"),
         "warning 5:14 LOAD_COMPILE_CONDITION .*a: '.*a': a simpler operator would do (startswith, "
         "contains, endswith)",
         1},
        {RULE(OPENS "proc.name regex 'a.c'"), "", 1},
        {"- rule: r\n  desc: d\n  output: o\n  priority: info\n  source: k8s_audit\n"
         "  condition: ka.verb in (get, <NA>)\n",
         "warning 6:14 LOAD_UNSAFE_NA_CHECK ka.verb: a comparison with '<NA>' does not say that a "
         "field is missing (use 'exists')",
         1},
        {"- list: 'a b'\n  items: [a]\n",
         "warning 1:1 LOAD_INVALID_LIST_NAME a b: the name of a list should have no blanks, "
         "quotes, "
         "commas, brackets or '='\n"
         "warning 1:1 LOAD_UNUSED_LIST a b: list 'a b' is not used",
         0},
        {"- macro: 1a\n  condition: proc.name = a\n",
         "warning 1:1 LOAD_INVALID_MACRO_NAME 1a: the name of a macro should be a letter, followed "
         "by letters, digits and '_'\n"
         "warning 1:1 LOAD_UNUSED_MACRO 1a: macro '1a' is not used",
         0},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
}

static void checks_required_versions(void **state)
{
    (void) state;
    static const struct problem_case cases[] = {
        {"- required_engine_version: 15\n", "", 0},
        {"- required_engine_version: 0.57.0\n", "", 0},
        {"- required_engine_version: 0.62.0-rc1\n", "", 0},
        {RULE(OPENS "proc.name = a") "- required_engine_version: 0.62.1\n",
         "error 1:1 LOAD_ERR_VALIDATE required_engine_version: this file requires engine version "
         "0.62.1, which is newer than this\n"
         "error 6:28 LOAD_ERR_VALIDATE required_engine_version: this file requires engine version "
         "0.62.1; the engine's version is 0.62.0",
         0},
        {"- required_engine_version: 63\n",
         "error 1:28 LOAD_ERR_VALIDATE required_engine_version: this file requires engine version "
         "63; the engine's version is 0.62.0",
         0},
        {"- required_engine_version: 0.26\n",
         "error 1:28 LOAD_ERR_YAML_VALIDATE required_engine_version: '0.26' is no version: three "
         "numbers are, '0.57.0'",
         0},
        {"- required_plugin_versions:\n  - {name: json, version: 0.7.0}\n"
         "  - {name: k8saudit, version: 0.1.0, alternatives: [{name: x, version: 1.0.0}]}\n"
         "  - {name: other, version: 9.0.0, alternatives: [{name: container, version: 1.0.0}]}\n",
         "", 0},
        {"- required_plugin_versions:\n  - {name: okta, version: 0.1.0}\n",
         "error 2:5 LOAD_ERR_VALIDATE okta: this file requires plugin 'okta', which has no part "
         "here that stands for it",
         0},
        {"- required_plugin_versions:\n  - {name: json, version: new}\n",
         "error 2:27 LOAD_ERR_VALIDATE json: 'new' is no version of plugin 'json'", 0},
        {"- required_plugin_versions: json\n",
         "error 1:29 LOAD_ERR_YAML_VALIDATE required_plugin_versions: 'required_plugin_versions' "
         "is "
         "not a list",
         0},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
}

/* ---- macros, overrides, exceptions: a text that must mean the same as a plain condition */

struct meaning_case {
    const char *text; /* of items; its first rule is looked at */
    const char *condition;
};

static void check_meanings(const struct meaning_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sigma_fixture fixture;
        np_auto_buf struct np_buf text;
        np_auto_buf struct np_buf want;
        np_buf_init(&text, 1 << 16);
        np_buf_init(&want, 1 << 16);
        (void) np_buf_printf(&text,
                             "- rule: plain\n  desc: d\n  output: o\n  priority: info\n"
                             "  condition: >\n    %s\n",
                             cases[i].condition);
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yaml", cases[i].text);
        sigma_load(&fixture, "plain.yaml", np_buf_cstr(&text));
        sigma_link(&fixture);
        for (size_t d = 0; d < fixture.diags.diags.len; d++)
            if (fixture.diags.diags.items[d].severity == NP_SEVERITY_ERROR)
                fail_msg("%s", sigma_problem(&fixture, d));
        assert_int_equal(np_rule_set_loaded(fixture.set), 2);
        (void) np_buf_add_str(&want, sigma_condition(&fixture, 1));
        assert_string_equal(sigma_condition(&fixture, 0), np_buf_cstr(&want));
        sigma_end(&fixture);
    }
}

#define MACRO(name, condition)  "- macro: " name "\n  condition: " condition "\n"
#define LIST(name, items)       "- list: " name "\n  items: " items "\n"
#define CHANGE(key, value, how) "- rule: r\n  " key ": " value "\n  override: {" key ": " how "}\n"

static void resolves_macros_and_lists(void **state)
{
    (void) state;
    static const struct meaning_case cases[] = {
        {MACRO("m", "proc.name = a or proc.name = b") RULE(OPENS "m"),
         OPENS "(proc.name = a or proc.name = b)"},
        {RULE(OPENS "m") MACRO("m", "proc.name = a"), OPENS "proc.name = a"},
        {MACRO("a", "proc.name = a") MACRO("b", "not a") RULE(OPENS "b"),
         OPENS "not proc.name = a"},
        {MACRO("m", "proc.name = a") RULE(OPENS "m") MACRO("m", "proc.name = b"),
         OPENS "proc.name = b"},
        {MACRO("a", "proc.name = a") MACRO("b", "proc.name = b") MACRO("a", "b") RULE(OPENS "a"),
         OPENS "proc.name = b"},
        {MACRO(
             "m",
             "proc.name = a") "- macro: m\n  condition: or fd.num = 1\n  append: true\n" RULE(OPENS
                                                                                              "m"),
         OPENS "(proc.name = a or fd.num = 1)"},
        {MACRO("m", "proc.name = a") "- macro: m\n  condition: and fd.num = 1\n"
                                     "  override: {condition: append}\n" RULE(OPENS "m"),
         OPENS "(proc.name = a and fd.num = 1)"},
        {MACRO("m", "proc.name = a") "- macro: m\n  condition: fd.num = 1\n"
                                     "  override: {condition: replace}\n" RULE(OPENS "m"),
         OPENS "fd.num = 1"},
        {LIST("l", "[a, b c, '\"d\"']") RULE(OPENS "proc.name in (l)"),
         OPENS "proc.name in (a, \"b c\", d)"},
        {LIST("l",
              "[a]") "- list: l\n  items: [b]\n  append: true\n" RULE(OPENS "proc.name in (l)"),
         OPENS "proc.name in (a, b)"},
        {LIST("l", "[a]") "- list: l\n  items: [b]\n  override: {items: replace}\n" RULE(
             OPENS "proc.name in (l)"),
         OPENS "proc.name in (b)"},
        {LIST("l", "[a]") LIST("m", "[l, b]") RULE(OPENS "proc.name in (m)"),
         OPENS "proc.name in (a, b)"},
        {RULE(OPENS "proc.name in (l)") LIST("l", "[a]"), OPENS "proc.name in (a)"},
    };
    check_meanings(cases, NP_ARRAY_LEN(cases));
}

static void refuses_macros_that_cannot_be(void **state)
{
    (void) state;
    static const struct problem_case cases[] = {
        {MACRO("a", "b") MACRO("b", "proc.name = b") RULE(OPENS "a"),
         "error 2:14 LOAD_ERR_VALIDATE b: the macro 'b' is not defined (it is defined behind this "
         "one only)\n"
         "error 9:34 LOAD_ERR_VALIDATE a: the macro 'a' is not defined (it is refused itself)\n"
         "warning 3:1 LOAD_UNUSED_MACRO b: macro 'b' is not used",
         0},
        {MACRO("a", "proc.name = a") MACRO("b", "a") MACRO("a", "b") RULE(OPENS "proc.name = a"),
         "error 4:14 LOAD_ERR_VALIDATE a: the macro 'a' is not defined (it is a part of itself)\n"
         "error 6:14 LOAD_ERR_VALIDATE b: the macro 'b' is not defined (it is refused itself)",
         1},
        {MACRO("a", "proc.nam = a") RULE(OPENS "a"),
         "error 2:14 LOAD_ERR_COMPILE_CONDITION proc.nam: in macro 'a': the source 'syscall' has "
         "no field 'proc.nam'",
         0},
        {"- macro: m\n  condition: and proc.name = a\n  append: true\n",
         "warning 3:11 LOAD_DEPRECATED_ITEM append: 'append' is deprecated (write 'override: {KEY: "
         "append}')\n"
         "error 1:1 LOAD_ERR_VALIDATE m: there is no macro 'm' before this one to append to",
         0},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
}

static void changes_rules(void **state)
{
    (void) state;
    static const struct meaning_case cases[] = {
        {RULE(OPENS "proc.name = a") CHANGE("condition", "or fd.num = 1", "append"),
         OPENS "proc.name = a or fd.num = 1"},
        {RULE(OPENS "proc.name = a") CHANGE("condition", "fd.num = 1", "replace"), "fd.num = 1"},
        {RULE(OPENS "proc.name = a") "- rule: r\n  condition: or fd.num = 1\n  append: true\n",
         OPENS "proc.name = a or fd.num = 1"},
        {RULE(OPENS "proc.name = a") "  enabled: false\n" CHANGE("enabled", "true", "replace"),
         OPENS "proc.name = a"},
        {RULE(OPENS "proc.name = a") "  enabled: false\n- rule: r\n  enabled: true\n",
         OPENS "proc.name = a"},
        {RULE(OPENS "proc.name = a") RULE("fd.num = 1"), "fd.num = 1"},
    };
    check_meanings(cases, NP_ARRAY_LEN(cases));
}

static void replaces_what_a_rule_says_of_itself(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yaml", RULE(OPENS "proc.name = a") "  tags: [a]\n");
    sigma_load(&fixture, "s.yaml",
               CHANGE("priority", "ERROR", "replace") CHANGE("tags", "[b, a]", "append"));
    sigma_link(&fixture);
    const struct np_rule_info *info = np_rule_set_info(fixture.set, 0);
    assert_string_equal(info->priority, "Error");
    assert_int_equal(info->level, NP_LEVEL_HIGH);
    assert_int_equal(info->tag_count, 2);
    assert_string_equal(info->tags[1], "b");
    assert_string_equal(info->file, "r.yaml");
    sigma_end(&fixture);
}

static void refuses_changes_that_cannot_be(void **state)
{
    (void) state;
#define THERE RULE(OPENS "proc.name = a")
    static const struct problem_case cases[] = {
        {CHANGE("condition", "a", "append"),
         "error 1:1 LOAD_ERR_VALIDATE r: there is no rule 'r' before this one to change", 0},
        {THERE CHANGE("priority", "info", "append"),
         "error 8:14 LOAD_ERR_YAML_VALIDATE priority: key 'priority' cannot be appended to, use "
         "'replace' instead",
         1},
        {THERE CHANGE("source", "syscall", "replace"),
         "error 8:14 LOAD_ERR_YAML_VALIDATE source: key 'source' cannot be replaced", 1},
        {THERE CHANGE("output", "o", "add"),
         "error 8:22 LOAD_ERR_YAML_VALIDATE output: 'output' can be overridden by 'append' or "
         "'replace' only",
         1},
        {THERE "- rule: r\n  override: {output: append}\n",
         "error 7:14 LOAD_ERR_YAML_VALIDATE output: an override of 'output' is asked for, but "
         "there "
         "is no 'output'",
         1},
        {THERE "- rule: r\n  output: o\n  desc: d\n  override: {output: append}\n",
         "error 8:9 LOAD_ERR_YAML_VALIDATE desc: key 'desc' is there, but 'override' does not say "
         "what for",
         1},
        {THERE "- rule: r\n  append: true\n",
         "warning 7:11 LOAD_DEPRECATED_ITEM append: 'append' is deprecated (write 'override: {KEY: "
         "append}')\n"
         "error 6:1 LOAD_ERR_VALIDATE r: a rule that is appended must have 'condition' or "
         "'exceptions'",
         1},
        {THERE "- rule: r\n  desc: d\n  output: o\n  priority: info\n"
               "  condition: ct.name = a\n  source: aws_cloudtrail\n",
         "error 11:11 LOAD_ERR_VALIDATE aws_cloudtrail: rule 'r' is there already, with source "
         "'syscall'",
         1},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
#undef THERE
}

#define EXCEPT(exceptions) RULE(OPENS "proc.name = a") "  exceptions:\n" exceptions

static void takes_exceptions_off_the_condition(void **state)
{
    (void) state;
    static const struct meaning_case cases[] = {
        {EXCEPT("  - {name: e, fields: [proc.name, fd.num], values: [[b, 1], [c, 2]]}\n"),
         "(" OPENS "proc.name = a) and not ((proc.name = b and fd.num = 1) or "
         "(proc.name = c and fd.num = 2))"},
        {EXCEPT("  - {name: e, fields: proc.name, values: [b, c d]}\n"),
         "(" OPENS "proc.name = a) and not (proc.name in (b, \"c d\"))"},
        {EXCEPT("  - {name: e, fields: fd.name, comps: pmatch, values: [/a, /b]}\n"),
         "(" OPENS "proc.name = a) and not (fd.name pmatch (/a, /b))"},
        {EXCEPT("  - {name: e, fields: [proc.name], comps: [in], values: [[[b, c]], [d]]}\n"),
         "(" OPENS "proc.name = a) and not ((proc.name in (b, c)) or (proc.name in (d)))"},
        {EXCEPT("  - {name: e, fields: [proc.name], comps: [startswith], values: [[b c]]}\n"),
         "(" OPENS "proc.name = a) and not ((proc.name startswith \"b c\"))"},
        {EXCEPT("  - {name: e, fields: [proc.name]}\n"), OPENS "proc.name = a"},
        {EXCEPT("  - {name: e, fields: [proc.name], values: [[b]]}\n")
             CHANGE("exceptions", "[{name: e, values: [[c]]}]", "append"),
         "(" OPENS "proc.name = a) and not ((proc.name = b) or (proc.name = c))"},
        {EXCEPT("  - {name: e, fields: [proc.name], values: [[b]]}\n")
             CHANGE("exceptions", "[{name: e, fields: [fd.num], values: [[1]]}]", "replace"),
         "(" OPENS "proc.name = a) and not ((fd.num = 1))"},
        {EXCEPT("  - {name: e, fields: [tolower(proc.name)], values: [[b]]}\n"),
         "(" OPENS "proc.name = a) and not ((tolower(proc.name) = b))"},
        {LIST("l", "[b, c]")
             EXCEPT("  - {name: e, fields: [proc.name], comps: [in], values: [[l]]}\n"),
         "(" OPENS "proc.name = a) and not ((proc.name in (b, c)))"},
    };
    check_meanings(cases, NP_ARRAY_LEN(cases));
}

static void refuses_exceptions_that_cannot_be(void **state)
{
    (void) state;
    static const struct problem_case cases[] = {
        {EXCEPT("  - 1\n"),
         "error 7:5 LOAD_ERR_YAML_VALIDATE exceptions: an exception is not a mapping", 0},
        {EXCEPT("  - {fields: [proc.name]}\n"), "error 7:5 LOAD_ERR_YAML_VALIDATE name: no 'name'",
         0},
        {EXCEPT("  - {name: e}\n"),
         "error 7:5 LOAD_ERR_YAML_VALIDATE fields: exception 'e' has no 'fields'", 0},
        {EXCEPT("  - {name: e, fields: [proc.nam], values: [[a]]}\n"),
         "error 7:24 LOAD_ERR_VALIDATE proc.nam: 'proc.nam' is no field of this source", 0},
        {EXCEPT("  - {name: e, fields: [proc.name], comps: [is], values: [[a]]}\n"),
         "error 7:44 LOAD_ERR_VALIDATE is: 'is' is no operator", 0},
        {EXCEPT("  - {name: e, fields: [proc.name], comps: [in, in], values: [[a]]}\n"),
         "error 7:43 LOAD_ERR_VALIDATE e: 'fields' and 'comps' must have equal length", 0},
        {EXCEPT("  - {name: e, fields: proc.name, comps: startswith, values: [a]}\n"),
         "error 7:41 LOAD_ERR_VALIDATE e: 'fields' is one field, 'comps' must be one of in, pmatch "
         "and intersects then",
         0},
        {EXCEPT("  - {name: e, fields: [proc.name, fd.num], values: [[a]]}\n"),
         "error 7:53 LOAD_ERR_VALIDATE e: exception 'e': 'fields' and each of 'values' must have "
         "equal length",
         0},
        {EXCEPT("  - {name: e, fields: proc.name, values: [[a]]}\n"),
         "error 7:43 LOAD_ERR_VALIDATE e: exception 'e': 'fields' is one field, values must be "
         "texts then",
         0},
        {EXCEPT("  - {name: e, fields: [proc.name], values: [[b]]}\n"
                "  - {name: e, fields: [proc.name], values: [[c]]}\n"),
         "warning 8:12 LOAD_EXCEPTION_NAME_NOT_UNIQUE e: exception 'e' stands here again", 1},
        {EXCEPT("  - {name: e, fields: [proc.name], values: [[b]]}\n")
             CHANGE("exceptions", "[{name: e}]", "append"),
         "warning 9:16 LOAD_APPEND_NO_VALUES e: exception 'e' is added to without values", 1},
        {EXCEPT("  - {name: e, fields: [proc.name], values: [[b]]}\n")
             CHANGE("exceptions", "[{name: e, fields: [fd.num], values: [[1]]}]", "append"),
         "error 9:23 LOAD_ERR_VALIDATE e: the rule has exception 'e': only values can be added to "
         "it",
         1},
        {RULE(OPENS "proc.name = a") CHANGE("exceptions", "[{name: e, values: [[1]]}]", "append"),
         "error 7:23 LOAD_ERR_VALIDATE e: the rule has no exception 'e' yet: it needs fields and "
         "values",
         1},
    };
    check_problems(cases, NP_ARRAY_LEN(cases));
}

#ifdef NP_FAULT_INJECTION
static void survives_failed_allocations(void **state)
{
    (void) state;
    static const char text[] =
        "- required_engine_version: 0.1.0\n" LIST("l", "[a, b]") MACRO("m", "proc.name in (l)")
            EXCEPT("  - {name: e, fields: [fd.num], values: [[1]]}\n") "  tags: [a]\n" CHANGE(
                "condition", "and m", "append");
    bool done = false;
    for (long n = 0; !done; n++) {
        struct sigma_fixture fixture;
        sigma_begin(&fixture);
        np_alloc_fail_at(n);
        int r = np_rule_set_load(fixture.set, "r.yaml", np_span_of(text), &fixture.diags);
        if (r == 0)
            r = np_rule_set_link(fixture.set, &fixture.diags);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        done = r == 0;
        sigma_end(&fixture);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_a_rule_with_all_that_it_says),
        cmocka_unit_test(gives_each_item_a_document),
        cmocka_unit_test(loads_sigma_and_falco_side_by_side),
        cmocka_unit_test(leaves_disabled_rules_out_but_looks_at_them),
        cmocka_unit_test(knows_the_priorities),
        cmocka_unit_test(gives_rules_the_log_source_of_their_source),
        cmocka_unit_test(refuses_what_is_not_as_it_must_be),
        cmocka_unit_test(tells_the_codes_of_the_loader),
        cmocka_unit_test(checks_required_versions),
        cmocka_unit_test(resolves_macros_and_lists),
        cmocka_unit_test(refuses_macros_that_cannot_be),
        cmocka_unit_test(changes_rules),
        cmocka_unit_test(replaces_what_a_rule_says_of_itself),
        cmocka_unit_test(refuses_changes_that_cannot_be),
        cmocka_unit_test(takes_exceptions_off_the_condition),
        cmocka_unit_test(refuses_exceptions_that_cannot_be),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_failed_allocations),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
