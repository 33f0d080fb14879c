/* SPDX-License-Identifier: Apache-2.0 */
/* Texts under numbers. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "actor/names.h"
#include "base/alloc.h"

static struct np_names *open_names(size_t max_bytes)
{
    struct np_names *names = NULL;
    assert_int_equal(np_names_new(&names, max_bytes), 0);
    return names;
}

static np_name put_number(struct np_names *names, unsigned number)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "text number %u", number);
    return np_names_put(names, np_span_make(text, (size_t) len));
}

static void gives_equal_texts_one_number(void **state)
{
    (void) state;
    struct np_names *names = open_names(1 << 20);
    np_name first = np_names_put(names, NP_SPAN("alice"));
    assert_int_equal(np_names_put(names, NP_SPAN("alice")), first);
    assert_int_not_equal(np_names_put(names, NP_SPAN("alicf")), first);
    assert_int_equal(np_names_put(names, (struct np_span){}), NP_NAME_NONE);
    assert_span_equal(np_names_text(names, first), "alice");
    assert_span_equal(np_names_text(names, NP_NAME_NONE), "");
    assert_span_equal(np_names_text(names, NP_NAME_MANY), "...");
    np_names_free(&names);
    np_names_free(&names);
}

static void cuts_a_long_text(void **state)
{
    (void) state;
    char text[NP_NAME_MAX_BYTES + 50];
    struct np_names *names = open_names(1 << 20);
    memset(text, 'x', sizeof(text));
    np_name name = np_names_put(names, np_span_make(text, sizeof(text)));
    assert_int_equal(np_names_text(names, name).len, NP_NAME_MAX_BYTES);
    assert_int_equal(np_names_put(names, np_span_make(text, NP_NAME_MAX_BYTES)), name);
    np_names_free(&names);
}

static void keeps_what_is_held_and_lets_go_of_what_is_oldest(void **state)
{
    (void) state;
    struct np_names *names = open_names(256 * 1024);
    np_name held = np_names_hold(names, np_names_put(names, NP_SPAN("held")));
    for (unsigned i = 0; i < 100000; i++) {
        np_name name = put_number(names, i);
        assert_int_not_equal(name, NP_NAME_MANY);
        if (i % 8 == 0)
            (void) np_names_put(names, NP_SPAN("met again and again"));
    }
    assert_span_equal(np_names_text(names, held), "held");
    assert_int_equal(np_names_put(names, NP_SPAN("held")), held);
    assert_true(np_names_bytes(names) <= 256 * 1024);
    assert_int_equal(np_names_lost(names), 0);
    np_names_release(names, held);
    np_names_free(&names);
}

static void keeps_the_texts_that_were_put_last(void **state)
{
    (void) state;
    struct np_names *names = open_names(64 * 1024);
    np_name recent[NP_NAMES_RECENT / 2];
    for (unsigned i = 0; i < 20000; i++) {
        recent[i % NP_ARRAY_LEN(recent)] = put_number(names, i);
        if (i < NP_ARRAY_LEN(recent))
            continue;
        char text[32];
        unsigned oldest = i - (unsigned) NP_ARRAY_LEN(recent) + 1;
        (void) snprintf(text, sizeof(text), "text number %u", oldest);
        assert_span_equal(np_names_text(names, recent[oldest % NP_ARRAY_LEN(recent)]), text);
    }
    np_names_free(&names);
}

static void says_many_where_all_is_held(void **state)
{
    (void) state;
    struct np_names *names = open_names(16 * 1024);
    for (unsigned i = 0; i < 5000; i++)
        (void) np_names_hold(names, put_number(names, i));
    assert_true(np_names_lost(names) > 0);
    assert_true(np_names_is_crowded(names));
    assert_int_equal(put_number(names, 5000), NP_NAME_MANY);
    np_names_free(&names);
}

static void borrows_a_text_that_passes(void **state)
{
    (void) state;
    struct np_names *names = open_names(1 << 20);
    static const char texts[] = "onceonce";
    np_name passing[3];
    assert_ptr_equal(np_names_pass_run(names, texts, (const uint16_t[]){4, 4, 0}, 3, passing),
                     texts + strlen(texts));
    np_name first = passing[0];
    np_name second = passing[1];
    assert_int_not_equal(first, second);
    assert_span_equal(np_names_text(names, first), "once");
    assert_int_equal(np_names_bytes(names), 0);
    assert_true(np_names_hash(names, first) == np_names_hash(names, second));
    np_name lasting = np_names_hold(names, first);
    assert_int_equal(np_names_hold(names, second), lasting);
    assert_true(np_names_hash(names, first) == np_names_hash(names, lasting));
    np_names_release(names, first); /* which does nothing */
    np_names_release(names, lasting);
    np_names_release(names, lasting);
    assert_int_equal(passing[2], NP_NAME_NONE);
    np_names_free(&names);
}

#ifdef NP_FAULT_INJECTION
static void survives_lack_of_memory(void **state)
{
    (void) state;
    struct np_names *names = NULL;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_names_new(&names, 1 << 20);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || names == NULL);
    }
    np_alloc_fail_at(0);
    assert_int_equal(np_names_put(names, NP_SPAN("a")), NP_NAME_MANY);
    np_alloc_fail_at(-1);
    assert_int_not_equal(np_names_put(names, NP_SPAN("a")), NP_NAME_MANY);
    np_names_free(&names);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_equal_texts_one_number),
        cmocka_unit_test(cuts_a_long_text),
        cmocka_unit_test(keeps_what_is_held_and_lets_go_of_what_is_oldest),
        cmocka_unit_test(keeps_the_texts_that_were_put_last),
        cmocka_unit_test(says_many_where_all_is_held),
        cmocka_unit_test(borrows_a_text_that_passes),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_lack_of_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
