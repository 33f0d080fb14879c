/* SPDX-License-Identifier: Apache-2.0 */
/* Calls in a few words, played to the actors, for the tests of this folder. */
#pragma once

#include "support/acts.h"

#include <stdio.h>

#include "actor/actor.h"
#include "base/alloc.h"

#define OFFICE                       "192.0.2.7"
#define LAIR                         "198.51.100.9"
#define LAIR_TOO                     "203.0.113.30"
#define A                            "111111111111"
#define B                            "222222222222"
#define C                            "333333333333"
#define ALICE                        "arn:aws:iam::" A ":user/alice"
#define ROLE(account, name)          "arn:aws:iam::" account ":role/" name
#define SESSION(account, role, name) "arn:aws:sts::" account ":assumed-role/" role "/" name

struct thing {
    enum np_entity_kind kind;
    enum np_entity_role role;
    const char *value;
};

/* A call; what is not given is what most calls have. */
struct call {
    double minute; /* of the scene */
    double began;  /* of the session: minute; 0 = not given */
    const char *api;
    const char *service;   /* "iam" */
    const char *account;   /* A */
    const char *region;    /* "us-east-1" */
    enum np_identity who;  /* a user where a key or nothing else is given */
    const char *principal; /* ALICE */
    const char *owner;     /* the account */
    const char *session;
    const char *key;
    const char *from; /* OFFICE */
    const char *endpoint;
    const char *endpoint_owner;
    const char *invoked_by;
    const char *shared;
    const char *id; /* numbered */
    uint32_t flags;
    struct thing things[4];
};

struct scene {
    struct np_names *names;
    struct np_endpoints *endpoints;
    struct np_actors *actors;
    unsigned calls;
};

static inline void scene_open(struct scene *scene, size_t max_bytes)
{
    *scene = (struct scene){};
    assert_int_equal(np_names_new(&scene->names, 64 << 20), 0);
    assert_int_equal(np_endpoints_new(&scene->endpoints), 0);
    struct np_actors_params params = {
        .names = scene->names, .endpoints = scene->endpoints, .max_bytes = max_bytes};
    assert_int_equal(np_actors_new(&scene->actors, &params), 0);
}

static inline void scene_close(struct scene *scene)
{
    np_actors_free(&scene->actors);
    np_endpoints_free(&scene->endpoints);
    np_names_free(&scene->names);
}

static inline int scene_setup(void **state)
{
    static struct scene scene;
    scene_open(&scene, 1 << 20);
    *state = &scene;
    return 0;
}

static inline int scene_teardown(void **state)
{
    scene_close(*state);
    return 0;
}

#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

static inline struct np_span or_else(const char *text, const char *other)
{
    return np_span_of(text != NULL ? text : other);
}

static inline np_time_ns time_of(double minute)
{
    return np_time_of_utc(2026, 3, 2, 8, 0, 0) + (np_time_ns) (minute * (double) NP_NS_PER_MIN);
}

static inline void view_of(struct np_act_view *view, const struct call *call, const char *id)
{
    const char *account = call->account != NULL ? call->account : A;
    enum np_identity who = call->who != NP_IDENTITY_UNKNOWN ? call->who : NP_IDENTITY_USER;
    *view = (struct np_act_view){
        .time = time_of(call->minute),
        .identity = who,
        .flags = call->flags,
        .session_began = call->began != 0 ? time_of(call->began) : NP_TIME_NONE,
        .texts =
            {
                [NP_ACT_EVENT_ID] = or_else(call->id, id),
                [NP_ACT_ACCOUNT] = np_span_of(account),
                [NP_ACT_REGION] = or_else(call->region, "us-east-1"),
                [NP_ACT_SERVICE] = or_else(call->service, "iam"),
                [NP_ACT_API] = np_span_of(call->api),
                [NP_ACT_PRINCIPAL] = or_else(call->principal, ALICE),
                [NP_ACT_OWNER] = or_else(call->owner, account),
                [NP_ACT_SESSION] = np_span_of(call->session),
                [NP_ACT_KEY] = np_span_of(call->key),
                [NP_ACT_ADDRESS] = or_else(call->from, OFFICE),
                [NP_ACT_ENDPOINT] = np_span_of(call->endpoint),
                [NP_ACT_ENDPOINT_OWNER] = np_span_of(call->endpoint_owner),
                [NP_ACT_INVOKED_BY] = np_span_of(call->invoked_by),
                [NP_ACT_SHARED_ID] = np_span_of(call->shared),
                [NP_ACT_ERROR] =
                    np_span_of((call->flags & NP_ACT_FAILED) != 0 ? "AccessDenied" : NULL),
            },
    };
    for (size_t i = 0; i < NP_ARRAY_LEN(call->things) && call->things[i].value != NULL; i++)
        view->entities[view->entity_count++] =
            (struct np_entity){.kind = call->things[i].kind,
                               .role = call->things[i].role,
                               .value = np_span_of(call->things[i].value)};
}

/* The act of a call; its texts lie in `texts`. */
static inline struct np_act act_of(struct scene *scene, struct call call, struct np_buf *texts)
{
    char id[16];
    struct np_act_view view;
    struct np_act act;
    (void) snprintf(id, sizeof(id), "event-%u", ++scene->calls);
    view_of(&view, &call, id);
    act_of_view(&act, texts, scene->names, &view);
    return act;
}

static inline struct np_insight play(struct scene *scene, struct call call)
{
    np_auto_buf struct np_buf texts = {};
    struct np_insight insight;
    struct np_act act = act_of(scene, call, &texts);
    assert_int_equal(np_actors_take(scene->actors, &act, &insight), 0);
    return insight;
}

/* A call that is made again and again, `from_minute` to `to_minute`, every quarter of an hour. */
static inline void play_habit(struct scene *scene, struct call call, double from_minute,
                              double to_minute)
{
    for (call.minute = from_minute; call.minute <= to_minute; call.minute += 15)
        (void) play(scene, call);
}

static inline bool is_one_actor(const struct scene *scene, struct np_insight a, struct np_insight b)
{
    return np_actors_root(scene->actors, a.thread) == np_actors_root(scene->actors, b.thread);
}
