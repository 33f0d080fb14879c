/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding, for the event at hand, the slots of a probe that come out: from tables, by asking, or
 * from memory.
 */
#pragma once

#include "rule/index/cache.h"
#include "rule/index/index.h"

struct np_finder {
    const struct np_rule_index *index;
    struct np_evaluator *evaluator; /* borrowed */
    struct np_cache cache;
    uint32_t *found; /* slots that come out for the value at hand */
    uint32_t found_count;
    uint32_t *marks; /* by slot: number of the last value that it was asked for */
    uint32_t mark;
    bool hit_limit; /* while the slots of the value at hand were found */
};

NP_NODISCARD int np_finder_init(struct np_finder *finder, const struct np_rule_index *index,
                                struct np_evaluator *evaluator);
void np_finder_done(struct np_finder *finder);

/*
 * The slots of `probe` that come out for the evaluator's event, and how many; they live until the
 * next call. A slot whose predicate ran into a limit is among them, so that its rules run, meet
 * the limit and have it counted.
 */
const uint32_t *np_finder_find(struct np_finder *finder, uint32_t probe, uint32_t *out_count);
