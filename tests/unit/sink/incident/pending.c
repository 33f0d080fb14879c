/* SPDX-License-Identifier: Apache-2.0 */
/* What an incident holds is not folded, whenever that becomes known, and noise of one level pushes out none of another. */
#include "unit/sink/incident/example.h"

#include <errno.h>

#include "sink/incident/pending.h"

#define ANN "arn:aws:iam::111122223333:user/ann"

struct fixture {
    struct np_rollup rollup;
    struct np_pending pending;
};

static void begin(struct fixture *fixture)
{
    np_rollup_init(&fixture->rollup);
    np_pending_init(&fixture->pending, &fixture->rollup);
}

static void end(struct fixture *fixture)
{
    np_pending_done(&fixture->pending);
    np_rollup_done(&fixture->rollup);
}

static void add(struct fixture *fixture, const struct np_rule_info *rule, uint64_t id)
{
    struct np_finding finding = finding_by(rule, ANN, "ok", (int) (id % 60));
    char target[32];
    finding.id = (struct np_hash128){.low = id, .high = 1};
    (void) snprintf(target, sizeof(target), "target-%d", (int) (id % 5));
    add_target_text(&finding, target);
    assert_int_equal(np_pending_add(&fixture->pending, &finding), 0);
}

static void leaves_out_what_incidents_hold(void **state)
{
    (void) state;
    struct fixture fixture;
    struct np_incident incident = example_incident(); /* holds 0x23 and 0x24 */
    begin(&fixture);
    add(&fixture, &rule_login, 0x22);
    add(&fixture, &rule_login, 0x23);
    assert_int_equal(np_pending_tell(&fixture.pending, &incident), 0);
    add(&fixture, &rule_login, 0x24);
    add(&fixture, &rule_login, 0x25);
    assert_int_equal(fixture.rollup.added, 0);
    assert_int_equal(np_pending_settle(&fixture.pending), 0);
    assert_int_equal(fixture.rollup.added, 2);
    assert_int_equal(fixture.pending.dropped, 2);
    const struct np_rollup_row *row = &fixture.rollup.rows.items[0];
    assert_int_equal(row->count, 2);
    assert_int_equal(row->first, np_time_of_utc(2023, 7, 10, 11, 45, 0x22));
    assert_int_equal(row->last, np_time_of_utc(2023, 7, 10, 11, 45, 0x25));
    assert_int_equal(row->target_count, 2);
    end(&fixture);
}

static void keeps_a_bounded_window_of_each_level(void **state)
{
    (void) state;
    enum { NOISE = 100000 };
    struct fixture fixture;
    struct np_incident incident = example_incident();
    begin(&fixture);
    add(&fixture, &rule_trail, 0x23);
    for (uint64_t i = 0; i < NOISE; i++)
        add(&fixture, &rule_list, 1000 + i);
    assert_true(fixture.rollup.added > 0);
    for (size_t level = 0; level < NP_LEVEL_MAX; level++)
        for (size_t i = 0; i < 2; i++)
            assert_true(fixture.pending.runs[level][i].texts.held_bytes <=
                        NP_PENDING_BYTES_PER_LEVEL_MAX);
    assert_int_equal(np_pending_tell(&fixture.pending, &incident), 0);
    assert_int_equal(np_pending_settle(&fixture.pending), 0);
    assert_int_equal(fixture.rollup.added, NOISE);
    assert_int_equal(fixture.pending.dropped, 1);
    assert_int_equal(fixture.rollup.rows.len, 1);
    end(&fixture);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct fixture fixture;
        struct np_incident incident = example_incident();
        struct np_finding finding = finding_by(&rule_trail, ANN, "ok", 1);
        add_target_text(&finding, "target");
        begin(&fixture);
        np_alloc_fail_at(n);
        r = np_pending_add(&fixture.pending, &finding);
        if (r == 0)
            r = np_pending_tell(&fixture.pending, &incident);
        if (r == 0)
            r = np_pending_settle(&fixture.pending);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        end(&fixture);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_out_what_incidents_hold),
        cmocka_unit_test(keeps_a_bounded_window_of_each_level),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
