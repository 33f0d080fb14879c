/* SPDX-License-Identifier: Apache-2.0 */
/* The lines byte for byte, and that hostile texts never make one that is not JSON. */
#include "unit/sink/fixture.h"
#include "unit/sink/json_lines.h"

#include <errno.h>

#define ANN "arn:aws:iam::111122223333:user/ann"

static struct np_sink *open_sink(struct capture *capture)
{
    struct np_sink *sink = NULL;
    capture_open(capture);
    const struct np_sink_params params = {.out = capture->out};
    assert_int_equal(np_sink_find(NP_SPAN("ndjson"))->open(&sink, &params, NULL), 0);
    return sink;
}

static void close_sink(struct np_sink *sink, struct capture *capture)
{
    sink->ops->destroy(sink);
    capture_close(capture);
}

static void writes_a_finding_with_every_key(void **state)
{
    (void) state;
    static const char *const tags[] = {"attack.defense-evasion", "attack.t1562.008"};
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_rule_info rule = rule_trail;
    rule.tags = tags;
    rule.tag_count = 2;
    struct np_finding finding = finding_by(&rule, ANN, "ok", 1);
    finding.arrival = finding.time + 90 * NP_NS_PER_S + 500000000;
    const struct np_finding_field fields[] = {text_field("eventName", "StopLogging"),
                                              text_field("a \"b\"", "c\n")};
    finding.fields = fields;
    finding.field_count = NP_ARRAY_LEN(fields);
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    const struct np_summary summary = {.complete = true};
    assert_int_equal(sink->ops->finish(sink, &summary, NULL), 0);
    static const char want[] =
        "{\"schema_version\":1,\"kind\":\"finding\",\"id\":\"00000000000000010000000000000023\","
        "\"time\":\"2023-07-10T11:45:01Z\",\"arrival\":\"2023-07-10T11:46:31.5Z\",\"level\":"
        "\"critical\","
        "\"rule\":{\"id\":\"r-trail\",\"title\":\"CloudTrail logging stopped or deleted\","
        "\"language\":\"sigma\",\"level\":\"critical\",\"priority\":\"critical\","
        "\"tags\":[\"attack.defense-evasion\",\"attack.t1562.008\"],\"file\":\"rules/aws/"
        "trail.yml\"},"
        "\"event\":{\"id\":\"4a81a319-3f88-4f76-a01d-4f206b7e1c0d\",\"kind\":\"aws.cloudtrail\","
        "\"account\":\"111122223333\",\"name\":\"StopLogging\",\"source\":\"cloudtrail.amazonaws."
        "com\","
        "\"region\":\"us-east-1\",\"principal\":\"" ANN "\",\"address\":\"203.0.113.7\","
        "\"outcome\":\"ok\"},\"origin\":{\"object\":\"logs/a.json\",\"offset\":12,\"length\":345},"
        "\"message\":\"CloudTrail logging stopped or deleted\","
        "\"fields\":{\"eventName\":\"StopLogging\",\"a \\\"b\\\"\":\"c\\n\"}}\n";
    capture_read(&capture);
    assert_true(capture.len > sizeof(want));
    capture.text[sizeof(want) - 1] = '\0';
    assert_string_equal(capture.text, want);
    close_sink(sink, &capture);
}

static void writes_null_for_a_time_that_is_not_known(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_finding finding = finding_by(&rule_list, "", "", 1);
    finding.time = NP_TIME_NONE;
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    const char *text = capture_read(&capture);
    assert_non_null(strstr(text, "\"time\":null,\"arrival\":null,"));
    assert_non_null(strstr(text, "\"tags\":[]"));
    assert_non_null(strstr(text, "\"principal\":\"\""));
    assert_non_null(strstr(text, "\"fields\":{}}\n"));
    close_sink(sink, &capture);
}

static void tells_that_a_text_was_cut(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_finding finding = finding_by(&rule_list, ANN, "ok", 1);
    finding.truncated = true;
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    assert_non_null(strstr(capture_read(&capture), "\"fields\":{},\"truncated\":true}\n"));
    close_sink(sink, &capture);
}

static void writes_the_summary_with_every_key(void **state)
{
    (void) state;
    static const struct np_skipped skipped[] = {{"a/index.html", "no JSON", 1},
                                                {"b.json", "record too long", 3}};
    static const struct np_limit limits[] = {{"regular expression steps", "Rule \"x\"", NULL, 12},
                                             {"record length", NULL, "b.json", 3}};
    const struct np_summary summary = {.objects = 604,
                                       .records = 1973,
                                       .events = 1724,
                                       .bytes = 5234567,
                                       .duplicates = 249,
                                       .late = 1,
                                       .digests = 2,
                                       .skipped = skipped,
                                       .skipped_count = 2,
                                       .rules_loaded = 25,
                                       .rules_refused = 1,
                                       .findings = 6,
                                       .by_level = {1, 0, 2, 0, 3},
                                       .limits = limits,
                                       .limit_count = 2,
                                       .seconds = 0.25};
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    assert_int_equal(sink->ops->finish(sink, &summary, NULL), 0);
    assert_string_equal(
        capture_read(&capture),
        "{\"schema_version\":1,\"kind\":\"summary\",\"objects\":604,\"records\":1973,\"events\":"
        "1724,"
        "\"bytes\":5234567,\"duplicates\":249,\"late\":1,\"digests\":2,"
        "\"skipped\":[{\"object\":\"a/index.html\",\"reason\":\"no JSON\",\"count\":1},"
        "{\"object\":\"b.json\",\"reason\":\"record too long\",\"count\":3}],"
        "\"rules\":{\"loaded\":25,\"refused\":1},\"findings\":6,\"incidents\":0,"
        "\"by_level\":{\"critical\":3,\"high\":0,\"medium\":2,\"low\":0,\"informational\":1},"
        "\"limits\":[{\"what\":\"regular expression steps\",\"rule\":\"Rule "
        "\\\"x\\\"\",\"object\":null,"
        "\"count\":12},{\"what\":\"record "
        "length\",\"rule\":null,\"object\":\"b.json\",\"count\":3}],"
        "\"seconds\":0.25,\"complete\":false}\n");
    close_sink(sink, &capture);
}

/* ---- a strict little reader of JSON, with no code in common with the writer */

static void writes_json_whatever_the_texts(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    enum { FINDINGS = 2000 };
    for (uint64_t seed = 1; seed <= FINDINGS; seed++) {
        char bytes[2048];
        size_t used = 0;
        uint64_t random = seed;
#define NEXT() hostile_span(bytes, &used, sizeof(bytes), &random)
        struct np_rule_info rule = {.level = (enum np_level)(seed % NP_LEVEL_MAX)};
        rule.id = NEXT().ptr;
        rule.title = NEXT().ptr;
        rule.priority = NEXT().ptr;
        rule.file = NEXT().ptr;
        const char *const tags[] = {NEXT().ptr, NEXT().ptr};
        rule.tags = tags;
        rule.tag_count = 2;
        struct np_finding finding = finding_by(&rule, ANN, "ok", 1);
        finding.time = (np_time_ns) next_random(&random);
        finding.account = NEXT();
        finding.event_id = NEXT();
        finding.event = (struct np_event_brief){NEXT(), NEXT(), NEXT(), NEXT(), NEXT(), NEXT()};
        finding.origin.object = NEXT().ptr;
        finding.message = NEXT();
        const struct np_finding_field fields[] = {
            {.name = NEXT(), .value = {.kind = NP_VALUE_TEXT, .text = NEXT()}},
            {.name = NEXT(), .value = {.kind = NP_VALUE_TEXT, .text = NEXT()}}};
        finding.fields = fields;
        finding.field_count = 2;
#undef NEXT
        assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    }
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    capture_read(&capture);
    assert_int_equal(assert_json_lines(capture.text, capture.len), FINDINGS + 1);
    close_sink(sink, &capture);
}

static void tells_of_a_full_disk(void **state)
{
    (void) state;
    struct np_out *out = NULL;
    struct np_sink *sink = NULL;
    struct np_err err = {};
    assert_int_equal(np_out_file(&out, "/dev/full", NULL), 0);
    const struct np_sink_params params = {.out = out};
    assert_int_equal(np_sink_find(NP_SPAN("ndjson"))->open(&sink, &params, NULL), 0);
    struct np_finding finding = finding_by(&rule_list, ANN, "ok", 1);
    int r = 0;
    for (int i = 0; i < 1000 && r == 0; i++)
        r = sink->ops->finding(sink, &finding, &err);
    assert_int_equal(r, -ENOSPC);
    assert_non_null(strstr(err.msg, "/dev/full"));
    sink->ops->destroy(sink);
    np_out_free(&out);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    check_failed_allocations(NP_SPAN("ndjson"), &rule_list);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_finding_with_every_key),
        cmocka_unit_test(writes_null_for_a_time_that_is_not_known),
        cmocka_unit_test(tells_that_a_text_was_cut),
        cmocka_unit_test(writes_the_summary_with_every_key),
        cmocka_unit_test(writes_json_whatever_the_texts),
        cmocka_unit_test(tells_of_a_full_disk),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
