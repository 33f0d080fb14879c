/* SPDX-License-Identifier: Apache-2.0 */
/* Building the index: programs, witnesses, probes. See index.h; buckets are in buckets.c. */
#include "rule/index/index.h"

#include "event/falco/fields.h"
#include "rule/index/found.h"
#include "rule/index/narrow.h"

struct builder {
    struct np_rule_index *index;
    struct np_field_values values;
    struct np_witness_list witnesses; /* of one rule */
    struct np_found found;            /* of one bucket */
};

/* What it takes to have each field: a fixed one is read with every record. */
static int find_field_costs(struct np_rule_index *index)
{
    enum { COST_UNREAD = 100 };
    const struct np_field_set *fields = index->set->field_names;
    size_t count = np_field_count(fields);
    uint8_t *costs = np_arena_alloc(&index->arena, count);
    if (costs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct np_span argument;
        const struct np_falco_field *found = np_falco_field_find(
            NP_FALCO_SYSCALL, np_field_name(fields, (np_field_id) i), &argument);
        costs[i] = found != NULL ? np_syscall_field_cost(found->which) : COST_UNREAD;
        if (i < NP_FIELD_FIXED_COUNT)
            costs[i] = 0;
    }
    index->programs.field_costs = costs;
    index->programs.field_count = count;
    return 0;
}

static int add_programs(struct np_rule_index *index)
{
    const struct np_rule_set *set = index->set;
    size_t count = set->rules.len;
    index->starts = np_arena_alloc(&index->arena, count * sizeof(index->starts[0]));
    if (index->starts == NULL)
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < set->rules.len && r == 0; i++)
        r = np_program_add(&index->programs, &set->ir,
                           np_rule_asked_of_record(&set->rules.items[i]), &index->starts[i]);
    return r;
}

static int add_always(struct np_rule_index *index, struct np_bucket *bucket, uint32_t rule)
{
    if (bucket->always.count++ == 0)
        bucket->always.first = (uint32_t) index->rule_lists.len;
    return np_vec_push(&index->rule_lists, rule, UINT32_MAX);
}

/* Finds the witnesses of one rule. */
static int add_witnesses(struct builder *builder, struct np_bucket *bucket, uint32_t rule)
{
    const struct np_rule_set *set = builder->index->set;
    builder->witnesses.witnesses.len = 0;
    switch (np_witness_find(&builder->witnesses, &set->ir, &builder->values,
                            np_rule_asked_of_record(&set->rules.items[rule]))) {
    case NP_WITNESS_NO_MEMORY:
        return -ENOMEM;
    case NP_WITNESS_NONE:
        return add_always(builder->index, bucket, rule);
    case NP_WITNESS_NEVER:
        return 0;
    case NP_WITNESS_FOUND:
        break;
    }
    return np_found_add(&builder->found, &set->ir, &builder->witnesses, rule);
}

int np_rule_index_add_probe(struct np_rule_index *index, struct np_witness_rules rules)
{
    int r = np_vec_reserve(&index->probes, index->probes.len + 1, UINT32_MAX);
    if (r < 0)
        return r;
    struct np_probe *probe = &index->probes.items[index->probes.len++];
    r = np_probe_init(probe, &index->slots, &index->set->ir, &index->arena, rules);
    index->longest_probe = NP_MAX(index->longest_probe, probe->slots.count);
    return r;
}

/* Makes the probes of one bucket. */
static int fill_bucket(struct builder *builder, struct np_bucket *bucket)
{
    struct np_rule_index *index = builder->index;
    builder->found.rules.len = 0;
    for (uint32_t i = 0; i < bucket->rules.count; i++) {
        int r = add_witnesses(builder, bucket, index->rule_lists.items[bucket->rules.first + i]);
        if (r < 0)
            return r;
    }
    np_found_sort(&builder->found);
    bucket->probes.first = (uint32_t) index->probes.len;
    for (size_t start = 0; start < builder->found.rules.len;) {
        struct np_witness_rules rules = np_found_of_one_field(&builder->found, start);
        bool is_probe = rules.sorted->field != NP_KEYWORDS;
        int r = is_probe ? np_rule_index_add_probe(index, rules)
                         : np_slots_add(&index->slots, rules, &bucket->keywords);
        if (r < 0)
            return r;
        bucket->probes.count += is_probe;
        start += rules.count;
    }
    return 0;
}

static int build(struct builder *builder)
{
    struct np_rule_index *index = builder->index;
    int r = np_ready_set_new(&index->ready, &index->set->ir);
    if (r == 0)
        r = find_field_costs(index);
    if (r == 0)
        r = add_programs(index);
    if (r == 0)
        r = np_field_values_init(&builder->values, &index->set->ir, index->set->field_names);
    builder->values.lookup_costs = index->programs.field_costs;
    if (r == 0)
        r = np_buckets_fill(index);
    for (size_t i = 0; i < index->buckets.len && r == 0; i++)
        r = fill_bucket(builder, &index->buckets.items[i]);
    return r == 0 ? np_narrow(index, &builder->values) : r;
}

int np_rule_index_new(struct np_rule_index **out_index, const struct np_rule_set *set)
{
    struct np_rule_index *index = np_alloc(sizeof(*index));
    if (index == NULL)
        return -ENOMEM;
    index->set = set;
    np_arena_init(&index->arena, SIZE_MAX);
    struct builder builder = {.index = index};
    int r = build(&builder);
    np_field_values_done(&builder.values);
    np_vec_done(&builder.witnesses.witnesses);
    np_vec_done(&builder.found.rules);
    if (r < 0) {
        np_rule_index_free(&index);
        return r;
    }
    *out_index = index;
    return 0;
}

void np_rule_index_free(struct np_rule_index **index)
{
    if (*index == NULL)
        return;
    for (size_t i = 0; i < (*index)->probes.len; i++)
        np_probe_done(&(*index)->probes.items[i]);
    np_vec_done(&(*index)->probes);
    np_vec_done(&(*index)->buckets);
    np_vec_done(&(*index)->slots.slots);
    np_vec_done(&(*index)->slots.slot_rules);
    np_vec_done(&(*index)->slots.slot_lists);
    np_vec_done(&(*index)->rule_lists);
    np_vec_done(&(*index)->programs.steps);
    np_ready_set_free(&(*index)->ready);
    np_arena_done(&(*index)->arena);
    np_free(NP_TAKE(*index));
}
