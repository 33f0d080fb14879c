/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as trees, written down in one form: what binds to what, what a value is, and where a mistake is seen. */
#include "support/unit.h"

#include <errno.h>

#include "base/buf.h"
#include "rule/falco/parse.h"

/* ---- a tree as text: (and a (not b)), checks as `field op value` */

static void print_term(struct np_buf *out, const struct np_falco_term *term)
{
    const char *quote = term->kind == NP_FALCO_TEXT ? "'" : "";
    if (term->kind != NP_FALCO_LIST)
        (void) np_buf_printf(out, "%s%.*s%s", quote, NP_SPAN_ARGS(term->text), quote);
    if (term->kind == NP_FALCO_CALL || term->kind == NP_FALCO_LIST) {
        (void) np_buf_add_char(out, '(');
        for (size_t i = 0; i < term->count; i++) {
            (void) np_buf_add_str(out, i > 0 ? " " : "");
            print_term(out, &term->items[i]);
        }
        (void) np_buf_add_char(out, ')');
    }
    if (term->has_index)
        (void) np_buf_printf(out, "#%u", (unsigned) term->index);
}

static void print_check(struct np_buf *out, const struct np_falco_node *node)
{
    static const char *const modifiers[] = {"", "oneof ", "anyof ", "allof "};
    print_term(out, &node->left);
    (void) np_buf_printf(out, " %s", np_falco_op_name(node->op));
    if (node->op == NP_FALCO_OP_EXISTS)
        return;
    (void) np_buf_printf(out, " %s", modifiers[node->modifier]);
    print_term(out, &node->right);
}

static void print_node(struct np_buf *out, const struct np_falco_node *node)
{
    static const char *const names[] = {"or", "and", "not"};
    if (node->kind == NP_FALCO_MACRO) {
        (void) np_buf_add_span(out, node->name);
        return;
    }
    if (node->kind == NP_FALCO_CHECK) {
        print_check(out, node);
        return;
    }
    (void) np_buf_printf(out, "(%s", names[node->kind]);
    for (size_t i = 0; i < node->count; i++) {
        (void) np_buf_add_char(out, ' ');
        print_node(out, node->children[i]);
    }
    (void) np_buf_add_char(out, ')');
}

static const struct {
    const char *text;
    const char *tree;
} trees[] = {
    /* what binds to what */
    {"a or b and c", "(or a (and b c))"},
    {"a and b or c", "(or (and a b) c)"},
    {"(a or b) and c", "(and (or a b) c)"},
    {"a and not b", "(and a (not b))"},
    {"not a and b", "(and (not a) b)"},
    {"not not a", "a"},
    {"not not not a", "(not a)"},
    {"not(a or b)", "(not (or a b))"},
    {"not not(a)", "a"},
    {"not(not(a))", "(not (not a))"},
    {"a and(b or c)", "(and a (or b c))"},
    {"a or(b) or c", "(or a b c)"},
    {"  (((a)))\n", "a"},
    {"notable and order and android", "(and notable order android)"},
    /* fields and their arguments */
    {"proc.aname[2] = x", "proc.aname[2] = 'x'"},
    {"container.mount.dest[/proc*] exists", "container.mount.dest[/proc*] exists"},
    {"proc.env['A B'] = x", "proc.env[A B] = 'x'"},
    {"json.value[/a/b~1c] exists", "json.value[/a/b~1c] exists"},
    {"evt.arg.flags contains O_CREAT", "evt.arg.flags contains 'O_CREAT'"},
    /* operators, with and without blanks */
    {"evt.num=0", "evt.num = '0'"},
    {"evt.num==0", "evt.num = '0'"},
    {"evt.num!=0", "evt.num != '0'"},
    {"evt.num >=-5", "evt.num >= '-5'"},
    {"evt.num < 0x1F", "evt.num < '0x1F'"},
    {"evt.num <= 1.5e+3", "evt.num <= '1.5e+3'"},
    {"evt.num > +7", "evt.num > '+7'"},
    {"proc.name\n\tstartswith\n a", "proc.name startswith 'a'"},
    {"proc.name exists", "proc.name exists"},
    {"proc.name bcontains 4142", "proc.name bcontains '4142'"},
    {"proc.name bstartswith 4142", "proc.name bstartswith '4142'"},
    {"proc.name glob *a", "proc.name glob '*a'"},
    {"proc.name iglob *a", "proc.name iglob '*a'"},
    {"proc.name regex .*a", "proc.name regex '.*a'"},
    {"proc.name icontains a and b", "(and proc.name icontains 'a' b)"},
    {"proc.name endswith a", "proc.name endswith 'a'"},
    /* texts */
    {"proc.name = \"a b\"", "proc.name = 'a b'"},
    {"proc.name = 'a\"b'", "proc.name = 'a\"b'"},
    {"proc.name = \"a\\\"b\"", "proc.name = 'a\"b'"},
    {"proc.name = 'it\\'s'", "proc.name = 'it's'"},
    {"proc.name = \"\\b\\f\\n\\r\\t\\/\\\\\"", "proc.name = '\b\f\n\r\t/\\'"},
    {"proc.name = \"\\x41\\x7a\"", "proc.name = 'Az'"},
    {"proc.name = \"a\\ b\"", "proc.name = 'a\\b'"},
    {"proc.name = \"\"", "proc.name = ''"},
    {"proc.name = /usr/bin/a-b_c.d:e", "proc.name = '/usr/bin/a-b_c.d:e'"},
    {"proc.name = oneof", "proc.name = 'oneof'"},
    /* lists */
    {"proc.name in (a, \"b c\",d)", "proc.name in ('a' 'b c' 'd')"},
    {"proc.name in(a)", "proc.name in ('a')"},
    {"proc.name in ()", "proc.name in ()"},
    {"proc.name in shells", "proc.name in ('shells')"},
    {"proc.name intersects ( a )", "proc.name intersects ('a')"},
    {"fd.name pmatch (/etc, /usr/*/x)", "fd.name pmatch ('/etc' '/usr/*/x')"},
    {"proc.name startswith anyof (a, b)", "proc.name startswith anyof ('a' 'b')"},
    {"proc.name = oneof (a)", "proc.name = oneof ('a')"},
    {"proc.name != allof(a, b)", "proc.name != allof ('a' 'b')"},
    /* transformers */
    {"tolower(proc.name) = a", "tolower(proc.name) = 'a'"},
    {"toupper(b64( evt.arg.data )) = A", "toupper(b64(evt.arg.data)) = 'A'"},
    {"len(proc.name) > 3", "len(proc.name) > '3'"},
    {"basename(fd.name) = val(proc.name)", "basename(fd.name) = proc.name"},
    {"proc.name = tolower(proc.pname)", "proc.name = tolower(proc.pname)"},
    {"proc.pid > val( proc.aname[2] )", "proc.pid > proc.aname[2]"},
    {"proc.name in val(fd.types)", "proc.name in fd.types"},
    {"join(\"-\", (proc.name, \"x\", 5)) = a", "join('-' (proc.name 'x' '5')) = 'a'"},
    {"concat(proc.name, \"x\", fd.name) = a", "concat(proc.name 'x' fd.name) = 'a'"},
    {"getopt((\"-n\", \"\"), \"n\") intersects (n)", "getopt(('-n' '') 'n') intersects ('n')"},
    {"getopt(proc.aargs, \"n\")[1] = x", "getopt(proc.aargs 'n')#1 = 'x'"},
    {"join(\",\", ()) = \"\"", "join(',' ()) = ''"},
};

static void parses_conditions(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(trees); i++) {
        np_auto_arena struct np_arena arena;
        np_auto_buf struct np_buf out;
        struct np_falco_node *tree = NULL;
        struct np_falco_fault fault = {};
        np_arena_init(&arena, SIZE_MAX);
        np_buf_init(&out, SIZE_MAX / 2);
        if (np_falco_parse(&arena, np_span_of(trees[i].text), &tree, &fault) < 0)
            fail_msg("%s: %s", trees[i].text, fault.err.msg);
        print_node(&out, tree);
        assert_string_equal(np_buf_cstr(&out), trees[i].tree);
    }
}

static const struct {
    const char *text;
    size_t offset;
    const char *message;
} mistakes[] = {
    {"", 0, "the condition ends where a check of a field"},
    {"a and", 5, "ends where a blank or '('"},
    {"a and ", 6, "ends where a check"},
    {"a orb", 4, "'b' stands where a blank or '('"},
    {"a b", 2, "'b' stands where 'and', 'or' or the end"},
    {"(a", 2, "ends where 'and', 'or' or ')'"},
    {"a)", 1, "')' stands where 'and', 'or' or the end"},
    {"proc.name", 9, "ends where an operator"},
    {"proc.name contain x", 10, "'contain x' stands where an operator"},
    {"proc.name containsx", 10, "where an operator"},
    {"proc.name =", 11, "ends where a text, a transformer or val()"},
    {"proc.name = (a)", 12, "where a text"},
    {"evt.num > a", 10, "where a number"},
    {"proc.name in (a b)", 16, "where ',' or ')'"},
    {"proc.name in (a,)", 16, "where a text"},
    {"proc.name in 'a'", 13, "where a list"},
    {"proc.name = 'a\\\"'", 14, "no such escape"},
    {"proc.name = \"\\q\"", 13, "no such escape"},
    {"proc.name = \"\\x4\"", 13, "no such escape"},
    {"proc.name = \"a", 12, "where a text"},
    {"proc.env[] = a", 9, "the field's argument"},
    {"proc.env[a b] = a", 10, "where ']'"},
    {"tolower(\"a\" = b", 12, "where ',' or ')'"},
    {"tolower(a) = b", 8, "where a field, a transformer"},
    {"proc.pid = val(5)", 15, "where a field within val()"},
    {"len(proc.name)[x] = 1", 16, "no number"},
    {"len(proc.name)[99999999999] = 1", 26, "no number"},
};

static void tells_what_was_expected_and_where(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(mistakes); i++) {
        np_auto_arena struct np_arena arena;
        struct np_falco_node *tree = NULL;
        struct np_falco_fault fault = {};
        np_arena_init(&arena, SIZE_MAX);
        int r = np_falco_parse(&arena, np_span_of(mistakes[i].text), &tree, &fault);
        if (r != -EINVAL || tree != NULL || fault.offset != mistakes[i].offset ||
            strstr(fault.err.msg, mistakes[i].message) == NULL)
            fail_msg("'%s': %d, at %zu: %s", mistakes[i].text, r, fault.offset, fault.err.msg);
        assert_int_equal(fault.kind, NP_FALCO_FAULT_SYNTAX);
    }
}

static void limits_nesting(void **state)
{
    (void) state;
    for (int more = 0; more < 2; more++) {
        np_auto_arena struct np_arena arena;
        np_auto_buf struct np_buf text;
        struct np_falco_node *tree = NULL;
        struct np_falco_fault fault = {};
        np_arena_init(&arena, SIZE_MAX);
        np_buf_init(&text, SIZE_MAX / 2);
        for (int i = 0; i < NP_FALCO_MAX_DEPTH + more; i++)
            (void) np_buf_add_char(&text, '(');
        (void) np_buf_add_char(&text, 'a');
        for (int i = 0; i < NP_FALCO_MAX_DEPTH + more; i++)
            (void) np_buf_add_char(&text, ')');
        assert_int_equal(np_falco_parse(&arena, np_buf_span(&text), &tree, &fault),
                         more == 0 ? 0 : -EINVAL);
        assert_true(more == 0 || fault.kind == NP_FALCO_FAULT_SIZE);
    }
}

static void parses_the_term_at_the_head_of_a_text(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *term;
        size_t used;
    } terms[] = {
        {"proc.name)", "proc.name", 9},
        {"proc.aname[2] x", "proc.aname[2]", 13},
        {"evt.arg.flags.", "evt.arg.flags", 13},
        {"tolower(proc.name)x", "tolower(proc.name)", 18},
        {"proc", NULL, 0},
        {"tolower(proc.name", NULL, 0},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(terms); i++) {
        np_auto_arena struct np_arena arena;
        np_auto_buf struct np_buf out;
        struct np_falco_term term;
        struct np_falco_fault fault = {};
        size_t used = 0;
        np_arena_init(&arena, SIZE_MAX);
        np_buf_init(&out, SIZE_MAX / 2);
        int r = np_falco_parse_term(&arena, np_span_of(terms[i].text), &term, &used, &fault);
        assert_int_equal(r, terms[i].term != NULL ? 0 : -EINVAL);
        assert_int_equal(used, terms[i].used);
        if (r < 0)
            continue;
        print_term(&out, &term);
        assert_string_equal(np_buf_cstr(&out), terms[i].term);
    }
}

static const struct np_falco_node *find_known(void *context, struct np_span name)
{
    return np_span_is(name, "known") ? context : NULL;
}

static void binds_macros(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    struct np_falco_node *macro = NULL;
    struct np_falco_node *tree = NULL;
    struct np_falco_fault fault = {};
    np_arena_init(&arena, SIZE_MAX);
    assert_int_equal(np_falco_parse(&arena, NP_SPAN("evt.num = 1"), &macro, &fault), 0);
    assert_int_equal(np_falco_parse(&arena, NP_SPAN("a and not known"), &tree, &fault), 0);
    assert_int_equal(np_falco_resolve(tree, find_known, macro, &fault), -EINVAL);
    assert_int_equal(fault.kind, NP_FALCO_FAULT_MACRO);
    assert_int_equal(fault.offset, 0);
    assert_int_equal(np_falco_parse(&arena, NP_SPAN("not known"), &tree, &fault), 0);
    assert_int_equal(np_falco_resolve(tree, find_known, macro, &fault), 0);
    assert_ptr_equal(tree->children[0]->definition, macro);
}

static void knows_operators_by_name(void **state)
{
    (void) state;
    for (int op = 0; op < NP_FALCO_OP_MAX; op++)
        assert_int_equal(np_falco_op_of(np_span_of(np_falco_op_name((enum np_falco_op) op))), op);
    assert_int_equal(np_falco_op_of(NP_SPAN("contain")), NP_FALCO_OP_MAX);
    assert_true(np_falco_op_is_modifiable(NP_FALCO_OP_NOT_EQUAL));
    assert_false(np_falco_op_is_modifiable(NP_FALCO_OP_LESS));
    assert_false(np_falco_op_is_modifiable(NP_FALCO_OP_IN));
    assert_true(np_falco_op_takes_list(NP_FALCO_OP_PMATCH));
    assert_false(np_falco_op_takes_list(NP_FALCO_OP_REGEX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_conditions),
        cmocka_unit_test(tells_what_was_expected_and_where),
        cmocka_unit_test(limits_nesting),
        cmocka_unit_test(parses_the_term_at_the_head_of_a_text),
        cmocka_unit_test(binds_macros),
        cmocka_unit_test(knows_operators_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
