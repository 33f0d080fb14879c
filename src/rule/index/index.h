/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index over a rule set. Rules are first told apart by what they name of the log source (a
 * *bucket* each), and in a bucket by their witnesses: one probe a field. Rules without a witness
 * are evaluated for every event of the bucket. A rule that is found by the type of a call is often
 * *narrowed*: a probe of other fields must find it, too. Property, tested in tests/property/index.c: an
 * event meets every rule that plain evaluation finds.
 *
 * Immutable once built, shared by threads; borrows the rule set.
 */
#pragma once

#include "rule/index/probe.h"
#include "rule/program.h"
#include "rule/rule_internal.h"

struct np_bucket {
    struct np_span product; /* as the rules name it, empty = they do not */
    struct np_span category;
    struct np_span service;
    struct np_run rules;  /* in `rule_lists`, ascending */
    struct np_run always; /* in `rule_lists`: rules without a witness */
    struct np_run probes;
    struct np_run keywords; /* slots whose predicates are keywords */
};

enum { NP_NARROWERS_MAX = 64 };

struct np_rule_index {
    const struct np_rule_set *set;
    struct np_ready_set *ready;
    struct np_programs programs;
    uint32_t *starts; /* by rule: the first step of its program */
    /*
     * By place in `slot_rules` of the slots that buckets have: bits of the probes, from
     * `first_narrower` on, of which one must find the rule, too; 0 = none. See narrow.h.
     */
    uint64_t *narrowers;
    uint32_t first_narrower;
    np_field_id call_type; /* by which rules are narrowed; NP_FIELD_NONE = none is */
    NP_VEC(struct np_bucket) buckets;
    NP_VEC(struct np_probe) probes;
    struct np_slots slots;
    NP_VEC(uint32_t) rule_lists;
    uint32_t longest_probe; /* slots of the probe that has most */
    struct np_arena arena;
};

/* Adds the probe of `rules`, which are about one field: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_rule_index_add_probe(struct np_rule_index *index,
                                         struct np_witness_rules rules);

/* Sorts the rules of the set into the index's buckets: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_buckets_fill(struct np_rule_index *index);

/*
 * Whether the rules of `bucket` run on events of `logsource`; NULL = the event does not say where
 * it belongs.
 */
bool np_bucket_takes(const struct np_bucket *bucket, const struct np_logsource *logsource);
