/* SPDX-License-Identifier: Apache-2.0 */
/* Whose endpoint a call came through. */
#include "kit.h"

#include "codec/json/json.h"

#define NEW_ID   "vpce-0123456789abcdef0"
#define OTHER_ID "vpce-0fedcba9876543210"
#define OLD_ID   "vpce-f40dc59d"

static enum np_endpoint_owner owner(struct scene *scene, struct call call)
{
    call.api = call.api != NULL ? call.api : "ListUsers";
    return play(scene, call).endpoint;
}

static void believes_the_record_first(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(owner(scene, (struct call){}), NP_ENDPOINT_NONE);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID, .endpoint_owner = A}),
                     NP_ENDPOINT_OURS);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID, .endpoint_owner = B}),
                     NP_ENDPOINT_FOREIGN);
    assert_int_equal(
        owner(scene, (struct call){.endpoint = "AWS Internal", .endpoint_owner = "AWS Internal"}),
        NP_ENDPOINT_AWS);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID}), NP_ENDPOINT_UNKNOWN);
}

static void takes_accounts_that_receive_events_for_ours(void **state)
{
    struct scene *scene = *state;
    struct call call = {.endpoint = OTHER_ID, .endpoint_owner = B};
    assert_int_equal(owner(scene, call), NP_ENDPOINT_FOREIGN);
    (void) play(scene, (struct call){.api = "ListUsers", .account = B});
    assert_int_equal(owner(scene, call), NP_ENDPOINT_OURS);
}

static void does_not_judge_the_account_of_a_session_older_than_the_input(void **state)
{
    struct scene *scene = *state;
    struct call call = {.minute = 5,
                        .began = -20,
                        .who = NP_IDENTITY_SESSION,
                        .endpoint = OTHER_ID,
                        .endpoint_owner = B};
    (void) play(scene, (struct call){.api = "ListUsers"});
    assert_int_equal(owner(scene, call), NP_ENDPOINT_UNKNOWN);
    call.began = 4;
    assert_int_equal(owner(scene, call), NP_ENDPOINT_FOREIGN);
    call.began = -20;
    call.minute = 61;
    assert_int_equal(owner(scene, call), NP_ENDPOINT_FOREIGN);
}

static void does_not_judge_at_first_an_account_that_calls_from_its_own_network(void **state)
{
    struct scene *scene = *state;
    struct call call = {.endpoint = OTHER_ID, .endpoint_owner = B, .key = "ASIA1"};
    struct call copy = {.api = "AssumeRole",
                        .service = "sts",
                        .who = NP_IDENTITY_ACCOUNT,
                        .owner = B,
                        .endpoint = OTHER_ID,
                        .endpoint_owner = B};
    assert_int_equal(owner(scene, call), NP_ENDPOINT_FOREIGN);
    assert_int_equal(owner(scene, copy), NP_ENDPOINT_UNKNOWN);
    assert_int_equal(owner(scene, call), NP_ENDPOINT_UNKNOWN);
    call.minute = copy.minute = 61; /* its own records would have come by now */
    assert_int_equal(owner(scene, copy), NP_ENDPOINT_FOREIGN);
    assert_int_equal(owner(scene, call), NP_ENDPOINT_FOREIGN);
}

static void does_not_judge_accounts_that_were_too_many_to_learn(void **state)
{
    struct scene *scene = *state;
    char account[16];
    for (int i = 0; i <= NP_ACCOUNTS_MAX; i++) {
        (void) snprintf(account, sizeof(account), "%012d", i);
        np_endpoints_meet_account(scene->endpoints, np_span_of(account));
    }
    assert_int_equal(owner(scene, (struct call){.endpoint = OTHER_ID, .endpoint_owner = B}),
                     NP_ENDPOINT_UNKNOWN);
}

static void takes_given_accounts_alone_for_ours(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(np_endpoints_add_account(scene->endpoints, NP_SPAN(C)), 0);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID, .endpoint_owner = A}),
                     NP_ENDPOINT_FOREIGN);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID, .endpoint_owner = C}),
                     NP_ENDPOINT_OURS);
    assert_true(np_endpoints_is_ours(scene->endpoints, NP_SPAN(C)));
    assert_false(np_endpoints_is_ours(scene->endpoints, NP_SPAN(A)));
}

static void learns_endpoints_that_are_made(void **state)
{
    struct scene *scene = *state;
    (void) play(scene, (struct call){.api = "CreateVpcEndpoint",
                                     .service = "ec2",
                                     .things = {{NP_ENTITY_ENDPOINT, NP_ENTITY_MADE, NEW_ID}}});
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID}), NP_ENDPOINT_OURS);
    assert_int_equal(owner(scene, (struct call){.endpoint = OTHER_ID}), NP_ENDPOINT_UNKNOWN);
}

/* Measured in public data: the S3 console's endpoint beside its user's own address, and endpoints of services. */
static void stays_quiet_about_the_endpoints_of_aws(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(
        owner(scene, (struct call){.endpoint = OLD_ID, .key = "AKIA1", .flags = NP_ACT_TLS}),
        NP_ENDPOINT_AWS);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID,
                                                .from = "secretsmanager.amazonaws.com",
                                                .invoked_by = "secretsmanager.amazonaws.com"}),
                     NP_ENDPOINT_AWS);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID}), NP_ENDPOINT_AWS);
    assert_int_equal(owner(scene, (struct call){.endpoint = OTHER_ID,
                                                .who = NP_IDENTITY_SERVICE,
                                                .principal = "cloudtrail.amazonaws.com",
                                                .from = "cloudtrail.amazonaws.com"}),
                     NP_ENDPOINT_AWS);
}

static void leaves_the_users_address_as_the_place_beside_an_endpoint_of_aws(void **state)
{
    struct scene *scene = *state;
    struct np_insight by_aws =
        play(scene, (struct call){.api = "ListBuckets", .endpoint = OLD_ID, .key = "AKIA1"});
    struct np_insight plain = play(scene, (struct call){.api = "ListBuckets", .key = "AKIA1"});
    struct np_insight by_ours = play(
        scene, (struct call){
                   .api = "ListBuckets", .endpoint = NEW_ID, .endpoint_owner = A, .key = "AKIA1"});
    assert_int_equal(by_aws.thread, plain.thread);
    assert_int_not_equal(by_ours.thread, plain.thread);
    assert_span_equal(
        np_names_text(scene->names, np_actors_thread(scene->actors, by_ours.thread).place), NEW_ID);
}

static int add_text(struct scene *scene, const char *text, struct np_err *err)
{
    char buffer[512 + NP_JSON_PADDING] = {};
    (void) snprintf(buffer, 512, "%s", text);
    return np_endpoints_add_file(scene->endpoints, np_span_make(buffer, strlen(text)), "ends.json",
                                 err);
}

static void reads_the_inventory(void **state)
{
    struct scene *scene = *state;
    struct np_err err = {};
    assert_int_equal(add_text(scene,
                              "{\"VpcEndpoints\":[{\"VpcEndpointId\":\"" NEW_ID
                              "\",\"OwnerId\":\"" A "\"},{\"VpcEndpointId\":\"vpce-1\"}]}",
                              &err),
                     0);
    assert_int_equal(add_text(scene, "{\"VpcEndpoints\":[]}", &err), 0);
    assert_int_equal(owner(scene, (struct call){.endpoint = NEW_ID, .endpoint_owner = C}),
                     NP_ENDPOINT_OURS);
    assert_int_equal(owner(scene, (struct call){.endpoint = OTHER_ID}), NP_ENDPOINT_UNKNOWN);
}

static void refuses_what_is_no_inventory(void **state)
{
    static const char *const texts[] = {"{\"Vpcs\":[]}", "[", "", "{\"VpcEndpoints\":[}"};
    struct scene *scene = *state;
    for (size_t i = 0; i < NP_ARRAY_LEN(texts); i++) {
        struct np_err err = {};
        assert_int_equal(add_text(scene, texts[i], &err), -EINVAL);
        assert_non_null(strstr(err.msg, "ends.json"));
    }
}

static void names_every_owner(void **state)
{
    (void) state;
    for (int i = 0; i < NP_ENDPOINT_OWNER_MAX; i++)
        assert_non_null(np_endpoint_owner_name((enum np_endpoint_owner) i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(believes_the_record_first),
        SCENE_TEST(takes_accounts_that_receive_events_for_ours),
        SCENE_TEST(does_not_judge_the_account_of_a_session_older_than_the_input),
        SCENE_TEST(does_not_judge_at_first_an_account_that_calls_from_its_own_network),
        SCENE_TEST(does_not_judge_accounts_that_were_too_many_to_learn),
        SCENE_TEST(takes_given_accounts_alone_for_ours),
        SCENE_TEST(learns_endpoints_that_are_made),
        SCENE_TEST(stays_quiet_about_the_endpoints_of_aws),
        SCENE_TEST(leaves_the_users_address_as_the_place_beside_an_endpoint_of_aws),
        SCENE_TEST(reads_the_inventory),
        SCENE_TEST(refuses_what_is_no_inventory),
        SCENE_TEST(names_every_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
