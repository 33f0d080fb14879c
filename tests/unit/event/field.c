/* SPDX-License-Identifier: Apache-2.0 */
#include "event/field.h"

#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"

static void gives_fixed_fields_their_ids(void **state)
{
    (void) state;
    struct np_field_set *set = NULL;
    assert_int_equal(np_field_set_new(&set), 0);
    assert_span_equal(np_field_name(set, NP_FIELD_EVENT_NAME), "eventName");
    assert_span_equal(np_field_name(set, NP_FIELD_IDENTITY_ARN), "userIdentity.arn");
    assert_int_equal(np_field_find(set, NP_SPAN("awsRegion")), NP_FIELD_AWS_REGION);
    np_field_set_free(&set);
    assert_null(set);
}

static void interns_a_name_once(void **state)
{
    (void) state;
    struct np_field_set *set = NULL;
    np_field_id first = 0;
    np_field_id second = 0;
    assert_int_equal(np_field_set_new(&set), 0);
    size_t before = np_field_count(set);
    assert_int_equal(np_field_intern(set, NP_SPAN("requestParameters.marker"), &first), 0);
    assert_int_equal(np_field_intern(set, NP_SPAN("requestParameters.marker"), &second), 0);
    assert_int_equal(first, second);
    assert_int_equal(np_field_count(set), before + 1);
    assert_span_equal(np_field_name(set, first), "requestParameters.marker");
    np_field_set_free(&set);
}

static void tells_names_of_other_case_apart(void **state)
{
    (void) state;
    struct np_field_set *set = NULL;
    np_field_id field = 0;
    assert_int_equal(np_field_set_new(&set), 0);
    assert_int_equal(np_field_intern(set, NP_SPAN("EventName"), &field), 0);
    assert_int_not_equal(field, NP_FIELD_EVENT_NAME);
    np_field_set_free(&set);
}

static void refuses_empty_and_overlong_names(void **state)
{
    (void) state;
    char name[NP_FIELD_NAME_MAX_BYTES + 1];
    memset(name, 'a', sizeof(name));
    struct np_field_set *set = NULL;
    np_field_id field = 77;
    assert_int_equal(np_field_set_new(&set), 0);
    assert_int_equal(np_field_intern(set, NP_SPAN(""), &field), -EINVAL);
    assert_int_equal(np_field_intern(set, np_span_make(name, sizeof(name)), &field), -EINVAL);
    assert_int_equal(field, 77);
    np_field_set_free(&set);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        struct np_field_set *set = NULL;
        np_alloc_fail_at(n);
        r = np_field_set_new(&set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || set == NULL);
        np_field_set_free(&set);
    }
    assert_int_equal(r, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_fixed_fields_their_ids),
        cmocka_unit_test(interns_a_name_once),
        cmocka_unit_test(tells_names_of_other_case_apart),
        cmocka_unit_test(refuses_empty_and_overlong_names),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
