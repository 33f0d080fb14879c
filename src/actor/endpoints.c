/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints and accounts by their ids; what an endpoint is follows from the best evidence seen so far. */
#include "actor/endpoints.h"

#include <ctype.h>
#include <errno.h>

#include "actor/actor.h"
#include "base/alloc.h"
#include "base/map.h"
#include "codec/json/json.h"

/* Of accounts. */
enum { OURS = 1, UNSETTLED /* not met, but it called us while there was nearly nobody met yet */ };

struct np_endpoints {
    struct np_map owners;   /* endpoint id -> enum np_endpoint_owner */
    struct np_map accounts; /* OURS or UNSETTLED */
    bool accounts_given;
    bool accounts_lost;    /* there were too many */
    np_time_ns began;      /* time of the first act */
    uint64_t last_account; /* hash of the one that was added last */
};

const char *np_endpoint_owner_name(enum np_endpoint_owner owner)
{
    static const char *const names[NP_ENDPOINT_OWNER_MAX] = {
        [NP_ENDPOINT_NONE] = "none",       [NP_ENDPOINT_OURS] = "ours",
        [NP_ENDPOINT_AWS] = "aws",         [NP_ENDPOINT_FOREIGN] = "foreign",
        [NP_ENDPOINT_UNKNOWN] = "unknown",
    };
    return names[owner];
}

int np_endpoints_new(struct np_endpoints **out_endpoints)
{
    struct np_endpoints *endpoints = np_alloc(sizeof(*endpoints));
    if (endpoints == NULL)
        return -ENOMEM;
    np_map_init(&endpoints->owners, NP_ENDPOINTS_MAX);
    np_map_init(&endpoints->accounts, NP_ACCOUNTS_MAX);
    endpoints->began = NP_TIME_NONE;
    *out_endpoints = endpoints;
    return 0;
}

void np_endpoints_free(struct np_endpoints **endpoints)
{
    if (endpoints == NULL || *endpoints == NULL)
        return;
    np_map_done(&(*endpoints)->owners);
    np_map_done(&(*endpoints)->accounts);
    np_free(*endpoints);
    *endpoints = NULL;
}

static int add_ids(struct np_endpoints *endpoints, const struct np_value *ids)
{
    const struct np_value *items = ids->kind == NP_VALUE_LIST ? ids->items : ids;
    size_t count = ids->kind == NP_VALUE_LIST ? ids->count : 1;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        if (items[i].kind == NP_VALUE_TEXT)
            r = np_map_put(&endpoints->owners, items[i].text, NP_ENDPOINT_OURS);
    return r;
}

enum { SLOT_LIST, SLOT_ID, SLOT_COUNT };

static int read_file(struct np_endpoints *endpoints, struct np_json_reader *reader,
                     struct np_json_plan *plan, struct np_json_slots *slots, struct np_span text)
{
    const char *reason = NULL;
    int r = np_json_plan_add(plan, NP_SPAN("VpcEndpoints"), SLOT_LIST, NP_JSON_PATH_ANY);
    if (r == 0)
        r = np_json_plan_add(plan, NP_SPAN("VpcEndpoints.VpcEndpointId"), SLOT_ID,
                             NP_JSON_PATH_ANY);
    if (r < 0)
        return r;
    enum np_json_result result = np_json_read(reader, plan, text, slots, &reason);
    if (result == NP_JSON_NO_MEMORY)
        return -ENOMEM;
    if (result != NP_JSON_OK || slots->values[SLOT_LIST].kind == NP_VALUE_ABSENT)
        return -EINVAL;
    return add_ids(endpoints, &slots->values[SLOT_ID]);
}

int np_endpoints_add_file(struct np_endpoints *endpoints, struct np_span text, const char *file,
                          struct np_err *err)
{
    struct np_value values[SLOT_COUNT] = {};
    uint32_t touched[SLOT_COUNT];
    struct np_json_plan *plan = NULL;
    struct np_json_reader *reader = NULL;
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    struct np_json_slots slots = {.values = values, .touched = touched, .arena = &arena};
    int r = np_json_plan_new(&plan);
    if (r == 0)
        r = np_json_reader_new(&reader);
    if (r == 0)
        r = read_file(endpoints, reader, plan, &slots, text);
    np_json_reader_free(&reader);
    np_json_plan_free(&plan);
    if (r == -EINVAL)
        return np_fail(err, r, "'%s' is no output of 'aws ec2 describe-vpc-endpoints'", file);
    if (r == -E2BIG)
        return np_fail(err, r, "'%s' has more than %d endpoints", file, NP_ENDPOINTS_MAX);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
}

int np_endpoints_add_account(struct np_endpoints *endpoints, struct np_span account)
{
    endpoints->accounts_given = true;
    return np_map_put(&endpoints->accounts, account, OURS);
}

bool np_endpoints_is_ours(const struct np_endpoints *endpoints, struct np_span account)
{
    return np_map_get(&endpoints->accounts, account) == OURS;
}

/* What was learned is a help: where it cannot be kept it is learned again. */
static enum np_endpoint_owner learn(struct np_endpoints *endpoints, struct np_span id,
                                    enum np_endpoint_owner owner)
{
    NP_IGNORE(np_map_put(&endpoints->owners, id, owner));
    return owner;
}

static bool is_account(struct np_span text)
{
    bool digits = text.len == 12;
    for (size_t i = 0; i < text.len && digits; i++)
        digits = isdigit((unsigned char) text.ptr[i]) != 0;
    return digits;
}

/*
 * Ids of eight hex digits are from before 2018. The consoles' own endpoints have them to this day, with the address of the
 * user beside them; whoever makes an endpoint now gets seventeen digits.
 */
static bool is_old_id(struct np_span id)
{
    return id.len == strlen("vpce-") + 8;
}

void np_endpoints_meet_account(struct np_endpoints *endpoints, struct np_span account)
{
    if (endpoints->accounts_given || account.len == 0)
        return;
    if (np_map_put(&endpoints->accounts, account, OURS) < 0)
        endpoints->accounts_lost = true;
}

static void learn_account(struct np_endpoints *endpoints, const struct np_names *names,
                          np_name account)
{
    uint64_t hash = np_names_hash(names, account);
    if (hash == endpoints->last_account)
        return;
    endpoints->last_account = hash;
    np_endpoints_meet_account(endpoints, np_names_text(names, account));
}

/* An endpoint made in an account of ours. */
static void learn_made(struct np_endpoints *endpoints, const struct np_names *names,
                       const struct np_act *act)
{
    for (size_t i = 0; i < act->entity_count; i++)
        if (act->entities[i].kind == NP_ENTITY_ENDPOINT && act->entities[i].role == NP_ENTITY_MADE)
            (void) learn(endpoints, np_names_text(names, act->entities[i].value), NP_ENDPOINT_OURS);
}

static bool is_learning(const struct np_endpoints *endpoints, const struct np_act *act)
{
    return !endpoints->accounts_given && act->time - endpoints->began < NP_LEARN_NS;
}

/* Who calls us from an account through that account's own endpoint may be one of ours whose own records are yet to come. */
static void unsettle(struct np_endpoints *endpoints, const struct np_act *act,
                     struct np_span caller, struct np_span account)
{
    if (act->identity == NP_IDENTITY_ACCOUNT && np_span_eq(caller, account) &&
        is_learning(endpoints, act) && np_map_get(&endpoints->accounts, account) == NP_MAP_NONE)
        NP_IGNORE(np_map_put(&endpoints->accounts, account, UNSETTLED));
}

/*
 * Whether an account that was not met yet is none of ours. A session that is older than what is read may come from one of ours
 * whose turn is yet to come.
 */
static bool knows_account(const struct np_endpoints *endpoints, const struct np_act *act,
                          struct np_span account)
{
    if (!is_learning(endpoints, act))
        return !endpoints->accounts_lost;
    return !endpoints->accounts_lost && np_map_get(&endpoints->accounts, account) == NP_MAP_NONE &&
           (act->session_began == NP_TIME_NONE || act->session_began >= endpoints->began);
}

/* The owner by what the record itself says; UNKNOWN where it does not. */
static enum np_endpoint_owner owner_said(const struct np_endpoints *endpoints,
                                         const struct np_act *act, struct np_span id,
                                         struct np_span account)
{
    if (!np_span_starts(id, NP_SPAN("vpce-")))
        return NP_ENDPOINT_AWS; /* "AWS Internal", or a service's name */
    if (account.len == 0)
        return NP_ENDPOINT_UNKNOWN;
    if (!is_account(account))
        return NP_ENDPOINT_AWS;
    if (np_endpoints_is_ours(endpoints, account))
        return NP_ENDPOINT_OURS;
    return knows_account(endpoints, act, account) ? NP_ENDPOINT_FOREIGN : NP_ENDPOINT_UNKNOWN;
}

/* Whether AWS itself came through it: a service, or a console. */
static bool is_aws_inside(const struct np_act *act, struct np_span id)
{
    return act->identity == NP_IDENTITY_SERVICE || act->texts[NP_ACT_INVOKED_BY] != NP_NAME_NONE ||
           is_old_id(id);
}

enum np_endpoint_owner np_endpoints_take(struct np_endpoints *endpoints, struct np_names *names,
                                         const struct np_act *act)
{
    if (endpoints->began == NP_TIME_NONE)
        endpoints->began = act->time;
    if (!endpoints->accounts_given)
        learn_account(endpoints, names, act->texts[NP_ACT_ACCOUNT]);
    if (act->entity_count > 0)
        learn_made(endpoints, names, act);
    if (act->texts[NP_ACT_ENDPOINT] == NP_NAME_NONE)
        return NP_ENDPOINT_NONE;
    struct np_span id = np_names_text(names, act->texts[NP_ACT_ENDPOINT]);
    struct np_span account = np_names_text(names, act->texts[NP_ACT_ENDPOINT_OWNER]);
    uint32_t known = np_map_get(&endpoints->owners, id);
    if (known == NP_ENDPOINT_OURS)
        return NP_ENDPOINT_OURS;
    unsettle(endpoints, act, np_names_text(names, act->texts[NP_ACT_OWNER]), account);
    enum np_endpoint_owner said = owner_said(endpoints, act, id, account);
    if (said != NP_ENDPOINT_UNKNOWN)
        return said;
    if (known != NP_MAP_NONE)
        return (enum np_endpoint_owner) known;
    return is_aws_inside(act, id) ? learn(endpoints, id, NP_ENDPOINT_AWS) : NP_ENDPOINT_UNKNOWN;
}
