/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An event made of typed values by hand, for tests of whatever reads events: nothing is decoded.
 * Fields are those of the catalogue; `texts` is what a walk over the record gives.
 */
#pragma once

#include "event/entity.h"
#include "event/event.h"

enum { FAKE_FIELDS = NP_FIELD_FIXED_COUNT + 96, FAKE_TEXTS_MAX = 16, FAKE_ENTITIES_MAX = 24 };

/* The one object with a blank in it, and the text that it is matched as besides. */
#define FAKE_SPACED_OBJECT  "{\"a\": \"CreateUser\"}"
#define FAKE_COMPACT_OBJECT "{\"a\":\"CreateUser\"}"

struct fake_event {
    struct np_event event;
    struct np_value values[FAKE_FIELDS];
    uint8_t groups[FAKE_FIELDS];
    struct np_span texts[FAKE_TEXTS_MAX];
    size_t text_count;
    struct np_event_brief brief;
    struct np_entity entities[FAKE_ENTITIES_MAX];
    size_t entity_count;
    size_t loads; /* how often a group was read */
    size_t walks; /* how often the texts were asked for */
};

static inline struct fake_event *fake_of(struct np_event *event)
{
    return event->decoder;
}

static inline void fake_load(struct np_event *event, np_field_id field)
{
    fake_of(event)->loads++;
    event->pending &= ~(UINT64_C(1) << (event->group_of[field] - 1));
}

static inline void fake_each_text(struct np_event *event,
                                  bool (*fn)(void *context, struct np_span text), void *context)
{
    struct fake_event *fake = fake_of(event);
    fake->walks++;
    for (size_t i = 0; i < fake->text_count; i++)
        if (!fn(context, fake->texts[i]))
            return;
}

static inline size_t fake_object_texts(struct np_event *event, const struct np_value *value,
                                       struct np_span out_texts[3])
{
    (void) event;
    out_texts[0] = value->text;
    out_texts[1] = np_span_of(FAKE_COMPACT_OBJECT);
    return np_span_is(value->text, FAKE_SPACED_OBJECT) ? 2 : 1;
}

static inline void fake_brief(struct np_event *event, struct np_event_brief *out_brief)
{
    *out_brief = fake_of(event)->brief;
}

static inline size_t fake_entities(struct np_event *event, struct np_entity *out_entities,
                                   size_t max)
{
    const struct fake_event *fake = fake_of(event);
    size_t count = fake->entity_count < max ? fake->entity_count : max;
    memcpy(out_entities, fake->entities, count * sizeof(out_entities[0]));
    return count;
}

/* An event without any value; it belongs to product "aws", service "cloudtrail". */
static inline void fake_event_init(struct fake_event *fake)
{
    static const struct np_event_ops ops = {
        .load = fake_load,
        .each_text = fake_each_text,
        .brief = fake_brief,
        .entities = fake_entities,
        .object_texts = fake_object_texts,
    };
    static const struct np_logsource logsource = {
        .product = {"aws", 3},
        .service = {"cloudtrail", 10},
    };
    memset(fake, 0, sizeof(*fake));
    fake->event = (struct np_event){
        .logsource = &logsource,
        .ops = &ops,
        .values = fake->values,
        .group_of = fake->groups,
        .decoder = fake,
    };
}

static inline struct np_value value_of_kind(enum np_value_kind kind, const char *text)
{
    return (struct np_value){.kind = (uint8_t) kind, .text = np_span_of(text)};
}

static inline struct np_value text_value(const char *text)
{
    return value_of_kind(NP_VALUE_TEXT, text);
}

static inline struct np_value null_value(void)
{
    return value_of_kind(NP_VALUE_NULL, "");
}

static inline struct np_value object_value(const char *raw)
{
    return value_of_kind(NP_VALUE_OBJECT, raw);
}

static inline struct np_value bool_value(bool is_true)
{
    struct np_value value = value_of_kind(NP_VALUE_BOOL, is_true ? "true" : "false");
    value.boolean = is_true;
    return value;
}

/* `text` is how the record writes the number. */
static inline struct np_value int_value(int64_t number, const char *text)
{
    struct np_value value = value_of_kind(NP_VALUE_INT, text);
    value.integer = number;
    return value;
}

static inline struct np_value uint_value(uint64_t number, const char *text)
{
    struct np_value value = value_of_kind(NP_VALUE_UINT, text);
    value.uinteger = number;
    return value;
}

static inline struct np_value double_value(double number, const char *text)
{
    struct np_value value = value_of_kind(NP_VALUE_DOUBLE, text);
    value.real = number;
    return value;
}

static inline struct np_value list_value(const struct np_value *items, uint32_t count)
{
    struct np_value value = value_of_kind(NP_VALUE_LIST, "");
    value.items = items;
    value.count = count;
    return value;
}
