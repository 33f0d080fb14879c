/* SPDX-License-Identifier: Apache-2.0 */
/* The layer byte for byte: which techniques, their scores and comments. */
#include "unit/sink/fixture.h"

#include <errno.h>

#define ANN "arn:aws:iam::111122223333:user/ann"
#define HEAD                                                                                       \
    "{\"name\":\"nepho findings\",\"versions\":{\"layer\":\"4.5\"},\"domain\":"                    \
    "\"enterprise-attack\",\"description\":\"Techniques of the rules that matched; the score is "  \
    "the number of findings.\",\"sorting\":3,\"layout\":{\"expandedSubtechniques\":\"annotated\"}" \
    ",\"techniques\":[\n"
#define TAIL(highest)                                                                              \
    "],\"gradient\":{\"colors\":[\"#fff3b0\",\"#f4a261\",\"#c1121f\"],\"minValue\":0,"             \
    "\"maxValue\":" highest "}}\n"

static struct np_sink *open_sink(struct capture *capture)
{
    struct np_sink *sink = NULL;
    capture_open(capture);
    const struct np_sink_params params = {.out = capture->out};
    assert_int_equal(np_sink_find(NP_SPAN("navigator"))->open(&sink, &params, NULL), 0);
    return sink;
}

static void tell(struct np_sink *sink, const struct np_rule_info *rule, int times)
{
    struct np_finding finding = finding_by(rule, ANN, "ok", 1);
    for (int i = 0; i < times; i++)
        assert_int_equal(sink->ops->finding(sink, &finding, NULL), 0);
}

static void assert_layer(struct np_sink *sink, struct capture *capture, const char *want)
{
    assert_int_equal(sink->ops->finish(sink, &(const struct np_summary){}, NULL), 0);
    assert_string_equal(capture_read(capture), want);
    sink->ops->destroy(sink);
    capture_close(capture);
}

static const char *const trail_tags[] = {"attack.t1562.008", "attack.stealth", "attack.T1485"};
static const char *const login_tags[] = {"attack.t1078", "cve.2021-1", "attack.t1485",
                                         "attack.t1078"};

static void counts_findings_by_technique(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_rule_info trail = rule_trail;
    struct np_rule_info login = rule_login;
    trail.tags = trail_tags;
    trail.tag_count = NP_ARRAY_LEN(trail_tags);
    login.tags = login_tags;
    login.tag_count = NP_ARRAY_LEN(login_tags);
    tell(sink, &trail, 2);
    tell(sink, &login, 3);
    tell(sink, &trail, 1);
    tell(sink, &rule_list, 7); /* says nothing of ATT&CK */
    assert_layer(sink, &capture,
                 HEAD "{\"techniqueID\":\"T1078\",\"score\":3,\"comment\":\"Console login without "
                      "a second factor\",\"enabled\":true}\n"
                      ",{\"techniqueID\":\"T1485\",\"score\":6,\"comment\":\"CloudTrail logging "
                      "stopped or deleted\\nConsole login without a second factor\",\"enabled\":"
                      "true}\n"
                      ",{\"techniqueID\":\"T1562.008\",\"score\":3,\"comment\":\"CloudTrail "
                      "logging stopped or deleted\",\"enabled\":true}\n" TAIL("6"));
}

static void writes_a_layer_without_findings(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    assert_layer(sink, &capture, HEAD TAIL("1"));
}

static void escapes_titles(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(&capture);
    struct np_rule_info rule = rule_list;
    rule.title = "\"},\xff\033[2J";
    rule.tags = login_tags;
    rule.tag_count = 1;
    tell(sink, &rule, 1);
    assert_layer(sink, &capture,
                 HEAD "{\"techniqueID\":\"T1078\",\"score\":1,\"comment\":\"\\\"},\xef\xbf\xbd"
                      "\\u001b[2J\",\"enabled\":true}\n" TAIL("1"));
}

#ifdef NP_FAULT_INJECTION
static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct np_rule_info rule = rule_login;
    rule.tags = login_tags;
    rule.tag_count = NP_ARRAY_LEN(login_tags);
    check_failed_allocations(NP_SPAN("navigator"), &rule);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_findings_by_technique),
        cmocka_unit_test(writes_a_layer_without_findings),
        cmocka_unit_test(escapes_titles),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
