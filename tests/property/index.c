/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index never loses a match, and never invents one: random rules over random events, by the
 * index and by plain evaluation. Alphabets are small, so that things meet. A failure prints the
 * seed of its round:
 *
 *   NP_SEED=SEED NP_ROUNDS=1 ./property_index
 */
#include "support/unit.h"

#include <inttypes.h>

#include "rule/index/index.h"
#include "support/random_rules.h"

enum { EVENTS = 60, ROUNDS = 300 };

/* How often rules were true and false: a property over rules that are never true says nothing. */
struct counts {
    uint64_t seen;
    uint64_t matched;
    uint64_t narrowed;
};

static uint64_t narrowed_by_slots(const struct np_rule_index *index, struct np_run slots)
{
    uint64_t narrowed = 0;
    for (uint32_t i = 0; i < slots.count; i++) {
        struct np_run rules = index->slots.slots.items[slots.first + i].rules;
        for (uint32_t j = 0; j < rules.count; j++)
            narrowed += index->narrowers[rules.first + j] != 0;
    }
    return narrowed;
}

static void run_round(uint64_t seed, struct counts *counts)
{
    struct random random = {.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    struct ir_kit kit;
    ir_kit_init(&kit);
    random_rules_add(&random, &kit);
    struct np_matcher *matcher = kit_matcher(&kit);
    struct random_event *event = np_alloc(sizeof(*event));
    assert_non_null(event);
    for (uint32_t i = 0; i < kit.set.index->first_narrower; i++)
        counts->narrowed += narrowed_by_slots(kit.set.index, kit.set.index->probes.items[i].slots);
    for (int i = 0; i < EVENTS; i++) {
        if (i % 3 != 2) /* the third time is the second again: what was remembered must hold */
            random_event_make(&random, event);
        uint32_t indexed[RANDOM_RULES_MAX];
        const uint32_t *rules = NULL;
        size_t count = np_matcher_run(matcher, &event->fake.event, &rules);
        memcpy(indexed, rules, count * sizeof(*rules));
        size_t plain_count = np_matcher_run_plain(matcher, &event->fake.event, &rules);
        counts->seen += kit.set.rules.len;
        counts->matched += plain_count;
        if (count != plain_count || memcmp(indexed, rules, count * sizeof(*rules)) != 0)
            fail_msg("event %d: %zu rules by the index, %zu plainly: NP_SEED=%" PRIu64, i, count,
                     plain_count, seed);
    }
    np_free(event);
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void finds_what_plain_evaluation_finds(void **state)
{
    (void) state;
    uint64_t seed = number_from("NP_SEED", 1);
    uint64_t rounds = number_from("NP_ROUNDS", ROUNDS);
    struct counts counts = {};
    for (uint64_t i = 0; i < rounds; i++)
        run_round(seed + i, &counts);
    printf("# %" PRIu64 " answers, %" PRIu64 " of them true, %" PRIu64 " rules narrowed\n",
           counts.seen, counts.matched, counts.narrowed);
    assert_true(rounds < 10 || counts.narrowed > rounds / 10);
    assert_true(rounds < 10 || (counts.matched > counts.seen / 50 &&
                                counts.matched < counts.seen - counts.seen / 50));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_plain_evaluation_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
