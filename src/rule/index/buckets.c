/* SPDX-License-Identifier: Apache-2.0 */
/* Rules sorted by what they name of the log source: see index.h. */
#include "codec/fold.h"
#include "rule/index/index.h"

struct sorting {
    struct np_rule_index *index;
    struct np_map bucket_ids; /* folded log source -> bucket */
    uint32_t *bucket_of;      /* by rule */
    struct np_buf key;        /* room for a folded log source */
};

/* Appends `text` with its ASCII letters folded, as np_bucket_takes() compares, and a NUL. */
static int add_key_part(struct np_buf *key, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (np_buf_add_char(key, np_fold_byte(*c)) < 0)
            return key->error;
    return np_buf_add_char(key, '\0');
}

/* Finds the rule's bucket, or makes it. */
static int bucket_of_rule(struct sorting *sorting, const struct np_rule *rule, uint32_t *out_bucket)
{
    struct np_buf *key = &sorting->key;
    np_buf_reset(key);
    int r = add_key_part(key, rule->product);
    if (r == 0)
        r = add_key_part(key, rule->category);
    if (r == 0)
        r = add_key_part(key, rule->service);
    if (r < 0)
        return r;
    *out_bucket = np_map_get(&sorting->bucket_ids, np_buf_span(key));
    if (*out_bucket != NP_MAP_NONE)
        return 0;
    *out_bucket = (uint32_t) sorting->index->buckets.len;
    struct np_bucket bucket = {
        .product = np_span_of(rule->product),
        .category = np_span_of(rule->category),
        .service = np_span_of(rule->service),
    };
    r = np_vec_push(&sorting->index->buckets, bucket, NP_RULES_MAX);
    return r == 0 ? np_map_put(&sorting->bucket_ids, np_buf_span(key), *out_bucket) : r;
}

static int fill(struct sorting *sorting)
{
    struct np_rule_index *index = sorting->index;
    size_t count = index->set->rules.len;
    sorting->bucket_of = np_alloc_array(count, sizeof(sorting->bucket_of[0]));
    if (sorting->bucket_of == NULL)
        return -ENOMEM;
    int r = np_vec_reserve(&index->rule_lists, count, UINT32_MAX);
    for (size_t i = 0; i < count && r == 0; i++)
        r = bucket_of_rule(sorting, &index->set->rules.items[i], &sorting->bucket_of[i]);
    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++)
        index->buckets.items[sorting->bucket_of[i]].rules.count++;
    uint32_t first = 0;
    for (size_t i = 0; i < index->buckets.len; i++) {
        struct np_run *rules = &index->buckets.items[i].rules;
        rules->first = first;
        first += rules->count;
        rules->count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct np_run *rules = &index->buckets.items[sorting->bucket_of[i]].rules;
        index->rule_lists.items[rules->first + rules->count++] = (uint32_t) i;
    }
    index->rule_lists.len = count;
    return 0;
}

int np_buckets_fill(struct np_rule_index *index)
{
    struct sorting sorting = {.index = index};
    np_map_init(&sorting.bucket_ids, NP_RULES_MAX);
    np_buf_init(&sorting.key, SIZE_MAX / 2);
    int r = fill(&sorting);
    np_map_done(&sorting.bucket_ids);
    np_buf_done(&sorting.key);
    np_free(sorting.bucket_of);
    return r;
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
