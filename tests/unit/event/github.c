/* SPDX-License-Identifier: Apache-2.0 */
/* What a GitHub audit event becomes. */
#include "decode.h"

static void reads_what_every_event_has(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(
        decode(d, "{\"@timestamp\":1688989501500,\"created_at\":1,\"_document_id\":\"doc-1\","
                  "\"action\":\"repo.destroy\",\"actor\":\"eve\",\"actor_ip\":\"192.0.2.1\","
                  "\"org\":\"shop\",\"business\":\"big\",\"repo\":\"shop/cart\",\"user\":\"bob\","
                  "\"hashed_token\":\"h=\"}"),
        NP_DECODE_EVENT);
    assert_int_equal(d->event->kind, NP_EVENT_GITHUB);
    assert_string_equal(np_event_kind_name(d->event->kind), "github.audit");
    assert_span_equal(d->event->id, "doc-1");
    assert_span_equal(d->event->account, "shop");
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1) + NP_NS_PER_S / 2);
    assert_span_equal(d->event->logsource->product, "github");
    assert_span_equal(d->event->logsource->service, "audit");
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.name, "repo.destroy");
    assert_span_equal(brief.source, "repo");
    assert_span_equal(brief.principal, "eve");
    assert_span_equal(brief.address, "192.0.2.1");
    assert_span_equal(brief.outcome, "ok");
    assert_true(has_entity(d, NP_ENTITY_BY, NP_ENTITY_USER, "eve"));
    assert_true(has_entity(d, NP_ENTITY_WITH, NP_ENTITY_ACCESS_KEY, "h="));
    assert_true(has_entity(d, NP_ENTITY_FROM, NP_ENTITY_ADDRESS, "192.0.2.1"));
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_USER, "bob"));
    assert_true(has_entity(d, NP_ENTITY_ON, NP_ENTITY_RESOURCE, "shop/cart"));
    assert_span_equal(field(d, "event.action")->text, "repo.destroy");
    assert_span_equal(field(d, "github.org")->text, "shop");
}

static void is_told_by_an_action_of_somebody(void **state)
{
    struct decode *d = *state;
    struct np_event_brief brief;
    assert_int_equal(decode(d, "{\"action\":\"x\",\"actor\":\"a\"}"), NP_DECODE_EVENT);
    assert_int_equal(decode(d, "{\"action\":\"x\",\"org\":\"o\"}"), NP_DECODE_EVENT);
    np_event_brief(d->event, &brief);
    assert_span_equal(brief.source, "");
    assert_int_equal(decode(d, "{\"action\":\"x\"}"), NP_DECODE_UNKNOWN);
    assert_int_equal(decode(d, "{\"actor\":\"a\",\"org\":\"o\"}"), NP_DECODE_UNKNOWN);
}

static void reads_the_time_of_its_record_where_there_is_no_other(void **state)
{
    struct decode *d = *state;
    assert_int_equal(decode(d, "{\"action\":\"x\",\"org\":\"o\",\"created_at\":1688989501000}"),
                     NP_DECODE_EVENT);
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
    assert_int_equal(
        decode(d, "{\"action\":\"x\",\"org\":\"o\",\"created_at\":\"2023-07-10 11:45:01.000\"}"),
        NP_DECODE_EVENT);
    assert_int_equal(d->event->time, np_time_of_utc(2023, 7, 10, 11, 45, 1));
}

static void keys_repeats_by_document(void **state)
{
    struct decode *d = *state;
#define EVENT "{\"action\":\"x\",\"org\":\"o\""
    assert_true(
        has_same_key(d, EVENT ",\"_document_id\":\"1\"}", EVENT ",\"_document_id\":\"1\"}"));
    assert_false(
        has_same_key(d, EVENT ",\"_document_id\":\"1\"}", EVENT ",\"_document_id\":\"2\"}"));
    assert_false(has_key(d, EVENT "}"));
#undef EVENT
}

static int open_decoder(void **state)
{
    static struct decode d;
    static const char *const names[] = {"event.action", "github.org", NULL};
    decode_open(&d, names, NULL);
    *state = &d;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_every_event_has),
        cmocka_unit_test(is_told_by_an_action_of_somebody),
        cmocka_unit_test(reads_the_time_of_its_record_where_there_is_no_other),
        cmocka_unit_test(keys_repeats_by_document),
    };
    return cmocka_run_group_tests(tests, open_decoder, decode_teardown);
}
