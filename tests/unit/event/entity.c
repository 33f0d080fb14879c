/* SPDX-License-Identifier: Apache-2.0 */
/* Entity keys of CloudTrail records. */
#include "decode.h"

#define RECORD(name, request, response)                                                            \
    "{\"eventName\":\"" name "\",\"eventSource\":\"s\",\"sourceIPAddress\":\"192.0.2.1\","         \
    "\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:caller\",\"accessKeyId\":\"AKIA1\"},"    \
    "\"requestParameters\":" request ",\"responseElements\":" response "}"

static void knows_the_caller(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, RECORD("ListUsers", "null", "null")), NP_DECODE_EVENT);
    assert_true(has_entity(d, NP_ENTITY_BY, NP_ENTITY_USER, "arn:caller"));
    assert_true(has_entity(d, NP_ENTITY_WITH, NP_ENTITY_ACCESS_KEY, "AKIA1"));
    assert_true(has_entity(d, NP_ENTITY_FROM, NP_ENTITY_ADDRESS, "192.0.2.1"));
}

static void knows_what_was_made_and_for_whom(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, RECORD("CreateAccessKey", "{\"userName\":\"bob\"}",
                                      "{\"accessKey\":{\"accessKeyId\":\"AKIA2\"}}")),
                     NP_DECODE_EVENT);
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_USER, "bob"));
    assert_true(has_entity(d, NP_ENTITY_MADE, NP_ENTITY_ACCESS_KEY, "AKIA2"));
}

static void knows_the_role_passed_to_a_stack(void **state)
{
    struct decode *d = *state;
    assert_int_equal(
        decode(d, RECORD("CreateStack", "{\"stackName\":\"s1\",\"roleARN\":\"arn:role\"}",
                         "{\"stackId\":\"arn:stack\"}")),
        NP_DECODE_EVENT);
    assert_true(has_entity(d, NP_ENTITY_PASSED, NP_ENTITY_ROLE, "arn:role"));
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_STACK, "s1"));
    assert_true(has_entity(d, NP_ENTITY_MADE, NP_ENTITY_STACK, "arn:stack"));
}

static void takes_the_assumed_role_for_the_target(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, RECORD("AssumeRole", "{\"roleArn\":\"arn:role\"}",
                                      "{\"credentials\":{\"accessKeyId\":\"ASIA1\"}}")),
                     NP_DECODE_EVENT);
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_ROLE, "arn:role"));
    assert_false(has_entity(d, NP_ENTITY_PASSED, NP_ENTITY_ROLE, "arn:role"));
    assert_true(has_entity(d, NP_ENTITY_MADE, NP_ENTITY_ACCESS_KEY, "ASIA1"));
}

static void knows_what_services_are_given(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *record;
        enum np_entity_role role;
        enum np_entity_kind kind;
        const char *value;
    } cases[] = {
        {RECORD("CreateNotebookInstance", "{\"roleArn\":\"arn:r\"}", "null"), NP_ENTITY_PASSED,
         NP_ENTITY_ROLE, "arn:r"},
        {RECORD("UpdateFunctionCode20150331v2", "{\"functionName\":\"f\"}", "{\"role\":\"arn:r\"}"),
         NP_ENTITY_PASSED, NP_ENTITY_ROLE, "arn:r"},
        {RECORD("RunTask", "{\"overrides\":{\"taskRoleArn\":\"arn:r\"}}", "null"), NP_ENTITY_PASSED,
         NP_ENTITY_ROLE, "arn:r"},
        {RECORD("StartBuild", "{\"projectName\":\"p\"}", "null"), NP_ENTITY_ON, NP_ENTITY_RESOURCE,
         "p"},
        {RECORD("ModifySnapshotAttribute",
                "{\"createVolumePermission\":{\"add\":{\"items\":[{\"userId\":\"1\"}]}}}", "null"),
         NP_ENTITY_ON, NP_ENTITY_ACCOUNT, "1"},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        assert_int_equal(decode(d, cases[i].record), NP_DECODE_EVENT);
        assert_true(has_entity(d, cases[i].role, cases[i].kind, cases[i].value));
    }
}

static void leaves_the_caller_out_of_the_targets(void **state)
{
    struct decode *d = *state;
    struct np_entity entities[NP_ENTITIES_MAX];
    assert_int_equal(decode(d, RECORD("CreateAccessKey", "{\"userName\":\"bob\"}",
                                      "{\"accessKey\":{\"accessKeyId\":\"AKIA2\"}}")),
                     NP_DECODE_EVENT);
    assert_int_equal(np_event_targets(d->event, entities), 2);
    assert_int_equal(entities[0].kind, NP_ENTITY_ACCESS_KEY);
    assert_true(np_span_is(entities[0].value, "AKIA2"));
    assert_int_equal(entities[1].kind, NP_ENTITY_USER);
    assert_true(np_span_is(entities[1].value, "bob"));
}

/* add_common_targets() of cloudtrail.c reads one object only. */
static void looks_below_the_request_for_what_every_event_may_name(void **state)
{
    (void) state;
    static const struct {
        const char *event_name;
        const char *path;
    } lines[] = {
#define E(event_name, path, kind, role) {(event_name), (path)},
#include "event/entities.def"
#undef E
    };
    bool is_common = false;
    for (size_t i = 0; i < NP_ARRAY_LEN(lines); i++) {
        assert_false(is_common && lines[i].event_name[0] != '\0');
        is_common = lines[i].event_name[0] == '\0';
        if (is_common)
            assert_true(np_span_starts(np_span_of(lines[i].path), NP_SPAN("requestParameters.")));
    }
    assert_true(is_common);
}

static void flags_an_event_with_too_many(void **state)
{
    struct decode *d = *state;
    char items[2048] = "";
    for (int i = 0; i < 40; i++)
        (void) snprintf(items + strlen(items), sizeof(items) - strlen(items),
                        "%s{\"instanceId\":\"i-%d\"}", i > 0 ? "," : "", i);
    char record[4096];
    (void) snprintf(record, sizeof(record),
                    RECORD("StopInstances", "{\"instancesSet\":{\"items\":[%s]}}", "null"), items);
    struct np_entity entities[NP_ENTITIES_MAX];
    assert_int_equal(decode(d, record), NP_DECODE_EVENT);
    assert_int_equal(np_event_entities(d->event, entities), NP_ENTITIES_MAX);
    assert_true((d->event->flags & NP_EVENT_TRUNCATED) != 0);
}

static int open_decoder(void **state)
{
    static struct decode d;
    decode_open(&d, NULL, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_caller),
        cmocka_unit_test(knows_what_was_made_and_for_whom),
        cmocka_unit_test(knows_the_role_passed_to_a_stack),
        cmocka_unit_test(takes_the_assumed_role_for_the_target),
        cmocka_unit_test(knows_what_services_are_given),
        cmocka_unit_test(leaves_the_caller_out_of_the_targets),
        cmocka_unit_test(looks_below_the_request_for_what_every_event_may_name),
        cmocka_unit_test(flags_an_event_with_too_many),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
