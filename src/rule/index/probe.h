/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A probe asks one field of an event and finds, from its value, the *slots* that come out: a slot
 * is a witness with the rules that have it. Exact values and numbers are looked up; patterns
 * and regular expressions that need a literal pass a sieve; what neither can find (another regular
 * expression, a network, "not") is asked. The outcome
 * depends on the value alone, so that it can be remembered.
 *
 * Immutable once built, shared by threads.
 */
#pragma once

#include "rule/ready.h"
#include "rule/index/witness.h"

/* A run of numbers in one of the index's arrays. */
struct np_run {
    uint32_t first;
    uint32_t count;
};

struct np_slot {
    np_pred_id pred;
    bool negative;       /* comes out when the predicate is false */
    struct np_run rules; /* in `slot_rules` */
};

struct np_probe {
    np_field_id field;
    struct np_run slots;      /* all of the probe */
    struct np_fold_map exact; /* text -> index into `exact_runs` */
    struct np_run *exact_runs;
    struct np_map numbers; /* canonical number -> index into `number_runs` */
    struct np_run *number_runs;
    struct np_sieve sieve; /* tags are slots */
    struct np_run asked;   /* slots that have to be asked of every value */
    struct np_run absent;  /* slots that come out where the field is absent */
    struct np_run null;    /* or null */
};

/* The slots of many probes; runs of np_probe are in `slot_lists`. */
struct np_slots {
    NP_VEC(struct np_slot) slots;
    NP_VEC(uint32_t) slot_rules;
    NP_VEC(uint32_t) slot_lists;
};

/* One rule that has a witness. */
struct np_witness_rule {
    np_field_id field;
    struct np_witness witness;
    uint32_t rule;
};

struct np_witness_rules {
    const struct np_witness_rule *sorted; /* by field, witness, rule */
    size_t count;
};

/*
 * Makes the probe of `rules`, which all have the same field. What it needs is made in `arena`,
 * which must outlive it. 0, -E2BIG or -ENOMEM; a probe that was begun must be done in any case.
 */
NP_NODISCARD int np_probe_init(struct np_probe *probe, struct np_slots *slots,
                               const struct np_ir *ir, struct np_arena *arena,
                               struct np_witness_rules rules);
void np_probe_done(struct np_probe *probe);

/* Appends the slots of `rules`: 0, -E2BIG or -ENOMEM. */
NP_NODISCARD int np_slots_add(struct np_slots *slots, struct np_witness_rules rules,
                              struct np_run *out_slots);

/* The key of a number in `numbers`. */
struct np_number_key {
    uint64_t bits;
    uint64_t kind;
};

struct np_number_key np_number_key(struct np_number number);
