/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan takes and refuses; that it finds what it took however many paths it has. */
#include "support.h"

#include <errno.h>

/* Reads {"key":N} or a deeper record by `plan` and gives what slot `slot` holds. */
static int64_t read_int(const struct np_json_plan *plan, const char *text, uint32_t slot)
{
    struct np_span record = record_make(text, '"');
    struct np_json_reader *reader = NULL;
    assert_int_equal(np_json_reader_new(&reader), 0);
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
    int64_t got = room.values[slot].kind == NP_VALUE_INT ? room.values[slot].integer : -1;
    np_json_reader_free(&reader);
    record_free(&record);
    return got;
}

static void refuses_empty_parts(void **state)
{
    (void) state;
    static const char *const paths[] = {"", ".", "a.", ".a", "a..b", ".."};
    struct np_json_plan *plan = plan_of("");
    for (size_t i = 0; i < NP_ARRAY_LEN(paths); i++)
        assert_int_equal(np_json_plan_add(plan, np_span_of(paths[i]), 0, NP_JSON_PATH_ANY),
                         -EINVAL);
    assert_int_equal(np_json_plan_add(plan, (struct np_span){0}, 0, NP_JSON_PATH_ANY), -EINVAL);
    assert_int_equal(read_int(plan, "{'':1,'a':2}", 0), -1);
    np_json_plan_free(&plan);
    np_json_plan_free(&plan);
    assert_null(plan);
}

static void refuses_paths_beyond_its_limits(void **state)
{
    (void) state;
    struct np_json_plan *plan = plan_of("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p");
    assert_int_equal(read_int(plan, "{'a.b':{'c.d.e.f.g':{'h':{'i.j.k.l.m.n.o':{'p':1}}}}}", 0), 1);
    assert_int_equal(
        np_json_plan_add(plan, NP_SPAN("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"), 0, NP_JSON_PATH_ANY),
        -E2BIG);
    char *path = np_alloc(NP_JSON_MAX_PATH_BYTES + 1);
    assert_non_null(path);
    memset(path, 'x', NP_JSON_MAX_PATH_BYTES + 1);
    assert_int_equal(
        np_json_plan_add(plan, np_span_make(path, NP_JSON_MAX_PATH_BYTES), 1, NP_JSON_PATH_ANY), 0);
    assert_int_equal(
        np_json_plan_add(plan, np_span_make(path, NP_JSON_MAX_PATH_BYTES + 1), 1, NP_JSON_PATH_ANY),
        -E2BIG);
    np_free(path);
    np_json_plan_free(&plan);
}

static void is_full_at_its_limit(void **state)
{
    (void) state;
    struct np_json_plan *plan = plan_of("first");
    int r = 0;
    size_t added = 0;
    for (; r == 0; added++) {
        char path[64];
        (void) snprintf(path, sizeof(path), "p%zu.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", added);
        r = np_json_plan_add(plan, np_span_of(path), 1, NP_JSON_PATH_ANY);
    }
    assert_int_equal(r, -E2BIG);
    assert_true(added > 4000);
    assert_int_equal(read_int(plan, "{'first':1,'p7.b':{'c.d.e.f.g.h.i.j.k.l.m.n.o':{'p':2}}}", 0),
                     1);
    assert_int_equal(read_int(plan, "{'first':1,'p7.b':{'c.d.e.f.g.h.i.j.k.l.m.n.o':{'p':2}}}", 1),
                     2);
    np_json_plan_free(&plan);
}

static void finds_each_of_many_keys(void **state)
{
    (void) state;
    enum { KEYS = 3000 };
    struct np_json_plan *plan = plan_of("");
    char text[64];
    for (size_t i = 0; i < KEYS; i++) {
        (void) snprintf(text, sizeof(text), "%.*skey%zu.x", (int) (i % 20), "abcdefghijklmnopqrst",
                        i);
        assert_int_equal(np_json_plan_add(plan, np_span_of(text), i % TEST_SLOTS, NP_JSON_PATH_ANY),
                         0);
        memset(text, 'z', sizeof(text)); /* the plan has its own copy */
    }
    for (size_t i = 0; i < KEYS; i += 7) {
        int cut = (int) (i % 20);
        (void) snprintf(text, sizeof(text), "{'%.*skey%zu':{'x':%zu}}", cut, "abcdefghijklmnopqrst",
                        i, i);
        assert_int_equal(read_int(plan, text, i % TEST_SLOTS), i);
        (void) snprintf(text, sizeof(text), "{'%.*skey%zu.x':%zu}", cut, "abcdefghijklmnopqrst", i,
                        i);
        assert_int_equal(read_int(plan, text, i % TEST_SLOTS), i);
        (void) snprintf(text, sizeof(text), "{'%.*skey%zu.':1}", cut, "abcdefghijklmnopqrst", i);
        assert_int_equal(read_int(plan, text, i % TEST_SLOTS), -1);
    }
    np_json_plan_free(&plan);
}

static int build(struct np_json_plan **out_plan)
{
    static const char *const paths[] = {"a", "a.b", "a.b.c.d", "e", "f", "g", "h", "i.j", "i.k"};
    int r = np_json_plan_new(out_plan);
    for (size_t i = 0; r == 0 && i < NP_ARRAY_LEN(paths); i++)
        r = np_json_plan_add(*out_plan, np_span_of(paths[i]), (uint32_t) i,
                             i % 2 == 0 ? NP_JSON_PATH_ANY : NP_JSON_PATH_JOINED_FIRST);
    return r;
}

static void survives_each_failed_allocation(void **state)
{
    (void) state;
    struct np_json_plan *plan = NULL;
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        np_alloc_fail_at(n);
        r = build(&plan);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (r != 0) {
            if (plan != NULL)
                assert_int_equal(read_int(plan, "{'x':1}", 0), -1);
            np_json_plan_free(&plan);
        }
    }
    assert_int_equal(read_int(plan, "{'a.b':{'c':{'d':7}}}", 2), 7);
    np_json_plan_free(&plan);
}

static void may_be_added_to_after_a_failed_allocation(void **state)
{
    (void) state;
    for (long n = 0; n < 12; n++) {
        struct np_json_plan *plan = plan_of("a.x");
        np_alloc_fail_at(n);
        int r = np_json_plan_add(plan, NP_SPAN("a.b.c.d"), 1, NP_JSON_PATH_ANY);
        np_alloc_fail_at(-1);
        if (r != 0)
            assert_int_equal(np_json_plan_add(plan, NP_SPAN("a.b.c.d"), 1, NP_JSON_PATH_ANY), 0);
        assert_int_equal(read_int(plan, "{'a':{'x':1,'b':{'c':{'d':2}}}}", 0), 1);
        assert_int_equal(read_int(plan, "{'a':{'b':{'c':{'d':2}}}}", 1), 2);
        assert_int_equal(read_int(plan, "{'a.b':{'c.d':2}}", 1), 2);
        assert_int_equal(read_int(plan, "{'a':{'b.c.d':2}}", 1), 2);
        assert_int_equal(read_int(plan, "{'a.b.c':{'d':2}}", 1), 2);
        np_json_plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_empty_parts),
        cmocka_unit_test(refuses_paths_beyond_its_limits),
        cmocka_unit_test(is_full_at_its_limit),
        cmocka_unit_test(finds_each_of_many_keys),
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(may_be_added_to_after_a_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
