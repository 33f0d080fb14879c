/* SPDX-License-Identifier: Apache-2.0 */
/* Fields computed from fields: that records of logs have them, what they are called, and memory that is out. What each operation gives
 * is in rule/falco_compile.c. */
#include "decode.h"

#include <errno.h>

#include "event/derived.h"

static np_field_id derive(struct np_field_set *fields, enum np_derived_op op, const char *input)
{
    struct np_derived_input one = {.field = NP_FIELD_NONE, .text = np_span_of(input)};
    struct np_derived derived = {.op = op, .inputs = &one, .count = 1};
    np_field_id field = 0;
    assert_int_equal(np_field_intern(fields, np_span_of(input), &one.field), 0);
    assert_int_equal(np_field_derive(fields, &derived, &field), 0);
    return field;
}

static void is_called_like_its_call(void **state)
{
    (void) state;
    struct np_field_set *fields = NULL;
    assert_int_equal(np_field_set_new(&fields), 0);
    np_field_id lower = derive(fields, NP_DERIVED_TOLOWER, "a.b");
    assert_span_equal(np_field_name(fields, lower), "tolower(a.b)");
    assert_int_equal(derive(fields, NP_DERIVED_TOLOWER, "a.b"), lower);
    struct np_derived_input inputs[] = {{NP_FIELD_NONE, NP_SPAN("\"\\")}, {.field = lower}};
    struct np_derived join = {.op = NP_DERIVED_JOIN, .inputs = inputs, .count = 2};
    np_field_id joined = 0;
    assert_int_equal(np_field_derive(fields, &join, &joined), 0);
    assert_span_equal(np_field_name(fields, joined), "join(\"\\\"\\\\\", tolower(a.b))");
    struct np_derived item = {.op = NP_DERIVED_ITEM, .inputs = &inputs[1], .count = 1, .index = 3};
    assert_int_equal(np_field_derive(fields, &item, &joined), 0);
    assert_span_equal(np_field_name(fields, joined), "tolower(a.b)[3]");
    size_t count = 0;
    assert_int_equal(np_field_derived(fields, &count)[0].field, lower);
    assert_int_equal(count, 3);
    np_field_set_free(&fields);
}

static void refuses_a_name_that_is_too_long(void **state)
{
    (void) state;
    struct np_field_set *fields = NULL;
    char text[NP_FIELD_NAME_MAX_BYTES];
    memset(text, 'a', sizeof(text));
    struct np_derived_input input = {NP_FIELD_NONE, {text, sizeof(text)}};
    struct np_derived derived = {.op = NP_DERIVED_CONCAT, .inputs = &input, .count = 1};
    np_field_id field = 0;
    assert_int_equal(np_field_set_new(&fields), 0);
    assert_int_equal(np_field_derive(fields, &derived, &field), -EINVAL);
    np_field_set_free(&fields);
}

static void is_computed_for_each_record(void **state)
{
    (void) state;
    struct decode d = {};
    np_arena_init(&d.arena, SIZE_MAX);
    assert_int_equal(np_field_set_new(&d.fields), 0);
    np_field_id name = derive(d.fields, NP_DERIVED_TOUPPER, "eventName");
    np_field_id nested = derive(d.fields, NP_DERIVED_LEN, "requestParameters.userName");
    assert_int_equal(np_decode_plan_new(&d.plan, d.fields, NULL, NULL), 0);
    assert_int_equal(np_decoder_new(&d.decoder, d.plan), 0);
    assert_int_equal(decode(&d, "{\"eventVersion\":\"1.08\",\"eventSource\":\"iam.amazonaws.com\","
                                "\"eventName\":\"CreateUser\",\"awsRegion\":\"x\","
                                "\"requestParameters\":{\"userName\":\"mallory\"}}"),
                     NP_DECODE_EVENT);
    assert_span_equal(np_event_text(d.event, name), "CREATEUSER");
    assert_span_equal(np_event_text(d.event, nested), "7");
    assert_int_equal(decode(&d, "{\"eventVersion\":\"1.08\",\"eventSource\":\"iam.amazonaws.com\","
                                "\"eventName\":\"GetUser\",\"awsRegion\":\"x\"}"),
                     NP_DECODE_EVENT);
    assert_int_equal(np_event_field(d.event, nested)->kind, NP_VALUE_ABSENT);
    assert_span_equal(np_event_text(d.event, name), "GETUSER");
    decode_close(&d);
}

#ifdef NP_FAULT_INJECTION
static void survives_where_memory_is_out(void **state)
{
    (void) state;
    struct np_field_set *fields = NULL;
    assert_int_equal(np_field_set_new(&fields), 0);
    struct np_derived_input inputs[] = {{NP_FIELD_NONE, NP_SPAN("-")},
                                        {NP_FIELD_NONE, NP_SPAN("x")}};
    struct np_derived join = {.op = NP_DERIVED_JOIN, .inputs = inputs, .count = 2};
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        np_field_id field = 77;
        np_alloc_fail_at(n);
        r = np_field_derive(fields, &join, &field);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && field == 77));
    }
    np_field_set_free(&fields);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_called_like_its_call),
        cmocka_unit_test(refuses_a_name_that_is_too_long),
        cmocka_unit_test(is_computed_for_each_record),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_where_memory_is_out),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
