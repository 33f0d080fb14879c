/* SPDX-License-Identifier: Apache-2.0 */
/* From addresses to places. */
#include "support/unit.h"

#include "actor/place.h"

static void groups_addresses_and_names_services(void **state)
{
    static const struct {
        const char *address;
        const char *place;
        bool inside;
        bool private;
    } cases[] = {
        {"198.51.100.77", "198.51.100.0/24", false, false},
        {"10.1.2.3", "10.1.2.0/24", false, true},
        {"172.31.0.9", "172.31.0.0/24", false, true},
        {"172.32.0.9", "172.32.0.0/24", false, false},
        {"2001:db8:12:3456::1", "2001:db8:12::/48", false, false},
        {"fd00:1:2:3::1", "fd00:1:2::/48", false, true},
        {"::ffff:198.51.100.77", "198.51.100.0/24", false, false},
        {"cloudformation.amazonaws.com", "cloudformation.amazonaws.com", true, false},
        {"AWS Internal", "AWS Internal", true, false},
        {"198.51.100.0/24", "198.51.100.0/24", true, false}, /* no address */
    };
    (void) state;
    struct np_names *names = NULL;
    struct np_places *places = NULL;
    assert_int_equal(np_names_new(&names, 1 << 20), 0);
    assert_int_equal(np_places_new(&places, names), 0);
    for (int round = 0; round < 2; round++) /* the second from the cache */
        for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
            uint16_t len = (uint16_t) strlen(cases[i].address);
            np_name address;
            (void) np_names_pass_run(names, cases[i].address, &len, 1, &address);
            struct np_whereabouts place = np_places_of(places, address);
            assert_span_equal(np_names_text(names, place.name), cases[i].place);
            assert_int_equal(place.is_inside_aws, cases[i].inside);
            assert_int_equal(place.is_private, cases[i].private);
            assert_true(place.hash == np_names_hash(names, place.name));
        }
    assert_int_equal(np_places_of(places, NP_NAME_NONE).name, NP_NAME_NONE);
    np_places_free(&places);
    np_places_free(&places);
    np_names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_addresses_and_names_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
