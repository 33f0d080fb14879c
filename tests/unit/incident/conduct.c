/* SPDX-License-Identifier: Apache-2.0 */
/* How an actor behaved is remembered of that actor alone. */
#include "incident/conduct.h"

#include "unit/actor/kit.h"

static void counts_distinct_things_and_drops_the_oldest(void **state)
{
    struct np_recent recent = {};
    (void) state;
    for (uint64_t i = 0; i < NP_CONDUCT_SET_MAX + 4; i++) {
        np_recent_add(&recent, i, (np_time_ns) i);
        np_recent_add(&recent, i, (np_time_ns) i);
    }
    assert_int_equal(np_recent_count(&recent, INT64_MIN), NP_CONDUCT_SET_MAX);
    assert_true(np_recent_last(&recent, 3) == NP_TIME_NONE);
    assert_true(np_recent_last(&recent, 4) == 4);
}

/* A call with a key of its own, so a thread that nobody else is. */
static struct np_insight call_of(struct scene *scene, int number)
{
    char key[24];
    (void) snprintf(key, sizeof(key), "AKIA%d", number);
    return play(scene, (struct call){.minute = number / 1000.0, .api = "ListUsers", .key = key});
}

static void leaves_nothing_to_an_actor_that_gets_the_number_of_another(void **state)
{
    enum { OTHERS = 20000 };
    struct scene scene;
    struct np_conducts conducts;
    (void) state;
    scene_open(&scene, 256 * 1024);
    assert_int_equal(np_conducts_init(&conducts, scene.actors), 0);
    np_thread_id thread = call_of(&scene, 0).thread;
    np_conducts_of(&conducts, thread, time_of(0))->stance = 1;
    assert_non_null(np_conducts_find(&conducts, thread, time_of(1)));
    struct np_insight other = {.thread = NP_THREAD_NONE};
    for (int i = 1; i < OTHERS && other.thread != thread; i++)
        other = call_of(&scene, i);
    assert_int_equal(other.thread, thread);
    assert_null(np_conducts_find(&conducts, thread, time_of(1)));
    assert_int_equal(np_conducts_of(&conducts, thread, time_of(1))->stance, 0);
    np_conducts_done(&conducts);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_distinct_things_and_drops_the_oldest),
        cmocka_unit_test(leaves_nothing_to_an_actor_that_gets_the_number_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
