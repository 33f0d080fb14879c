/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that ask who acted, asked about one act: each field, whole conditions, findings. */
#include "engine/asker.h"

#include "support/unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"

static const char record[] =
    "{\"eventVersion\":\"1.08\",\"eventID\":\"e-1\",\"recipientAccountId\":\"1\","
    "\"eventName\":\"RunInstances\",\"eventTime\":\"2024-05-01T10:00:00Z\","
    "\"nepho\":{\"moved\":true},\"nepho.foreign\":true}";

struct kit {
    struct np_field_set *fields;
    struct np_rule_set *rules;
    struct np_decode_plan *plan;
    struct np_engine_params params;
    struct np_buf held;
    struct np_insight insight;
    struct np_asked asked;
};

/* A rule of `condition`'s tests, all of which have to be true; "" = none. */
static void load(struct kit *kit, const char *tests)
{
    char text[512];
    struct np_diag_list diags;
    np_diag_list_init(&diags);
    (void) snprintf(text, sizeof(text),
                    "title: t\nid: t\nlogsource: {product: aws, service: cloudtrail}\n"
                    "detection:\n  s: {eventName: RunInstances, %s}\n  condition: s\n",
                    tests);
    assert_int_equal(np_rule_set_load(kit->rules, "t.yml", np_span_of(text), &diags), 0);
    assert_int_equal(diags.errors, 0);
    np_diag_list_done(&diags);
}

static void kit_open(struct kit *kit, const char *tests)
{
    *kit = (struct kit){};
    assert_int_equal(np_field_set_new(&kit->fields), 0);
    assert_int_equal(np_rule_set_new(&kit->rules, kit->fields), 0);
    load(kit, tests);
    assert_int_equal(np_rule_set_compile(kit->rules, NULL), 0);
    assert_int_equal(np_decode_plan_new(&kit->plan, kit->fields, NULL, NULL), 0);
    kit->params =
        (struct np_engine_params){.rules = kit->rules, .fields = kit->fields, .plan = kit->plan};
    static const uint32_t rules[] = {0};
    static const struct np_origin origin = {.object = "o", .offset = 7, .length = 11};
    struct np_act_view view = {.arrival = 9};
    struct np_held_parts parts = {.view = &view,
                                  .origin = &origin,
                                  .asked = rules,
                                  .asked_count = 1,
                                  .record = np_span_of(record)};
    np_buf_init(&kit->held, 1 << 20);
    assert_int_equal(np_held_pack(&kit->held, &parts), 0);
    kit->insight = (struct np_insight){.actor = 1};
    kit->asked = (struct np_asked){
        .held = (const struct np_held *) (const void *) kit->held.data,
        .object = NP_SPAN("o"),
        .insight = &kit->insight,
    };
}

static void kit_close(struct kit *kit)
{
    np_buf_done(&kit->held);
    np_decode_plan_free(&kit->plan);
    np_rule_set_free(&kit->rules);
    np_field_set_free(&kit->fields);
}

/* Whether the rule is true of what is in the kit. */
static bool ask(struct kit *kit)
{
    struct np_asker *asker = NULL;
    struct np_finding *finding = NULL;
    assert_int_equal(np_asker_new(&asker, &kit->params), 0);
    assert_int_equal(np_asker_begin(asker, &kit->asked), 1);
    int found = np_asker_next(asker, &finding);
    if (found == 1)
        assert_int_equal(np_asker_next(asker, &finding), 0);
    np_asker_free(&asker);
    assert_null(asker);
    return found == 1;
}

#define ALL_NEW                                                                                    \
    (NP_NEW_API | NP_NEW_SERVICE | NP_NEW_REGION | NP_NEW_PLACE | NP_NEW_AGENT | NP_NEW_ENDPOINT)

/* Each case: a test, and a state of affairs in which it is true; in that of nothing known it is false. */
static const struct {
    const char *test;
    struct np_insight insight;
    const char *root;
    struct np_call_meaning meaning;
} fields[] = {
    {"nepho.actor.root: 'arn:*'", {.actor = 1}, "arn:aws:iam::1:user/u", {}},
    {"nepho.actor.hops|gte: 3", {.actor = 1, .hops = 12}, "", {}},
    {"nepho.actor.hops: 0", {.actor = 1}, "", {}},
    {"nepho.actor.join: created-key", {.actor = 1, .join = NP_JOIN_CREATED_KEY}, "", {}},
    {"nepho.endpoint.owner: foreign", {.actor = 1, .endpoint = NP_ENDPOINT_FOREIGN}, "", {}},
    {"nepho.first_seen.api: true", {.actor = 1, .is_new = NP_NEW_API}, "", {}},
    {"nepho.first_seen.service: true", {.actor = 1, .is_new = NP_NEW_SERVICE}, "", {}},
    {"nepho.first_seen.region: true", {.actor = 1, .is_new = NP_NEW_REGION}, "", {}},
    {"nepho.first_seen.place: true", {.actor = 1, .is_new = NP_NEW_PLACE}, "", {}},
    {"nepho.first_seen.agent: true", {.actor = 1, .is_new = NP_NEW_AGENT}, "", {}},
    {"nepho.first_seen.agent: false", {.actor = 1, .is_new = ALL_NEW & ~NP_NEW_AGENT}, "", {}},
    {"nepho.first_seen.endpoint: true",
     {.actor = 1, .is_new = NP_NEW_ENDPOINT, .endpoint = NP_ENDPOINT_OURS},
     "",
     {}},
    {"nepho.place.private: true", {.actor = 1, .place_is_private = true}, "", {}},
    {"nepho.moved: true", {.actor = 1, .moved = true}, "", {}},
    {"nepho.foreign: true", {.actor = 1, .foreign = true}, "", {}},
    {"nepho.tactic: impact", {.actor = 1}, "", {.tactic = NP_TACTIC_IMPACT}},
    {"nepho.tactic.guessed: true", {.actor = 1}, "", {.tactic = NP_TACTIC_IMPACT, .guessed = true}},
};

static void gives_each_field_its_value(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(fields); i++) {
        struct kit kit;
        kit_open(&kit, fields[i].test);
        kit.insight.actor = NP_THREAD_NONE;
        assert_false(ask(&kit));
        kit.insight = fields[i].insight;
        kit.asked.root = np_span_of(fields[i].root);
        kit.asked.meaning = fields[i].meaning;
        assert_true(ask(&kit));
        kit_close(&kit);
    }
}

static void a_record_sets_none_of_them(void **state)
{
    (void) state;
    static const char *const tests[] = {"nepho.moved: true", "nepho.foreign: true"};
    for (size_t i = 0; i < NP_ARRAY_LEN(tests); i++) {
        struct kit kit;
        kit_open(&kit, tests[i]);
        assert_false(ask(&kit));
        kit_close(&kit);
    }
}

static void forgets_the_act_before(void **state)
{
    (void) state;
    struct kit kit;
    kit_open(&kit, "nepho.actor.join: null");
    struct np_asker *asker = NULL;
    struct np_finding *finding = NULL;
    assert_int_equal(np_asker_new(&asker, &kit.params), 0);
    for (int i = 0; i < 4; i++) {
        kit.insight.join = i % 2 == 0 ? NP_JOIN_ASSUMED_ROLE : NP_JOIN_NONE;
        assert_int_equal(np_asker_begin(asker, &kit.asked), 1);
        assert_int_equal(np_asker_next(asker, &finding), i % 2);
    }
    np_asker_free(&asker);
    kit_close(&kit);
}

static void says_in_the_finding_what_was_asked_for(void **state)
{
    (void) state;
    struct kit kit;
    kit_open(&kit, "nepho.actor.hops: 4");
    struct np_asker *asker = NULL;
    struct np_finding *finding = NULL;
    kit.insight.hops = 4;
    kit.asked.is_late = true;
    assert_int_equal(np_asker_new(&asker, &kit.params), 0);
    assert_int_equal(np_asker_begin(asker, &kit.asked), 1);
    assert_int_equal(np_asker_next(asker, &finding), 1);
    assert_string_equal(finding->rule->id, "t");
    assert_true(np_span_is(finding->event_id, "e-1"));
    assert_string_equal(finding->origin.object, "o");
    assert_int_equal(finding->origin.offset, 7);
    assert_int_equal(finding->arrival, 9);
    assert_true((finding->event_flags & NP_EVENT_LATE) != 0);
    assert_int_equal(finding->field_count, 2);
    assert_true(np_span_is(finding->fields[1].name, "nepho.actor.hops"));
    assert_true(np_span_is(finding->fields[1].value.text, "4"));
    np_asker_free(&asker);
    kit_close(&kit);
}

#ifdef NP_FAULT_INJECTION
static void survives_lack_of_memory(void **state)
{
    (void) state;
    struct kit kit;
    kit_open(&kit, "nepho.moved: true");
    struct np_asker *asker = NULL;
    int r = -ENOMEM;
    for (int n = 0; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_asker_new(&asker, &kit.params);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || asker == NULL);
    }
    assert_int_equal(r, 0);
    np_asker_free(&asker);
    kit_close(&kit);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_field_its_value),
        cmocka_unit_test(a_record_sets_none_of_them),
        cmocka_unit_test(forgets_the_act_before),
        cmocka_unit_test(says_in_the_finding_what_was_asked_for),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_lack_of_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
