/* SPDX-License-Identifier: Apache-2.0 */
/* One thread's decoder of JSON records: the walk, the groups read on demand, and what both kinds do alike. */
#include "event/event_internal.h"

#include <errno.h>

#include "base/alloc.h"

enum { OBJECT_TEXT_MAX_BYTES = 16 * 1024 * 1024 };

static struct np_decoder *decoder_of(struct np_event *event)
{
    return event->decoder;
}

static int slots_new(struct np_json_slots *slots, size_t count)
{
    slots->values = np_alloc_array(count, sizeof(*slots->values));
    slots->touched = np_alloc_array(count, sizeof(*slots->touched));
    return slots->values == NULL || slots->touched == NULL ? -ENOMEM : 0;
}

static void slots_free(struct np_json_slots *slots)
{
    np_free(slots->values);
    np_free(slots->touched);
}

static void slots_reset(struct np_json_slots *slots)
{
    for (size_t i = 0; i < slots->touched_len; i++)
        slots->values[slots->touched[i]] = (struct np_value){};
    slots->touched_len = 0;
}

int np_decoder_new(struct np_decoder **out_decoder, const struct np_decode_plan *plan)
{
    struct np_decoder *decoder = np_alloc(sizeof(*decoder));
    if (decoder == NULL)
        return -ENOMEM;
    decoder->plan = plan;
    np_buf_init(&decoder->scratch, OBJECT_TEXT_MAX_BYTES);
    size_t count = plan->field_count + NP_EXTRA_COUNT;
    int r = slots_new(&decoder->slots, count);
    if (r == 0)
        r = slots_new(&decoder->group, count);
    if (r == 0)
        r = np_json_reader_new(&decoder->reader);
    if (r < 0) {
        np_decoder_free(&decoder);
        return r;
    }
    *out_decoder = decoder;
    return 0;
}

void np_decoder_free(struct np_decoder **decoder)
{
    if (decoder == NULL || *decoder == NULL)
        return;
    slots_free(&(*decoder)->slots);
    slots_free(&(*decoder)->group);
    np_json_reader_free(&(*decoder)->reader);
    np_buf_done(&(*decoder)->scratch);
    np_free(*decoder);
    *decoder = NULL;
}

/* What a record that has been read is: an event, or something else that is known. */
static enum np_decode_result classify(struct np_decoder *decoder)
{
    if (decoder->plan->is_generic) {
        np_generic_begin(decoder);
        return NP_DECODE_EVENT;
    }
    if (np_cloudtrail_is_record(decoder)) {
        np_cloudtrail_begin(decoder);
        return NP_DECODE_EVENT;
    }
    if (np_extra(decoder, NP_EXTRA_RECORDS)->kind == NP_VALUE_LIST)
        return NP_DECODE_SEVERAL;
    if (np_extra(decoder, NP_EXTRA_DIGEST_START)->kind != NP_VALUE_ABSENT &&
        np_extra(decoder, NP_EXTRA_LOG_FILES)->kind != NP_VALUE_ABSENT)
        return NP_DECODE_DIGEST;
    return NP_DECODE_UNKNOWN;
}

static void begin(struct np_decoder *decoder, const struct np_record *record)
{
    const struct np_decode_plan *plan = decoder->plan;
    decoder->cached_count = 0;
    decoder->event = (struct np_event){
        .time = NP_TIME_NONE,
        .arrival = record->arrival,
        .origin = record->origin,
        .raw = record->bytes,
        .logsource = &plan->logsource,
        .values = decoder->slots.values,
        .group_of = plan->group_of,
        .pending = plan->group_count == 64 ? UINT64_MAX : (UINT64_C(1) << plan->group_count) - 1,
        .decoder = decoder,
    };
}

enum np_decode_result np_decode(struct np_decoder *decoder, const struct np_record *record,
                                struct np_arena *arena, struct np_event **out_event,
                                const char **out_reason)
{
    decoder->arena = decoder->slots.arena = decoder->group.arena = arena;
    slots_reset(&decoder->slots);
    switch (np_json_read(decoder->reader, decoder->plan->main, record->bytes, &decoder->slots,
                         out_reason)) {
    case NP_JSON_OK:
        break;
    case NP_JSON_SEVERAL:
        return NP_DECODE_SEVERAL;
    case NP_JSON_INVALID:
        return NP_DECODE_INVALID;
    case NP_JSON_TOO_DEEP:
        return NP_DECODE_TOO_DEEP;
    case NP_JSON_NO_MEMORY:
        return NP_DECODE_NO_MEMORY;
    }
    begin(decoder, record);
    enum np_decode_result result = classify(decoder);
    if (result == NP_DECODE_EVENT)
        *out_event = &decoder->event;
    return result;
}

np_time_ns np_decode_time(struct np_decoder *decoder, struct np_span record, struct np_arena *arena)
{
    const char *reason = NULL;
    decoder->group.arena = arena;
    slots_reset(&decoder->group);
    if (np_json_read(decoder->reader, decoder->plan->time, record, &decoder->group, &reason) !=
        NP_JSON_OK)
        return NP_TIME_NONE;
    return np_generic_time(decoder->group.values, NP_EXTRA_TIME_LAST - NP_EXTRA_TIME_FIRST + 1);
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
    memcpy(items, first, first_count * sizeof(*items));
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
    slots_reset(&decoder->group);
    enum np_json_result result = np_json_read(decoder->reader, decoder->plan->groups[group],
                                              root->text, &decoder->group, &reason);
    if (result != NP_JSON_OK || take_group(decoder) < 0)
        decoder->event.flags |= NP_EVENT_TRUNCATED;
}

void np_json_event_load(struct np_event *event, np_field_id field)
{
    struct np_decoder *decoder = decoder_of(event);
    uint32_t group = (uint32_t) event->group_of[field] - 1;
    event->pending &= ~(UINT64_C(1) << group);
    const struct np_value *root = &decoder->slots.values[decoder->plan->root_slot[group]];
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
