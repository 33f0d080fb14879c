/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a rule does or does not match an event: its condition as a tree in which every test is
 * answered, with the values that it was asked of. Here is what is true; showing it is left to the
 * caller.
 *
 * Where an answer would have to be another one, the tree marks the fewest tests that would have to
 * come out otherwise; how many they are says how near the event is to the rule. (A test that
 * stands at several places of the tree is counted at each.)
 */
#pragma once

#include "base/arena.h"
#include "rule/rule.h"

enum np_explained_kind {
    NP_EXPLAINED_ALL,
    NP_EXPLAINED_ANY,
    NP_EXPLAINED_NOT,
    NP_EXPLAINED_TEST,
    NP_EXPLAINED_CONSTANT,
    NP_EXPLAINED_KIND_MAX
};

/* No number of tests would do. */
#define NP_EXPLAINED_NEVER UINT32_MAX

struct np_explained {
    enum np_explained_kind kind;
    bool is_true;
    bool decides;      /* of a test: one of the fewest that would have to come out otherwise */
    uint32_t changes;  /* how many tests would have to, for the other answer here */
    const char *limit; /* of a test: the limit for which it counts as false; NULL = none */
    struct np_span selection;            /* its name, where the rule gives one; else empty */
    const struct np_explained *children; /* of ALL and ANY, and the one of NOT */
    uint32_t child_count;
    /* Of a test. */
    struct np_span test; /* in words, without the field; empty where the set kept no notes */
    np_field_id field;   /* NP_FIELD_NONE: any text of the record */
    const struct np_value *value;       /* of `field`; NULL where there is none */
    np_field_id other;                  /* the field that it is compared with, or NP_FIELD_NONE */
    const struct np_value *other_value; /* NULL where there is no other field */
};

/* A filter document on the rule: it lets the event through where its condition is true. */
struct np_explained_filter {
    const struct np_rule_doc *doc;
    const struct np_explained *condition;
};

struct np_explanation {
    uint32_t rule;
    bool matches;
    bool is_of_logsource; /* the event is of the log source that the rule names */
    struct np_rule_logsource {
        const char *product; /* as the rule names it, "" = it does not */
        const char *category;
        const char *service;
    } logsource;
    const struct np_explained *condition; /* the rule's own */
    const struct np_explained_filter *filters;
    size_t filter_count;
    uint32_t tests;   /* of the rule and its filters */
    uint32_t changes; /* tests that would have to come out otherwise; whatever the log source */
};

struct np_explainer;

/* An explainer for one thread; the set must be compiled and outlive it: 0 or -ENOMEM. */
NP_NODISCARD int np_explainer_new(struct np_explainer **out_explainer,
                                  const struct np_rule_set *set);
void np_explainer_free(struct np_explainer **explainer);

/*
 * Explains `rule` on `event`. The tree is made in `arena` and borrows values of the event: 0 or
 * -ENOMEM.
 */
NP_NODISCARD int np_explain(struct np_explainer *explainer, uint32_t rule, struct np_event *event,
                            struct np_arena *arena, struct np_explanation *out_explanation);
