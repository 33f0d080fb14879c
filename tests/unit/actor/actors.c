/* SPDX-License-Identifier: Apache-2.0 */
/* Who hangs together with whom, and who does not. */
#include "kit.h"

/* Alice's key at her office and her colleagues' there, long enough to be usual; then it is three hours later. */
static void live_a_while(struct scene *scene)
{
    static const char *const users[] = {ALICE, "arn:aws:iam::" A ":user/bob",
                                        "arn:aws:iam::" A ":user/carol"};
    static const char *const keys[] = {"AKIAALICE", "AKIABOB", "AKIACAROL"};
    for (size_t i = 0; i < NP_ARRAY_LEN(users); i++)
        play_habit(scene, (struct call){.api = "ListUsers", .principal = users[i], .key = keys[i]},
                   0, 120);
}

static struct call stolen(double minute, const char *api)
{
    return (struct call){.minute = minute, .api = api, .key = "AKIAALICE", .from = LAIR};
}

static void separates_the_thief_from_the_owner(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call usual = {.minute = 180, .api = "ListUsers", .key = "AKIAALICE"};
    struct np_insight owner = play(scene, usual);
    struct np_insight thief = play(scene, stolen(181, "GetCallerIdentity"));
    struct np_insight again = play(scene, stolen(182, "ListRoles"));
    assert_false(owner.foreign);
    assert_int_equal(owner.is_new, 0);
    assert_true(thief.foreign && thief.moved);
    assert_int_equal(thief.is_new & (NP_NEW_PRINCIPAL | NP_NEW_PLACE | NP_NEW_PLACE_FOR_ALL),
                     NP_NEW_PLACE | NP_NEW_PLACE_FOR_ALL);
    assert_int_equal(thief.thread, again.thread);
    assert_false(is_one_actor(scene, owner, thief));
    assert_true(np_actors_thread(scene->actors, owner.thread).usual);
    assert_true(np_actors_thread(scene->actors, thief.thread).foreign);
    assert_span_equal(
        np_names_text(scene->names, np_actors_thread(scene->actors, thief.thread).place),
        "198.51.100.0/24");
}

static bool is_recognised(struct scene *scene, struct call call, struct np_insight *out_insight)
{
    np_auto_buf struct np_buf texts = {};
    struct np_act act = act_of(scene, call, &texts);
    return np_actors_recognise(scene->actors, act.prints, act.time, out_insight);
}

static void recognises_who_does_the_same_every_day(void **state)
{
    struct scene *scene = *state;
    struct np_insight found;
    live_a_while(scene);
    struct call usual = {.minute = 180, .api = "ListUsers", .key = "AKIAALICE"};
    struct np_insight met = play(scene, usual);
    usual.minute = 181;
    assert_true(is_recognised(scene, usual, &found));
    assert_int_equal(found.thread, met.thread);
    assert_int_equal(found.actor, met.actor);
    assert_int_equal(np_actors_thread(scene->actors, met.thread).last, time_of(181));
    struct call others[] = {usual, usual, usual, usual};
    others[0].api = "ListRoles";
    others[1].from = LAIR;
    others[2].region = "eu-west-1";
    others[3].minute = 180 + 61; /* its habits are to be met again */
    for (size_t i = 0; i < NP_ARRAY_LEN(others); i++)
        assert_false(is_recognised(scene, others[i], &found));
    (void) play(scene, stolen(182, "ListUsers"));
    assert_false(is_recognised(scene, stolen(183, "ListUsers"), &found));
}

static void joins_places_that_are_both_new_for_the_key(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct np_insight first = play(scene, stolen(181, "GetCallerIdentity"));
    struct call call = stolen(185, "ListRoles");
    call.from = LAIR_TOO;
    struct np_insight second = play(scene, call);
    assert_int_equal(second.join, NP_JOIN_SAME_KEY);
    assert_int_equal(second.joined, first.thread);
    assert_true(is_one_actor(scene, first, second));
}

static void stays_foreign_however_slow(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call call = stolen(0, "ListRoles");
    struct np_insight last = {};
    for (call.minute = 180; call.minute < 500; call.minute += 20)
        last = play(scene, call);
    assert_true(last.foreign);
    assert_false(np_actors_thread(scene->actors, last.thread).usual);
}

static void does_not_join_by_address_alone(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct np_insight first = play(scene, stolen(181, "ListRoles"));
    struct call call = stolen(182, "ListRoles");
    call.key = "AKIABOB";
    call.principal = "arn:aws:iam::" A ":user/bob";
    assert_false(is_one_actor(scene, first, play(scene, call)));
}

static void joins_by_an_endpoint_of_a_foreign_account(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call call = stolen(181, "ListRoles");
    call.endpoint = "vpce-0123456789abcdef0";
    call.endpoint_owner = "999999999999";
    struct np_insight first = play(scene, call);
    call.key = "AKIABOB";
    call.principal = "arn:aws:iam::" A ":user/bob";
    struct np_insight second = play(scene, call);
    assert_int_equal(first.endpoint, NP_ENDPOINT_FOREIGN);
    assert_true(first.foreign && second.foreign);
    assert_int_equal(second.join, NP_JOIN_SAME_ENDPOINT);
    assert_true(is_one_actor(scene, first, second));
}

static struct call assume(double minute, const char *account, const char *role, const char *key)
{
    static char arn[128];
    (void) snprintf(arn, sizeof(arn), "arn:aws:iam::%s:role/%s", account, role);
    return (struct call){.minute = minute,
                         .api = "AssumeRole",
                         .service = "sts",
                         .flags = NP_ACT_READS,
                         .from = LAIR,
                         .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, arn},
                                    {NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, key}}};
}

static void follows_five_hops_over_three_accounts(void **state)
{
    static const struct {
        const char *account;
        const char *principal;
        const char *key;
        const char *role;
        const char *next;
    } hops[] = {
        {A, ROLE(A, "one"), "ASIA1", "two", "ASIA2"},
        {B, ROLE(B, "two"), "ASIA2", "three", "ASIA3"},
        {B, ROLE(B, "three"), "ASIA3", "four", "ASIA4"},
        {C, ROLE(C, "four"), "ASIA4", "five", "ASIA5"},
    };
    struct scene *scene = *state;
    struct call call = assume(1, A, "one", "ASIA1");
    call.key = "AKIAALICE";
    struct np_insight first = play(scene, call);
    for (size_t i = 0; i < NP_ARRAY_LEN(hops); i++) {
        call = assume(2 + (double) i, hops[i].account, hops[i].role, hops[i].next);
        call.account = hops[i].account;
        call.who = NP_IDENTITY_SESSION;
        call.principal = hops[i].principal;
        call.session = "ops";
        call.key = hops[i].key;
        struct np_insight hop = play(scene, call);
        assert_int_equal(hop.join, NP_JOIN_ASSUMED_ROLE);
        assert_int_equal(hop.hops, i + 1);
        assert_true(is_one_actor(scene, first, hop));
    }
    struct np_insight last = play(scene, (struct call){.minute = 9,
                                                       .api = "ListBuckets",
                                                       .account = C,
                                                       .who = NP_IDENTITY_SESSION,
                                                       .principal = ROLE(C, "five"),
                                                       .session = "ops",
                                                       .key = "ASIA5",
                                                       .from = LAIR});
    assert_int_equal(last.hops, 5);
    struct np_edge edges[8];
    assert_int_equal(np_actors_edges(scene->actors, first.thread, edges, NP_ARRAY_LEN(edges)), 5);
    for (size_t i = 1; i < 5; i++)
        assert_true(edges[i - 1].time < edges[i].time && edges[i].from == edges[i - 1].to);
    assert_span_equal(np_names_text(scene->names, edges[0].event_id), "event-1");
    assert_int_equal(np_actors_edges(scene->actors, first.thread, edges, 2), 5);
}

static void finds_what_was_made_in_the_same_second_in_either_order(void **state)
{
    struct scene *scene = *state;
    struct call use = {.minute = 1,
                       .api = "ListBuckets",
                       .who = NP_IDENTITY_SESSION,
                       .principal = ROLE(A, "one"),
                       .session = "ops",
                       .key = "ASIA1",
                       .from = LAIR};
    struct call make = assume(1, A, "one", "ASIA1");
    make.key = "AKIAALICE";
    struct np_insight used = play(scene, use);
    struct np_insight made = play(scene, make);
    assert_true(is_one_actor(scene, used, made));
    assert_int_equal(np_actors_root(scene->actors, used.thread), made.thread);
    use.key = "ASIA2"; /* the near miss: used a minute before */
    make.minute = 2;
    make.things[1].value = "ASIA2";
    used = play(scene, use);
    made = play(scene, make);
    assert_false(is_one_actor(scene, used, made));
}

static void does_not_join_what_a_failed_call_names(void **state)
{
    struct scene *scene = *state;
    struct call make = assume(1, A, "one", "ASIA1");
    make.key = "AKIAALICE";
    make.flags |= NP_ACT_FAILED;
    struct np_insight made = play(scene, make);
    struct call use = {.minute = 2,
                       .api = "ListBuckets",
                       .who = NP_IDENTITY_SESSION,
                       .principal = ROLE(A, "one"),
                       .session = "ops",
                       .key = "ASIA1"};
    assert_false(is_one_actor(scene, made, play(scene, use)));
}

/* One way to get a credential: what is done, what is met then, and what it may not be taken for. */
struct way {
    const char *what;
    enum np_join join;
    struct call make;
    struct call use;
    struct call miss;
};

static const struct way ways[] = {
    {"a session whose key the record does not say",
     NP_JOIN_ASSUMED_ROLE,
     {.api = "AssumeRole",
      .service = "sts",
      .key = "AKIAALICE",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_SESSION, NP_ENTITY_MADE, SESSION(A, "one", "ops")}}},
     {.api = "ListUsers",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "path/one"),
      .session = "ops",
      .key = "ASIA1"},
     {.api = "ListUsers",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "path/one"),
      .session = "other",
      .key = "ASIA1"}},
    {"a session token",
     NP_JOIN_SESSION_TOKEN,
     {.api = "GetSessionToken",
      .service = "sts",
      .key = "AKIAALICE",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, "ASIA1"}}},
     {.api = "ListUsers", .key = "ASIA1", .from = LAIR},
     {.api = "ListUsers", .key = "ASIA2", .from = LAIR}},
    {"a federated user's sign-in",
     NP_JOIN_SESSION_TOKEN,
     {.api = "GetFederationToken",
      .service = "sts",
      .key = "AKIAALICE",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, "ASIA1"},
                 {NP_ENTITY_SESSION, NP_ENTITY_MADE, "arn:aws:sts::" A ":federated-user/x"}}},
     {.api = "ConsoleLogin",
      .service = "signin",
      .who = NP_IDENTITY_FEDERATED,
      .session = "x",
      .flags = NP_ACT_CONSOLE},
     {.api = "ConsoleLogin",
      .service = "signin",
      .who = NP_IDENTITY_FEDERATED,
      .session = "y",
      .flags = NP_ACT_CONSOLE}},
    {"a new key of another user",
     NP_JOIN_CREATED_KEY,
     {.api = "CreateAccessKey",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE, "AKIANEW"},
                 {NP_ENTITY_USER, NP_ENTITY_ON, "bob"}}},
     {.api = "ListUsers",
      .principal = "arn:aws:iam::" A ":user/bob",
      .key = "AKIANEW",
      .from = LAIR},
     {.api = "ListUsers",
      .principal = "arn:aws:iam::" A ":user/bob",
      .key = "AKIAOLD",
      .from = LAIR}},
    {"a new user",
     NP_JOIN_CREATED_USER,
     {.api = "CreateUser",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_USER, NP_ENTITY_MADE, "arn:aws:iam::" A ":user/mallory"}}},
     {.api = "ListUsers", .principal = "arn:aws:iam::" A ":user/mallory", .key = "AKIAX"},
     {.api = "ListUsers",
      .principal = "arn:aws:iam::" B ":user/mallory",
      .key = "AKIAX",
      .account = B}},
    {"a password set for somebody",
     NP_JOIN_LOGIN_PROFILE,
     {.api = "UpdateLoginProfile",
      .key = "AKIAALICE",
      .from = LAIR,
      .things = {{NP_ENTITY_USER, NP_ENTITY_ON, "bob"}}},
     {.api = "ConsoleLogin",
      .service = "signin",
      .principal = "arn:aws:iam::" A ":user/bob",
      .from = LAIR_TOO,
      .flags = NP_ACT_CONSOLE},
     {.api = "ConsoleLogin", /* failed, from elsewhere: bob does not know the new one */
      .service = "signin",
      .principal = "arn:aws:iam::" A ":user/bob",
      .flags = NP_ACT_CONSOLE | NP_ACT_FAILED}},
    {"a console session",
     NP_JOIN_SIGNED_IN,
     {.api = "ConsoleLogin", .service = "signin", .flags = NP_ACT_CONSOLE},
     {.api = "ListUsers", .key = "ASIA1"},
     {.api = "ListUsers", .key = "ASIA1", .from = LAIR}},
    {"a role passed to a service",
     NP_JOIN_PASSED_ROLE,
     {.api = "CreateProject",
      .service = "codebuild",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "service-role/build")}}},
     {.api = "CreateUser",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "service-role/build"),
      .session = "AWSCodeBuild-1",
      .key = "ASIA1",
      .from = LAIR_TOO},
     {.api = "CreateUser",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "service-role/deploy"),
      .session = "AWSCodeBuild-1",
      .key = "ASIA1",
      .from = LAIR_TOO}},
    {"a service that takes a passed role",
     NP_JOIN_PASSED_ROLE,
     {.api = "CreateStack",
      .service = "cloudformation",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")}}},
     {.api = "AssumeRole",
      .service = "sts",
      .who = NP_IDENTITY_SERVICE,
      .principal = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com",
      .from = "cloudformation.amazonaws.com",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")}}},
     {.api = "AssumeRole",
      .service = "sts",
      .account = B,
      .who = NP_IDENTITY_SERVICE,
      .principal = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com",
      .from = "cloudformation.amazonaws.com",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(B, "stacks")}}}},
    {"a stack whose role is not known",
     NP_JOIN_PASSED_ROLE,
     {.api = "UpdateStack",
      .service = "cloudformation",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_STACK, NP_ENTITY_ON, "net"}}},
     {.api = "AssumeRole",
      .service = "sts",
      .minute = 0.05,
      .who = NP_IDENTITY_SERVICE,
      .principal = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com",
      .from = "cloudformation.amazonaws.com",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")}}},
     {.api = "AssumeRole",
      .service = "sts",
      .minute = 30, /* too late to be of that update */
      .who = NP_IDENTITY_SERVICE,
      .principal = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com",
      .from = "cloudformation.amazonaws.com",
      .flags = NP_ACT_READS,
      .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")}}}},
    {"a service that calls for its caller",
     NP_JOIN_SERVICE_FOR,
     {.api = "CreateStack", .service = "cloudformation", .key = "AKIAALICE"},
     {.api = "CreateBucket",
      .service = "s3",
      .key = "AKIAALICE",
      .from = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com"},
     {.api = "CreateBucket",
      .service = "s3",
      .principal = "arn:aws:iam::" A ":user/bob",
      .key = "AKIABOB",
      .from = "cloudformation.amazonaws.com",
      .invoked_by = "cloudformation.amazonaws.com"}},
    {"an instance that was started",
     NP_JOIN_INSTANCE,
     {.api = "RunInstances",
      .service = "ec2",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_INSTANCE, NP_ENTITY_MADE, "i-0a"}}},
     {.api = "ListBuckets",
      .service = "s3",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "web"),
      .session = "i-0a",
      .key = "ASIA1"},
     {.api = "ListBuckets",
      .service = "s3",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "web"),
      .session = "i-0b",
      .key = "ASIA1"}},
    {"a function whose code was changed",
     NP_JOIN_INSTANCE,
     {.api = "UpdateFunctionCode20150331v2",
      .service = "lambda",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_FUNCTION, NP_ENTITY_ON, "sync"}}},
     {.api = "PutUserPolicy",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "fn"),
      .session = "sync",
      .key = "ASIA1"},
     {.api = "PutUserPolicy",
      .who = NP_IDENTITY_SESSION,
      .principal = ROLE(A, "fn"),
      .session = "other",
      .key = "ASIA1"}},
    {"the copy of another account",
     NP_JOIN_SHARED_EVENT,
     {.api = "AssumeRole",
      .service = "sts",
      .key = "AKIAALICE",
      .flags = NP_ACT_READS,
      .shared = "s1"},
     {.api = "AssumeRole",
      .service = "sts",
      .account = B,
      .who = NP_IDENTITY_ACCOUNT,
      .principal = "AIDAALICE",
      .owner = A,
      .flags = NP_ACT_READS,
      .shared = "s1"},
     {.api = "AssumeRole",
      .service = "sts",
      .account = B,
      .who = NP_IDENTITY_ACCOUNT,
      .principal = "AIDAALICE",
      .owner = A,
      .flags = NP_ACT_READS,
      .shared = "s2"}},
    {"an account that data was shared with",
     NP_JOIN_SHARED_WITH,
     {.api = "ModifySnapshotAttribute",
      .service = "ec2",
      .key = "AKIAALICE",
      .things = {{NP_ENTITY_ACCOUNT, NP_ENTITY_ON, C}}},
     {.api = "SharedSnapshotCopyInitiated",
      .service = "ec2",
      .who = NP_IDENTITY_ACCOUNT,
      .principal = "AIDAX",
      .owner = C},
     {.api = "SharedSnapshotCopyInitiated",
      .service = "ec2",
      .who = NP_IDENTITY_ACCOUNT,
      .principal = "AIDAX",
      .owner = B}},
};

static void follows_each_way_and_no_near_miss(void **state)
{
    (void) state;
    for (size_t i = 0; i < NP_ARRAY_LEN(ways); i++)
        for (int hit = 0; hit < 2; hit++) {
            struct scene scene;
            scene_open(&scene, 1 << 20);
            struct np_insight made = play(&scene, ways[i].make);
            struct call use = hit ? ways[i].use : ways[i].miss;
            use.minute = use.minute > 0 ? use.minute : 1;
            struct np_insight used = play(&scene, use);
            bool right = is_one_actor(&scene, made, used) == (hit == 1) &&
                         used.join == (hit ? ways[i].join : NP_JOIN_NONE);
            if (!right)
                print_error("%s: %s\n", ways[i].what, hit ? "not joined" : "joined");
            assert_true(right);
            if (hit)
                assert_int_equal(used.joined, made.thread);
            scene_close(&scene);
        }
}

static void finds_a_stacks_role_from_when_it_was_made(void **state)
{
    struct scene *scene = *state;
    struct call service = {
        .minute = 61,
        .api = "AssumeRole",
        .service = "sts",
        .who = NP_IDENTITY_SERVICE,
        .principal = "cloudformation.amazonaws.com",
        .invoked_by = "cloudformation.amazonaws.com",
        .from = "cloudformation.amazonaws.com",
        .flags = NP_ACT_READS,
        .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")},
                   {NP_ENTITY_SESSION, NP_ENTITY_MADE, SESSION(A, "stacks", "AWSCloudFormation")}}};
    (void) play(scene,
                (struct call){.minute = 1,
                              .api = "CreateStack",
                              .service = "cloudformation",
                              .key = "AKIABOB",
                              .principal = "arn:aws:iam::" A ":user/bob",
                              .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")},
                                         {NP_ENTITY_STACK, NP_ENTITY_ON, "net"}}});
    struct np_insight update =
        play(scene, (struct call){.minute = 60.9,
                                  .api = "UpdateStack",
                                  .service = "cloudformation",
                                  .key = "AKIAALICE",
                                  .things = {{NP_ENTITY_STACK, NP_ENTITY_ON, "net"}}});
    struct np_insight took = play(scene, service);
    struct np_insight child =
        play(scene, (struct call){.minute = 62,
                                  .api = "CreateRole",
                                  .who = NP_IDENTITY_SESSION,
                                  .principal = ROLE(A, "stacks"),
                                  .session = "AWSCloudFormation",
                                  .from = "cloudformation.amazonaws.com",
                                  .invoked_by = "cloudformation.amazonaws.com"});
    assert_int_equal(took.joined, update.thread);
    assert_true(is_one_actor(scene, update, took));
    assert_true(is_one_actor(scene, update, child));
}

static void gives_each_of_two_passers_one_use(void **state)
{
    struct scene *scene = *state;
    struct call pass = {.minute = 1,
                        .api = "CreateStack",
                        .service = "cloudformation",
                        .key = "AKIAALICE",
                        .things = {{NP_ENTITY_ROLE, NP_ENTITY_PASSED, ROLE(A, "stacks")}}};
    struct call take = {.minute = 1.2,
                        .api = "AssumeRole",
                        .service = "sts",
                        .who = NP_IDENTITY_SERVICE,
                        .principal = "cloudformation.amazonaws.com",
                        .invoked_by = "cloudformation.amazonaws.com",
                        .from = "cloudformation.amazonaws.com",
                        .flags = NP_ACT_READS,
                        .things = {{NP_ENTITY_ROLE, NP_ENTITY_ON, ROLE(A, "stacks")}}};
    struct np_insight first = play(scene, pass);
    pass.minute = 1.1;
    pass.key = "AKIABOB";
    pass.principal = "arn:aws:iam::" A ":user/bob";
    struct np_insight second = play(scene, pass);
    assert_int_equal(play(scene, take).joined, second.thread);
    take.minute = 1.3;
    assert_int_equal(play(scene, take).joined, first.thread);
}

static void keeps_the_errands_of_owner_and_thief_apart(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call errand = {.minute = 182,
                          .api = "CreateBucket",
                          .service = "s3",
                          .key = "AKIAALICE",
                          .from = "cloudformation.amazonaws.com",
                          .invoked_by = "cloudformation.amazonaws.com"};
    struct call begin = {
        .minute = 181, .api = "CreateStack", .service = "cloudformation", .key = "AKIAALICE"};
    struct np_insight owner = play(scene, begin);
    struct np_insight for_owner = play(scene, errand);
    begin.from = LAIR;
    begin.minute = errand.minute = 183;
    struct np_insight thief = play(scene, begin);
    struct np_insight for_thief = play(scene, errand);
    assert_int_equal(for_owner.joined, owner.thread);
    assert_int_equal(for_thief.joined, thief.thread);
    assert_true(for_thief.foreign);
    assert_false(for_owner.foreign);
}

static void does_not_let_a_pipeline_grow_without_end(void **state)
{
    struct scene *scene = *state;
    char key[16];
    struct np_insight first = {};
    struct np_insight last = {};
    for (int run = 0; run < 50; run++) {
        (void) snprintf(key, sizeof(key), "ASIA%d", run);
        struct call make = assume(run, A, "deploy", key);
        make.who = NP_IDENTITY_WEB;
        make.principal = "repo:org/app:ref:refs/heads/main";
        first = play(scene, make);
        last = play(scene, (struct call){.minute = run + 0.5,
                                         .api = "UpdateStack",
                                         .who = NP_IDENTITY_SESSION,
                                         .principal = ROLE(A, "deploy"),
                                         .session = "run",
                                         .key = key,
                                         .from = LAIR});
        assert_int_equal(last.join, NP_JOIN_ASSUMED_ROLE);
        assert_false(last.foreign);
    }
    struct np_edge edges[64];
    assert_false(is_one_actor(scene, first, last));
    assert_true(np_actors_edges(scene->actors, first.thread, edges, 64) < 16);
}

/* A run of a pipeline: `made` is the minute of its sign-in, 0 where that is not told. */
static struct np_insight run_pipeline(struct scene *scene, double minute, double made,
                                      enum np_identity by, const char *from)
{
    char key[24];
    (void) snprintf(key, sizeof(key), "ASIARUN%g", minute);
    if (made != 0) {
        struct call make = assume(made, A, "deploy", key);
        make.who = by;
        make.principal = by == NP_IDENTITY_WEB ? "repo:org/app:ref:refs/heads/main" : ALICE;
        make.from = from;
        (void) play(scene, make);
    }
    return play(scene, (struct call){.minute = minute,
                                     .began = minute - 0.1,
                                     .api = "UpdateStack",
                                     .who = NP_IDENTITY_SESSION,
                                     .principal = ROLE(A, "deploy"),
                                     .session = "run",
                                     .key = key,
                                     .from = from});
}

static void does_not_suspect_a_run_whose_sign_in_did_not_come(void **state)
{
    struct scene *scene = *state;
    for (int minute = 10; minute <= 130; minute += 30)
        (void) run_pipeline(scene, minute, minute - 0.1, NP_IDENTITY_WEB, OFFICE);
    struct np_insight lost = run_pipeline(scene, 200, 0, NP_IDENTITY_WEB, LAIR);
    assert_false(lost.foreign);
    assert_true(np_actors_thread(scene->actors, lost.thread).federated);
}

static void suspects_a_session_in_a_second_place_whoever_gave_it(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    for (int minute = 10; minute <= 130; minute += 30)
        (void) run_pipeline(scene, minute + 120, minute + 119.9, NP_IDENTITY_USER, OFFICE);
    (void) run_pipeline(scene, 400, 399.9, NP_IDENTITY_USER, OFFICE);
    assert_true(run_pipeline(scene, 400, 0, NP_IDENTITY_USER, LAIR).foreign);
}

static void suspects_a_session_of_an_unknown_giver_where_no_sign_in_gives_its_role(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    for (int minute = 10; minute <= 130; minute += 30)
        (void) run_pipeline(scene, minute + 120, minute + 119.9, NP_IDENTITY_USER, OFFICE);
    struct np_insight lost = run_pipeline(scene, 400, 0, NP_IDENTITY_USER, LAIR);
    assert_true(lost.foreign);
    assert_false(np_actors_thread(scene->actors, lost.thread).federated);
}

static void knows_the_runs_of_a_pipeline_that_has_many(void **state)
{
    struct scene *scene = *state;
    struct np_insight last = {};
    for (int minute = 1; minute <= 50; minute++)
        last = run_pipeline(scene, minute, minute - 0.1, NP_IDENTITY_WEB, OFFICE);
    struct np_thread_info info = np_actors_thread(scene->actors, last.thread);
    assert_int_equal(last.actor, last.thread); /* an actor of its own */
    assert_true(info.federated);
}

static void accuses_nobody_of_a_place_that_memory_may_have_lost(void **state)
{
    (void) state;
    for (int others = 0; others <= 20000; others += 20000) {
        struct scene scene;
        char user[64];
        scene_open(&scene, 256 * 1024);
        live_a_while(&scene);
        for (int i = 0; i < others; i++) {
            (void) snprintf(user, sizeof(user), "arn:aws:iam::" A ":user/u%d", i);
            (void) play(&scene,
                        (struct call){.minute = 121, .api = "ListUsers", .principal = user});
        }
        assert_int_equal(play(&scene, stolen(180, "ListUsers")).foreign, others == 0);
        assert_int_equal(np_actors_forgotten(scene.actors) > 0, others > 0);
        scene_close(&scene);
    }
}

/* Those who gave a session leave before it is used, as others come. */
static void accuses_no_session_whose_giver_memory_may_have_lost(void **state)
{
    (void) state;
    for (int others = 0; others <= 60000; others += 60000) {
        struct scene scene;
        char key[24];
        scene_open(&scene, 8 << 20);
        live_a_while(&scene);
        for (int minute = 10; minute <= 130; minute += 30)
            (void) run_pipeline(&scene, minute + 120, minute + 119.9, NP_IDENTITY_USER, OFFICE);
        (void) play(&scene, assume(399.8, A, "deploy", "ASIARUN400"));
        for (int i = 0; i < others; i++) {
            (void) snprintf(key, sizeof(key), "AKIA%d", i);
            (void) play(&scene, (struct call){.minute = 399.9, .api = "ListUsers", .key = key});
        }
        struct np_insight run = run_pipeline(&scene, 400, 0, NP_IDENTITY_USER, LAIR_TOO);
        assert_int_equal(run.join, others == 0 ? NP_JOIN_ASSUMED_ROLE : NP_JOIN_NONE);
        assert_int_equal(run.foreign, others == 0);
        scene_close(&scene);
    }
}

static void trusts_the_place_where_a_person_signs_on(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call call = {.minute = 200,
                        .api = "ListUsers",
                        .who = NP_IDENTITY_SESSION,
                        .principal = ROLE(A, "AWSReservedSSO_Dev_1"),
                        .session = "dan@example.com",
                        .key = "ASIADAN",
                        .from = LAIR};
    struct np_insight home = play(scene, call);
    assert_false(home.foreign);
    play_habit(scene, call, 200, 300);
    call.minute = 320;
    call.from = LAIR_TOO; /* the same key elsewhere */
    struct np_insight elsewhere = play(scene, call);
    assert_true(elsewhere.foreign && elsewhere.moved);
    assert_int_equal(elsewhere.join, NP_JOIN_SAME_KEY);
}

static void knows_an_instance_elsewhere_from_one_with_two_ways_out(void **state)
{
    struct scene *scene = *state;
    struct call call = {.api = "ListBuckets",
                        .service = "s3",
                        .who = NP_IDENTITY_SESSION,
                        .principal = ROLE(A, "web"),
                        .session = "i-0a",
                        .key = "ASIA1",
                        .from = "10.0.0.5",
                        .endpoint = "vpce-0123456789abcdef0",
                        .endpoint_owner = A};
    live_a_while(scene);
    play_habit(scene, call, 121, 220);
    call.minute = 221;
    call.endpoint = call.endpoint_owner = NULL;
    call.from = LAIR;
    call.service = "sqs"; /* never called by the endpoint: perhaps its gateway */
    struct np_insight gateway = play(scene, call);
    assert_false(gateway.foreign || gateway.instance_elsewhere);
    call.minute = 222;
    call.service = "s3";
    struct np_insight thief = play(scene, call);
    assert_true(thief.foreign && thief.instance_elsewhere);
}

static void suspects_a_forgotten_key_and_comes_to_believe_it(void **state)
{
    struct scene *scene = *state;
    live_a_while(scene);
    struct call call = {.api = "ListUsers",
                        .principal = "arn:aws:iam::" A ":user/backup",
                        .key = "AKIABACKUP",
                        .from = LAIR};
    call.minute = 200;
    assert_true(play(scene, call).foreign);
    play_habit(scene, call, 210, 500);
    call.minute = 510;
    struct np_insight later = play(scene, call);
    assert_false(later.foreign);
    call.from = LAIR_TOO;
    struct np_insight thief = play(scene, call);
    assert_true(thief.foreign);
    assert_false(is_one_actor(scene, later, thief));
}

static void forgets_threads_but_not_those_that_are_held(void **state)
{
    (void) state;
    struct scene scene;
    char key[24];
    scene_open(&scene, 256 * 1024);
    struct np_insight held = play(&scene, (struct call){.api = "ListUsers", .key = "AKIAHELD"});
    np_actors_hold(scene.actors, held.thread);
    for (int i = 0; i < 20000; i++) {
        (void) snprintf(key, sizeof(key), "AKIA%d", i);
        struct np_insight insight =
            play(&scene, (struct call){.minute = i, .api = "ListUsers", .key = key});
        assert_int_not_equal(insight.thread, NP_THREAD_NONE);
    }
    struct np_thread_info info = np_actors_thread(scene.actors, held.thread);
    assert_span_equal(np_names_text(scene.names, info.key), "AKIAHELD");
    assert_int_equal(np_actors_lost(scene.actors), 0);
    np_actors_release(scene.actors, held.thread);
    scene_close(&scene);
}

static void says_none_where_all_threads_are_held(void **state)
{
    (void) state;
    struct scene scene;
    char key[24];
    scene_open(&scene, 64 * 1024);
    struct np_insight insight = {};
    for (int i = 0; i < 2000; i++) {
        (void) snprintf(key, sizeof(key), "AKIA%d", i);
        insight = play(&scene, (struct call){.api = "ListUsers", .key = key});
        if (insight.thread != NP_THREAD_NONE)
            np_actors_hold(scene.actors, insight.thread);
    }
    assert_int_equal(insight.thread, NP_THREAD_NONE);
    assert_int_equal(insight.actor, NP_THREAD_NONE);
    assert_true(np_actors_lost(scene.actors) > 0);
    scene_close(&scene);
}

static void names_every_join(void **state)
{
    (void) state;
    for (int i = 0; i < NP_JOIN_MAX; i++)
        assert_non_null(np_join_name((enum np_join) i));
}

#ifdef NP_FAULT_INJECTION
static void survives_lack_of_memory(void **state)
{
    struct scene *scene = *state;
    struct np_actors_params params = {
        .names = scene->names, .endpoints = scene->endpoints, .max_bytes = 1 << 20};
    struct np_actors *actors = NULL;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        np_alloc_fail_at(n);
        r = np_actors_new(&actors, &params);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || actors == NULL);
    }
    np_actors_free(&actors);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(separates_the_thief_from_the_owner),
        SCENE_TEST(recognises_who_does_the_same_every_day),
        SCENE_TEST(joins_places_that_are_both_new_for_the_key),
        SCENE_TEST(stays_foreign_however_slow),
        SCENE_TEST(does_not_join_by_address_alone),
        SCENE_TEST(joins_by_an_endpoint_of_a_foreign_account),
        SCENE_TEST(follows_five_hops_over_three_accounts),
        SCENE_TEST(finds_what_was_made_in_the_same_second_in_either_order),
        SCENE_TEST(does_not_join_what_a_failed_call_names),
        cmocka_unit_test(follows_each_way_and_no_near_miss),
        SCENE_TEST(finds_a_stacks_role_from_when_it_was_made),
        SCENE_TEST(gives_each_of_two_passers_one_use),
        SCENE_TEST(keeps_the_errands_of_owner_and_thief_apart),
        SCENE_TEST(does_not_let_a_pipeline_grow_without_end),
        SCENE_TEST(knows_the_runs_of_a_pipeline_that_has_many),
        SCENE_TEST(does_not_suspect_a_run_whose_sign_in_did_not_come),
        SCENE_TEST(suspects_a_session_in_a_second_place_whoever_gave_it),
        SCENE_TEST(suspects_a_session_of_an_unknown_giver_where_no_sign_in_gives_its_role),
        cmocka_unit_test(accuses_nobody_of_a_place_that_memory_may_have_lost),
        cmocka_unit_test(accuses_no_session_whose_giver_memory_may_have_lost),
        SCENE_TEST(trusts_the_place_where_a_person_signs_on),
        SCENE_TEST(knows_an_instance_elsewhere_from_one_with_two_ways_out),
        SCENE_TEST(suspects_a_forgotten_key_and_comes_to_believe_it),
        cmocka_unit_test(forgets_threads_but_not_those_that_are_held),
        cmocka_unit_test(says_none_where_all_threads_are_held),
        cmocka_unit_test(names_every_join),
#ifdef NP_FAULT_INJECTION
        SCENE_TEST(survives_lack_of_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
