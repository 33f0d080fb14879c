/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that know where they come from, and lists that are filled into them. */
#include "unit/rule/sigma_fixture.h"

#include "rule/falco/load/load.h"
#include "rule/falco/load/written.h"

/* A scalar of YAML, as a place. */
static struct np_yaml_node scalar(const char *text)
{
    return (struct np_yaml_node){.kind = NP_YAML_SCALAR, .text = np_span_of(text)};
}

struct fill_case {
    const char *lists; /* of a file */
    const char *text;
    const char *filled;
};

#define LIST(name, items) "- list: " name "\n  items: " items "\n"

static const struct fill_case fills[] = {
    {LIST("l", "[a]"), "f in (l)", "f in ( a )"},
    {LIST("l", "[a, b]"), "f in (l, c)", "f in ( a, b , c)"},
    {LIST("l", "[a, b]"), "f in (c, l)", "f in (c, a, b )"},
    {LIST("l", "[a]"), "f=l and g=l", "f= a and g= a "},
    {LIST("l", "[a]"), "f = xl and g = l.x and h = 'l'", "f = xl and g = l.x and h = 'l'"},
    {LIST("l", "[a]"), "l", "a "},
    {LIST("l", "[a]"), "l(l", "a ( a "},
    /* A name within a quoted text is a name, too. */
    {LIST("l", "[a]"), "f = 'x  l  y'", "f = 'x a y'"},
    /* Items with a blank are quoted, unless they are. */
    {LIST("l", "[a b, '\"c d\"', '''e f''', g\"h]"), "f in (l)",
     "f in ( \"a b\", \"c d\", 'e f', g\"h )"},
    /* An empty list takes a comma with it, the one in front of it first. */
    {LIST("l", "[]"), "f in (a, l, b)", "f in (a  , b)"},
    {LIST("l", "[]"), "f in (l , b)", "f in (   b)"},
    {LIST("l", "[]"), "f in (l)", "f in (  )"},
    {LIST("l", "[]"), "f in (l,l)", "f in (    )"},
    /* A list in a list that is there already is taken item by item. */
    {LIST("l", "[a]") LIST("m", "[l, b]"), "f in (m)", "f in ( a, b )"},
    /* One that comes later is found by its name, when its turn comes. */
    {LIST("m", "[l, b]") LIST("l", "[a]"), "f in (m)", "f in ( a , b )"},
    /* But not one that came before, two lists down: the name stays. */
    {LIST("l", "[a]") LIST("m", "[l]") LIST("n", "[m]"), "f in (n)", "f in ( l )"},
    {LIST("l", "[l, a]"), "f in (l)", "f in ( l, a )"},
    {LIST("l", "[a]") LIST("m", "[b]") "- list: l\n  items: [m]\n  append: true\n", "f in (l)",
     "f in ( a, b )"},
};

static void fills_in_lists_as_text(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(fills); i++) {
        struct sigma_fixture fixture;
        struct np_falco_written written;
        struct np_yaml_node node = scalar(fills[i].text);
        sigma_begin(&fixture);
        sigma_load(&fixture, "r.yaml", fills[i].lists);
        np_falco_written_init(&written);
        assert_int_equal(np_falco_write(&written, node.text, (struct np_falco_mark){.node = &node}),
                         0);
        assert_int_equal(np_falco_lists_make(fixture.set->falco), 0);
        assert_int_equal(np_falco_lists_fill(fixture.set->falco, &written), 0);
        assert_span_equal(np_buf_span(&written.text), fills[i].filled);
        np_falco_written_done(&written);
        sigma_end(&fixture);
    }
}

static void knows_where_each_byte_comes_from(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    struct np_falco_written written;
    struct np_yaml_node one = scalar("f in (l) and g");
    struct np_yaml_node two = scalar("= h");
    struct np_falco_piece second = {.node = &two, .doc = 2};
    struct np_falco_piece first = {.node = &one, .doc = 1, .next = &second};
    struct np_falco_pieces pieces = {&first, &second};
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yaml", LIST("l", "[a, b]"));
    np_falco_written_init(&written);
    assert_int_equal(np_falco_write_pieces(&written, &pieces), 0);
    assert_int_equal(np_falco_lists_make(fixture.set->falco), 0);
    assert_int_equal(np_falco_lists_fill(fixture.set->falco, &written), 0);
    assert_span_equal(np_buf_span(&written.text), "f in ( a, b ) and g = h");
    static const struct {
        size_t at;
        uint32_t doc;
        size_t offset;
    } cases[] = {{0, 1, 0},  {5, 1, 5},   {7, 1, 6},  {10, 1, 6}, {12, 1, 7},
                 {14, 1, 9}, {18, 1, 13}, {20, 2, 0}, {22, 2, 2}};
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_falco_mark from = np_falco_written_from(&written, cases[i].at);
        assert_int_equal(from.doc, cases[i].doc);
        assert_int_equal(from.offset, cases[i].offset);
        assert_ptr_equal(from.node, cases[i].doc == 1 ? &one : &two);
    }
    np_falco_written_done(&written);
    sigma_end(&fixture);
}

/* Each list doubles the next: a few lines must not become gigabytes. */
static void tells_lists_that_grow_too_large(void **state)
{
    (void) state;
    struct sigma_fixture fixture;
    np_auto_buf struct np_buf text;
    np_buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 60; i++)
        (void) np_buf_printf(&text, "- list: l%u\n  items: [l%u, l%u]\n", i, i + 1, i + 1);
    (void) np_buf_add_str(&text, "- rule: r\n  desc: d\n  output: o\n  priority: info\n"
                                 "  condition: evt.type = open and proc.name in (l0)\n");
    sigma_begin(&fixture);
    sigma_load(&fixture, "r.yaml", np_buf_cstr(&text));
    sigma_link(&fixture);
    assert_int_equal(np_rule_set_loaded(fixture.set), 0);
    assert_string_equal(sigma_problem(&fixture, 0),
                        "error 121:1 LOAD_ERR_COMPILE_CONDITION -: the condition grows too large "
                        "when its lists are filled in");
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_lists_as_text),
        cmocka_unit_test(knows_where_each_byte_comes_from),
        cmocka_unit_test(tells_lists_that_grow_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
