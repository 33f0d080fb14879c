/* SPDX-License-Identifier: Apache-2.0 */
/* See narrow.h. */
#include "rule/index/narrow.h"

#include "rule/index/found.h"

/* For a single rule the probe of a field costs what the rule does. */
enum { WITNESSES_MIN = 2 };

struct narrowing {
    struct np_rule_index *index;
    const struct np_field_values *values;
    struct np_witness_list witnesses; /* of one rule */
    struct np_found found;
    bool *barred; /* by rule: it is not narrowed */
    np_field_id fields[NP_NARROWERS_MAX];
    size_t field_count; /* a probe each, from the index's `first_narrower` on */
};

/* Finds what narrows a rule that is found by a slot, whose predicate is then true. */
static int find(struct narrowing *narrowing, const struct np_slot *slot, uint32_t rule)
{
    const struct np_rule_set *set = narrowing->index->set;
    narrowing->witnesses.witnesses.len = 0;
    switch (np_witness_find_narrower(&narrowing->witnesses, &set->ir, narrowing->values,
                                     np_rule_asked_of_record(&set->rules.items[rule]),
                                     slot->pred)) {
    case NP_WITNESS_NO_MEMORY:
        return -ENOMEM;
    case NP_WITNESS_NONE:
    case NP_WITNESS_NEVER:
        narrowing->witnesses.witnesses.len = 0;
        break;
    case NP_WITNESS_FOUND:
        break;
    }
    return 0;
}

static int find_and_add(struct narrowing *narrowing, const struct np_slot *slot, uint32_t place)
{
    const struct np_rule_index *index = narrowing->index;
    uint32_t rule = index->slots.slot_rules.items[place];
    int r = find(narrowing, slot, rule);
    return r == 0 ? np_found_add(&narrowing->found, &index->set->ir, &narrowing->witnesses, rule)
                  : r;
}

static uint64_t bit_of(const struct narrowing *narrowing, np_field_id field)
{
    for (size_t i = 0; i < narrowing->field_count; i++)
        if (narrowing->fields[i] == field)
            return UINT64_C(1) << i;
    return 0;
}

static int find_and_mark(struct narrowing *narrowing, const struct np_slot *slot, uint32_t place)
{
    const struct np_rule_index *index = narrowing->index;
    uint32_t rule = index->slots.slot_rules.items[place];
    int r = find(narrowing, slot, rule);
    for (size_t i = 0; i < narrowing->witnesses.witnesses.len && !narrowing->barred[rule]; i++) {
        np_pred_id pred = narrowing->witnesses.witnesses.items[i].pred;
        index->narrowers[place] |= bit_of(narrowing, index->set->ir.preds.items[pred].field);
    }
    return r;
}

typedef int each_fn(struct narrowing *narrowing, const struct np_slot *slot, uint32_t place);

/* Calls `fn` for each rule of each slot that is a type of calls, of those that buckets have. */
static int each_rule(struct narrowing *narrowing, size_t slot_count, each_fn *fn)
{
    const struct np_rule_index *index = narrowing->index;
    for (size_t i = 0; i < slot_count; i++) {
        const struct np_slot *slot = &index->slots.slots.items[i];
        const struct np_pred *pred = &index->set->ir.preds.items[slot->pred];
        if (pred->op != NP_PRED_MATCH || pred->field != narrowing->values->call_type ||
            slot->negative)
            continue;
        for (uint32_t j = 0; j < slot->rules.count; j++) {
            int r = fn(narrowing, slot, slot->rules.first + j);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

/* Bars rules for which alone a field would be looked at. */
static void bar_lonely(struct narrowing *narrowing)
{
    for (size_t start = 0; start < narrowing->found.rules.len;) {
        struct np_witness_rules found = np_found_of_one_field(&narrowing->found, start);
        start += found.count;
        if (found.count >= WITNESSES_MIN && narrowing->field_count < NP_NARROWERS_MAX) {
            narrowing->fields[narrowing->field_count++] = found.sorted->field;
            continue;
        }
        for (size_t i = 0; i < found.count; i++)
            narrowing->barred[found.sorted[i].rule] = true;
    }
}

/* Makes the probe of each field that is looked at. */
static int add_probes(struct narrowing *narrowing)
{
    int r = 0;
    narrowing->index->first_narrower = (uint32_t) narrowing->index->probes.len;
    for (size_t start = 0; start < narrowing->found.rules.len && r == 0;) {
        struct np_witness_rules found = np_found_of_one_field(&narrowing->found, start);
        start += found.count;
        if (bit_of(narrowing, found.sorted->field) != 0)
            r = np_rule_index_add_probe(narrowing->index, found);
    }
    return r;
}

static int narrow(struct narrowing *narrowing)
{
    struct np_rule_index *index = narrowing->index;
    size_t slot_count = index->slots.slots.len;
    index->narrowers =
        np_arena_zalloc(&index->arena, index->slots.slot_rules.len * sizeof(index->narrowers[0]));
    narrowing->barred = np_alloc_array(index->set->rules.len, sizeof(narrowing->barred[0]));
    if (index->narrowers == NULL || narrowing->barred == NULL)
        return -ENOMEM;
    int r = each_rule(narrowing, slot_count, find_and_add);
    if (r < 0)
        return r;
    np_found_sort(&narrowing->found);
    bar_lonely(narrowing);
    r = add_probes(narrowing);
    index->call_type = narrowing->field_count > 0 ? narrowing->values->call_type : NP_FIELD_NONE;
    return r == 0 ? each_rule(narrowing, slot_count, find_and_mark) : r;
}

int np_narrow(struct np_rule_index *index, const struct np_field_values *values)
{
    struct narrowing narrowing = {.index = index, .values = values};
    int r = narrow(&narrowing);
    np_vec_done(&narrowing.witnesses.witnesses);
    np_vec_done(&narrowing.found.rules);
    np_free(narrowing.barred);
    return r;
}
