/* SPDX-License-Identifier: Apache-2.0 */
/* Which fields are wanted of which types of events. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "event/interest.h"

enum { FIELDS = 3 };

static void wants_what_nobody_has_spoken_of(void **state)
{
    (void) state;
    struct np_interest *interest = NULL;
    assert_int_equal(np_interest_new(&interest, FIELDS), 0);
    assert_true(np_interest_has(interest, 0, NP_SPAN("openat")));
    assert_true(np_interest_has(interest, FIELDS + 1, NP_SPAN("openat")));
    np_interest_free(&interest);
}

static void unites_the_types_of_a_field(void **state)
{
    (void) state;
    struct np_interest *interest = NULL;
    struct np_type_set opens = {};
    struct np_type_set execs = {};
    struct np_type_set none = {};
    struct np_type_set all = {.is_all = true};
    assert_int_equal(np_interest_new(&interest, FIELDS), 0);
    assert_int_equal(np_interest_name(interest, NP_SPAN("open"), &opens), 0);
    assert_int_equal(np_interest_name(interest, NP_SPAN("openat"), &opens), 0);
    assert_int_equal(np_interest_name(interest, NP_SPAN("execve"), &execs), 0);
    np_interest_add(interest, 0, &opens);
    np_interest_add(interest, 0, &execs);
    np_interest_add(interest, 1, &none);
    np_interest_add(interest, 2, &opens);
    np_interest_add(interest, 2, &all);
    assert_true(np_interest_has(interest, 0, NP_SPAN("openat")));
    assert_true(np_interest_has(interest, 0, NP_SPAN("execve")));
    assert_false(np_interest_has(interest, 0, NP_SPAN("close")));
    assert_false(np_interest_has(interest, 1, NP_SPAN("openat")));
    assert_true(np_interest_has(interest, 2, NP_SPAN("close")));
    np_interest_free(&interest);
}

static void takes_all_types_where_there_are_too_many(void **state)
{
    (void) state;
    struct np_interest *interest = NULL;
    struct np_type_set set = {};
    char name[16];
    assert_int_equal(np_interest_new(&interest, FIELDS), 0);
    for (int i = 0; i <= NP_TYPE_SET_MAX; i++) {
        assert_false(set.is_all);
        int len = snprintf(name, sizeof(name), "call%d", i);
        assert_int_equal(np_interest_name(interest, np_span_make(name, (size_t) len), &set), 0);
    }
    assert_true(set.is_all);
    np_interest_free(&interest);
}

#ifdef NP_FAULT_INJECTION
static int try_to_name(struct np_interest **interest)
{
    struct np_type_set set = {};
    int r = np_interest_new(interest, FIELDS);
    if (r == 0)
        r = np_interest_name(*interest, NP_SPAN("open"), &set);
    if (r == 0)
        r = np_interest_name(*interest, NP_SPAN("openat"), &set);
    return r;
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    long n = 0;
    for (; r != 0; n++) {
        struct np_interest *interest = NULL;
        np_alloc_fail_at(n);
        r = try_to_name(&interest);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_interest_free(&interest);
    }
    assert_true(n > 2);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wants_what_nobody_has_spoken_of),
        cmocka_unit_test(unites_the_types_of_a_field),
        cmocka_unit_test(takes_all_types_where_there_are_too_many),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
