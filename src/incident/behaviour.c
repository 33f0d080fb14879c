/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Behaviours: see behaviour.h. All speak of actors that are out of place only; what makes the same calls from its usual
 * place, or came by a federated sign-in, is left to the rules.
 */
#include "incident/behaviour.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "incident/conduct.h"
#include "incident/context.h"

#define HOUR_NS  (60 * NP_NS_PER_MIN)
#define BURST_NS (15 * NP_NS_PER_MIN)

enum {
    BURST_READS = 6,         /* distinct */
    BURST_READS_REFUSED = 5, /* where at least two calls were refused */
    EXPLORED_READS = 2,
    HARVEST_SECRETS = 4,
    CHAIN_HOPS = 2,
    MINING_REGIONS = 2,
    RANSOM_CALLS = 2,
    MODEL_CALLS = 3
};

struct np_behaviours {
    struct np_behaviours_params params;
    struct np_conducts conducts;
};

/* An act with all that is known of it. */
struct scene {
    const struct np_behaviours *behaviours;
    const struct np_act *act;
    const struct np_insight *insight;
    struct np_context context;
    struct np_call_meaning meaning;
    struct np_conduct *conduct;
    struct np_span service;
    struct np_span api;
    uint64_t call; /* hash of service and API */
};

static bool failed(const struct scene *scene)
{
    return (scene->act->flags & NP_ACT_FAILED) != 0;
}

static bool is_sensitive(const struct scene *scene, enum np_tactic tactic)
{
    return scene->meaning.weight == NP_WEIGHT_SENSITIVE && scene->meaning.tactic == tactic;
}

/* Whether it looked around before, or is so much out of place that it need not. */
static bool is_prepared(const struct scene *scene)
{
    return scene->context.stance == NP_STANCE_STRANGE ||
           np_recent_count(&scene->conduct->reads, INT64_MIN) >= EXPLORED_READS;
}

static bool passes_role(const struct scene *scene)
{
    for (size_t i = 0; i < scene->act->entity_count; i++) {
        if (scene->act->entities[i].role == NP_ENTITY_PASSED)
            return true;
    }
    return false;
}

static bool is_compute(const struct scene *scene)
{
    return is_sensitive(scene, NP_TACTIC_EXECUTION) && !np_span_is(scene->service, "ssm");
}

/* ---- the behaviours, in the order of behaviours.def */

static bool foreign_endpoint(const struct scene *scene)
{
    return scene->insight->endpoint == NP_ENDPOINT_FOREIGN;
}

static bool mixed_endpoint(const struct scene *scene)
{
    return scene->insight->endpoint == NP_ENDPOINT_UNKNOWN && scene->insight->moved &&
           (scene->act->flags & NP_ACT_TLS) != 0 && scene->insight->place_is_private;
}

static bool instance_elsewhere(const struct scene *scene)
{
    return scene->insight->instance_elsewhere;
}

/* Whether the thread is in the place of the one that it hangs on, which is usual there. */
static bool is_where_made(const struct scene *scene)
{
    const struct np_actors *actors = scene->behaviours->params.actors;
    struct np_thread_info maker = np_actors_thread(actors, scene->insight->joined);
    return maker.usual && maker.place == np_actors_thread(actors, scene->insight->thread).place;
}

static bool new_key_elsewhere(const struct scene *scene)
{
    const struct np_behaviours_params *params = &scene->behaviours->params;
    return scene->insight->join == NP_JOIN_CREATED_KEY &&
           scene->context.stance == NP_STANCE_STRANGE && !is_where_made(scene) &&
           !np_is_vouched_for(params->actors, scene->insight->joined);
}

static bool discovery_burst(const struct scene *scene)
{
    const struct np_conduct *conduct = scene->conduct;
    np_time_ns from = scene->act->time - BURST_NS;
    size_t reads = np_recent_count(&conduct->reads, from);
    if (!scene->context.new_call || scene->meaning.tactic != NP_TACTIC_DISCOVERY)
        return false;
    return reads >= BURST_READS ||
           (reads >= BURST_READS_REFUSED && np_recent_count(&conduct->refused, from) >= 2);
}

static bool refused_then_allowed(const struct scene *scene)
{
    const struct np_conduct *conduct = scene->conduct;
    np_time_ns refused = np_recent_last(&conduct->refused, scene->call);
    return !failed(scene) && refused != NP_TIME_NONE && conduct->rights_changed != NP_TIME_NONE &&
           refused <= conduct->rights_changed && scene->act->time - refused <= HOUR_NS;
}

static bool stack_rights(const struct scene *scene)
{
    return np_span_is(scene->service, "cloudformation") &&
           is_sensitive(scene, NP_TACTIC_PRIVILEGE_ESCALATION) && is_prepared(scene);
}

static bool passed_role(const struct scene *scene)
{
    return passes_role(scene) && !np_span_is(scene->service, "cloudformation") &&
           is_prepared(scene);
}

static bool raised_rights(const struct scene *scene)
{
    return np_span_is(scene->service, "iam") &&
           is_sensitive(scene, NP_TACTIC_PRIVILEGE_ESCALATION) && is_prepared(scene);
}

/* Whether the caller is of another account than the first of its actor. */
static bool is_across_accounts(const struct scene *scene)
{
    const struct np_behaviours_params *params = &scene->behaviours->params;
    struct np_thread_info root = np_actors_thread(params->actors, scene->insight->actor);
    return !np_span_eq(np_names_text(params->names, root.owner),
                       np_names_text(params->names, scene->act->texts[NP_ACT_OWNER]));
}

static bool role_chain(const struct scene *scene)
{
    return np_span_is(scene->service, "sts") && !failed(scene) &&
           is_sensitive(scene, NP_TACTIC_PRIVILEGE_ESCALATION) &&
           scene->insight->hops >= CHAIN_HOPS && is_across_accounts(scene);
}

static bool secret_harvest(const struct scene *scene)
{
    return is_sensitive(scene, NP_TACTIC_CREDENTIAL_ACCESS) && scene->context.new_call &&
           np_recent_count(&scene->conduct->secrets, INT64_MIN) >= HARVEST_SECRETS;
}

static bool guards_off(const struct scene *scene)
{
    return is_sensitive(scene, NP_TACTIC_DEFENSE_EVASION) && is_prepared(scene);
}

static bool data_opened(const struct scene *scene)
{
    return is_sensitive(scene, NP_TACTIC_EXFILTRATION) && is_prepared(scene);
}

/* Whether it asked whether lost objects can be had back. */
static bool asks_for_copies(const struct scene *scene)
{
    return np_span_is(scene->service, "s3") &&
           (np_span_is(scene->api, "GetBucketVersioning") ||
            np_span_starts(scene->api, NP_SPAN("GetBucketObjectLock")) ||
            np_span_starts(scene->api, NP_SPAN("GetObjectLock")));
}

static bool deletes_objects(const struct scene *scene)
{
    return np_span_is(scene->service, "s3") && !failed(scene) &&
           np_span_starts(scene->api, NP_SPAN("DeleteObject"));
}

static bool ransom(const struct scene *scene)
{
    const struct np_conduct *conduct = scene->conduct;
    bool harms = is_sensitive(scene, NP_TACTIC_IMPACT) &&
                 np_recent_count(&conduct->harm, INT64_MIN) >= RANSOM_CALLS;
    bool deletes = deletes_objects(scene) && conduct->copies_asked != NP_TIME_NONE &&
                   scene->context.stance == NP_STANCE_STRANGE;
    return (harms && is_prepared(scene)) || deletes;
}

static bool mining(const struct scene *scene)
{
    const struct np_conduct *conduct = scene->conduct;
    return is_compute(scene) && is_prepared(scene) &&
           (conduct->quotas_read != NP_TIME_NONE ||
            np_recent_count(&conduct->regions, INT64_MIN) >= MINING_REGIONS);
}

static bool model_abuse(const struct scene *scene)
{
    return np_span_is(scene->service, "bedrock") && scene->context.new_call &&
           scene->conduct->models_listed != NP_TIME_NONE &&
           np_recent_count(&scene->conduct->models, INT64_MIN) >= MODEL_CALLS;
}

static bool sign_in(const struct scene *scene)
{
    bool sign_in = np_span_is(scene->service, "signin") ||
                   np_span_is(scene->api, "GetFederationToken") ||
                   np_span_is(scene->api, "GetSessionToken");
    return sign_in && scene->meaning.weight == NP_WEIGHT_SENSITIVE && is_prepared(scene);
}

static bool way_back(const struct scene *scene)
{
    return is_sensitive(scene, NP_TACTIC_PERSISTENCE) && is_prepared(scene);
}

/* ---- the table */

#define B(function, name, level, title, says, innocent, ...)                                       \
    static const char *const function##_tags[] = {__VA_ARGS__};
#include "incident/behaviours.def"
#undef B

#define PRIORITY_HIGH   "high"
#define PRIORITY_MEDIUM "medium"

#define B(function, name, rule_level, rule_title, rule_says, rule_innocent, ...)                   \
    {                                                                                              \
        .rule =                                                                                    \
            {                                                                                      \
                .id = "nepho." name,                                                               \
                .title = rule_title,                                                               \
                .priority = PRIORITY_##rule_level,                                                 \
                .file = "",                                                                        \
                .level = NP_LEVEL_##rule_level,                                                    \
                .language = NP_LANGUAGE_SIGMA,                                                     \
                .tags = function##_tags,                                                           \
                .tag_count = NP_ARRAY_LEN(function##_tags),                                        \
            },                                                                                     \
        .says = rule_says,                                                                         \
        .innocent = rule_innocent,                                                                 \
    },
static const struct np_behaviour all[] = {
#include "incident/behaviours.def"
};
#undef B

#define B(function, name, level, title, says, innocent, ...) function,
static bool (*const shows[])(const struct scene *scene) = {
#include "incident/behaviours.def"
};
#undef B

_Static_assert(NP_ARRAY_LEN(all) <= NP_CONDUCT_BEHAVIOURS_MAX, "more behaviours than places");

const struct np_behaviour *np_behaviours_all(size_t *out_count)
{
    *out_count = NP_ARRAY_LEN(all);
    return all;
}

/* ---- acts */

int np_behaviours_new(struct np_behaviours **out_behaviours,
                      const struct np_behaviours_params *params)
{
    struct np_behaviours *behaviours = np_alloc(sizeof(*behaviours));
    if (behaviours == NULL)
        return -ENOMEM;
    behaviours->params = *params;
    int r = np_conducts_init(&behaviours->conducts, params->actors);
    if (r < 0) {
        np_behaviours_free(&behaviours);
        return r;
    }
    *out_behaviours = behaviours;
    return 0;
}

void np_behaviours_free(struct np_behaviours **behaviours)
{
    if (*behaviours == NULL)
        return;
    np_conducts_done(&(*behaviours)->conducts);
    np_free(*behaviours);
    *behaviours = NULL;
}

/* Writes what the act adds to its actor's conduct. */
static void learn(const struct scene *scene)
{
    struct np_conduct *conduct = scene->conduct;
    const struct np_act *act = scene->act;
    const struct np_names *names = scene->behaviours->params.names;
    if (scene->meaning.tactic == NP_TACTIC_DISCOVERY && scene->meaning.weight == NP_WEIGHT_TELLING)
        np_recent_add(&conduct->reads, scene->call, act->time);
    if ((act->flags & NP_ACT_REFUSED) != 0)
        np_recent_add(&conduct->refused, scene->call, act->time);
    if (is_sensitive(scene, NP_TACTIC_CREDENTIAL_ACCESS) && !failed(scene))
        np_recent_add(&conduct->secrets,
                      np_hash64(np_names_text(names, act->texts[NP_ACT_RESOURCE]), scene->call),
                      act->time);
    if (is_compute(scene))
        np_recent_add(&conduct->regions,
                      np_hash64(np_names_text(names, act->texts[NP_ACT_REGION]), 0), act->time);
    if (is_sensitive(scene, NP_TACTIC_IMPACT))
        np_recent_add(&conduct->harm, scene->call, act->time);
    if (np_span_is(scene->service, "servicequotas"))
        conduct->quotas_read = act->time;
    if (asks_for_copies(scene))
        conduct->copies_asked = act->time;
    if (np_span_is(scene->service, "bedrock")) {
        np_recent_add(&conduct->models, scene->call, act->time);
        if (scene->meaning.tactic == NP_TACTIC_DISCOVERY)
            conduct->models_listed = act->time;
    }
}

/* Rights are changed after what the act itself shows was judged. */
static void learn_rights(const struct scene *scene)
{
    if (is_sensitive(scene, NP_TACTIC_PRIVILEGE_ESCALATION) && !failed(scene))
        scene->conduct->rights_changed = scene->act->time;
}

/* Whether neither the act nor its caller can add anything: so most are. */
static bool is_everyday(const struct np_act *act, const struct np_insight *insight,
                        enum np_weight weight, const struct np_conduct *before)
{
    bool out_of_place = insight->foreign || insight->instance_elsewhere ||
                        insight->endpoint == NP_ENDPOINT_FOREIGN ||
                        insight->endpoint == NP_ENDPOINT_UNKNOWN;
    bool new_call = (insight->is_new & (NP_NEW_API | NP_NEW_PRINCIPAL | NP_NEW_PLACE)) != 0;
    if (before != NULL || out_of_place || (act->flags & NP_ACT_REFUSED) != 0)
        return false;
    return weight == NP_WEIGHT_ORDINARY || (weight == NP_WEIGHT_TELLING && !new_call);
}

/* A service's own call, or the copy of another account's call: its caller's own record speaks. */
static bool is_second_hand(const struct np_act *act)
{
    return act->identity == NP_IDENTITY_SERVICE || act->identity == NP_IDENTITY_ACCOUNT;
}

/* Writes what the scene shows and was not said within the hour; returns how many. */
static int speak(const struct scene *scene,
                 const struct np_rule_info *out_rules[NP_BEHAVIOURS_AT_ONCE])
{
    int count = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(shows) && count < NP_BEHAVIOURS_AT_ONCE; i++) {
        np_time_ns *spoke = &scene->conduct->spoke[i];
        bool lately = *spoke != NP_TIME_NONE && scene->act->time - *spoke < HOUR_NS;
        if (lately || !shows[i](scene))
            continue;
        *spoke = scene->act->time;
        out_rules[count++] = &all[i].rule;
    }
    return count;
}

bool np_behaviours_watches(const struct np_behaviours *behaviours, np_thread_id actor,
                           np_time_ns now)
{
    return np_conducts_find(&behaviours->conducts, actor, now) != NULL;
}

int np_behaviours_take(struct np_behaviours *behaviours, const struct np_incoming *incoming,
                       const struct np_rule_info *out_rules[NP_BEHAVIOURS_AT_ONCE])
{
    const struct np_behaviours_params *params = &behaviours->params;
    const struct np_act *act = incoming->act;
    const struct np_insight *insight = incoming->insight;
    if (insight->thread == NP_THREAD_NONE || insight->actor == NP_THREAD_NONE ||
        is_second_hand(act))
        return 0;
    struct scene scene = {
        .behaviours = behaviours,
        .act = act,
        .insight = insight,
        .meaning = incoming->meaning,
        .service = np_names_text(params->names, act->texts[NP_ACT_SERVICE]),
        .api = np_names_text(params->names, act->texts[NP_ACT_API]),
    };
    const struct np_conduct *before =
        np_conducts_find(&behaviours->conducts, insight->actor, act->time);
    if (is_everyday(act, insight, scene.meaning.weight, before))
        return 0;
    scene.context = np_context_of(params->actors, params->names, act, insight);
    if (before != NULL)
        scene.context = np_context_after(scene.context, (enum np_stance) before->stance);
    if (scene.context.is_service || scene.context.stance < NP_STANCE_EXPOSED)
        return 0;
    scene.call = np_hash64(scene.api, np_hash64(scene.service, 0));
    scene.conduct = np_conducts_of(&behaviours->conducts, insight->actor, act->time);
    scene.conduct->stance = NP_MAX(scene.conduct->stance, (uint8_t) scene.context.stance);
    learn(&scene);
    int count = speak(&scene, out_rules);
    learn_rights(&scene);
    return count;
}
