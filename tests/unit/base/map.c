/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to numbers, against a plain array that holds the same. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/map.h"

#include "base/alloc.h"

static struct np_span numbered(char *text, size_t room, unsigned number)
{
    int len = snprintf(text, room, "key-%u", number);
    return np_span_make(text, (size_t) len);
}

static void holds_every_key_through_growth(void **state)
{
    (void) state;
    struct np_map map;
    char text[32];
    np_map_init(&map, 10000);
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(np_map_put(&map, numbered(text, sizeof(text), i), i * 3), 0);
    assert_int_equal(map.len, 10000);
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(np_map_get(&map, numbered(text, sizeof(text), i)), i * 3);
    for (unsigned i = 10000; i < 11000; i++)
        assert_int_equal(np_map_get(&map, numbered(text, sizeof(text), i)), NP_MAP_NONE);
    np_map_done(&map);
}

static void knows_nothing_while_empty(void **state)
{
    (void) state;
    struct np_map map;
    np_map_init(&map, 10);
    assert_int_equal(np_map_get(&map, NP_SPAN("a")), NP_MAP_NONE);
    assert_int_equal(np_map_key(&map, NP_SPAN("a")).len, 0);
    np_map_done(&map);
}

static void tells_keys_apart_that_share_a_beginning(void **state)
{
    (void) state;
    struct np_map map;
    np_map_init(&map, 10);
    assert_int_equal(np_map_put(&map, (struct np_span){}, 1), 0);
    assert_int_equal(np_map_put(&map, np_span_make("\0", 1), 2), 0);
    assert_int_equal(np_map_put(&map, NP_SPAN("a"), 3), 0);
    assert_int_equal(np_map_put(&map, np_span_make("a\0", 2), 4), 0);
    assert_int_equal(np_map_get(&map, (struct np_span){}), 1);
    assert_int_equal(np_map_get(&map, np_span_make("\0", 1)), 2);
    assert_int_equal(np_map_get(&map, NP_SPAN("a")), 3);
    assert_int_equal(np_map_get(&map, np_span_make("a\0", 2)), 4);
    np_map_done(&map);
}

static void replaces_a_value_without_a_new_key(void **state)
{
    (void) state;
    struct np_map map;
    np_map_init(&map, 1);
    assert_int_equal(np_map_put(&map, NP_SPAN("a"), 1), 0);
    assert_int_equal(np_map_put(&map, NP_SPAN("a"), 2), 0);
    assert_int_equal(np_map_get(&map, NP_SPAN("a")), 2);
    assert_int_equal(map.len, 1);
    np_map_done(&map);
}

static void keeps_its_own_copy_of_a_key(void **state)
{
    (void) state;
    struct np_map map;
    char text[] = "name";
    np_map_init(&map, 100);
    assert_int_equal(np_map_put(&map, np_span_of(text), 5), 0);
    struct np_span kept = np_map_key(&map, NP_SPAN("name"));
    text[0] = '-';
    for (unsigned i = 0; i < 90; i++) { /* growth does not move it */
        char other[32];
        assert_int_equal(np_map_put(&map, numbered(other, sizeof(other), i), i), 0);
    }
    assert_span_equal(kept, "name");
    assert_ptr_equal(np_map_key(&map, NP_SPAN("name")).ptr, kept.ptr);
    np_map_done(&map);
}

static void refuses_more_keys_than_its_maximum(void **state)
{
    (void) state;
    struct np_map map;
    np_map_init(&map, 2);
    assert_int_equal(np_map_put(&map, NP_SPAN("a"), 1), 0);
    assert_int_equal(np_map_put(&map, NP_SPAN("b"), 2), 0);
    assert_int_equal(np_map_put(&map, NP_SPAN("c"), 3), -E2BIG);
    assert_int_equal(np_map_get(&map, NP_SPAN("c")), NP_MAP_NONE);
    assert_int_equal(np_map_put(&map, NP_SPAN("a"), 4), 0); /* a known key still changes */
    np_map_done(&map);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct np_map map;
    char text[32];
    np_map_init(&map, 100);
    for (unsigned i = 0; i < 100; i++) {
        struct np_span key = numbered(text, sizeof(text), i);
        int r = -ENOMEM;
        for (long n = 0; r == -ENOMEM; n++) {
            np_alloc_fail_at(n);
            r = np_map_put(&map, key, i);
            np_alloc_fail_at(-1);
            assert_int_equal(np_map_get(&map, key), r == 0 ? i : NP_MAP_NONE);
        }
        assert_int_equal(r, 0);
    }
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(np_map_get(&map, numbered(text, sizeof(text), i)), i);
    np_map_done(&map);
    np_map_done(&map);
    np_map_done(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_every_key_through_growth),
        cmocka_unit_test(knows_nothing_while_empty),
        cmocka_unit_test(tells_keys_apart_that_share_a_beginning),
        cmocka_unit_test(replaces_a_value_without_a_new_key),
        cmocka_unit_test(keeps_its_own_copy_of_a_key),
        cmocka_unit_test(refuses_more_keys_than_its_maximum),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
