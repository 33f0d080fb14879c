/* SPDX-License-Identifier: Apache-2.0 */
/* The screen of a source: what it wants, and memory that is out. */
#include "engine/screen.h"

#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "support/fake_event.h"

static const char rule[] = "title: Logging stopped\n"
                           "logsource: {product: aws, service: cloudtrail}\n"
                           "detection:\n"
                           "  selection:\n"
                           "    eventName: StopLogging\n"
                           "  condition: selection\n";

struct rules {
    struct np_field_set *fields;
    struct np_rule_set *set;
};

static int rules_open(void **state)
{
    static struct rules rules;
    struct np_diag_list diags;
    np_diag_list_init(&diags);
    assert_int_equal(np_field_set_new(&rules.fields), 0);
    assert_int_equal(np_rule_set_new(&rules.set, rules.fields), 0);
    assert_int_equal(np_rule_set_load(rules.set, "stop.yml", np_span_of(rule), &diags), 0);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(np_rule_set_compile(rules.set, NULL), 0);
    np_diag_list_done(&diags);
    *state = &rules;
    return 0;
}

static int rules_close(void **state)
{
    struct rules *rules = *state;
    np_rule_set_free(&rules->set);
    np_field_set_free(&rules->fields);
    return 0;
}

static void wants_what_a_rule_finds(void **state)
{
    const struct rules *rules = *state;
    struct np_screen *screen = NULL;
    struct fake_event fake;
    fake_event_init(&fake);
    assert_int_equal(np_screen_new(&screen, rules->set), 0);
    fake.values[NP_FIELD_EVENT_NAME] = text_value("StartLogging");
    assert_false(screen->wants(screen->context, &fake.event));
    fake.values[NP_FIELD_EVENT_NAME] = text_value("StopLogging");
    assert_true(screen->wants(screen->context, &fake.event));
    np_screen_free(&screen);
    assert_null(screen);
    np_screen_free(&screen);
    np_screen_free(NULL);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    const struct rules *rules = *state;
    int r = -ENOMEM;
    long n = 0;
    for (; r != 0; n++) {
        struct np_screen *screen = NULL;
        np_alloc_fail_at(n);
        r = np_screen_new(&screen, rules->set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && screen == NULL));
        np_screen_free(&screen);
    }
    assert_true(n > 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wants_what_a_rule_finds),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, rules_open, rules_close);
}
