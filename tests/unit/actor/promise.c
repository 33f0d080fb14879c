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

/* A table of promises of one thread. */
struct table {
    struct np_names *names;
    struct np_threads *threads;
    struct np_promises *promises;
    np_thread_id thread;
};

static void table_open(struct table *table)
{
    assert_int_equal(np_names_new(&table->names, 1 << 20), 0);
    assert_int_equal(np_threads_new(&table->threads, table->names, 1 << 20), 0);
    assert_int_equal(np_promises_new(&table->promises, table->names, table->threads), 0);
    table->thread = np_threads_add(table->threads, &(struct np_thread){.id = 1});
}

static void table_close(struct table *table)
{
    np_promises_free(&table->promises);
    np_threads_free(&table->threads);
    np_names_free(&table->names);
}

static uint64_t number_key(int number)
{
    char text[16];
    (void) snprintf(text, sizeof(text), "AKIA%d", number);
    return key(NP_PROMISE_KEY, text);
}

static void put(const struct table *table, int number, enum np_join join, double minute)
{
    np_promises_put(table->promises, &(struct np_promise){.key = number_key(number),
                                                          .time = time_of(minute),
                                                          .thread = table->thread,
                                                          .join = (uint8_t) join});
}

static bool has(const struct table *table, int number, double minute)
{
    return np_promises_get(table->promises, number_key(number), time_of(minute), INT64_MAX / 2) !=
           NULL;
}

static void grows_before_anything_leaves(void **state)
{
    enum { KEYS = 60000 };
    struct table table;
    (void) state;
    table_open(&table);
    for (int i = 0; i < KEYS; i++)
        put(&table, i, NP_JOIN_CREATED_KEY, 0);
    for (int i = 0; i < KEYS; i++)
        assert_true(has(&table, i, 1) || np_promises_lost(table.promises) > 0);
    assert_true(np_promises_lost(table.promises) < KEYS / 100);
    table_close(&table);
}

static void knows_that_a_promise_may_have_left(void **state)
{
    enum { KEYS = 1000000 };
    struct table table;
    (void) state;
    table_open(&table);
    put(&table, 0, NP_JOIN_ASSUMED_ROLE, 0);
    assert_true(np_promises_may_have_had(table.promises, number_key(0), time_of(0)));
    assert_false(np_promises_may_have_had(table.promises, number_key(1), time_of(0)));
    for (int i = 1; i < KEYS; i++)
        put(&table, i, NP_JOIN_ASSUMED_ROLE, 1);
    assert_false(has(&table, 0, 2));
    assert_true(np_promises_may_have_had(table.promises, number_key(0), time_of(0)));
    assert_false(np_promises_may_have_had(table.promises, number_key(0), time_of(2)));
    assert_true(np_promises_lost(table.promises) > 0);
    table_close(&table);
}

static void lets_what_ended_leave_first_and_counts_it_not(void **state)
{
    enum { KEYS = 20000, COPIES = 400000, DAY = 24 * 60 };
    struct table table;
    (void) state;
    table_open(&table);
    for (int i = 0; i < KEYS; i++)
        put(&table, i, NP_JOIN_CREATED_KEY, 0);
    uint64_t lost = np_promises_lost(table.promises);
    for (int i = 0; i < COPIES; i++) /* some minutes apart: most ended when the next comes */
        put(&table, KEYS + i, NP_JOIN_SHARED_EVENT, i / 100.0);
    int kept = 0;
    for (int i = 0; i < KEYS; i++)
        kept += has(&table, i, 30 * DAY);
    assert_true(kept + (int) (np_promises_lost(table.promises) - lost) >= KEYS);
    assert_true(kept > KEYS - 100);
    table_close(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_thing_by_name_and_by_arn),
        cmocka_unit_test(tells_things_apart),
        cmocka_unit_test(grows_before_anything_leaves),
        cmocka_unit_test(knows_that_a_promise_may_have_left),
        cmocka_unit_test(lets_what_ended_leave_first_and_counts_it_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
