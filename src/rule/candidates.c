/* SPDX-License-Identifier: Apache-2.0 */
/* See candidates.h. */
#include "rule/candidates.h"

#include <errno.h>

#include "base/alloc.h"

int np_candidates_init(struct np_candidates *candidates, const struct np_rule_index *index)
{
    size_t rules = index->set->rules.len;
    size_t words = rules / NP_CANDIDATES_WORD + 1;
    size_t summaries = words / NP_CANDIDATES_WORD + 1;
    *candidates = (struct np_candidates){
        .index = index,
        .words = np_alloc_array(words, sizeof(candidates->words[0])),
        .summary = np_alloc_array(summaries, sizeof(candidates->summary[0])),
        .summary_count = summaries,
        .found_in = np_alloc_array(rules, sizeof(candidates->found_in[0])),
    };
    bool has_all =
        candidates->words != NULL && candidates->summary != NULL && candidates->found_in != NULL;
    return has_all ? 0 : -ENOMEM;
}

void np_candidates_done(struct np_candidates *candidates)
{
    np_free(NP_TAKE(candidates->words));
    np_free(NP_TAKE(candidates->summary));
    np_free(NP_TAKE(candidates->found_in));
}

static void add(struct np_candidates *candidates, uint32_t rule)
{
    size_t word = rule / NP_CANDIDATES_WORD;
    candidates->words[word] |= UINT64_C(1) << rule % NP_CANDIDATES_WORD;
    candidates->summary[word / NP_CANDIDATES_WORD] |= UINT64_C(1) << word % NP_CANDIDATES_WORD;
}

void np_candidates_add(struct np_candidates *candidates, struct np_run rules)
{
    const uint32_t *items = candidates->index->rule_lists.items;
    for (uint32_t i = 0; i < rules.count; i++)
        add(candidates, items[rules.first + i]);
}

void np_candidates_take_slot(struct np_candidates *candidates, const struct np_slot *slot)
{
    const struct np_rule_index *index = candidates->index;
    const uint32_t *rules = &index->slots.slot_rules.items[slot->rules.first];
    for (uint32_t i = 0; i < slot->rules.count; i++) {
        uint64_t narrowers = candidates->narrows ? index->narrowers[slot->rules.first + i] : 0;
        if (narrowers == 0)
            add(candidates, rules[i]);
        else
            candidates->found_in[rules[i]] = candidates->event;
        candidates->narrowers |= narrowers;
    }
}

void np_candidates_take_narrowed(struct np_candidates *candidates, const struct np_slot *slot)
{
    const uint32_t *rules = &candidates->index->slots.slot_rules.items[slot->rules.first];
    for (uint32_t i = 0; i < slot->rules.count; i++)
        if (candidates->found_in[rules[i]] == candidates->event)
            add(candidates, rules[i]);
}
