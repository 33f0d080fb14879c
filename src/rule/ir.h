/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one program that both rule languages compile to. A *predicate* asks one question of one
 * field; equal predicates of all rules are one, so that an event answers each at most once. A
 * rule's condition is an expression over predicates. Case folding, anchoring and the meaning of
 * "missing" are part of each predicate, so that the languages do not leak into each other. Nothing
 * here knows how a record is written.
 *
 * A front end (sigma/, falco/) adds patterns, predicates and expressions; index.c and eval.c read them.
 * Built by one thread, then immutable. Everything lives in the IR's arena.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "codec/cidr.h"
#include "codec/compare.h"
#include "codec/number.h"
#include "codec/regex.h"
#include "codec/regex_needs.h"
#include "codec/time_part.h"
#include "event/field.h"

/* One part of a wildcard pattern, in order. */
enum np_part_kind {
    NP_PART_LITERAL,
    NP_PART_RUN /* any run of characters */,
    NP_PART_ONE /* any one character */,
    NP_PART_DASH /* one of - / and the en dash, the em dash and the horizontal bar */
};

struct np_pattern_part {
    enum np_part_kind kind;
    struct np_span text; /* of a literal */
};

/* What a pattern comes down to; the last two for what the first five cannot say. */
enum np_pattern_kind {
    NP_PATTERN_EXACT,
    NP_PATTERN_PREFIX,
    NP_PATTERN_SUFFIX,
    NP_PATTERN_CONTAINS,
    NP_PATTERN_SOME,  /* any text but the empty one: a pattern of runs only */
    NP_PATTERN_PARTS, /* general wildcard */
    NP_PATTERN_KIND_MAX
};

struct np_pattern {
    enum np_pattern_kind kind;
    bool fold;           /* compare case-folded (Unicode); literals are stored folded */
    struct np_span text; /* of EXACT, PREFIX, SUFFIX, CONTAINS */
    const struct np_pattern_part *parts; /* of PARTS */
    size_t part_count;
};

/* One value that a predicate compares with. */
enum np_literal_kind {
    NP_LITERAL_PATTERN,
    NP_LITERAL_NUMBER, /* compares exactly (number.h); text that is a number counts as one */
    NP_LITERAL_NULL,   /* true for absent and for null */
    NP_LITERAL_CIDR,
    NP_LITERAL_REGEX,
    NP_LITERAL_COMPARE,
    NP_LITERAL_KIND_MAX
};

struct np_literal {
    enum np_literal_kind kind;
    bool spells_number;      /* of an EXACT pattern: matches numbers that equal `number`, too */
    struct np_number number; /* of NUMBER, and of a pattern that spells one */
    union {
        struct np_pattern pattern;
        struct np_cidr cidr;
        struct {
            struct np_regex_source regex;
            struct np_regex_needs needs; /* of the regex; np_ir_pred() finds them */
        };
        struct {
            enum np_compare how;
            struct np_span text;
        } compare;
    };
};

enum np_pred_op {
    NP_PRED_MATCH,  /* the field, or any element of it, matches any of the literals */
    NP_PRED_EXISTS, /* the field is there, if only as null */
    NP_PRED_LT,
    NP_PRED_LTE,
    NP_PRED_GT,
    NP_PRED_GTE,     /* numeric comparison with literals[0] */
    NP_PRED_SAME,    /* compares with the value of `other`; false where either is missing */
    NP_PRED_TIME,    /* a part of the field's time compares with a literal; all are numbers */
    NP_PRED_KEYWORD, /* any text of the record, key or value, matches any literal */
    NP_PRED_OP_MAX
};

/* How the values of two fields compare. */
enum np_same {
    NP_SAME_PATTERN, /* the other is the text of a pattern; equal numbers are EXACT, too */
    NP_SAME_COMPARE,
    NP_SAME_ORDER /* as numbers */
};

struct np_pred {
    enum np_pred_op op;
    np_field_id field; /* unused for KEYWORD */
    bool every;        /* of MATCH and SAME: all elements of a list, of which there are some */
    np_field_id other; /* of SAME, with what follows */
    enum np_same other_by;
    enum np_pattern_kind other_match; /* by PATTERN: EXACT, PREFIX, SUFFIX or CONTAINS */
    bool other_cased;                 /* by PATTERN: compare without folding */
    enum np_compare other_compare;    /* by COMPARE */
    enum np_time_part part;           /* of TIME */
    enum np_pred_op
        order; /* of TIME: MATCH (equals one), LT, LTE, GT or GTE; by ORDER: not MATCH */
    const struct np_literal *literals;
    size_t literal_count;
};

enum np_expr_kind {
    NP_EXPR_FALSE,
    NP_EXPR_TRUE,
    NP_EXPR_PRED,
    NP_EXPR_NOT,
    NP_EXPR_AND,
    NP_EXPR_OR,
    NP_EXPR_KIND_MAX
};

typedef uint32_t np_expr_id;
typedef uint32_t np_pred_id;

struct np_expr {
    enum np_expr_kind kind;
    np_pred_id pred;      /* of PRED */
    uint32_t first_child; /* of NOT, AND, OR: index into `children` */
    uint32_t child_count;
    uint32_t depth;  /* 1 = no child */
    uint32_t leaves; /* predicates below it, a child that is used twice counted twice */
};

struct np_ir {
    struct np_arena arena;
    NP_VEC(struct np_pred) preds;
    NP_VEC(struct np_expr) exprs;
    NP_VEC(np_expr_id) children;
    struct np_map pred_ids; /* by the hash of a predicate's canonical bytes */
    struct np_buf key;      /* room for those bytes */
};

enum {
    NP_PREDS_MAX = 4000000,
    NP_EXPRS_MAX = 16000000,
    NP_CHILDREN_MAX = 64000000,
    NP_EXPR_MAX_DEPTH = 256,
    NP_EXPR_MAX_LEAVES = 1000000
};

void np_ir_init(struct np_ir *ir);
void np_ir_done(struct np_ir *ir);

/*
 * Makes the simplest pattern that means `parts` (borrowed): neighbouring runs and literals are
 * merged, literals folded if `fold`, and one of the plain kinds is taken where one says the same.
 * 0 or -ENOMEM.
 */
NP_NODISCARD int np_pattern_make(struct np_pattern *out_pattern, struct np_arena *arena,
                                 const struct np_pattern_part *parts, size_t count, bool fold);

/*
 * The id of a predicate equal to `pred`, added (with copies of its literals) where it is new: 0,
 * -E2BIG or -ENOMEM.
 */
NP_NODISCARD int np_ir_pred(struct np_ir *ir, const struct np_pred *pred, np_pred_id *out_pred);

/*
 * Expressions. AND and OR of nothing are TRUE and FALSE; of one, that one; constants are folded.
 * 0, -E2BIG (too many, too deep or too many leaves: the rule cannot be taken) or -ENOMEM.
 */
NP_NODISCARD int np_ir_leaf(struct np_ir *ir, const struct np_pred *pred, np_expr_id *out_expr);
NP_NODISCARD int np_ir_constant(struct np_ir *ir, bool value, np_expr_id *out_expr);
NP_NODISCARD int np_ir_not(struct np_ir *ir, np_expr_id expr, np_expr_id *out_expr);
NP_NODISCARD int np_ir_join(struct np_ir *ir, enum np_expr_kind and_or, const np_expr_id *children,
                            size_t count, np_expr_id *out_expr);

/*
 * Adds the part of a condition that a record can answer. Fields that say who acted (np_field_asks_who()) are known only later, so each
 * test of one is taken for what favours the rule: true, or under an odd number of NOTs false. What comes out is true
 * wherever the condition is, whatever those fields turn out to be. Results as above.
 */
NP_NODISCARD int np_ir_relax(struct np_ir *ir, np_expr_id condition, np_expr_id *out_relaxed);
