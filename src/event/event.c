/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for events of every kind: see event.h. */
#include "event/event.h"

#include <stdio.h>

#include "event/derived.h"
#include "event/event_internal.h"

void np_event_load(struct np_event *event, np_field_id field)
{
    if (event->group_of[field] == NP_GROUP_DERIVED)
        np_derived_load(event);
    else
        event->ops->load(event, field);
}

size_t np_event_object_texts(struct np_event *event, const struct np_value *value,
                             struct np_span out_texts[3])
{
    return event->ops->object_texts(event, value, out_texts);
}

void np_event_each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                        void *context)
{
    event->ops->each_text(event, fn, context);
}

void np_event_each_path(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                        void *context)
{
    if (event->ops->each_path != NULL)
        event->ops->each_path(event, fn, context);
}

struct np_span np_event_id(const struct np_event *event, char *buffer, size_t size)
{
    if (event->id.len > 0)
        return event->id;
    int len = snprintf(buffer, size, "%s:%llu", event->origin.object,
                       (unsigned long long) event->origin.offset);
    return np_span_make(buffer, NP_MIN((size_t) NP_MAX(len, 0), size - 1));
}

bool np_event_key(struct np_event *event, struct np_hash128 *out_key)
{
    return event->ops->key != NULL && event->ops->key(event, out_key);
}

void np_event_brief(struct np_event *event, struct np_event_brief *out_brief)
{
    event->ops->brief(event, out_brief);
}
