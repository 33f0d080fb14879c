/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes records given as C strings, for the tests of this folder. */
#pragma once

#include "support/unit.h"

#include <stdio.h>

#include "base/alloc.h"
#include "codec/json/json.h"
#include "event/decoder.h"
#include "event/entity.h"

struct decode {
    struct np_field_set *fields;
    struct np_decode_plan *plan;
    struct np_decoder *decoder;
    struct np_arena arena;
    char *record; /* of the last decode, with padding */
    struct np_event *event;
    const char *reason;
};

/* A decoder that knows the extra fields in `names` (NULL-terminated); generic where a log source is given. */
static inline void decode_open(struct decode *d, const char *const *names,
                               const struct np_logsource *generic)
{
    *d = (struct decode){};
    np_arena_init(&d->arena, SIZE_MAX);
    assert_int_equal(np_field_set_new(&d->fields), 0);
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        np_field_id field = 0;
        assert_int_equal(np_field_intern(d->fields, np_span_of(names[i]), &field), 0);
    }
    assert_int_equal(np_decode_plan_new(&d->plan, d->fields, generic, NULL), 0);
    assert_int_equal(np_decoder_new(&d->decoder, d->plan), 0);
}

static inline void decode_close(struct decode *d)
{
    np_decoder_free(&d->decoder);
    np_decode_plan_free(&d->plan);
    np_field_set_free(&d->fields);
    np_arena_done(&d->arena);
    np_free(d->record);
}

/* For cmocka: the end of a test or group whose state is a struct decode. */
static inline int decode_teardown(void **state)
{
    decode_close(*state);
    return 0;
}

static inline enum np_decode_result decode(struct decode *d, const char *text)
{
    size_t len = strlen(text);
    np_free(d->record);
    d->record = np_alloc(len + NP_JSON_PADDING);
    assert_non_null(d->record);
    memcpy(d->record, text, len);
    struct np_record record = {.bytes = np_span_make(d->record, len),
                               .origin = {.object = "log.json", .offset = 7, .length = len}};
    return np_decode(d->decoder, &record, &d->arena, &d->event, &d->reason);
}

static inline const struct np_value *field(struct decode *d, const char *name)
{
    np_field_id id = np_field_find(d->fields, np_span_of(name));
    assert_int_not_equal(id, NP_FIELD_NONE);
    return np_event_field(d->event, id);
}

/* Whether the event has the entity. */
static inline bool has_entity(struct decode *d, enum np_entity_role role, enum np_entity_kind kind,
                              const char *value)
{
    struct np_entity entities[NP_ENTITIES_MAX];
    size_t count = np_event_entities(d->event, entities);
    for (size_t i = 0; i < count; i++)
        if (entities[i].role == role && entities[i].kind == kind &&
            np_span_is(entities[i].value, value))
            return true;
    return false;
}

/* Whether the record has a key by which a repeat would be found. */
static inline bool has_key(struct decode *d, const char *text)
{
    struct np_hash128 key;
    assert_int_equal(decode(d, text), NP_DECODE_EVENT);
    return np_event_key(d->event, &key);
}

/* Whether both records have the same one. */
static inline bool has_same_key(struct decode *d, const char *text, const char *other)
{
    struct np_hash128 keys[2];
    assert_int_equal(decode(d, text), NP_DECODE_EVENT);
    assert_true(np_event_key(d->event, &keys[0]));
    assert_int_equal(decode(d, other), NP_DECODE_EVENT);
    assert_true(np_event_key(d->event, &keys[1]));
    return memcmp(&keys[0], &keys[1], sizeof(keys[0])) == 0;
}
