/* SPDX-License-Identifier: Apache-2.0 */
/* Texts with holes: what each hole gives, what a body becomes, and what is refused. */
#include "support/unit.h"

#include "base/alloc.h"
#include "base/compiler.h"
#include "simulate/scenario.h"

struct fixture {
    struct np_arena trees;
    struct np_arena texts;
    struct np_diag_list diags;
    struct np_buf out;
    struct np_parameter_names parameters;
    struct np_text_scope scope;
    struct np_random random;
    struct np_fill fill;
};

/* A cast of a user `u` and a place `p`, and the values of both. */
static const struct np_span user_names[NP_ATTRIBUTE_FIXED + 1] = {
    [NP_ATTRIBUTE_ACCOUNT] = NP_SPAN("account"),
    [NP_ATTRIBUTE_NAME] = NP_SPAN("name"),
    [NP_ATTRIBUTE_ARN] = NP_SPAN("arn"),
    [NP_ATTRIBUTE_FIXED] = NP_SPAN("team"),
};
static const struct np_span place_names[NP_ATTRIBUTE_FIXED] = {
    [NP_ATTRIBUTE_ADDRESS] = NP_SPAN("address"),
};
static const struct np_cast_member cast[] = {
    {.name = NP_SPAN("u"),
     .entry = {.names = user_names, .attribute_count = NP_ATTRIBUTE_FIXED + 1}},
    {.name = NP_SPAN("p"), .entry = {.names = place_names, .attribute_count = NP_ATTRIBUTE_FIXED}},
};
static const struct np_span user[NP_ATTRIBUTE_FIXED + 1] = {
    [NP_ATTRIBUTE_ACCOUNT] = NP_SPAN("123456789012"),
    [NP_ATTRIBUTE_NAME] = NP_SPAN("o\"n\\e\n"),
    [NP_ATTRIBUTE_ARN] = NP_SPAN("arn:u"),
    [NP_ATTRIBUTE_FIXED] = NP_SPAN("blue"),
};
static const struct np_span place[NP_ATTRIBUTE_FIXED] = {
    [NP_ATTRIBUTE_ADDRESS] = NP_SPAN("192.0.2.1"),
};
static const struct np_span *const members[] = {user, place};

static void begin(struct fixture *f, enum np_text_where where)
{
    *f = (struct fixture){};
    np_arena_init(&f->trees, 1 << 26);
    np_arena_init(&f->texts, 1 << 26);
    np_diag_list_init(&f->diags);
    np_buf_init(&f->out, 1 << 24);
    f->random = np_random_for(1, NP_SPAN("test"), 0);
    f->scope = (struct np_text_scope){
        .file = "f.yml",
        .where = where,
        .members = where == NP_TEXT_CALL ? NULL : cast,
        .member_count = where == NP_TEXT_CALL ? 0 : NP_ARRAY_LEN(cast),
        .self = where == NP_TEXT_POOL || where == NP_TEXT_CAST ? &cast[0].entry : NULL,
        .parameters = where == NP_TEXT_CALL ? &f->parameters : NULL,
        .arena = &f->texts,
        .diags = &f->diags,
    };
    f->fill = (struct np_fill){
        .random = &f->random,
        .now = np_time_of_utc(2026, 3, 2, 13, 5, 9) + 999,
        .members = members,
        .self = user,
        .by = user,
        .account = NP_SPAN("111"),
        .region = NP_SPAN("eu-west-1"),
        .address = NP_SPAN("198.51.100.7"),
        .index = 4,
    };
}

static void end(struct fixture *f)
{
    np_arena_done(&f->trees);
    np_arena_done(&f->texts);
    np_diag_list_done(&f->diags);
    np_buf_done(&f->out);
    np_vec_done(&f->parameters.names);
}

typedef int compile_function(struct np_text *out_text, const struct np_text_scope *scope,
                             const struct np_yaml_node *node);

static struct np_text compile(struct fixture *f, compile_function *how, const char *yaml)
{
    const struct np_yaml_node *const *documents = NULL;
    size_t count = 0;
    struct np_text text = {};
    assert_int_equal(
        np_yaml_load(&documents, &count, &f->trees, "f.yml", np_span_of(yaml), &f->diags), 0);
    assert_int_equal(count, 1);
    assert_non_null(documents[0]);
    assert_int_equal(how(&text, &f->scope, documents[0]), 0);
    return text;
}

/* What a text gives; lives until the next call. */
static const char *fill(struct fixture *f, const struct np_text *text)
{
    np_buf_reset(&f->out);
    np_text_fill(&f->out, text, &f->fill);
    assert_int_equal(f->out.error, 0);
    return np_buf_cstr(&f->out);
}

static const char *filled(struct fixture *f, compile_function *how, const char *yaml)
{
    struct np_text text = compile(f, how, yaml);
    if (f->diags.diags.len > 0)
        fail_msg("%s: %s", yaml, f->diags.diags.items[0].message);
    return fill(f, &text);
}

static void fills_holes_of_a_step(void **state)
{
    (void) state;
    static const struct {
        const char *yaml;
        const char *want;
    } cases[] = {
        {"plain", "plain"},
        {"\"\"", ""},
        {"\"a ${u.team}-${p.address} z\"", "a blue-192.0.2.1 z"},
        {"\"${by.arn} ${by.account}\"", "arn:u 123456789012"},
        {"\"${account}/${region}/${address}/${n}\"", "111/eu-west-1/198.51.100.7/4"},
        {"\"$${u.team} $5 $$ {}\"", "${u.team} $5 $$ {}"},
        {"\"$$${u.team}\"", "$${u.team}"},
        {"\"${now}\"", "2026-03-02T13:05:09Z"},
        {"\"${now text}\"", "Mar 2, 2026, 1:05:09 PM"},
        {"\"${now ms}\"", "1772456709000"},
        {"\"${now s}\"", "1772456709"},
        {"\"${after 12h text}\"", "Mar 3, 2026, 1:05:09 AM"},
        {"\"${before 3d}\"", "2026-02-27T13:05:09Z"},
        {"\"${before 65m text}\"", "Mar 2, 2026, 12:00:09 PM"},
        {"\"${int -3 -3}\"", "-3"},
        {"\"${pick a \\\"b\\\"|a \\\"b\\\"}\"", "a \"b\""},
    };
    struct fixture f;
    begin(&f, NP_TEXT_STEP);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_string_equal(filled(&f, np_text_compile, cases[i].yaml), cases[i].want);
    end(&f);
}

static void fills_holes_of_an_entry(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f, NP_TEXT_POOL);
    assert_string_equal(filled(&f, np_text_compile, "'${self.team}${n}'"), "blue4");
    end(&f);
}

static void draws_random_characters(void **state)
{
    (void) state;
    static const struct {
        const char *hole;
        size_t len;
        const char *letters;
    } cases[] = {
        {"'${hex 40}'", 40, "0123456789abcdef"},
        {"'${digits 12}'", 12, "0123456789"},
        {"'${upper 17}'", 17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
        {"'${alnum 9}'", 9, "0123456789abcdefghijklmnopqrstuvwxyz"},
        {"'${uuid}'", 36, "0123456789abcdef-"},
        {"'${base64 16}'", 24, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="},
    };
    struct fixture f;
    begin(&f, NP_TEXT_WORLD);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        const char *text = filled(&f, np_text_compile, cases[i].hole);
        assert_int_equal(strlen(text), cases[i].len);
        assert_int_equal(strspn(text, cases[i].letters), cases[i].len);
    }
    const char *uuid = filled(&f, np_text_compile, "'${uuid}'");
    assert_int_equal(uuid[14], '4');
    assert_non_null(strchr("89ab", uuid[19]));
    f.random = np_random_for(1, NP_SPAN("test"), 0);
    assert_string_equal(filled(&f, np_text_compile, "'${hex 8}${int 1 9}'"), "0af3c6d01");
    end(&f);
}

static void draws_addresses_that_are_what_they_say(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f, NP_TEXT_WORLD);
    struct np_text public_text = compile(&f, np_text_compile, "'${public}'");
    struct np_text private_text = compile(&f, np_text_compile, "'${private}'");
    for (int i = 0; i < 2000; i++) {
        unsigned a = 0;
        unsigned b = 0;
        assert_int_equal(sscanf(fill(&f, &public_text), "%u.%u.", &a, &b), 2);
        assert_true(a > 0 && a < 224 && a != 10 && a != 127 && a != 172 && a != 192 && a != 169);
        assert_int_equal(sscanf(fill(&f, &private_text), "%u.%u.", &a, &b), 2);
        assert_true(a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168));
    }
    end(&f);
}

static void writes_json_of_bodies(void **state)
{
    (void) state;
    static const struct {
        const char *yaml;
        const char *want;
    } cases[] = {
        {"{}", "{}"},
        {"[]", "[]"},
        {"{a: 1, b: [true, ~, -2.5e3, text, '1'], c: {d: {}}}",
         "{\"a\":1,\"b\":[true,null,-2.5e3,\"text\",\"1\"],\"c\":{\"d\":{}}}"},
        {"{\"k\\\"\": 'a\"b\\c', t: \"\\t\\u007f\"}",
         "{\"k\\\"\":\"a\\\"b\\\\c\",\"t\":\"\\u0009\\u007f\"}"},
        {"{a: '${by.name}', b: 'x${by.name}'}",
         "{\"a\":\"o\\\"n\\\\e\\u000a\",\"b\":\"xo\\\"n\\\\e\\u000a\"}"},
        {"{a: '${now ms}', b: '${now s}', c: '${int 7 7}', d: 'x${int 7 7}', e: '${now}'}",
         "{\"a\":1772456709000,\"b\":1772456709,\"c\":7,\"d\":\"x7\",\"e\":\"2026-03-02T13:05:"
         "09Z\"}"},
        {"{a: '${pick \"|\"}', b: '$${x}'}", "{\"a\":\"\\\"\",\"b\":\"${x}\"}"},
    };
    struct fixture f;
    begin(&f, NP_TEXT_CALL);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_string_equal(filled(&f, np_text_compile_json, cases[i].yaml), cases[i].want);
    end(&f);
}

/* Fills a body whose parameters are a, b and c, in the order in which it names them. */
static const char *with(struct fixture *f, const char *yaml, const struct np_parameter *values)
{
    f->fill.parameters = values;
    return filled(f, np_text_compile_json, yaml);
}

static void puts_parameters_into_bodies(void **state)
{
    (void) state;
    static const struct np_parameter values[] = {
        {NP_SPAN("a\"b"), true, false}, {NP_SPAN("[1,\"x\"]"), true, true}, {{}, false, false}};
    struct fixture f;
    begin(&f, NP_TEXT_CALL);
    assert_string_equal(with(&f, "{x: '${a}', y: '${b}', z: '${c}', w: '<${a}${b}>'}", values),
                        "{\"x\":\"a\\\"b\",\"y\":[1,\"x\"],\"z\":null,"
                        "\"w\":\"<a\\\"b[1,\\\"x\\\"]>\"}");
    assert_int_equal(f.parameters.names.len, 3);
    assert_span_equal(f.parameters.names.items[2].name, "c");
    assert_true(f.parameters.names.items[2].needed);
    end(&f);
}

static void leaves_out_what_has_no_value(void **state)
{
    (void) state;
    static const struct {
        bool a;
        bool b;
        const char *want;
    } cases[] = {
        {false, false, "{\"l\":{},\"m\":1}"},
        {true, false, "{\"x\":\"A\",\"l\":{\"p\":\"A\"},\"m\":1,\"n\":{\"q\":[\"A\"]}}"},
        {false, true, "{\"y\":\"<B>\",\"l\":{\"r\":\"B\"},\"m\":1}"},
        {true, true,
         "{\"x\":\"A\",\"y\":\"<B>\",\"l\":{\"p\":\"A\",\"r\":\"B\"},\"m\":1,"
         "\"n\":{\"q\":[\"A\"],\"s\":\"B\"},\"o\":\"AB\"}"},
    };
    static const char body[] = "{'x?': '${a}', 'y?': '<${b}>', l: {'p?': '${a}', 'r?': '${b}'}, m: "
                               "1, 'n?': {q: ['${a}'], 's?': '${b}'}, 'o?': '${a}${b}'}";
    struct fixture f;
    begin(&f, NP_TEXT_CALL);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        const struct np_parameter values[] = {{NP_SPAN("A"), cases[i].a, false},
                                              {NP_SPAN("B"), cases[i].b, false}};
        assert_string_equal(with(&f, body, values), cases[i].want);
    }
    assert_false(f.parameters.names.items[0].needed);
    assert_false(f.parameters.names.items[1].needed);
    const struct np_parameter none[] = {{}, {}};
    assert_string_equal(with(&f, "{'x?': '${a}', 'y?': '${b}'}", none), "null");
    assert_string_equal(with(&f, "{l: {'x?': '${a}'}}", none), "{\"l\":{}}");
    end(&f);
}

static void keeps_the_type_of_a_value(void **state)
{
    (void) state;
    static const struct {
        const char *yaml;
        bool json;
        const char *want;
    } cases[] = {
        {"text", false, "text"},
        {"5", true, "5"},
        {"'5'", false, "5"},
        {"true", true, "true"},
        {"~", true, "null"},
        {"[a, 1]", true, "[\"a\",1]"},
        {"{a: b}", true, "{\"a\":\"b\"}"},
        {"'${int 5 5}'", true, "5"},
        {"'${now s}'", true, "1772456709"},
        {"'x${int 5 5}'", false, "x5"},
        {"'${now}'", false, "2026-03-02T13:05:09Z"},
    };
    struct fixture f;
    begin(&f, NP_TEXT_STEP);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_text text = compile(&f, np_text_compile_value, cases[i].yaml);
        assert_string_equal(fill(&f, &text), cases[i].want);
        assert_int_equal(np_text_is_json(&text, &f.fill), cases[i].json);
    }
    end(&f);
}

static void takes_the_type_of_a_parameter(void **state)
{
    (void) state;
    static const struct np_parameter values[] = {{NP_SPAN("[1]"), true, true},
                                                 {NP_SPAN("x"), true, false}};
    struct fixture f;
    begin(&f, NP_TEXT_CALL);
    f.fill.parameters = values;
    struct np_text list = compile(&f, np_text_compile_value, "'${a}'");
    struct np_text text = compile(&f, np_text_compile_value, "'${b}'");
    assert_true(np_text_is_json(&list, &f.fill));
    assert_false(np_text_is_json(&text, &f.fill));
    assert_string_equal(fill(&f, &list), "[1]");
    assert_string_equal(fill(&f, &text), "x");
    end(&f);
}

static void tells_what_is_wrong(void **state)
{
    (void) state;
    static const struct {
        enum np_text_where where;
        const char *yaml;
        unsigned column;
        const char *want; /* message, and the hint in parentheses */
    } cases[] = {
        {NP_TEXT_STEP, "'a ${nwo}'", 4, "unknown hole '${nwo}' (now)"},
        {NP_TEXT_STEP, "'${n1}'", 1, "unknown hole '${n1}' (n)"},
        {NP_TEXT_STEP, "'${quux}'", 1, "unknown hole '${quux}'"},
        {NP_TEXT_STEP, "'${quux y}'", 1, "unknown hole '${quux y}'"},
        {NP_TEXT_STEP, "'${}'", 1, "unknown hole '${}'"},
        {NP_TEXT_STEP, "'${now'", 1, "a hole without its '}'"},
        {NP_TEXT_STEP, "'${v.name}'", 1, "no member of the cast is named 'v'"},
        {NP_TEXT_STEP, "'${u.nam}'", 1, "'u' has no attribute 'nam' (name)"},
        {NP_TEXT_STEP, "'${u.}'", 1, "'u' has no attribute ''"},
        {NP_TEXT_STEP, "'${by.nmae}'", 1, "'by' has no attribute 'nmae' (name)"},
        {NP_TEXT_STEP, "'${self.name}'", 1, "no member of the cast is named 'self'"},
        {NP_TEXT_STEP, "'${hex}'", 1,
         "'${hex}' does not say what it should (a word and a number from 1 to 4096, as in "
         "'${hex 8}')"},
        {NP_TEXT_STEP, "'${hex 0}'", 1,
         "'${hex 0}' does not say what it should (a word and a number from 1 to 4096, as in "
         "'${hex 8}')"},
        {NP_TEXT_STEP, "'${uuid 4}'", 1,
         "'${uuid 4}' does not say what it should (the word alone)"},
        {NP_TEXT_STEP, "'${int 5}'", 1,
         "'${int 5}' does not say what it should (two whole numbers, the lower one first, as in "
         "'${int 1 10}')"},
        {NP_TEXT_STEP, "'${int 5 1}'", 1,
         "'${int 5 1}' does not say what it should (two whole numbers, the lower one first, as in "
         "'${int 1 10}')"},
        {NP_TEXT_STEP, "'${after 5}'", 1,
         "'${after 5}' does not say what it should (a time with its unit, as in '${after 12h}' or "
         "'${before 3d ms}')"},
        {NP_TEXT_STEP, "'${now iso}'", 1,
         "'${now iso}' does not say what it should ('${now}', or with 'text', 'ms' or 's' behind "
         "it)"},
        {NP_TEXT_STEP, "'${pick a}'", 1,
         "'${pick a}' does not say what it should (2 to 1000 texts without holes, as in '${pick "
         "a|b}')"},
        {NP_TEXT_STEP, "'${pick a|${n}}'", 1,
         "'${pick a|${n}' does not say what it should (2 to 1000 texts without holes, as in "
         "'${pick a|b}')"},
        {NP_TEXT_POOL, "'${now}'", 1, "'${now}' means nothing here"},
        {NP_TEXT_POOL, "'${self.nam}'", 1,
         "'self' has no attribute 'nam' that stands before this one (name)"},
        {NP_TEXT_POOL, "'${u.name}'", 1, "unknown hole '${u.name}'"},
        {NP_TEXT_CAST, "'${n}'", 1, "'${n}' means nothing here"},
        {NP_TEXT_CAST, "'${x.name}'", 1, "no member of the cast before this one is named 'x'"},
        {NP_TEXT_WORLD, "'${account}'", 1, "'${account}' means nothing here"},
        {NP_TEXT_STEP, "[a]", 1, "must be text"},
        {NP_TEXT_STEP, "~", 1, "must be text"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct fixture f;
        begin(&f, cases[i].where);
        (void) compile(&f, np_text_compile, cases[i].yaml);
        assert_int_equal(f.diags.diags.len, 1);
        const struct np_diag *diag = &f.diags.diags.items[0];
        const char *hint = diag->hint != NULL ? diag->hint : "";
        np_buf_printf(&f.out, "%s%s%s%s", diag->message, hint[0] != '\0' ? " (" : "", hint,
                      hint[0] != '\0' ? ")" : "");
        assert_string_equal(np_buf_cstr(&f.out), cases[i].want);
        assert_string_equal(diag->place.file, "f.yml");
        assert_int_equal(diag->place.column, cases[i].column);
        end(&f);
    }
}

static void tells_what_is_wrong_in_bodies(void **state)
{
    (void) state;
    static const struct {
        const char *yaml;
        const char *message;
    } cases[] = {
        {"{a: 012}", "'012' is no number of JSON"},
        {"{a: 0x10}", "'0x10' is no number of JSON"},
        {"{a: .inf}", "'.inf' is no number of JSON"},
        {"{'${a}': 1}", "a key has no holes"},
        {"{'a?': b}", "'a?' names no parameter that could be without a value"},
        {"{a: '${u.name}'}", "unknown hole '${u.name}'"},
        {"{a: '${n}'}", "'${n}' means nothing here"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct fixture f;
        begin(&f, NP_TEXT_CALL);
        (void) compile(&f, np_text_compile_json, cases[i].yaml);
        assert_int_equal(f.diags.diags.len, 1);
        assert_string_equal(f.diags.diags.items[0].message, cases[i].message);
        end(&f);
    }
}

static void refuses_more_holes_than_its_limit(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f, NP_TEXT_STEP);
    np_buf_add_char(&f.out, '"');
    for (int i = 0; i < 20001; i++)
        np_buf_add_str(&f.out, "${n}");
    np_buf_add_char(&f.out, '"');
    (void) compile(&f, np_text_compile, np_buf_cstr(&f.out));
    assert_int_equal(f.diags.diags.len, 1);
    assert_string_equal(f.diags.diags.items[0].code, "limit");
    end(&f);
}

static void allocates_nothing_when_filling(void **state)
{
    (void) state;
    static const struct np_parameter values[] = {{NP_SPAN("A"), true, false}};
    struct fixture f;
    begin(&f, NP_TEXT_CALL);
    f.fill.parameters = values;
    struct np_text text =
        compile(&f, np_text_compile_json,
                "{x: '${a}', 'y?': '${a}', r: '${uuid} ${base64 99} ${now text} ${public}'}");
    (void) fill(&f, &text);
    size_t before = np_alloc_count();
    (void) fill(&f, &text);
    assert_int_equal(np_alloc_count(), before);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_holes_of_a_step),
        cmocka_unit_test(fills_holes_of_an_entry),
        cmocka_unit_test(draws_random_characters),
        cmocka_unit_test(draws_addresses_that_are_what_they_say),
        cmocka_unit_test(writes_json_of_bodies),
        cmocka_unit_test(puts_parameters_into_bodies),
        cmocka_unit_test(leaves_out_what_has_no_value),
        cmocka_unit_test(keeps_the_type_of_a_value),
        cmocka_unit_test(takes_the_type_of_a_parameter),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(tells_what_is_wrong_in_bodies),
        cmocka_unit_test(refuses_more_holes_than_its_limit),
        cmocka_unit_test(allocates_nothing_when_filling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
