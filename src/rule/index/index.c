/* SPDX-License-Identifier: Apache-2.0 */
/* Building the index: programs, witnesses, probes. See index.h; buckets are in buckets.c. */
#include "rule/index/index.h"

#include <limits.h>
#include <stdlib.h>

#include "event/falco/fields.h"

/* Stands for a field where the witness is a keyword. */
#define KEYWORDS ((np_field_id) UINT32_MAX)

/* For a single rule the probe of a field costs what the rule does. */
enum { NARROWING_MIN = 2 };

struct builder {
    struct np_rule_index *index;
    struct np_field_values values;
    struct np_witness_list witnesses;     /* of one rule */
    NP_VEC(struct np_witness_rule) found; /* of one bucket */
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
    size_t bytes = set->rules.len * sizeof(index->starts[0]);
    index->starts = np_arena_alloc(&index->arena, bytes);
    index->narrowed_by = np_arena_alloc(&index->arena, bytes);
    if (index->starts == NULL || index->narrowed_by == NULL)
        return -ENOMEM;
    memset(index->narrowed_by, UCHAR_MAX, bytes); /* NP_NOT_NARROWED */
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

/* Appends what was found of a rule. */
static int add_found(struct builder *builder, uint32_t rule)
{
    const struct np_ir *ir = &builder->index->set->ir;
    for (size_t i = 0; i < builder->witnesses.witnesses.len; i++) {
        struct np_witness witness = builder->witnesses.witnesses.items[i];
        const struct np_pred *pred = &ir->preds.items[witness.pred];
        np_field_id field = pred->op == NP_PRED_KEYWORD ? KEYWORDS : pred->field;
        struct np_witness_rule found = {field, witness, rule};
        int r = np_vec_push(&builder->found, found, UINT32_MAX);
        if (r < 0)
            return r;
    }
    return 0;
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
    return add_found(builder, rule);
}

/* Finds what narrows a rule that is found by the type of a call alone. */
static int add_narrower(struct builder *builder, uint32_t rule)
{
    const struct np_rule_set *set = builder->index->set;
    builder->witnesses.witnesses.len = 0;
    switch (np_witness_find_narrower(&builder->witnesses, &set->ir, &builder->values,
                                     np_rule_asked_of_record(&set->rules.items[rule]))) {
    case NP_WITNESS_NO_MEMORY:
        return -ENOMEM;
    case NP_WITNESS_NONE:
    case NP_WITNESS_NEVER:
        return 0;
    case NP_WITNESS_FOUND:
        break;
    }
    return add_found(builder, rule);
}

static int compare_found(const void *a, const void *b)
{
    const struct np_witness_rule *one = a;
    const struct np_witness_rule *two = b;
    if (one->field != two->field)
        return one->field < two->field ? -1 : 1;
    if (one->witness.pred != two->witness.pred)
        return one->witness.pred < two->witness.pred ? -1 : 1;
    if (one->witness.negative != two->witness.negative)
        return one->witness.negative ? 1 : -1;
    return (one->rule > two->rule) - (one->rule < two->rule);
}

static int add_probe(struct builder *builder, struct np_witness_rules rules)
{
    struct np_rule_index *index = builder->index;
    int r = np_vec_reserve(&index->probes, index->probes.len + 1, UINT32_MAX);
    if (r < 0)
        return r;
    struct np_probe *probe = &index->probes.items[index->probes.len++];
    r = np_probe_init(probe, &index->slots, &index->set->ir, &index->arena, rules);
    index->longest_probe = NP_MAX(index->longest_probe, probe->slots.count);
    return r;
}

/* The next of those found, from `start` on, that are about one field. */
static struct np_witness_rules of_one_field(const struct builder *builder, size_t start)
{
    const struct np_witness_rule *found = builder->found.items;
    size_t end = start + 1;
    while (end < builder->found.len && found[end].field == found[start].field)
        end++;
    return (struct np_witness_rules){&found[start], end - start};
}

static void sort_found(struct builder *builder)
{
    if (builder->found.len > 0)
        qsort(builder->found.items, builder->found.len, sizeof(builder->found.items[0]),
              compare_found);
}

/* Makes the probes of one bucket. */
static int fill_bucket(struct builder *builder, struct np_bucket *bucket)
{
    struct np_rule_index *index = builder->index;
    builder->found.len = 0;
    for (uint32_t i = 0; i < bucket->rules.count; i++) {
        int r = add_witnesses(builder, bucket, index->rule_lists.items[bucket->rules.first + i]);
        if (r < 0)
            return r;
    }
    sort_found(builder);
    bucket->probes.first = (uint32_t) index->probes.len;
    for (size_t start = 0; start < builder->found.len;) {
        struct np_witness_rules rules = of_one_field(builder, start);
        bool is_probe = rules.sorted->field != KEYWORDS;
        int r = is_probe ? add_probe(builder, rules)
                         : np_slots_add(&index->slots, rules, &bucket->keywords);
        if (r < 0)
            return r;
        bucket->probes.count += is_probe;
        start += rules.count;
    }
    return 0;
}

/* Makes the probes that narrow rules, of all buckets. */
static int narrow(struct builder *builder)
{
    struct np_rule_index *index = builder->index;
    const uint32_t *rules = index->slots.slot_rules.items;
    size_t slot_count = index->slots.slots.len;
    builder->found.len = 0;
    for (size_t i = 0; i < slot_count; i++) {
        const struct np_slot *slot = &index->slots.slots.items[i];
        const struct np_pred *pred = &index->set->ir.preds.items[slot->pred];
        if (pred->op == NP_PRED_KEYWORD || pred->field != builder->values.call_type)
            continue;
        for (uint32_t j = 0; j < slot->rules.count; j++) {
            int r = add_narrower(builder, rules[slot->rules.first + j]);
            if (r < 0)
                return r;
        }
    }
    sort_found(builder);
    for (size_t start = 0; start < builder->found.len;) {
        struct np_witness_rules found = of_one_field(builder, start);
        start += found.count;
        if (found.count < NARROWING_MIN)
            continue;
        for (size_t i = 0; i < found.count; i++)
            index->narrowed_by[found.sorted[i].rule] = (uint32_t) index->probes.len;
        int r = add_probe(builder, found);
        if (r < 0)
            return r;
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
    if (r == 0)
        r = np_buckets_fill(index);
    for (size_t i = 0; i < index->buckets.len && r == 0; i++)
        r = fill_bucket(builder, &index->buckets.items[i]);
    return r == 0 ? narrow(builder) : r;
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
    np_vec_done(&builder.found);
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
