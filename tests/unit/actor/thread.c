/* SPDX-License-Identifier: Apache-2.0 */
/* The table of threads and their trees. */
#include "support/unit.h"

#include "actor/thread.h"
#include "base/alloc.h"

struct kit {
    struct np_names *names;
    struct np_threads *threads;
};

static np_thread_id add(struct kit *kit, uint64_t id, uint64_t credential)
{
    struct np_thread thread = {.id = id, .credential = credential};
    return np_threads_add(kit->threads, &thread);
}

static bool hang(struct kit *kit, np_thread_id child, np_thread_id parent)
{
    struct np_edge edge = {.from = parent, .to = child, .join = NP_JOIN_ASSUMED_ROLE};
    return np_threads_hang(kit->threads, child, &edge);
}

static void finds_by_identity_and_by_credential(void **state)
{
    struct kit *kit = *state;
    np_thread_id first = add(kit, 1, 77);
    np_thread_id second = add(kit, 2, 77);
    np_thread_id other = add(kit, 3, 77 + 1024); /* of the same chain */
    assert_int_equal(np_threads_find(kit->threads, 2), second);
    assert_int_equal(np_threads_find(kit->threads, 9), NP_THREAD_NONE);
    assert_int_equal(np_threads_of_credential(kit->threads, 77), second);
    assert_int_equal(np_threads_before(kit->threads, second), first);
    assert_int_equal(np_threads_before(kit->threads, first), NP_THREAD_NONE);
    assert_int_equal(np_threads_of_credential(kit->threads, 77 + 1024), other);
    assert_true(np_threads_get(kit->threads, first)->flags & NP_THREAD_SHARED);
    assert_false(np_threads_get(kit->threads, other)->flags & NP_THREAD_SHARED);
}

static void closes_no_circle(void **state)
{
    struct kit *kit = *state;
    np_thread_id a = add(kit, 1, 1);
    np_thread_id b = add(kit, 2, 2);
    np_thread_id c = add(kit, 3, 3);
    assert_true(hang(kit, b, a));
    assert_true(hang(kit, c, b));
    assert_false(hang(kit, a, c));
    assert_false(hang(kit, a, a));
    assert_false(hang(kit, c, a)); /* hangs already */
    uint32_t hops = 0;
    assert_int_equal(np_threads_root(kit->threads, c, &hops), a);
    assert_int_equal(hops, 2);
}

static void goes_through_all_that_hangs_on_a_thread(void **state)
{
    struct kit *kit = *state;
    np_thread_id ids[6];
    for (size_t i = 0; i < 6; i++)
        ids[i] = add(kit, i + 1, i + 1);
    assert_true(hang(kit, ids[1], ids[0]) && hang(kit, ids[2], ids[0]));
    assert_true(hang(kit, ids[3], ids[1]) && hang(kit, ids[4], ids[3]));
    size_t seen = 0;
    for (np_thread_id at = ids[0]; at != NP_THREAD_NONE;
         at = np_threads_next(kit->threads, at, ids[0]))
        seen++;
    assert_int_equal(seen, 5);
    np_threads_mark_foreign(kit->threads, ids[1]);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal((np_threads_get(kit->threads, ids[i])->flags & NP_THREAD_FOREIGN) != 0,
                         i == 1 || i == 3 || i == 4);
}

static void lets_leaves_go_before_what_they_hang_on(void **state)
{
    struct kit *kit = *state;
    np_thread_id root = add(kit, 1, 1);
    np_thread_id child = add(kit, 2, 2);
    assert_true(hang(kit, child, root));
    np_threads_get(kit->threads, child)->holds++;
    for (uint64_t i = 3; i < 5000; i++)
        assert_int_not_equal(add(kit, i, i), NP_THREAD_NONE);
    assert_int_equal(np_threads_find(kit->threads, 1), root);
    assert_int_equal(np_threads_find(kit->threads, 2), child);
    assert_true(np_threads_count(kit->threads) < 700);
    np_threads_get(kit->threads, child)->holds--;
    for (uint64_t i = 5000; i < 10000; i++)
        (void) add(kit, i, i);
    assert_int_equal(np_threads_find(kit->threads, 2), NP_THREAD_NONE);
    assert_int_equal(np_threads_find(kit->threads, 1), NP_THREAD_NONE);
    assert_int_equal(np_threads_lost(kit->threads), 0);
}

static int open_kit(void **state)
{
    static struct kit kit;
    assert_int_equal(np_names_new(&kit.names, 1 << 20), 0);
    assert_int_equal(np_threads_new(&kit.threads, kit.names, 80 * 1024), 0);
    *state = &kit;
    return 0;
}

static int close_kit(void **state)
{
    struct kit *kit = *state;
    np_threads_free(&kit->threads);
    np_threads_free(&kit->threads);
    np_names_free(&kit->names);
    return 0;
}

#define KIT_TEST(test) cmocka_unit_test_setup_teardown(test, open_kit, close_kit)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(finds_by_identity_and_by_credential),
        KIT_TEST(closes_no_circle),
        KIT_TEST(goes_through_all_that_hangs_on_a_thread),
        KIT_TEST(lets_leaves_go_before_what_they_hang_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
