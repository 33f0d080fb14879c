/* SPDX-License-Identifier: Apache-2.0 */
/* The five lines: each one line, in any width, with what matters most. */
#include "unit/sink/fixture.h"

#include "sink/summary.h"

#define ARN(account, name) "arn:aws:iam::" account ":user/" name

static const struct np_skipped skipped[] = {
    {"logs/api-examples/index.html", "not JSON: '<' where a value is expected", 1},
    {"logs/api-examples/script.js", "not JSON", 1},
    {"logs/a.json.gz", "cut off", 1},
    {"logs/b.json.gz", "cut off", 2},
};
static const struct np_limit limits[] = {
    {"steps of regular expressions", "Suspicious user agent", NULL, 12},
    {"record length", NULL, "logs/huge.json", 1},
};
static const struct np_rollup_tops tops = {
    .level = NP_LEVEL_CRITICAL,
    .count = 3,
    .tops = {{NP_SPAN(ARN("111122223333", "ann")), NP_SPAN("111122223333"), 1200},
             {NP_SPAN(ARN("111122223333", "bob\033")), NP_SPAN("111122223333"), 3},
             {NP_SPAN(""), NP_SPAN("111122223333"), 1}},
};
static const struct np_summary summary = {.objects = 604,
                                          .records = 1973,
                                          .events = 1724,
                                          .bytes = 5234567,
                                          .duplicates = 249,
                                          .digests = 1,
                                          .skipped = skipped,
                                          .skipped_count = 4,
                                          .rules_loaded = 25,
                                          .rules_refused = 2,
                                          .findings = 1219,
                                          .by_level = {7, 2, 4, 2, 1204},
                                          .limits = limits,
                                          .limit_count = 2,
                                          .seconds = 0.1};

/* Writes the lines and compares the one behind `label`; all are checked. */
static void assert_line(const struct np_summary *what, const struct np_rollup_tops *who,
                        uint32_t width, const char *label, const char *want)
{
    const struct np_sink_params params = {
        .width = width, .unicode = true, .next_command = "nepho detect logs --all"};
    np_auto_buf struct np_buf buf = {};
    np_buf_init(&buf, 1 << 16);
    np_summary_write(&buf, what, who, &params);
    assert_int_equal(buf.error, 0);
    assert_harmless(buf.data, buf.len, width > 0 ? width : SIZE_MAX, false);
    size_t lines = 0;
    for (size_t i = 0; i < buf.len; i++)
        lines += buf.data[i] == '\n';
    assert_int_equal(lines, 5);
    (void) np_buf_cstr(&buf); /* ends it */
    char *line = strstr(buf.data, label);
    assert_non_null(line);
    line += strlen(label) + strspn(line + strlen(label), " ");
    *strchr(line, '\n') = '\0';
    assert_string_equal(line, want);
}

static void says_what_was_read(void **state)
{
    (void) state;
    static const struct {
        uint32_t width;
        const char *want;
    } cases[] = {
        {0, "604 objects, 1,973 records, 1,724 events, 5.2 MB, 249 duplicates, 0 late, 1 digest, "
            "0.10 s, 17,240 events/s"},
        {80, "604 objects, 1,973 records, 1,724 events, 249 duplicates, 0.10 s"},
        {50, "1,973 records, 1,724 events"},
        {30, "1,724 events"},
        {17, "1,..."},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(cases); i++)
        assert_line(&summary, &tops, cases[i].width, "read", cases[i].want);
    struct np_summary late = summary;
    late.late = 3;
    assert_line(&late, &tops, 80, "read",
                "1,973 records, 1,724 events, 249 duplicates, 3 late, 0.10 s");
}

static void says_what_was_found_and_that_rules_are_missing(void **state)
{
    (void) state;
    assert_line(&summary, &tops, 80, "findings",
                "1,204 critical, 2 high, 4 medium, 2 low, 7 info, 25 rules, 2 refused");
    assert_line(&summary, &tops, 60, "findings", "1,204 critical, 2 high, 4 medium, 2 refused");
    const struct np_summary nothing = {.rules_loaded = 1, .complete = true};
    assert_line(&nothing, &tops, 80, "findings", "none, 1 rule, 0 refused");
}

static void names_who_has_most(void **state)
{
    (void) state;
    assert_line(&summary, &tops, 80, "principals",
                "critical: user/ann ×1,200, user/bob\\x1b ×3, - ×1");
    assert_line(&summary, &tops, 50, "principals", "critical: user/ann ×1,200 +2");
    struct np_rollup_tops many = tops;
    many.many_accounts = true;
    many.count = 1;
    assert_line(&summary, &many, 80, "principals", "critical: 111122223333:user/ann ×1,200");
    assert_line(&summary, &(const struct np_rollup_tops){}, 80, "principals", "none");
}

static void says_what_is_missing(void **state)
{
    (void) state;
    struct np_summary some = summary;
    some.limit_count = 0;
    assert_line(&some, &tops, 0, "complete",
                "no: 5 skipped: logs/api-examples/index.html (not JSON: '<' where a value is "
                "expected), logs/api-examples/script.js (not JSON), logs/a.json.gz (cut off) +1");
    assert_line(&some, &tops, 80, "complete",
                "no: 5 skipped: …/index.html (not JSON: '<' where a value i…) +3");
    assert_line(&some, &tops, 50, "complete", "no: 5 skipped: …/index.html +3");
    some.limit_count = 2;
    assert_line(&some, &tops, 160, "complete",
                "no: 5 skipped: logs/api-examples/index.html (not JSON: '<' where a valu…) +3; "
                "13 over a limit: steps of regular expr… (Suspicious user age…) +1");
    assert_line(&some, &tops, 80, "complete",
                "no: 5 skipped: …/index.html +3; 13 over a limit: steps of r… +1");
    assert_line(&some, &tops, 50, "complete", "no: 5 skipped; 13 over a limit");
    some.skipped_count = 0;
    assert_line(&some, &tops, 80, "complete",
                "no: 13 over a limit: steps of regular e… (Suspicious user…) +1");
    some.limit_count = 0;
    assert_line(&some, &tops, 80, "complete", "no: the run ended early");
    some.complete = true;
    assert_line(&some, &tops, 80, "complete", "yes: nothing skipped, no limit hit");
}

static void gives_the_next_command(void **state)
{
    (void) state;
    assert_line(&summary, &tops, 80, "next", "nepho detect logs --all");
    assert_line(&summary, &tops, 30, "next", "nepho detect logs…");
}

static void fits_every_width(void **state)
{
    (void) state;
    for (uint32_t width = 1; width < 220; width++) {
        for (int unicode = 0; unicode < 2; unicode++) {
            const struct np_sink_params params = {.width = width, .unicode = unicode};
            np_auto_buf struct np_buf buf = {};
            np_buf_init(&buf, 1 << 16);
            np_summary_write(&buf, &summary, &tops, &params);
            assert_harmless(buf.data, buf.len, width, false);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_was_read),
        cmocka_unit_test(says_what_was_found_and_that_rules_are_missing),
        cmocka_unit_test(names_who_has_most),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(gives_the_next_command),
        cmocka_unit_test(fits_every_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
