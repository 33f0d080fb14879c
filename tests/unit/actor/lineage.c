/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a service or a function works for where several asked for the same. */
#include "kit.h"

#define BOB "arn:aws:iam::" A ":user/bob"
#define CFN "cloudformation.amazonaws.com"

static const struct call create_stack = {
    .api = "CreateStack",
    .service = "cloudformation",
    .key = "AKIAALICE",
    .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")},
               {NP_ENTITY_STACK, NP_ENTITY_ON, "net"}}};

static const struct call change_set = {
    .api = "CreateChangeSet",
    .service = "cloudformation",
    .key = "AKIABOB",
    .principal = BOB,
    .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")},
               {NP_ENTITY_STACK, NP_ENTITY_ON, "web"}}};

static const struct call take_role = {
    .api = "AssumeRole",
    .service = "sts",
    .who = NP_IDENTITY_SERVICE,
    .principal = CFN,
    .invoked_by = CFN,
    .from = CFN,
    .flags = NP_ACT_READS,
    .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")},
               {NP_ENTITY_SESSION, NP_ENTITY_MADE, SESSION(A, "stacks", "AWSCloudFormation")}}};

static struct np_insight play_at(struct scene *scene, double minute, struct call call)
{
    call.minute = minute;
    return play(scene, call);
}

static void a_change_set_takes_no_role_from_who_started_a_stack(void **state)
{
    struct scene *scene = *state;
    struct np_insight started = play_at(scene, 1, create_stack);
    (void) play_at(scene, 1.1, change_set);
    assert_int_equal(play_at(scene, 1.2, take_role).joined, started.thread);
}

static void a_change_set_alone_may_have_its_role_taken(void **state)
{
    struct scene *scene = *state;
    struct np_insight prepared = play_at(scene, 1, change_set);
    assert_int_equal(play_at(scene, 1.1, take_role).joined, prepared.thread);
}

static void executing_a_change_set_starts_its_stack(void **state)
{
    struct scene *scene = *state;
    (void) play_at(scene, 1, change_set);
    (void) play_at(scene, 1.1, create_stack);
    struct np_insight executed =
        play_at(scene, 1.2,
                (struct call){.api = "ExecuteChangeSet",
                              .service = "cloudformation",
                              .key = "AKIABOB",
                              .principal = BOB,
                              .things = {{NP_ENTITY_STACK, NP_ENTITY_ON, "web"}}});
    assert_int_equal(play_at(scene, 1.3, take_role).joined, executed.thread);
}

static void a_stack_does_not_wait_for_its_role(void **state)
{
    static const double waits[] = {0.5, 11};
    for (size_t i = 0; i < NP_ARRAY_LEN(waits); i++) {
        struct scene scene;
        (void) state;
        scene_open(&scene, 1 << 20);
        struct np_insight started = play_at(&scene, 1, create_stack);
        np_thread_id joined = play_at(&scene, 1 + waits[i], take_role).joined;
        assert_int_equal(joined, waits[i] < 1 ? started.thread : NP_THREAD_NONE);
        scene_close(&scene);
    }
}

/* The stacks of a stack set are made with the role that CloudFormation has already: it waits for no other. */
static void what_a_service_asks_of_itself_begins_nothing(void **state)
{
    struct scene *scene = *state;
    struct call other = take_role;
    other.things[0].value = ROLE(A, "other");
    other.things[1].value = SESSION(A, "other", "AWSCloudFormation");
    (void) play_at(scene, 1, create_stack);
    (void) play_at(scene, 1.1, take_role);
    struct np_insight child =
        play_at(scene, 1.2,
                (struct call){.api = "CreateStack",
                              .service = "cloudformation",
                              .who = NP_IDENTITY_SESSION,
                              .principal = ROLE(A, "stacks"),
                              .session = "AWSCloudFormation",
                              .began = 1.1,
                              .from = CFN,
                              .invoked_by = CFN,
                              .things = {{NP_ENTITY_STACK, NP_ENTITY_ON, "inner"}}});
    assert_int_equal(child.join, NP_JOIN_ASSUMED_ROLE);
    assert_int_equal(play_at(scene, 1.3, other).joined, NP_THREAD_NONE);
}

/* A service may take a role twice in a minute, also where what it was asked for names no role. */
static void a_role_may_be_taken_again_at_once(void **state)
{
    struct scene *scene = *state;
    struct call take = take_role;
    take.principal = take.invoked_by = take.from = "glue.amazonaws.com";
    take.things[1].value = SESSION(A, "stacks", "GlueJobRunnerSession");
    struct np_insight passed =
        play_at(scene, 1,
                (struct call){.api = "UpdateJob",
                              .service = "glue",
                              .key = "AKIAALICE",
                              .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")}}});
    (void) play_at(scene, 1.5,
                   (struct call){.api = "CreateTrigger", .service = "glue", .key = "AKIAALICE"});
    assert_int_equal(play_at(scene, 2, take).joined, passed.thread);
    take.account = A;
    struct np_insight again = play_at(scene, 2.5, take);
    assert_true(is_one_actor(scene, passed, again));
}

static struct call change_function(const char *key, const char *who, const char *from)
{
    return (struct call){.api = "UpdateFunctionCode20150331v2",
                         .service = "lambda",
                         .key = key,
                         .principal = who,
                         .from = from,
                         .things = {{NP_ENTITY_FUNCTION, NP_ENTITY_ON, "sync"},
                                    {NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "fn")}}};
}

static struct call run_function(const char *function)
{
    return (struct call){.api = "AttachUserPolicy",
                         .who = NP_IDENTITY_SESSION,
                         .principal = ROLE(A, "fn"),
                         .session = function,
                         .from = "203.0.113.77",
                         .key = "ASIAFN"};
}

static void a_thiefs_change_of_a_function_is_not_hidden_by_its_owners(void **state)
{
    struct scene *scene = *state;
    play_habit(scene, (struct call){.api = "GetUser", .key = "AKIAALICE"}, 0, 180);
    play_habit(scene, (struct call){.api = "GetUser", .key = "AKIABOB", .principal = BOB}, 0, 180);
    struct np_insight stolen = play_at(scene, 181, change_function("AKIAALICE", ALICE, LAIR));
    assert_true(stolen.foreign);
    (void) play_at(scene, 182, change_function("AKIABOB", BOB, OFFICE));
    assert_int_equal(play_at(scene, 183, run_function("sync")).joined, stolen.thread);
}

static void a_changed_function_passes_its_role_to_no_other(void **state)
{
    struct scene *scene = *state;
    (void) play_at(scene, 1, change_function("AKIAALICE", ALICE, OFFICE));
    assert_int_equal(play_at(scene, 2, run_function("other")).join, NP_JOIN_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_change_set_takes_no_role_from_who_started_a_stack),
        SCENE_TEST(a_change_set_alone_may_have_its_role_taken),
        SCENE_TEST(executing_a_change_set_starts_its_stack),
        cmocka_unit_test(a_stack_does_not_wait_for_its_role),
        SCENE_TEST(what_a_service_asks_of_itself_begins_nothing),
        SCENE_TEST(a_role_may_be_taken_again_at_once),
        SCENE_TEST(a_thiefs_change_of_a_function_is_not_hidden_by_its_owners),
        SCENE_TEST(a_changed_function_passes_its_role_to_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
