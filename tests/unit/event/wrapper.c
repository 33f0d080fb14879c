/* SPDX-License-Identifier: Apache-2.0 */
/* Records inside others, and kinds that follow one another. */
#include "decode.h"

#include <errno.h>

#define INNER "{\"eventVersion\":\"1.08\",\"eventTime\":\"2023-07-10T11:45:01Z\",\"eventID\":\"e\"}"
#define QUOTED                                                                                     \
    "\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventTime\\\":\\\"2023-07-10T11:45:01Z\\\","         \
    "\\\"eventID\\\":\\\"e\\\"}\""

static void unwraps_what_holds_one_record(void **state)
{
    struct decode *d = *state;
    static const char *const wrapped[] = {
        "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":" INNER ",\"id\":\"x\"}",
        "{\"detail\":" INNER ",\"detail-type\":\"AWS Console Sign In via CloudTrail\"}",
        "{\"EventId\":\"e\",\"EventName\":\"A\",\"CloudTrailEvent\":" QUOTED "}",
        "{\"event\":{\"original\":" QUOTED ",\"action\":\"A\"},\"@timestamp\":\"x\"}",
        "{\"event.original\":" QUOTED "}",
        "{\"id\":\"3\",\"timestamp\":1688989501000,\"message\":" QUOTED "}",
        "{\"message\":\"{\\\"detail-type\\\":1,\\\"detail\\\":{\\\"detail-type\\\":1,"
        "\\\"detail\\\":{\\\"eventVersion\\\":1,\\\"eventTime\\\":\\\"2023-07-10T11:45:01Z\\\","
        "\\\"eventID\\\":\\\"e\\\"}}}\"}",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(wrapped); i++) {
        assert_int_equal(decode(d, wrapped[i]), NP_DECODE_EVENT);
        assert_int_equal(d->event->kind, NP_EVENT_CLOUDTRAIL);
        assert_span_equal(d->event->id, "e");
        assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
        assert_int_equal(d->event->origin.length, strlen(wrapped[i]));
        assert_int_equal(d->event->raw.ptr[0], '{');
        assert_true(d->event->raw.len < strlen(wrapped[i]));
    }
}

static bool sees_text(void *context, struct np_span text)
{
    bool *seen = context;
    *seen = *seen || np_span_is(text, "detail-type");
    return true;
}

static void shows_the_inner_record_alone(void **state)
{
    struct decode *d = *state;
    bool seen = false;
    assert_int_equal(decode(d, "{\"detail-type\":\"t\",\"detail\":" INNER "}"), NP_DECODE_EVENT);
    assert_span_equal(d->event->raw, INNER);
    np_event_each_text(d->event, sees_text, &seen);
    assert_false(seen);
    assert_int_equal(field(d, "detail.eventID")->kind, NP_VALUE_ABSENT);
}

static void unwraps_every_kind(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"message\":\"{\\\"apiVersion\\\":\\\"audit.k8s.io/v1\\\"}\"}"),
                     NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_KUBERNETES);
    assert_int_equal(decode(d, "{\"message\":\"{\\\"protoPayload\\\":{}}\"}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_GCP);
}

static void leaves_alone_what_wraps_no_record(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *record;
        enum np_decode_result result;
    } cases[] = {
        {"{\"detail\":" INNER "}", NP_DECODE_UNKNOWN},
        {"{\"detail-type\":\"t\",\"detail\":\""
         "x"
         "\"}",
         NP_DECODE_UNKNOWN},
        {"{\"detail-type\":\"t\",\"detail\":{\"a\":1}}", NP_DECODE_UNKNOWN},
        {"{\"message\":\"plain text\"}", NP_DECODE_UNKNOWN},
        {"{\"message\":\"\"}", NP_DECODE_UNKNOWN},
        {"{\"message\":\"{not json\"}", NP_DECODE_INVALID},
        {"{\"message\":\"{}{}\"}", NP_DECODE_SEVERAL},
        {"{\"message\":\"{\\\"Records\\\":[{}]}\"}", NP_DECODE_SEVERAL},
        {"{\"message\":[" QUOTED "," QUOTED "]}", NP_DECODE_UNKNOWN},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_int_equal(decode(d, cases[i].record), cases[i].result);
}

static void stops_at_the_limit(void **state)
{
    struct decode *d = *state;
#define IN(inner) "{\"detail-type\":\"t\",\"detail\":" inner "}"
    assert_int_equal(NP_UNWRAP_MAX, 3);
    assert_int_equal(decode(d, IN(IN(IN(INNER)))), NP_DECODE_EVENT);
    assert_int_equal(decode(d, IN(IN(IN(IN(INNER))))), NP_DECODE_UNKNOWN);
#undef IN
}

static void knows_control_messages(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"id\":\"\",\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: "
                               "Checking health of destination Firehose.\"}"),
                     NP_DECODE_CONTROL);
}

static void splits_every_envelope_first(void **state)
{
    struct decode *d = *state;
    static const char *const keys[] = {"Records", "records", "Events", "logEvents", "items"};
    for (size_t i = 0; i < NP_ARRAY_LEN(keys); i++) {
        char record[256];
        (void) snprintf(record, sizeof(record), "{\"%s\":[" INNER "],\"apiVersion\":\"x\"}",
                        keys[i]);
        assert_int_equal(decode(d, record), NP_DECODE_SEVERAL);
        (void) snprintf(record, sizeof(record), "{\"%s\":[],\"action\":\"a\",\"actor\":\"b\"}",
                        keys[i]);
        assert_int_equal(decode(d, record), NP_DECODE_SEVERAL);
        (void) snprintf(record, sizeof(record), "{\"%s\":1,\"action\":\"a\",\"actor\":\"b\"}",
                        keys[i]);
        assert_int_equal(decode(d, record), NP_DECODE_EVENT);
    }
}

static void unwraps_nothing_of_a_named_log_source(void **state)
{
    (void) state;
    struct decode d;
    const struct np_logsource generic = {.product = NP_SPAN("p")};
    decode_open(&d, NULL, &generic);
    assert_int_equal(decode(&d, "{\"detail-type\":\"t\",\"detail\":" INNER "}"), NP_DECODE_EVENT);
    assert_int_equal(d.event->kind, NP_EVENT_JSON);
    assert_int_equal(decode(&d, "{\"apiVersion\":\"audit.k8s.io/v1\"}"), NP_DECODE_EVENT);
    assert_int_equal(d.event->kind, NP_EVENT_JSON);
    assert_span_equal(d.event->logsource->product, "p");
    decode_close(&d);
}

/* What a record is must not depend on what was decoded before it. */
static void decodes_alike_whatever_came_before(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *record;
        enum np_decode_result result;
        enum np_event_kind kind;
    } cases[] = {
        {INNER, NP_DECODE_EVENT, NP_EVENT_CLOUDTRAIL},
        {"{\"apiVersion\":\"audit.k8s.io/v1\",\"eventName\":\"x\"}", NP_DECODE_EVENT,
         NP_EVENT_KUBERNETES},
        {"{\"protoPayload\":{\"apiVersion\":\"audit.k8s.io/v1\",\"action\":1,\"actor\":2}}",
         NP_DECODE_EVENT, NP_EVENT_GCP},
        {"{\"protoPayload\":{\"metadata\":{\"event\":{\"eventName\":\"x\"}}},\"eventSource\":"
         "\"s\"}",
         NP_DECODE_EVENT, NP_EVENT_GCP},
        {"{\"action\":\"a\",\"actor\":\"b\"}", NP_DECODE_EVENT, NP_EVENT_GITHUB},
        /* What is broken is read at once only as another kind. */
        {"{\"action\":\"a\",\"actor\":\"b\",\"timeWindow\":{\"windowStart\":nul}}", NP_DECODE_EVENT,
         NP_EVENT_GITHUB},
        {"{\"eventVersion\":\"1\",\"eventTime\":\"t\",\"user\":{\"username\":nul}}",
         NP_DECODE_EVENT, NP_EVENT_CLOUDTRAIL},
        {"{\"eventVersion\":\"1\",\"eventCategory\":\"Aggregated\",\"timeWindow\":{}}",
         NP_DECODE_EVENT, NP_EVENT_CLOUDTRAIL},
        {"{\"protoPayload.eventVersion\":1,\"protoPayload.eventTime\":2,\"action\":1,\"org\":2}",
         NP_DECODE_EVENT, NP_EVENT_GITHUB},
        {"{\"protoPayload.eventVersion\":1,\"protoPayload.eventTime\":2}", NP_DECODE_UNKNOWN, 0},
        {"{\"protoPayload.protoPayload\":1}", NP_DECODE_UNKNOWN, 0},
        {"{\"a\":1}", NP_DECODE_UNKNOWN, 0},
        {"{\"action\":nul,\"actor\":\"b\"}", NP_DECODE_INVALID, 0},
    };
    for (size_t before = 0; before < 5; before++)
        for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
            assert_int_equal(decode(d, cases[before].record), NP_DECODE_EVENT);
            assert_int_equal(d->event->kind, cases[before].kind);
            assert_int_equal(decode(d, cases[i].record), cases[i].result);
            if (cases[i].result == NP_DECODE_EVENT)
                assert_int_equal(d->event->kind, cases[i].kind);
        }
}

static void reads_the_time_of_a_wrapper(void **state)
{
    struct decode *d = *state;
    static const char *const records[] = {
        "{\"time\":\"2023-07-10T11:45:01Z\",\"detail-type\":\"t\",\"detail\":{}}",
        "{\"EventTime\":1688989501.0,\"CloudTrailEvent\":\"{}\"}",
        "{\"timestamp\":1688989501000,\"message\":\"\"}",
        "{\"requestReceivedTimestamp\":\"2023-07-10T11:45:01Z\",\"stageTimestamp\":\"x\"}",
        "{\"created_at\":1688989501000}",
        "{\"timeWindow\":{\"windowStart\":\"2023-07-10T11:45:01Z\"}}",
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(records); i++) {
        (void) decode(d, records[i]); /* copies it with its padding */
        assert_int_equal(
            np_decode_time(d->decoder, np_span_make(d->record, strlen(records[i])), &d->arena),
            np_time_of_utc(2023, 7, 10, 11, 45, 1));
    }
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    struct decode *d = *state;
    static const char text[] = "{\"message\":" QUOTED "}";
    char record[sizeof(text) + NP_JSON_PADDING];
    memcpy(record, text, sizeof(text));
    const struct np_record given = {.bytes = np_span_make(record, sizeof(text) - 1)};
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        struct np_decode_plan *plan = NULL;
        struct np_decoder *decoder = NULL;
        struct np_event *event = NULL;
        struct np_arena arena;
        np_arena_init(&arena, SIZE_MAX);
        np_alloc_fail_at(n);
        r = np_decode_plan_new(&plan, d->fields, NULL, NULL);
        if (r == 0)
            r = np_decoder_new(&decoder, plan);
        if (r == 0 && np_decode(decoder, &given, &arena, &event, &d->reason) != NP_DECODE_EVENT)
            r = -ENOMEM;
        np_alloc_fail_at(-1);
        assert_true(r == 0 || event == NULL);
        np_decoder_free(&decoder);
        np_decode_plan_free(&plan);
        np_arena_done(&arena);
    }
    assert_int_equal(r, 0);
}
#endif

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"detail.eventID", NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwraps_what_holds_one_record),
        cmocka_unit_test(shows_the_inner_record_alone),
        cmocka_unit_test(unwraps_every_kind),
        cmocka_unit_test(leaves_alone_what_wraps_no_record),
        cmocka_unit_test(stops_at_the_limit),
        cmocka_unit_test(knows_control_messages),
        cmocka_unit_test(splits_every_envelope_first),
        cmocka_unit_test(unwraps_nothing_of_a_named_log_source),
        cmocka_unit_test(decodes_alike_whatever_came_before),
        cmocka_unit_test(reads_the_time_of_a_wrapper),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
