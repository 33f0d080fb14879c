/* SPDX-License-Identifier: Apache-2.0 */
/* Accounting: folding, bounds, adding up, words. */
#include "fixture.h"

static void assert_tally(struct np_tally *tally, const char *text)
{
    struct np_buf got;
    np_buf_init(&got, SIZE_MAX);
    add_tally(&got, tally);
    assert_string_equal(np_buf_cstr(&got), text);
    np_buf_done(&got);
}

static void folds_equal_reasons_of_an_object(void **state)
{
    (void) state;
    struct np_tally tally;
    np_tally_init(&tally);
    np_tally_skip(&tally, "b", "empty", false);
    np_tally_skip_at(&tally, "a", 70, "not UTF-8", false);
    np_tally_skip_at(&tally, "a", 7, "not UTF-8", false);
    np_tally_skip_at(&tally, "a", 8, "too long", true);
    assert_tally(&tally, "a:7: not UTF-8 x2\na:8: too long x1 (limit)\nb: empty x1\n");
    np_tally_skip(&tally, "b", "empty", false); /* sorting must not lose the places */
    assert_tally(&tally, "a:7: not UTF-8 x2\na:8: too long x1 (limit)\nb: empty x2\n");
    np_tally_done(&tally);
}

static void names_what_a_piece_is(void **state)
{
    static const struct {
        enum np_piece_kind kind;
        struct np_span bytes;
        const char *want;
    } cases[] = {
        {NP_PIECE_NO_OBJECT, NP_SPAN("17"), "o:5: a JSON value that is no object x1\n"},
        {NP_PIECE_NO_JSON, NP_SPAN("<!DOCTYPE html>\n"), "o:5: not JSON (HTML) x1\n"},
        {NP_PIECE_NO_JSON, NP_SPAN("MIT\nLicense"), "o:5: not JSON (begins with 'MIT') x1\n"},
        {NP_PIECE_NO_JSON,
         NP_SPAN("\x7f"
                 "ELF\x02"),
         "o:5: not JSON (a program) x1\n"},
        {NP_PIECE_NO_JSON, NP_SPAN("\1\2\3\4\5"),
         "o:5: not JSON (begins with the bytes 01 02 03 04) x1\n"},
        {NP_PIECE_NO_JSON, NP_SPAN("\0"), "o:5: not JSON (begins with the bytes 00) x1\n"},
        {NP_PIECE_BROKEN, NP_SPAN("{"), "o:5: JSON that does not close (cut off?) x1\n"},
        {NP_PIECE_BROKEN, {}, "o:5: JSON that does not close (cut off?) x1\n"},
        {NP_PIECE_TOO_LONG, NP_SPAN("{"), "o:5: a record longer than 8 MiB x1 (limit)\n"},
        {NP_PIECE_TOO_DEEP, NP_SPAN("{"), "o:5: a record deeper than 1024 levels x1 (limit)\n"},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_tally tally;
        np_tally_init(&tally);
        struct np_piece piece = {.kind = cases[i].kind, .bytes = cases[i].bytes, .offset = 5};
        np_tally_piece(&tally, "o", &piece);
        assert_tally(&tally, cases[i].want);
        np_tally_done(&tally);
    }
}

static void quotes_the_first_of_all_bytes_that_are_no_json(void **state)
{
    (void) state;
    struct np_tally first;
    struct np_tally second;
    np_tally_init(&first);
    np_tally_init(&second);
    struct np_piece early = {.kind = NP_PIECE_NO_JSON, .bytes = NP_SPAN("early"), .offset = 1};
    struct np_piece late = {.kind = NP_PIECE_NO_JSON, .bytes = NP_SPAN("late"), .offset = 9};
    np_tally_piece(&first, "o", &late);
    np_tally_piece(&second, "o", &early);
    np_tally_add(&first, &second);
    assert_tally(&first, "o:1: not JSON (begins with 'early') x2\n");
    np_tally_done(&first);
    np_tally_done(&second);
}

static void adds_up_all_counts(void **state)
{
    (void) state;
    struct np_tally sum;
    struct np_tally other;
    np_tally_init(&sum);
    np_tally_init(&other);
    np_tally_skip(&sum, "a", "empty", false);
    sum.objects = 1;
    other = (struct np_tally){.objects = 2,
                              .bytes = 3,
                              .digests = 4,
                              .lost = 5,
                              .texts = other.texts,
                              .entry_of = other.entry_of,
                              .key = other.key};
    np_tally_skip(&other, "a", "empty", false);
    np_tally_skip(&other, "c", "empty", true);
    np_tally_add(&sum, &other);
    assert_int_equal(sum.objects, 3);
    assert_int_equal(sum.bytes, 3);
    assert_int_equal(sum.digests, 4);
    assert_int_equal(sum.lost, 5);
    assert_tally(&sum, "a: empty x2\nc: empty x1 (limit)\n");
    np_tally_done(&sum);
    np_tally_done(&other);
}

static void counts_the_rest_together_when_full(void **state)
{
    (void) state;
    struct np_tally tally;
    np_tally_init(&tally);
    char name[32];
    for (int i = 0; i < NP_TALLY_ENTRIES_MAX + 50; i++) {
        (void) snprintf(name, sizeof(name), "object-%d", i);
        np_tally_skip(&tally, name, "empty", false);
    }
    np_tally_skip(&tally, "object-0", "empty", false); /* is named already: counted there */
    assert_int_equal(tally.entries.len, NP_TALLY_ENTRIES_MAX);
    const struct np_tally_entry *last = &tally.entries.items[tally.entries.len - 1];
    assert_string_equal(last->object, "(others)");
    assert_int_equal(last->count, 51);
    assert_int_equal(tally.entries.items[0].count, 2);
    assert_int_equal(tally.lost, 0);
    np_tally_done(&tally);
}

static void tells_what_to_do_about_a_failed_call(void **state)
{
    (void) state;
    struct np_tally tally;
    np_tally_init(&tally);
    np_tally_errno(&tally, "a", EACCES);
    np_tally_errno(&tally, "b", EMFILE);
    np_tally_errno(&tally, "c", ENOENT);
    assert_tally(&tally,
                 "a: cannot be read: Permission denied (run as a user who may read it) x1\n"
                 "b: cannot be read: Too many open files (raise the limit of open files: ulimit "
                 "-n) x1\n"
                 "c: cannot be read: No such file or directory x1\n");
    np_tally_done(&tally);
}

static void counts_what_memory_is_out_for(void **state)
{
    (void) state;
    for (long n = 0;; n++) {
        struct np_tally tally;
        np_tally_init(&tally);
        np_alloc_fail_at(n);
        np_tally_skip(&tally, "a", "empty", false);
        np_alloc_fail_at(-1);
        size_t kept = tally.entries.len;
        assert_int_equal(kept + tally.lost, 1);
        np_tally_done(&tally);
        if (kept == 1)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_equal_reasons_of_an_object),
        cmocka_unit_test(names_what_a_piece_is),
        cmocka_unit_test(quotes_the_first_of_all_bytes_that_are_no_json),
        cmocka_unit_test(adds_up_all_counts),
        cmocka_unit_test(counts_the_rest_together_when_full),
        cmocka_unit_test(tells_what_to_do_about_a_failed_call),
        cmocka_unit_test(counts_what_memory_is_out_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
