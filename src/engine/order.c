/* SPDX-License-Identifier: Apache-2.0 */
/* The ordered step and the run's sums: one writer, batches in the order of the source. */
#include "engine/work.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/map.h"
#include "engine/dedup.h"
#include "engine/stateful.h"

enum { LIMITS_MAX = 100000, INCIDENTS_MAX = 10000000, EXPLANATION_MAX_BYTES = 1024 * 1024 };

struct np_order {
    const struct np_engine_params *params;
    struct np_dedup *dedup;
    struct np_stateful *stateful; /* NULL = incidents are not wanted */
    np_time_ns newest;            /* event time passed on so far */
    uint64_t records;
    uint64_t duplicates;
    uint64_t late;
    uint64_t findings;
    uint64_t by_level[NP_LEVEL_MAX];
    uint64_t all_by_level[NP_LEVEL_MAX];
    struct np_map incidents; /* id -> level of its last revision */
    uint64_t incidents_by_level[NP_LEVEL_MAX];
    struct np_tally tally;
    NP_VEC(struct np_rule_limit) limits; /* one a (what, rule) */
};

/* What a summary borrows. */
struct np_engine_texts {
    struct np_tally tally;
    NP_VEC(struct np_skipped) skipped;
    NP_VEC(struct np_limit) limits;
};

void np_order_free(struct np_order **order)
{
    if (order == NULL || *order == NULL)
        return;
    np_stateful_free(&(*order)->stateful);
    np_dedup_free(&(*order)->dedup);
    np_tally_done(&(*order)->tally);
    np_vec_done(&(*order)->limits);
    np_map_done(&(*order)->incidents);
    np_free(*order);
    *order = NULL;
}

/* Whether an event of `time` came too late; `time` counts for the events that follow. */
static bool is_late(struct np_order *order, np_time_ns time)
{
    np_time_ns oldest = 0;
    if (time == NP_TIME_NONE)
        return false;
    bool is_late =
        !__builtin_sub_overflow(order->newest, order->params->lateness, &oldest) && time < oldest;
    order->newest = NP_MAX(order->newest, time);
    return is_late;
}

/* Counts one event; the flags that only its place in the order can tell. */
static uint32_t count_event(struct np_order *order, const struct np_note *note)
{
    uint32_t flags = 0;
    order->records++;
    if (is_late(order, note->time)) {
        order->late++;
        flags |= NP_EVENT_LATE;
    }
    if (note->has_key && np_dedup_add(order->dedup, note->key, note->time) == 1) {
        order->duplicates++;
        flags |= NP_EVENT_DUPLICATE;
    }
    return flags;
}

static int tell(void *context, struct np_finding *finding, struct np_err *err)
{
    struct np_order *order = context;
    enum np_level level = finding->rule->level;
    order->all_by_level[level]++;
    if (level < order->params->min_level)
        return 0;
    order->findings++;
    order->by_level[level]++;
    for (size_t i = 0; i < order->params->sink_count; i++) {
        struct np_sink *sink = order->params->sinks[i];
        int r = sink->ops->finding(sink, finding, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Counts an incident under the level of its last revision. */
static int count_incident(struct np_order *order, const struct np_incident *incident)
{
    struct np_span id = np_span_make((const char *) &incident->id, sizeof(incident->id));
    uint32_t before = np_map_get(&order->incidents, id);
    int r = np_map_put(&order->incidents, id, (uint32_t) incident->level);
    if (r < 0)
        return r;
    if (before != NP_MAP_NONE)
        order->incidents_by_level[before]--;
    order->incidents_by_level[incident->level]++;
    return 0;
}

static int tell_incident(void *context, const struct np_incident *incident, struct np_err *err)
{
    struct np_order *order = context;
    int counted = count_incident(order, incident);
    if (counted < 0)
        return np_fail(err, counted, "out of memory");
    for (size_t i = 0; i < order->params->sink_count; i++) {
        struct np_sink *sink = order->params->sinks[i];
        int r = sink->ops->incident != NULL ? sink->ops->incident(sink, incident, err) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

static int make_stateful(struct np_order *order)
{
    struct np_stateful_params params = {
        .engine = order->params,
        .tell_finding = tell,
        .tell_incident = tell_incident,
        .context = order,
    };
    return order->params->incidents != NULL ? np_stateful_new(&order->stateful, &params) : 0;
}

int np_order_new(struct np_order **out_order, const struct np_engine_params *params)
{
    struct np_order *order = np_alloc(sizeof(*order));
    if (order == NULL)
        return -ENOMEM;
    order->params = params;
    order->newest = NP_TIME_NONE;
    np_tally_init(&order->tally);
    np_map_init(&order->incidents, INCIDENTS_MAX);
    int r = np_dedup_new(&order->dedup, NP_DEDUP_MAX_BYTES);
    if (r == 0)
        r = make_stateful(order);
    if (r < 0) {
        np_order_free(&order);
        return r;
    }
    *out_order = order;
    return 0;
}

/* What the notes of a work point to, in step with them. */
struct cursor {
    const struct np_work *work;
    size_t found; /* index of the next finding */
    size_t act;   /* offset of the next act */
};

/* Counts events that no rule wanted: they are late all together or not at all. */
static void count_quiet(struct np_order *order, const struct np_note *note)
{
    order->records += note->quiet;
    if (is_late(order, note->time))
        order->late += note->quiet;
}

/* Tells what belongs to one event, and moves the cursor behind it. */
static int take_event(struct np_order *order, const struct np_note *note, struct cursor *cursor,
                      struct np_err *err)
{
    uint32_t flags = count_event(order, note);
    bool is_new = (flags & NP_EVENT_DUPLICATE) == 0;
    int r = 0;
    for (uint32_t i = 0; i < note->findings && is_new && r == 0; i++) {
        struct np_finding *finding = cursor->work->found.items[cursor->found + i];
        finding->event_flags |= flags;
        r = tell(order, finding, err);
    }
    if (note->act_bytes > 0 && is_new && r == 0)
        r = np_stateful_take(order->stateful,
                             (struct np_held *) (void *) (cursor->work->acts.data + cursor->act),
                             err);
    cursor->found += note->findings;
    cursor->act += note->act_bytes;
    return r;
}

int np_order_take(struct np_order *order, struct np_work *work, struct np_err *err)
{
    struct cursor cursor = {.work = work};
    int r = 0;
    for (size_t i = 0; i < work->notes.len; i++)
        if (work->notes.items[i].has_key)
            np_dedup_prefetch(order->dedup, work->notes.items[i].key);
    if (order->stateful != NULL)
        np_stateful_begin_object(order->stateful, work->batch.object);
    for (size_t i = 0; i < work->notes.len && r == 0; i++) {
        const struct np_note *note = &work->notes.items[i];
        if (note->quiet > 0)
            count_quiet(order, note);
        else
            r = take_event(order, note, &cursor, err);
    }
    return r;
}

int np_order_end(struct np_order *order, struct np_err *err)
{
    if (order->stateful == NULL)
        return 0;
    int r = np_stateful_finish(order->stateful, err);
    const struct np_matcher *matcher = np_stateful_matcher(order->stateful);
    if (r < 0 || matcher == NULL)
        return r;
    r = np_order_add_limits(order, matcher);
    return r < 0 ? np_fail(err, r, "out of memory") : 0;
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

static int list_stateful_limits(const struct np_order *order, struct np_engine_texts *texts)
{
    struct np_limit limits[NP_STATEFUL_LIMITS_MAX];
    size_t count = order->stateful != NULL ? np_stateful_limits(order->stateful, limits) : 0;
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = np_vec_push(&texts->limits, limits[i], SIZE_MAX);
    return r;
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
    if (r == 0)
        r = list_stateful_limits(order, texts);
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
        .incidents = order->incidents.len,
        .limits = texts->limits.items,
        .limit_count = texts->limits.len,
        .complete = texts->skipped.len == 0 && texts->limits.len == 0 && texts->tally.lost == 0,
    };
    memcpy(result->summary.by_level, order->by_level, sizeof(order->by_level));
    memcpy(result->all_by_level, order->all_by_level, sizeof(order->all_by_level));
    memcpy(result->summary.incidents_by_level, order->incidents_by_level,
           sizeof(order->incidents_by_level));
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
    np_buf_init(&result->explanation, EXPLANATION_MAX_BYTES);
    if (r == 0 && order->stateful != NULL)
        r = np_stateful_explain(order->stateful, &result->explanation);
    return r;
}

void np_order_add_tally(struct np_order *order, const struct np_tally *tally)
{
    np_tally_add(&order->tally, tally);
}

void np_engine_result_done(struct np_engine_result *result)
{
    if (result == NULL)
        return;
    np_buf_done(&result->explanation);
    if (result->texts == NULL)
        return;
    np_tally_done(&result->texts->tally);
    np_vec_done(&result->texts->skipped);
    np_vec_done(&result->texts->limits);
    np_free(result->texts);
    result->texts = NULL;
}
