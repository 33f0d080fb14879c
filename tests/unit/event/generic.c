/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of a log source that the user names. */
#include "decode.h"

static void belongs_to_the_log_source_given(void **state)
{
    struct decode *d = *state;
    struct np_hash128 key;
    struct np_entity entities[NP_ENTITIES_MAX];
    assert_int_equal(decode(d, "{\"a\":{\"b\":true}}"), NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_JSON);
    assert_span_equal(d->event->logsource->product, "linux");
    assert_span_equal(d->event->logsource->category, "");
    assert_span_equal(d->event->logsource->service, "sshd");
    assert_true(field(d, "a.b")->boolean);
    assert_false(np_event_key(d->event, &key));
    assert_int_equal(np_event_entities(d->event, entities), 0);
}

static void takes_an_envelope_for_an_event(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"Records\":[{\"a\":1}]}"), NP_DECODE_EVENT);
}

static void finds_the_time_in_usual_members(void **state)
{
    struct decode *d = *state;
    static const struct {
        const char *record;
        np_time_ns time;
    } cases[] = {
        {"{\"@timestamp\":\"2023-07-10T11:45:01.5Z\",\"time\":\"2020-01-01T00:00:00Z\"}",
         1688989501500000000},
        {"{\"timestamp\":1688989501}", 1688989501000000000},
        {"{\"ts\":1688989501.25}", 1688989501250000000},
        {"{\"ts\":1688989501000}", 1688989501000000000},
        {"{\"time\":1688989501000000}", 1688989501000000000},
        {"{\"time\":1688989501000000000}", 1688989501000000000},
        {"{\"eventTime\":\"2023-07-10T13:45:01+02:00\"}", 1688989501000000000},
        {"{\"time\":\"yesterday\"}", NP_TIME_NONE},
        {"{\"time\":17}", NP_TIME_NONE},
        {"{\"time\":1e300}", NP_TIME_NONE},
        {"{\"time\":null}", NP_TIME_NONE},
        {"{}", NP_TIME_NONE},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++) {
        assert_int_equal(decode(d, cases[i].record), NP_DECODE_EVENT);
        assert_int_equal(d->event->time, cases[i].time);
        assert_int_equal(
            np_decode_time(d->decoder, np_span_make(d->record, strlen(cases[i].record)), &d->arena),
            cases[i].time);
    }
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"a.b", NULL};
    struct np_logsource linux_sshd = {.product = NP_SPAN("linux"), .service = NP_SPAN("sshd")};
    decode_open(&d, names, &linux_sshd);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(belongs_to_the_log_source_given),
        cmocka_unit_test(takes_an_envelope_for_an_event),
        cmocka_unit_test(finds_the_time_in_usual_members),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
