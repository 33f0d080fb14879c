/* SPDX-License-Identifier: Apache-2.0 */
/* See candidates.h. */
#include "rule/candidates.h"

#include <errno.h>

#include "base/alloc.h"

enum { WORD_BITS = 64 };

int np_candidates_init(struct np_candidates *candidates, const struct np_rule_index *index)
{
    size_t rules = index->set->rules.len;
    size_t words = rules / WORD_BITS + 1;
    size_t summaries = words / WORD_BITS + 1;
    *candidates = (struct np_candidates){
        .index = index,
        .words = np_alloc_array(words, sizeof(candidates->words[0])),
        .summary = np_alloc_array(summaries, sizeof(candidates->summary[0])),
        .summary_count = summaries,
        .found_in = np_alloc_array(rules, sizeof(candidates->found_in[0])),
        .asked_in = np_alloc_array(index->probes.len, sizeof(candidates->asked_in[0])),
        .narrowing = np_alloc_array(index->probes.len, sizeof(candidates->narrowing[0])),
    };
    bool has_all = candidates->words != NULL && candidates->summary != NULL &&
                   candidates->found_in != NULL && candidates->asked_in != NULL &&
                   candidates->narrowing != NULL;
    return has_all ? 0 : -ENOMEM;
}

void np_candidates_done(struct np_candidates *candidates)
{
    np_free(NP_TAKE(candidates->words));
    np_free(NP_TAKE(candidates->summary));
    np_free(NP_TAKE(candidates->found_in));
    np_free(NP_TAKE(candidates->asked_in));
    np_free(NP_TAKE(candidates->narrowing));
}

static void add(struct np_candidates *candidates, uint32_t rule)
{
    size_t word = rule / WORD_BITS;
    candidates->words[word] |= UINT64_C(1) << rule % WORD_BITS;
    candidates->summary[word / WORD_BITS] |= UINT64_C(1) << word % WORD_BITS;
}

void np_candidates_add(struct np_candidates *candidates, struct np_run rules)
{
    const uint32_t *items = candidates->index->rule_lists.items;
    for (uint32_t i = 0; i < rules.count; i++)
        add(candidates, items[rules.first + i]);
}

/* Notes that a narrowed rule was found, and that the probe that narrows it is to be run. */
static void wait_for(struct np_candidates *candidates, uint32_t rule, uint32_t probe)
{
    candidates->found_in[rule] = candidates->event;
    if (candidates->asked_in[probe] == candidates->event)
        return;
    candidates->asked_in[probe] = candidates->event;
    candidates->narrowing[candidates->narrowing_count++] = probe;
}

void np_candidates_take_slot(struct np_candidates *candidates, const struct np_slot *slot)
{
    const struct np_rule_index *index = candidates->index;
    const uint32_t *rules = &index->slots.slot_rules.items[slot->rules.first];
    for (uint32_t i = 0; i < slot->rules.count; i++) {
        if (index->narrowed_by[rules[i]] == NP_NOT_NARROWED)
            add(candidates, rules[i]);
        else
            wait_for(candidates, rules[i], index->narrowed_by[rules[i]]);
    }
}

void np_candidates_take_narrowed(struct np_candidates *candidates, const struct np_slot *slot)
{
    const uint32_t *rules = &candidates->index->slots.slot_rules.items[slot->rules.first];
    for (uint32_t i = 0; i < slot->rules.count; i++)
        if (candidates->found_in[rules[i]] == candidates->event)
            add(candidates, rules[i]);
}
