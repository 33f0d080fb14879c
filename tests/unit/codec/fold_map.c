/* SPDX-License-Identifier: Apache-2.0 */
/* The table that is asked with texts in any case. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "codec/fold_map.h"

enum { MANY = 5000 };

static void numbers_new_keys_in_order(void **state)
{
    (void) state;
    struct np_fold_map map = {};
    static const char *const keys[] = {"createuser", "", "deleteuser", "createuser", ""};
    static const uint32_t numbers[] = {0, 1, 2, 0, 1};
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++) {
        uint32_t number = 99;
        assert_int_equal(np_fold_map_add(&map, np_span_of(keys[i]), &number), 0);
        assert_int_equal(number, numbers[i]);
    }
    assert_int_equal(map.len, 3);
    np_fold_map_done(&map);
}

static void finds_texts_in_any_case(void **state)
{
    (void) state;
    struct np_fold_map map = {};
    uint32_t number = 0;
    assert_int_equal(np_fold_map_get(&map, NP_SPAN("x")), NP_FOLD_MAP_NONE);
    assert_int_equal(np_fold_map_add(&map, NP_SPAN("createuser"), &number), 0);
    assert_int_equal(np_fold_map_add(&map, NP_SPAN("привет"), &number), 0);
    assert_int_equal(np_fold_map_get(&map, NP_SPAN("CreateUser")), 0);
    assert_int_equal(np_fold_map_get(&map, NP_SPAN("createuser")), 0);
    assert_int_equal(np_fold_map_get(&map, NP_SPAN("привет")), 1);
    assert_int_equal(np_fold_map_get(&map, NP_SPAN("CreateUse")), NP_FOLD_MAP_NONE);
    assert_int_equal(np_fold_map_get(&map, (struct np_span){}), NP_FOLD_MAP_NONE);
    np_fold_map_done(&map);
}

static void keeps_all_keys_while_it_grows(void **state)
{
    (void) state;
    static char keys[MANY][12];
    struct np_fold_map map = {};
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t number = 0;
        int len = snprintf(keys[i], sizeof(keys[i]), "key%u", i);
        assert_int_equal(np_fold_map_add(&map, np_span_make(keys[i], (size_t) len), &number), 0);
        assert_int_equal(number, i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        char text[sizeof(keys[i])];
        (void) snprintf(text, sizeof(text), "KEY%u", i);
        assert_int_equal(np_fold_map_get(&map, np_span_of(text)), i);
    }
    assert_true(map.cap >= 2 * map.len);
    np_fold_map_done(&map);
}

static void is_unchanged_when_memory_is_out(void **state)
{
    (void) state;
    struct np_fold_map map = {};
    uint32_t number = 77;
    np_alloc_fail_at(0);
    assert_int_equal(np_fold_map_add(&map, NP_SPAN("a"), &number), -ENOMEM);
    assert_int_equal(number, 77);
    assert_int_equal(map.len, 0);
    assert_int_equal(np_fold_map_add(&map, NP_SPAN("a"), &number), 0);
    np_fold_map_done(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_new_keys_in_order),
        cmocka_unit_test(finds_texts_in_any_case),
        cmocka_unit_test(keeps_all_keys_while_it_grows),
        cmocka_unit_test(is_unchanged_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
