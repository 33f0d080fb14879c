/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened: the one form in which every source's records reach rules, actors and sinks.
 *
 * An event is borrowed from its decoder until the next decode, its spans from the batch and the arena of the
 * decoder's caller. Rules read fields only through np_event_field() and the two text functions; nothing
 * outside this module knows how a record is written. What outlives the batch is copied by whoever keeps it.
 *
 * In: a raw record with its origin. Out: kind, account, id, time, fields, entity keys. Not here: reading files
 * (source/), deciding anything (rule/). To add a kind: a file for it (github.c is the shortest), a line in
 * kind.c, its fields in fields.def, its tests.
 * Threads: an event and its decoder belong to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/span.h"
#include "base/time.h"
#include "codec/value.h"
#include "event/field.h"

/*
 * In the order in which a record is tried for them: GCP first, whose fields may have the names that tell the others. JSON is what
 * --as says, and never guessed.
 */
enum np_event_kind {
    NP_EVENT_GCP,
    NP_EVENT_CLOUDTRAIL,
    NP_EVENT_KUBERNETES,
    NP_EVENT_GITHUB,
    NP_EVENT_JSON,
    NP_EVENT_SYSCALL, /* no JSON: see syscall.h */
    NP_EVENT_KIND_MAX
};

/* The name of a kind in output: "aws.cloudtrail", "k8s.audit", "gcp.audit", "github.audit", "json", "syscall". */
const char *np_event_kind_name(enum np_event_kind kind);

enum np_event_flag {
    NP_EVENT_TRUNCATED = 1, /* a field was cut by a limit, ours or the source's */
    NP_EVENT_DUPLICATE = 2,
    NP_EVENT_LATE = 4,
};

/* Where a record stands, so that it can be shown again. */
struct np_origin {
    const char *object; /* path as walked, "-" for stdin; lives as long as the batch */
    uint64_t offset;    /* of the first byte, in the unpacked object */
    uint64_t length;
};

/* Where an event belongs for rules; empty = the event does not say. */
struct np_logsource {
    struct np_span product;
    struct np_span category;
    struct np_span service;
};

struct np_arena;
struct np_event;
struct np_event_brief;
struct np_entity;

/* How a kind gives what is not read at once. */
struct np_event_ops {
    /* Reads `field`; where all of its group was read at once the bit in `pending` is clear afterwards. */
    void (*load)(struct np_event *event, np_field_id field);
    /* Gives every key and text value of the record until `fn` returns false. */
    void (*each_text)(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                      void *context);
    /* Gives the path of every member of the record until `fn` returns false; NULL = it has none. */
    void (*each_path)(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                      void *context);
    /* What an output line says of the event. */
    void (*brief)(struct np_event *event, struct np_event_brief *out_brief);
    /* The key of a repeated delivery; NULL or false = the event is never a duplicate. */
    bool (*key)(struct np_event *event, struct np_hash128 *out_key);
    /* Fills the entity keys; NULL = the kind has none. Returns how many. */
    size_t (*entities)(struct np_event *event, struct np_entity *out_entities, size_t max);
    /* The same without those of the caller; NULL = the kind does not tell them apart. */
    size_t (*targets)(struct np_event *event, struct np_entity *out_entities, size_t max);
    /* The texts that an object value is matched as; see np_event_object_texts(). */
    size_t (*object_texts)(struct np_event *event, const struct np_value *value,
                           struct np_span out_texts[3]);
};

struct np_event {
    enum np_event_kind kind;
    uint32_t flags;     /* enum np_event_flag */
    np_time_ns time;    /* NP_TIME_NONE where the record gives none */
    np_time_ns arrival; /* 0 = not known */
    struct np_span account;
    struct np_span id; /* empty where the record has none: see np_event_id() */
    struct np_origin origin;
    struct np_span raw; /* the record's bytes */
    const struct np_logsource *logsource;
    /* For np_event_field(); set by the decoder. */
    const struct np_event_ops *ops;
    struct np_value *values; /* by field id */
    const uint8_t *group_of; /* by field id: 0 = read at once, else 1 + bit number in `pending` */
    uint64_t pending;        /* groups not read yet */
    /* Of the task as it stands at a system call; events of the same one have equal values of the fields marked. 0 = none. */
    uint64_t subject;
    const bool *of_subject; /* by field */
    const struct np_field_set *fields;
    struct np_arena *arena; /* for what is made on demand */
    void *decoder;
};

/* Reads the group of fields that `field` belongs to, which is pending. */
void np_event_load(struct np_event *event, np_field_id field);

/* The value of `field`, absent where the record has none; lives as long as the event. Never NULL. */
static inline const struct np_value *np_event_field(struct np_event *event, np_field_id field)
{
    uint8_t group = event->group_of[field];
    if (group != 0 && (event->pending >> (group - 1) & 1) != 0)
        np_event_load(event, field);
    return &event->values[field];
}

/* The text of a field that is text, a number or a boolean; else the empty span. */
static inline struct np_span np_event_text(struct np_event *event, np_field_id field)
{
    const struct np_value *value = np_event_field(event, field);
    return np_value_has_text(value) ? value->text : (struct np_span){};
}

/*
 * The texts that stand for an object value in text matching: its bytes as written, the same without white space where
 * that differs, and with inner JSON strings unescaped where there are escapes. Returns how many (1 to 3);
 * they live as long as the event. Where memory is out the plain bytes are given alone and the event is flagged truncated.
 */
size_t np_event_object_texts(struct np_event *event, const struct np_value *value,
                             struct np_span out_texts[3]);

/* Calls `fn` with every key and text value of the record, until it returns false. */
void np_event_each_text(struct np_event *event, bool (*fn)(void *context, struct np_span text),
                        void *context);

/* Calls `fn` with the path of every member of the record, by which a field could name it, until it returns false. */
void np_event_each_path(struct np_event *event, bool (*fn)(void *context, struct np_span path),
                        void *context);

/* The event's id in output: the record's own, or "<object>:<offset>" written into `buffer` (cut if need be). */
struct np_span np_event_id(const struct np_event *event, char *buffer, size_t size);

/* The key that a repeated delivery has in common: false where a part of it is absent, so that the event is never a duplicate. */
bool np_event_key(struct np_event *event, struct np_hash128 *out_key);

/* What an output line says of an event; spans as in the event. */
struct np_event_brief {
    struct np_span name;   /* of what was done, e.g. the API */
    struct np_span source; /* e.g. the service */
    struct np_span region;
    struct np_span principal; /* who: an ARN where there is one */
    struct np_span address;
    struct np_span outcome; /* "ok" or the error code */
};

void np_event_brief(struct np_event *event, struct np_event_brief *out_brief);
