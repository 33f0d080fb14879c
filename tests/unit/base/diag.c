/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded list of problems that owns its texts. */
#include "support/unit.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/diag.h"

static void add_numbered(struct np_diag_list *list, int number, enum np_severity severity)
{
    char file[32];
    char item[32];
    (void) snprintf(file, sizeof(file), "rules/%d.yml", number / 10);
    (void) snprintf(item, sizeof(item), "item %d", number);
    np_diag_add(list,
                (struct np_diag){.place = {file, 7, 3},
                                 .severity = severity,
                                 .code = "a-code",
                                 .item = item,
                                 .document = (uint32_t) number},
                "message %d", number);
}

static void copies_all_texts(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    for (int i = 0; i < 100; i++)
        add_numbered(&list, i, i % 2 == 0 ? NP_SEVERITY_ERROR : NP_SEVERITY_WARNING);
    assert_int_equal(list.diags.len, 100);
    assert_int_equal(list.errors, 50);
    assert_int_equal(list.dropped, 0);
    const struct np_diag *diag = &list.diags.items[42];
    assert_string_equal(diag->place.file, "rules/4.yml");
    assert_string_equal(diag->item, "item 42");
    assert_string_equal(diag->message, "message 42");
    assert_string_equal(diag->code, "a-code");
    assert_null(diag->hint);
    assert_int_equal(diag->place.line, 7);
    assert_int_equal(diag->place.column, 3);
    assert_int_equal(diag->document, 42);
    np_diag_list_done(&list);
}

static void shares_the_file_name_of_the_problem_before(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    add_numbered(&list, 1, NP_SEVERITY_ERROR);
    add_numbered(&list, 2, NP_SEVERITY_ERROR);
    assert_ptr_equal(list.diags.items[0].place.file, list.diags.items[1].place.file);
    np_diag_list_done(&list);
}

static void allows_a_problem_without_a_file(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    np_diag_add(&list, (struct np_diag){.code = "c"}, "first");
    add_numbered(&list, 1, NP_SEVERITY_WARNING);
    np_diag_add(&list, (struct np_diag){.code = "c", .hint = "do this"}, "third");
    assert_null(list.diags.items[0].place.file);
    assert_string_equal(list.diags.items[1].place.file, "rules/0.yml");
    assert_null(list.diags.items[2].place.file);
    assert_string_equal(list.diags.items[2].hint, "do this");
    np_diag_list_done(&list);
}

static void cuts_a_message_of_any_length(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    np_diag_add(&list, (struct np_diag){.code = "c"}, "%5000d", 1);
    assert_int_equal(list.diags.len, 1);
    assert_true(strlen(list.diags.items[0].message) < 5000);
    assert_string_equal(list.diags.items[0].message + strlen(list.diags.items[0].message) - 3,
                        "...");
    np_diag_list_done(&list);
}

NP_PRINTF(3, 4)
static void add_about(struct np_diag_list *list, struct np_span item, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    np_diag_addv(list, (struct np_diag){.code = "c"}, item, fmt, args);
    va_end(args);
}

static void says_what_a_problem_is_about(void **state)
{
    (void) state;
    char name[NP_DIAG_ITEM_MAX_BYTES + 1];
    struct np_diag_list list;
    np_diag_list_init(&list);
    memset(name, 'n', sizeof(name));
    add_about(&list, np_span_make(name, sizeof(name)), "a %s", "long name");
    add_about(&list, (struct np_span){}, "nothing");
    assert_string_equal(list.diags.items[0].message, "a long name");
    assert_int_equal(strlen(list.diags.items[0].item), NP_DIAG_ITEM_MAX_BYTES);
    assert_null(list.diags.items[1].item);
    np_diag_list_done(&list);
}

static void counts_what_it_cannot_hold(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    for (int i = 0; i < 100010; i++)
        np_diag_add(&list, (struct np_diag){.severity = NP_SEVERITY_ERROR, .code = "c"}, "m");
    assert_int_equal(list.diags.len, 100000);
    assert_int_equal(list.dropped, 10);
    assert_int_equal(list.errors, 100010);
    np_diag_list_done(&list);
}

static void counts_an_error_that_memory_has_no_room_for(void **state)
{
    (void) state;
    struct np_diag_list list;
    np_diag_list_init(&list);
    for (long n = 0; list.diags.len == 0; n++) {
        np_alloc_fail_at(n);
        add_numbered(&list, 1, NP_SEVERITY_ERROR);
        np_alloc_fail_at(-1);
        assert_int_equal(list.errors, n + 1);
        assert_int_equal(list.dropped + list.diags.len, n + 1);
    }
    assert_true(list.dropped > 0);
    np_diag_list_done(&list);
    assert_int_equal(list.errors, 0);
    np_diag_list_done(&list);
    np_diag_list_done(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_all_texts),
        cmocka_unit_test(shares_the_file_name_of_the_problem_before),
        cmocka_unit_test(allows_a_problem_without_a_file),
        cmocka_unit_test(cuts_a_message_of_any_length),
        cmocka_unit_test(says_what_a_problem_is_about),
        cmocka_unit_test(counts_what_it_cannot_hold),
        cmocka_unit_test(counts_an_error_that_memory_has_no_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
