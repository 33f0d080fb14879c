/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All fields that can be looked up are one group which stays pending: a field leaves it while its value is there. See glance.h.
 */
#include "event/glance.h"

#include <errno.h>

#include "base/alloc.h"
#include "event/derived.h"
#include "event/event_internal.h"
#include "event/falco/fields.h"

enum { GROUP_TO_LOOK_UP = 1 }; /* in `group_of` */

struct np_glance {
    struct np_event event;
    np_glance_fn *look_up;
    const struct np_syscall_want **wants; /* by field; NULL = it is not to be looked up */
    struct np_value *values;              /* by field */
    uint8_t *group_of;                    /* by field */
    bool *of_subject;                     /* by field */
    np_field_id *known;                   /* fields whose value was looked up */
    size_t known_count;
    uint64_t pending; /* of an event of which nothing is known yet */
    struct np_glance_head head;
    int error;
};

static struct np_glance *glance_of(const struct np_event *event)
{
    return event->decoder;
}

static void load(struct np_event *event, np_field_id field)
{
    struct np_glance *glance = glance_of(event);
    struct np_value *value = &glance->values[field];
    glance->group_of[field] = 0;
    glance->known[glance->known_count++] = field;
    int r = glance->look_up(glance->head.context, glance->wants[field], value);
    if (np_unlikely(r < 0)) {
        *value = (struct np_value){};
        glance->error = r;
    }
}

/* Of all that a record of the event would hold. */
static void each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                      void *context)
{
    const struct np_syscall_want_list *list = glance_of(event)->head.list;
    for (size_t i = 0; i < list->count; i++)
        if (!np_syscall_value_texts(np_event_field(event, list->items[i].field), fn, context))
            return;
}

static const struct np_event_ops ops = {
    .load = load,
    .each_text = each_text,
    .object_texts = np_syscall_object_texts,
};

static void mark(struct np_glance *glance, const struct np_syscall_wants *wants)
{
    size_t count = 0;
    const struct np_derived *derived = np_field_derived(wants->fields, &count);
    for (size_t i = 0; i < wants->count; i++) {
        const struct np_syscall_want *want = &wants->items[i];
        glance->wants[want->field] = want;
        glance->group_of[want->field] = GROUP_TO_LOOK_UP;
        glance->of_subject[want->field] = np_syscall_field_is_of_task(want->which);
    }
    for (size_t i = 0; i < count; i++)
        glance->group_of[derived[i].field] = NP_GROUP_DERIVED;
    glance->pending = UINT64_C(1) << (GROUP_TO_LOOK_UP - 1);
    if (count > 0)
        glance->pending |= UINT64_C(1) << (NP_GROUP_DERIVED - 1);
}

int np_glance_new(struct np_glance **out_glance, const struct np_syscall_wants *wants,
                  struct np_arena *arena, np_glance_fn *look_up)
{
    size_t count = np_field_count(wants->fields);
    struct np_glance *glance = np_alloc(sizeof(*glance));
    if (glance == NULL)
        return -ENOMEM;
    glance->look_up = look_up;
    glance->wants = np_alloc_array(count, sizeof(struct np_syscall_want *));
    glance->values = np_alloc_array(count, sizeof(*glance->values));
    glance->group_of = np_alloc_array(count, sizeof(*glance->group_of));
    glance->of_subject = np_alloc_array(count, sizeof(*glance->of_subject));
    glance->known = np_alloc_array(count, sizeof(*glance->known));
    if (glance->wants == NULL || glance->values == NULL || glance->group_of == NULL ||
        glance->of_subject == NULL || glance->known == NULL) {
        np_glance_free(&glance);
        return -ENOMEM;
    }
    mark(glance, wants);
    glance->event = (struct np_event){
        .kind = NP_EVENT_SYSCALL,
        .ops = &ops,
        .values = glance->values,
        .group_of = glance->group_of,
        .of_subject = glance->of_subject,
        .fields = wants->fields,
        .arena = arena,
        .decoder = glance,
    };
    *out_glance = glance;
    return 0;
}

void np_glance_free(struct np_glance **glance)
{
    if (glance == NULL || *glance == NULL)
        return;
    np_free((void *) (*glance)->wants);
    np_free((*glance)->values);
    np_free((*glance)->group_of);
    np_free((*glance)->of_subject);
    np_free((*glance)->known);
    np_free(*glance);
    *glance = NULL;
}

struct np_event *np_glance_begin(struct np_glance *glance, const struct np_glance_head *head)
{
    for (size_t i = 0; i < glance->known_count; i++)
        glance->group_of[glance->known[i]] = GROUP_TO_LOOK_UP;
    glance->known_count = 0;
    glance->error = 0;
    glance->head = *head;
    glance->event.flags = 0;
    glance->event.pending = glance->pending;
    glance->event.time = head->time;
    glance->event.subject = head->subject;
    glance->event.logsource = np_syscall_logsource(head->category);
    return &glance->event;
}

int np_glance_error(const struct np_glance *glance)
{
    return glance->error;
}
