/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: kinds, and the inside of decode plans and decoders.
 *
 * A record is read in one walk for all that every event needs. Paths below other top-level objects (requestParameters.x ...)
 * are *groups*: the walk keeps the object's raw bytes, and the group is read when a rule first asks for one of its fields.
 *
 * A field is a name; the path that it means differs by kind (aliases), so each kind has a plan of its own over the same slots. The
 * kind is known only behind the walk: a decoder walks with the plan of the last kind that it met, and once more where the record
 * turns out to be of another one. So all plans have to read what tells the kind (markers) alike: no kind has an alias for a marker,
 * but GCP for what stands below its own, which is why its plan counts only where that marker is there.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "codec/json/json.h"
#include "event/decoder.h"
#include "event/entity.h"
#include "event/falco/cloud.h"
#include "event/syscall.h"

enum {
    NP_GROUPS_MAX = 62, /* bits of np_event.pending; further roots are read at once */
    NP_GROUP_COMPUTED =
        63, /* in `group_of`, of Falco's fields that are computed from a record: the last bit but one */
    NP_GROUP_DERIVED =
        64, /* in `group_of`, of fields that are computed from others: the last bit */
    NP_OBJECT_TEXTS_CACHED = 4,
    NP_TIME_PATHS = 10 /* of np_decode_time() */
};

/* Slots behind those of the fields: what the decoder itself looks at. */
enum np_extra_slot {
    NP_EXTRA_ENVELOPE_FIRST, /* keys whose array holds records: the same as the splitter's */
    NP_EXTRA_ENVELOPE_LAST = NP_EXTRA_ENVELOPE_FIRST + 4,
    NP_EXTRA_DETAIL_TYPE, /* of wrappers: see wrapper.c */
    NP_EXTRA_DETAIL,
    NP_EXTRA_CLOUDTRAIL_EVENT,
    NP_EXTRA_ORIGINAL,
    NP_EXTRA_MESSAGE,
    NP_EXTRA_DIGEST_START, /* "digestStartTime" */
    NP_EXTRA_LOG_FILES,    /* "logFiles" */
    NP_EXTRA_TIME_FIRST,   /* names that a generic record may give its time under, best first */
    NP_EXTRA_TIME_LAST = NP_EXTRA_TIME_FIRST + 4,
    NP_EXTRA_ROOT_FIRST, /* raw bytes of the groups' roots */
    NP_EXTRA_COUNT = NP_EXTRA_ROOT_FIRST + NP_GROUPS_MAX
};

/*
 * A name that others use for a path of a kind, beside the name itself. One that ends with a dot, or is empty, stands for all names
 * that begin with it: the rest follows `path`.
 */
struct np_alias {
    const char *name;
    const char *path;
};

/* What a kind of event is: one such table a kind, all of them in np_kinds. */
struct np_kind {
    const char *name; /* in output */
    const struct np_event_ops *ops;
    struct np_logsource logsource;  /* of its events, unless begin() says otherwise */
    const char *const *at_once;     /* roots that gain nothing from a group; NULL at the end */
    const struct np_alias *aliases; /* the first that fits counts */
    size_t alias_count;
    const char *
        snake_prefix; /* the alias behind which names are snake_case and paths camelCase; NULL = none */
    enum np_falco_source falco; /* whose fields its events have; NP_FALCO_SYSCALL = of no log */
    /* Whether the record that has just been read is of this kind, by its markers; NULL = never by itself. */
    bool (*is_record)(const struct np_decoder *decoder);
    /* Sets what every event says of itself: id, account, time. */
    void (*begin)(struct np_decoder *decoder);
};

extern const struct np_kind *const np_kinds[NP_EVENT_KIND_MAX];
extern const struct np_kind np_cloudtrail_kind;
extern const struct np_kind np_kubernetes_kind;
extern const struct np_kind np_gcp_kind;
extern const struct np_kind np_github_kind;
extern const struct np_kind np_generic_kind;
extern const struct np_kind np_syscall_kind;

/* One line of entities.def with its field's id. */
struct np_entity_rule {
    uint32_t event; /* index of the first line of the same event name */
    np_field_id field;
    enum np_entity_kind kind;
    enum np_entity_role role;
};

/* How records of one kind are read. */
struct np_kind_plan {
    struct np_json_plan *main;
    struct np_json_plan *groups[NP_GROUPS_MAX]; /* paths below each root */
    uint32_t root_slot[NP_GROUPS_MAX];          /* slot of each root's value */
    struct np_map roots;                        /* root key -> group */
    uint32_t group_count;
    uint8_t *group_of; /* by field: 1 + group, 0 = read at once */
    NP_VEC(struct np_falco_wanted) computed;
};

struct np_decode_plan {
    const struct np_field_set *fields; /* borrowed */
    size_t field_count;
    /* Of a generic plan NP_EVENT_JSON alone, else all but that; and always NP_EVENT_SYSCALL, which has no paths. */
    struct np_kind_plan kinds[NP_EVENT_KIND_MAX];
    struct np_json_plan *time;
    uint64_t pending_derived; /* the bit of NP_GROUP_DERIVED, where there are such fields */
    bool is_generic;
    struct np_logsource logsource; /* of generic events; texts in `arena` */
    struct np_arena arena;
    struct np_map entity_first; /* event name -> index of its first entity rule */
    const struct np_entity_rule *entity_rules;
    const struct np_entity_rule *entity_common; /* those for every event, which are the last */
    const struct np_entity_rule *entity_end;
};

/* The texts of one object value, made once an event. */
struct np_object_texts {
    const struct np_value *value;
    struct np_span texts[3];
    size_t count;
};

struct np_decoder {
    const struct np_decode_plan *plan; /* borrowed */
    enum np_event_kind
        kind; /* of the last event, whose plan the next record is walked with first */
    struct np_json_reader *reader;
    struct np_json_slots slots; /* field_count + NP_EXTRA_COUNT values */
    struct np_json_slots group; /* scratch for reading a group */
    struct np_buf scratch;
    struct np_object_texts cached[NP_OBJECT_TEXTS_CACHED];
    size_t cached_count;
    struct np_arena *arena; /* the caller's, of the event being decoded */
    struct np_falco_members
        members; /* of the event's record, where a computed field was asked for */
    bool has_members;
    struct np_event event;
    struct np_syscall_head syscall; /* of the record, where the event is one */
};

/* Empties the slots that a walk has filled. */
static inline void np_slots_reset(struct np_json_slots *slots)
{
    for (size_t i = 0; i < slots->touched_len; i++)
        slots->values[slots->touched[i]] = (struct np_value){};
    slots->touched_len = 0;
}

/* The value in an extra slot of the record that has just been read. */
static inline const struct np_value *np_extra(const struct np_decoder *decoder, uint32_t slot)
{
    return &decoder->slots.values[decoder->plan->field_count + slot];
}

/* The value of a fixed field, which is always read at once. */
static inline const struct np_value *np_fixed(const struct np_decoder *decoder, np_field_id field)
{
    return &decoder->slots.values[field];
}

static inline bool np_fixed_is_there(const struct np_decoder *decoder, np_field_id field)
{
    return np_fixed(decoder, field)->kind != NP_VALUE_ABSENT;
}

/* The text of a fixed field, of a list the first one's; empty where there is none. */
struct np_span np_fixed_text(const struct np_decoder *decoder, np_field_id field);

/* The first of `fields` that reads as a time; NP_TIME_NONE where none does. */
np_time_ns np_fixed_time(const struct np_decoder *decoder, const np_field_id *fields, size_t count);

/* The text of the first of `fields` that has one; empty where none has. */
struct np_span np_fixed_first(const struct np_decoder *decoder, const np_field_id *fields,
                              size_t count);

/* A key of all the texts of `fields`: false where one has none. */
bool np_fixed_key(const struct np_event *event, const np_field_id *fields, size_t count,
                  struct np_hash128 *out_key);

/* Fills the plan's entity tables from entities.def; the paths are in the field set. 0 or -ENOMEM. */
NP_NODISCARD int np_entity_rules_init(struct np_decode_plan *plan);

/* Where entities are collected. */
struct np_entity_list {
    struct np_event *event;
    struct np_entity *items;
    size_t count;
    size_t max;
};

/* Adds an entity that is not there yet; nothing where `value` is empty. Beyond the maximum the event is flagged truncated. */
void np_entity_add(struct np_entity_list *list, enum np_entity_kind kind, enum np_entity_role role,
                   struct np_span value);

/* Adds every text that the field has. */
void np_entity_add_field(struct np_entity_list *list, enum np_entity_kind kind,
                         enum np_entity_role role, np_field_id field);

/* What a record that wraps another one wraps. */
enum np_unwrap { NP_UNWRAP_NOTHING, NP_UNWRAP_RECORD, NP_UNWRAP_CONTROL, NP_UNWRAP_NO_MEMORY };

/* Looks for a record inside the one that has just been read, and gives its bytes with NP_JSON_PADDING behind them. */
enum np_unwrap np_unwrap(const struct np_decoder *decoder, struct np_span *out_inner);

/* Reads a resolved record into the slots: NP_DECODE_EVENT, NP_DECODE_INVALID or NP_DECODE_NO_MEMORY. */
enum np_decode_result np_syscall_decode(struct np_decoder *decoder, struct np_span bytes,
                                        const char **out_reason);

/* Gives a text value, or those of a list, until `fn` returns false, which it then returns too. */
bool np_syscall_value_texts(const struct np_value *value,
                            bool (*fn)(void *context, struct np_span text), void *context);

/* None: no value of a system call is an object. For its ops tables. */
size_t np_syscall_object_texts(struct np_event *event, const struct np_value *value,
                               struct np_span out_texts[3]);

/* What all kinds do alike, being JSON; for their ops tables. */
#define NP_JSON_EVENT_OPS                                                                          \
    .load = np_json_event_load, .each_text = np_json_event_each_text,                              \
    .each_path = np_json_event_each_path, .object_texts = np_json_event_object_texts

void np_json_event_load(struct np_event *event, np_field_id field);
void np_json_event_each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                             void *context);
void np_json_event_each_path(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                             void *context);
size_t np_json_event_object_texts(struct np_event *event, const struct np_value *value,
                                  struct np_span out_texts[3]);

/* The first of `values` that reads as a time: a text, or a number since 1970 in a unit told by its size; NP_TIME_NONE if none. */
np_time_ns np_json_time(const struct np_value *values, size_t count);
