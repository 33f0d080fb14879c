/* SPDX-License-Identifier: Apache-2.0 */
/* Things named alike, and promises that are kept for a while. */
#include "kit.h"

#include "actor/promise.h"

static uint64_t key(enum np_promise_kind kind, const char *text)
{
    return np_promise_key(kind, np_span_of(text), NP_SPAN(A));
}

static void knows_a_thing_by_name_and_by_arn(void **state)
{
    static const struct {
        enum np_promise_kind kind;
        const char *a;
        const char *b;
    } same[] = {
        {NP_PROMISE_USER, "bob", "arn:aws:iam::" A ":user/bob"},
        {NP_PROMISE_USER, "bob", "arn:aws:iam::" A ":user/team/bob"},
        {NP_PROMISE_ROLE, "web", ROLE(A, "service-role/web")},
        {NP_PROMISE_ROLE, ROLE(A, "web"), "arn:aws:iam::" A ":instance-profile/web"},
        {NP_PROMISE_WORK_ROLE, "net", "arn:aws:cloudformation:eu-west-1:" A ":stack/net/0a1b"},
        {NP_PROMISE_FUNCTION, "sync", "arn:aws:lambda:us-east-1:" A ":function:sync"},
        {NP_PROMISE_FUNCTION, "sync:live", "arn:aws:lambda:us-east-1:" A ":function:sync:7"},
        {NP_PROMISE_SESSION, SESSION(A, "web", "x"), "-/web/x"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(same); i++)
        assert_true(key(same[i].kind, same[i].a) == key(same[i].kind, same[i].b));
}

static void tells_things_apart(void **state)
{
    static const struct {
        enum np_promise_kind kind;
        const char *a;
        const char *b;
    } different[] = {
        {NP_PROMISE_USER, "bob", "arn:aws:iam::" B ":user/bob"},
        {NP_PROMISE_USER, "bob", "bobby"},
        {NP_PROMISE_SESSION, SESSION(A, "web", "x"), SESSION(A, "web", "y")},
        {NP_PROMISE_SESSION, SESSION(A, "web", "x"), SESSION(A, "app", "x")},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(different); i++)
        assert_true(key(different[i].kind, different[i].a) !=
                    key(different[i].kind, different[i].b));
    assert_true(key(NP_PROMISE_USER, "bob") != key(NP_PROMISE_ROLE, "bob"));
    assert_true(key(NP_PROMISE_ROLE, "arn:") != key(NP_PROMISE_ROLE, "arn:aws"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_thing_by_name_and_by_arn),
        cmocka_unit_test(tells_things_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
