/* SPDX-License-Identifier: Apache-2.0 */
/* A stage for acts made by hand: who calls what from where, a second after the other, through actors to insights. */
#pragma once

#include "support/acts.h"

#include <stdio.h>

#include "incident/behaviour.h"
#include "incident/stories.h"

enum { STAGE_NAMES_BYTES = 16 * 1024 * 1024, STAGE_TOLD_MAX = 64, STAGE_TEXT_BYTES = 512 };

#define STAGE_OUR_PLACE "198.51.100.7"
#define STAGE_LAIR      "203.0.113.9"

/* What is kept of an incident that was told. */
struct stage_told {
    struct np_hash128 id;
    enum np_incident_state state;
    enum np_level level;
    uint32_t revision;
    struct np_hash128 merged_into;
    size_t events;
    size_t steps;
    size_t links;
    char title[STAGE_TEXT_BYTES];
    char next[4 * STAGE_TEXT_BYTES];
    char first_step[STAGE_TEXT_BYTES];
};

struct stage {
    struct np_names *names;
    struct np_endpoints *endpoints;
    struct np_actors *actors;
    struct np_tactics *tactics;
    struct np_behaviours *behaviours;
    struct np_stories *stories;
    struct stage_told told[STAGE_TOLD_MAX];
    size_t told_count;
    np_time_ns now;
    unsigned events;
    char last_id[32];
};

/* A call: what is not said is as a user's key has it. */
struct stage_call {
    const char *service;
    const char *api;
    const char *key;
    const char *user;
    const char *address;
    const char *resource;
    const char *endpoint;
    const char *endpoint_owner;
    const char *region;
    bool reads;
    bool refused;
    const char *made_key;
    const char *made_for; /* user */
    const char *role;     /* of a session, in place of a user */
    const char *session;
    const char *changed_function;
};

static const char stage_table[] =
    "sts\tGetCallerIdentity\tdiscovery\ttelling\n"
    "iam\tListUsers\tdiscovery\ttelling\niam\tListRoles\tdiscovery\ttelling\n"
    "ec2\tDescribeInstances\tdiscovery\ttelling\ns3\tListBuckets\tdiscovery\ttelling\n"
    "lambda\tListFunctions\tdiscovery\ttelling\nsecretsmanager\tListSecrets\tdiscovery\ttelling\n"
    "servicequotas\tGetServiceQuota\tdiscovery\ttelling\n"
    "s3\tGetObject\tcollection\tordinary\ns3\tDeleteObject\timpact\ttelling\n"
    "s3\tGetBucketVersioning\tdiscovery\ttelling\nssm\tGetParameter\tcredential-access\ttelling\n"
    "lambda\tUpdateFunctionCode\tpersistence\tsensitive\n"
    "secretsmanager\tGetSecretValue\tcredential-access\tsensitive\n"
    "iam\tAttachUserPolicy\tprivilege-escalation\tsensitive\n"
    "iam\tCreateAccessKey\tpersistence\tsensitive\n"
    "cloudtrail\tStopLogging\tdefense-evasion\tsensitive\n"
    "cloudformation\tCreateStack\tprivilege-escalation\tsensitive\n"
    "ec2\tRunInstances\texecution\tsensitive\n";

static inline int stage_tell(void *context, const struct np_incident *incident, struct np_err *err)
{
    struct stage *stage = context;
    (void) err;
    assert_true(stage->told_count < STAGE_TOLD_MAX);
    struct stage_told *told = &stage->told[stage->told_count++];
    *told = (struct stage_told){
        .id = incident->id,
        .state = incident->state,
        .level = incident->level,
        .revision = incident->revision,
        .merged_into = incident->merged_into,
        .events = incident->event_count,
        .steps = incident->step_count,
        .links = incident->chain_count,
    };
    (void) snprintf(told->title, sizeof(told->title), "%.*s", NP_SPAN_ARGS(incident->title));
    (void) snprintf(told->first_step, sizeof(told->first_step), "%.*s x%u %.*s",
                    NP_SPAN_ARGS(incident->steps[0].action), (unsigned) incident->steps[0].count,
                    NP_SPAN_ARGS(incident->steps[0].outcome));
    for (size_t i = 0, at = 0; i < incident->next_count && at < sizeof(told->next); i++)
        at += (size_t) snprintf(told->next + at, sizeof(told->next) - at, "%.*s\n",
                                NP_SPAN_ARGS(incident->next[i]));
    return 0;
}

static inline void stage_open(struct stage *stage, const char *explain)
{
    *stage = (struct stage){.now = np_time_of_utc(2026, 3, 2, 8, 0, 0)};
    assert_int_equal(np_names_new(&stage->names, STAGE_NAMES_BYTES), 0);
    assert_int_equal(np_endpoints_new(&stage->endpoints), 0);
    struct np_actors_params actors = {stage->names, stage->endpoints, NP_ACTORS_MAX_BYTES};
    assert_int_equal(np_actors_new(&stage->actors, &actors), 0);
    assert_int_equal(np_tactics_load(&stage->tactics, np_span_of(stage_table), NULL), 0);
    struct np_behaviours_params behaviours = {stage->names, stage->actors};
    assert_int_equal(np_behaviours_new(&stage->behaviours, &behaviours), 0);
    struct np_stories_params stories = {
        .names = stage->names,
        .actors = stage->actors,
        .max_bytes = NP_STORIES_MAX_BYTES,
        .tell = stage_tell,
        .context = stage,
        .explain = np_span_of(explain),
    };
    assert_int_equal(np_stories_new(&stage->stories, &stories), 0);
}

static inline void stage_close(struct stage *stage)
{
    np_stories_free(&stage->stories);
    np_behaviours_free(&stage->behaviours);
    np_tactics_free(&stage->tactics);
    np_actors_free(&stage->actors);
    np_endpoints_free(&stage->endpoints);
    np_names_free(&stage->names);
}

static inline void stage_view(struct stage *stage, const struct stage_call *call,
                              struct np_act_view *view, char arn[STAGE_TEXT_BYTES])
{
    (void) snprintf(stage->last_id, sizeof(stage->last_id), "event-%u", stage->events++);
    if (call->role != NULL)
        (void) snprintf(arn, STAGE_TEXT_BYTES, "arn:aws:iam::111122223333:role/%s", call->role);
    else
        (void) snprintf(arn, STAGE_TEXT_BYTES, "arn:aws:iam::111122223333:user/%s",
                        call->user != NULL ? call->user : "robot");
    *view = (struct np_act_view){
        .time = stage->now,
        .identity = call->role != NULL ? NP_IDENTITY_SESSION : NP_IDENTITY_USER,
        .session_began = NP_TIME_NONE,
        .flags = NP_ACT_TLS | (call->reads ? NP_ACT_READS : 0u) |
                 (call->refused ? NP_ACT_REFUSED | NP_ACT_FAILED : 0u),
        .texts =
            {
                [NP_ACT_EVENT_ID] = np_span_of(stage->last_id),
                [NP_ACT_ACCOUNT] = NP_SPAN("111122223333"),
                [NP_ACT_OWNER] = NP_SPAN("111122223333"),
                [NP_ACT_REGION] = np_span_of(call->region != NULL ? call->region : "us-east-1"),
                [NP_ACT_SERVICE] = np_span_of(call->service),
                [NP_ACT_API] = np_span_of(call->api),
                [NP_ACT_PRINCIPAL] = np_span_of(arn),
                [NP_ACT_SESSION] = np_span_of(call->session),
                [NP_ACT_KEY] = np_span_of(call->key != NULL ? call->key : "AKIAROBOT"),
                [NP_ACT_ADDRESS] = np_span_of(call->address != NULL ? call->address : STAGE_LAIR),
                [NP_ACT_RESOURCE] = np_span_of(call->resource),
                [NP_ACT_ENDPOINT] = np_span_of(call->endpoint),
                [NP_ACT_ENDPOINT_OWNER] = np_span_of(call->endpoint_owner),
                [NP_ACT_ERROR] = np_span_of(call->refused ? "AccessDenied" : NULL),
            },
    };
}

/* Plays a call one second after the last; writes the behaviours that speak and returns how many. */
static inline int stage_play(struct stage *stage, const struct stage_call *call,
                             const struct np_rule_info *out_rules[NP_BEHAVIOURS_AT_ONCE])
{
    char arn[STAGE_TEXT_BYTES];
    struct np_act_view view;
    struct np_act act;
    np_auto_buf struct np_buf texts = {};
    struct np_insight insight;
    struct np_signal signals[NP_BEHAVIOURS_AT_ONCE] = {};
    stage->now += NP_NS_PER_S;
    stage_view(stage, call, &view, arn);
    act_of_view(&act, &texts, stage->names, &view);
    if (call->made_key != NULL) {
        act.entities[act.entity_count++] =
            (struct np_act_entity){NP_ENTITY_ACCESS_KEY, NP_ENTITY_MADE,
                                   np_names_put(stage->names, np_span_of(call->made_key))};
        act.entities[act.entity_count++] = (struct np_act_entity){
            NP_ENTITY_USER, NP_ENTITY_ON, np_names_put(stage->names, np_span_of(call->made_for))};
    }
    if (call->changed_function != NULL)
        act.entities[act.entity_count++] =
            (struct np_act_entity){NP_ENTITY_FUNCTION, NP_ENTITY_ON,
                                   np_names_put(stage->names, np_span_of(call->changed_function))};
    (void) np_endpoints_take(stage->endpoints, stage->names, &act);
    assert_int_equal(np_actors_take(stage->actors, &act, &insight), 0);
    struct np_incoming incoming = {
        .act = &act,
        .insight = &insight,
        .meaning = np_tactics_of(stage->tactics, view.texts[NP_ACT_SERVICE], view.texts[NP_ACT_API],
                                 (view.flags & NP_ACT_READS) != 0)};
    int count = np_behaviours_take(stage->behaviours, &incoming, out_rules);
    assert_true(count >= 0);
    for (int i = 0; i < count; i++)
        signals[i].rule = out_rules[i];
    assert_int_equal(np_stories_take(stage->stories, &incoming,
                                     (struct np_signals){signals, (size_t) count}, NULL),
                     0);
    return count;
}

/* Whether the call makes the behaviour speak. */
static inline bool stage_speaks(struct stage *stage, const struct stage_call *call, const char *id)
{
    const struct np_rule_info *rules[NP_BEHAVIOURS_AT_ONCE];
    int count = stage_play(stage, call, rules);
    for (int i = 0; i < count; i++) {
        if (strcmp(rules[i]->id, id) == 0)
            return true;
    }
    return false;
}

static inline void stage_do(struct stage *stage, const struct stage_call *call)
{
    const struct np_rule_info *rules[NP_BEHAVIOURS_AT_ONCE];
    (void) stage_play(stage, call, rules);
}

/* Reads of the account, as somebody makes who came to look around. */
static inline void stage_explore(struct stage *stage, const char *address)
{
    stage_do(stage,
             &(struct stage_call){
                 .service = "sts", .api = "GetCallerIdentity", .address = address, .reads = true});
    stage_do(stage, &(struct stage_call){
                        .service = "iam", .api = "ListUsers", .address = address, .reads = true});
    stage_do(stage, &(struct stage_call){.service = "iam",
                                         .api = "ListRoles",
                                         .address = address,
                                         .reads = true,
                                         .refused = true});
}
