/* SPDX-License-Identifier: Apache-2.0 */
/* The ordered step and the run's sums: one writer, batches in the order of the source. */
#include "engine/work.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "engine/dedup.h"

enum { LIMITS_MAX = 100000 };

struct np_order {
    const struct np_engine_params *params;
    struct np_dedup *dedup;
    np_time_ns newest; /* event time passed on so far */
    uint64_t records;
    uint64_t duplicates;
    uint64_t late;
    uint64_t findings;
    uint64_t by_level[NP_LEVEL_MAX];
    uint64_t all_by_level[NP_LEVEL_MAX];
    struct np_tally tally;
    NP_VEC(struct np_rule_limit) limits; /* one a (what, rule) */
};

/* What a summary borrows. */
struct np_engine_texts {
    struct np_tally tally;
    NP_VEC(struct np_skipped) skipped;
    NP_VEC(struct np_limit) limits;
};

int np_order_new(struct np_order **out_order, const struct np_engine_params *params)
{
    struct np_order *order = np_alloc(sizeof(*order));
    if (order == NULL)
        return -ENOMEM;
    order->params = params;
    order->newest = NP_TIME_NONE;
    np_tally_init(&order->tally);
    int r = np_dedup_new(&order->dedup, NP_DEDUP_MAX_BYTES);
    if (r < 0) {
        np_order_free(&order);
        return r;
    }
    *out_order = order;
    return 0;
}

void np_order_free(struct np_order **order)
{
    if (order == NULL || *order == NULL)
        return;
    np_dedup_free(&(*order)->dedup);
    np_tally_done(&(*order)->tally);
    np_vec_done(&(*order)->limits);
    np_free(*order);
    *order = NULL;
}

/* Counts one event; the flags that only its place in the order can tell. */
static uint32_t count_event(struct np_order *order, const struct np_note *note)
{
    uint32_t flags = 0;
    order->records++;
    if (note->time != NP_TIME_NONE) {
        if (order->newest != NP_TIME_NONE && note->time < order->newest - NP_LATENESS_NS) {
            order->late++;
            flags |= NP_EVENT_LATE;
        }
        order->newest = NP_MAX(order->newest, note->time);
    }
    if (note->has_key && np_dedup_add(order->dedup, note->key, note->time) == 1) {
        order->duplicates++;
        flags |= NP_EVENT_DUPLICATE;
    }
    return flags;
}

static int tell(struct np_order *order, struct np_finding *finding, uint32_t flags,
                struct np_err *err)
{
    enum np_level level = finding->rule->level;
    order->all_by_level[level]++;
    if (level < order->params->min_level)
        return 0;
    order->findings++;
    order->by_level[level]++;
    finding->event_flags |= flags;
    for (size_t i = 0; i < order->params->sink_count; i++) {
        struct np_sink *sink = order->params->sinks[i];
        int r = sink->ops->finding(sink, finding, err);
        if (r < 0)
            return r;
    }
    return 0;
}

int np_order_take(struct np_order *order, struct np_work *work, struct np_err *err)
{
    for (size_t i = 0; i < work->notes.len; i++)
        if (work->notes.items[i].has_key)
            np_dedup_prefetch(order->dedup, work->notes.items[i].key);
    size_t found = 0;
    for (size_t i = 0; i < work->notes.len; i++) {
        const struct np_note *note = &work->notes.items[i];
        uint32_t flags = count_event(order, note);
        size_t end = found + note->findings;
        for (; found < end; found++) {
            int r = (flags & NP_EVENT_DUPLICATE) != 0
                        ? 0
                        : tell(order, work->found.items[found], flags, err);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

int np_order_add_limits(struct np_order *order, const struct np_matcher *matcher)
{
    size_t count = 0;
    const struct np_rule_limit *limits = np_matcher_limits(matcher, &count);
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < order->limits.len && (order->limits.items[k].rule != limits[i].rule ||
                                         strcmp(order->limits.items[k].what, limits[i].what) != 0))
            k++;
        if (k < order->limits.len)
            order->limits.items[k].count += limits[i].count;
        else if (np_vec_push(&order->limits, limits[i], LIMITS_MAX) == -ENOMEM)
            return -ENOMEM;
    }
    return 0;
}

void np_order_progress(const struct np_order *order, struct np_progress_figures *out_figures)
{
    out_figures->events = order->records - order->duplicates;
    out_figures->findings = order->findings;
}

/* Turns the sorted tally into what the summary lists. */
static int list_skipped(struct np_engine_texts *texts)
{
    for (size_t i = 0; i < texts->tally.entries.len; i++) {
        const struct np_tally_entry *entry = &texts->tally.entries.items[i];
        struct np_skipped skipped = {
            .object = entry->object, .reason = entry->reason, .count = entry->count};
        int r = np_vec_push(&texts->skipped, skipped, SIZE_MAX);
        if (r == 0 && entry->is_limit) {
            struct np_limit limit = {
                .what = entry->reason, .object = entry->object, .count = entry->count};
            r = np_vec_push(&texts->limits, limit, SIZE_MAX);
        }
        if (r < 0)
            return r;
    }
    return 0;
}

/* By rule and what it ran into: which thread ran into it first depends on chance. */
static int compare_limits(const void *a, const void *b)
{
    const struct np_rule_limit *left = a;
    const struct np_rule_limit *right = b;
    int order = (left->rule > right->rule) - (left->rule < right->rule);
    return order != 0 ? order : strcmp(left->what, right->what);
}

static int list_limits(struct np_order *order, struct np_engine_texts *texts)
{
    uint64_t unchecked = np_dedup_unchecked(order->dedup);
    int r = 0;
    if (unchecked > 0)
        r = np_vec_push(
            &texts->limits,
            ((struct np_limit){.what = "duplicates that could not be checked", .count = unchecked}),
            SIZE_MAX);
    if (order->limits.len > 0)
        qsort(order->limits.items, order->limits.len, sizeof(order->limits.items[0]),
              compare_limits);
    for (size_t i = 0; i < order->limits.len && r == 0; i++) {
        const struct np_rule_limit *limit = &order->limits.items[i];
        r = np_vec_push(
            &texts->limits,
            ((struct np_limit){.what = limit->what,
                               .rule = np_rule_set_info(order->params->rules, limit->rule)->title,
                               .count = limit->count}),
            SIZE_MAX);
    }
    return r;
}

static void fill_summary(const struct np_order *order, struct np_engine_result *result)
{
    const struct np_engine_texts *texts = result->texts;
    result->summary = (struct np_summary){
        .objects = texts->tally.objects,
        .records = order->records,
        .events = order->records - order->duplicates,
        .bytes = texts->tally.bytes,
        .duplicates = order->duplicates,
        .late = order->late,
        .digests = texts->tally.digests,
        .skipped = texts->skipped.items,
        .skipped_count = texts->skipped.len,
        .rules_loaded = np_rule_set_loaded(order->params->rules),
        .rules_refused = np_rule_set_refused(order->params->rules),
        .findings = order->findings,
        .limits = texts->limits.items,
        .limit_count = texts->limits.len,
        .complete = texts->skipped.len == 0 && texts->limits.len == 0 && texts->tally.lost == 0,
    };
    memcpy(result->summary.by_level, order->by_level, sizeof(order->by_level));
    memcpy(result->all_by_level, order->all_by_level, sizeof(order->all_by_level));
}

int np_order_finish(struct np_order *order, struct np_engine_result *result)
{
    struct np_engine_texts *texts = np_alloc(sizeof(*texts));
    if (texts == NULL)
        return -ENOMEM;
    np_tally_init(&texts->tally);
    result->texts = texts;
    np_tally_add(&texts->tally, &order->params->source->tally);
    np_tally_add(&texts->tally, &order->tally);
    np_tally_sort(&texts->tally);
    int r = list_skipped(texts);
    if (r == 0)
        r = list_limits(order, texts);
    fill_summary(order, result);
    return r;
}

void np_order_add_tally(struct np_order *order, const struct np_tally *tally)
{
    np_tally_add(&order->tally, tally);
}

void np_engine_result_done(struct np_engine_result *result)
{
    if (result == NULL || result->texts == NULL)
        return;
    np_tally_done(&result->texts->tally);
    np_vec_done(&result->texts->skipped);
    np_vec_done(&result->texts->limits);
    np_free(result->texts);
    result->texts = NULL;
}
