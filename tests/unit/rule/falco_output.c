/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs of Falco rules: where names end, what is refused and where, which fields are told. */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "rule/falco/output.h"
#include "rule/rule.h"

struct kit {
    struct np_field_set *fields;
    struct np_ir ir;
    struct np_arena arena;
    struct np_falco_target target;
};

static void kit_open(struct kit *kit, enum np_falco_source source)
{
    *kit = (struct kit){};
    assert_int_equal(np_field_set_new(&kit->fields), 0);
    np_ir_init(&kit->ir);
    np_arena_init(&kit->arena, SIZE_MAX);
    kit->target = (struct np_falco_target){.ir = &kit->ir, .fields = kit->fields, .source = source};
}

static void kit_close(struct kit *kit)
{
    np_arena_done(&kit->arena);
    np_ir_done(&kit->ir);
    np_field_set_free(&kit->fields);
}

static int compile(struct kit *kit, const char *text, struct np_rule_output *out_output,
                   struct np_falco_fault *out_fault)
{
    const struct np_falco_output_params params = {.arena = &kit->arena, .text = np_span_of(text)};
    return np_falco_output_compile(&kit->target, &params, out_output, out_fault);
}

/* The output as text: parts as 'text' or <name:width>, then the fields that are told. */
static void print(struct np_buf *buf, const struct kit *kit, const struct np_rule_output *output)
{
    for (size_t i = 0; i < output->part_count; i++) {
        const struct np_rule_output_part *part = &output->parts[i];
        if (part->field == NP_FIELD_NONE) {
            np_buf_printf(buf, "'%.*s'", NP_SPAN_ARGS(part->text));
            continue;
        }
        np_buf_printf(buf, "<%.*s", NP_SPAN_ARGS(np_field_name(kit->fields, part->field)));
        if (part->width > 0)
            np_buf_printf(buf, ":%u", part->width);
        np_buf_add_char(buf, '>');
    }
    np_buf_add_char(buf, '|');
    for (size_t i = 0; i < output->field_count; i++)
        np_buf_printf(buf, " %.*s",
                      NP_SPAN_ARGS(np_field_name(kit->fields, output->fields[i].field)));
}

static void finds_where_a_name_ends(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"", "|"},
        {"plain text", "'plain text'|"},
        {"*starred *", "'starred *'|"},
        {"%proc.name", "<proc.name>| proc.name"},
        {"(%proc.name)", "'('<proc.name>')'| proc.name"},
        {"%proc.name.", "<proc.name>'.'| proc.name"},
        {"%proc.name, x", "<proc.name>', x'| proc.name"},
        {"%proc.names", "<proc.name>'s'| proc.name"},
        {"%proc.name%proc.pid", "<proc.name><proc.pid>| proc.name proc.pid"},
        {"%proc.name=%proc.name", "<proc.name>'='<proc.name>| proc.name"},
        {"%proc.aname[2] %proc.aname[3]",
         "<proc.aname[2]>' '<proc.aname[3]>| proc.aname[2] proc.aname[3]"},
        {"a=%evt.arg.flags b", "'a='<evt.arg.flags>' b'| evt.arg.flags"},
        {"%12proc.name|", "<proc.name:12>'|'| proc.name"},
        {"%tolower(proc.name) x", "<tolower(proc.name)>' x'| proc.name"},
        {"x %container.info y", "'x '' y'|"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct kit kit;
        struct np_rule_output output;
        struct np_falco_fault fault = {};
        np_auto_buf struct np_buf buf;
        np_buf_init(&buf, 4096);
        kit_open(&kit, NP_FALCO_SYSCALL);
        assert_int_equal(compile(&kit, cases[i].text, &output, &fault), 0);
        print(&buf, &kit, &output);
        assert_string_equal(np_buf_cstr(&buf), cases[i].want);
        kit_close(&kit);
    }
}

static void says_where_an_output_is_wrong(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        size_t offset;
    } cases[] = {
        {"%", 1},           {"100%", 4},     {"%%", 1},          {"a %nosuch.field b", 3},
        {"%10", 3},         {"%ka.verb", 1}, {"% proc.name", 1}, {"%proc.name %proc.nosuch", 12},
        {"%tolower(x)", 1},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct kit kit;
        struct np_rule_output output;
        struct np_falco_fault fault = {};
        kit_open(&kit, NP_FALCO_SYSCALL);
        assert_int_equal(compile(&kit, cases[i].text, &output, &fault), -EINVAL);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_true(fault.err.msg[0] != '\0');
        kit_close(&kit);
    }
}

static void appends_what_the_source_has(void **state)
{
    (void) state;
    static const struct np_span names[] = {{"ka.verb", 7}, {"proc.pid", 8}, {"proc.name", 9}};
    struct kit kit;
    struct np_rule_output output;
    struct np_falco_fault fault = {};
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 4096);
    kit_open(&kit, NP_FALCO_SYSCALL);
    const struct np_falco_output_params params = {.arena = &kit.arena,
                                                  .text = NP_SPAN("%proc.name"),
                                                  .appended = names,
                                                  .appended_count = NP_ARRAY_LEN(names)};
    assert_int_equal(np_falco_output_compile(&kit.target, &params, &output, &fault), 0);
    print(&buf, &kit, &output);
    assert_string_equal(np_buf_cstr(&buf), "<proc.name>| proc.name proc.pid");
    kit_close(&kit);
}

static void bounds_parts_and_fields(void **state)
{
    (void) state;
    struct kit kit;
    struct np_rule_output output;
    struct np_falco_fault fault = {};
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, SIZE_MAX / 2);
    kit_open(&kit, NP_FALCO_SYSCALL);
    for (int i = 0; i < NP_OUTPUT_FIELDS_MAX; i++)
        np_buf_printf(&buf, "%%proc.aname[%d]", i + 1);
    assert_int_equal(compile(&kit, np_buf_cstr(&buf), &output, &fault), 0);
    assert_int_equal(output.field_count, NP_OUTPUT_FIELDS_MAX);
    np_buf_add_str(&buf, "%proc.name");
    assert_int_equal(compile(&kit, np_buf_cstr(&buf), &output, &fault), -E2BIG);
    np_buf_reset(&buf);
    for (int i = 0; i < NP_OUTPUT_PARTS_MAX + 1; i++)
        np_buf_add_str(&buf, "%proc.name");
    assert_int_equal(compile(&kit, np_buf_cstr(&buf), &output, &fault), -E2BIG);
    assert_int_equal(fault.kind, NP_FALCO_FAULT_SIZE);
    kit_close(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
#ifdef NP_FAULT_INJECTION
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct kit kit;
        struct np_rule_output output = {};
        struct np_falco_fault fault = {};
        kit_open(&kit, NP_FALCO_SYSCALL);
        np_alloc_fail_at(n);
        r = compile(&kit, "%proc.name by %tolower(user.name) of %proc.aname[2].", &output, &fault);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && output.parts == NULL));
        kit_close(&kit);
    }
#endif
}

static void takes_fields_to_append_that_some_source_has(void **state)
{
    (void) state;
    struct np_field_set *fields = NULL;
    struct np_rule_set *set = NULL;
    struct np_err err = {};
    assert_int_equal(np_field_set_new(&fields), 0);
    assert_int_equal(np_rule_set_new(&set, fields), 0);
    assert_int_equal(np_rule_set_append_fields(set, NP_SPAN("proc.name,ka.verb"), &err), 0);
    assert_int_equal(np_rule_set_append_fields(set, NP_SPAN("proc.aname[2]"), &err), 0);
    assert_int_equal(np_rule_set_append_fields(set, NP_SPAN("proc.name,no.such"), &err), -EINVAL);
    assert_non_null(strstr(err.msg, "no.such"));
    assert_int_equal(np_rule_set_append_fields(set, NP_SPAN("proc.name,,"), &err), -EINVAL);
    np_rule_set_free(&set);
    np_field_set_free(&fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_where_a_name_ends),
        cmocka_unit_test(says_where_an_output_is_wrong),
        cmocka_unit_test(appends_what_the_source_has),
        cmocka_unit_test(bounds_parts_and_fields),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(takes_fields_to_append_that_some_source_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
