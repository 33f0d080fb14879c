/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes an incident, what is in it, and how it is told. */
#include "stage.h"

static void attack(struct stage *stage)
{
    stage_explore(stage, STAGE_LAIR);
    stage_do(stage, &(struct stage_call){.service = "iam", .api = "AttachUserPolicy"});
    stage_do(stage, &(struct stage_call){.service = "iam",
                                         .api = "CreateAccessKey",
                                         .resource = "it's",
                                         .made_key = "AKIASECOND",
                                         .made_for = "it's"});
    stage_do(stage, &(struct stage_call){.service = "cloudtrail", .api = "StopLogging"});
}

static const struct stage_told *last_told(const struct stage *stage)
{
    assert_true(stage->told_count > 0);
    return &stage->told[stage->told_count - 1];
}

static void an_attack_is_one_incident_from_its_first_event(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    attack(&stage);
    assert_int_equal(stage.told[0].state, NP_INCIDENT_OPEN);
    assert_int_equal(stage.told[0].revision, 1);
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    const struct stage_told *told = last_told(&stage);
    assert_int_equal(told->state, NP_INCIDENT_CLOSED);
    assert_int_equal(told->revision, stage.told_count);
    assert_int_equal(told->events, 6);
    assert_true(told->level >= NP_LEVEL_HIGH);
    for (size_t i = 0; i < stage.told_count; i++)
        assert_memory_equal(&stage.told[i].id, &told->id, sizeof(told->id));
    stage_close(&stage);
}

static void reads_in_a_row_are_one_step_with_its_refusals(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    attack(&stage);
    assert_string_equal(stage.told[0].first_step,
                        "GetCallerIdentity, ListUsers, ListRoles x3 1 of 3 refused");
    stage_close(&stage);
}

static void looking_around_alone_is_no_incident(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    stage_explore(&stage, STAGE_LAIR);
    for (int i = 0; i < 50; i++)
        stage_do(&stage, &(struct stage_call){.service = "s3", .api = "GetObject", .reads = true});
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    assert_int_equal(stage.told_count, 0);
    stage_close(&stage);
}

static void marks_of_hours_ago_fade(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    stage_explore(&stage, STAGE_LAIR);
    stage.now += 4 * 60 * NP_NS_PER_MIN;
    assert_int_equal(np_stories_advance(stage.stories, stage.now, NULL), 0);
    stage_do(&stage, &(struct stage_call){.service = "iam", .api = "CreateAccessKey"});
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    assert_int_equal(stage.told_count, 0);
    stage_close(&stage);
}

static void an_idle_incident_is_closed_and_a_new_one_may_open(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    attack(&stage);
    stage.now += NP_STORY_IDLE_NS + NP_NS_PER_MIN;
    assert_int_equal(np_stories_advance(stage.stories, stage.now, NULL), 0);
    assert_int_equal(last_told(&stage)->state, NP_INCIDENT_CLOSED);
    struct np_hash128 first = last_told(&stage)->id;
    attack(&stage);
    assert_memory_not_equal(&last_told(&stage)->id, &first, sizeof(first));
    stage_close(&stage);
}

/* A new key is used in the second in which it is made, and its record comes before that of its making. */
static void of_two_incidents_that_become_one_the_later_says_so(void **state)
{
    struct stage stage;
    const struct stage_call far_use = {.service = "sts",
                                       .api = "GetCallerIdentity",
                                       .key = "AKIASECOND",
                                       .user = "helper",
                                       .endpoint = "vpce-0fedcba9876543210",
                                       .endpoint_owner = "999988887777",
                                       .address = "10.0.0.5",
                                       .reads = true};
    (void) state;
    stage_open(&stage, NULL);
    stage_explore(&stage, STAGE_LAIR);
    stage_do(&stage, &(struct stage_call){.service = "iam", .api = "AttachUserPolicy"});
    stage_do(&stage, &(struct stage_call){.service = "cloudtrail", .api = "StopLogging"});
    struct np_hash128 whole = last_told(&stage)->id;
    stage_do(&stage, &far_use);
    struct np_hash128 part = last_told(&stage)->id;
    assert_memory_not_equal(&part, &whole, sizeof(part));
    stage.now -= NP_NS_PER_S;
    stage_do(&stage, &(struct stage_call){.service = "iam",
                                          .api = "CreateAccessKey",
                                          .resource = "helper",
                                          .made_key = "AKIASECOND",
                                          .made_for = "helper"});
    size_t before = stage.told_count;
    stage_do(&stage, &far_use);
    const struct stage_told *closed = &stage.told[before];
    assert_int_equal(closed->state, NP_INCIDENT_CLOSED);
    assert_memory_equal(&closed->id, &part, sizeof(part));
    assert_memory_equal(&closed->merged_into, &whole, sizeof(whole));
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    assert_memory_equal(&last_told(&stage)->id, &whole, sizeof(whole));
    assert_int_equal(last_told(&stage)->events, 8);
    assert_true(last_told(&stage)->merged_into.low == 0);
    stage_close(&stage);
}

static void what_the_attacker_names_is_quoted_for_a_shell(void **state)
{
    struct stage stage;
    (void) state;
    stage_open(&stage, NULL);
    attack(&stage);
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    const char *next = last_told(&stage)->next;
    assert_non_null(strstr(next, "update-access-key --user-name 'robot' --access-key-id "
                                 "'AKIAROBOT' --status Inactive"));
    assert_non_null(strstr(next, "delete-access-key --user-name 'it'\\''s' --access-key-id "
                                 "'AKIASECOND'"));
    stage_close(&stage);
}

static void says_why_an_event_is_in(void **state)
{
    struct stage stage;
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, 4096);
    stage_open(&stage, "event-1");
    attack(&stage);
    assert_int_equal(np_stories_explain(stage.stories, &buf), 0);
    assert_non_null(strstr(np_buf_cstr(&buf), "in: part of incident "));
    assert_non_null(strstr(np_buf_cstr(&buf), "\ncaller: AKIAROBOT of "));
    assert_non_null(strstr(np_buf_cstr(&buf), "\nplace: "));
    assert_non_null(strstr(np_buf_cstr(&buf), "\njoined: "));
    assert_non_null(strstr(np_buf_cstr(&buf), "\ncall: "));
    stage_close(&stage);
}

static void says_why_an_event_is_out(void **state)
{
    struct stage stage;
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, 4096);
    stage_open(&stage, "event-0");
    stage_do(&stage, &(struct stage_call){.service = "s3", .api = "GetObject", .reads = true});
    assert_int_equal(np_stories_explain(stage.stories, &buf), 0);
    assert_non_null(strstr(np_buf_cstr(&buf), "out: "));
    stage_close(&stage);
    stage_open(&stage, "another");
    assert_int_equal(np_stories_explain(stage.stories, &buf), -ENOENT);
    stage_close(&stage);
}

/* What a reader of a leaked key's incident asks first: why is this call of the same key not in it? */
static void warns_of_a_key_that_is_elsewhere_in_an_incident(void **state)
{
    struct stage stage;
    np_auto_buf struct np_buf buf;
    (void) state;
    np_buf_init(&buf, 4096);
    stage_open(&stage, "event-1");
    const struct stage_call work = {
        .service = "s3", .api = "GetObject", .address = STAGE_OUR_PLACE, .reads = true};
    for (int i = 0; i < 3; i++) {
        stage_do(&stage, &work);
        stage.now += 2 * NP_LEARN_NS;
    }
    attack(&stage);
    assert_int_equal(np_stories_advance(stage.stories, NP_TIME_NONE, NULL), 0);
    assert_int_equal(np_stories_explain(stage.stories, &buf), 0);
    assert_non_null(strstr(np_buf_cstr(&buf), "out: "));
    assert_non_null(strstr(np_buf_cstr(&buf), "\nbeware: the same credential is used elsewhere "));
    stage_close(&stage);
}

/* ---- what else belongs to it, and what does not */

#define BOX_PLACE "198.51.100.200"

/* A machine that does its work for hours, by a credential of its own. */
static struct stage_call of_machine(const char *service, const char *api, const char *address)
{
    return (struct stage_call){.service = service,
                               .api = api,
                               .address = address,
                               .role = "nodes",
                               .session = "i-0123456789abcdef0",
                               .key = "ASIANODE",
                               .reads = true};
}

static void work(struct stage *stage, const struct stage_call *call, int hours)
{
    for (int i = 0; i < hours; i++) {
        stage_do(stage, call);
        stage->now += NP_LEARN_NS;
    }
}

static size_t events_at_the_end(struct stage *stage)
{
    assert_int_equal(np_stories_advance(stage->stories, NP_TIME_NONE, NULL), 0);
    return last_told(stage)->events;
}

static void who_carries_a_credential_away_tried_it_where_it_was(void **state)
{
    struct stage stage;
    const struct stage_call daily = of_machine("s3", "GetObject", BOX_PLACE);
    const struct stage_call first = of_machine("sts", "GetCallerIdentity", BOX_PLACE);
    const struct stage_call looks = of_machine("iam", "ListRoles", STAGE_LAIR);
    const struct stage_call takes = of_machine("secretsmanager", "GetSecretValue", STAGE_LAIR);
    (void) state;
    stage_open(&stage, NULL);
    work(&stage, &daily, 4);
    stage_do(&stage, &first);
    stage.now += NP_NS_PER_MIN;
    stage_do(&stage, &daily);
    stage.now += NP_NS_PER_MIN;
    stage_do(&stage, &looks);
    for (int i = 0; i < 3; i++)
        stage_do(&stage, &takes);
    stage_do(&stage, &daily);
    assert_int_equal(events_at_the_end(&stage), 5);
    stage_close(&stage);
}

/* Of a key that is young, or seldom used, the owner's place is learned late. */
static void a_place_that_goes_on_as_always_is_the_owners(void **state)
{
    struct stage stage;
    const struct stage_call daily = {
        .service = "ec2", .api = "DescribeInstances", .address = STAGE_OUR_PLACE, .reads = true};
    const struct stage_call other = {.service = "s3",
                                     .api = "GetObject",
                                     .user = "other",
                                     .key = "AKIAOTHER",
                                     .address = "192.0.2.1"};
    (void) state;
    stage_open(&stage, NULL);
    work(&stage, &other, 3);
    work(&stage, &daily, 3);
    attack(&stage);
    work(&stage, &daily, 1);
    stage_do(&stage, &daily);
    assert_int_equal(events_at_the_end(&stage), 6);
    stage_close(&stage);
}

static struct stage_call of_function(const char *service, const char *api, const char *key)
{
    return (struct stage_call){.service = service,
                               .api = api,
                               .address = "192.0.2.44",
                               .role = "sync-role",
                               .session = "sync",
                               .key = key};
}

static void of_a_changed_function_only_what_is_new_belongs(void **state)
{
    struct stage stage;
    const struct stage_call robot = {
        .service = "s3", .api = "GetObject", .address = STAGE_OUR_PLACE};
    const struct stage_call daily = of_function("ssm", "GetParameter", "ASIADAILY");
    const struct stage_call usual = of_function("ssm", "GetParameter", "ASIAUSUAL");
    const struct stage_call rights = of_function("iam", "AttachUserPolicy", "ASIATHIEF");
    (void) state;
    stage_open(&stage, NULL);
    work(&stage, &daily, 3);
    work(&stage, &robot, 3);
    stage_explore(&stage, STAGE_LAIR);
    stage_do(&stage, &(struct stage_call){.service = "lambda",
                                          .api = "UpdateFunctionCode",
                                          .changed_function = "sync"});
    stage_do(&stage, &usual);
    stage_do(&stage, &rights);
    assert_int_equal(events_at_the_end(&stage), 5);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attack_is_one_incident_from_its_first_event),
        cmocka_unit_test(reads_in_a_row_are_one_step_with_its_refusals),
        cmocka_unit_test(looking_around_alone_is_no_incident),
        cmocka_unit_test(marks_of_hours_ago_fade),
        cmocka_unit_test(an_idle_incident_is_closed_and_a_new_one_may_open),
        cmocka_unit_test(of_two_incidents_that_become_one_the_later_says_so),
        cmocka_unit_test(what_the_attacker_names_is_quoted_for_a_shell),
        cmocka_unit_test(says_why_an_event_is_in),
        cmocka_unit_test(says_why_an_event_is_out),
        cmocka_unit_test(warns_of_a_key_that_is_elsewhere_in_an_incident),
        cmocka_unit_test(who_carries_a_credential_away_tried_it_where_it_was),
        cmocka_unit_test(a_place_that_goes_on_as_always_is_the_owners),
        cmocka_unit_test(of_a_changed_function_only_what_is_new_belongs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
