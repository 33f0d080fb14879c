/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a match keeps. A finding owns copies of all it says (in one arena): it outlives the event
 * and the batch.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/time.h"
#include "codec/value.h"
#include "event/event.h"

/* Severity, lowest first. Falco's priorities map onto these: see the reference page of levels. */
enum np_level {
    NP_LEVEL_INFORMATIONAL,
    NP_LEVEL_LOW,
    NP_LEVEL_MEDIUM,
    NP_LEVEL_HIGH,
    NP_LEVEL_CRITICAL,
    NP_LEVEL_MAX
};

const char *np_level_name(enum np_level level);

/* Reads a level's name, ignoring ASCII case; false where it is none. */
bool np_level_parse(struct np_span name, enum np_level *out_level);

enum np_rule_language { NP_LANGUAGE_SIGMA, NP_LANGUAGE_FALCO, NP_LANGUAGE_MAX };
const char *np_rule_language_name(enum np_rule_language language);

/*
 * What an output line says of a rule; lives as long as its rule set. Texts are NUL-terminated, ""
 * where the rule does not say.
 */
struct np_rule_info {
    const char *id; /* of a rule without one: its title */
    const char *title;
    const char *priority; /* as the rule wrote its level, or Falco spells it; "" = not given */
    const char *source;   /* of a Falco rule, as Falco calls it: "syscall"; of others NULL */
    const char *file;
    uint32_t line;
    enum np_level level;
    enum np_rule_language language;
    const char *const *tags;
    size_t tag_count;
};

/* A part of a message: text as it stands, or the value of a field. */
struct np_rule_output_part {
    struct np_span text;
    np_field_id field; /* NP_FIELD_NONE = text */
    uint32_t width; /* the value is cut or filled up with blanks to so many bytes; 0 = as it is */
};

/* A field that an output tells. */
struct np_rule_output_field {
    np_field_id field;
    bool is_text; /* a number or a boolean of the event is told as text */
};

/* What a rule's own message is made of, and the fields that it wants told; lives as long as its set. */
struct np_rule_output {
    const struct np_rule_output_part *parts;
    size_t part_count;
    const struct np_rule_output_field *fields; /* each once */
    size_t field_count;
};

struct np_finding_field {
    struct np_span name;
    /*
     * Where the rule has an output of its own: the event's value, of whatever kind, absent where
     * there is none. Else always text: as in the event; of a list its elements, joined by ", ".
     */
    struct np_value value;
};

enum {
    NP_FINDING_TARGETS_MAX = 8,
    NP_FINDING_FIELDS_MAX = 32, /* of a rule without an output */
    NP_OUTPUT_FIELDS_MAX = 64,  /* of an output */
    NP_OUTPUT_PARTS_MAX = 256,
    NP_FINDING_TEXT_MAX_BYTES = 2048,  /* of any text */
    NP_OUTPUT_VALUE_MAX_BYTES = 16384, /* of a value that an output tells: arguments are long */
    NP_OUTPUT_ITEMS_MAX = 1024,        /* of a list that it tells */
    NP_OUTPUT_TEXT_MAX_BYTES = 65536,  /* of its message */
};

/* What says which system call it was; all zero for other events. */
struct np_finding_syscall {
    uint64_t num; /* of the event in its capture */
    int64_t tid;
    struct np_span type;
};

struct np_finding {
    const struct np_rule_info *rule;
    struct np_hash128 id; /* of (rule id, kind, account, event id): the same in every run */
    enum np_event_kind event_kind;
    uint32_t event_flags;
    np_time_ns time;    /* of the event */
    np_time_ns arrival; /* 0 = not known */
    struct np_span account;
    struct np_span event_id;
    struct np_event_brief event;
    struct np_origin origin;
    struct np_span message;
    struct np_span targets[NP_FINDING_TARGETS_MAX]; /* what it was done to */
    size_t target_count;
    const struct np_finding_field *fields; /* what the rule looked at, or its output tells */
    size_t field_count;
    struct np_finding_syscall syscall;
    bool truncated; /* a text or a list above was cut */
};

/* What making findings needs besides the rule and the event; all borrowed. */
struct np_finding_means {
    struct np_arena *arena; /* where findings live */
    struct np_buf *scratch; /* kept by the caller, so that a steady state allocates nothing */
    const struct np_field_set *names;
};

/* The fields that a rule looks at, and its output; the fields are told where it has none. */
struct np_finding_evidence {
    const np_field_id *fields;
    size_t count;
    const struct np_rule_output *output; /* NULL = none */
};

/*
 * Makes the finding of `rule` on `event`, with the values of the evidence's fields; copies
 * everything into the arena: 0 or -ENOMEM. In a message that the rule's output makes, "<NA>" stands
 * for a value that the event does not have.
 */
NP_NODISCARD int np_finding_make(struct np_finding **out_finding,
                                 const struct np_finding_means *means,
                                 const struct np_rule_info *rule,
                                 const struct np_finding_evidence *evidence,
                                 struct np_event *event);
