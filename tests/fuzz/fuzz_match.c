/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as rules and events: the index finds what plain evaluation finds, the first time and
 * again, and an explanation says the same. The bytes make choices and are also taken as patterns,
 * regular expressions and values.
 */
#include <stdint.h>

#include "../support/random_rules.h"
#include "rule/explain/explain.h"

enum { EVENTS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct np_matcher *matcher, struct np_event *event)
{
    uint32_t indexed[RANDOM_RULES_MAX];
    const uint32_t *rules = NULL;
    size_t count = np_matcher_run(matcher, event, &rules);
    memcpy(indexed, rules, count * sizeof(*rules));
    NP_ASSERT(np_matcher_run_plain(matcher, event, &rules) == count);
    NP_ASSERT(count == 0 || memcmp(indexed, rules, count * sizeof(*rules)) == 0);
}

/* Each rule's explanation comes to what the matcher says. */
static void check_explanations(struct np_matcher *matcher, struct np_explainer *explainer,
                               const struct np_rule_set *set, struct np_event *event)
{
    const uint32_t *rules = NULL;
    size_t count = np_matcher_run_plain(matcher, event, &rules);
    size_t found = 0;
    struct np_arena arena;
    np_arena_init(&arena, SIZE_MAX);
    for (uint32_t rule = 0; rule < set->rules.len; rule++) {
        struct np_explanation explanation;
        NP_ASSERT(np_explain(explainer, rule, event, &arena, &explanation) == 0);
        bool matches = found < count && rules[found] == rule;
        found += matches;
        NP_ASSERT(explanation.matches == matches);
        NP_ASSERT(explanation.condition->is_true == (explanation.changes == 0));
    }
    np_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct random random = {.bytes = data, .len = size};
    struct ir_kit kit;
    if (size == 0)
        return 0;
    ir_kit_init(&kit);
    random_rules_add(&random, &kit);
    struct np_matcher *matcher = kit_matcher(&kit);
    struct np_explainer *explainer = NULL;
    NP_ASSERT(np_explainer_new(&explainer, &kit.set) == 0);
    for (int i = 0; i < EVENTS; i++) {
        struct random_event event;
        random_event_make(&random, &event);
        check(matcher, &event.fake.event);
        check(matcher, &event.fake.event);
        check_explanations(matcher, explainer, &kit.set, &event.fake.event);
    }
    np_explainer_free(&explainer);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
    return 0;
}
