/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of an event only when it is asked for: groups of fields, all texts and paths, the texts of objects. */
#include "event/event_internal.h"

#include <errno.h>

#include "codec/json/paths.h"

static struct np_decoder *decoder_of(struct np_event *event)
{
    return event->decoder;
}

/* Joins two values into one list, in this order; lists are opened. -ENOMEM leaves `*into` alone. */
static int join(struct np_arena *arena, struct np_value *into, const struct np_value *more)
{
    const struct np_value *first = into->kind == NP_VALUE_LIST ? into->items : into;
    uint32_t first_count = into->kind == NP_VALUE_LIST ? into->count : 1;
    const struct np_value *second = more->kind == NP_VALUE_LIST ? more->items : more;
    uint32_t second_count = more->kind == NP_VALUE_LIST ? more->count : 1;
    struct np_value *items =
        np_arena_alloc(arena, ((size_t) first_count + second_count) * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    if (first_count > 0) /* an empty list has no items to point at */
        memcpy(items, first, first_count * sizeof(*items));
    if (second_count > 0)
        memcpy(items + first_count, second, second_count * sizeof(*items));
    *into = (struct np_value){
        .kind = NP_VALUE_LIST, .count = first_count + second_count, .items = items};
    return 0;
}

/* Adds what a group's walk found to the event's own slots. */
static int take_group(struct np_decoder *decoder)
{
    for (size_t i = 0; i < decoder->group.touched_len; i++) {
        uint32_t slot = decoder->group.touched[i];
        struct np_value *into = &decoder->slots.values[slot];
        if (into->kind == NP_VALUE_ABSENT) {
            *into = decoder->group.values[slot];
            decoder->slots.touched[decoder->slots.touched_len++] = slot;
        } else if (join(decoder->arena, into, &decoder->group.values[slot]) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

/* Reads the wanted paths below one object. */
static void read_group(struct np_decoder *decoder, uint32_t group, const struct np_value *root)
{
    const char *reason = NULL;
    if (root->kind != NP_VALUE_OBJECT)
        return;
    np_slots_reset(&decoder->group);
    enum np_json_result result =
        np_json_read_part(decoder->reader, decoder->plan->kinds[decoder->event.kind].groups[group],
                          root->text, &decoder->group, &reason);
    if (result != NP_JSON_OK || take_group(decoder) < 0)
        decoder->event.flags |= NP_EVENT_TRUNCATED;
}

/* Computes what a field of Falco's says, once an event; the bit of their group stays set. */
static void load_computed(struct np_decoder *decoder, np_field_id field)
{
    const struct np_kind_plan *plan = &decoder->plan->kinds[decoder->event.kind];
    struct np_value *value = &decoder->slots.values[field];
    size_t i = 0;
    if ((value->flags & NP_VALUE_LOOKED_UP) != 0)
        return;
    while (plan->computed.items[i].field != field)
        i++;
    if (!decoder->has_members)
        np_falco_members_read(&decoder->members, decoder->event.raw);
    decoder->has_members = true;
    decoder->slots.touched[decoder->slots.touched_len++] = field;
    if (np_falco_cloud_value(&decoder->event, &decoder->members, &plan->computed.items[i],
                             decoder->arena, value) < 0)
        decoder->event.flags |= NP_EVENT_TRUNCATED;
    value->flags |= NP_VALUE_LOOKED_UP;
}

void np_json_event_load(struct np_event *event, np_field_id field)
{
    struct np_decoder *decoder = decoder_of(event);
    uint32_t group = (uint32_t) event->group_of[field] - 1;
    if (group + 1 == NP_GROUP_COMPUTED) {
        load_computed(decoder, field);
        return;
    }
    event->pending &= ~(UINT64_C(1) << group);
    const struct np_value *root =
        &decoder->slots.values[decoder->plan->kinds[event->kind].root_slot[group]];
    if (root->kind != NP_VALUE_LIST)
        read_group(decoder, group, root);
    for (uint32_t i = 0; root->kind == NP_VALUE_LIST && i < root->count; i++)
        read_group(decoder, group, &root->items[i]);
}

void np_json_event_each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                             void *context)
{
    struct np_decoder *decoder = decoder_of(event);
    (void) np_json_each_text(decoder->reader, event->raw, decoder->arena, fn,
                             context); /* the record was valid when it was decoded */
}

void np_json_event_each_path(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                             void *context)
{
    (void) np_json_each_path(decoder_of(event)->reader, event->raw, fn, context); /* as above */
}

/* Adds the text in `scratch` where it differs from the last one; -ENOMEM. */
static int add_text(struct np_decoder *decoder, struct np_object_texts *texts)
{
    struct np_span text = np_buf_span(&decoder->scratch);
    if (np_span_eq(text, texts->texts[texts->count - 1]))
        return 0;
    int r = np_arena_keep(decoder->arena, &text);
    if (r == 0)
        texts->texts[texts->count++] = text;
    return r;
}

static int make_texts(struct np_decoder *decoder, struct np_object_texts *texts)
{
    struct np_span raw = texts->texts[0];
    np_buf_reset(&decoder->scratch);
    int r = np_json_compact(&decoder->scratch, raw);
    if (r == 0)
        r = add_text(decoder, texts);
    if (r < 0 || memchr(raw.ptr, '\\', raw.len) == NULL)
        return r;
    struct np_span compact = texts->texts[texts->count - 1];
    np_buf_reset(&decoder->scratch);
    r = np_json_unescape(&decoder->scratch, compact);
    return r < 0 ? r : add_text(decoder, texts);
}

size_t np_json_event_object_texts(struct np_event *event, const struct np_value *value,
                                  struct np_span out_texts[3])
{
    struct np_decoder *decoder = decoder_of(event);
    struct np_object_texts made = {.value = value, .texts = {value->text}, .count = 1};
    const struct np_object_texts *texts = NULL;
    for (size_t i = 0; i < decoder->cached_count && texts == NULL; i++)
        if (decoder->cached[i].value == value)
            texts = &decoder->cached[i];
    if (texts == NULL) {
        if (make_texts(decoder, &made) < 0)
            event->flags |= NP_EVENT_TRUNCATED;
        if (decoder->cached_count < NP_OBJECT_TEXTS_CACHED)
            decoder->cached[decoder->cached_count++] = made;
        texts = &made;
    }
    memcpy(out_texts, texts->texts, texts->count * sizeof(out_texts[0]));
    return texts->count;
}
