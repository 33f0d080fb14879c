/* SPDX-License-Identifier: Apache-2.0 */
/* Building the index: programs, buckets, witnesses, probes. See index.h. */
#include "rule/index/index.h"

#include <stdlib.h>

#include "codec/fold.h"
#include "event/falco/fields.h"

/* Stands for a field where the witness is a keyword. */
#define KEYWORDS ((np_field_id) UINT32_MAX)

struct builder {
    struct np_rule_index *index;
    struct np_field_values values;
    struct np_map bucket_ids;             /* folded log source -> bucket */
    uint32_t *bucket_of;                  /* by rule */
    struct np_buf key;                    /* room for a folded log source */
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
    index->starts = np_arena_alloc(&index->arena, set->rules.len * sizeof(index->starts[0]));
    if (index->starts == NULL)
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < set->rules.len && r == 0; i++)
        r = np_program_add(&index->programs, &set->ir,
                           np_rule_asked_of_record(&set->rules.items[i]), &index->starts[i]);
    return r;
}

/* Appends `text` with its ASCII letters folded, as np_bucket_takes() compares, and a NUL. */
static int add_key_part(struct np_buf *key, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (np_buf_add_char(key, np_fold_byte(*c)) < 0)
            return key->error;
    return np_buf_add_char(key, '\0');
}

/* Finds the rule's bucket, or makes it. */
static int bucket_of_rule(struct builder *builder, const struct np_rule *rule, uint32_t *out_bucket)
{
    struct np_buf *key = &builder->key;
    np_buf_reset(key);
    int r = add_key_part(key, rule->product);
    if (r == 0)
        r = add_key_part(key, rule->category);
    if (r == 0)
        r = add_key_part(key, rule->service);
    if (r < 0)
        return r;
    *out_bucket = np_map_get(&builder->bucket_ids, np_buf_span(key));
    if (*out_bucket != NP_MAP_NONE)
        return 0;
    *out_bucket = (uint32_t) builder->index->buckets.len;
    struct np_bucket bucket = {
        .product = np_span_of(rule->product),
        .category = np_span_of(rule->category),
        .service = np_span_of(rule->service),
    };
    r = np_vec_push(&builder->index->buckets, bucket, NP_RULES_MAX);
    return r == 0 ? np_map_put(&builder->bucket_ids, np_buf_span(key), *out_bucket) : r;
}

/* Sorts the rules into buckets. */
static int fill_buckets(struct builder *builder)
{
    struct np_rule_index *index = builder->index;
    size_t count = index->set->rules.len;
    builder->bucket_of = np_alloc_array(count, sizeof(builder->bucket_of[0]));
    if (builder->bucket_of == NULL)
        return -ENOMEM;
    int r = np_vec_reserve(&index->rule_lists, count, UINT32_MAX);
    for (size_t i = 0; i < count && r == 0; i++)
        r = bucket_of_rule(builder, &index->set->rules.items[i], &builder->bucket_of[i]);
    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++)
        index->buckets.items[builder->bucket_of[i]].rules.count++;
    uint32_t first = 0;
    for (size_t i = 0; i < index->buckets.len; i++) {
        struct np_run *rules = &index->buckets.items[i].rules;
        rules->first = first;
        first += rules->count;
        rules->count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct np_run *rules = &index->buckets.items[builder->bucket_of[i]].rules;
        index->rule_lists.items[rules->first + rules->count++] = (uint32_t) i;
    }
    index->rule_lists.len = count;
    return 0;
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
    for (size_t i = 0; i < builder->witnesses.witnesses.len; i++) {
        struct np_witness witness = builder->witnesses.witnesses.items[i];
        const struct np_pred *pred = &set->ir.preds.items[witness.pred];
        np_field_id field = pred->op == NP_PRED_KEYWORD ? KEYWORDS : pred->field;
        struct np_witness_rule found = {field, witness, rule};
        int r = np_vec_push(&builder->found, found, UINT32_MAX);
        if (r < 0)
            return r;
    }
    return 0;
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

static int add_probe(struct builder *builder, struct np_bucket *bucket,
                     struct np_witness_rules rules)
{
    struct np_rule_index *index = builder->index;
    int r = np_vec_reserve(&index->probes, index->probes.len + 1, UINT32_MAX);
    if (r < 0)
        return r;
    struct np_probe *probe = &index->probes.items[index->probes.len++];
    bucket->probes.count++;
    r = np_probe_init(probe, &index->slots, &index->set->ir, &index->arena, rules);
    index->longest_probe = NP_MAX(index->longest_probe, probe->slots.count);
    return r;
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
    const struct np_witness_rule *found = builder->found.items;
    size_t count = builder->found.len;
    if (count > 0)
        qsort(builder->found.items, count, sizeof(found[0]), compare_found);
    bucket->probes.first = (uint32_t) index->probes.len;
    for (size_t start = 0, end = 0; start < count; start = end) {
        for (end = start + 1; end < count && found[end].field == found[start].field;)
            end++;
        struct np_witness_rules rules = {&found[start], end - start};
        int r = found[start].field == KEYWORDS
                    ? np_slots_add(&index->slots, rules, &bucket->keywords)
                    : add_probe(builder, bucket, rules);
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
        r = fill_buckets(builder);
    for (size_t i = 0; i < index->buckets.len && r == 0; i++)
        r = fill_bucket(builder, &index->buckets.items[i]);
    return r;
}

int np_rule_index_new(struct np_rule_index **out_index, const struct np_rule_set *set)
{
    struct np_rule_index *index = np_alloc(sizeof(*index));
    if (index == NULL)
        return -ENOMEM;
    index->set = set;
    np_arena_init(&index->arena, SIZE_MAX);
    struct builder builder = {.index = index};
    np_map_init(&builder.bucket_ids, NP_RULES_MAX);
    np_buf_init(&builder.key, SIZE_MAX / 2);
    int r = build(&builder);
    np_field_values_done(&builder.values);
    np_map_done(&builder.bucket_ids);
    np_buf_done(&builder.key);
    np_free(builder.bucket_of);
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

static bool named_equals(struct np_span named, struct np_span of_event)
{
    return named.len == 0 || np_span_eq_ascii_fold(named, of_event);
}

bool np_bucket_takes(const struct np_bucket *bucket, const struct np_logsource *logsource)
{
    static const struct np_logsource nowhere;
    const struct np_logsource *of_event = logsource != NULL ? logsource : &nowhere;
    return named_equals(bucket->product, of_event->product) &&
           named_equals(bucket->category, of_event->category) &&
           named_equals(bucket->service, of_event->service);
}
