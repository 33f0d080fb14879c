/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes one row, what is told apart in it, and that memory stays bounded and nothing is lost in silence. */
#include "unit/sink/fixture.h"

#include "sink/rollup.h"

#define ANN "arn:aws:iam::111122223333:user/ann"
#define BOB "arn:aws:iam::111122223333:user/bob"

static void add(struct np_rollup *rollup, struct np_finding finding)
{
    assert_int_equal(np_rollup_add(rollup, &finding), 0);
}

static void folds_equal_rule_principal_and_outcome(void **state)
{
    (void) state;
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    add(&rollup, finding_by(&rule_login, ANN, "ok", 30));
    add(&rollup, finding_by(&rule_login, ANN, "ok", 10));
    add(&rollup, finding_by(&rule_login, ANN, "ok", 20));
    add(&rollup, finding_by(&rule_login, ANN, "AccessDenied", 5));
    add(&rollup, finding_by(&rule_login, BOB, "ok", 5));
    add(&rollup, finding_by(&rule_trail, ANN, "ok", 59));
    np_rollup_sort(&rollup);
    assert_int_equal(rollup.rows.len, 4);
    assert_int_equal(rollup.added, 6);
    const struct np_rollup_row *rows = rollup.rows.items;
    assert_ptr_equal(rows[0].rule, &rule_trail); /* the worst first, though it came last */
    assert_span_equal(rows[1].outcome, "AccessDenied");
    assert_span_equal(rows[2].principal, BOB);
    assert_int_equal(rows[3].count, 3);
    assert_int_equal(rows[3].first, np_time_of_utc(2023, 7, 10, 11, 45, 10));
    assert_int_equal(rows[3].last, np_time_of_utc(2023, 7, 10, 11, 45, 30));
    np_rollup_done(&rollup);
}

static void keeps_copies_of_its_own(void **state)
{
    (void) state;
    char principal[] = ANN;
    char target[] = "bucket";
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    struct np_finding finding = finding_by(&rule_login, principal, "ok", 1);
    add_target_text(&finding, target);
    add(&rollup, finding);
    memset(principal, 'x', sizeof(principal) - 1);
    memset(target, 'x', sizeof(target) - 1);
    assert_span_equal(rollup.rows.items[0].principal, ANN);
    assert_span_equal(rollup.rows.items[0].targets[0], "bucket");
    np_rollup_done(&rollup);
}

static void counts_distinct_targets_up_to_a_bound(void **state)
{
    (void) state;
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 1100; i++) {
            char name[32];
            (void) snprintf(name, sizeof(name), "bucket-%d", i);
            struct np_finding finding = finding_by(&rule_login, ANN, "ok", 1);
            add_target_text(&finding, name);
            add_target_text(&finding, name);
            add(&rollup, finding);
            const struct np_rollup_row *row = &rollup.rows.items[0];
            if (round == 0 && i < 1000) {
                assert_int_equal(row->target_count, i + 1);
                assert_false(row->more_targets);
            }
        }
    }
    const struct np_rollup_row *row = &rollup.rows.items[0];
    assert_int_equal(row->target_count, NP_ROLLUP_TARGETS_MAX);
    assert_true(row->more_targets);
    assert_int_equal(row->targets_kept, 3);
    assert_span_equal(row->targets[2], "bucket-2");
    np_rollup_done(&rollup);
}

static void tells_when_accounts_and_regions_differ(void **state)
{
    (void) state;
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    add(&rollup, finding_by(&rule_login, ANN, "ok", 1));
    add(&rollup, finding_by(&rule_login, BOB, "ok", 1));
    assert_false(rollup.many_accounts);
    assert_false(rollup.many_regions);
    struct np_finding elsewhere = finding_by(&rule_login, ANN, "ok", 2);
    elsewhere.account = NP_SPAN("999900001111");
    elsewhere.event.region = NP_SPAN("eu-west-1");
    add(&rollup, elsewhere);
    assert_true(rollup.many_accounts);
    assert_true(rollup.many_regions);
    assert_true(rollup.rows.items[0].many_accounts);
    assert_true(rollup.rows.items[0].many_regions);
    assert_false(rollup.rows.items[1].many_accounts);
    np_rollup_done(&rollup);
}

static void puts_what_has_no_time_last(void **state)
{
    (void) state;
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    struct np_finding timeless = finding_by(&rule_login, ANN, "ok", 1);
    timeless.time = NP_TIME_NONE;
    add(&rollup, timeless);
    add(&rollup, finding_by(&rule_login, BOB, "ok", 1));
    np_rollup_sort(&rollup);
    assert_span_equal(rollup.rows.items[0].principal, BOB);
    assert_int_equal(rollup.rows.items[1].first, NP_TIME_NONE);
    np_rollup_done(&rollup);
}

static void noise_never_crowds_out_a_worse_level(void **state)
{
    (void) state;
    struct np_rollup rollup;
    np_rollup_init(&rollup);
    for (int i = 0; i < NP_ROLLUP_ROWS_PER_LEVEL_MAX + 5; i++) {
        char name[32];
        (void) snprintf(name, sizeof(name), "user-%d", i);
        add(&rollup, finding_by(&rule_list, name, "ok", 1));
    }
    assert_int_equal(rollup.rows.len, NP_ROLLUP_ROWS_PER_LEVEL_MAX);
    assert_int_equal(rollup.missed, 5);
    add(&rollup, finding_by(&rule_list, "user-1", "ok", 1)); /* its row is there */
    assert_int_equal(rollup.missed, 5);
    add(&rollup, finding_by(&rule_trail, ANN, "ok", 1));
    np_rollup_sort(&rollup);
    assert_ptr_equal(rollup.rows.items[0].rule, &rule_trail);
    np_rollup_done(&rollup);
}

static void bounds_the_texts_of_a_level(void **state)
{
    (void) state;
    enum { LEN = 2000 };
    struct np_rollup rollup;
    char *name = np_alloc(LEN + 1);
    memset(name, 'x', LEN);
    np_rollup_init(&rollup);
    for (int i = 0; i < 3000; i++) {
        name[0] = (char) ('a' + i % 26);
        name[1] = (char) ('a' + i / 26 % 26);
        name[2] = (char) ('a' + i / 676);
        struct np_finding finding = finding_by(&rule_list, name, "ok", 1);
        add_target_text(&finding, name);
        add(&rollup, finding);
    }
    assert_true(rollup.texts.used_bytes <= NP_ROLLUP_BYTES_PER_LEVEL_MAX + 64 * 1024);
    assert_true(rollup.missed > 0);
    assert_int_equal(rollup.added, 3000);
    assert_int_equal(rollup.rows.len + rollup.missed, 3000);
    const struct np_rollup_row *last = &rollup.rows.items[rollup.rows.len - 1];
    assert_true(last->more_targets || last->targets_kept == 1); /* a target without room is told */
    np_rollup_done(&rollup);
    np_free(name);
}

static void finds_who_has_most_of_the_worst(void **state)
{
    (void) state;
    static const struct {
        const char *name;
        int count;
    } users[] = {{"ann", 2}, {"bob", 7}, {"cat", 1}, {"dan", 2}, {"eve", 4}};
    struct np_rollup rollup;
    struct np_rollup_tops tops;
    np_rollup_init(&rollup);
    for (size_t i = 0; i < NP_ARRAY_LEN(users); i++)
        for (int n = 0; n < users[i].count; n++)
            add(&rollup, finding_by(&rule_login, users[i].name, n % 2 == 0 ? "ok" : "denied", n));
    for (int n = 0; n < 50; n++)
        add(&rollup, finding_by(&rule_list, "noise", "ok", 1));
    np_rollup_find_tops(&rollup, &tops);
    assert_int_equal(tops.level, NP_LEVEL_HIGH);
    assert_int_equal(tops.count, 3);
    assert_span_equal(tops.tops[0].principal, "bob");
    assert_int_equal(tops.tops[0].findings, 7);
    assert_span_equal(tops.tops[1].principal, "eve");
    assert_span_equal(tops.tops[2].principal, "ann"); /* of equals the first by name */
    assert_int_equal(tops.tops[2].findings, 2);
    np_rollup_done(&rollup);
}

static void is_empty_of_nothing(void **state)
{
    (void) state;
    struct np_rollup rollup;
    struct np_rollup_tops tops;
    np_rollup_init(&rollup);
    np_rollup_sort(&rollup);
    np_rollup_find_tops(&rollup, &tops);
    assert_int_equal(tops.count, 0);
    np_rollup_done(&rollup);
    np_rollup_done(NULL);
}

#ifdef NP_FAULT_INJECTION
static int fill(struct np_rollup *rollup)
{
    for (int i = 0; i < 40; i++) {
        char name[32];
        (void) snprintf(name, sizeof(name), "name-%d", i);
        struct np_finding finding = finding_by(&rule_login, i < 20 ? name : ANN, "ok", 1);
        add_target_text(&finding, name);
        int r = np_rollup_add(rollup, &finding);
        if (r < 0)
            return r;
    }
    return 0;
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_rollup rollup;
        np_rollup_init(&rollup);
        np_alloc_fail_at(n);
        r = fill(&rollup);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_rollup_done(&rollup);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_equal_rule_principal_and_outcome),
        cmocka_unit_test(keeps_copies_of_its_own),
        cmocka_unit_test(counts_distinct_targets_up_to_a_bound),
        cmocka_unit_test(tells_when_accounts_and_regions_differ),
        cmocka_unit_test(puts_what_has_no_time_last),
        cmocka_unit_test(noise_never_crowds_out_a_worse_level),
        cmocka_unit_test(bounds_the_texts_of_a_level),
        cmocka_unit_test(finds_who_has_most_of_the_worst),
        cmocka_unit_test(is_empty_of_nothing),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
