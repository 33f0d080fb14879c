/* SPDX-License-Identifier: Apache-2.0 */
/* Which names are fields of Falco's sources, and with what argument. */
#include "support/unit.h"

#include "base/compiler.h"
#include "event/falco/fields.h"

static void finds_fields_with_their_arguments(void **state)
{
    (void) state;
    static const struct {
        enum np_falco_source source;
        const char *name;
        const char *field; /* NULL = there is none */
        const char *argument;
        enum np_falco_type type;
        bool is_list;
    } cases[] = {
        {NP_FALCO_SYSCALL, "proc.name", "proc.name", "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname", "proc.aname", "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname[2]", "proc.aname", "2", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname[x]", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname[]", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname[2", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.aname.2", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.name[1]", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "proc.env[LD_PRELOAD]", "proc.env", "LD_PRELOAD", NP_FALCO_STRING,
         false},
        {NP_FALCO_SYSCALL, "evt.arg", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "evt.arg.flags", "evt.arg", "flags", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "evt.arg[0]", "evt.arg", "0", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "evt.arg.", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "evt.type.is.open", "evt.type.is", "open", NP_FALCO_NUMBER, false},
        {NP_FALCO_SYSCALL, "evt.abspath", "evt.abspath", "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "evt.abspath.src", "evt.abspath", "src", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "k8s.pod.label.app.kubernetes.io/name", "k8s.pod.label",
         "app.kubernetes.io/name", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "container.mount.dest[/proc*]", "container.mount.dest", "/proc*",
         NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "container.mount.dest", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "fd.types", "fd.types", "", NP_FALCO_STRING, true},
        {NP_FALCO_SYSCALL, "fd.snet", "fd.snet", "", NP_FALCO_NET, false},
        {NP_FALCO_SYSCALL, "fd.sip", "fd.sip", "", NP_FALCO_ADDRESS, false},
        {NP_FALCO_SYSCALL, "evt.buffer", "evt.buffer", "", NP_FALCO_BYTES, false},
        {NP_FALCO_SYSCALL, "proc.is_sid_leader", "proc.is_sid_leader", "", NP_FALCO_BOOL, false},
        {NP_FALCO_SYSCALL, "evt.rawtime", "evt.rawtime", "", NP_FALCO_TIME, false},
        {NP_FALCO_SYSCALL, "ct.name", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_SYSCALL, "", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "ct.name", "ct.name", "", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "s3.bytes", "s3.bytes", "", NP_FALCO_NUMBER, false},
        {NP_FALCO_CLOUDTRAIL, "json.value[/a/b]", "json.value", "/a/b", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "json.value", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "ka.verb", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "evt.type", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_CLOUDTRAIL, "proc.name", NULL, "", NP_FALCO_STRING, false},
        {NP_FALCO_K8S, "evt.num", "evt.num", "", NP_FALCO_NUMBER, false},
        {NP_FALCO_K8S, "ka.user.groups", "ka.user.groups", "", NP_FALCO_STRING, true},
        {NP_FALCO_K8S, "ka.uri.param[command]", "ka.uri.param", "command", NP_FALCO_STRING, false},
        {NP_FALCO_K8S, "ka.req.pod.containers.image[0]", "ka.req.pod.containers.image", "0",
         NP_FALCO_STRING, true},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_span argument = {};
        const struct np_falco_field *field =
            np_falco_field_find(cases[i].source, np_span_of(cases[i].name), &argument);
        if (cases[i].field == NULL) {
            assert_null(field);
            continue;
        }
        assert_non_null(field);
        assert_span_equal(field->name, cases[i].field);
        assert_span_equal(argument, cases[i].argument);
        assert_int_equal(field->type, cases[i].type);
        assert_int_equal(field->is_list, cases[i].is_list);
    }
}

static void numbers_fields_in_the_order_of_their_table(void **state)
{
    (void) state;
    for (uint16_t i = 0; i < NP_SYSCALL_FIELD_COUNT; i++)
        assert_int_equal(np_falco_field_at(NP_FALCO_SYSCALL, i)->which, i);
    assert_null(np_falco_field_at(NP_FALCO_SYSCALL, NP_SYSCALL_FIELD_COUNT));
    assert_span_equal(np_falco_field_at(NP_FALCO_SYSCALL, NP_SYSCALL_PROC_NAME)->name, "proc.name");
}

static void gives_each_source_its_own_fields(void **state)
{
    (void) state;
    size_t counts[NP_FALCO_SOURCE_MAX] = {};
    for (enum np_falco_source source = 0; source < NP_FALCO_SOURCE_MAX; source++)
        while (np_falco_field_at(source, counts[source]) != NULL)
            counts[source]++;
    size_t common = 18 + 6; /* evt.*, json.* and jevt.* */
    assert_int_equal(counts[NP_FALCO_CLOUDTRAIL] + counts[NP_FALCO_K8S],
                     NP_FALCO_CLOUD_FIELD_COUNT + common);
}

static void names_its_sources(void **state)
{
    (void) state;
    enum np_falco_source source = NP_FALCO_SOURCE_MAX;
    assert_span_equal(np_falco_source_name(NP_FALCO_SYSCALL), "syscall");
    assert_true(np_falco_source_find(NP_SPAN("k8s_audit"), &source));
    assert_int_equal(source, NP_FALCO_K8S);
    assert_true(np_falco_source_find(NP_SPAN("aws_cloudtrail"), &source));
    assert_int_equal(source, NP_FALCO_CLOUDTRAIL);
    assert_false(np_falco_source_find(NP_SPAN("okta"), &source));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_fields_with_their_arguments),
        cmocka_unit_test(numbers_fields_in_the_order_of_their_table),
        cmocka_unit_test(gives_each_source_its_own_fields),
        cmocka_unit_test(names_its_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
