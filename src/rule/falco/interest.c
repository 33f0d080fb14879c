/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the types of events that rules can be true of: see interest.h. */
#include "rule/falco/interest.h"

#include <errno.h>

#include "event/derived.h"
#include "rule/rule_internal.h"

struct finder {
    const struct np_rule_set *set;
    struct np_interest *interest;
    np_field_id type_field; /* evt.type */
};

static const struct np_type_set all_types = {.is_all = true};

/* Types of the events of log sources, as Sigma calls them. */
static const struct {
    const char *category;
    const char *types[6];
} categories[] = {
    {"process_creation", {"execve", "execveat"}},
    {"file_event", {"open", "openat", "openat2", "open_by_handle_at", "creat"}},
    {"network_connection", {"connect"}},
};

/* The types that a predicate can be true of: those that it compares evt.type with, if nothing but whole names. */
static int find_of_pred(const struct finder *finder, const struct np_pred *pred,
                        struct np_type_set *out_types)
{
    *out_types = all_types;
    if (pred->op != NP_PRED_MATCH || pred->field != finder->type_field)
        return 0;
    struct np_type_set named = {};
    int r = 0;
    for (size_t i = 0; i < pred->literal_count && r == 0; i++) {
        const struct np_literal *literal = &pred->literals[i];
        if (literal->kind != NP_LITERAL_PATTERN || literal->pattern.kind != NP_PATTERN_EXACT ||
            literal->pattern.fold)
            return 0;
        r = np_interest_name(finder->interest, literal->pattern.text, &named);
    }
    *out_types = named;
    return r;
}

static void intersect(struct np_type_set *into, const struct np_type_set *other)
{
    if (other->is_all)
        return;
    for (size_t i = 0; i < NP_ARRAY_LEN(into->bits); i++)
        into->bits[i] = into->is_all ? other->bits[i] : into->bits[i] & other->bits[i];
    into->is_all = false;
}

static void unite(struct np_type_set *into, const struct np_type_set *other)
{
    into->is_all |= other->is_all;
    for (size_t i = 0; i < NP_ARRAY_LEN(into->bits); i++)
        into->bits[i] |= other->bits[i];
}

/* The types that an expression can be true of; its depth is limited (NP_EXPR_MAX_DEPTH). */
static int find_of_expr(const struct finder *finder, np_expr_id id, struct np_type_set *out_types)
{
    const struct np_ir *ir = &finder->set->ir;
    const struct np_expr *expr = &ir->exprs.items[id];
    bool is_and = expr->kind == NP_EXPR_AND;
    if (expr->kind == NP_EXPR_PRED)
        return find_of_pred(finder, &ir->preds.items[expr->pred], out_types);
    *out_types = (struct np_type_set){.is_all = expr->kind != NP_EXPR_OR};
    if (!is_and && expr->kind != NP_EXPR_OR)
        return 0;
    int r = 0;
    for (uint32_t i = 0; i < expr->child_count && r == 0; i++) {
        struct np_type_set child;
        r = find_of_expr(finder, ir->children.items[expr->first_child + i], &child);
        if (r == 0 && is_and)
            intersect(out_types, &child);
        else if (r == 0)
            unite(out_types, &child);
    }
    return r;
}

/* The types of the rule's log source. */
static int find_of_source(const struct finder *finder, const struct np_rule *rule,
                          struct np_type_set *out_types)
{
    *out_types = all_types;
    for (size_t i = 0; i < NP_ARRAY_LEN(categories); i++) {
        if (!np_span_eq_ascii_fold(np_span_of(rule->category), np_span_of(categories[i].category)))
            continue;
        *out_types = (struct np_type_set){};
        int r = 0;
        for (size_t k = 0; categories[i].types[k] != NULL && r == 0; k++)
            r = np_interest_name(finder->interest, np_span_of(categories[i].types[k]), out_types);
        return r;
    }
    return 0;
}

/* Wants what derived fields are made from: of all events, since few rules have any. */
static void want_inputs(const struct finder *finder)
{
    size_t count = 0;
    const struct np_derived *derived = np_field_derived(finder->set->field_names, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < derived[i].count; k++)
            if (derived[i].inputs[k].field != NP_FIELD_NONE)
                np_interest_add(finder->interest, derived[i].inputs[k].field, &all_types);
}

static void want_all_of(const struct finder *finder, const struct np_rule *rule,
                        const struct np_type_set *types)
{
    for (size_t i = 0; i < rule->field_count; i++)
        np_interest_add(finder->interest, rule->fields[i], types);
    for (size_t i = 0; rule->output != NULL && i < rule->output->field_count; i++)
        np_interest_add(finder->interest, rule->output->fields[i].field, types);
    for (size_t i = 0; rule->output != NULL && i < rule->output->part_count; i++)
        if (rule->output->parts[i].field != NP_FIELD_NONE)
            np_interest_add(finder->interest, rule->output->parts[i].field, types);
}

static int add_rule(const struct finder *finder, const struct np_rule *rule)
{
    struct np_span product = np_span_of(rule->product);
    if (product.len > 0 && !np_span_eq_ascii_fold(product, NP_SPAN("linux")))
        return 0;
    struct np_type_set types;
    struct np_type_set of_source;
    int r = find_of_expr(finder, np_rule_asked_of_record(rule), &types);
    if (r == 0)
        r = find_of_source(finder, rule, &of_source);
    if (r < 0)
        return r;
    intersect(&types, &of_source);
    want_all_of(finder, rule, &types);
    return 0;
}

int np_rule_set_tell_interest(struct np_rule_set *set)
{
    struct finder finder = {
        .set = set,
        .type_field = np_field_find(set->field_names, NP_SPAN("evt.type")),
    };
    int r = np_interest_new(&finder.interest, np_field_count(set->field_names));
    for (size_t i = 0; i < set->rules.len && r == 0; i++)
        r = add_rule(&finder, &set->rules.items[i]);
    if (r == 0) {
        want_inputs(&finder);
        np_field_set_take_interest(set->field_names, &finder.interest);
    }
    np_interest_free(&finder.interest);
    return r;
}
