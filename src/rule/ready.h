/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Predicates made ready for evaluation: regular expressions compiled, long lists of values put
 * into tables. Immutable once made, shared by threads; borrows the IR.
 */
#pragma once

#include "codec/fold_map.h"
#include "rule/ir.h"
#include "rule/sieve.h"

/* For a predicate with many literals: which of them to compare with a text. */
struct np_lookup {
    struct np_fold_map exact; /* of the folding EXACT patterns: a hit is a match */
    struct np_map cased;      /* the same of the others */
    struct np_sieve sieve;    /* tags are literals, to be compared */
    uint32_t *rest;           /* literals that are always compared */
    size_t rest_count;
    uint32_t *spelt; /* of the EXACT patterns, those that spell a number: for numbers */
    size_t spelt_count;
};

struct np_ready {
    const struct np_pred *pred;
    struct np_regex **regexes;      /* by literal; NULL where the predicate has none */
    struct np_lookup *lookup;       /* NULL: compare the literals one by one */
    const struct np_pattern *exact; /* the one literal, where it is an EXACT pattern; else NULL */
    bool matches_missing;           /* a literal is NULL */
    bool folds;                     /* a literal is compared with, or sought in, the folded text */
};

/* The keyword predicates, which one walk over a record answers together. */
struct np_keywords {
    np_pred_id *preds;
    size_t count;
    struct np_sieve sieve; /* tags are indexes into `preds` */
    uint32_t *rest;        /* indexes of those that the sieve cannot take */
    size_t rest_count;
};

struct np_ready_set {
    struct np_ready *preds; /* by predicate */
    size_t count;
    struct np_keywords keywords;
    struct np_arena arena;
};

/*
 * Makes all predicates of `ir` ready: 0, -EINVAL (a regular expression that does not compile),
 * -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_ready_set_new(struct np_ready_set **out_set, const struct np_ir *ir);
void np_ready_set_free(struct np_ready_set **set);
