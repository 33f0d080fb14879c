/* SPDX-License-Identifier: Apache-2.0 */
/* How behaviours speak, and what the sequences of tests/e2e/behaviours.py do not say: what each call adds, step by step. */
#include "stage.h"

#define SPEAKS(stage, id, ...) stage_speaks((stage), &(struct stage_call){__VA_ARGS__}, (id))
#define DO(stage, ...)         stage_do((stage), &(struct stage_call){__VA_ARGS__})

static void open_stage(void **state)
{
    static struct stage stage; /* emptied by each test */
    stage_open(&stage, NULL);
    *state = &stage;
}

static int set_up(void **state)
{
    open_stage(state);
    return 0;
}

static int tear_down(void **state)
{
    stage_close(*state);
    return 0;
}

static void foreign_endpoint(void **state)
{
    assert_false(SPEAKS(*state, "nepho.foreign-endpoint", .service = "sts",
                        .api = "GetCallerIdentity", .endpoint = "vpce-0123456789abcdef0",
                        .endpoint_owner = "111122223333", .address = "10.0.0.5", .reads = true));
    assert_true(SPEAKS(*state, "nepho.foreign-endpoint", .service = "sts",
                       .api = "GetCallerIdentity", .endpoint = "vpce-0fedcba9876543210",
                       .endpoint_owner = "999988887777", .address = "10.0.0.5", .reads = true));
}

static void each_speaks_once_an_hour(void **state)
{
    struct stage *stage = *state;
    stage_explore(stage, STAGE_LAIR);
    assert_true(SPEAKS(stage, "nepho.way-back", .service = "iam", .api = "CreateAccessKey"));
    assert_false(SPEAKS(stage, "nepho.way-back", .service = "iam", .api = "CreateAccessKey"));
    stage->now += 61 * NP_NS_PER_MIN;
    assert_true(SPEAKS(stage, "nepho.way-back", .service = "iam", .api = "CreateAccessKey"));
}

static void discovery_burst(void **state)
{
    struct stage *stage = *state;
    stage_explore(stage, STAGE_LAIR);
    DO(stage, .service = "ec2", .api = "DescribeInstances", .reads = true);
    assert_false(SPEAKS(stage, "nepho.discovery-burst", .service = "s3", .api = "ListBuckets",
                        .reads = true));
    assert_true(SPEAKS(stage, "nepho.discovery-burst", .service = "lambda", .api = "ListFunctions",
                       .reads = true));
}

static void refused_then_allowed(void **state)
{
    struct stage *stage = *state;
    DO(stage, .service = "ec2", .api = "RunInstances", .refused = true);
    assert_false(
        SPEAKS(stage, "nepho.refused-then-allowed", .service = "ec2", .api = "RunInstances"));
    DO(stage, .service = "iam", .api = "AttachUserPolicy");
    assert_true(
        SPEAKS(stage, "nepho.refused-then-allowed", .service = "ec2", .api = "RunInstances"));
}

static void stack_for_rights(void **state)
{
    struct stage *stage = *state;
    assert_false(SPEAKS(stage, "nepho.cloudformation-rights", .service = "cloudformation",
                        .api = "CreateStack"));
    stage_explore(stage, STAGE_LAIR);
    assert_true(SPEAKS(stage, "nepho.cloudformation-rights", .service = "cloudformation",
                       .api = "CreateStack", .refused = true));
}

static void secret_harvest(void **state)
{
    struct stage *stage = *state;
    static const char *const secrets[] = {"a", "b", "c", "a", "b"};
    for (size_t i = 0; i < NP_ARRAY_LEN(secrets); i++)
        assert_false(SPEAKS(stage, "nepho.secret-harvest", .service = "secretsmanager",
                            .api = "GetSecretValue", .resource = secrets[i]));
    assert_true(SPEAKS(stage, "nepho.secret-harvest", .service = "secretsmanager",
                       .api = "GetSecretValue", .resource = "d"));
}

static void guards_off(void **state)
{
    struct stage *stage = *state;
    assert_false(SPEAKS(stage, "nepho.guards-off", .service = "cloudtrail", .api = "StopLogging"));
    stage_explore(stage, STAGE_LAIR);
    assert_true(SPEAKS(stage, "nepho.guards-off", .service = "cloudtrail", .api = "StopLogging"));
}

static void mining_by_quotas(void **state)
{
    struct stage *stage = *state;
    stage_explore(stage, STAGE_LAIR);
    assert_false(SPEAKS(stage, "nepho.mining", .service = "ec2", .api = "RunInstances"));
    DO(stage, .service = "servicequotas", .api = "GetServiceQuota", .reads = true);
    assert_true(SPEAKS(stage, "nepho.mining", .service = "ec2", .api = "RunInstances"));
}

static void mining_by_regions(void **state)
{
    struct stage *stage = *state;
    stage_explore(stage, STAGE_LAIR);
    assert_false(SPEAKS(stage, "nepho.mining", .service = "ec2", .api = "RunInstances"));
    assert_true(SPEAKS(stage, "nepho.mining", .service = "ec2", .api = "RunInstances",
                       .region = "sa-east-1"));
}

static void deletes_what_it_knows_to_be_without_copies(void **state)
{
    struct stage *stage = *state;
    const struct stage_call work = {
        .service = "s3", .api = "GetObject", .address = STAGE_OUR_PLACE, .reads = true};
    for (int i = 0; i < 3; i++) { /* so that the lair is a strange place */
        stage_do(stage, &work);
        stage->now += 2 * NP_LEARN_NS;
    }
    stage_explore(stage, STAGE_LAIR);
    assert_false(SPEAKS(stage, "nepho.ransom", .service = "s3", .api = "DeleteObject"));
    DO(stage, .service = "s3", .api = "GetBucketVersioning", .reads = true);
    assert_false(SPEAKS(stage, "nepho.ransom", .service = "s3", .api = "DeleteObject",
                        .address = STAGE_OUR_PLACE));
    assert_true(SPEAKS(stage, "nepho.ransom", .service = "s3", .api = "DeleteObject"));
}

static void all_have_an_id_a_level_and_a_tactic(void **state)
{
    size_t count = 0;
    const struct np_behaviour *all = np_behaviours_all(&count);
    (void) state;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        const struct np_rule_info *rule = &all[i].rule;
        assert_int_equal(strncmp(rule->id, "nepho.", strlen("nepho.")), 0);
        assert_true(rule->title[0] != '\0' && rule->level >= NP_LEVEL_MEDIUM);
        assert_int_equal(strncmp(rule->tags[0], "attack.", strlen("attack.")), 0);
        assert_true(all[i].says[0] != '\0' && all[i].innocent[0] != '\0');
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(foreign_endpoint),
        TEST(each_speaks_once_an_hour),
        TEST(discovery_burst),
        TEST(refused_then_allowed),
        TEST(stack_for_rights),
        TEST(secret_harvest),
        TEST(guards_off),
        TEST(mining_by_quotas),
        TEST(mining_by_regions),
        TEST(deletes_what_it_knows_to_be_without_copies),
        cmocka_unit_test(all_have_an_id_a_level_and_a_tactic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
