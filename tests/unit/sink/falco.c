/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts as Falco writes them, byte for byte but for the random id; how they are posted is tests/e2e/falco_post.py's. */
#include "unit/sink/fixture.h"
#include "unit/sink/json_lines.h"

#include <errno.h>

static const struct np_rule_info rule_shell = {.id = "Shell in container",
                                               .title = "Shell in container",
                                               .priority = "Notice",
                                               .source = "syscall",
                                               .file = "rules.yaml",
                                               .level = NP_LEVEL_LOW,
                                               .language = NP_LANGUAGE_FALCO};

static struct np_sink *open_sink(struct capture *capture)
{
    struct np_sink *sink = NULL;
    capture_open(capture);
    const struct np_sink_params params = {.out = capture->out, .hostname = "lab"};
    assert_int_equal(np_sink_find(NP_SPAN("falco"))->open(&sink, &params, NULL), 0);
    return sink;
}

static void close_sink(struct np_sink *sink, struct capture *capture)
{
    sink->ops->destroy(sink);
    capture_close(capture);
}

/* Checks that `text` begins with a version 4 UUID as the first member, and returns what stands behind it. */
static const char *behind_uuid(const char *text)
{
    static const char form[] = "{\"uuid\":\"xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx\",";
    for (size_t i = 0; i < strlen(form); i++)
        if (form[i] == 'x')
            assert_non_null(strchr("0123456789abcdef", text[i]));
        else if (form[i] == 'y')
            assert_non_null(strchr("89ab", text[i]));
        else
            assert_int_equal(text[i], form[i]);
    return text + strlen(form);
}

static void writes_an_alert_as_falco_does(void **state)
{
    (void) state;
    static const char *const tags[] = {"container", "T1059"};
    static const struct np_value args[] = {{.kind = NP_VALUE_TEXT, .text = {"-c", 2}}};
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_rule_info rule = rule_shell;
    rule.tags = tags;
    rule.tag_count = 2;
    struct np_finding finding = finding_by(&rule, "", "ok", 1);
    finding.time += 20;
    finding.message = NP_SPAN("shell | fd=<NA> \"x\"");
    const struct np_finding_field fields[] = {
        {.name = NP_SPAN("proc.pid"), .value = {.kind = NP_VALUE_INT, .integer = -1}},
        {.name = NP_SPAN("fd.name")},
        {.name = NP_SPAN("evt.time.iso8601"), .value = {.kind = NP_VALUE_INT, .integer = 3}},
        {.name = NP_SPAN("proc.is_exe_writable"),
         .value = {.kind = NP_VALUE_BOOL, .boolean = true}},
        {.name = NP_SPAN("proc.aargs"),
         .value = {.kind = NP_VALUE_LIST, .count = 1, .items = args}},
    };
    finding.fields = fields;
    finding.field_count = NP_ARRAY_LEN(fields);
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    capture_read(&capture);
    assert_string_equal(
        behind_uuid(capture.text),
        "\"time\":\"2023-07-10T11:45:01.000000020Z\",\"priority\":\"Notice\","
        "\"rule\":\"Shell in container\",\"source\":\"syscall\",\"hostname\":\"lab\","
        "\"output\":\"2023-07-10T11:45:01.000000020+0000: Notice shell | fd=<NA> \\\"x\\\"\","
        "\"output_fields\":{\"evt.time.iso8601\":1688989501000000020,\"proc.pid\":-1,"
        "\"fd.name\":null,\"proc.is_exe_writable\":true,\"proc.aargs\":[\"-c\"]},"
        "\"tags\":[\"container\",\"T1059\"]}\n");
    close_sink(sink, &capture);
}

static void tells_falco_rules_only_and_no_summary(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    const struct np_finding finding = finding_by(&rule_trail, "ann", "ok", 1);
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    assert_null(sink->ops->incident);
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){.findings = 1}, NULL), 0);
    assert_string_equal(capture_read(&capture), "");
    close_sink(sink, &capture);
}

static void says_nothing_of_a_time_that_is_not_known(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_finding finding = finding_by(&rule_shell, "", "ok", 1);
    finding.time = NP_TIME_NONE;
    finding.message = NP_SPAN("m");
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    const char *text = behind_uuid(capture_read(&capture));
    assert_non_null(strstr(text, "\"time\":null,"));
    assert_non_null(strstr(text, "\"output\":\"<NA>: Notice m\""));
    assert_non_null(strstr(text, "{\"evt.time.iso8601\":null}"));
    close_sink(sink, &capture);
}

static void writes_json_whatever_the_texts(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    enum { FINDINGS = 500 };
    for (uint64_t seed = 1; seed <= FINDINGS; seed++) {
        char bytes[2048];
        size_t used = 0;
        uint64_t random = seed;
#define NEXT() hostile_span(bytes, &used, sizeof(bytes), &random)
        struct np_rule_info rule = {.language = NP_LANGUAGE_FALCO};
        rule.title = NEXT().ptr;
        rule.priority = NEXT().ptr;
        rule.source = NEXT().ptr;
        struct np_finding finding = finding_by(&rule, "", "ok", 1);
        finding.time = (np_time_ns) next_random(&random);
        finding.message = NEXT();
        const struct np_finding_field field = {.name = NEXT(),
                                               .value = {.kind = NP_VALUE_TEXT, .text = NEXT()}};
        finding.fields = &field;
        finding.field_count = 1;
#undef NEXT
        assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
    }
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    capture_read(&capture);
    assert_int_equal(assert_json_lines(capture.text, capture.len), FINDINGS);
    close_sink(sink, &capture);
}

static void refuses_what_is_no_url(void **state)
{
    (void) state;
    struct np_sink *sink = NULL;
    struct np_err err = {};
    const struct np_sink_params params = {.url = "http://a b/"};
    assert_int_equal(np_sink_find(NP_SPAN("falco"))->open(&sink, &params, &err), -EINVAL);
    assert_null(sink);
    assert_non_null(strstr(err.msg, "-o falco"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_an_alert_as_falco_does),
        cmocka_unit_test(tells_falco_rules_only_and_no_summary),
        cmocka_unit_test(says_nothing_of_a_time_that_is_not_known),
        cmocka_unit_test(writes_json_whatever_the_texts),
        cmocka_unit_test(refuses_what_is_no_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
