/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Witnesses: for a rule, a few answers of which at least one must come out for the rule to be
 * true. An event meets only the rules that have a witness among its own answers.
 *
 * Of an AND any one child is enough, so the cheapest is taken; of an OR each child must give its
 * own; NOT turns answers round. An answer is about the value of one field, or about keywords, so
 * that the index finds it from the value. The cost of an answer says how likely it is to come out
 * where the rule is not true, and what it takes to know it, by a static model: a value of a field
 * for which the rules know many different ones is rare, long literals are rarer than short ones,
 * "not" and "there" hold often. The type of a system call is known before anything else of it.
 */
#pragma once

#include "rule/ir.h"

/* `pred` comes out true, or, with `negative`, false. */
struct np_witness {
    np_pred_id pred;
    bool negative;
};

struct np_witness_list {
    NP_VEC(struct np_witness) witnesses;
};

enum np_witness_result {
    NP_WITNESS_FOUND, /* the list holds the rule's witnesses */
    NP_WITNESS_NONE,  /* no value tells: the rule has to be evaluated for every event */
    NP_WITNESS_NEVER, /* the rule is never true */
    NP_WITNESS_NO_MEMORY
};

/* How many different values the rules know of each field. */
struct np_field_values {
    uint32_t *counts; /* by field */
    size_t count;
    const uint8_t *lookup_costs; /* by field, in ns, borrowed; NULL = not known */
    np_field_id call_type;       /* evt.type; NP_FIELD_NONE = no rule names it */
};

NP_NODISCARD int np_field_values_init(struct np_field_values *values, const struct np_ir *ir,
                                      const struct np_field_set *fields);
void np_field_values_done(struct np_field_values *values);

/*
 * Appends the witnesses of `condition`, some perhaps twice. Where it is not FOUND, what was
 * appended has no meaning.
 */
enum np_witness_result np_witness_find(struct np_witness_list *list, const struct np_ir *ir,
                                       const struct np_field_values *values, np_expr_id condition);

/*
 * The same of a rule of which `type`, a predicate about the type of a call, is true: what else of
 * it must come out, other types being none of those. NONE where nothing else is rare enough to be
 * looked for; empty where the rule is never true of these types.
 */
enum np_witness_result np_witness_find_narrower(struct np_witness_list *list,
                                                const struct np_ir *ir,
                                                const struct np_field_values *values,
                                                np_expr_id condition, np_pred_id type);
