/* SPDX-License-Identifier: Apache-2.0 */
/* The blast radius: distinct values of what was reached, changed, made and read. See telling.h. */
#include "incident/telling.h"

enum { VALUES_MAX = 16 };

enum reach {
    REACH_ACCOUNTS,
    REACH_REGIONS,
    REACH_ROLES,
    REACH_CREDENTIALS,
    REACH_PRINCIPALS,
    REACH_SECRETS,
    REACH_SHARED,
    REACH_CHANGED,
    REACH_MAX
};

static const char *const reach_names[REACH_MAX] = {
    [REACH_ACCOUNTS] = "accounts",
    [REACH_REGIONS] = "regions",
    [REACH_ROLES] = "roles taken on",
    [REACH_CREDENTIALS] = "credentials made",
    [REACH_PRINCIPALS] = "principals created",
    [REACH_SECRETS] = "secrets read",
    [REACH_SHARED] = "opened to others",
    [REACH_CHANGED] = "resources changed",
};

struct figure {
    NP_VEC(np_name) values;
};

static int add(struct figure *figure, np_name value)
{
    if (value == NP_NAME_NONE)
        return 0;
    for (size_t i = 0; i < figure->values.len; i++) {
        if (figure->values.items[i] == value)
            return 0;
    }
    int r = np_vec_push(&figure->values, value, NP_STRAND_DEEDS_MAX);
    return r == -E2BIG ? 0 : r;
}

static bool is_call(const struct np_telling *telling, const struct np_deed *deed,
                    const char *service, const char *prefix)
{
    return np_span_is(np_telling_text(telling, deed->service), service) &&
           np_span_starts(np_telling_text(telling, deed->api), np_span_of(prefix));
}

/* What a change that went well counts as, beside being a change. */
static enum reach kind_of_change(const struct np_telling *telling, const struct np_deed *deed)
{
    if (is_call(telling, deed, "iam", "CreateUser") || is_call(telling, deed, "iam", "CreateRole"))
        return REACH_PRINCIPALS;
    if (deed->tactic == NP_TACTIC_EXFILTRATION && deed->weight == NP_WEIGHT_SENSITIVE)
        return REACH_SHARED;
    return REACH_CHANGED;
}

/* Credentials that the deed made. */
static int add_made(struct figure figures[REACH_MAX], const struct np_deed *deed)
{
    for (size_t i = 0; deed->more != NULL && i < deed->more->entity_count; i++) {
        const struct np_act_entity *entity = &deed->more->entities[i];
        if (entity->role != NP_ENTITY_MADE || entity->kind != NP_ENTITY_ACCESS_KEY)
            continue;
        int r = add(&figures[REACH_CREDENTIALS], entity->value);
        if (r < 0)
            return r;
    }
    return 0;
}

static int add_deed(const struct np_telling *telling, struct figure figures[REACH_MAX],
                    const struct np_deed *deed)
{
    int r = add(&figures[REACH_ACCOUNTS], deed->account);
    if (r == 0)
        r = add(&figures[REACH_REGIONS], deed->region);
    if (r < 0 || (deed->flags & NP_ACT_FAILED) != 0)
        return r;
    if (is_call(telling, deed, "sts", "AssumeRole"))
        return add(&figures[REACH_ROLES], deed->resource);
    if (deed->tactic == NP_TACTIC_CREDENTIAL_ACCESS && deed->weight == NP_WEIGHT_SENSITIVE)
        return add(&figures[REACH_SECRETS], deed->resource);
    if ((deed->flags & NP_ACT_READS) != 0)
        return 0;
    r = add_made(figures, deed);
    return r < 0 ? r : add(&figures[kind_of_change(telling, deed)], deed->resource);
}

static int write_figure(struct np_telling *telling, struct np_incident_reach *reach,
                        const char *what, const struct figure *figure)
{
    size_t shown = NP_MIN(figure->values.len, (size_t) VALUES_MAX);
    struct np_span *values = np_arena_alloc(telling->arena, shown * sizeof(values[0]));
    if (values == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < shown; i++)
        values[i] = np_telling_text(telling, figure->values.items[i]);
    *reach = (struct np_incident_reach){
        .what = what, .count = figure->values.len, .values = values, .value_count = shown};
    return 0;
}

static int write_figures(struct np_telling *telling, const struct figure figures[REACH_MAX])
{
    struct np_incident_reach *reach = np_arena_alloc(telling->arena, REACH_MAX * sizeof(reach[0]));
    size_t count = 0;
    if (reach == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < REACH_MAX; i++) {
        if (figures[i].values.len == 0)
            continue;
        int r = write_figure(telling, &reach[count++], reach_names[i], &figures[i]);
        if (r < 0)
            return r;
    }
    telling->incident->reach = reach;
    telling->incident->reach_count = count;
    return 0;
}

int np_tell_reach(struct np_telling *telling)
{
    struct figure figures[REACH_MAX] = {};
    int r = 0;
    for (size_t i = 0; r == 0 && i < telling->deed_count; i++)
        r = add_deed(telling, figures, telling->deeds[i].deed);
    if (r == 0)
        r = write_figures(telling, figures);
    for (size_t i = 0; i < REACH_MAX; i++)
        np_vec_done(&figures[i].values);
    return r;
}
