/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles the wanted fields into plans for the JSON reader: see event_internal.h for groups. */
#include "event/event_internal.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/map.h"

/* A field name that other pipelines use (Elastic Common Schema 8, aws.cloudtrail fields of its integration) for a path of ours. */
struct alias {
    const char *name;
    const char *path;
};

static const struct alias cloudtrail_aliases[] = {
    {"aws.cloudtrail.additional_eventdata", "additionalEventData"},
    {"aws.cloudtrail.error_code", "errorCode"},
    {"aws.cloudtrail.error_message", "errorMessage"},
    {"aws.cloudtrail.event_category", "eventCategory"},
    {"aws.cloudtrail.event_type", "eventType"},
    {"aws.cloudtrail.event_version", "eventVersion"},
    {"aws.cloudtrail.read_only", "readOnly"},
    {"aws.cloudtrail.recipient_account_id", "recipientAccountId"},
    {"aws.cloudtrail.request_parameters", "requestParameters"},
    {"aws.cloudtrail.response_elements", "responseElements"},
    {"aws.cloudtrail.shared_event_id", "sharedEventID"},
    {"aws.cloudtrail.user_identity.access_key_id", "userIdentity.accessKeyId"},
    {"aws.cloudtrail.user_identity.arn", "userIdentity.arn"},
    {"aws.cloudtrail.user_identity.invoked_by", "userIdentity.invokedBy"},
    {"aws.cloudtrail.user_identity.session_context.session_issuer.arn",
     "userIdentity.sessionContext.sessionIssuer.arn"},
    {"aws.cloudtrail.user_identity.type", "userIdentity.type"},
    {"aws.cloudtrail.vpc_endpoint_id", "vpcEndpointId"},
    {"cloud.account.id", "recipientAccountId"},
    {"cloud.region", "awsRegion"},
    {"event.action", "eventName"},
    {"event.id", "eventID"},
    {"event.provider", "eventSource"},
    {"source.address", "sourceIPAddress"},
    {"source.ip", "sourceIPAddress"},
    {"user.name", "userIdentity.userName"},
    {"user_agent.original", "userAgent"},
};

static const char *const extra_paths[NP_EXTRA_ROOT_FIRST] = {
    [NP_EXTRA_RECORDS] = "Records",          [NP_EXTRA_DIGEST_START] = "digestStartTime",
    [NP_EXTRA_LOG_FILES] = "logFiles",       [NP_EXTRA_TIME_FIRST] = "@timestamp",
    [NP_EXTRA_TIME_FIRST + 1] = "timestamp", [NP_EXTRA_TIME_FIRST + 2] = "eventTime",
    [NP_EXTRA_TIME_FIRST + 3] = "time",      [NP_EXTRA_TIME_LAST] = "ts",
};

/* The path of an aliased field; the name itself where there is none. */
static struct np_span path_of(struct np_span name)
{
    for (size_t i = 0; i < NP_ARRAY_LEN(cloudtrail_aliases); i++)
        if (np_span_is(name, cloudtrail_aliases[i].name))
            return np_span_of(cloudtrail_aliases[i].path);
    return name;
}

/* The group of a root key, made where it is new; NP_MAP_NONE where there are no more. */
static int group_for(struct np_decode_plan *plan, struct np_span root, uint32_t *out_group)
{
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
    np_field_id own_field = np_field_find(plan->fields, root);
    if (own_field != NP_FIELD_NONE) {
        plan->root_slot[group] = own_field; /* add_fields() asks for it */
        return 0;
    }
    plan->root_slot[group] = (uint32_t) plan->field_count + NP_EXTRA_ROOT_FIRST + group;
    return np_json_plan_add(plan->main, root, plan->root_slot[group], NP_JSON_PATH_ANY);
}

/* Identity is read of every event at once, so its fields gain nothing from a group. */
static bool is_read_at_once(struct np_span path, const char *dot)
{
    return dot == NULL || np_span_starts(path, NP_SPAN("userIdentity."));
}

static int add_path(struct np_decode_plan *plan, struct np_span path, np_field_id field)
{
    const char *dot = memchr(path.ptr, '.', path.len);
    uint32_t group = NP_MAP_NONE;
    if (!is_read_at_once(path, dot)) {
        int r = group_for(plan, np_span_head(path, (size_t) (dot - path.ptr)), &group);
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

static int add_fields(struct np_decode_plan *plan, struct np_err *err)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        struct np_span name = np_field_name(plan->fields, (np_field_id) i);
        struct np_span path = plan->is_generic ? name : path_of(name);
        int r = add_path(plan, path, (np_field_id) i);
        if (r >= 0 && path.ptr != name.ptr)
            r = np_json_plan_add(plan->main, name, (np_field_id) i, NP_JSON_PATH_ANY);
        if (r == -ENOMEM)
            return r;
        if (r < 0)
            return np_fail(err, -EINVAL,
                           "the field '%.*s' is no path of 1 to %d names joined by dots",
                           NP_SPAN_ARGS(name), NP_JSON_MAX_PATH_PARTS);
    }
    return 0;
}

static int add_extras(struct np_decode_plan *plan)
{
    for (uint32_t i = 0; i < NP_EXTRA_ROOT_FIRST; i++) {
        struct np_span path = np_span_of(extra_paths[i]);
        uint32_t slot = (uint32_t) plan->field_count + i;
        int r = np_json_plan_add(plan->main, path, slot, NP_JSON_PATH_ANY);
        if (r >= 0 && i >= NP_EXTRA_TIME_FIRST)
            r = np_json_plan_add(plan->time, path, i - NP_EXTRA_TIME_FIRST, NP_JSON_PATH_ANY);
        if (r < 0)
            return r;
    }
    return 0;
}

static int set_logsource(struct np_decode_plan *plan, const struct np_logsource *generic)
{
    plan->is_generic = generic != NULL;
    plan->logsource = generic != NULL ? *generic
                                      : (struct np_logsource){.product = NP_SPAN("aws"),
                                                              .service = NP_SPAN("cloudtrail")};
    int r = np_arena_keep(&plan->arena, &plan->logsource.product);
    if (r == 0)
        r = np_arena_keep(&plan->arena, &plan->logsource.category);
    return r < 0 ? r : np_arena_keep(&plan->arena, &plan->logsource.service);
}

static int fill(struct np_decode_plan *plan, const struct np_logsource *generic, struct np_err *err)
{
    plan->group_of = np_alloc_array(plan->field_count, 1);
    if (plan->group_of == NULL)
        return -ENOMEM;
    int r = set_logsource(plan, generic);
    if (r == 0)
        r = np_json_plan_new(&plan->main);
    if (r == 0)
        r = np_json_plan_new(&plan->time);
    if (r == 0)
        r = add_fields(plan, err);
    if (r == 0)
        r = add_extras(plan);
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
    np_map_init(&plan->roots, NP_GROUPS_MAX);
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

void np_decode_plan_free(struct np_decode_plan **plan)
{
    if (plan == NULL || *plan == NULL)
        return;
    for (uint32_t i = 0; i < (*plan)->group_count; i++)
        np_json_plan_free(&(*plan)->groups[i]);
    np_json_plan_free(&(*plan)->main);
    np_json_plan_free(&(*plan)->time);
    np_map_done(&(*plan)->roots);
    np_map_done(&(*plan)->entity_first);
    np_arena_done(&(*plan)->arena);
    np_free((*plan)->group_of);
    np_free(*plan);
    *plan = NULL;
}

bool np_decode_plan_is_generic(const struct np_decode_plan *plan)
{
    return plan->is_generic;
}
