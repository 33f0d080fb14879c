/* SPDX-License-Identifier: Apache-2.0 */
/* Single parameters as numbers and texts. */
#include "support/unit.h"

#include "base/compiler.h"
#include "source/scap/blocks.h"

/* An event of `type` whose parameter `i` is `bytes`. */
static struct np_scap_event with_param(uint16_t type, size_t i, struct np_span bytes)
{
    struct np_scap_event event = {.type = type, .info = np_scap_type_of(type)};
    event.params_len = event.info->params_len;
    event.params[i] = bytes;
    return event;
}

static void reads_numbers_by_their_type(void **state)
{
    static const struct {
        uint16_t type;
        size_t param;
        struct np_span bytes;
        int64_t want;
    } cases[] = {
        {NP_SCAP_CLOSE_X, 0, {"\xF7\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8}, -9},
        {NP_SCAP_OPEN_X, 2, {"\xFF\xFF\xFF\xFF", 4}, UINT32_MAX},
        {NP_SCAP_LISTEN_X, 2, {"\xFF\xFF\xFF\xFF", 4}, -1},
        {NP_SCAP_KILL_X, 2, {"\x09", 1}, 9},
        {NP_SCAP_PTRACE_X, 3, {"\x0B\0", 2}, 11},
        {NP_SCAP_PTRACE_X, 1, {"\1\x13", 2}, 19},            /* a signal */
        {NP_SCAP_PTRACE_X, 1, {"\0\5\0\0\0\0\0\0\0", 9}, 5}, /* a number */
        {NP_SCAP_SETSOCKOPT_X, 4, {"\1\x91\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9}, -111},
    };
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        struct np_scap_event event = with_param(cases[i].type, cases[i].param, cases[i].bytes);
        int64_t got = 0;
        assert_true(np_scap_event_int(&event, cases[i].param, &got));
        assert_int_equal(got, cases[i].want);
        event.params[cases[i].param].len--;
        assert_false(np_scap_event_int(&event, cases[i].param, &got));
    }
}

static void gives_no_number_where_there_is_none(void **state)
{
    struct np_scap_event event = with_param(NP_SCAP_OPEN_X, 1, NP_SPAN("/etc/hosts"));
    int64_t got = 0;
    (void) state;
    assert_false(np_scap_event_int(&event, 1, &got)); /* a path */
    assert_false(np_scap_event_int(&event, 0, &got)); /* empty */
    assert_false(np_scap_event_int(&event, 99, &got));
    event = with_param(NP_SCAP_PTRACE_X, 1, NP_SPAN("\x7F\1")); /* of no variant */
    assert_false(np_scap_event_int(&event, 1, &got));
}

static void ends_texts_at_their_nul(void **state)
{
    struct np_scap_event event = with_param(NP_SCAP_OPEN_X, 1, np_span_make("/a\0b", 4));
    (void) state;
    assert_span_equal(np_scap_event_text(&event, 1), "/a");
    event.params[1] = NP_SPAN("/a"); /* cut off */
    assert_span_equal(np_scap_event_text(&event, 1), "/a");
    assert_int_equal(np_scap_event_text(&event, 99).len, 0);
}

static void tells_results_of_calls_alone(void **state)
{
    static const char zero[8];
    struct np_scap_event event =
        with_param(NP_SCAP_PROCEXIT_1_E, 0, np_span_make(zero, sizeof(zero)));
    int64_t got = 0;
    (void) state;
    assert_false(np_scap_event_result(&event, &got));
    event = with_param(NP_SCAP_GETUID_X, 0, np_span_make(zero, 4));
    assert_false(np_scap_event_result(&event, &got));
    event = with_param(NP_SCAP_FCNTL_X, 0, np_span_make(zero, sizeof(zero)));
    assert_true(np_scap_event_result(&event, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers_by_their_type),
        cmocka_unit_test(gives_no_number_where_there_is_none),
        cmocka_unit_test(ends_texts_at_their_nul),
        cmocka_unit_test(tells_results_of_calls_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
