/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table as a person sees it, in four widths, folded and not; then hostile texts in every place and every width.
 */
#include "unit/sink/incident/example.h"

#include <errno.h>

#define ACCOUNT "111122223333"
#define ANN     "arn:aws:iam::" ACCOUNT ":user/ann"
#define BUILD                                                                                      \
    "arn:aws:sts::" ACCOUNT ":assumed-role/stratus-red-team-ec2-get-password/aws-go-sdk-16889900"

static struct np_sink *open_sink(struct capture *capture, struct np_sink_params params)
{
    struct np_sink *sink = NULL;
    capture_open(capture);
    params.out = capture->out;
    assert_int_equal(np_sink_find(NP_SPAN("table"))->open(&sink, &params, NULL), 0);
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

/* A small attack: what most tests show. */
static void tell_example(struct np_sink *sink)
{
    for (int i = 0; i < 33; i++)
        tell(sink, finding_by(&rule_list, ANN, "ok", i));
    for (int i = 0; i < 12; i++) {
        char target[32];
        struct np_finding finding =
            finding_by(&rule_login, BUILD, "Client.UnauthorizedOperation", 10 + i);
        (void) snprintf(target, sizeof(target), "i-0dbc91f429e48ee%02d", i);
        add_target_text(&finding, target);
        tell(sink, finding);
    }
    struct np_finding stopped = finding_by(&rule_trail, ANN, "ok", 59);
    add_target_text(&stopped, "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/management-events");
    tell(sink, stopped);
    stopped.time += 26 * 60 * NP_NS_PER_MIN;
    tell(sink, stopped);
    struct np_finding root = finding_by(&rule_login, "arn:aws:iam::" ACCOUNT ":root", "Failure", 1);
    tell(sink, root);
}

static const struct np_summary example_summary = {.objects = 18,
                                                  .records = 1293,
                                                  .events = 1290,
                                                  .bytes = 2412345,
                                                  .duplicates = 3,
                                                  .rules_loaded = 25,
                                                  .findings = 48,
                                                  .by_level = {33, 0, 0, 13, 2},
                                                  .seconds = 0.0625,
                                                  .complete = true};

static void assert_table(struct np_sink_params params, const char *want)
{
    struct capture capture;
    params.zone = "UTC";
    params.next_command = "nepho detect logs --all";
    struct np_sink *sink = open_sink(&capture, params);
    tell_example(sink);
    assert_int_equal(sink->ops->finish(sink, &example_summary, NULL), 0);
    assert_string_equal(capture_read(&capture), want);
    close_sink(sink, &capture);
}

static void folds_in_50_columns(void **state)
{
    (void) state;
    assert_table((struct np_sink_params){.width = 50, .unicode = true},
                 "LEVEL     RULE                PRINCIPAL      COUNT\n"
                 "critical  CloudTrail loggin…  user/ann          ×2\n"
                 "high      Console login wit…  root              ×1\n"
                 "high      Console login wit…  strat…/aws-g…    ×12\n"
                 "info      IAM listed          user/ann         ×33\n"
                 "\n"
                 "read        1,293 records, 1,290 events\n"
                 "findings    2 critical, 13 high, 33 info, 25 rules\n"
                 "principals  critical: user/ann ×2\n"
                 "complete    yes: nothing skipped, no limit hit\n"
                 "next        nepho detect logs --all\n");
}

static void folds_in_80_columns(void **state)
{
    (void) state;
    assert_table(
        (struct np_sink_params){.width = 80, .unicode = true},
        "LEVEL     RULE                    PRINCIPAL        OUTCOME    COUNT  2023 (UTC)\n"
        "critical  CloudTrail logging st…  user/ann         ok            ×2  07-10 11:45\n"
        "high      Console login without…  root             Failure       ×1  07-10 11:45\n"
        "high      Console login without…  stratu…/aws-go…  Client.U…    ×12  07-10 11:45\n"
        "info      IAM listed              user/ann         ok           ×33  07-10 11:45\n"
        "\n"
        "read        18 objects, 1,293 records, 1,290 events, 3 duplicates, 0.06 s\n"
        "findings    2 critical, 13 high, 33 info, 25 rules, 0 refused\n"
        "principals  critical: user/ann ×2\n"
        "complete    yes: nothing skipped, no limit hit\n"
        "next        nepho detect logs --all\n");
}

static void folds_in_120_columns(void **state)
{
    (void) state;
    assert_table((struct np_sink_params){.width = 120, .unicode = true},
                 "LEVEL     RULE                                   PRINCIPAL               OUTCOME "
                 "        COUNT  2023 (UTC)   LAST\n"
                 "critical  CloudTrail logging stopped or deleted  user/ann                ok      "
                 "           ×2  07-10 11:45  07-11 13:45\n"
                 "high      Console login without a second factor  root                    Failure "
                 "           ×1  07-10 11:45\n"
                 "high      Console login without a second factor  stratus-r…/aws-go-sdk…  "
                 "Client.Unauth…    ×12  07-10 11:45  11:45\n"
                 "info      IAM listed                             user/ann                ok      "
                 "          ×33  07-10 11:45  11:45\n"
                 "\n"
                 "read        18 objects, 1,293 records, 1,290 events, 2.4 MB, 3 duplicates, 0 "
                 "late, 0.06 s, 20,640 events/s\n"
                 "findings    2 critical, 13 high, 33 info, 25 rules, 0 refused\n"
                 "principals  critical: user/ann ×2\n"
                 "complete    yes: nothing skipped, no limit hit\n"
                 "next        nepho detect logs --all\n");
}

static void folds_in_200_columns(void **state)
{
    (void) state;
    assert_table(
        (struct np_sink_params){.width = 200, .unicode = true},
        "LEVEL     RULE                                   PRINCIPAL                           "
        "OUTCOME                     COUNT  FIRST (UTC)          LAST                 TARGETS\n"
        "critical  CloudTrail logging stopped or deleted  user/ann                            ok   "
        "                          ×2  2023-07-10 11:45:59  2023-07-11 13:45:59  "
        "trail/management-events\n"
        "high      Console login without a second factor  root                                "
        "Failure                        ×1  2023-07-10 11:45:01\n"
        "high      Console login without a second factor  stratus-red-tea…/aws-go-sdk-16889…  "
        "Client.UnauthorizedOperat…    ×12  2023-07-10 11:45:10  11:45:21             "
        "i-0dbc91f429e48ee00 +11\n"
        "info      IAM listed                             user/ann                            ok   "
        "                         ×33  2023-07-10 11:45:00  11:45:32\n"
        "\n"
        "read        18 objects, 1,293 records, 1,290 events, 2.4 MB, 3 duplicates, 0 late, 0.06 "
        "s, 20,640 events/s\n"
        "findings    2 critical, 13 high, 33 info, 25 rules, 0 refused\n"
        "principals  critical: user/ann ×2\n"
        "complete    yes: nothing skipped, no limit hit\n"
        "next        nepho detect logs --all\n");
}

static void folds_in_ascii(void **state)
{
    (void) state;
    assert_table(
        (struct np_sink_params){.width = 80},
        "LEVEL     RULE                    PRINCIPAL        OUTCOME    COUNT  2023 (UTC)\n"
        "critical  CloudTrail logging...   user/ann         ok            x2  07-10 11:45\n"
        "high      Console login witho...  root             Failure       x1  07-10 11:45\n"
        "high      Console login witho...  stra.../aws-...  Client...    x12  07-10 11:45\n"
        "info      IAM listed              user/ann         ok           x33  07-10 11:45\n"
        "\n"
        "read        18 objects, 1,293 records, 1,290 events, 3 duplicates, 0.06 s\n"
        "findings    2 critical, 13 high, 33 info, 25 rules, 0 refused\n"
        "principals  critical: user/ann x2\n"
        "complete    yes: nothing skipped, no limit hit\n"
        "next        nepho detect logs --all\n");
}

static void colours_the_level_alone(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink =
        open_sink(&capture, (struct np_sink_params){.width = 80, .unicode = true, .colour = true});
    tell_example(sink);
    assert_int_equal(sink->ops->finish(sink, &example_summary, NULL), 0);
    const char *text = capture_read(&capture);
    assert_ptr_equal(strstr(text, "\033[1mLEVEL\033[0m     \033[1mRULE\033[0m "), text);
    assert_non_null(strstr(text, "\n\033[1;31mcritical\033[0m  CloudTrail"));
    assert_non_null(strstr(text, "\n\033[31mhigh\033[0m      Console"));
    assert_non_null(strstr(text, "\ninfo      IAM"));
    assert_harmless(capture.text, capture.len, 80, true);
    close_sink(sink, &capture);
}

static void shows_accounts_and_regions_only_where_they_differ(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink =
        open_sink(&capture, (struct np_sink_params){.width = 220, .unicode = true});
    struct np_finding finding = finding_by(&rule_trail, ANN, "ok", 1);
    tell(sink, finding);
    finding.account = NP_SPAN("999900001111");
    finding.event.region = NP_SPAN("eu-west-1");
    finding.event.outcome = NP_SPAN("AccessDenied");
    tell(sink, finding);
    finding.event.outcome = NP_SPAN("ok");
    finding.rule = &rule_list;
    tell(sink, finding);
    finding.account = NP_SPAN(ACCOUNT);
    tell(sink, finding);
    assert_int_equal(sink->ops->finish(sink, &example_summary, NULL), 0);
    const char *text = capture_read(&capture);
    assert_non_null(strstr(text, "ACCOUNT"));
    assert_non_null(strstr(text, "REGION"));
    assert_non_null(strstr(text, ACCOUNT ":user/ann  999900001111  AccessDenied"));
    assert_non_null(strstr(text, "  several       ok"));
    close_sink(sink, &capture);
}

static void gives_dates_where_years_differ(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink =
        open_sink(&capture, (struct np_sink_params){.width = 80, .unicode = true});
    struct np_finding finding = finding_by(&rule_trail, ANN, "ok", 1);
    tell(sink, finding);
    finding.time = np_time_of_utc(2024, 2, 29, 23, 59, 59);
    finding.event.outcome = NP_SPAN("AccessDenied");
    tell(sink, finding);
    finding.time = NP_TIME_NONE;
    finding.event.outcome = NP_SPAN("Failure");
    tell(sink, finding);
    assert_int_equal(sink->ops->finish(sink, &example_summary, NULL), 0);
    const char *text = capture_read(&capture);
    assert_non_null(strstr(text, "FIRST (local)\n"));
    assert_non_null(strstr(text, "×1  2023-07-10\n"));
    assert_non_null(strstr(text, "×1  2024-02-29\n"));
    assert_non_null(strstr(text, "×1  -\n"));
    close_sink(sink, &capture);
}

static void unfolds_each_finding_as_it_comes(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(
        &capture,
        (struct np_sink_params){.width = 200, .unicode = true, .unfold = true, .zone = "UTC"});
    struct np_finding finding = finding_by(&rule_trail, ANN, "ok", 1);
    add_target_text(&finding, "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/management");
    add_target_text(&finding, "second");
    tell(sink, finding);
    tell(sink, finding_by(&rule_list, BUILD, "Client.UnauthorizedOperation", 2));
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    assert_string_equal(
        capture_read(&capture),
        "TIME (UTC)           LEVEL     RULE                                         EVENT         "
        "             PRINCIPAL                  ADDRESS               OUTCOME            TARGET\n"
        "2023-07-10 11:45:01  critical  CloudTrail logging stopped or deleted        StopLogging   "
        "             user/ann                   203.0.113.7           ok                 "
        "trail/management, second\n"
        "2023-07-10 11:45:02  info      IAM listed                                   StopLogging   "
        "             stratus-red…/aws-go-sdk-…  203.0.113.7           Client.Unauthori…\n");
    close_sink(sink, &capture);
}

static void unfolds_in_80_columns(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(
        &capture,
        (struct np_sink_params){.width = 80, .unicode = true, .unfold = true, .zone = "UTC"});
    tell(sink, finding_by(&rule_trail, ANN, "ok", 1));
    tell(sink, finding_by(&rule_list, BUILD, "AccessDenied", 2));
    assert_int_equal(np_out_flush(capture.out, NULL), 0);
    assert_string_equal(
        capture_read(&capture),
        "TIME (UTC)           LEVEL     RULE                 EVENT          PRINCIPAL\n"
        "2023-07-10 11:45:01  critical  CloudTrail logging…  StopLogging    user/ann\n"
        "2023-07-10 11:45:02  info      IAM listed           StopLogging    strat…/aws-g…\n");
    close_sink(sink, &capture);
}

static const struct np_summary summary_of_incident = {.objects = 1,
                                                      .records = 9,
                                                      .events = 9,
                                                      .findings = 3,
                                                      .by_level = {1, 0, 0, 0, 2},
                                                      .incidents = 1,
                                                      .incidents_by_level = {0, 0, 0, 0, 1},
                                                      .complete = true};

static void tell_incident(struct np_sink *sink, uint32_t revision)
{
    struct np_incident incident = example_incident();
    incident.revision = revision;
    incident.state = revision == 1 ? NP_INCIDENT_OPEN : NP_INCIDENT_CLOSED;
    assert_int_equal(sink->ops->incident(sink, &incident, NULL), 0);
}

/* Of the findings, two belong to the incident, one told before it and one after. */
static void shows_incidents_first_and_the_other_findings_behind(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(
        &capture,
        (struct np_sink_params){.width = 80, .unicode = true, .zone = "UTC", .incidents = true});
    struct np_finding finding = finding_by(&rule_trail, ANN, "ok", 1);
    finding.id = example_findings[0];
    tell(sink, finding);
    tell_incident(sink, 1);
    finding.id = example_findings[1];
    tell(sink, finding);
    tell(sink, finding_by(&rule_list, ANN, "ok", 2)); /* the id of the fixture is the first one's */
    finding = finding_by(&rule_list, ANN, "ok", 3);
    finding.id.low = 99;
    tell(sink, finding);
    tell_incident(sink, 2);
    assert_int_equal(sink->ops->finish(sink, &summary_of_incident, NULL), 0);
    const char *text = capture_read(&capture);
    assert_ptr_equal(strstr(text, "critical  94  3f9a2c81  stolen key behind"), text);
    assert_null(strstr(text + 1, "critical  94"));
    assert_non_null(strstr(text, "; closed\n"));
    assert_non_null(
        strstr(text, "more    nepho incidents show 3f9a2c81 --events INPUT...\n\nLEVEL  RULE "));
    assert_non_null(strstr(text, "\ninfo   IAM listed  user/ann"));
    assert_null(strstr(text, "\ncritical  CloudTrail"));
    assert_non_null(strstr(text, "\nincidents   1 critical\nfindings "));
    close_sink(sink, &capture);
}

static void says_that_all_findings_are_of_incidents(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink = open_sink(
        &capture, (struct np_sink_params){.width = 80, .unicode = true, .incidents = true});
    tell_incident(sink, 1);
    assert_int_equal(sink->ops->finish(sink, &summary_of_incident, NULL), 0);
    const char *text = capture_read(&capture);
    assert_non_null(strstr(text, "\n\nNo findings beside the incidents.\n\nread "));
    assert_non_null(strstr(text, "\nprincipals  none beside the incidents\n"));
    close_sink(sink, &capture);
}

static void says_plainly_that_nothing_was_found(void **state)
{
    (void) state;
    for (int unfold = 0; unfold < 2; unfold++) {
        struct capture capture;
        struct np_sink *sink =
            open_sink(&capture, (struct np_sink_params){.unicode = true, .unfold = unfold});
        const struct np_summary summary = {.rules_loaded = 25, .complete = true};
        assert_int_equal(sink->ops->finish(sink, &summary, NULL), 0);
        const char *text = capture_read(&capture);
        assert_ptr_equal(strstr(text, "No findings.\n\nread "), text);
        assert_non_null(strstr(capture.text, "findings    none, 25 rules, 0 refused\n"));
        close_sink(sink, &capture);
    }
}

static void says_what_found_no_room(void **state)
{
    (void) state;
    struct capture capture;
    struct np_sink *sink =
        open_sink(&capture, (struct np_sink_params){.width = 80, .unicode = true});
    for (int i = 0; i < 20003; i++) {
        char name[32];
        (void) snprintf(name, sizeof(name), "user-%d", i);
        tell(sink, finding_by(&rule_list, name, "ok", 1));
    }
    assert_int_equal(sink->ops->finish(sink, &example_summary, NULL), 0);
    assert_non_null(
        strstr(capture_read(&capture),
               "\n3 more findings in rows beyond the table's bound; -o ndjson has all\n"));
    close_sink(sink, &capture);
}

/* A finding with hostile texts in every place; `bytes` holds them. */
static struct np_finding make_hostile_finding(struct np_rule_info *rule, char bytes[12][100],
                                              uint64_t *random)
{
    struct np_span spans[12];
    for (size_t i = 0; i < 12; i++) {
        size_t len = make_hostile(bytes[i], 99, random);
        bytes[i][len] = '\0';
        spans[i] = np_span_make(bytes[i], len);
    }
    *rule = (struct np_rule_info){.id = bytes[0],
                                  .title = bytes[1],
                                  .level = (enum np_level)(next_random(random) % NP_LEVEL_MAX)};
    struct np_finding finding = finding_by(rule, "", "", (int) (next_random(random) % 60));
    finding.account = spans[2];
    finding.event_id = spans[3];
    finding.event =
        (struct np_event_brief){spans[4], spans[5], spans[6], spans[7], spans[8], spans[9]};
    finding.targets[0] = spans[10];
    finding.targets[1] = spans[11];
    finding.target_count = 2;
    return finding;
}

static void lets_nothing_hostile_through_in_any_width(void **state)
{
    (void) state;
    enum { FINDINGS = 8 };
    for (uint64_t seed = 1; seed <= 600; seed++) {
        uint64_t random = seed;
        static char bytes[FINDINGS + 1][12][100];
        struct np_rule_info rules[FINDINGS + 1];
        struct capture capture;
        uint32_t width = (uint32_t) (next_random(&random) % 250);
        struct np_finding last = make_hostile_finding(&rules[FINDINGS], bytes[FINDINGS], &random);
        struct np_sink *sink = open_sink(&capture, (struct np_sink_params){
                                                       .width = width,
                                                       .unicode = seed % 3 != 0,
                                                       .colour = seed % 5 == 0,
                                                       .unfold = seed % 2 == 0,
                                                       .zone = bytes[FINDINGS][2],
                                                       .next_command = bytes[FINDINGS][3],
                                                   });
        for (size_t i = 0; i < FINDINGS; i++)
            tell(sink, make_hostile_finding(&rules[i], bytes[i], &random));
        tell(sink, last);
        const struct np_skipped skipped[] = {{bytes[0][0], bytes[0][1], 1},
                                             {bytes[1][0], bytes[1][1], next_random(&random)}};
        const struct np_limit limits[] = {{bytes[2][0], bytes[2][1], NULL, 3},
                                          {bytes[3][0], NULL, bytes[3][1], 3}};
        const struct np_summary summary = {.skipped = skipped,
                                           .skipped_count = 2,
                                           .limits = limits,
                                           .limit_count = seed % 4 == 0 ? 2 : 0,
                                           .findings = next_random(&random)};
        assert_int_equal(sink->ops->finish(sink, &summary, NULL), 0);
        capture_read(&capture);
        assert_harmless(capture.text, capture.len, width > 0 ? width : SIZE_MAX, seed % 5 == 0);
        close_sink(sink, &capture);
    }
}

static void tells_of_a_full_disk(void **state)
{
    (void) state;
    for (int unfold = 0; unfold < 2; unfold++) {
        struct np_out *out = NULL;
        struct np_sink *sink = NULL;
        struct np_err err = {};
        assert_int_equal(np_out_file(&out, "/dev/full", NULL), 0);
        const struct np_sink_params params = {.out = out, .unfold = unfold};
        assert_int_equal(np_sink_find(NP_SPAN("table"))->open(&sink, &params, NULL), 0);
        int r = 0;
        for (int i = 0; i < 2000 && r == 0; i++) {
            char name[32];
            (void) snprintf(name, sizeof(name), "user-%d", i);
            struct np_finding finding = finding_by(&rule_list, name, "ok", 1);
            r = sink->ops->finding(sink, &finding, &err);
        }
        if (r == 0)
            r = sink->ops->finish(sink, &example_summary, &err);
        assert_int_equal(r, -ENOSPC);
        assert_string_equal(err.msg, "cannot write '/dev/full': No space left on device");
        sink->ops->destroy(sink);
        np_out_free(&out);
    }
}

#ifdef NP_FAULT_INJECTION
static int run(struct np_out *out, bool unfold)
{
    static const struct np_skipped skipped[] = {{"a/index.html", "no JSON", 1}};
    static const struct np_limit limits[] = {{"depth", NULL, "b.json", 3}};
    const struct np_sink_params params = {
        .out = out, .width = 100, .unicode = true, .unfold = unfold, .incidents = !unfold};
    struct np_summary summary = example_summary;
    summary.skipped = skipped;
    summary.limits = limits;
    summary.skipped_count = summary.limit_count = 1;
    summary.complete = false;
    struct np_sink *sink = NULL;
    int r = np_sink_find(NP_SPAN("table"))->open(&sink, &params, NULL);
    if (r < 0)
        return r;
    for (int i = 0; i < 8 && r == 0; i++) {
        struct np_finding finding = finding_by(i % 2 == 0 ? &rule_trail : &rule_list, ANN, "ok", i);
        add_target_text(&finding, i < 4 ? "bucket" : "other");
        r = sink->ops->finding(sink, &finding, NULL);
    }
    struct np_incident incident = example_incident();
    if (r == 0 && !unfold)
        r = sink->ops->incident(sink, &incident, NULL);
    if (r == 0)
        r = sink->ops->finish(sink, &summary, NULL);
    sink->ops->destroy(sink);
    return r;
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    for (int unfold = 0; unfold < 2; unfold++) {
        int r = -ENOMEM;
        for (long n = 0; r != 0; n++) {
            struct np_out *out = NULL;
            assert_int_equal(np_out_file(&out, "/dev/null", NULL), 0);
            np_alloc_fail_at(n);
            r = run(out, unfold != 0);
            np_alloc_fail_at(-1);
            assert_true(r == 0 || r == -ENOMEM);
            np_out_free(&out);
        }
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_in_50_columns),
        cmocka_unit_test(folds_in_80_columns),
        cmocka_unit_test(folds_in_120_columns),
        cmocka_unit_test(folds_in_200_columns),
        cmocka_unit_test(folds_in_ascii),
        cmocka_unit_test(colours_the_level_alone),
        cmocka_unit_test(shows_accounts_and_regions_only_where_they_differ),
        cmocka_unit_test(gives_dates_where_years_differ),
        cmocka_unit_test(unfolds_each_finding_as_it_comes),
        cmocka_unit_test(unfolds_in_80_columns),
        cmocka_unit_test(shows_incidents_first_and_the_other_findings_behind),
        cmocka_unit_test(says_that_all_findings_are_of_incidents),
        cmocka_unit_test(says_plainly_that_nothing_was_found),
        cmocka_unit_test(says_what_found_no_room),
        cmocka_unit_test(lets_nothing_hostile_through_in_any_width),
        cmocka_unit_test(tells_of_a_full_disk),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_every_failed_allocation),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
