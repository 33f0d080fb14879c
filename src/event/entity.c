/* SPDX-License-Identifier: Apache-2.0 */
/* The table of entities.def. */
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
    plan->entity_common = rules + first; /* the last lines */
    plan->entity_end = rules + NP_ARRAY_LEN(lines);
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

size_t np_event_targets(struct np_event *event, struct np_entity out_entities[NP_ENTITIES_MAX])
{
    return event->ops->targets != NULL ? event->ops->targets(event, out_entities, NP_ENTITIES_MAX)
                                       : np_event_entities(event, out_entities);
}
