/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as rules and events: the index finds what plain evaluation finds, the first time and
 * again. The bytes make choices and are also taken as patterns, regular expressions and values.
 */
#include <stdint.h>

#include "../support/random_rules.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct random random = {.bytes = data, .len = size};
    struct ir_kit kit;
    if (size == 0)
        return 0;
    ir_kit_init(&kit);
    random_rules_add(&random, &kit);
    struct np_matcher *matcher = kit_matcher(&kit);
    for (int i = 0; i < EVENTS; i++) {
        struct random_event event;
        random_event_make(&random, &event);
        check(matcher, &event.fake.event);
        check(matcher, &event.fake.event);
    }
    np_matcher_free(&matcher);
    ir_kit_done(&kit);
    return 0;
}
