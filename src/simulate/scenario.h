/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled data: world, calls, scenarios. Everything lives in the arena of its set and is never changed. */
#pragma once

#include "base/arena.h"
#include "simulate/simulate.h"
#include "simulate/text.h"

enum {
    NP_REGIONS_ALL = UINT16_MAX, /* of `regions: all` */
    NP_SCENARIO_MAX_NAMES =
        1000 /* members of a cast, attributes of an entry, parameters of a call */
};

struct np_range {
    int64_t low;
    int64_t high;
};

enum np_member_is {
    NP_IS_USER,
    NP_IS_ROLE,
    NP_IS_SESSION,
    NP_IS_CONSOLE,
    NP_IS_ROOT,
    NP_IS_SERVICE,
    NP_IS_KEY,
    NP_IS_FEDERATED,
    NP_IS_EXTERNAL,
    NP_IS_VISITOR,
    NP_IS_PLACE,
    NP_IS_THING,
    NP_IS_MAX
};

/* The attributes that every member may have come first, in this order; then its own. Absent ones are empty. */
enum np_attribute {
    NP_ATTRIBUTE_ACCOUNT,
    NP_ATTRIBUTE_NAME,
    NP_ATTRIBUTE_PATH,
    NP_ATTRIBUTE_ARN,
    NP_ATTRIBUTE_ID,
    NP_ATTRIBUTE_KEY,
    NP_ATTRIBUTE_TOKEN,
    NP_ATTRIBUTE_MFA,
    NP_ATTRIBUTE_SOURCE,
    NP_ATTRIBUTE_PROVIDER,
    NP_ATTRIBUTE_DELIVERY,
    NP_ATTRIBUTE_INVOKED,
    NP_ATTRIBUTE_ADDRESS,
    NP_ATTRIBUTE_AGENT,
    NP_ATTRIBUTE_ENDPOINT,
    NP_ATTRIBUTE_ENDPOINT_ACCOUNT,
    NP_ATTRIBUTE_PROXY,
    NP_ATTRIBUTE_FIXED
};

/* How an entry of a pool, or a new member of a cast, is made: its attributes in the order written. */
struct np_entry {
    enum np_member_is is;
    const struct np_span
        *names; /* of all attributes: the fixed ones (empty = it has none such), then its own */
    size_t attribute_count;
    struct np_text *texts; /* by attribute; no segments = not given */
    const uint16_t
        *order; /* in which they were written; one names only those before it, and the account */
    size_t order_count;
};

struct np_pool {
    struct np_span name;
    struct np_entry entry;
    bool of_organization;
    uint32_t count; /* in each account, or in all */
};

struct np_world {
    struct np_text organization;
    const struct np_span *regions; /* used ones, then the others */
    size_t used_region_count;
    size_t region_count;
    const struct np_pool *pools;
    size_t pool_count;
};

struct np_call {
    struct np_span source;
    struct np_span name;
    struct np_span action;
    struct np_span version;
    struct np_span api; /* empty = none */
    struct np_span denied;
    struct np_span type;          /* eventType */
    struct np_span global_region; /* empty = regional */
    struct np_text host;          /* no segments = none */
    struct np_text target;        /* no segments = *, filled empty = not named */
    struct np_text request;       /* no segments = null */
    struct np_text response;
    struct np_text resources;
    struct np_text extra;
    struct np_text details;
    const struct np_parameter_name *parameters; /* a default names only those before its own */
    const struct np_text *defaults;             /* by parameter; no segments = none */
    size_t parameter_count;
    bool read_only;
    bool data;
    bool encoded;
    bool refused_without_request;
};

enum np_account_choice { NP_ACCOUNT_SAME, NP_ACCOUNT_OTHER, NP_ACCOUNT_FOREIGN };

struct np_cast_member {
    struct np_span name;
    const struct np_pool *pool; /* NULL = new */
    struct np_entry entry;      /* of a new one */
    int32_t of;                 /* index in the cast, of one before it; -1 = none */
    int32_t in;
    int32_t like;
    enum np_account_choice account;
    uint16_t earlier_of_pool; /* members before it that draw from the same pool */
};

enum np_step_kind { NP_STEP_CALL, NP_STEP_ALL, NP_STEP_MIX, NP_STEP_ANY };

struct np_step {
    enum np_step_kind kind;
    const struct np_step *steps; /* of a group */
    size_t step_count;
    struct np_range any;   /* how many */
    struct np_range after; /* ns */
    struct np_range times;
    uint32_t chance; /* of 10,000 */
    /* Of a call. */
    const char *name;
    const struct np_call *call;
    const struct np_text *const
        *parameters;       /* by the call's parameter: the step's, else the default; NULL = none */
    struct np_text region; /* no segments = home */
    struct np_range regions; /* high 0 = one region */
    int32_t each;            /* the call's parameter that takes the values; -1 = none */
    const struct np_text *each_values;
    size_t each_count;
    uint32_t refused;          /* of 10,000 */
    struct np_text error_code; /* no segments = none */
    struct np_text error_message;
    struct np_span via;
    int32_t by;
    int32_t from; /* -1 = none */
    int32_t copied;
    bool ordinary; /* attack: false */
};

struct np_scenario {
    const char *name;
    enum np_scenario_kind kind;
    const char *title;
    const char *twin;
    struct np_range slow; /* high 0 = no slow form */
    uint32_t weight;
    bool work_hours;
    const struct np_cast_member *cast;
    size_t cast_count;
    struct np_step steps; /* a group of all */
};

/* What a user may name: a scenario, or the slow form of one. */
struct np_named {
    struct np_scenario_info info;
    const struct np_scenario *scenario;
};

struct np_scenario_set {
    struct np_arena arena;
    struct np_world world;
    const struct np_call *calls;
    size_t call_count;
    const struct np_scenario *scenarios; /* by kind, then name */
    size_t scenario_count;
    const struct np_named *named; /* by name */
    size_t named_count;
};

/* The index of the attribute `name` in `entry`; false where it has none such. */
bool np_entry_find(const struct np_entry *entry, struct np_span name, uint16_t *out_attribute);

/* How a member is made: as the entries of its pool, or by itself. */
static inline const struct np_entry *np_cast_member_entry(const struct np_cast_member *member)
{
    return member->pool != NULL ? &member->pool->entry : &member->entry;
}
