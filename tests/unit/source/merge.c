/* SPDX-License-Identifier: Apache-2.0 */
/* The heap, and how long a run may be. */
#include "fixture.h"

#include "source/merge.h"

static void gives_the_oldest_first(void **state)
{
    enum { COUNT = 200 };
    (void) state;
    static struct np_reader readers[COUNT];
    struct np_merge merge = {};
    uint64_t random = 1;
    assert_null(np_merge_pop(&merge));
    assert_int_equal(np_merge_key(&merge), NP_MERGE_LAST);
    for (uint32_t i = 0; i < COUNT; i++) {
        random = random * 6364136223846793005 + 1442695040888963407;
        readers[i].key = (np_time_ns) (random >> 58); /* many are equal */
        readers[i].number = COUNT - i;
        assert_int_equal(np_merge_push(&merge, &readers[i]), 0);
    }
    const struct np_reader *last = NULL;
    for (size_t i = 0; i < COUNT; i++) {
        np_time_ns key = np_merge_key(&merge);
        const struct np_reader *next = np_merge_pop(&merge);
        assert_non_null(next);
        assert_int_equal(next->key, key);
        assert_true(last == NULL || last->key < next->key ||
                    (last->key == next->key && last->number < next->number));
        last = next;
    }
    assert_null(np_merge_pop(&merge));
    np_vec_done(&merge.heap);
}

/* A reader that holds records of these minutes ahead; negative: a record without a time. */
static void hold(struct np_reader *reader, const int *minutes, size_t count)
{
    np_batch_init(&reader->ahead);
    assert_int_equal(np_batch_begin(&reader->ahead, "f", 9, SIZE_MAX), 0);
    assert_int_equal(np_batch_reserve(&reader->ahead, count * 100), 0);
    for (size_t i = 0; i < count; i++) {
        char *at = reader->ahead.data + reader->ahead.len;
        int len = minutes[i] < 0 ? snprintf(at, 100, "{\"n\":%zu}", i)
                                 : snprintf(at, 100,
                                            "{\"n\":%zu,\"eventName\":\"x\",\"eventSource\":\"y\","
                                            "\"eventTime\":\"2024-01-01T%02d:%02d:00Z\"}",
                                            i, minutes[i] / 60, minutes[i] % 60);
        struct np_batch_piece piece = {.start = (uint32_t) reader->ahead.len,
                                       .len = (uint32_t) len,
                                       .offset = reader->ahead.len};
        assert_int_equal(np_vec_push(&reader->ahead.pieces, piece, SIZE_MAX), 0);
        reader->ahead.len += (size_t) len;
    }
}

static np_time_ns minute(int minutes)
{
    return np_time_of_utc(2024, 1, 1, 0, 0, 0) + minutes * NP_NS_PER_MIN;
}

static void runs_up_to_the_next_one(void **state)
{
    static const struct {
        int minutes[6];
        np_time_ns limit; /* in minutes */
        size_t want;
    } cases[] = {
        {{10, 11, 12, 13, 14, 15}, 11, 4}, /* the grain lets it go on to 13 */
        {{10, 11, 20, 13, 14, 15}, 11, 2}, /* one that is too new ends it */
        {{10, 50, 51, 52, 53, 54}, 10, 1}, /* one at least */
        {{50, 51, 52, 53, 54, 55}, 10, 1},
        {{10, -1, -1, 13, 14, 15}, 11, 4}, /* without a time: with the one before */
        {{10, 11, 12, 13, 14, 15}, 30, 6}, /* nothing else is near */
        {{10, 11, 40, 13, 14, 15},
         30,
         6}, /* not looked at: CloudTrail is not so far out of order */
        {{10, 11, 40, 13, 14, 16}, 30, 2},
    };
    (void) state;
    struct plan plan = make_plan(NULL);
    struct np_clock clock;
    assert_int_equal(np_clock_init(&clock, plan.plan), 0);
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_reader reader = {.key = minute(cases[i].minutes[0])};
        hold(&reader, cases[i].minutes, NP_ARRAY_LEN(cases[i].minutes));
        assert_int_equal(np_merge_run(&clock, &reader, minute((int) cases[i].limit)),
                         cases[i].want);
        assert_int_equal(np_merge_run(&clock, &reader, NP_MERGE_LAST), 6);
        assert_int_equal(np_merge_run(&clock, &reader, NP_MERGE_FIRST),
                         cases[i].minutes[1] < 0 ? 3 : 1);
        reader.key = NP_MERGE_FIRST;
        assert_int_equal(np_merge_run(&clock, &reader, minute(0)), 6);
        np_batch_done(&reader.ahead);
    }
    np_clock_done(&clock);
    free_plan(&plan);
}

static void takes_pieces_with_their_offsets(void **state)
{
    static const int minutes[] = {-1, -1, -1, -1};
    (void) state;
    struct np_reader reader = {};
    struct np_batch batch;
    struct np_buf got;
    np_batch_init(&batch);
    np_buf_init(&got, SIZE_MAX);
    hold(&reader, minutes, NP_ARRAY_LEN(minutes));
    assert_int_equal(np_merge_take(&reader, 1, &batch), 0);
    add_batch(&got, &batch);
    assert_int_equal(np_merge_take(&reader, 2, &batch), 0);
    assert_int_equal(batch.arrival, 9);
    add_batch(&got, &batch);
    assert_int_equal(reader.next_piece, 3);
    assert_string_equal(np_buf_cstr(&got), "f:0 {\"n\":0}\nf:7 {\"n\":1}\nf:14 {\"n\":2}\n");
    np_batch_done(&batch);
    np_batch_done(&reader.ahead);
    np_buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_oldest_first),
        cmocka_unit_test(runs_up_to_the_next_one),
        cmocka_unit_test(takes_pieces_with_their_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
