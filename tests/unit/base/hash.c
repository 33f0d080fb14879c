/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes are part of ids in the output, so they must be the same everywhere and for ever. */
#include "support/unit.h"

#include "base/hash.h"

static void is_xxh3(void **state)
{
    (void) state;
    char text[33];
    /* The published values of XXH3 for no bytes, seed 0. */
    assert_true(np_hash64((struct np_span){}, 0) == UINT64_C(0x2d06800538d394c2));
    np_hash128_format(text, np_hash128((struct np_span){}, 0));
    assert_string_equal(text, "99aa06d3014798d86001c324468d497f");
    np_hash128_format(text, np_hash128(NP_SPAN("nephoscope"), 0));
    assert_string_equal(text, "4bf9c8cfc4ffc6044a2140404f138a99");
    assert_true(np_hash64(NP_SPAN("nephoscope"), 7) == UINT64_C(0x9ef2a9b56f0f8080));
}

static void varies_with_seed_and_bytes(void **state)
{
    (void) state;
    struct np_span a = NP_SPAN("a");
    struct np_span b = NP_SPAN("b");
    assert_true(np_hash64(a, 0) != np_hash64(a, 1));
    assert_true(np_hash64(a, 0) != np_hash64(b, 0));
    assert_true(np_hash128(a, 0).low != np_hash128(a, 1).low);
    assert_true(np_hash128(a, 0).high != np_hash128(b, 0).high);
}

static void writes_leading_zeros(void **state)
{
    (void) state;
    char text[33];
    np_hash128_format(text, (struct np_hash128){.low = 0xab, .high = 1});
    assert_string_equal(text, "000000000000000100000000000000ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_xxh3),
        cmocka_unit_test(varies_with_seed_and_bytes),
        cmocka_unit_test(writes_leading_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
