/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each rule's evaluation takes. Events are decoded a block at a time, each by a decoder of its
 * own, so that a rule meets many events between two looks at the clock. What rules share is left
 * out: reading the events' fields, and what it takes to begin with an event.
 */
#pragma once

#include "base/vec.h"
#include "rule/cost.h"

/* Records as they are read again for each block. */
struct np_measure_record {
    size_t start; /* in `bytes` */
    size_t len;
};

struct np_measure_input {
    struct np_buf bytes; /* of all records, NP_JSON_PADDING behind each */
    NP_VEC(struct np_measure_record) records;
};

enum { NP_MEASURE_ROUNDS = 5 };

/* What was measured of one rule. */
struct np_measure {
    uint32_t rule;
    uint64_t events;                      /* of its log source */
    uint64_t candidates;                  /* for which the index would have it evaluated */
    uint64_t matches;                     /* that it is true of */
    int64_t rounds_ns[NP_MEASURE_ROUNDS]; /* of processor time, for all its events; sorted */
};

/* The median, for one event; 0 where there was none. */
double np_measure_ns_per_event(const struct np_measure *measure);

/*
 * Measures every rule of a compiled set. `plan` is that of the input; `fields` those of the set.
 * `out_measures` has room for all rules and is filled by rule. 0, -ENOMEM or a negative errno.
 */
struct np_measure_params {
    const struct np_rule_set *set;
    const struct np_field_set *fields;
    const struct np_decode_plan *plan;
    const struct np_measure_input *input;
    struct np_rule_trial *trial;
};

NP_NODISCARD int np_measure_rules(struct np_measure *out_measures,
                                  const struct np_measure_params *params);
