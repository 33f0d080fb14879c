/* SPDX-License-Identifier: Apache-2.0 */
#include "source/scap/state/idmap.h"

#include <stdbool.h>

#include "fixture.h"

enum { IDS = 2000, ROUNDS = 20000 };

/* Ids that are far apart, negative and near each other. */
static int64_t id_of(size_t i)
{
    return i % 3 == 0 ? (int64_t) i * 4096 : i % 3 == 1 ? -(int64_t) i : (int64_t) i;
}

static void finds_what_was_put_and_not_removed(void **unused)
{
    (void) unused;
    static char values[IDS];
    static bool is_in[IDS];
    struct np_idmap map = {};
    size_t count = 0;
    uint32_t random = 1;
    for (size_t round = 0; round < ROUNDS; round++) {
        random = random * 1103515245 + 12345;
        size_t i = (random >> 8) % IDS;
        if (is_in[i]) {
            assert_ptr_equal(np_idmap_remove(&map, id_of(i)), &values[i]);
            count--;
        } else {
            assert_null(np_idmap_remove(&map, id_of(i)));
            assert_int_equal(np_idmap_put(&map, id_of(i), &values[i]), 0);
            count++;
        }
        is_in[i] = !is_in[i];
        assert_int_equal(map.len, count);
    }
    size_t walked = 0;
    for (size_t at = 0; np_idmap_next(&map, &at) != NULL;)
        walked++;
    assert_int_equal(walked, count);
    for (size_t i = 0; i < IDS; i++)
        assert_ptr_equal(np_idmap_get(&map, id_of(i)), is_in[i] ? &values[i] : NULL);
    np_idmap_done(&map);
}

static void replaces_a_value(void **unused)
{
    (void) unused;
    struct np_idmap map = {};
    char a;
    char b;
    assert_int_equal(np_idmap_put(&map, 5, &a), 0);
    assert_int_equal(np_idmap_put(&map, 5, &b), 0);
    assert_int_equal(map.len, 1);
    assert_ptr_equal(np_idmap_get(&map, 5), &b);
    np_idmap_done(&map);
}

static void has_nothing_when_empty(void **unused)
{
    (void) unused;
    struct np_idmap map = {};
    size_t at = 0;
    assert_null(np_idmap_get(&map, 0));
    assert_null(np_idmap_remove(&map, 0));
    assert_null(np_idmap_next(&map, &at));
    np_idmap_done(&map);
    np_idmap_done(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put_and_not_removed),
        cmocka_unit_test(replaces_a_value),
        cmocka_unit_test(has_nothing_when_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
