/* SPDX-License-Identifier: Apache-2.0 */
/* See find.h. From the outside in: a probe, its field's value, its elements, their texts. */
#include "rule/index/find.h"

#include "rule/match.h"

int np_finder_init(struct np_finder *finder, const struct np_rule_index *index,
                   struct np_evaluator *evaluator)
{
    *finder = (struct np_finder){
        .index = index,
        .evaluator = evaluator,
        .found = np_alloc_array(index->longest_probe, sizeof(finder->found[0])),
        .marks = np_alloc_array(index->slots.slots.len, sizeof(finder->marks[0])),
    };
    if (finder->found == NULL || finder->marks == NULL ||
        np_cache_init(&finder->cache, index->probes.len) < 0) {
        np_finder_done(finder);
        return -ENOMEM;
    }
    return 0;
}

void np_finder_done(struct np_finder *finder)
{
    np_free(NP_TAKE(finder->found));
    np_free(NP_TAKE(finder->marks));
    np_cache_done(&finder->cache);
}

/*
 * Asks a slot's predicate and adds the slot to those found where it comes out. One that ran into a
 * limit is added too: so its rules run, meet the limit themselves and have it counted.
 */
static void ask_slot(void *context, uint32_t number)
{
    struct np_finder *finder = context;
    if (finder->marks[number] == finder->mark)
        return;
    finder->marks[number] = finder->mark;
    const struct np_slot *slot = &finder->index->slots.slots.items[number];
    enum np_truth truth = np_evaluator_answer(finder->evaluator, slot->pred);
    finder->hit_limit |= truth > NP_TRUTH_TRUE;
    if (truth > NP_TRUTH_TRUE || (truth == NP_TRUTH_TRUE) != slot->negative)
        finder->found[finder->found_count++] = number;
}

static void ask_run(struct np_finder *finder, struct np_run run)
{
    for (uint32_t i = 0; i < run.count; i++)
        ask_slot(finder, finder->index->slots.slot_lists.items[run.first + i]);
}

/* Asks the slots that hold `number`. */
static void ask_number(struct np_finder *finder, const struct np_probe *probe,
                       const struct np_value *value)
{
    struct np_number number;
    if (probe->numbers.len == 0 || !np_number_of_value(value, &number))
        return;
    struct np_number_key key = np_number_key(number);
    uint32_t i = np_map_get(&probe->numbers, np_span_make((const char *) &key, sizeof(key)));
    if (i != NP_MAP_NONE)
        ask_run(finder, probe->number_runs[i]);
}

static void ask_text(struct np_finder *finder, const struct np_probe *probe, struct np_span text)
{
    struct np_span folded;
    if (!np_evaluator_fold(finder->evaluator, NP_FOLD_PROBE, text, &folded)) {
        for (uint32_t i = 0; i < probe->slots.count; i++) /* each then meets the same limit */
            ask_slot(finder, probe->slots.first + i);
        return;
    }
    uint32_t i = np_fold_map_get(&probe->exact, folded);
    if (i != NP_FOLD_MAP_NONE)
        ask_run(finder, probe->exact_runs[i]);
    np_sieve_run(&probe->sieve, folded, ask_slot, finder);
}

static void ask_element(struct np_finder *finder, const struct np_probe *probe,
                        const struct np_value *value)
{
    if (value->kind == NP_VALUE_NULL) {
        ask_run(finder, probe->null);
        return;
    }
    struct np_span texts[3];
    size_t count = np_value_texts(finder->evaluator->event, value, texts);
    for (size_t i = 0; i < count; i++)
        ask_text(finder, probe, texts[i]);
    ask_number(finder, probe, value);
}

/* Finds the slots that come out for `value`, which is the event's of the probe's field. */
static void find_slots(struct np_finder *finder, const struct np_probe *probe,
                       const struct np_value *value)
{
    finder->found_count = 0;
    finder->hit_limit = false;
    if (++finder->mark == 0) {
        memset(finder->marks, 0, finder->index->slots.slots.len * sizeof(finder->marks[0]));
        finder->mark = 1;
    }
    if (value->kind != NP_VALUE_LIST)
        ask_element(finder, probe, value);
    else
        for (uint32_t i = 0; i < value->count; i++)
            ask_element(finder, probe, &value->items[i]);
    ask_run(finder, probe->asked);
}

/* The slots of a run; NULL where there are none. */
static const uint32_t *of_run(const struct np_finder *finder, struct np_run run,
                              uint32_t *out_count)
{
    *out_count = run.count;
    return run.count > 0 ? &finder->index->slots.slot_lists.items[run.first] : NULL;
}

const uint32_t *np_finder_find(struct np_finder *finder, uint32_t probe, uint32_t *out_count)
{
    const struct np_probe *asked = &finder->index->probes.items[probe];
    const struct np_value *value = np_event_field(finder->evaluator->event, asked->field);
    if (value->kind == NP_VALUE_ABSENT)
        return of_run(finder, asked->absent, out_count);
    if (value->kind == NP_VALUE_NULL)
        return of_run(finder, asked->null, out_count);
    bool remembers = value->kind != NP_VALUE_LIST;
    if (remembers) {
        const uint32_t *slots = np_cache_get(&finder->cache, probe, value, out_count);
        if (slots != NULL)
            return slots;
    }
    find_slots(finder, asked, value);
    /* What a limit took part in holds for this event only. */
    bool is_exact =
        !finder->hit_limit && (finder->evaluator->event->flags & NP_EVENT_TRUNCATED) == 0;
    if (remembers && is_exact)
        np_cache_put(&finder->cache, probe, value, finder->found, finder->found_count);
    *out_count = finder->found_count;
    return finder->found;
}
