/* SPDX-License-Identifier: Apache-2.0 */
/* The events of an incident from the records of a file; of one that is not there, the id. */
#include "cli/incidents/events.h"

#include "unit/sink/fixture.h"

#include "incident/incident.h"

static const char records[] =
    "{\"eventVersion\":\"1.08\",\"eventID\":\"e-1\",\"eventTime\":\"2024-05-01T10:00:00Z\","
    "\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"ListUsers\",\"awsRegion\":\"us-east-1\","
    "\"recipientAccountId\":\"111122223333\",\"sourceIPAddress\":\"203.0.113.9\",\"userIdentity\":"
    "{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/a\\u202eb\"}}\n"
    "{\"eventVersion\":\"1.08\",\"eventID\":\"other\",\"eventTime\":\"2024-05-01T10:00:01Z\","
    "\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"GetUser\",\"awsRegion\":\"us-east-1\","
    "\"recipientAccountId\":\"111122223333\"}\n";

static const struct np_span ids[] = {NP_SPAN("e-1"), NP_SPAN("e-2")};
static const struct np_incident_step steps[] = {{.event_ids = ids, .event_count = 1}};
static const struct np_incident incident = {
    .id = {.low = 1},
    .steps = steps,
    .step_count = NP_ARRAY_LEN(steps),
    .event_ids = ids,
    .event_count = NP_ARRAY_LEN(ids),
};

/* A run that is over, of `incidents show ID FILE`. */
struct stage {
    char path[64];
    const char *operands[2];
    struct np_args args;
    struct np_gathered gathered;
    struct np_incident_events events;
    struct np_err err;
};

static void stage_open(struct stage *stage)
{
    *stage = (struct stage){};
    (void) snprintf(stage->path, sizeof(stage->path), "/tmp/np-events-XXXXXX");
    int fd = mkstemp(stage->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, records, sizeof(records) - 1), sizeof(records) - 1);
    assert_int_equal(close(fd), 0);
    stage->operands[0] = "1";
    stage->operands[1] = stage->path;
    stage->args = (struct np_args){.operands = stage->operands, .operand_count = 2};
    stage->gathered.hunt.args = &stage->args;
    assert_int_equal(np_field_set_new(&stage->gathered.hunt.fields), 0);
    assert_int_equal(
        np_decode_plan_new(&stage->gathered.hunt.plan, stage->gathered.hunt.fields, NULL, NULL), 0);
}

static void stage_close(struct stage *stage)
{
    np_incident_events_done(&stage->events);
    np_decode_plan_free(&stage->gathered.hunt.plan);
    np_field_set_free(&stage->gathered.hunt.fields);
    (void) unlink(stage->path);
}

static int stage_read(struct stage *stage)
{
    return np_incident_events_read(&stage->events, &stage->gathered, &incident, &stage->err);
}

static void finds_the_records_of_events(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage);
    assert_int_equal(stage_read(&stage), 0);
    assert_int_equal(stage.events.items.len, 2);
    const struct np_incident_event *known = &stage.events.items.items[0];
    assert_true(known->is_known);
    assert_int_equal(known->step, 0);
    assert_true(np_span_is(known->brief.name, "ListUsers"));
    assert_string_equal(known->origin.object, stage.path);
    assert_false(stage.events.items.items[1].is_known);
    assert_int_equal(stage.events.items.items[1].step, NP_ARRAY_LEN(steps)); /* of none */
    stage_close(&stage);
}

static void shows_one_that_is_not_there_by_its_id(void **state)
{
    const struct np_sink_params look = {.width = 120, .zone = "UTC"};
    struct np_sink_params params = look;
    struct capture capture;
    struct stage stage;
    (void) state;
    stage_open(&stage);
    capture_open(&capture);
    params.out = capture.out;
    assert_int_equal(stage_read(&stage), 0);
    assert_int_equal(np_incident_events_table(&stage.events, &incident, &params, NULL), 0);
    assert_int_equal(np_incident_events_ndjson(&stage.events, &incident, capture.out, NULL), 0);
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    const char *text = capture_read(&capture);
    assert_non_null(strstr(text, "ListUsers"));
    assert_null(strstr(text, "\xe2\x80\xae")); /* nothing turns the terminal's direction */
    assert_non_null(strstr(text, "\"id\":\"e-1\",\"time\":\"2024-05-01T10:00:00Z\",\"step\":0,"));
    assert_non_null(strstr(text, "\"id\":\"e-2\",\"time\":null,\"step\":null,\"name\":\"\""));
    capture_close(&capture);
    stage_close(&stage);
}

static void tells_when_the_input_has_gone(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage);
    assert_int_equal(unlink(stage.path), 0);
    assert_true(stage_read(&stage) < 0);
    assert_true(stage.err.msg[0] != '\0');
    stage_close(&stage);
}

static void standard_input_is_read_once(void **state)
{
    const char *const operands[] = {"-", "logs", "-"};
    struct np_args args = {.operands = operands, .operand_count = 2};
    (void) state;
    assert_true(np_incident_events_can_read(&args, 1)); /* the first is the incident's id */
    args.operand_count = 3;
    assert_false(np_incident_events_can_read(&args, 1));
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    int r = -1;
    (void) state;
    for (long n = 0; r < 0 && n < 1000; n++) {
        struct stage stage;
        stage_open(&stage);
        np_alloc_fail_at(n);
        r = stage_read(&stage);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || stage.err.msg[0] != '\0');
        stage_close(&stage);
    }
    assert_int_equal(r, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_records_of_events),
        cmocka_unit_test(shows_one_that_is_not_there_by_its_id),
        cmocka_unit_test(tells_when_the_input_has_gone),
        cmocka_unit_test(standard_input_is_read_once),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
