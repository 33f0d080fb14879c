/* SPDX-License-Identifier: Apache-2.0 */
/* Which of many patterns may match: never one too few. */
#include "support/unit.h"

#include <errno.h>

#include "rule/sieve.h"
#include "support/ir_kit.h"

static void note(void *context, uint32_t tag)
{
    uint64_t *tags = context;
    *tags |= UINT64_C(1) << tag;
}

static uint64_t run(const struct np_sieve *sieve, const char *text)
{
    uint64_t tags = 0;
    np_sieve_run(sieve, np_span_of(text), note, &tags);
    return tags;
}

static void takes_patterns_with_a_literal_that_is_long_enough(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    static const struct {
        const char *pattern;
        bool folding;
        bool cased;
    } cases[] = {
        {"user", true, true},     {"*use*", false, false}, {"*", false, false},
        {"a?b*cdef", true, true}, {"ß?ßß", true, false},   {"*привет*", true, false},
        {"", false, false},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_literal folding = kit_pattern(&kit, cases[i].pattern);
        struct np_literal cased = kit_cased(&kit, cases[i].pattern);
        assert_int_equal(np_sieve_takes(&folding), cases[i].folding);
        assert_int_equal(np_sieve_takes(&cased), cases[i].cased);
    }
    ir_kit_done(&kit);
}

static void tells_every_pattern_that_may_match(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_sieve_builder builder = {};
    const struct np_literal literals[] = {
        kit_pattern(&kit, "*user*"),       kit_pattern(&kit, "create*"), kit_cased(&kit, "*USER*"),
        kit_pattern(&kit, "*us*erna*me*"), kit_pattern(&kit, "*user*"),
    };
    for (uint32_t i = 0; i < NP_ARRAY_LEN(literals); i++)
        assert_int_equal(np_sieve_add(&builder, &kit.arena, &literals[i], i), 0);
    struct np_sieve sieve;
    assert_int_equal(np_sieve_init(&sieve, &builder), 0);
    np_sieve_builder_done(&builder);
    assert_int_equal(run(&sieve, "xUserx"), 1 << 0 | 1 << 2 | 1 << 4);
    assert_int_equal(run(&sieve, "re-create"), 1 << 1); /* not at its place, but it may */
    assert_int_equal(run(&sieve, "erna"), 1 << 3);
    assert_int_equal(run(&sieve, ""), 0);
    np_sieve_done(&sieve);
    ir_kit_done(&kit);
}

static void tells_a_regular_expression_by_any_of_its_literals(void **state)
{
    (void) state;
    struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    struct np_sieve_builder builder = {};
    struct np_sieve sieve;
    struct np_literal literal = kit_regex("^User|Role[0-9]$");
    assert_int_equal(np_regex_needs_find(&literal.needs, &arena, literal.regex.pattern), 0);
    assert_true(np_sieve_takes(&literal));
    assert_int_equal(np_sieve_add(&builder, &arena, &literal, 3), 0);
    assert_int_equal(np_sieve_init(&sieve, &builder), 0);
    np_sieve_builder_done(&builder);
    assert_int_equal(run(&sieve, "a USER"), 1 << 3);
    assert_int_equal(run(&sieve, "roles"), 1 << 3);
    assert_int_equal(run(&sieve, "use rol"), 0);
    np_sieve_done(&sieve);
    literal = kit_regex("^Use|Role[0-9]$");
    assert_int_equal(np_regex_needs_find(&literal.needs, &arena, literal.regex.pattern), 0);
    assert_false(np_sieve_takes(&literal));
    np_arena_done(&arena);
}

static void may_be_empty(void **state)
{
    (void) state;
    struct np_sieve_builder builder = {};
    struct np_sieve sieve;
    assert_int_equal(np_sieve_init(&sieve, &builder), 0);
    assert_int_equal(run(&sieve, "anything"), 0);
    np_sieve_done(&sieve);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    struct np_literal literal = kit_cased(&kit, "*User*");
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_arena arena;
        struct np_sieve_builder builder = {};
        struct np_sieve sieve = {};
        np_arena_init(&arena, SIZE_MAX);
        np_alloc_fail_at(n);
        r = np_sieve_add(&builder, &arena, &literal, 0);
        if (r == 0)
            r = np_sieve_init(&sieve, &builder);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        np_sieve_done(&sieve);
        np_sieve_builder_done(&builder);
        np_arena_done(&arena);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_patterns_with_a_literal_that_is_long_enough),
        cmocka_unit_test(tells_every_pattern_that_may_match),
        cmocka_unit_test(tells_a_regular_expression_by_any_of_its_literals),
        cmocka_unit_test(may_be_empty),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
