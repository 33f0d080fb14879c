/* SPDX-License-Identifier: Apache-2.0 */
/* Names of entity kinds and roles, and the table of entities.def. */
#include "event/entity.h"

#include <errno.h>

#include "event/event_internal.h"

struct line {
    const char *event_name;
    const char *path;
    enum np_entity_kind kind;
    enum np_entity_role role;
};

static const struct line lines[] = {
#define E(event_name, path, kind, role) {(event_name), (path), NP_ENTITY_##kind, NP_ENTITY_##role},
#include "event/entities.def"
#undef E
};

const char *np_entity_kind_name(enum np_entity_kind kind)
{
    static const char *const names[NP_ENTITY_KIND_MAX] = {
        [NP_ENTITY_ACCESS_KEY] = "access key",
        [NP_ENTITY_SESSION] = "session",
        [NP_ENTITY_ROLE] = "role",
        [NP_ENTITY_USER] = "user",
        [NP_ENTITY_ACCOUNT] = "account",
        [NP_ENTITY_ENDPOINT] = "endpoint",
        [NP_ENTITY_ADDRESS] = "address",
        [NP_ENTITY_INSTANCE] = "instance",
        [NP_ENTITY_FUNCTION] = "function",
        [NP_ENTITY_BUILD] = "build",
        [NP_ENTITY_STACK] = "stack",
        [NP_ENTITY_BUCKET] = "bucket",
        [NP_ENTITY_SECRET] = "secret",
        [NP_ENTITY_IDENTITY_PROVIDER] = "identity provider",
        [NP_ENTITY_HOST] = "host",
        [NP_ENTITY_CONTAINER] = "container",
        [NP_ENTITY_PROCESS] = "process",
        [NP_ENTITY_IMAGE] = "image",
        [NP_ENTITY_RESOURCE] = "resource",
    };
    return names[kind];
}

const char *np_entity_role_name(enum np_entity_role role)
{
    static const char *const names[NP_ENTITY_ROLE_MAX] = {
        [NP_ENTITY_BY] = "by",           [NP_ENTITY_WITH] = "with", [NP_ENTITY_FROM] = "from",
        [NP_ENTITY_THROUGH] = "through", [NP_ENTITY_ON] = "on",     [NP_ENTITY_MADE] = "made",
        [NP_ENTITY_PASSED] = "passed",
    };
    return names[role];
}

size_t np_entity_rule_count(void)
{
    return NP_ARRAY_LEN(lines);
}

size_t np_entity_common_first(void)
{
    size_t first = 0;
    while (first < NP_ARRAY_LEN(lines) && lines[first].event_name[0] != '\0')
        first++;
    return first;
}

int np_entity_rules_init(struct np_decode_plan *plan)
{
    struct np_entity_rule *rules =
        np_arena_zalloc(&plan->arena, NP_ARRAY_LEN(lines) * sizeof(*rules));
    if (rules == NULL)
        return -ENOMEM;
    uint32_t first = 0;
    for (uint32_t i = 0; i < NP_ARRAY_LEN(lines); i++) {
        if (strcmp(lines[i].event_name, lines[first].event_name) != 0)
            first = i;
        rules[i] =
            (struct np_entity_rule){.field = np_field_find(plan->fields, np_span_of(lines[i].path)),
                                    .event = first,
                                    .kind = lines[i].kind,
                                    .role = lines[i].role};
        if (first == i && lines[i].event_name[0] != '\0' &&
            np_map_put(&plan->entity_first, np_span_of(lines[i].event_name), i) < 0)
            return -ENOMEM;
    }
    plan->entity_rules = rules;
    return 0;
}

/* Whether the same thing is there already, e.g. named by the request and by the response. */
static bool is_known(const struct np_entity_list *list, enum np_entity_role role,
                     struct np_span value)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].role == role && np_span_eq(list->items[i].value, value))
            return true;
    return false;
}

void np_entity_add(struct np_entity_list *list, enum np_entity_kind kind, enum np_entity_role role,
                   struct np_span value)
{
    if (value.len == 0 || is_known(list, role, value))
        return;
    if (list->count == list->max) {
        list->event->flags |= NP_EVENT_TRUNCATED;
        return;
    }
    list->items[list->count++] = (struct np_entity){.kind = kind, .role = role, .value = value};
}

void np_entity_add_field(struct np_entity_list *list, enum np_entity_kind kind,
                         enum np_entity_role role, np_field_id field)
{
    const struct np_value *value = np_event_field(list->event, field);
    const struct np_value *items = value->kind == NP_VALUE_LIST ? value->items : value;
    size_t count = value->kind == NP_VALUE_LIST ? value->count : 1;
    for (size_t i = 0; i < count; i++)
        if (items[i].kind == NP_VALUE_TEXT)
            np_entity_add(list, kind, role, items[i].text);
}

size_t np_event_entities(struct np_event *event, struct np_entity out_entities[NP_ENTITIES_MAX])
{
    return event->ops->entities != NULL ? event->ops->entities(event, out_entities, NP_ENTITIES_MAX)
                                        : 0;
}
