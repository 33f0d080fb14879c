/* SPDX-License-Identifier: Apache-2.0 */
/* What each principal did, counted from records. */
#include "cli/inspect/principals.h"

#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "engine/each.h"
#include "support/memory_source.h"

#define ROLE(session)                                                                              \
    "\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/deploy/" session    \
    "\",\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIAX\",\"sessionContext\":{"             \
    "\"sessionIssuer\":{\"type\":\"Role\",\"arn\":\"arn:aws:iam::111122223333:role/deploy\"}}"
#define USER                                                                                       \
    "\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/ann\",\"accountId\":"           \
    "\"111122223333\",\"accessKeyId\":\"AKIAX\",\"userName\":\"ann\""
#define EVENT(id, time, identity, api, error)                                                      \
    "{\"eventVersion\":\"1.08\",\"eventID\":\"" id "\",\"eventTime\":\"2024-05-01T" time           \
    "Z\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"" api                               \
    "\",\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"111122223333\","                      \
    "\"sourceIPAddress\":\"198.51.100.7\",\"userAgent\":\"aws-cli/2.1 Python\"," error             \
    "\"userIdentity\":{" identity "}}\n"
#define REFUSED "\"errorCode\":\"AccessDenied\","
#define FAILED  "\"errorCode\":\"NoSuchEntityException\","

static int add(void *context, struct np_event *event)
{
    return np_principals_add(context, event);
}

static int count(struct np_principals *principals, const char *text)
{
    const char *const texts[] = {text};
    struct np_field_set *fields = NULL;
    struct np_decode_plan *plan = NULL;
    struct memory_source source;
    struct np_tally tally;
    assert_int_equal(np_field_set_new(&fields), 0);
    assert_int_equal(np_decode_plan_new(&plan, fields, NULL, NULL), 0);
    memory_source_init(&source, texts, 1);
    np_tally_init(&tally);
    struct np_each each = {.source = &source.head, .plan = plan, .fn = add, .context = principals};
    int r = np_engine_each(&each, &tally, NULL);
    np_tally_done(&tally);
    memory_source_destroy(&source.head);
    np_decode_plan_free(&plan);
    np_field_set_free(&fields);
    return r;
}

static const struct np_trait *trait_of(const struct np_principals *principals, size_t principal,
                                       enum np_trait_kind kind, size_t number)
{
    const struct np_principal *owner = &principals->items.items[principal];
    assert_true(number < owner->trait_counts[kind]);
    return &principals->traits.items[owner->traits[kind] + number];
}

static void assert_span(struct np_span span, const char *want)
{
    assert_int_equal(span.len, strlen(want));
    assert_memory_equal(span.ptr, want, span.len);
}

static void counts_what_was_done_and_what_was_refused(void **state)
{
    struct np_principals principals;
    (void) state;
    np_principals_init(&principals);
    assert_int_equal(count(&principals, EVENT("1", "10:00:05", USER, "ListUsers", "")
                                            EVENT("2", "10:00:01", USER, "GetUser", FAILED)
                                                EVENT("3", "10:00:09", USER, "ListUsers", REFUSED)),
                     0);
    np_principals_sort(&principals);
    const struct np_principal *ann = &principals.items.items[0];
    assert_int_equal(principals.items.len, 1);
    assert_span(ann->name, "arn:aws:iam::111122223333:user/ann");
    assert_span(ann->account, "111122223333");
    assert_int_equal(ann->count, 3);
    assert_int_equal(ann->refused, 1);
    assert_int_equal(ann->failed, 1);
    assert_int_equal(ann->first, np_time_of_utc(2024, 5, 1, 10, 0, 1));
    assert_int_equal(ann->last, np_time_of_utc(2024, 5, 1, 10, 0, 9));
    assert_int_equal(ann->trait_counts[NP_TRAIT_API], 2);
    const struct np_trait *most = trait_of(&principals, 0, NP_TRAIT_API, 0);
    assert_span(most->text, "iam:ListUsers");
    assert_int_equal(most->count, 2);
    assert_int_equal(most->refused, 1);
    assert_int_equal(trait_of(&principals, 0, NP_TRAIT_API, 1)->failed, 1);
    assert_span(trait_of(&principals, 0, NP_TRAIT_ADDRESS, 0)->text, "198.51.100.7");
    assert_span(trait_of(&principals, 0, NP_TRAIT_AGENT, 0)->text, "aws-cli");
    np_principals_done(&principals);
}

static void sessions_count_for_their_role_and_the_most_active_comes_first(void **state)
{
    struct np_principals principals;
    (void) state;
    np_principals_init(&principals);
    assert_int_equal(count(&principals, EVENT("1", "10:00:00", USER, "ListUsers", "") EVENT(
                                            "2", "10:00:01", ROLE("one"), "ListRoles", "")
                                            EVENT("3", "10:00:02", ROLE("two"), "ListRoles", "")),
                     0);
    np_principals_sort(&principals);
    assert_int_equal(principals.items.len, 2);
    assert_span(principals.items.items[0].name, "arn:aws:iam::111122223333:role/deploy");
    assert_int_equal(principals.items.items[0].count, 2);
    assert_span(trait_of(&principals, 0, NP_TRAIT_API, 0)->text, "iam:ListRoles");
    assert_span(trait_of(&principals, 1, NP_TRAIT_API, 0)->text, "iam:ListUsers");
    np_principals_done(&principals);
}

static void nobody_is_in_no_order(void **state)
{
    struct np_principals principals;
    (void) state;
    np_principals_init(&principals);
    np_principals_sort(&principals);
    assert_int_equal(principals.items.len, 0);
    np_principals_done(&principals);
}

#ifdef NP_FAULT_INJECTION
/* The set-up of the test fails by assertion, so only what counts is made to fail: by its own event. */
struct failing {
    struct np_principals *principals;
    long n;
};

static int add_failing(void *context, struct np_event *event)
{
    const struct failing *failing = context;
    np_alloc_fail_at(failing->n);
    int r = np_principals_add(failing->principals, event);
    np_alloc_fail_at(-1);
    return r;
}

static void survives_every_failed_allocation(void **state)
{
    static const char *const texts[] = {EVENT("1", "10:00:00", USER, "ListUsers", "")};
    struct np_field_set *fields = NULL;
    struct np_decode_plan *plan = NULL;
    int r = -ENOMEM;
    (void) state;
    assert_int_equal(np_field_set_new(&fields), 0);
    assert_int_equal(np_decode_plan_new(&plan, fields, NULL, NULL), 0);
    for (long n = 0; r == -ENOMEM && n < 100; n++) {
        struct np_principals principals;
        struct failing failing = {&principals, n};
        struct memory_source source;
        struct np_tally tally;
        np_principals_init(&principals);
        np_tally_init(&tally);
        memory_source_init(&source, texts, 1);
        struct np_each each = {
            .source = &source.head, .plan = plan, .fn = add_failing, .context = &failing};
        r = np_engine_each(&each, &tally, NULL);
        memory_source_destroy(&source.head);
        np_tally_done(&tally);
        np_principals_done(&principals);
    }
    assert_int_equal(r, 0);
    np_decode_plan_free(&plan);
    np_field_set_free(&fields);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_was_done_and_what_was_refused),
        cmocka_unit_test(sessions_count_for_their_role_and_the_most_active_comes_first),
        cmocka_unit_test(nobody_is_in_no_order),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
