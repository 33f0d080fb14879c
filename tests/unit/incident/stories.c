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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attack_is_one_incident_from_its_first_event),
        cmocka_unit_test(reads_in_a_row_are_one_step_with_its_refusals),
        cmocka_unit_test(looking_around_alone_is_no_incident),
        cmocka_unit_test(marks_of_hours_ago_fade),
        cmocka_unit_test(an_idle_incident_is_closed_and_a_new_one_may_open),
        cmocka_unit_test(what_the_attacker_names_is_quoted_for_a_shell),
        cmocka_unit_test(says_why_an_event_is_in),
        cmocka_unit_test(says_why_an_event_is_out),
        cmocka_unit_test(warns_of_a_key_that_is_elsewhere_in_an_incident),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
