/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "simulate/play/cast.h"

struct scene {
    struct np_scenario_set *set;
    struct np_accounts accounts;
    struct np_arena arena;
    struct np_buf scratch;
};

static void open_scene(struct scene *scene, const char *cast)
{
    char text[2048];
    (void) snprintf(
        text, sizeof(text),
        "name: probe\nkind: twin\ntitle: Probe\ncast:\n%s"
        "  caller: {is: user, name: c}\n  spot: {is: place, address: 203.0.113.9, agent: a}\n"
        "steps:\n  - {step: s, call: iam GetUser, by: caller, from: spot}\n",
        cast);
    scene->set = open_world("twin/probe.yml", text);
    scene->accounts = (struct np_accounts){.world = &scene->set->world, .seed = 1, .count = 5};
    np_arena_init(&scene->arena, SIZE_MAX);
    np_buf_init(&scene->scratch, 65536);
}

static void close_scene(struct scene *scene)
{
    np_arena_done(&scene->arena);
    np_buf_done(&scene->scratch);
    np_scenario_set_free(&scene->set);
}

static struct np_cast cast_of(struct scene *scene, uint64_t seed, uint32_t home)
{
    struct np_cast cast = {};
    struct np_cast_source source = {
        .accounts = &scene->accounts, .seed = seed, .home = home, .now = NP_NS_PER_S};
    for (size_t i = 0; i < scene->set->scenario_count; i++)
        if (strcmp(scene->set->scenarios[i].name, "probe") == 0)
            source.scenario = &scene->set->scenarios[i];
    assert_int_equal(np_cast_make(&cast, &source, &scene->arena, &scene->scratch), 0);
    return cast;
}

static struct np_span get(const struct np_cast *cast, size_t member, enum np_attribute attribute)
{
    return np_member_attribute(&cast->members[member], attribute);
}

static void an_entry_is_the_same_whoever_draws_it(void **state)
{
    struct scene scene;
    struct np_span arns[4] = {};
    (void) state;
    open_scene(&scene, "  u: {is: user, pool: user}\n");
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct np_cast cast = cast_of(&scene, seed, 2);
        uint32_t entry = cast.members[0].entry;
        assert_true(entry < 4);
        if (arns[entry].len > 0)
            assert_true(np_span_eq(arns[entry], get(&cast, 0, NP_ATTRIBUTE_ARN)));
        arns[entry] = get(&cast, 0, NP_ATTRIBUTE_ARN);
    }
    for (size_t i = 0; i < 4; i++)
        assert_true(arns[i].len > 0);
    close_scene(&scene);
}

static void two_of_a_pool_are_two_entries(void **state)
{
    struct scene scene;
    (void) state;
    open_scene(&scene, "  a: {is: user, pool: user}\n  b: {is: user, pool: user}\n"
                       "  c: {is: user, pool: user}\n");
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct np_cast cast = cast_of(&scene, seed, 0);
        assert_true(cast.members[0].entry != cast.members[1].entry);
        assert_true(cast.members[0].entry != cast.members[2].entry);
        assert_true(cast.members[1].entry != cast.members[2].entry);
    }
    close_scene(&scene);
}

static void like_always_finds_the_same_partner(void **state)
{
    struct scene scene;
    (void) state;
    open_scene(&scene, "  a: {is: user, pool: user}\n  desk: {is: place, pool: office, like: a}\n");
    uint32_t desks[4] = {9, 9, 9, 9};
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct np_cast cast = cast_of(&scene, seed, 1);
        uint32_t *desk = &desks[cast.members[0].entry];
        assert_true(*desk == 9 || *desk == cast.members[1].entry);
        *desk = cast.members[1].entry;
    }
    close_scene(&scene);
}

static void accounts_are_those_asked_for(void **state)
{
    struct scene scene;
    (void) state;
    open_scene(&scene,
               "  home: {is: user, pool: user}\n  away: {is: role, pool: role, account: other}\n"
               "  third: {is: role, pool: role, account: other}\n"
               "  with: {is: user, name: w, in: away}\n"
               "  far: {is: external, account: foreign}\n"
               "  desk: {is: place, pool: office}\n");
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct np_cast cast = cast_of(&scene, seed, 3);
        assert_int_equal(cast.members[0].account, 3);
        assert_true(cast.members[1].account < 5 && cast.members[1].account != 3);
        assert_true(cast.members[2].account < 5 && cast.members[2].account != 3);
        assert_true(cast.members[1].account != cast.members[2].account);
        assert_int_equal(cast.members[3].account, cast.members[1].account);
        assert_false(np_account_is_ours(cast.members[4].account));
        assert_int_equal(cast.members[5].account, NP_ACCOUNT_NONE);
    }
    close_scene(&scene);
}

static void ids_are_shaped_as_those_of_aws(void **state)
{
    struct scene scene;
    (void) state;
    open_scene(&scene,
               "  u: {is: user, name: ann}\n  k: {is: key, of: u}\n  r: {is: role, name: r}\n"
               "  s: {is: session, of: r, name: job}\n");
    struct np_cast cast = cast_of(&scene, 1, 0);
    struct np_span id = get(&cast, 0, NP_ATTRIBUTE_ID);
    struct np_span key = get(&cast, 0, NP_ATTRIBUTE_KEY);
    assert_true(np_span_starts(id, NP_SPAN("AIDA")) && id.len == 21);
    assert_true(np_span_starts(key, NP_SPAN("AKIA")) && key.len == 20);
    assert_memory_equal(id.ptr + 4, key.ptr + 4,
                        8); /* which account it is, but for the last bits */
    for (size_t i = 4; i < id.len; i++)
        assert_non_null(memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", id.ptr[i], 32));
    assert_true(np_span_eq(get(&cast, 1, NP_ATTRIBUTE_ID), id));
    assert_false(np_span_eq(get(&cast, 1, NP_ATTRIBUTE_KEY), key));
    assert_true(np_span_starts(get(&cast, 2, NP_ATTRIBUTE_ID), NP_SPAN("AROA")));
    assert_true(np_span_starts(get(&cast, 3, NP_ATTRIBUTE_ID), get(&cast, 2, NP_ATTRIBUTE_ID)));
    assert_true(np_span_ends(get(&cast, 3, NP_ATTRIBUTE_ID), NP_SPAN(":job")));
    assert_true(np_span_starts(get(&cast, 3, NP_ATTRIBUTE_KEY), NP_SPAN("ASIA")));
    assert_true(np_span_starts(get(&cast, 3, NP_ATTRIBUTE_TOKEN), NP_SPAN("IQoJb3JpZ2luX2Vj")));
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_the_same_whoever_draws_it),
        cmocka_unit_test(two_of_a_pool_are_two_entries),
        cmocka_unit_test(like_always_finds_the_same_partner),
        cmocka_unit_test(accounts_are_those_asked_for),
        cmocka_unit_test(ids_are_shaped_as_those_of_aws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
