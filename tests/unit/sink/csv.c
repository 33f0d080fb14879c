/* SPDX-License-Identifier: Apache-2.0 */
/* Rows byte for byte, and that no cell is a formula, a command for a terminal, or two cells. */
#include "unit/sink/fixture.h"

#include <errno.h>

#define ANN "arn:aws:iam::111122223333:user/ann"
#define HEADER                                                                                     \
    "time,level,rule_id,rule_title,account,region,event_id,event_name,source,principal,address,"   \
    "outcome,targets,object,offset,message,tags\n"

enum { COLUMNS = 17 };

static struct np_sink *open_sink(struct capture *capture)
{
    struct np_sink *sink = NULL;
    capture_open(capture);
    const struct np_sink_params params = {.out = capture->out};
    assert_int_equal(np_sink_find(NP_SPAN("csv"))->open(&sink, &params, NULL), 0);
    return sink;
}

static void close_sink(struct np_sink *sink, struct capture *capture)
{
    sink->ops->destroy(sink);
    capture_close(capture);
}

static void tell(struct np_sink *sink, struct np_finding finding)
{
    assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
}

static const char *finish(struct np_sink *sink, struct capture *capture)
{
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    return capture_read(capture);
}

static void writes_a_row_for_each_finding(void **state)
{
    (void) state;
    static const char *const tags[] = {"attack.stealth", "attack.t1562.008"};
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_rule_info rule = rule_trail;
    rule.tags = tags;
    rule.tag_count = 2;
    struct np_finding finding = finding_by(&rule, ANN, "AccessDenied", 1);
    add_target_text(&finding, "trail/one");
    add_target_text(&finding, "trail/two");
    tell(sink, finding);
    finding = finding_by(&rule_list, "", "ok", 2);
    finding.time = NP_TIME_NONE;
    tell(sink, finding);
    assert_string_equal(
        finish(sink, &capture), HEADER
        "2023-07-10T11:45:01Z,critical,r-trail,CloudTrail logging stopped or deleted,111122223333,"
        "us-east-1,4a81a319-3f88-4f76-a01d-4f206b7e1c0d,StopLogging,cloudtrail.amazonaws.com," ANN
        ",203.0.113.7,AccessDenied,\"trail/one, trail/two\",logs/a.json,12,"
        "CloudTrail logging stopped or deleted,\"attack.stealth, attack.t1562.008\"\n"
        ",informational,r-list,IAM listed,111122223333,us-east-1,"
        "4a81a319-3f88-4f76-a01d-4f206b7e1c0d,StopLogging,cloudtrail.amazonaws.com,,203.0.113.7,"
        "ok,,logs/a.json,12,CloudTrail logging stopped or deleted,\n");
    close_sink(sink, &capture);
}

static void writes_the_header_without_findings(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    assert_string_equal(finish(sink, &capture), HEADER);
    close_sink(sink, &capture);
}

/* The cell that a text becomes, as the message, which has a comma on both sides. */
static const char *const cells[][2] = {
    {"plain", "plain"},
    {"", ""},
    {"a,b", "\"a,b\""},
    {"a;b", "\"a;b\""},
    {"say \"hi\"", "\"say \"\"hi\"\"\""},
    {" padded", "\" padded\""},
    {"padded ", "\"padded \""},
    {"two\nlines", "two\\nlines"},
    {"two\r\nlines", "two\\r\\nlines"},
    {"=1+1", "'=1+1"},
    {"+1", "'+1"},
    {"-1", "'-1"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
    {"\t=1", "\\t=1"},
    {"\r=1", "\\r=1"},
    {"\n=1", "\\n=1"},
    {"\xef\xbc\x9d"
     "1",
     "'\xef\xbc\x9d"
     "1"}, /* wide forms */
    {"a=1", "a=1"},
    {"\033[2J", "\\x1b[2J"},
    {"\xe2\x80\xae"
     "evil",
     "\\u202eevil"},
    {"\xff", "\\xff"},
    {"caf\xc3\xa9", "caf\xc3\xa9"},
};

static void makes_cells_safe(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(cells); i++) {
        struct capture capture;
        struct np_sink *sink = open_sink(&capture);
        struct np_finding finding = finding_by(&rule_list, ANN, "ok", 1);
        finding.message = np_span_of(cells[i][0]);
        tell(sink, finding);
        const char *text = finish(sink, &capture);
        const char *row = strstr(text, ",12,");
        char want[128];
        (void) snprintf(want, sizeof(want), ",12,%s,\n", cells[i][1]);
        assert_string_equal(row, want);
        close_sink(sink, &capture);
    }
}

/* ---- a strict reader with no code in common with the writer */

/* Passes over one cell; what it holds must be harmless. Returns what stands behind it. */
static const char *skip_cell(const char *at)
{
    bool quoted = *at == '"';
    at += quoted;
    assert_true(strchr("=+-@\t\r", *at) == NULL || *at == '\0');
    for (; *at != '\0'; at++) {
        assert_true((unsigned char) *at >= 0x20 || *at == '\n');
        if (quoted && at[0] == '"' && at[1] == '"')
            at++;
        else if (quoted && *at == '"')
            return at + 1;
        else if (!quoted && strchr(",\n", *at) != NULL)
            return at;
        else
            assert_true(*at != '\n' && (quoted || *at != '"'));
    }
    fail();
    return at;
}

static void keeps_hostile_texts_in_their_cells(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    enum { FINDINGS = 2000 };
    for (uint64_t seed = 1; seed <= FINDINGS; seed++) {
        char bytes[3][64];
        size_t lens[3];
        uint64_t random = seed;
        for (size_t i = 0; i < 3; i++) {
            lens[i] = make_hostile(bytes[i], sizeof(bytes[i]) - 1, &random);
            bytes[i][lens[i]] = '\0';
        }
        struct np_rule_info rule = rule_list;
        rule.title = bytes[0];
        struct np_finding finding = finding_by(&rule, bytes[1], "=ok", 1);
        finding.message = np_span_make(bytes[2], lens[2]);
        add_target_text(&finding, bytes[1]);
        add_target_text(&finding, bytes[0]);
        tell(sink, finding);
    }
    const char *at = finish(sink, &capture);
    assert_harmless(capture.text, capture.len, SIZE_MAX, false);
    for (size_t row = 0; row < FINDINGS + 1; row++)
        for (size_t column = 1; column <= COLUMNS; column++) {
            at = skip_cell(at);
            assert_int_equal(*at, column < COLUMNS ? ',' : '\n');
            at++;
        }
    assert_int_equal(*at, '\0');
    close_sink(sink, &capture);
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    check_failed_allocations(NP_SPAN("csv"), &rule_list);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_row_for_each_finding),
        cmocka_unit_test(writes_the_header_without_findings),
        cmocka_unit_test(makes_cells_safe),
        cmocka_unit_test(keeps_hostile_texts_in_their_cells),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
