/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces that die together: alignment, the maximum, and what a reset keeps. */
#include "support/unit.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>

#include "base/alloc.h"
#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum { KIB = 1024, MIB = 1024 * 1024 };

static void allocates_nothing_before_the_first_piece(void **state)
{
    (void) state;
    size_t before = np_alloc_count();
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    np_arena_reset(&arena);
    assert_int_equal(np_alloc_count(), before);
}

static void aligns_every_piece(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    for (size_t size = 0; size < 40; size++) {
        void *piece = np_arena_alloc(&arena, size);
        assert_non_null(piece);
        assert_int_equal((uintptr_t) piece % alignof(max_align_t), 0);
        memset(piece, 0xff, size);
    }
}

static void keeps_pieces_apart(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 8 * MIB);
    unsigned char *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = np_arena_alloc(&arena, i * 37);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int) i, i * 37);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t at = 0; at < i * 37; at++)
            assert_int_equal(pieces[i][at], i);
}

static void zeroes_on_request_also_after_a_reset(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    unsigned char *dirty = np_arena_alloc(&arena, 1000);
    assert_non_null(dirty);
    memset(dirty, 0xff, 1000);
    np_arena_reset(&arena);
    unsigned char *clean = np_arena_zalloc(&arena, 1000);
    assert_ptr_equal(clean, dirty);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(clean[i], 0);
}

static void holds_one_piece_larger_than_a_block(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 4 * MIB);
    char *large = np_arena_alloc(&arena, 3 * MIB);
    assert_non_null(large);
    large[3 * MIB - 1] = 'x';
}

static void refuses_more_than_its_maximum(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 1000);
    assert_null(np_arena_alloc(&arena, 1001));
    assert_non_null(np_arena_alloc(&arena, 600));
    assert_null(np_arena_alloc(&arena, 600));
    assert_null(np_arena_zalloc(&arena, 600));
    assert_non_null(np_arena_alloc(&arena, 300)); /* a refusal changes nothing */
    np_arena_reset(&arena);
    assert_non_null(np_arena_alloc(&arena, 1000));
}

static void refuses_sizes_that_overflow(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    assert_null(np_arena_alloc(&arena, SIZE_MAX));
    assert_null(np_arena_alloc(&arena, SIZE_MAX - 16));
    assert_null(np_arena_alloc(&arena, SIZE_MAX - 64));
}

/* One round of a steady state: many small pieces and a large one. */
static void fill(struct np_arena *arena)
{
    for (size_t i = 0; i < 5000; i++)
        assert_non_null(np_arena_alloc(arena, 100));
    assert_non_null(np_arena_alloc(arena, 300 * KIB));
}

static void allocates_nothing_in_a_steady_state(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 4 * MIB);
    fill(&arena);
    size_t before = np_alloc_count();
    for (int round = 0; round < 10; round++) {
        np_arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
        fill(&arena);
    }
    assert_int_equal(np_alloc_count(), before);
}

static void holds_a_bounded_multiple_of_what_was_ever_in_use(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, 4 * MIB);
    /* The worst order: every round asks for a little more than all blocks so far have. */
    for (size_t size = 60 * KIB; size < 2 * MIB; size += 1000) {
        np_arena_reset(&arena);
        assert_non_null(np_arena_alloc(&arena, size));
    }
    assert_true(arena.held_bytes <= (size_t) 4 * 2 * MIB);
}

static void keeps_a_copy_with_a_nul_behind_it(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    char text[] = "volatile";
    struct np_span span = np_span_of(text);
    assert_int_equal(np_arena_keep(&arena, &span), 0);
    memset(text, '-', sizeof(text));
    assert_span_equal(span, "volatile");
    assert_int_equal(span.ptr[span.len], '\0');
    char *copy = np_arena_strdup(&arena, np_span_head(span, 3));
    assert_string_equal(copy, "vol");
    assert_string_equal(np_arena_strdup(&arena, (struct np_span){}), "");
}

static void leaves_the_span_alone_when_the_copy_fails(void **state)
{
    (void) state;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    const char *text = "text";
    struct np_span span = np_span_of(text);
    np_alloc_fail_at(0);
    assert_int_equal(np_arena_keep(&arena, &span), -ENOMEM);
    assert_ptr_equal(span.ptr, text);
    np_alloc_fail_at(0);
    assert_null(np_arena_zalloc(&arena, 10));
    np_alloc_fail_at(0);
    assert_null(np_arena_strdup(&arena, span));
    assert_int_equal(np_arena_keep(&arena, &span), 0); /* and is usable afterwards */
}

static void may_be_ended_twice_and_used_again(void **state)
{
    (void) state;
    struct np_arena arena;
    np_arena_init(&arena, 100);
    assert_non_null(np_arena_alloc(&arena, 50));
    np_arena_done(&arena);
    np_arena_done(&arena);
    assert_non_null(np_arena_alloc(&arena, 100)); /* the maximum stays */
    assert_null(np_arena_alloc(&arena, 10));
    np_arena_done(&arena);
    np_arena_done(NULL);
}

static void poisons_what_a_reset_ended(void **state)
{
    (void) state;
#ifdef WITH_ASAN
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, MIB);
    char *piece = np_arena_alloc(&arena, 20);
    assert_non_null(piece);
    assert_int_equal(__asan_address_is_poisoned(piece + 19), 0);
    assert_int_equal(__asan_address_is_poisoned(piece + 20), 1); /* not even the rounding is open */
    np_arena_reset(&arena);
    assert_int_equal(__asan_address_is_poisoned(piece), 1);
#else
    print_message("# this build has no AddressSanitizer\n");
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocates_nothing_before_the_first_piece),
        cmocka_unit_test(aligns_every_piece),
        cmocka_unit_test(keeps_pieces_apart),
        cmocka_unit_test(zeroes_on_request_also_after_a_reset),
        cmocka_unit_test(holds_one_piece_larger_than_a_block),
        cmocka_unit_test(refuses_more_than_its_maximum),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(allocates_nothing_in_a_steady_state),
        cmocka_unit_test(holds_a_bounded_multiple_of_what_was_ever_in_use),
        cmocka_unit_test(keeps_a_copy_with_a_nul_behind_it),
        cmocka_unit_test(leaves_the_span_alone_when_the_copy_fails),
        cmocka_unit_test(may_be_ended_twice_and_used_again),
        cmocka_unit_test(poisons_what_a_reset_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
