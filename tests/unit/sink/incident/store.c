/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that outlive what they were made from, the last revision of each, and which leave first. */
#include "unit/sink/incident/example.h"

#include <errno.h>

#include "sink/incident/line.h"
#include "sink/incident/store.h"

static struct np_incident incident_of(uint64_t id, enum np_level level, double score)
{
    struct np_incident incident = example_incident();
    incident.id = (struct np_hash128){.low = id, .high = id << 32};
    incident.level = level;
    incident.score = score;
    return incident;
}

static void put(struct np_incident_store *store, struct np_incident incident)
{
    assert_int_equal(np_incident_store_put(store, &incident), 0);
}

/* As ndjson, which shows every member. */
static void assert_same(const struct np_incident *a, const struct np_incident *b)
{
    struct np_buf one;
    struct np_buf other;
    np_buf_init(&one, SIZE_MAX);
    np_buf_init(&other, SIZE_MAX);
    np_incident_line(&one, a);
    np_incident_line(&other, b);
    assert_string_equal(np_buf_cstr(&one), np_buf_cstr(&other));
    np_buf_done(&one);
    np_buf_done(&other);
}

static void keeps_copies_of_everything(void **state)
{
    (void) state;
    struct np_incident_store store;
    struct np_incident want = example_incident();
    char title[] = "a title that goes away";
    char id[] = "e-77";
    struct np_span ids[] = {np_span_of(id)};
    struct np_incident incident = want;
    incident.title = np_span_of(title);
    incident.event_ids = ids;
    incident.event_count = 1;
    np_incident_store_init(&store);
    put(&store, incident);
    memset(title, 'x', sizeof(title) - 1);
    memset(id, 'x', sizeof(id) - 1);
    ids[0] = NP_SPAN("gone");
    want.title = NP_SPAN("a title that goes away");
    want.event_ids = &NP_SPAN("e-77");
    want.event_count = 1;
    assert_same(&store.items.items[0].incident, &want);
    np_incident_store_done(&store);
}

static void keeps_the_last_revision_alone(void **state)
{
    (void) state;
    struct np_incident_store store;
    np_incident_store_init(&store);
    for (uint32_t revision = 1; revision <= 100; revision++) {
        struct np_incident incident = example_incident();
        incident.revision = revision;
        put(&store, incident);
    }
    assert_int_equal(store.items.len, 1);
    assert_int_equal(store.items.items[0].incident.revision, 100);
    assert_true(store.held_bytes < 1024 * 1024);
    assert_int_equal(store.missed, 0);
    np_incident_store_done(&store);
}

static void orders_by_level_then_score(void **state)
{
    (void) state;
    struct np_incident_store store;
    np_incident_store_init(&store);
    put(&store, incident_of(1, NP_LEVEL_LOW, 99));
    put(&store, incident_of(2, NP_LEVEL_CRITICAL, 80));
    put(&store, incident_of(3, NP_LEVEL_CRITICAL, 90));
    np_incident_store_sort(&store);
    assert_int_equal(store.items.items[0].incident.id.low, 3);
    assert_int_equal(store.items.items[1].incident.id.low, 2);
    assert_int_equal(store.items.items[2].incident.id.low, 1);
    np_incident_store_done(&store);
}

static void lets_the_least_leave_where_there_are_too_many(void **state)
{
    (void) state;
    enum { MORE = 5 };
    struct np_incident_store store;
    np_incident_store_init(&store);
    put(&store, incident_of(1000000, NP_LEVEL_CRITICAL, 90));
    for (uint64_t i = 1; i < NP_STORE_INCIDENTS_MAX + MORE; i++) {
        struct np_incident incident = {
            .id = {.low = i, .high = i}, .level = NP_LEVEL_MEDIUM, .score = (double) i / 100};
        put(&store, incident);
    }
    np_incident_store_sort(&store);
    assert_true(store.items.len <= NP_STORE_INCIDENTS_MAX);
    assert_true(store.missed >= MORE);
    assert_int_equal(store.items.len + store.missed, NP_STORE_INCIDENTS_MAX + MORE);
    assert_int_equal(store.items.items[0].incident.id.low, 1000000);
    np_incident_store_done(&store);
}

static void finds_an_incident_by_the_beginning_of_its_id(void **state)
{
    (void) state;
    struct np_incident_store store;
    size_t count = 0;
    np_incident_store_init(&store);
    put(&store, (struct np_incident){.id = {.low = 1, .high = 0xabcdef0123456789}});
    put(&store, (struct np_incident){.id = {.low = 2, .high = 0xabcdef0123456789}});
    put(&store, (struct np_incident){.id = {.low = 3, .high = 0x1200000000000000}});
    assert_int_equal(np_incident_store_find(&store, NP_SPAN("12"), &count)->id.low, 3);
    assert_null(np_incident_store_find(&store, NP_SPAN("ABCDEF01"), &count));
    assert_int_equal(count, 2);
    assert_null(np_incident_store_find(&store, NP_SPAN("ff"), &count));
    assert_int_equal(count, 0);
    assert_null(np_incident_store_find(&store, NP_SPAN(""), &count));
    const struct np_incident *second =
        np_incident_store_find(&store, NP_SPAN("abcdef01234567890000000000000002"), &count);
    assert_int_equal(second->id.low, 2);
    assert_null(
        np_incident_store_find(&store, NP_SPAN("12000000000000000000000000000003x"), &count));
    np_incident_store_done(&store);
}

static void what_is_part_of_another_comes_last(void **state)
{
    (void) state;
    struct np_incident_store store;
    np_incident_store_init(&store);
    put(&store, (struct np_incident){
                    .id = {.low = 1}, .level = NP_LEVEL_CRITICAL, .merged_into = {.low = 2}});
    put(&store, (struct np_incident){.id = {.low = 2}, .level = NP_LEVEL_MEDIUM});
    np_incident_store_sort(&store);
    assert_int_equal(store.items.items[0].incident.id.low, 2);
    assert_int_equal(store.items.items[1].incident.id.low, 1);
    np_incident_store_done(&store);
}

static void shows_as_many_digits_as_tell_apart(void **state)
{
    (void) state;
    struct np_incident_store store;
    char id[NP_INCIDENT_SHORT_BYTES];
    np_incident_store_init(&store);
    put(&store, (struct np_incident){.id = {.low = 1, .high = 0xabcdef0123456789}});
    put(&store, (struct np_incident){.id = {.low = 2, .high = 0xabcdef0123999999}});
    put(&store, (struct np_incident){.id = {.low = 3, .high = 0x1200000000000000}});
    np_incident_store_short_id(&store, store.items.items[0].incident.id, id);
    assert_string_equal(id, "abcdef01234");
    np_incident_store_short_id(&store, store.items.items[2].incident.id, id);
    assert_string_equal(id, "12000000");
    np_incident_store_done(&store);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_incident_store store;
        struct np_incident incident = example_incident();
        np_incident_store_init(&store);
        np_alloc_fail_at(n);
        r = np_incident_store_put(&store, &incident);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        assert_int_equal(store.items.len, r == 0 ? 1 : 0);
        np_incident_store_done(&store);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_copies_of_everything),
        cmocka_unit_test(keeps_the_last_revision_alone),
        cmocka_unit_test(orders_by_level_then_score),
        cmocka_unit_test(lets_the_least_leave_where_there_are_too_many),
        cmocka_unit_test(finds_an_incident_by_the_beginning_of_its_id),
        cmocka_unit_test(what_is_part_of_another_comes_last),
        cmocka_unit_test(shows_as_many_digits_as_tell_apart),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
