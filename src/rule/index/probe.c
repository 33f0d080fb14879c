/* SPDX-License-Identifier: Apache-2.0 */
/* Building a probe: first its slots, then where each is found. See probe.h. */
#include "rule/index/probe.h"

#include <stdlib.h>

#include "codec/fold.h"
#include "rule/eval.h"
#include "rule/pattern.h"

/* A slot that a looked-up value leads to. */
struct value_slot {
    uint32_t value; /* number of the value in its map */
    uint32_t slot;
};

struct builder {
    struct np_probe *probe;
    struct np_slots *slots;
    const struct np_ir *ir;
    struct np_arena *arena;
    struct np_sieve_builder sieve;
    NP_VEC(struct value_slot) exact;
    NP_VEC(struct value_slot) numbers;
};

struct np_number_key np_number_key(struct np_number number)
{
    number = np_number_canonical(number);
    return (struct np_number_key){number.uinteger, number.kind};
}

static bool same_witness(const struct np_witness_rule *a, const struct np_witness_rule *b)
{
    return a->witness.pred == b->witness.pred && a->witness.negative == b->witness.negative;
}

int np_slots_add(struct np_slots *slots, struct np_witness_rules rules, struct np_run *out_slots)
{
    const struct np_witness_rule *sorted = rules.sorted;
    *out_slots = (struct np_run){.first = (uint32_t) slots->slots.len};
    for (size_t i = 0; i < rules.count; i++) {
        int r = 0;
        if (i == 0 || !same_witness(&sorted[i - 1], &sorted[i])) {
            struct np_slot slot = {
                .pred = sorted[i].witness.pred,
                .negative = sorted[i].witness.negative,
                .rules = {.first = (uint32_t) slots->slot_rules.len},
            };
            r = np_vec_push(&slots->slots, slot, UINT32_MAX);
            out_slots->count++;
        } else if (sorted[i - 1].rule == sorted[i].rule) {
            continue;
        }
        if (r == 0)
            r = np_vec_push(&slots->slot_rules, sorted[i].rule, UINT32_MAX);
        if (r < 0)
            return r;
        slots->slots.items[slots->slots.len - 1].rules.count++;
    }
    return 0;
}

static bool is_exact(const struct np_literal *literal)
{
    return literal->kind == NP_LITERAL_PATTERN && literal->pattern.kind == NP_PATTERN_EXACT;
}

static bool is_found_by_value(const struct np_literal *literal)
{
    return literal->kind == NP_LITERAL_NUMBER || literal->kind == NP_LITERAL_NULL ||
           is_exact(literal) || np_sieve_takes(literal);
}

/* Whether the slot comes out of tables; null and absent are seen to by lists of their own. */
static bool is_found(const struct np_pred *pred, bool negative)
{
    if (negative || pred->op != NP_PRED_MATCH)
        return false;
    for (size_t i = 0; i < pred->literal_count; i++)
        if (!is_found_by_value(&pred->literals[i]))
            return false;
    return true;
}

static int add_exact(struct builder *builder, const struct np_pattern *pattern, uint32_t slot)
{
    struct np_span text = pattern->text;
    struct value_slot found = {.slot = slot};
    if (!pattern->fold) {
        struct np_buf folded;
        np_buf_init(&folded, SIZE_MAX / 2);
        int r = np_fold_append(&folded, text);
        text = np_buf_span(&folded);
        if (r == 0)
            r = np_arena_keep(builder->arena, &text);
        np_buf_done(&folded);
        if (r < 0)
            return r;
    }
    int r = np_fold_map_add(&builder->probe->exact, text, &found.value);
    return r == 0 ? np_vec_push(&builder->exact, found, UINT32_MAX) : r;
}

static int add_number(struct builder *builder, struct np_number number, uint32_t slot)
{
    struct np_map *map = &builder->probe->numbers;
    struct np_number_key key = np_number_key(number);
    struct np_span bytes = np_span_make((const char *) &key, sizeof(key));
    struct value_slot found = {.value = np_map_get(map, bytes), .slot = slot};
    if (found.value == NP_MAP_NONE) {
        found.value = (uint32_t) map->len;
        int r = np_map_put(map, bytes, found.value);
        if (r < 0)
            return r;
    }
    return np_vec_push(&builder->numbers, found, UINT32_MAX);
}

static int add_literal(struct builder *builder, const struct np_literal *literal, uint32_t slot)
{
    if (literal->kind == NP_LITERAL_NUMBER)
        return add_number(builder, literal->number, slot);
    if (literal->kind == NP_LITERAL_NULL)
        return 0;
    if (is_exact(literal)) {
        int r = literal->spells_number ? add_number(builder, literal->number, slot) : 0;
        return r < 0 ? r : add_exact(builder, &literal->pattern, slot);
    }
    return np_sieve_add(&builder->sieve, builder->arena, literal, slot);
}

static int push_list(struct np_slots *slots, struct np_run *run, uint32_t slot)
{
    if (run->count++ == 0)
        run->first = (uint32_t) slots->slot_lists.len;
    return np_vec_push(&slots->slot_lists, slot, UINT32_MAX);
}

static int add_found(struct builder *builder)
{
    const struct np_run all = builder->probe->slots;
    for (uint32_t i = all.first; i < all.first + all.count; i++) {
        const struct np_slot *slot = &builder->slots->slots.items[i];
        const struct np_pred *pred = &builder->ir->preds.items[slot->pred];
        if (!is_found(pred, slot->negative))
            continue;
        for (size_t j = 0; j < pred->literal_count; j++) {
            int r = add_literal(builder, &pred->literals[j], i);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

static int list_asked(struct builder *builder)
{
    const struct np_run all = builder->probe->slots;
    for (uint32_t i = all.first; i < all.first + all.count; i++) {
        const struct np_slot *slot = &builder->slots->slots.items[i];
        if (is_found(&builder->ir->preds.items[slot->pred], slot->negative))
            continue;
        int r = push_list(builder->slots, &builder->probe->asked, i);
        if (r < 0)
            return r;
    }
    return 0;
}

static int list_missing(struct builder *builder, bool is_null, struct np_run *run)
{
    const struct np_run all = builder->probe->slots;
    for (uint32_t i = all.first; i < all.first + all.count; i++) {
        const struct np_slot *slot = &builder->slots->slots.items[i];
        if (np_pred_of_missing(&builder->ir->preds.items[slot->pred], is_null) == slot->negative)
            continue;
        int r = push_list(builder->slots, run, i);
        if (r < 0)
            return r;
    }
    return 0;
}

static int compare_value_slots(const void *a, const void *b)
{
    const struct value_slot *one = a;
    const struct value_slot *two = b;
    if (one->value != two->value)
        return one->value < two->value ? -1 : 1;
    return (one->slot > two->slot) - (one->slot < two->slot);
}

/* Makes the lists of slots by value. */
static int list_values(struct builder *builder, struct value_slot *found, size_t count,
                       size_t value_count, struct np_run **out_runs)
{
    struct np_run *runs = np_arena_zalloc(builder->arena, value_count * sizeof(*runs));
    if (runs == NULL)
        return -ENOMEM;
    if (count > 0)
        qsort(found, count, sizeof(*found), compare_value_slots);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_value_slots(&found[i - 1], &found[i]) == 0)
            continue;
        int r = push_list(builder->slots, &runs[found[i].value], found[i].slot);
        if (r < 0)
            return r;
    }
    *out_runs = runs;
    return 0;
}

static int build(struct builder *builder)
{
    struct np_probe *probe = builder->probe;
    int r = add_found(builder);
    if (r == 0)
        r = np_sieve_init(&probe->sieve, &builder->sieve);
    if (r == 0)
        r = list_values(builder, builder->exact.items, builder->exact.len, probe->exact.len,
                        &probe->exact_runs);
    if (r == 0)
        r = list_values(builder, builder->numbers.items, builder->numbers.len, probe->numbers.len,
                        &probe->number_runs);
    if (r == 0)
        r = list_asked(builder);
    if (r == 0)
        r = list_missing(builder, false, &probe->absent);
    if (r == 0)
        r = list_missing(builder, true, &probe->null);
    return r;
}

int np_probe_init(struct np_probe *probe, struct np_slots *slots, const struct np_ir *ir,
                  struct np_arena *arena, struct np_witness_rules rules)
{
    *probe = (struct np_probe){.field = rules.sorted[0].field};
    np_map_init(&probe->numbers, UINT32_MAX - 1);
    int r = np_slots_add(slots, rules, &probe->slots);
    if (r < 0)
        return r;
    struct builder builder = {.probe = probe, .slots = slots, .ir = ir, .arena = arena};
    r = build(&builder);
    np_sieve_builder_done(&builder.sieve);
    np_vec_done(&builder.exact);
    np_vec_done(&builder.numbers);
    return r;
}

void np_probe_done(struct np_probe *probe)
{
    np_fold_map_done(&probe->exact);
    np_map_done(&probe->numbers);
    np_sieve_done(&probe->sieve);
}
