/* SPDX-License-Identifier: Apache-2.0 */
/* Checks in words: as they are written, cut where they are long. */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "rule/explain/note.h"
#include "rule/falco/parse.h"
#include "rule/falco/words.h"

struct kit {
    struct np_field_set *fields;
    struct np_ir ir;
    struct np_arena arena;
    struct np_notes notes;
    struct np_falco_compiled compiled;
};

/* Compiles a condition without macros, with notes. */
static int compile(struct kit *kit, const char *condition, bool wanted)
{
    *kit = (struct kit){};
    assert_int_equal(np_field_set_new(&kit->fields), 0);
    np_ir_init(&kit->ir);
    np_arena_init(&kit->arena, SIZE_MAX);
    struct np_falco_node *tree = NULL;
    struct np_falco_fault fault = {};
    const struct np_falco_target target = {.ir = &kit->ir,
                                           .fields = kit->fields,
                                           .source = NP_FALCO_SYSCALL,
                                           .notes = wanted ? &kit->notes : NULL,
                                           .texts = &kit->arena};
    assert_int_equal(np_falco_parse(&kit->arena, np_span_of(condition), &tree, &fault), 0);
    return np_falco_compile(&target, tree, &kit->compiled, &fault);
}

static void done(struct kit *kit)
{
    np_falco_compiled_done(&kit->compiled);
    np_vec_done(&kit->notes.items);
    np_arena_done(&kit->arena);
    np_ir_done(&kit->ir);
    np_field_set_free(&kit->fields);
}

static void writes_checks_as_they_are_written(void **state)
{
    (void) state;
    static const struct {
        const char *condition;
        const char *want;
    } cases[] = {
        {"proc.name = 'a b'", "= 'a b'"},
        {"proc.name exists", "exists"},
        {"evt.num >= 3", ">= '3'"},
        {"proc.name in (a, \"b\")", "in ('a', 'b')"},
        {"proc.name startswith /dev", "startswith '/dev'"},
        {"proc.name in (a,b,c,d,e,f,g,h,i,j)",
         "in ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 2 more)"},
        {"proc.name = 1234567890123456789012345678901234567890123456789012345678901234567890",
         "= '1234567890123456789012345678901234567890123456789012345678901234... (70 bytes)'"},
        {"proc.name = val(proc.pname)", "= proc.pname"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct kit kit;
        assert_int_equal(compile(&kit, cases[i].condition, true), 0);
        assert_int_equal(kit.notes.items.len, 1);
        struct np_span text = kit.notes.items.items[0].text;
        if (kit.notes.items.items[0].kind == NP_NOTE_TEST)
            assert_string_equal(text.ptr, cases[i].want);
        else /* with its field in front */
            assert_non_null(strstr(text.ptr, cases[i].want));
        done(&kit);
    }
}

static void keeps_none_where_none_is_wanted(void **state)
{
    (void) state;
    struct kit kit;
    assert_int_equal(compile(&kit, "proc.name = a", false), 0);
    assert_int_equal(kit.notes.items.len, 0);
    done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_checks_as_they_are_written),
        cmocka_unit_test(keeps_none_where_none_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
