/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Predicates and conditions in a few words, for tests of the rule engine. A pattern is written
 * with `*` and `?`, without escapes. Whatever fails ends the program.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "rule/ir.h"
#include "rule/rule_internal.h"

#define KIT_CHECK(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A rule set that is filled by hand; `arena` is for literals on their way into the IR. */
struct ir_kit {
    struct np_rule_set set;
    struct np_arena arena;
};

static inline void ir_kit_init(struct ir_kit *kit)
{
    *kit = (struct ir_kit){};
    np_ir_init(&kit->set.ir);
    KIT_CHECK(np_field_set_new(&kit->set.field_names) == 0);
    np_arena_init(&kit->arena, SIZE_MAX);
}

static inline void ir_kit_done(struct ir_kit *kit)
{
    np_rule_index_free(&kit->set.index);
    np_vec_done(&kit->set.rules);
    np_field_set_free(&kit->set.field_names);
    np_ir_done(&kit->set.ir);
    np_arena_done(&kit->arena);
}

static inline struct np_literal kit_pattern_of(struct ir_kit *kit, struct np_span text, bool fold)
{
    struct np_pattern_part *parts = np_arena_alloc(&kit->arena, (text.len + 1) * sizeof(*parts));
    KIT_CHECK(parts != NULL);
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '*' || c == '?')
            parts[count++].kind = c == '*' ? NP_PART_RUN : NP_PART_ONE;
        else
            parts[count++] = (struct np_pattern_part){NP_PART_LITERAL, {text.ptr + i, 1}};
    }
    /* Neighbouring letters are put together here: a character must not be torn apart. */
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && parts[i].kind == NP_PART_LITERAL && parts[kept - 1].kind == NP_PART_LITERAL)
            parts[kept - 1].text.len++;
        else
            parts[kept++] = parts[i];
    }
    struct np_literal literal = {.kind = NP_LITERAL_PATTERN};
    KIT_CHECK(np_pattern_make(&literal.pattern, &kit->arena, parts, kept, fold) == 0);
    return literal;
}

static inline struct np_literal kit_pattern(struct ir_kit *kit, const char *text)
{
    return kit_pattern_of(kit, np_span_of(text), true);
}

static inline struct np_literal kit_cased(struct ir_kit *kit, const char *text)
{
    return kit_pattern_of(kit, np_span_of(text), false);
}

/* A text that stands for the number that it spells, too; where it spells one. */
static inline struct np_literal kit_spelt(struct np_literal literal)
{
    literal.spells_number = literal.pattern.kind == NP_PATTERN_EXACT &&
                            np_number_parse(literal.pattern.text, &literal.number);
    return literal;
}

static inline struct np_literal kit_number(const char *text)
{
    struct np_literal literal = {.kind = NP_LITERAL_NUMBER};
    KIT_CHECK(np_number_parse(np_span_of(text), &literal.number));
    return literal;
}

static inline struct np_literal kit_cidr(const char *text)
{
    struct np_literal literal = {.kind = NP_LITERAL_CIDR};
    KIT_CHECK(np_cidr_parse(np_span_of(text), &literal.cidr));
    return literal;
}

static inline struct np_literal kit_regex(const char *pattern)
{
    return (struct np_literal){.kind = NP_LITERAL_REGEX, .regex = {.pattern = np_span_of(pattern)}};
}

static inline struct np_literal kit_null(void)
{
    return (struct np_literal){.kind = NP_LITERAL_NULL};
}

static inline np_expr_id kit_leaf(struct ir_kit *kit, enum np_pred_op op, np_field_id field,
                                  const struct np_literal *literals, size_t count)
{
    struct np_pred pred = {.op = op, .field = field, .literals = literals, .literal_count = count};
    np_expr_id expr = 0;
    KIT_CHECK(np_ir_leaf(&kit->set.ir, &pred, &expr) == 0);
    return expr;
}

/* MATCH with one literal. */
static inline np_expr_id kit_match(struct ir_kit *kit, np_field_id field, struct np_literal literal)
{
    return kit_leaf(kit, NP_PRED_MATCH, field, &literal, 1);
}

static inline np_expr_id kit_exists(struct ir_kit *kit, np_field_id field)
{
    return kit_leaf(kit, NP_PRED_EXISTS, field, NULL, 0);
}

static inline np_expr_id kit_same(struct ir_kit *kit, np_field_id field, np_field_id other,
                                  enum np_pattern_kind how)
{
    struct np_pred pred = {.op = NP_PRED_SAME, .field = field, .other = other, .other_match = how};
    np_expr_id expr = 0;
    KIT_CHECK(np_ir_leaf(&kit->set.ir, &pred, &expr) == 0);
    return expr;
}

static inline np_expr_id kit_time(struct ir_kit *kit, np_field_id field, enum np_time_part part,
                                  enum np_pred_op order, const char *number)
{
    struct np_literal literal = kit_number(number);
    struct np_pred pred = {.op = NP_PRED_TIME,
                           .field = field,
                           .part = part,
                           .order = order,
                           .literals = &literal,
                           .literal_count = 1};
    np_expr_id expr = 0;
    KIT_CHECK(np_ir_leaf(&kit->set.ir, &pred, &expr) == 0);
    return expr;
}

static inline np_expr_id kit_not(struct ir_kit *kit, np_expr_id expr)
{
    np_expr_id result = 0;
    KIT_CHECK(np_ir_not(&kit->set.ir, expr, &result) == 0);
    return result;
}

static inline np_expr_id kit_join(struct ir_kit *kit, enum np_expr_kind and_or,
                                  const np_expr_id *children, size_t count)
{
    np_expr_id result = 0;
    KIT_CHECK(np_ir_join(&kit->set.ir, and_or, children, count, &result) == 0);
    return result;
}

static inline np_expr_id kit_and(struct ir_kit *kit, np_expr_id a, np_expr_id b)
{
    return kit_join(kit, NP_EXPR_AND, (np_expr_id[]){a, b}, 2);
}

static inline np_expr_id kit_or(struct ir_kit *kit, np_expr_id a, np_expr_id b)
{
    return kit_join(kit, NP_EXPR_OR, (np_expr_id[]){a, b}, 2);
}

/* Adds a rule for product "aws", service "cloudtrail"; returns it, for changes. */
static inline struct np_rule *kit_rule(struct ir_kit *kit, np_expr_id condition)
{
    struct np_rule rule = {
        .info = {.id = "rule", .title = "Rule", .priority = "", .file = "rules.yml"},
        .product = "aws",
        .category = "",
        .service = "cloudtrail",
        .condition = condition,
    };
    KIT_CHECK(np_vec_push(&kit->set.rules, rule, NP_RULES_MAX) == 0);
    return &kit->set.rules.items[kit->set.rules.len - 1];
}

/* A matcher over all rules. */
static inline struct np_matcher *kit_matcher(struct ir_kit *kit)
{
    struct np_matcher *matcher = NULL;
    KIT_CHECK(np_rule_index_new(&kit->set.index, &kit->set) == 0);
    KIT_CHECK(np_matcher_new(&matcher, &kit->set) == 0);
    return matcher;
}
