/* SPDX-License-Identifier: Apache-2.0 */
/* Many literals in one pass: none is missed, none is invented. */
#include "support/unit.h"

#include <errno.h>

#include "base/alloc.h"
#include "codec/fold.h"
#include "codec/literals.h"

enum { MANY = 300, LEN_MAX = 40, TEXT_MAX = 200 };

struct hits {
    uint32_t counts[MANY];
};

static void count(void *context, uint32_t literal)
{
    struct hits *hits = context;
    hits->counts[literal]++;
}

/* How often `literal` occurs in `text`, by looking at every place. */
static uint32_t occurrences(struct np_span text, struct np_span literal)
{
    uint32_t found = 0;
    for (size_t i = 0; i + literal.len <= text.len; i++)
        found += np_fold_ascii_eq(np_span_make(text.ptr + i, literal.len), literal);
    return found;
}

static void expect(const struct np_span *literals, size_t n, struct np_span text)
{
    struct np_literals *set = NULL;
    struct hits hits = {};
    assert_int_equal(np_literals_new(&set, literals, n), 0);
    np_literals_scan(set, text, count, &hits);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(hits.counts[i], occurrences(text, literals[i]));
    np_literals_free(&set);
    assert_null(set);
}

static void finds_each_at_every_place_and_length(void **state)
{
    (void) state;
    char text[LEN_MAX * 2];
    for (size_t len = NP_LITERALS_MIN_BYTES; len <= 20; len++) {
        struct np_span literal = np_span_make("abcdefghijklmnopqrst", len);
        for (size_t before = 0; before < 12; before++)
            for (size_t behind = 0; behind < 10; behind++) {
                memset(text, 'b', sizeof(text));
                for (size_t i = 0; i < len; i++)
                    text[before + i] = (char) (literal.ptr[i] - (i % 2 == 0 ? 32 : 0));
                expect(&literal, 1, np_span_make(text, before + len + behind));
            }
    }
}

static void finds_literals_inside_of_and_across_each_other(void **state)
{
    (void) state;
    static const struct np_span literals[] = {
        {"aaaa", 4}, {"aaaaaa", 6}, {"user", 4}, {"createuser", 10}, {"useruser", 8}, {"user", 4},
    };
    expect(literals, NP_ARRAY_LEN(literals), NP_SPAN("xxCreateUserUserUSERaaaaaaaax"));
    expect(literals, NP_ARRAY_LEN(literals), NP_SPAN("aaa"));
    expect(literals, NP_ARRAY_LEN(literals), (struct np_span){});
}

static void finds_bytes_of_any_kind(void **state)
{
    (void) state;
    static const struct np_span literals[] = {
        {"привет", 12},
        {"\0\0\0\0", 4},
        {"\xff\xfe\xff\xfe", 4},
        {"\\x5c", 4},
    };
    expect(literals, NP_ARRAY_LEN(literals), NP_SPAN("__привет__\\X5C"));
    expect(literals, NP_ARRAY_LEN(literals), NP_SPAN("a\0\0\0\0\0b\xff\xfe\xff\xfe\xff\xfe"));
}

static void finds_what_looking_at_every_place_finds(void **state)
{
    (void) state;
    uint64_t seed = 12345;
    for (int round = 0; round < 200; round++) {
        static char bytes[MANY][LEN_MAX];
        struct np_span literals[MANY];
        char text[TEXT_MAX];
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unsigned letters = 1 + (unsigned) (seed >> 60); /* few letters make many near misses */
        size_t n = 1 + (size_t) (seed >> 40) % MANY;
        for (size_t i = 0; i < n; i++) {
            literals[i] = np_span_make(bytes[i], NP_LITERALS_MIN_BYTES + i % 9);
            for (size_t j = 0; j < literals[i].len; j++) {
                seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
                bytes[i][j] = (char) ('a' + (seed >> 33) % letters);
            }
        }
        for (size_t j = 0; j < TEXT_MAX; j++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            text[j] = (char) ((seed >> 62 & 1 ? 'a' : 'A') + (seed >> 33) % letters);
        }
        expect(literals, n, np_span_make(text, TEXT_MAX - (size_t) round % 20));
    }
}

static void refuses_short_literals(void **state)
{
    (void) state;
    struct np_literals *set = NULL;
    const struct np_span literals[] = {{"long enough", 11}, {"abc", 3}};
    assert_int_equal(np_literals_new(&set, literals, 2), -EINVAL);
    assert_int_equal(np_literals_new(&set, literals, (size_t) NP_LITERALS_MAX + 1), -E2BIG);
    assert_null(set);
}

static void copies_its_literals(void **state)
{
    (void) state;
    char text[] = "needle";
    struct np_span literal = np_span_of(text);
    struct np_literals *set = NULL;
    assert_int_equal(np_literals_new(&set, &literal, 1), 0);
    memset(text, 'x', sizeof(text));
    struct hits hits = {};
    np_literals_scan(set, NP_SPAN("a Needle"), count, &hits);
    assert_int_equal(hits.counts[0], 1);
    np_literals_free(&set);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    const struct np_span literals[] = {{"needle", 6}, {"haystack", 8}};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_literals *set = NULL;
        np_alloc_fail_at(n);
        r = np_literals_new(&set, literals, 2);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && set == NULL));
        np_literals_free(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_at_every_place_and_length),
        cmocka_unit_test(finds_literals_inside_of_and_across_each_other),
        cmocka_unit_test(finds_bytes_of_any_kind),
        cmocka_unit_test(finds_what_looking_at_every_place_finds),
        cmocka_unit_test(refuses_short_literals),
        cmocka_unit_test(copies_its_literals),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
