/* SPDX-License-Identifier: Apache-2.0 */
/* Events through rules: order, log sources, what is not read, what is not allocated, limits. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "support/fake_event.h"
#include "support/ir_kit.h"

enum {
    NAME = NP_FIELD_EVENT_NAME,
    SOURCE = NP_FIELD_EVENT_SOURCE,
    AGENT = NP_FIELD_USER_AGENT,
    PARAMETER = NP_FIELD_FIXED_COUNT
};

static np_expr_id is(struct ir_kit *kit, np_field_id field, const char *pattern)
{
    return kit_match(kit, field, kit_pattern(kit, pattern));
}

/*
 * The rules that match are those of `expected`, ascending, ended by -1; by the index and plainly.
 */
static void expect(struct np_matcher *matcher, struct fake_event *fake, const int *expected)
{
    for (int plain = 0; plain < 2; plain++) {
        const uint32_t *rules = NULL;
        size_t count = plain ? np_matcher_run_plain(matcher, &fake->event, &rules)
                             : np_matcher_run(matcher, &fake->event, &rules);
        size_t i = 0;
        for (; expected[i] >= 0; i++) {
            assert_true(i < count);
            assert_int_equal(rules[i], expected[i]);
        }
        assert_int_equal(count, i);
    }
}

#define EXPECT(matcher, fake, ...)                                                                 \
    expect((matcher), (fake), (const int[]){__VA_ARGS__ __VA_OPT__(, ) - 1})

static void gives_matching_rules_in_the_order_of_loading(void **state)
{
    (void) state;
    enum { RULES = 300 };
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    for (int i = 0; i < RULES; i++) {
        const char *name = i == 3 || i == 299 ? "CreateUser" : i == 130 ? "*eUs*" : "Other";
        (void) kit_rule(&kit, is(&kit, i == 64 ? AGENT : NAME, i == 64 ? "*kali*" : name));
    }
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.values[NAME] = text_value("createUSER");
    fake.values[AGENT] = text_value("aws-cli Kali Linux");
    for (int again = 0; again < 3; again++)
        EXPECT(matcher, &fake, 3, 64, 130, 299);
    fake.values[AGENT] = text_value("aws-cli");
    EXPECT(matcher, &fake, 3, 130, 299);
    fake.values[NAME] = null_value();
    EXPECT(matcher, &fake);
    np_matcher_free(&matcher);
    assert_null(matcher);
    ir_kit_done(&kit);
}

static void runs_rules_of_the_events_log_source_only(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    static const char *const named[][3] = {
        {"aws", "", "cloudtrail"}, {"aws", "", ""}, {"", "", ""},
        {"aws", "network", ""},    {"gcp", "", ""},
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(named); i++) {
        struct np_rule *rule = kit_rule(&kit, is(&kit, NAME, "x"));
        rule->product = named[i][0];
        rule->category = named[i][1];
        rule->service = named[i][2];
    }
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.values[NAME] = text_value("X");
    EXPECT(matcher, &fake, 0, 1, 2);
    struct np_logsource logsource = {.product = NP_SPAN("GCP"), .category = NP_SPAN("network")};
    fake.event.logsource = &logsource;
    EXPECT(matcher, &fake, 2, 4);
    logsource.product = NP_SPAN("aws"); /* the same place in memory, another log source */
    EXPECT(matcher, &fake, 1, 2, 3);
    fake.event.logsource = NULL;
    EXPECT(matcher, &fake, 2);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void knows_more_log_sources_than_it_remembers(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    for (int i = 0; i < 20; i++) {
        char *product = np_arena_alloc(&kit.arena, 200);
        assert_non_null(product);
        memset(product, 'a' + i, 199); /* every other one too long to be remembered */
        product[i % 2 == 0 ? 199 : 5] = '\0';
        kit_rule(&kit, is(&kit, NAME, "x"))->product = product;
    }
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.values[NAME] = text_value("x");
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 20; i++) {
            struct np_logsource logsource = *fake.event.logsource;
            logsource.product = np_span_of(kit.set.rules.items[i].product);
            struct np_event event = fake.event;
            fake.event.logsource = &logsource;
            EXPECT(matcher, &fake, i);
            fake.event = event;
        }
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void reads_no_group_that_no_candidate_needs(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, kit_and(&kit, is(&kit, PARAMETER, "root"), is(&kit, NAME, "CreateUser")));
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.groups[PARAMETER] = 1;
    fake.values[PARAMETER] = text_value("root");
    fake.values[NAME] = text_value("DeleteUser");
    fake.event.pending = 1;
    const uint32_t *rules = NULL;
    assert_int_equal(np_matcher_run(matcher, &fake.event, &rules), 0);
    assert_int_equal(fake.loads, 0);
    fake.values[NAME] = text_value("CreateUser");
    assert_int_equal(np_matcher_run(matcher, &fake.event, &rules), 1);
    assert_int_equal(fake.loads, 1);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void forgets_values_by_and_by_and_stays_right(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, is(&kit, AGENT, "*7*"));
    (void) kit_rule(&kit, kit_not(&kit, is(&kit, AGENT, "*long*")));
    (void) kit_rule(&kit, kit_match(&kit, AGENT, kit_regex("[02468]$")));
    struct np_matcher *matcher = kit_matcher(&kit);
    static char text[1000];
    memset(text, 'x', sizeof(text));
    for (unsigned i = 0; i < 40000; i++) {
        unsigned value = i % 10000; /* more than the cache has places for */
        int len = snprintf(text, sizeof(text), "agent/%u", value);
        fake.values[AGENT] = (struct np_value){.kind = NP_VALUE_TEXT, .text = {text, (size_t) len}};
        const uint32_t *rules = NULL;
        size_t count = np_matcher_run(matcher, &fake.event, &rules);
        bool has_seven = strchr(text, '7') != NULL;
        assert_int_equal(count, 1u + has_seven + (value % 2 == 0));
    }
    memcpy(text, "long", 5);
    text[4] = 'x';
    fake.values[AGENT] = (struct np_value){.kind = NP_VALUE_TEXT, .text = {text, sizeof(text)}};
    EXPECT(matcher, &fake);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void tells_values_of_equal_text_apart(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, kit_match(&kit, AGENT, kit_number("1")));
    (void) kit_rule(&kit, kit_match(&kit, AGENT, kit_regex("^(1|true)$")));
    struct np_matcher *matcher = kit_matcher(&kit);
    for (int i = 0; i < 3; i++) {
        fake.values[AGENT] = text_value("1");
        EXPECT(matcher, &fake, 0, 1);
        fake.values[AGENT] = value_of_kind(NP_VALUE_OBJECT, "1");
        EXPECT(matcher, &fake, 1);
        fake.values[AGENT] = double_value(1, "1.0");
        EXPECT(matcher, &fake, 0);
        fake.values[AGENT] = text_value("true");
        EXPECT(matcher, &fake, 1);
    }
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void allocates_nothing_in_the_steady_state(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    struct np_literal word = kit_pattern(&kit, "*keyword*");
    (void) kit_rule(&kit, is(&kit, NAME, "CreateUser"));
    (void) kit_rule(&kit, is(&kit, AGENT, "*kali*"));
    (void) kit_rule(&kit, kit_match(&kit, AGENT, kit_regex("k.l")));
    (void) kit_rule(&kit, kit_not(&kit, is(&kit, SOURCE, "x*")));
    (void) kit_rule(&kit, kit_same(&kit, NAME, AGENT, NP_PATTERN_EXACT));
    (void) kit_rule(&kit, kit_leaf(&kit, NP_PRED_KEYWORD, 0, &word, 1));
    struct np_matcher *matcher = kit_matcher(&kit);
    static const char *const texts[] = {"createuser", "KALI", "привет", "\xff", "", "12"};
    size_t before = 0;
    for (size_t i = 0; i < 2000; i++) {
        if (i == 1000)
            before = np_alloc_count();
        fake.values[NAME] = text_value(texts[i % 6]);
        fake.values[AGENT] = text_value(texts[i / 6 % 6]);
        fake.values[SOURCE] = text_value(texts[i / 36 % 6]);
        fake.texts[0] = np_span_of(texts[i % 5]);
        fake.text_count = 1;
        const uint32_t *rules = NULL;
        (void) np_matcher_run(matcher, &fake.event, &rules);
    }
    assert_int_equal(np_alloc_count(), before);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void counts_limits_by_rule(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    np_expr_id slow = kit_match(&kit, AGENT, kit_regex("^(a+)+$"));
    (void) kit_rule(&kit, is(&kit, NAME, "x"));
    (void) kit_rule(&kit, slow);                                     /* found by its own value */
    (void) kit_rule(&kit, kit_and(&kit, slow, is(&kit, NAME, "x"))); /* found by another's */
    (void) kit_rule(&kit, kit_not(&kit, slow)); /* false for the limit, so true */
    (void) kit_rule(&kit, kit_and(&kit, slow, is(&kit, NAME, "y"))); /* never gets there */
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.values[NAME] = text_value("x");
    fake.values[AGENT] = text_value("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    size_t count = 99;
    (void) np_matcher_limits(matcher, &count);
    assert_int_equal(count, 0);
    const uint32_t *rules = NULL;
    for (int i = 0; i < 3;
         i++) /* a limit is met again each time: it is not remembered as an answer */
        assert_int_equal(np_matcher_run(matcher, &fake.event, &rules), 2);
    const struct np_rule_limit *limits = np_matcher_limits(matcher, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(limits[i].what, "match steps");
        assert_int_equal(limits[i].rule, i + 1);
        assert_int_equal(limits[i].count, 3);
    }
    EXPECT(matcher, &fake, 0, 3);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void wants_what_a_rule_finds_or_met_a_limit_with(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, is(&kit, NAME, "CreateUser"));
    (void) kit_rule(&kit, kit_match(&kit, AGENT, kit_regex("^(a+)+$")));
    struct np_matcher *matcher = kit_matcher(&kit);
    size_t count = 0;
    for (int again = 0; again < 3; again++) {
        fake.values[NAME] = text_value("DeleteUser");
        fake.values[AGENT] = text_value("aws-cli");
        assert_false(np_matcher_wants(matcher, &fake.event));
        fake.values[NAME] = text_value("CreateUser");
        assert_true(np_matcher_wants(matcher, &fake.event));
        fake.values[NAME] = text_value("DeleteUser");
        fake.values[AGENT] =
            text_value("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"); /* a limit alone */
        assert_true(np_matcher_wants(matcher, &fake.event));
        EXPECT(matcher, &fake);
    }
    struct np_logsource other = {.product = NP_SPAN("linux")};
    fake.event.logsource = &other;
    assert_false(np_matcher_wants(matcher, &fake.event));
    assert_string_equal(np_matcher_limits(matcher, &count)[0].what, "match steps");
    assert_int_equal(count, 1);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void keeps_answers_about_a_subject(void **state)
{
    (void) state;
    enum { SUBJECTS = 64 };
    static const bool of_subject[PARAMETER + 1] = {[AGENT] = true};
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    np_expr_id is_linux = kit_match(&kit, AGENT, kit_regex("linu[x]"));
    (void) kit_rule(&kit, kit_and(&kit, is(&kit, NAME, "CreateUser"), kit_not(&kit, is_linux)));
    (void) kit_rule(&kit, is(&kit, SOURCE, "iam"));
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.event.of_subject = of_subject;
    fake.values[NAME] = text_value("CreateUser");
    fake.values[SOURCE] = text_value("iam");
    for (uint64_t i = 1; i <= SUBJECTS; i++) {
        fake.event.subject = i;
        fake.values[AGENT] = text_value(i % 2 == 0 ? "kali" : "kali linux");
        if (i % 2 == 0)
            EXPECT(matcher, &fake, 0, 1);
        else
            EXPECT(matcher, &fake, 1);
    }
    fake.values[AGENT] = text_value("kali linux"); /* not what the last subject had */
    fake.values[SOURCE] = text_value("sts");
    assert_true(np_matcher_wants(matcher, &fake.event));
    fake.event.subject = 0;
    assert_false(np_matcher_wants(matcher, &fake.event));
    fake.event.subject = SUBJECTS;
    assert_true(np_matcher_wants(matcher, &fake.event));
    np_matcher_forget(matcher);
    assert_false(np_matcher_wants(matcher, &fake.event));
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void tells_when_memory_for_matching_is_out(void **state)
{
    (void) state;
    struct ir_kit kit;
    struct fake_event fake;
    ir_kit_init(&kit);
    fake_event_init(&fake);
    (void) kit_rule(&kit, is(&kit, AGENT, "*привет*"));
    struct np_matcher *matcher = kit_matcher(&kit);
    fake.values[AGENT] = text_value("user/ПРИВЕТ");
    const uint32_t *rules = NULL;
    size_t count = 0;
    /* The index cannot fold the text, so it asks every rule; the rule finds memory. */
    np_alloc_fail_at(0);
    assert_int_equal(np_matcher_run(matcher, &fake.event, &rules), 1);
    (void) np_matcher_limits(matcher, &count);
    assert_int_equal(count, 0);
    /* The other way round. */
    fake.values[AGENT] = text_value("a longer text, for which there is no room yet: user/ПРИВЕТ");
    np_alloc_fail_at(1);
    assert_int_equal(np_matcher_run(matcher, &fake.event, &rules), 0);
    const struct np_rule_limit *limits = np_matcher_limits(matcher, &count);
    assert_int_equal(count, 1);
    assert_string_equal(limits[0].what, "match memory");
    np_alloc_fail_at(-1);
    EXPECT(matcher, &fake, 0);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static void survives_every_failed_allocation(void **state)
{
    (void) state;
    struct ir_kit kit;
    ir_kit_init(&kit);
    (void) kit_rule(&kit, is(&kit, NAME, "*User*"));
    assert_int_equal(np_rule_index_new(&kit.set.index, &kit.set), 0);
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_matcher *matcher = NULL;
        np_alloc_fail_at(n);
        r = np_matcher_new(&matcher, &kit.set);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || (r == -ENOMEM && matcher == NULL));
        np_matcher_free(&matcher);
    }
    ir_kit_done(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_matching_rules_in_the_order_of_loading),
        cmocka_unit_test(runs_rules_of_the_events_log_source_only),
        cmocka_unit_test(knows_more_log_sources_than_it_remembers),
        cmocka_unit_test(reads_no_group_that_no_candidate_needs),
        cmocka_unit_test(forgets_values_by_and_by_and_stays_right),
        cmocka_unit_test(tells_values_of_equal_text_apart),
        cmocka_unit_test(allocates_nothing_in_the_steady_state),
        cmocka_unit_test(counts_limits_by_rule),
        cmocka_unit_test(wants_what_a_rule_finds_or_met_a_limit_with),
        cmocka_unit_test(keeps_answers_about_a_subject),
        cmocka_unit_test(tells_when_memory_for_matching_is_out),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
