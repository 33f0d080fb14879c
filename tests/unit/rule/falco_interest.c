/* SPDX-License-Identifier: Apache-2.0 */
/* Which types of system calls rules look at. */
#include "sigma_fixture.h"

#include "event/interest.h"
#include "rule/falco/interest.h"
#include "rule/rule_internal.h"

/* Rules of two languages; each names fields of its own. */
static const char falco[] =
    "- macro: opens\n  condition: (evt.type in (open, openat) and evt.is_open_read=true)\n"
    "- rule: a\n  desc: d\n  condition: opens and fd.name=/etc/shadow\n"
    "  output: o %proc.cmdline\n  priority: INFO\n"
    "- rule: b\n  desc: d\n  condition: evt.type=execve and (proc.tty=0 or evt.type=open)\n"
    "  output: o\n  priority: INFO\n"
    "- rule: c\n  desc: d\n  condition: not evt.type=close and proc.vpid=1\n"
    "  output: o\n  priority: INFO\n";

static const char sigma[] = "title: t\nlogsource: {product: linux, category: process_creation}\n"
                            "detection: {s: {Image: /bin/x}, condition: s}\n";

static void finds_the_types_that_a_condition_pins(void **state)
{
    (void) state;
    static const struct {
        const char *field;
        const char *type;
        bool is_wanted;
    } cases[] = {
        {"fd.name", "openat", true},    {"fd.name", "execve", false},
        {"proc.cmdline", "open", true}, {"proc.cmdline", "close", false},
        {"proc.tty", "execve", true},   {"proc.tty", "open", false},
        {"proc.vpid", "connect", true}, {"Image", "execveat", true},
        {"Image", "openat", false},     {"evt.type", "anything", true},
    };
    struct sigma_fixture fixture;
    sigma_begin(&fixture);
    sigma_load(&fixture, "f.yaml", falco);
    sigma_load(&fixture, "s.yml", sigma);
    assert_int_equal(np_rule_set_link(fixture.set, &fixture.diags), 0);
    assert_int_equal(np_rule_set_compile(fixture.set, NULL), 0);
    const struct np_interest *interest = np_field_set_interest(fixture.fields);
    assert_non_null(interest);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        np_field_id field = np_field_find(fixture.fields, np_span_of(cases[i].field));
        assert_int_not_equal(field, NP_FIELD_NONE);
        assert_int_equal(np_interest_has(interest, field, np_span_of(cases[i].type)),
                         cases[i].is_wanted);
    }
    sigma_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_types_that_a_condition_pins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
