/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/yaml.h"

#include "support/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"

struct fixture {
    struct np_arena arena;
    struct np_diag_list diags;
    const struct np_yaml_node *const *documents;
    size_t count;
};

static void set_up(struct fixture *fixture, struct np_span text)
{
    *fixture = (struct fixture){};
    np_arena_init(&fixture->arena, SIZE_MAX);
    np_diag_list_init(&fixture->diags);
    assert_int_equal(np_yaml_load(&fixture->documents, &fixture->count, &fixture->arena, "f.yml",
                                  text, &fixture->diags),
                     0);
}

static void tear_down(struct fixture *fixture)
{
    np_diag_list_done(&fixture->diags);
    np_arena_done(&fixture->arena);
}

/* Writes a node in one line: 'quoted', plain, [lists], {mappings}. */
static void print_node(struct np_buf *out, const struct np_yaml_node *node)
{
    if (node == NULL) {
        (void) np_buf_add_str(out, "NULL");
        return;
    }
    if (node->kind == NP_YAML_SCALAR) {
        (void) np_buf_printf(out, node->plain ? "%.*s" : "'%.*s'", NP_SPAN_ARGS(node->text));
        assert_int_equal(node->text.ptr[node->text.len], '\0');
        return;
    }
    bool mapping = node->kind == NP_YAML_MAPPING;
    (void) np_buf_add_char(out, mapping ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        (void) np_buf_add_str(out, i > 0 ? ", " : "");
        print_node(out, mapping ? np_yaml_key(node, i) : node->items[i]);
        (void) np_buf_add_str(out, mapping ? ": " : "");
        if (mapping)
            print_node(out, np_yaml_value(node, i));
    }
    (void) np_buf_add_char(out, mapping ? '}' : ']');
}

static void assert_loads_as(struct np_span text, const char *documents)
{
    struct fixture fixture;
    struct np_buf out;
    set_up(&fixture, text);
    np_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < fixture.count; i++) {
        (void) np_buf_add_str(&out, i > 0 ? " --- " : "");
        print_node(&out, fixture.documents[i]);
    }
    assert_string_equal(np_buf_cstr(&out), documents);
    np_buf_done(&out);
    tear_down(&fixture);
}

static void loads_documents_as_trees(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"", ""},
        {"# nothing\n", ""},
        {"a: 1\nb: '2'\n", "{a: 1, b: '2'}"},
        {"- a\n- [b, {c: d}]\n- {}\n- []\n", "[a, [b, {c: d}], {}, []]"},
        {"a\n---\nb\n--- \n...\n", "a --- b --- "},
        {"a: |\n  x\n  y\nb: >\n  x\n  y\n", "{a: 'x\ny\n', b: 'x y\n'}"},
        {"a: \"tab\\t\"\n", "{a: 'tab\t'}"},
        {"\xef\xbb\xbf"
         "a: \xc3\xbc\n",
         "{a: \xc3\xbc}"}, /* byte order mark */
        {"a: b\r\nc: d\r\n", "{a: b, c: d}"},
        {"a: &x [1, &y 2]\nb: *x\nc: *y\n", "{a: [1, 2], b: [1, 2], c: 2}"},
        {"a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}"},
        {"a: !!str 1\nb: ! 2\nc: !!int '3'\nd: !!seq []\ne: !!map {}\n",
         "{a: '1', b: '2', c: 3, d: [], e: {}}"},
        {"a: !!null ''\nb: !!bool \"true\"\nc: !!float 1.5\n", "{a: , b: true, c: 1.5}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_loads_as(np_span_of(cases[i][0]), cases[i][1]);
    assert_loads_as(NP_SPAN("\xff\xfe"
                            "a\0:\0 \0b\0"),
                    "{a: b}"); /* UTF-16 */
}

static void knows_places(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, NP_SPAN("\xc3\xbc: x\nb:\n  - 'q \xc3\xbc z'\n  - \"e\\t\"\n  - &k  long\n"
                             "    folded\n"));
    const struct np_yaml_node *root = fixture.documents[0];
    const struct np_yaml_node *list = np_yaml_get(root, "b");
    assert_int_equal(np_yaml_value(root, 0)->column, 4); /* in characters, not bytes */
    assert_int_equal(list->line, 3);
    assert_int_equal(list->column, 3);
    struct np_place place = np_yaml_place(list->items[0], "f.yml", strlen("q \xc3\xbc "));
    assert_string_equal(place.file, "f.yml");
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 10);
    place = np_yaml_place(list->items[1], "f.yml", 1); /* with an escape: where the scalar begins */
    assert_int_equal(place.line, 4);
    assert_int_equal(place.column, 5);
    place = np_yaml_place(list->items[2], "f.yml", 1);
    assert_int_equal(place.line, 5);
    assert_int_equal(place.column, 5);
    tear_down(&fixture);
}

struct problem {
    const char *text;
    const char *code;
    uint32_t line;
    uint32_t column;
    uint32_t document;
    size_t documents; /* the last one is refused */
};

static void tells_each_problem_with_its_place(void **state)
{
    (void) state;
    static const struct problem problems[] = {
        {"a: 1\nb: 2\na: 3\n", "repeated-key", 3, 1, 0, 1},
        {"x: y\n---\na:\n  'k': 1\n  k: 2\n", "repeated-key", 5, 3, 1, 2},
        {"a: b: c\n", "yaml-syntax", 1, 5, 0, 1},
        {"a:\n\tb: c\n", "yaml-syntax", 2, 1, 0, 1},
        {"a: b\n---\nc: 'd\n", "yaml-syntax", 4, 1, 1, 2},
        {"a: [b\n", "yaml-syntax", 2, 1, 0, 1},
        {"a: *\\x\n", "yaml-syntax", 1, 5, 0, 1},
        {"a: *nix\n", "yaml-alias", 1, 4, 0, 1},
        {"a: &a [*a]\n", "yaml-alias", 1, 8, 0, 1}, /* into itself */
        {"a: &x 1\n---\nb: *x\n", "yaml-alias", 3, 4, 1, 2},
        {"a: !!binary aGk=\n", "yaml-tag", 1, 4, 0, 1},
        {"a: !!int x\n", "yaml-tag", 1, 4, 0, 1},
        {"a: !!seq {}\n", "yaml-tag", 1, 4, 0, 1},
        {"a: !mine x\n", "yaml-tag", 1, 4, 0, 1},
        {"? [a]\n: b\n", "yaml-key", 1, 3, 0, 1},
        {"a: &a {b: c}\nd:\n  <<: *a\n", "yaml-key", 3, 3, 0, 1},
        {"a: \"\\xzz\"\n", "yaml-syntax", 1, 7, 0, 1},
        {"a: b\nc: \xc3\xbc\xff\n", "yaml-encoding", 2, 5, 0, 1},
    };
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        const struct problem *p = &problems[i];
        struct fixture fixture;
        set_up(&fixture, np_span_of(p->text));
        assert_int_equal(fixture.diags.diags.len, 1);
        const struct np_diag *diag = &fixture.diags.diags.items[0];
        assert_string_equal(diag->code, p->code);
        assert_string_equal(diag->place.file, "f.yml");
        assert_int_equal(diag->place.line, p->line);
        assert_int_equal(diag->place.column, p->column);
        assert_int_equal(diag->document, p->document);
        assert_int_equal(diag->severity, NP_SEVERITY_ERROR);
        assert_int_equal(fixture.count, p->documents);
        for (size_t d = 0; d < fixture.count; d++)
            assert_true((fixture.documents[d] == NULL) == (d == fixture.count - 1));
        tear_down(&fixture);
    }
}

static void goes_on_behind_a_refused_document(void **state)
{
    (void) state;
    assert_loads_as(NP_SPAN("a: 1\na: 2\n---\nb: 3\n---\nc: *x\n---\nd: 4\n"),
                    "NULL --- {b: 3} --- NULL --- {d: 4}");
}

static void tells_all_repeated_keys(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, NP_SPAN("a: 1\nb: 1\na: 2\nb: 2\na: 3\n"));
    assert_int_equal(fixture.diags.diags.len, 3);
    assert_string_equal(fixture.diags.diags.items[0].item, "a");
    assert_string_equal(fixture.diags.diags.items[0].message,
                        "key 'a' stands here again; first in line 1");
    tear_down(&fixture);
}

static void gives_remedies(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"a: *\\cmd.exe\n", "put a text that begins with '*', '&' or '!' in quotes"},
        {"a: *cmd\n", "put a text that begins with '*' in quotes"},
        {"a: %x\n", "put the text in quotes; indent with spaces, not with tabs"},
        {"a: \"C:\\users\"\n", "use single quotes: they take a backslash as it is"},
        {"a: \"C:\\q\"\n", "use single quotes: they take a backslash as it is"},
        {"a: 'b\n", "close the quote"},
        {"a:\n  - b\n - c\n", "check the indentation and the quotes of the lines above"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture fixture;
        set_up(&fixture, np_span_of(cases[i][0]));
        assert_string_equal(fixture.diags.diags.items[0].hint, cases[i][1]);
        tear_down(&fixture);
    }
}

/* ---- limits */

static void assert_limit(struct np_span text, const char *message)
{
    struct fixture fixture;
    set_up(&fixture, text);
    assert_int_equal(fixture.diags.diags.len, 1);
    assert_string_equal(fixture.diags.diags.items[0].code, "yaml-limit");
    assert_string_equal(fixture.diags.diags.items[0].message, message);
    assert_true(fixture.count > 0 && fixture.documents[fixture.count - 1] == NULL);
    tear_down(&fixture);
}

static void stops_at_the_depth_limit(void **state)
{
    (void) state;
    char text[1000];
    memset(text, '[', sizeof(text));
    assert_limit(np_span_make(text, sizeof(text)),
                 "more than 64 levels; nothing from here on is read");
    memset(text + NP_YAML_MAX_DEPTH, ']', NP_YAML_MAX_DEPTH);
    struct fixture fixture;
    set_up(&fixture, np_span_make(text, 2 * NP_YAML_MAX_DEPTH));
    assert_int_equal(fixture.diags.diags.len, 0);
    assert_non_null(fixture.documents[0]);
    tear_down(&fixture);
}

static void counts_the_depth_behind_aliases(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, 1 << 16);
    (void) np_buf_add_str(&text, "- &a0 [x]\n");
    for (int i = 1; i < NP_YAML_MAX_DEPTH; i++)
        (void) np_buf_printf(&text, "- &a%d [*a%d]\n", i, i - 1);
    assert_limit(np_buf_span(&text), "more than 64 levels; nothing from here on is read");
    np_buf_done(&text);
}

/* Each line doubles what the last one stands for. */
static void counts_what_aliases_repeat(void **state)
{
    (void) state;
    struct np_buf text;
    np_buf_init(&text, 1 << 16);
    (void) np_buf_add_str(&text, "- &a0 [x, x]\n");
    for (int i = 1; i < 40; i++)
        (void) np_buf_printf(&text, "- &a%d [*a%d, *a%d]\n", i, i - 1, i - 1);
    assert_limit(np_buf_span(&text),
                 "more than 2000000 nodes in a file; nothing from here on is read");
    np_buf_done(&text);
}

static void stops_at_the_limit_of_nodes(void **state)
{
    (void) state;
    size_t len = 2 * (NP_YAML_MAX_NODES + 10);
    char *text = np_alloc(len);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = i == 0 ? '[' : i % 2 == 0 ? ',' : 'x';
    assert_limit(np_span_make(text, len),
                 "more than 2000000 nodes in a file; nothing from here on is read");
    np_free(text);
}

static void does_not_read_a_file_that_is_too_long(void **state)
{
    (void) state;
    char *text = np_alloc((size_t) NP_YAML_MAX_BYTES + 1);
    assert_non_null(text);
    assert_limit(np_span_make(text, (size_t) NP_YAML_MAX_BYTES + 1),
                 "a file of more than 67108864 bytes is not read");
    np_free(text);
}

/* ---- types */

static void gives_plain_scalars_the_types_of_the_core_schema(void **state)
{
    (void) state;
    static const struct {
        enum np_yaml_type type;
        const char *text; /* blank-separated */
    } cases[] = {
        {NP_YAML_NULL, "~ null Null NULL"},
        {NP_YAML_BOOL, "true True TRUE false False FALSE"},
        {NP_YAML_INT, "0 -0 +7 4688 007 0x1F 0xff 0o17 18446744073709551616"},
        {NP_YAML_FLOAT, "1. .5 -1.5 1e3 1.5E-3 +1.e+2 .inf -.INF .nan .NaN"},
        {NP_YAML_TEXT, "yes No on OFF tRUE 0b1 1_000 12:30 0x 0o 0o8 +0x1 . -. e3 1e 1e+ .INFINITY "
                       "nil 2023-07-10 1.2.3 --1 +-1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct np_span rest = np_span_of(cases[i].text);
        while (rest.len > 0) {
            const char *blank = memchr(rest.ptr, ' ', rest.len);
            size_t len = blank != NULL ? (size_t) (blank - rest.ptr) : rest.len;
            struct np_yaml_node node = {.plain = true, .text = np_span_head(rest, len)};
            assert_int_equal(np_yaml_type(&node), cases[i].type);
            node.plain = false;
            assert_int_equal(np_yaml_type(&node), NP_YAML_TEXT);
            rest = np_span_from(rest, len + 1);
        }
    }
    struct np_yaml_node empty = {.plain = true, .text = NP_SPAN("")};
    assert_int_equal(np_yaml_type(&empty), NP_YAML_NULL);
}

static struct np_number number_of(const char *text)
{
    struct np_yaml_node node = {.plain = true, .text = np_span_of(text)};
    struct np_number number = {};
    assert_true(np_yaml_number(&node, &number));
    return number;
}

static bool is_number(const char *text, bool plain)
{
    struct np_yaml_node node = {.plain = plain, .text = np_span_of(text)};
    struct np_number number = {.kind = NP_NUMBER_INT, .integer = 77};
    bool is = np_yaml_number(&node, &number);
    assert_true(is || number.integer == 77);
    return is;
}

static void reads_numbers_exactly(void **state)
{
    (void) state;
    assert_int_equal(number_of("9007199254740993").integer, 9007199254740993);
    assert_true(number_of("-9223372036854775808").integer == INT64_MIN);
    assert_true(number_of("9223372036854775807").integer == INT64_MAX);
    assert_int_equal(number_of("9223372036854775808").kind, NP_NUMBER_UINT);
    assert_true(number_of("18446744073709551615").uinteger == UINT64_MAX);
    assert_int_equal(number_of("0x40810000").integer, 0x40810000);
    assert_int_equal(number_of("0o17").integer, 15);
    assert_int_equal(number_of("007").integer, 7);
    assert_int_equal(number_of("+5").integer, 5);
    assert_int_equal(number_of("-0").integer, 0);
    assert_int_equal(number_of("1.5e3").kind, NP_NUMBER_DOUBLE);
    assert_true(number_of("1.5e3").real == 1500.0);
}

static void takes_nothing_else_for_a_number(void **state)
{
    (void) state;
    assert_false(is_number("18446744073709551616", true));
    assert_false(is_number("-9223372036854775809", true));
    assert_false(is_number("1e999", true));
    assert_false(is_number(".inf", true));
    assert_false(is_number("-.nan", true));
    assert_false(is_number("5", false));
    assert_false(is_number("x", true));
    assert_false(is_number("", true));
}

static void reads_booleans(void **state)
{
    (void) state;
    struct np_yaml_node yes = {.plain = true, .text = NP_SPAN("True")};
    struct np_yaml_node no = {.plain = true, .text = NP_SPAN("FALSE")};
    assert_true(np_yaml_bool(&yes));
    assert_false(np_yaml_bool(&no));
}

static void finds_nothing_where_there_is_no_mapping(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, NP_SPAN("[a]"));
    assert_null(np_yaml_get(NULL, "a"));
    assert_null(np_yaml_get(fixture.documents[0], "a"));
    assert_null(np_yaml_get(fixture.documents[0]->items[0], "a"));
    tear_down(&fixture);
}

#ifdef NP_FAULT_INJECTION
/* What libyaml allocates does not go through our allocator and is not failed here. */
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct np_span text = NP_SPAN("a: &x [1, {b: c}]\nd: *x\ne: f\n---\ng: [*x, !no t]\n");
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        struct np_arena arena;
        struct np_diag_list diags;
        const struct np_yaml_node *const *documents = NULL;
        size_t count = 77;
        np_arena_init(&arena, SIZE_MAX);
        np_diag_list_init(&diags);
        np_alloc_fail_at(n);
        r = np_yaml_load(&documents, &count, &arena, "f.yml", text, &diags);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && count == 77 && documents == NULL));
        np_diag_list_done(&diags);
        np_arena_done(&arena);
    }
    assert_int_equal(r, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_documents_as_trees),
        cmocka_unit_test(knows_places),
        cmocka_unit_test(tells_each_problem_with_its_place),
        cmocka_unit_test(goes_on_behind_a_refused_document),
        cmocka_unit_test(tells_all_repeated_keys),
        cmocka_unit_test(gives_remedies),
        cmocka_unit_test(stops_at_the_depth_limit),
        cmocka_unit_test(counts_the_depth_behind_aliases),
        cmocka_unit_test(counts_what_aliases_repeat),
        cmocka_unit_test(stops_at_the_limit_of_nodes),
        cmocka_unit_test(does_not_read_a_file_that_is_too_long),
        cmocka_unit_test(gives_plain_scalars_the_types_of_the_core_schema),
        cmocka_unit_test(reads_numbers_exactly),
        cmocka_unit_test(takes_nothing_else_for_a_number),
        cmocka_unit_test(reads_booleans),
        cmocka_unit_test(finds_nothing_where_there_is_no_mapping),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
