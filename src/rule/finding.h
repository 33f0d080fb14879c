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
    const char *priority; /* as the rule wrote its level; "" where it did not */
    const char *file;
    uint32_t line;
    enum np_level level;
    enum np_rule_language language;
    const char *const *tags;
    size_t tag_count;
};

struct np_finding_field {
    struct np_span name;
    struct np_span text; /* as in the event; of a list its elements, joined by ", " */
};

enum { NP_FINDING_TARGETS_MAX = 8, NP_FINDING_FIELDS_MAX = 32, NP_FINDING_TEXT_MAX_BYTES = 2048 };

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
    struct np_finding_field fields[NP_FINDING_FIELDS_MAX]; /* what the rule looked at, as it does */
    size_t field_count;
    bool truncated; /* a text or a list above was cut */
};

/* What making findings needs besides the rule and the event; all borrowed. */
struct np_finding_means {
    struct np_arena *arena; /* where findings live */
    struct np_buf *scratch; /* kept by the caller, so that a steady state allocates nothing */
    const struct np_field_set *names;
};

/* The fields that a rule looks at. */
struct np_finding_evidence {
    const np_field_id *fields;
    size_t count;
};

/*
 * Makes the finding of `rule` on `event`, with the values of the evidence's fields; copies
 * everything into the arena: 0 or -ENOMEM.
 */
NP_NODISCARD int np_finding_make(struct np_finding **out_finding,
                                 const struct np_finding_means *means,
                                 const struct np_rule_info *rule,
                                 const struct np_finding_evidence *evidence,
                                 struct np_event *event);
