/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: the inside of decode plans and decoders.
 *
 * A record is read in one walk for all that every event needs. Paths below other top-level objects (requestParameters.x ...)
 * are *groups*: the walk keeps the object's raw bytes, and the group is read when a rule first asks for one of its fields.
 */
#pragma once

#include "base/map.h"
#include "codec/json/json.h"
#include "event/decoder.h"
#include "event/entity.h"

enum {
    NP_GROUPS_MAX = 64, /* bits of np_event.pending; further roots are read at once */
    NP_OBJECT_TEXTS_CACHED = 4
};

/* Slots behind those of the fields: what the decoder itself looks at. */
enum np_extra_slot {
    NP_EXTRA_RECORDS,      /* "Records": an envelope, not a record */
    NP_EXTRA_DIGEST_START, /* "digestStartTime" */
    NP_EXTRA_LOG_FILES,    /* "logFiles" */
    NP_EXTRA_TIME_FIRST,   /* names that a generic record may give its time under, best first */
    NP_EXTRA_TIME_LAST = NP_EXTRA_TIME_FIRST + 4,
    NP_EXTRA_ROOT_FIRST, /* raw bytes of the groups' roots */
    NP_EXTRA_COUNT = NP_EXTRA_ROOT_FIRST + NP_GROUPS_MAX
};

/* One line of entities.def with its field's id. */
struct np_entity_rule {
    uint32_t event; /* index of the first line of the same event name */
    np_field_id field;
    enum np_entity_kind kind;
    enum np_entity_role role;
};

struct np_decode_plan {
    const struct np_field_set *fields; /* borrowed */
    size_t field_count;
    struct np_json_plan *main;
    struct np_json_plan *time;
    struct np_json_plan *groups[NP_GROUPS_MAX]; /* paths below each root */
    uint32_t root_slot[NP_GROUPS_MAX];          /* slot of each root's value */
    struct np_map roots;                        /* root key -> group */
    uint32_t group_count;
    uint8_t *group_of; /* by field: 1 + group, 0 = read at once */
    bool is_generic;
    struct np_logsource logsource; /* of every event; texts in `arena` */
    struct np_arena arena;
    struct np_map entity_first; /* event name -> index of its first entity rule */
    const struct np_entity_rule *entity_rules;
};

/* The texts of one object value, made once an event. */
struct np_object_texts {
    const struct np_value *value;
    struct np_span texts[3];
    size_t count;
};

struct np_decoder {
    const struct np_decode_plan *plan; /* borrowed */
    struct np_json_reader *reader;
    struct np_json_slots slots; /* field_count + NP_EXTRA_COUNT values */
    struct np_json_slots group; /* scratch for reading a group */
    struct np_buf scratch;
    struct np_object_texts cached[NP_OBJECT_TEXTS_CACHED];
    size_t cached_count;
    struct np_arena *arena; /* the caller's, of the event being decoded */
    struct np_event event;
};

static inline const struct np_value *np_extra(const struct np_decoder *decoder,
                                              enum np_extra_slot slot)
{
    return &decoder->slots.values[decoder->plan->field_count + slot];
}

/* The last line of entities.def; the lines for every event begin at np_entity_common_first(). */
size_t np_entity_rule_count(void);
size_t np_entity_common_first(void);

/* Fills the plan's entity tables from entities.def; the paths are in the field set. 0 or -ENOMEM. */
NP_NODISCARD int np_entity_rules_init(struct np_decode_plan *plan);

/* Ops of the kinds. */
extern const struct np_event_ops np_cloudtrail_ops;
extern const struct np_event_ops np_generic_ops;

/* What both kinds of JSON do alike; for their ops tables. */
void np_json_event_load(struct np_event *event, np_field_id field);
void np_json_event_each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                             void *context);
size_t np_json_event_object_texts(struct np_event *event, const struct np_value *value,
                                  struct np_span out_texts[3]);

/* Whether the record that has just been read is a CloudTrail record, and what it says that every event says. */
bool np_cloudtrail_is_record(const struct np_decoder *decoder);
void np_cloudtrail_begin(struct np_decoder *decoder);
void np_generic_begin(struct np_decoder *decoder);

/* The event time of a generic record: the first time-like member of `values` (NP_EXTRA_TIME_FIRST ...); NP_TIME_NONE if none. */
np_time_ns np_generic_time(const struct np_value *values, size_t count);
