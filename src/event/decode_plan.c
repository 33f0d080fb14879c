/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles the wanted fields into plans for the JSON reader: see event_internal.h for groups. */
#include "event/event_internal.h"

#include <ctype.h>
#include <errno.h>

#include "base/alloc.h"
#include "event/derived.h"

static const char *const extra_paths[NP_EXTRA_ROOT_FIRST] = {
    [NP_EXTRA_ENVELOPE_FIRST] = "Records",
    [NP_EXTRA_ENVELOPE_FIRST + 1] = "records",
    [NP_EXTRA_ENVELOPE_FIRST + 2] = "Events",
    [NP_EXTRA_ENVELOPE_FIRST + 3] = "logEvents",
    [NP_EXTRA_ENVELOPE_LAST] = "items",
    [NP_EXTRA_DETAIL_TYPE] = "detail-type",
    [NP_EXTRA_DETAIL] = "detail",
    [NP_EXTRA_CLOUDTRAIL_EVENT] = "CloudTrailEvent",
    [NP_EXTRA_ORIGINAL] = "event.original",
    [NP_EXTRA_MESSAGE] = "message",
    [NP_EXTRA_DIGEST_START] = "digestStartTime",
    [NP_EXTRA_LOG_FILES] = "logFiles",
    [NP_EXTRA_TIME_FIRST] = "@timestamp",
    [NP_EXTRA_TIME_FIRST + 1] = "timestamp",
    [NP_EXTRA_TIME_FIRST + 2] = "eventTime",
    [NP_EXTRA_TIME_FIRST + 3] = "time",
    [NP_EXTRA_TIME_LAST] = "ts",
};

/* Where a record or its wrapper says its time, best first; of several kinds, since np_decode_time() does not tell them apart. */
static const char *const time_paths[NP_TIME_PATHS] = {
    "@timestamp",
    "timestamp",
    "eventTime",
    "time",
    "ts",
    "requestReceivedTimestamp",
    "stageTimestamp",
    "created_at",
    "EventTime",
    "timeWindow.windowStart",
};

static bool is_prefix(struct np_span name)
{
    return name.len == 0 || np_span_ends(name, NP_SPAN("."));
}

/* Writes `text`, a snake_case path, in camelCase. */
static size_t write_camel(char *out, struct np_span text)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool joins = text.ptr[i] == '_' && i + 1 < text.len;
        out[len++] = joins ? (char) toupper((unsigned char) text.ptr[++i]) : text.ptr[i];
    }
    return len;
}

/* The alias of a name in a kind, NULL where it has none. */
static const struct np_alias *find_alias(const struct np_kind *kind, struct np_span name)
{
    for (size_t i = 0; i < kind->alias_count; i++) {
        const struct np_alias *alias = &kind->aliases[i];
        struct np_span known = np_span_of(alias->name);
        if (is_prefix(known) ? name.len > known.len && np_span_starts(name, known)
                             : np_span_eq(name, known))
            return alias;
    }
    return NULL;
}

/* The path of a name that begins with an alias's; made in `arena`, -ENOMEM. */
static int follow_prefix(struct np_arena *arena, const struct np_kind *kind,
                         const struct np_alias *alias, struct np_span name,
                         struct np_span *out_path)
{
    struct np_span head = np_span_of(alias->path);
    struct np_span rest = np_span_from(name, strlen(alias->name));
    char *path = np_arena_alloc(arena, head.len + rest.len);
    if (path == NULL)
        return -ENOMEM;
    memcpy(path, head.ptr, head.len);
    size_t tail = rest.len;
    if (kind->snake_prefix != NULL && strcmp(kind->snake_prefix, alias->name) == 0)
        tail = write_camel(path + head.len, rest);
    else
        memcpy(path + head.len, rest.ptr, rest.len);
    *out_path = np_span_make(path, head.len + tail);
    return 0;
}

/* The path that a field's name means in a kind, the name itself where there is no alias; made in `arena`, -ENOMEM. */
static int find_path(struct np_arena *arena, const struct np_kind *kind, struct np_span name,
                     struct np_span *out_path)
{
    const struct np_alias *alias = find_alias(kind, name);
    if (alias != NULL && is_prefix(np_span_of(alias->name)))
        return follow_prefix(arena, kind, alias, name, out_path);
    *out_path = alias == NULL ? name : np_span_of(alias->path);
    return 0;
}

/* What adding the fields of one kind needs. */
struct filling {
    struct np_decode_plan *all;
    struct np_kind_plan *plan;
    const struct np_kind *kind;
};

/* The group of a root key, made where it is new; NP_MAP_NONE where there are no more. */
static int group_for(const struct filling *filling, struct np_span root, uint32_t *out_group)
{
    struct np_kind_plan *plan = filling->plan;
    *out_group = np_map_get(&plan->roots, root);
    if (*out_group != NP_MAP_NONE || plan->group_count == NP_GROUPS_MAX)
        return 0;
    uint32_t group = plan->group_count;
    int r = np_json_plan_new(&plan->groups[group]);
    if (r < 0)
        return r;
    plan->group_count++;
    r = np_map_put(&plan->roots, root, group);
    if (r < 0)
        return r;
    *out_group = group;
    np_field_id own_field = np_field_find(filling->all->fields, root);
    if (own_field != NP_FIELD_NONE && find_alias(filling->kind, root) == NULL) {
        plan->root_slot[group] = own_field; /* add_fields() asks for it */
        return 0;
    }
    plan->root_slot[group] = (uint32_t) filling->all->field_count + NP_EXTRA_ROOT_FIRST + group;
    return np_json_plan_add(plan->main, root, plan->root_slot[group], NP_JSON_PATH_ANY);
}

/* What nearly every event is asked for gains nothing from a group. */
static bool is_read_at_once(const struct np_kind *kind, struct np_span path, const char *dot)
{
    if (dot == NULL)
        return true;
    struct np_span root = np_span_head(path, (size_t) (dot - path.ptr));
    for (size_t i = 0; kind->at_once[i] != NULL; i++)
        if (np_span_is(root, kind->at_once[i]))
            return true;
    return false;
}

static int add_path(const struct filling *filling, struct np_span path, np_field_id field)
{
    struct np_kind_plan *plan = filling->plan;
    const char *dot = memchr(path.ptr, '.', path.len);
    uint32_t group = NP_MAP_NONE;
    if (!is_read_at_once(filling->kind, path, dot)) {
        int r = group_for(filling, np_span_head(path, (size_t) (dot - path.ptr)), &group);
        if (r < 0)
            return r;
    }
    if (group == NP_MAP_NONE)
        return np_json_plan_add(plan->main, path, field, NP_JSON_PATH_ANY);
    plan->group_of[field] = (uint8_t) (group + 1);
    struct np_span rest = np_span_from(path, (size_t) (dot - path.ptr) + 1);
    int r = np_json_plan_add(plan->groups[group], rest, field, NP_JSON_PATH_ANY);
    return r < 0 ? r : np_json_plan_add(plan->main, path, field, NP_JSON_PATH_JOINED_FIRST);
}

/* Whether a name is one of Falco's with an argument in brackets, which is no path whatever the kind. */
static bool is_bracketed(struct np_span name)
{
    struct np_span argument;
    if (memchr(name.ptr, '[', name.len) == NULL)
        return false;
    for (enum np_falco_source source = 0; source < NP_FALCO_SOURCE_MAX; source++)
        if (np_falco_field_find(source, name, &argument) != NULL)
            return true;
    return false;
}

/* Notes a field that the kind's events have for Falco and that is computed: -ENOMEM. `*out_path` is what it means else. */
static int add_falco(const struct filling *filling, struct np_span name, np_field_id field,
                     const char **out_path)
{
    struct np_falco_wanted wanted = {.field = field};
    *out_path = NULL;
    if (filling->kind->falco == NP_FALCO_SYSCALL)
        return 0;
    wanted.what = np_falco_field_find(filling->kind->falco, name, &wanted.argument);
    if (wanted.what == NULL)
        return 0;
    *out_path = np_falco_cloud_path(wanted.what);
    if (*out_path != NULL)
        return 0;
    filling->plan->group_of[field] = NP_GROUP_COMPUTED;
    return np_vec_push(&filling->plan->computed, wanted, NP_FIELDS_MAX);
}

/* Whether a field is one that no path of the kind's records gives. */
static bool is_no_path(const struct filling *filling, struct np_span name, np_field_id field)
{
    return np_span_starts(name, NP_FIELD_WHO_PREFIX) || /* a record does not say who acted */
           filling->plan->group_of[field] >= NP_GROUP_COMPUTED || is_bracketed(name);
}

static int add_field(const struct filling *filling, np_field_id field)
{
    struct np_span name = np_field_name(filling->all->fields, field);
    struct np_span path;
    const char *falco_path = NULL;
    int r = add_falco(filling, name, field, &falco_path);
    if (r < 0 || is_no_path(filling, name, field))
        return r;
    if (falco_path != NULL)
        return add_path(filling, np_span_of(falco_path), field);
    r = find_path(&filling->all->arena, filling->kind, name, &path);
    if (r == 0)
        r = add_path(filling, path, field);
    if (r == 0 && path.ptr != name.ptr)
        r = np_json_plan_add(filling->plan->main, name, field, NP_JSON_PATH_ANY);
    return r;
}

static int add_fields(const struct filling *filling, struct np_err *err)
{
    for (size_t i = 0; i < filling->all->field_count; i++) {
        int r = add_field(filling, (np_field_id) i);
        if (r == -ENOMEM)
            return r;
        if (r < 0)
            return np_fail(err, -EINVAL,
                           "the field '%.*s' is no path of 1 to %d names joined by dots",
                           NP_SPAN_ARGS(np_field_name(filling->all->fields, (np_field_id) i)),
                           NP_JSON_MAX_PATH_PARTS);
    }
    return 0;
}

static int add_extras(const struct filling *filling)
{
    int r = 0;
    for (uint32_t i = 0; i < NP_EXTRA_ROOT_FIRST && r == 0; i++)
        r = np_json_plan_add(filling->plan->main, np_span_of(extra_paths[i]),
                             (uint32_t) filling->all->field_count + i, NP_JSON_PATH_ANY);
    return r;
}

static void mark_derived(struct np_decode_plan *plan, uint8_t *group_of)
{
    size_t count = 0;
    const struct np_derived *derived = np_field_derived(plan->fields, &count);
    for (size_t i = 0; i < count; i++)
        group_of[derived[i].field] = NP_GROUP_DERIVED;
    plan->pending_derived = count > 0 ? UINT64_C(1) << (NP_GROUP_DERIVED - 1) : 0;
}

static int fill_kind(struct np_decode_plan *all, enum np_event_kind kind, struct np_err *err)
{
    struct filling filling = {.all = all, .plan = &all->kinds[kind], .kind = np_kinds[kind]};
    filling.plan->group_of = np_alloc_array(all->field_count, 1);
    if (filling.plan->group_of == NULL)
        return -ENOMEM;
    mark_derived(all, filling.plan->group_of);
    int r = np_json_plan_new(&filling.plan->main);
    if (r == 0)
        r = add_fields(&filling, err);
    return r < 0 ? r : add_extras(&filling);
}

/* Records of system calls name their fields by id. */
static int fill_syscall(struct np_decode_plan *plan)
{
    uint8_t *group_of = np_alloc_array(plan->field_count, 1);
    plan->kinds[NP_EVENT_SYSCALL].group_of = group_of;
    if (group_of == NULL)
        return -ENOMEM;
    mark_derived(plan, group_of);
    return 0;
}

static int fill_time(struct np_decode_plan *plan)
{
    int r = np_json_plan_new(&plan->time);
    for (uint32_t i = 0; i < NP_TIME_PATHS && r == 0; i++)
        r = np_json_plan_add(plan->time, np_span_of(time_paths[i]), i, NP_JSON_PATH_ANY);
    return r;
}

static int set_logsource(struct np_decode_plan *plan, const struct np_logsource *generic)
{
    plan->logsource = *generic;
    int r = np_arena_keep(&plan->arena, &plan->logsource.product);
    if (r == 0)
        r = np_arena_keep(&plan->arena, &plan->logsource.category);
    return r < 0 ? r : np_arena_keep(&plan->arena, &plan->logsource.service);
}

static int fill(struct np_decode_plan *plan, const struct np_logsource *generic, struct np_err *err)
{
    int r = 0;
    plan->is_generic = generic != NULL;
    if (generic != NULL) {
        r = set_logsource(plan, generic);
        if (r == 0)
            r = fill_kind(plan, NP_EVENT_JSON, err);
    }
    for (enum np_event_kind kind = 0; generic == NULL && kind < NP_EVENT_JSON && r == 0; kind++)
        r = fill_kind(plan, kind, err);
    if (r == 0)
        r = fill_syscall(plan);
    if (r == 0)
        r = fill_time(plan);
    return r < 0 ? r : np_entity_rules_init(plan);
}

int np_decode_plan_new(struct np_decode_plan **out_plan, const struct np_field_set *fields,
                       const struct np_logsource *generic, struct np_err *err)
{
    struct np_decode_plan *plan = np_alloc(sizeof(*plan));
    if (plan == NULL)
        return np_fail(err, -ENOMEM, "out of memory");
    plan->fields = fields;
    plan->field_count = np_field_count(fields);
    for (size_t i = 0; i < NP_EVENT_KIND_MAX; i++)
        np_map_init(&plan->kinds[i].roots, NP_GROUPS_MAX);
    np_map_init(&plan->entity_first, NP_FIELDS_MAX);
    np_arena_init(&plan->arena, SIZE_MAX);
    int r = fill(plan, generic, err);
    if (r < 0) {
        np_decode_plan_free(&plan);
        return r == -ENOMEM ? np_fail(err, r, "out of memory") : r;
    }
    *out_plan = plan;
    return 0;
}

static void kind_plan_done(struct np_kind_plan *plan)
{
    for (uint32_t i = 0; i < plan->group_count; i++)
        np_json_plan_free(&plan->groups[i]);
    np_json_plan_free(&plan->main);
    np_map_done(&plan->roots);
    np_vec_done(&plan->computed);
    np_free(plan->group_of);
}

void np_decode_plan_free(struct np_decode_plan **plan)
{
    if (plan == NULL || *plan == NULL)
        return;
    for (size_t i = 0; i < NP_EVENT_KIND_MAX; i++)
        kind_plan_done(&(*plan)->kinds[i]);
    np_json_plan_free(&(*plan)->time);
    np_map_done(&(*plan)->entity_first);
    np_arena_done(&(*plan)->arena);
    np_free(*plan);
    *plan = NULL;
}

bool np_decode_plan_is_generic(const struct np_decode_plan *plan)
{
    return plan->is_generic;
}

const struct np_field_set *np_decode_plan_fields(const struct np_decode_plan *plan)
{
    return plan->fields;
}
