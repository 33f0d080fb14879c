/* SPDX-License-Identifier: Apache-2.0 */
/* Acts leave the hold in the order of event time, whatever the order in which they come. */
#include "engine/hold.h"

#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"

enum { LATENESS_S = 900 };

/* What has left, as a line. */
struct log {
    struct np_buf ids;
    int fails_at; /* number of the act at which the run ends; 0 = none */
    int count;
};

static int leave(void *context, const struct np_held *const *acts, size_t count, struct np_err *err)
{
    struct log *log = context;
    for (size_t i = 0; i < count; i++) {
        struct np_act_view view;
        if (++log->count == log->fails_at)
            return np_fail(err, -ENOSPC, "full");
        np_held_view(acts[i], &view);
        (void) np_buf_printf(&log->ids, "%.*s ", NP_SPAN_ARGS(view.texts[NP_ACT_EVENT_ID]));
    }
    return 0;
}

static struct np_hold *open_hold(struct log *log, size_t max_bytes)
{
    struct np_hold *hold = NULL;
    *log = (struct log){};
    np_buf_init(&log->ids, 1 << 24);
    struct np_hold_params params = {.lateness = LATENESS_S * NP_NS_PER_S,
                                    .max_bytes = max_bytes,
                                    .leave = leave,
                                    .context = log};
    assert_int_equal(np_hold_new(&hold, &params), 0);
    return hold;
}

static int take(struct np_hold *hold, const char *id, np_time_ns time)
{
    static const struct np_origin origin = {.object = "o"};
    struct np_act_view view = {.time = time};
    struct np_held_parts parts = {.view = &view, .origin = &origin};
    np_auto_buf struct np_buf buf;
    view.texts[NP_ACT_EVENT_ID] = np_span_of(id);
    np_buf_init(&buf, 1 << 16);
    int r = np_held_pack(&buf, &parts);
    return r < 0 ? r : np_hold_take(hold, (const struct np_held *) (const void *) buf.data, NULL);
}

static np_time_ns at(int second)
{
    return np_time_of_utc(2024, 5, 1, 10, 0, 0) + second * NP_NS_PER_S;
}

static void lets_acts_leave_by_time_then_id(void **state)
{
    (void) state;
    struct log log;
    struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
    assert_int_equal(take(hold, "d", at(5)), 0);
    assert_int_equal(take(hold, "c", at(5)), 0);
    assert_int_equal(take(hold, "b", at(5) + 1), 0);
    assert_int_equal(take(hold, "a", at(9)), 0);
    assert_int_equal(take(hold, "e", at(1)), 0);
    assert_int_equal(log.count, 0);
    assert_int_equal(np_hold_finish(hold, NULL), 0);
    assert_string_equal(np_buf_cstr(&log.ids), "e c d b a ");
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

static void lets_only_what_the_watermark_has_passed_leave(void **state)
{
    (void) state;
    struct log log;
    struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
    assert_int_equal(take(hold, "a", at(0)), 0);
    assert_int_equal(take(hold, "b", at(LATENESS_S)), 0);
    assert_int_equal(log.count, 0);
    assert_int_equal(take(hold, "c", at(LATENESS_S + 40)), 0); /* not at once, but soon */
    assert_string_equal(np_buf_cstr(&log.ids), "a ");
    assert_int_equal(take(hold, "late", at(0)), 0);
    assert_string_equal(np_buf_cstr(&log.ids), "a late ");
    assert_int_equal(take(hold, "none", NP_TIME_NONE), 0);
    assert_string_equal(np_buf_cstr(&log.ids), "a late none ");
    assert_int_equal(np_hold_missed(hold), 0);
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

static void survives_times_far_apart(void **state)
{
    (void) state;
    struct log log;
    struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
    assert_int_equal(take(hold, "first", INT64_MIN + 1), 0);
    assert_int_equal(take(hold, "old", -1), 0);
    assert_int_equal(take(hold, "last", INT64_MAX), 0);
    assert_int_equal(take(hold, "last2", INT64_MAX - NP_NS_PER_S), 0);
    assert_int_equal(np_hold_finish(hold, NULL), 0);
    assert_string_equal(np_buf_cstr(&log.ids), "first old last2 last ");
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Property: any order within the lateness gives the same. */
static void order_within_the_lateness_changes_nothing(void **state)
{
    (void) state;
    enum { ACTS = 3000, SPAN_S = 4000 };
    static struct {
        char id[16];
        np_time_ns time;
        np_time_ns arrival;
    } acts[ACTS];
    char *want = NULL;
    for (uint32_t round = 0; round < 5; round++) {
        uint32_t seed = 7;
        uint32_t shuffle = round;
        struct log log;
        for (uint32_t i = 0; i < ACTS; i++) {
            (void) snprintf(acts[i].id, sizeof(acts[i].id), "%08x", next_random(&seed));
            acts[i].time = at((int) (next_random(&seed) % SPAN_S));
            acts[i].arrival =
                acts[i].time + (np_time_ns) (next_random(&shuffle) % LATENESS_S) * NP_NS_PER_S;
        }
        struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
        for (np_time_ns now = at(0); now < at(SPAN_S + LATENESS_S); now += NP_NS_PER_S)
            for (size_t i = 0; i < ACTS; i++)
                if (acts[i].arrival == now)
                    assert_int_equal(take(hold, acts[i].id, acts[i].time), 0);
        assert_int_equal(np_hold_finish(hold, NULL), 0);
        assert_int_equal(log.count, ACTS);
        if (want != NULL)
            assert_string_equal(np_buf_cstr(&log.ids), want);
        else
            want = np_strndup(log.ids.data, log.ids.len);
        np_hold_free(&hold);
        np_buf_done(&log.ids);
    }
    np_free(want);
}

/* Where memory is out the oldest leave early; only what comes for a second that has left is counted. */
static void lets_the_oldest_leave_when_full(void **state)
{
    (void) state;
    enum { ACTS = 20000 };
    struct log log;
    struct np_hold *hold = open_hold(&log, 0); /* one block at least */
    for (int i = 0; i < ACTS; i++) {
        char id[16];
        (void) snprintf(id, sizeof(id), "%08d", i);
        assert_int_equal(take(hold, id, at(i * 800 / ACTS)), 0);
    }
    assert_true(log.count > 0 && log.count < ACTS);
    assert_int_equal(np_hold_missed(hold), 0);
    assert_int_equal(take(hold, "missed", at(0)), 0);
    assert_int_equal(np_hold_missed(hold), 1);
    assert_int_equal(np_hold_finish(hold, NULL), 0);
    assert_int_equal(log.count, ACTS + 1);
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

/* What waits is packed where half of the memory is used, so more is held than there is memory for. */
static void packs_what_waits_where_memory_is_short(void **state)
{
    (void) state;
    enum { ACTS = 100000, MAX_BYTES = 8 * 1024 * 1024 };
    struct log log;
    struct np_hold *hold = open_hold(&log, MAX_BYTES);
    uint32_t seed = 3;
    for (int i = 0; i < ACTS; i++) {
        char id[16];
        (void) snprintf(id, sizeof(id), "%08d", i);
        assert_int_equal(take(hold, id, at((int) (next_random(&seed) % 100))), 0);
    }
    assert_int_equal(log.count, 0);
    assert_true(sizeof(struct np_held) * ACTS > MAX_BYTES);
    assert_int_equal(np_hold_finish(hold, NULL), 0);
    assert_int_equal(log.count, ACTS);
    assert_int_equal(np_hold_missed(hold), 0);
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

static void ends_with_the_error_of_whoever_takes(void **state)
{
    (void) state;
    struct log log;
    struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
    log.fails_at = 2;
    assert_int_equal(take(hold, "a", at(0)), 0);
    assert_int_equal(take(hold, "b", at(0)), 0);
    assert_int_equal(take(hold, "c", at(0)), 0);
    assert_int_equal(np_hold_finish(hold, NULL), -ENOSPC);
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}

#ifdef NP_FAULT_INJECTION
static void allocates_nothing_in_the_steady_state(void **state)
{
    (void) state;
    struct log log;
    struct np_hold *hold = open_hold(&log, NP_HOLD_MAX_BYTES);
    static const struct np_origin origin = {.object = "o"};
    struct np_act_view view = {.texts = {[NP_ACT_EVENT_ID] = NP_SPAN("e")}};
    struct np_held_parts parts = {.view = &view, .origin = &origin};
    np_auto_buf struct np_buf buf;
    np_buf_init(&buf, 1 << 16);
    assert_int_equal(np_buf_reserve(&log.ids, 1 << 20), 0);
    size_t before = 0;
    for (int second = 0; second < 6 * LATENESS_S; second++) {
        np_buf_reset(&buf);
        view.time = at(second);
        assert_int_equal(np_held_pack(&buf, &parts), 0);
        for (int i = 0; i < 4; i++)
            assert_int_equal(
                np_hold_take(hold, (const struct np_held *) (const void *) buf.data, NULL), 0);
        before = second == 3 * LATENESS_S ? np_alloc_count() : before;
    }
    assert_int_equal(np_alloc_count(), before);
    np_hold_free(&hold);
    np_buf_done(&log.ids);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_acts_leave_by_time_then_id),
        cmocka_unit_test(lets_only_what_the_watermark_has_passed_leave),
        cmocka_unit_test(survives_times_far_apart),
        cmocka_unit_test(order_within_the_lateness_changes_nothing),
        cmocka_unit_test(lets_the_oldest_leave_when_full),
        cmocka_unit_test(packs_what_waits_where_memory_is_short),
        cmocka_unit_test(ends_with_the_error_of_whoever_takes),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(allocates_nothing_in_the_steady_state),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
